"""The thresholds that a guard compares amounts with, and which side of one a value lies on, one step away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language.definition import Definition
from pathway.language.expression import Expression, Kind, Value
from pathway.vignettes.mutant_steps import last_digit, step_beside

SIDES = BELOW, AT, ABOVE = "below", "at", "above"
AMOUNTS = (Kind.NUMBER, Kind.DATE, Kind.INSTANT)


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount and the limit that a condition compares it with.

    `step` is in base units (days for dates, seconds for times): the finest step of the facts and clocks that
    the amount is made of; where nothing tells of one, one in the last digit with which the limit is written.
    `sides` are those that can be entered: nothing lies beyond the declared range of a fact.
    """

    amount: Expression
    limit: Expression
    step: Fraction
    sides: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str]:
        """The amount and the limit as written, each on one line."""
        return " ".join(self.amount.text.split()), " ".join(self.limit.text.split())

    def side(self, amount: Value | None, limit: Value | None) -> str | None:
        """Which side a value is on: at the limit, or off it by no more than one step; None elsewhere."""
        if amount is None or limit is None:
            return None
        away = _distance(amount, limit)
        if away is None or abs(away) > self.step:
            return None
        return AT if away == 0 else BELOW if away < 0 else ABOVE


def thresholds_of(expression: Expression, definition: Definition) -> tuple[Threshold, ...]:
    """The thresholds of one guard or formula, each once, in written order."""
    found = {pair: None for node in ex.walk(expression) for pair in compared_amounts(node)}
    return tuple(_threshold(amount, limit, definition) for amount, limit in found)


def compared_amounts(node: Expression) -> Iterator[tuple[Expression, Expression]]:
    """The amounts that one condition compares, each with its limit."""
    match node:
        case ex.Compare(left=left, right=right) if left.type.kind in AMOUNTS:
            if isinstance(left, ex.Literal) and not isinstance(right, ex.Literal):
                left, right = right, left
            if any(isinstance(part, ex.Literal) for side in (left, right) for part in ex.walk(side)):
                yield left, right
        case ex.Between(operand=operand, low=low, high=high):
            yield operand, low
            yield operand, high
        case _:
            pass


def _threshold(amount: Expression, limit: Expression, definition: Definition) -> Threshold:
    step = _step(amount, limit, definition)
    return Threshold(amount, limit, step, _sides(amount, limit, step, definition))


def _step(amount: Expression, limit: Expression, definition: Definition) -> Fraction:
    if amount.type.kind is not Kind.NUMBER:
        return Fraction(1)
    told = step_beside(amount, definition) or step_beside(limit, definition)
    if told is not None:
        return told
    written = [node for side in (limit, amount) for node in ex.walk(side) if isinstance(node, ex.Literal)]
    return last_digit(written[0].text, written[0].type.unit) if written else Fraction(1)


def _sides(amount: Expression, limit: Expression, step: Fraction, definition: Definition) -> tuple[str, ...]:
    if not isinstance(amount, ex.FactRef) or not isinstance(limit, ex.Literal):
        return SIDES
    fact = definition.facts[amount.name]
    if fact.low is None or fact.high is None or not isinstance(limit.value, Fraction):
        return SIDES
    low, high = (fact.unit.to_base(end) if fact.unit else end for end in (fact.low, fact.high))
    beside = {BELOW: limit.value - step, AT: limit.value, ABOVE: limit.value + step}
    return tuple(side for side in SIDES if low <= beside[side] <= high)


def _distance(amount: Value, limit: Value) -> Fraction | None:
    """How far above the limit an amount is: in days, seconds or base units."""
    if isinstance(amount, date) and isinstance(limit, date):
        return Fraction((amount - limit).days)
    if isinstance(amount, Fraction | int) and isinstance(limit, Fraction | int):
        return Fraction(amount) - Fraction(limit)
    return None
