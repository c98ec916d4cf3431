"""Mutants that no patient can tell from the original, proven by reading both forms on all there can be.

Every fact, deed and state that an expression reads is given each value that it can tell apart: UNKNOWN, the
codes it names and one beside them, the numbers it compares with and one between each two, on the fact's step
and within its range. What reckons with dates, times or several facts counts as a fact of its own. All
combinations are read, more than there can be: alike on all of them is alike for every patient. What cannot
be proven so stays a mutant like any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from fractions import Fraction
from itertools import chain, combinations, pairwise, product
from typing import Any

from pathway.language import definition as d
from pathway.language import expression as ex
from pathway.language.evaluate import FactReading, derived, judge
from pathway.language.expression import Expression, Kind
from pathway.language.verdict import Verdict
from pathway.vignettes.mutating import Mutant

MOST = 30_000  # combinations read
ENTRY = 1
OTHER = "-"  # a code, or a state, beside those that are named

Answer = Callable[["Supposed"], tuple[Any, ...]]
Key = tuple[str, str]


def is_equivalent(mutant: Mutant) -> bool:
    """Whether a guard or formula is proven to answer as the original does, in every case there can be.

    Compared are verdict, value and needs; of a guard that is only asked whether it is TRUE, that alone.
    """
    plain = _Plain()
    if mutant.fact is not None:
        answers = [plain.formula(form) for form in mutant.fact]
        return _alike(mutant.original, answers, plain.read)
    old, new = mutant.parts[0]
    if isinstance(old, d.Guard):
        assert old.expression is not None
        answers = [plain.guard(form, mutant.only_truth_counts) for form in (old.expression, new.expression)]
        return _alike(mutant.original, answers, plain.read)
    return False


def _alike(definition: d.Definition, answers: list[Answer], read: list[Expression]) -> bool:
    """Whether both forms answer alike on every combination of what they read."""
    choices = _choices(definition, read)
    if math.prod(len(values) for values in choices.values()) > MOST:
        return False
    for values in product(*choices.values()):
        at = Supposed(dict(zip(choices, values, strict=True)))
        first, second = (answer(at) for answer in answers)
        if first != second:
            return False
    return True


# --- a patient of whom this is supposed ---------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Supposed:
    """A snapshot of which everything that is read was supposed."""

    known: dict[Key, Any]
    now: int = 0
    zone: tzinfo = UTC

    def fact(self, name: str) -> FactReading:
        value = self.known["fact", name]
        return FactReading(value, (), (name,) if value is None else ())

    def done(self, action: str, since: int) -> bool:
        return self.known["done", action][since]

    def declined(self, action: str, since: int) -> bool:
        return self.known["declined", action][since]

    def recorded(self, fact: str, since: int) -> bool:
        return self.known["recorded", fact][since]

    def in_state(self, track: str, state: str) -> bool:
        return self.known["track", track] == state

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        return ()


# --- plain expressions --------------------------------------------------------------------------
@dataclass(slots=True)
class _Plain:
    """Makes expressions plain: what reckons becomes a fact of its own, the same wherever it stands."""

    read: list[Expression] = field(default_factory=list[Expression])
    names: dict[Expression, str] = field(default_factory=dict[Expression, str])

    def guard(self, expression: Expression, only_truth: bool) -> Answer:
        form = self._of(expression)

        def answer(at: Supposed) -> tuple[Any, ...]:
            ruling = judge(form, at, ENTRY)
            return (ruling.verdict is Verdict.TRUE,) if only_truth else (ruling.verdict, ruling.needs)

        return answer

    def formula(self, fact: d.Fact) -> Answer:
        assert fact.formula is not None
        rows = tuple(self._row(row) for row in fact.formula.rows)
        otherwise = self._maybe(fact.formula.otherwise)
        form = replace(fact, formula=replace(fact.formula, rows=rows, otherwise=otherwise))

        def answer(at: Supposed) -> tuple[Any, ...]:
            outcome = derived(form, at)
            return outcome.value, outcome.needs, outcome.why

        return answer

    def _row(self, row: d.FormulaRow) -> d.FormulaRow:
        when = replace(row.when, expression=self._maybe(row.when.expression))
        return replace(row, when=when, value=self._maybe(row.value))

    def _maybe(self, node: Expression | None) -> Expression | None:
        return None if node is None else self._of(node)

    def _of(self, node: Expression) -> Expression:
        form = self._form(node)
        self.read.append(form)
        return form

    def _form(self, node: Expression) -> Expression:
        match node:
            case ex.And(items=items) | ex.Or(items=items) | ex.AtLeast(items=items):
                return replace(node, items=tuple(self._form(item) for item in items))
            case ex.Not(operand=operand):
                return replace(node, operand=self._form(operand))
            case ex.Implies(premise=premise, conclusion=conclusion):
                return replace(node, premise=self._form(premise), conclusion=self._form(conclusion))
            case _:
                return node if _is_plain(node) else self._fact_of(node)

    def _fact_of(self, node: Expression) -> Expression:
        name = self.names.setdefault(node, f"({len(self.names)})")
        return ex.FactRef(node.type, node.span, node.text, name)


PLAIN = (ex.FactRef, ex.Literal, ex.Known, ex.Done, ex.Declined, ex.Recorded, ex.InState)


def _is_plain(node: Expression) -> bool:
    match node:
        case ex.Compare(left=left, right=right):
            alone = isinstance(left, ex.FactRef) and isinstance(right, ex.Literal)
            return alone and left.type.kind in (Kind.BOOLEAN, Kind.NUMBER, Kind.CODE, Kind.TEXT)
        case ex.Between(operand=ex.FactRef(), low=low, high=high):
            return isinstance(low, ex.Literal) and isinstance(high, ex.Literal)
        case ex.OneOf(operand=operand) | ex.Includes(operand=operand) | ex.Empty(operand=operand):
            return isinstance(operand, ex.FactRef)
        case _:
            return isinstance(node, PLAIN)


# --- what it can tell apart ---------------------------------------------------------------------
SAID = ((False, False), (True, False), (True, True))  # since the start, since entry


def _choices(definition: d.Definition, read: list[Expression]) -> dict[Key, list[Any]]:
    """Everything that is read, with each value that can be told apart."""
    nodes = [node for expression in read for node in ex.walk(expression)]
    found: dict[Key, list[Any]] = {}
    for node in nodes:
        match node:
            case ex.FactRef(name=name):
                found.setdefault(("fact", name), _values(node, definition.facts.get(name), nodes))
            case ex.Done(action=action):
                found["done", action] = list(SAID)
            case ex.Declined(action=action):
                found["declined", action] = list(SAID)
            case ex.Recorded(fact=fact):
                found["recorded", fact] = list(SAID)
            case ex.InState(track=track, state=state):
                states = found.setdefault(("track", track), [OTHER])
                states += [state] if state not in states else []
            case _:
                pass
    return found


def _values(node: ex.FactRef, fact: d.Fact | None, nodes: list[Expression]) -> list[Any]:
    """UNKNOWN, and every value of a fact that the conditions on it can tell apart."""
    named = list(_named(node, nodes))
    match node.type.kind:
        case Kind.BOOLEAN:
            return [None, True, False]
        case Kind.CODE | Kind.TEXT:
            closed = node.type.codes and not node.type.open and set(node.type.codes) <= set(named)
            others = [] if closed else [OTHER]
            return [None, *dict.fromkeys(named), *others]
        case Kind.LIST:
            codes = [*dict.fromkeys(named), OTHER]
            return [None, *chain.from_iterable(combinations(codes, count) for count in range(len(codes) + 1))]
        case Kind.NUMBER if named:
            return [None, *_numbers(sorted(set(named)), fact)]
        case _:
            return [None, f"the value of {node.name}"]


def _named(node: ex.FactRef, nodes: list[Expression]) -> Iterator[Any]:
    """The values that conditions name beside a fact."""
    for other in nodes:
        match other:
            case ex.Compare(left=ex.FactRef(name=node.name), right=ex.Literal(value=value)):
                yield value
            case ex.Between(operand=ex.FactRef(name=node.name), low=low, high=high):
                yield from (bound.value for bound in (low, high) if isinstance(bound, ex.Literal))
            case ex.OneOf(operand=ex.FactRef(name=node.name), values=values):
                yield from values
            case ex.Includes(operand=ex.FactRef(name=node.name), values=values):
                yield from values
            case _:
                pass


def _numbers(bounds: list[Fraction], fact: d.Fact | None) -> Iterator[Fraction]:
    """The numbers compared with, one between each two and one on either side, as the fact can have them."""
    step, low, high = _grid(fact)
    one = step or Fraction(1)
    lowest = bounds[0] - one if low is None else -(-low // one) * one if step else low
    highest = bounds[-1] + one if high is None else high // one * one if step else high
    between = [_between(a, b, step) for a, b in pairwise(bounds)]
    for number in dict.fromkeys((lowest, *bounds, *between, highest)):
        on_step = number is not None and (step is None or (number / step).denominator == 1)
        if number is not None and on_step and lowest <= number <= highest:
            yield number


def _between(a: Fraction, b: Fraction, step: Fraction | None) -> Fraction | None:
    if step is None:
        return (a + b) / 2
    first = (a // step + 1) * step
    return first if first < b else None


def _grid(fact: d.Fact | None) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Step, lowest and highest value, in base units; a derived fact may have any value.

    Where other units are admitted there is no step.
    """
    if fact is None or fact.formula is not None or (fact.unit is not None and fact.unit.is_affine):
        return None, None, None
    size = fact.unit.factor if fact.unit is not None else Fraction(1)
    step, low, high = (None if one is None else one * size for one in (fact.step, fact.low, fact.high))
    return None if fact.also else step, low, high
