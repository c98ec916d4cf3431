"""The values of a fact worth supposing: those at and one step beside what guards compare it with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from pathway.engine.readings import Readings
from pathway.language.calendar import add_months, format_instant, local_date
from pathway.language.definition import Fact
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text
from pathway.supposing.comparisons import Comparisons

Typed = str | tuple[str, ...]
ORDERED = (Kind.NUMBER, Kind.DATE, Kind.INSTANT)
FINEST = Fraction(1, 1000)  # of a number that declares no step
MINUTE = 60


def candidates(fact: Fact, compared: Comparisons, readings: Readings) -> tuple[Typed, ...]:
    """Values as typed, in ascending order where they have one; the present one, last, if `anew` asks for it.

    A text has none: what it says is nobody's to suppose.
    """
    found = dict.fromkeys(_values(fact, compared, readings))
    present = present_text(fact, readings)
    if present is not None:
        found.pop(present, None)
    return (*found, present) if present is not None and compared.anew else tuple(found)


def present_text(fact: Fact, readings: Readings) -> Typed | None:
    """The present value as the log keeps it; None while it is unknown, expired or only computed."""
    record = readings.valid_record(fact.name)
    return None if record is None or record.value is None else record.text


def _values(fact: Fact, compared: Comparisons, readings: Readings) -> Iterable[Typed]:
    match fact.type.kind:
        case Kind.BOOLEAN:
            return ("true", "false")
        case Kind.CODE:
            return _codes(fact, compared)
        case Kind.LIST:
            return _lists(fact, compared, readings)
        case Kind.NUMBER:
            return [exact_text(number) for number in _numbers(fact, compared)]
        case Kind.DATE:
            return [day.isoformat() for day in _dates(compared, local_date(readings.now, readings.zone))]
        case Kind.INSTANT:
            return [format_instant(at, readings.zone) for at in _instants(compared, readings.now)]
        case Kind.TEXT:
            return ()


def _codes(fact: Fact, compared: Comparisons) -> list[str]:
    """Every code compared with, and one that is compared with nothing; two where none is compared."""
    named = [code for code in compared.codes if fact.type.open or code in fact.type.codes]
    others = [code for code in fact.type.codes if code not in named]
    return [*named, *others[: 1 if named else 2]]


def _lists(fact: Fact, compared: Comparisons, readings: Readings) -> Iterator[tuple[str, ...]]:
    """The empty list, each value alone, and the present list with one value more or less."""
    yield ()
    present = present_text(fact, readings)
    held = present if isinstance(present, tuple) else ()
    for code in compared.codes or _members(fact, readings):
        yield (code,)
        yield tuple(one for one in held if one != code) if code in held else (*held, code)


def _members(fact: Fact, readings: Readings) -> tuple[str, ...]:
    """A member that nothing asks for: a list may matter by not being empty."""
    if fact.type.element is Kind.DATE:
        return (local_date(readings.now, readings.zone).isoformat(),)
    return fact.type.codes[:1] if fact.type.element is Kind.CODE else ("1",)


def step_of(fact: Fact) -> Fraction:
    """The declared step, in the declared unit, or the finest that is supposed."""
    return fact.step or FINEST


def _numbers(fact: Fact, compared: Comparisons) -> list[Fraction]:
    step = step_of(fact)
    beside = {count * step for mark in compared.numbers for count in _counts(mark / step)}
    ends = {end for end in (fact.low, fact.high) if end is not None and (end / step).denominator == 1}
    if not beside and not ends:
        beside = {Fraction(0), step}
    return sorted(number for number in beside | ends if in_range(fact, number))


def _counts(steps: Fraction) -> Iterator[int]:
    low, high = math.floor(steps), math.ceil(steps)
    yield from (low - 1, low, high, high + 1)


def in_range(fact: Fact, number: Fraction) -> bool:
    return (fact.low is None or number >= fact.low) and (fact.high is None or number <= fact.high)


def _dates(compared: Comparisons, today: date) -> list[date]:
    lengths = [timedelta(seconds=seconds) for seconds in compared.seconds]
    marks = [today, *compared.dates]
    marks += [today - length for length in lengths] + [today + length for length in lengths]
    marks += [add_months(today, sign * months) for months in compared.months for sign in (-1, 1)]
    return sorted({mark + timedelta(days=days) for mark in marks for days in (-1, 0, 1)})


def _instants(compared: Comparisons, now: int) -> list[int]:
    """Now and earlier: an instant on record is that of something that has happened."""
    marks = [now, *(now - seconds for seconds in compared.seconds)]
    beside = {mark + change for mark in marks for change in (-MINUTE, 0, MINUTE)}
    return sorted(instant for instant in beside if instant <= now)
