"""Doses, caps, spans of time and schedules as they are told in a difference."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from pathway.comparing.both import Both
from pathway.language.calendar import format_duration
from pathway.language.definition import Dose, Period, Schedule
from pathway.language.numbers import exact_text, format_number
from pathway.language.unit_table import Unit
from pathway.language.units import parse_unit

HOUR, DAY, YEARS = 3600, 86400, 200 * 366 * 86400
SPANS = ((60, "min", 2 * HOUR - 60), (HOUR, "h", 3 * DAY), (DAY, "d", YEARS))


def amount(base: Fraction, text: str, unit: Unit) -> str:
    """An amount held in base units, in the unit in which it is written: `60 mg/d`."""
    written = _written_unit(text, unit)
    return f"{format_number(written.from_base(base))} {written.text}"


def _written_unit(text: str, unit: Unit) -> Unit:
    _, _, name = text.partition(" ")
    return parse_unit(name) if name else unit


def dose_size(dose: Dose) -> Hashable:
    """What makes two amounts the same, in whatever unit they are written."""
    return dose.amount, _written_unit(dose.amount_text, dose.unit).dims, dose.times


def cap_size(dose: Dose) -> Hashable:
    """The same for the most that a dose may come to."""
    return None if dose.cap is None else (dose.cap, _written_unit(dose.cap_text or "", dose.unit).dims)


def dose_amount(dose: Dose, both: Both) -> str:
    """The amount of a dose with what it is multiplied by: `20 mg/kg/d x weight`."""
    times = f" x {both.fact(dose.times)}" if dose.times is not None else ""
    return f"{amount(dose.amount, dose.amount_text, dose.unit)}{times}"


def dose_cap(dose: Dose) -> str | None:
    """The most that a dose may come to."""
    if dose.cap is None:
        return None
    return f"at most {amount(dose.cap, dose.cap_text or '', dose.unit)}"


def division(dose: Dose) -> str | None:
    """How a daily amount is divided."""
    words = " or ".join(f"every {span(every)}" for every in dose.divided)
    return f"divided {words}" if words else None


def dose_words(dose: Dose, both: Both) -> str:
    """A whole dose: `20 mg/kg/d x weight, at most 2 g/d, IV, divided every 12 h, when shock`."""
    parts = [dose_amount(dose, both), dose_cap(dose), dose.route, division(dose)]
    when = None if dose.when is None else f"when {both.guard(dose.when)}"
    return ", ".join(part for part in (*parts, when) if part)


def span(seconds: int) -> str:
    """Elapsed time as charts write it: minutes up to 60, hours up to 72, then days; uneven ones in parts.

    >>> span(3600), span(14400), span(1209600), span(5400), span(14399)
    ('60 min', '4 h', '14 d', '90 min', '3 h 59 min 59 s')
    """
    for size, unit, longest in SPANS:
        if seconds <= longest and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return format_duration(seconds)


def _window(seconds: int) -> str:
    """A stretch of a schedule, in days where it is whole days: doses are given daily, not every 24 h."""
    return span(seconds) if seconds % DAY else f"{seconds // DAY} d"


def spelled(seconds: int | None, lead: str = "") -> str | None:
    """The same where there may be none, with words before it."""
    return None if seconds is None else f"{lead}{span(seconds)}"


def number(value: Fraction | None, unit: Unit | None) -> str | None:
    """A number in a unit, exactly."""
    if value is None:
        return None
    return exact_text(value) if unit is None or unit.text == "1" else f"{exact_text(value)} {unit.text}"


def schedule_words(schedule: Schedule | None) -> str | None:
    """The periods of a schedule: `1 in every 1 d for 14 d, then 1 in every 1 mo`."""
    return None if schedule is None else ", then ".join(map(_period, schedule.periods))


def _period(period: Period) -> str:
    window = f"{period.per_months} mo" if period.per is None else _window(period.per)
    lasts = f" for {_window(period.lasts)}" if period.lasts is not None else ""
    return f"{period.times} in every {window}{lasts}"
