"""One step of a value: by the fact it is compared with, the clock, the calendar, or its last digit."""

from __future__ import annotations

import re
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Expression, Kind
from pathway.language.numbers import exact_text
from pathway.language.units import Unit

SECOND, DAY, MONTH = Fraction(1), Fraction(86400), Fraction(1)
DIGITS = re.compile(r"[0-9]+(?:\.([0-9]+))?")


def step_beside(other: Expression, definition: Definition) -> Fraction | None:
    """The finest step in which an expression changes, in base units; None where nothing tells of one."""
    match other:
        case ex.FactRef(name=name):
            return _step_of_fact(definition.facts[name], definition)
        case ex.Interval(later=later):
            return SECOND if later.type.kind is Kind.INSTANT else DAY
        case ex.Since(operator=operator):
            return {"time": SECOND, "days": DAY, "months": MONTH}[operator]
        case ex.Extreme() | ex.Arithmetic(operator="+" | "-"):
            return _finest([step_beside(part, definition) for part in ex.children(other)])
        case _:
            return None


def _step_of_fact(fact: Fact, definition: Definition) -> Fraction | None:
    if fact.step is not None:
        return fact.step * (fact.unit.factor if fact.unit is not None else 1)
    if fact.formula is None:
        return None
    values = [row.value for row in fact.formula.rows] + [fact.formula.otherwise]
    return _finest([step_beside(value, definition) for value in values if value is not None])


def _finest(steps: list[Fraction | None]) -> Fraction | None:
    return min((step for step in steps if step is not None), default=None)


def step_of_shift(moment: Expression, amount: ex.Literal) -> Fraction:
    """One second on the clock; on the calendar one of the unit that is written."""
    unit = amount.type.unit
    return SECOND if moment.type.kind is Kind.INSTANT or unit is None else unit.factor


def last_digit(text: str, unit: Unit | None) -> Fraction:
    """One in the last printed digit of a number with its unit, in base units: 0.1 mg for `1.5 mg`."""
    found = DIGITS.search(text)
    decimals = len(found[1] or "") if found is not None else 0
    return Fraction(1, 10**decimals) * (unit.factor if unit is not None else 1)


def last_digit_of_amount(amount: Fraction, text: str) -> Fraction:
    """The same for an amount whose unit is only in its text: `100 mg/kg/d` is in steps of 1 mg/kg/d."""
    found = DIGITS.search(text)
    assert found is not None
    return amount / Fraction(found[0]) * last_digit(text, None)


def with_number(text: str, times: Fraction) -> str:
    """The text of an amount with its number so many times as large."""
    return DIGITS.sub(lambda found: exact_text(Fraction(found[0]) * times), text, count=1)
