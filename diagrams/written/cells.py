"""A condition taken apart into the cells of a decision table: what is asked of, and what it has to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from diagrams.text import inert
from pathway.language import expression as ex
from pathway.language.english import Names, english
from pathway.language.expression import Expression, Kind, walk

ANY = "any"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Input:
    """A column: a value that is compared, or a condition that is true or not. `fact` is what it reads."""

    asked: Expression
    fact: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one input has to be. `tells_of_record` where it asks whether a value is known, not which."""

    input: Input
    words: str
    tells_of_record: bool = False


def split(condition: Expression | None, names: Names) -> tuple[Cell, ...] | None:
    """The cells of a conjunction of single-fact comparisons; None for `otherwise` and everything else."""
    items = condition.items if isinstance(condition, ex.And) else (condition,)
    cells = [None if item is None else _cell(item, names) for item in items]
    found = tuple(cell for cell in cells if cell is not None)
    return found if len(found) == len(cells) else None


def heading(inputs: Sequence[Input], names: Names) -> tuple[str, ...]:
    """The titles of the columns; two facts with the same words are told apart by their names."""
    words = [inert(english(one.asked, names)) for one in inputs]
    often = Counter(words)
    return tuple(
        f"{title} ({one.asked.text})" if often[title] > 1 else title
        for one, title in zip(inputs, words, strict=True)
    )


def _cell(item: Expression, names: Names) -> Cell | None:
    match item:
        case ex.Not(operand=operand):
            return _denied(_cell(operand, names))
        case ex.FactRef(name=name):
            return Cell(Input(item, name), YES)
        case ex.Done() | ex.Declined() | ex.InState():
            return Cell(Input(item, None), YES)
        case ex.Recorded():
            return Cell(Input(item, None), YES)
        case ex.Compare(left=left, right=right, operator=operator) if left.type.kind is Kind.BOOLEAN:
            return _truth(left, operator, right)
        case _:
            return _compared(item, names)


def _denied(cell: Cell | None) -> Cell | None:
    if cell is None:
        return None
    opposite = {YES: NO, NO: YES}
    words = opposite.get(cell.words) or f"not ({cell.words})"
    return Cell(cell.input, words, cell.tells_of_record)


def _truth(left: Expression, operator: str, right: Expression) -> Cell | None:
    """A truth value compared with `true` or `false`."""
    if not isinstance(left, ex.FactRef) or not isinstance(right, ex.Literal):
        return None
    return Cell(Input(left, left.name), YES if (right.value is True) is (operator == "=") else NO)


def _compared(item: Expression, names: Names) -> Cell | None:
    """A comparison of one value with constants, in the words of the guard without those of the value."""
    asked = _asked_of(item)
    facts = (
        {node.name for node in walk(asked) if isinstance(node, ex.FactRef)} if asked is not None else set()
    )
    if asked is None or len(facts) != 1:
        return None
    whole, before = english(item, names), f"{english(asked, names)} "
    if not whole.startswith(before):
        return None
    words = inert(whole.removeprefix(before).removeprefix("is "))
    return Cell(Input(asked, facts.pop()), words, isinstance(item, ex.Known))


def _asked_of(item: Expression) -> Expression | None:
    """The value that is compared, where everything on the other side is a constant."""
    match item:
        case ex.Compare(left=left, right=right):
            return left if _constant(right) else right if _constant(left) else None
        case ex.Between(operand=operand, low=low, high=high):
            return operand if _constant(low) and _constant(high) else None
        case ex.OneOf(operand=operand) | ex.Known(operand=operand) | ex.Includes(operand=operand):
            return operand
        case _:
            return None


def _constant(node: Expression) -> bool:
    return isinstance(node, ex.Literal)
