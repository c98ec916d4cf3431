"""Doses and schedules: exact amounts, capped and divided as the source says; never a default."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from pathway.engine.readings import Readings
from pathway.engine.view import DoseView, PartDose, ScheduleView
from pathway.language.calendar import add_months, format_duration, local_date, midnight
from pathway.language.definition import Action, Dose, Period
from pathway.language.numbers import format_number
from pathway.language.verdict import Verdict

DAY = 86400


def dose_view(action: Action, readings: Readings, standing: str) -> DoseView | None:
    """The dose of an action now, or what is needed to compute it; None where none applies."""
    dose, needs = applicable(action, readings)
    if dose is None:
        return None
    if not needs:
        return view_of_row(action, dose, readings, standing)
    # Which row applies is not known: none of their figures is this patient's.
    return replace(_uncomputed(action, dose, standing, needs), basis="", note=None, cap=None, route=None)


def applicable(action: Action, readings: Readings) -> tuple[Dose | None, tuple[str, ...]]:
    """The first dose whose condition is TRUE, or the first undecided one with what it needs."""
    for dose in action.doses:
        if dose.when is None:
            return dose, ()
        reason = readings.reason(dose.when)
        if reason.verdict is not Verdict.FALSE:
            return dose, reason.needs
    return None, ()


def amount_of(dose: Dose, readings: Readings) -> tuple[Fraction | None, bool, tuple[str, ...]]:
    """The amount in the dose's unit, whether it is capped, and what is needed to know it."""
    amount, needs = dose.amount, ()
    if dose.times is not None:
        reading = readings.fact(dose.times)
        needs = reading.needs
        if not isinstance(reading.value, Fraction):
            return None, False, needs
        amount *= reading.value
    capped = dose.cap is not None and amount > dose.cap
    if capped and dose.cap is not None:
        amount = dose.cap
    return dose.unit.from_base(amount), capped, ()


def view_of_row(action: Action, dose: Dose, readings: Readings, standing: str) -> DoseView:
    """What is shown of one row of an action's doses, whether or not its condition is TRUE."""
    amount, capped, needs = amount_of(dose, readings)
    if amount is None:
        return _uncomputed(action, dose, standing, needs)
    return DoseView(
        action=action.name,
        amount=format_number(amount, at_most=dose.cap is not None),
        unit=dose.unit.text,
        route=dose.route,
        capped=capped,
        cap=dose.cap_text,
        divided=tuple(_part(amount, dose, every) for every in dose.divided),
        basis=_basis(dose, readings),
        note=dose.note,
        cites=dose.cites,
        needs=(),
        standing=standing,
        orderable=action.orderable,
    )


def _uncomputed(action: Action, dose: Dose, standing: str, needs: tuple[str, ...]) -> DoseView:
    return DoseView(
        action=action.name,
        amount=None,
        unit=None,
        route=dose.route,
        capped=False,
        cap=dose.cap_text,
        divided=(),
        basis=dose.amount_text,
        note=dose.note,
        cites=dose.cites,
        needs=needs,
        standing=standing,
        orderable=action.orderable,
    )


def _basis(dose: Dose, readings: Readings) -> str:
    """How the amount came about: `100 mg/kg/d x 45 kg, capped at 4 g/d`."""
    words = dose.amount_text
    if dose.times is not None:
        use = readings.fact(dose.times).uses[0]
        words += f" x {use.value}{' ' + use.unit if use.unit else ''}"
    return f"{words}, at most {dose.cap_text}" if dose.cap_text else words


def _part(amount: Fraction, dose: Dose, every: int) -> PartDose:
    """One of the parts of a day, rounded down where it must be: together they never exceed the cap."""
    unit = dose.unit.text.removesuffix("/d")
    return PartDose(format_number(amount * every / DAY, at_most=True), unit, format_duration(every))


def schedule_view(action: Action, readings: Readings) -> ScheduleView | None:
    """Where a schedule stands, counted from the first dose given (S63 and its like)."""
    schedule = action.schedule
    if schedule is None:
        return None
    given = sorted(deed.at for deed in readings.memory.deeds.get(action.name, ()))
    fixed = sum(_doses_in(period) for period in schedule.periods if period.lasts is not None)
    period, start, end = _window(schedule.periods, given, readings)
    inside = len([at for at in given if start is not None and end is not None and start <= at < end])
    return ScheduleView(
        period=period.text,
        window_from=start,
        window_to=end,
        given=inside,
        planned=period.times,
        given_in_all=len(given),
        planned_in_fixed_periods=fixed,
        amount_in_fixed_periods=_total(action, fixed, readings),
        open_ended=schedule.periods[-1].lasts is None,
        note=schedule.note,
    )


def _doses_in(period: Period) -> int:
    return period.times * (period.lasts // period.per) if period.lasts is not None and period.per else 0


def _total(action: Action, doses: int, readings: Readings) -> str | None:
    dose, needs = applicable(action, readings)
    if dose is None or needs or not doses:
        return None
    amount, _, _ = amount_of(dose, readings)
    return None if amount is None else f"{format_number(amount * doses)} {dose.unit.text}"


def _window(
    periods: tuple[Period, ...], given: list[int], readings: Readings
) -> tuple[Period, int | None, int | None]:
    """The period that is running and the bounds of its present window, end excluded."""
    if not given:
        return periods[0], None, None
    start = given[0]
    for period in periods[:-1]:
        assert period.lasts is not None
        if readings.now < start + period.lasts:
            return period, *_slot(period, start, readings)
        start += period.lasts
    return periods[-1], *_slot(periods[-1], start, readings)


def _slot(period: Period, start: int, readings: Readings) -> tuple[int, int]:
    if period.per is not None:
        slot = (readings.now - start) // period.per
        return start + slot * period.per, start + (slot + 1) * period.per
    assert period.per_months is not None
    first, today, slot = local_date(start, readings.zone), local_date(readings.now, readings.zone), 0
    while add_months(first, (slot + 1) * period.per_months) <= today:
        slot += 1
    day_from = add_months(first, slot * period.per_months)
    day_to = add_months(first, (slot + 1) * period.per_months)
    return midnight(day_from, readings.zone), midnight(
        max(day_to, day_from + timedelta(days=1)), readings.zone
    )
