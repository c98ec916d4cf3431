"""How expressions are mutated: literals by one step, comparisons, connectives, and what stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pathway.language import expression as ex
from pathway.language.calendar import format_duration
from pathway.language.definition import Do, Fact, Formula, FormulaRow, Guard, Transition
from pathway.language.expression import Expression, Kind
from pathway.language.numbers import format_number
from pathway.vignettes.mutant_steps import last_digit, step_beside, step_of_shift
from pathway.vignettes.mutating import SINCE_ENTRY, Around, Change, Rules, inside, members

CONNECTIVES = (ex.And, ex.Or, ex.Implies, ex.AtLeast)


# --- literals -----------------------------------------------------------------------------------
def stepped_or_replaced(value: ex.Value, around: Around) -> Iterator[Change]:
    """A literal one step up and one step down; a truth turned round; a code replaced by another one."""
    node: ex.Literal = around.owner
    if isinstance(value, bool):
        yield Change("literal", node.text, "false" if value else "true", not value)
    elif isinstance(value, Fraction):
        step = _step(node, around)
        for number in (value - step, value + step):
            yield Change("literal", node.text, _amount(node, number), number)
    elif isinstance(value, date):
        for day in (value - timedelta(days=1), value + timedelta(days=1)):
            yield Change("literal", node.text, day.isoformat(), day)
    elif isinstance(value, int):
        for instant in (value - 1, value + 1):
            yield Change("literal", node.text, str(instant), instant)
    elif isinstance(value, str):
        other = _another(value, node.type.codes or _codes_around(around))
        if other is not None:
            yield Change("code", value, other, other)


def _step(node: ex.Literal, around: Around) -> Fraction:
    parent = around.parts[-2]
    beside: Fraction | None = None
    if isinstance(parent, ex.Shift):
        return step_of_shift(parent.moment, node)
    if isinstance(parent, ex.Compare):
        beside = step_beside(parent.right if parent.left is node else parent.left, around.definition)
    if isinstance(parent, ex.Between):
        beside = step_beside(parent.operand, around.definition)
    return beside or last_digit(node.text, node.type.unit)


def _amount(node: ex.Literal, number: Fraction) -> str:
    unit = node.type.unit
    if unit is None:
        return format_number(number)
    if unit.dims == SECONDS and number.denominator == 1:
        return format_duration(int(number))
    written = format_number(unit.from_base(number))
    return written if unit.text == "1" else f"{written} {unit.text}"


SECONDS = (("s", 1),)


def _another(code: str, codes: tuple[str, ...]) -> str | None:
    """The code after this one, the first after the last."""
    if code in codes and len(codes) > 1:
        return codes[(codes.index(code) + 1) % len(codes)]
    return next((other for other in codes if other != code), None)


def _codes_around(around: Around) -> tuple[str, ...]:
    fact = around.nearest(Fact)
    return fact.type.codes if fact is not None else ()


def listed_codes(values: tuple[str, ...], around: Around) -> Iterator[Change]:
    """One of the codes looked for is left out; where there is only one, another is looked for."""
    for index, code in enumerate(values):
        rest = (*values[:index], *values[index + 1 :])
        other = _another(code, around.owner.operand.type.codes)
        if rest:
            yield Change("code", code, "nothing", rest)
        elif other is not None:
            yield Change("code", code, other, (other,))


# --- comparisons --------------------------------------------------------------------------------
BESIDE = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "=": ("!=",), "!=": ("=",),
}  # fmt: skip


def compared_otherwise(operator: str, around: Around) -> Iterator[Change]:
    """The boundary moved to the other side of it, and the opposite."""
    node: ex.Compare = around.owner
    for other in BESIDE[operator]:
        yield Change("comparison", node.text, f"{node.left.text} {other} {node.right.text}", other)


def ends_left_out(node: ex.Between, around: Around) -> Iterator[Change]:
    """One of the two ends no longer counts."""
    for low, high in ((">", "<="), (">=", "<")):
        parts = (_compare(node, low, node.low), _compare(node, high, node.high))
        words = " and ".join(part.text for part in parts)
        yield Change("comparison", node.text, words, ex.And(node.type, node.span, words, parts))


def _compare(node: ex.Between, operator: str, bound: Expression) -> ex.Compare:
    text = f"{node.operand.text} {operator} {bound.text}"
    return ex.Compare(node.type, node.span, text, operator, node.operand, bound)


def known_or_not(expected: bool, around: Around) -> Iterator[Change]:
    """`is known` for `is unknown`, and the reverse."""
    words = f"{around.owner.operand.text} is {'unknown' if expected else 'known'}"
    yield Change("comparison", around.owner.text, words, not expected)


def since_entry_or_start(since_entry: bool, around: Around) -> Iterator[Change]:
    """Counted since the case began, not since its state was entered; the reverse in guards of states."""
    node: Any = around.owner
    if since_entry:
        yield Change(SINCE_ENTRY, node.text, node.text.replace(" since entry", ""), False)
    elif around.nearest(Transition) or around.nearest(Do):
        yield Change(SINCE_ENTRY, node.text, f"{node.text} since entry", True)


# --- connectives --------------------------------------------------------------------------------
def joined_otherwise(node: ex.And | ex.Or, around: Around) -> Iterator[Change]:
    """`or` for `and`, and the reverse."""
    other = ex.Or if isinstance(node, ex.And) else ex.And
    word = "or" if isinstance(node, ex.And) else "and"
    words = f" {word} ".join(item.text for item in node.items)
    yield Change("connective", node.text, words, other(node.type, node.span, words, node.items))


def operand_left_out(node: ex.And | ex.Or | ex.AtLeast, around: Around) -> Iterator[Change]:
    """One of the parts is left out."""
    for index, item in enumerate(node.items):
        rest = (*node.items[:index], *node.items[index + 1 :])
        lone = len(rest) == 1 and not isinstance(node, ex.AtLeast)
        if rest:
            yield Change("operand", item.text, "nothing", rest[0] if lone else replace(node, items=rest))


def without_not(node: ex.Not, around: Around) -> Iterator[Change]:
    """The negation is left out."""
    yield Change("negation", node.text, node.operand.text, node.operand)


def premise_as_fact(node: ex.Implies, around: Around) -> Iterator[Change]:
    """`and` for `implies`."""
    words = f"{node.premise.text} and {node.conclusion.text}"
    both = ex.And(node.type, node.span, words, (node.premise, node.conclusion))
    yield Change("connective", node.text, words, both)


def one_more_or_less(count: int, around: Around) -> Iterator[Change]:
    """`at least` one more or one less, within what is possible."""
    for other in (count - 1, count + 1):
        if 1 <= other <= len(around.owner.items):
            yield Change("connective", f"at least {count}", f"at least {other}", other)


def negated(node: Expression, around: Around) -> Iterator[Change]:
    """A condition that stands alone is turned round; below a `not`, leaving that out does the same."""
    stands = isinstance(around.owner, (Guard, Formula, FormulaRow, *CONNECTIVES))
    if stands and node.type.kind is Kind.BOOLEAN:
        words = f"not ({node.text})" if " " in node.text else f"not {node.text}"
        yield Change("negation", node.text, words, ex.Not(node.type, node.span, words, node))


# --- values -------------------------------------------------------------------------------------
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}


def reckoned_otherwise(operator: str, around: Around) -> Iterator[Change]:
    """Minus for plus, divided by for times, and the reverse."""
    left, right = ex.children(around.owner)
    other = ARITHMETIC[operator]
    yield Change("arithmetic", around.owner.text, f"{left.text} {other} {right.text}", other)


def other_extreme(operator: str, around: Around) -> Iterator[Change]:
    """The highest for the lowest, and the reverse."""
    other = "max" if operator == "min" else "min"
    items = ", ".join(item.text for item in around.owner.items)
    yield Change("arithmetic", around.owner.text, f"{other}({items})", other)


def turned_round(node: ex.Interval, around: Around) -> Iterator[Change]:
    """The time from the later to the earlier."""
    words = f"{node.earlier.text} - {node.later.text}"
    yield Change("arithmetic", node.text, words, replace(node, later=node.earlier, earlier=node.later))


# --- the table ----------------------------------------------------------------------------------
OF_NODE = {
    "type": "follows from what is written",
    "span": "says where it stands",
    "text": "says how it was written",
}
REFERENCE = "another name is another rule, no slip of a value; a name that is not there is refused on loading"
ANOTHER_TYPE = "the other words give a value of another type, which is refused on loading"

EXPRESSION_RULES: Rules = {
    ex.Literal: {**OF_NODE, "value": (stepped_or_replaced,)},
    ex.FactRef: {**OF_NODE, "": (negated,), "name": REFERENCE},
    ex.Arithmetic: {**OF_NODE, "operator": (reckoned_otherwise,), "left": (inside,), "right": (inside,)},
    ex.Extreme: {**OF_NODE, "operator": (other_extreme,), "items": (members,)},
    ex.Shift: {**OF_NODE, "operator": (reckoned_otherwise,), "moment": (inside,), "amount": (inside,)},
    ex.Interval: {**OF_NODE, "": (turned_round,), "later": (inside,), "earlier": (inside,)},
    ex.Clock: {**OF_NODE, "operator": ANOTHER_TYPE},
    ex.Since: {**OF_NODE, "operator": ANOTHER_TYPE, "moment": (inside,)},
    ex.DateOf: {**OF_NODE, "moment": (inside,)},
    ex.Compare: {**OF_NODE, "operator": (compared_otherwise,), "left": (inside,), "right": (inside,)},
    ex.Between: {
        **OF_NODE, "": (ends_left_out, negated), "operand": (inside,), "low": (inside,), "high": (inside,),
    },
    ex.OneOf: {**OF_NODE, "": (negated,), "operand": (inside,), "values": (listed_codes,)},
    ex.Known: {**OF_NODE, "operand": (inside,), "expected": (known_or_not,)},
    ex.Includes: {**OF_NODE, "": (negated,), "operand": (inside,), "values": (listed_codes,)},
    ex.Empty: {**OF_NODE, "": (negated,), "operand": (inside,)},
    ex.Done: {**OF_NODE, "": (negated,), "action": REFERENCE, "since_entry": (since_entry_or_start,)},
    ex.Declined: {**OF_NODE, "": (negated,), "action": REFERENCE, "since_entry": (since_entry_or_start,)},
    ex.Recorded: {**OF_NODE, "": (negated,), "fact": REFERENCE, "since_entry": (since_entry_or_start,)},
    ex.InState: {**OF_NODE, "": (negated,), "track": REFERENCE, "state": REFERENCE},
    ex.Not: {**OF_NODE, "": (without_not,), "operand": (inside,)},
    ex.And: {**OF_NODE, "": (joined_otherwise, operand_left_out), "items": (members,)},
    ex.Or: {**OF_NODE, "": (joined_otherwise, operand_left_out), "items": (members,)},
    ex.Implies: {**OF_NODE, "": (premise_as_fact,), "premise": (inside,), "conclusion": (inside,)},
    ex.AtLeast: {**OF_NODE, "": (operand_left_out,), "count": (one_more_or_less,), "items": (members,)},
}  # fmt: skip
