"""Schedules that add up: whole windows, countable periods, and totals that are what the doses come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pathway.check.doses.cases import DoseCase
from pathway.check.findings import ERROR, WARNING
from pathway.engine.doses import amount_of, applicable, schedule_view
from pathway.language.definition import Action, Period
from pathway.language.numbers import format_number

LAST_ONLY = "Add for: LENGTH, or move it to the end"
WHOLE = "Write under for: a length that is a whole number of per:"
MONTHS = "Write per: in weeks or days, or leave for: out of the last period"
SOME = "Write at least one period"
PER_DOSE = "Write the amount of one dose, such as mg"
TOTALS = "Write an amount that has finitely many decimals in its unit"


@dataclass(frozen=True, slots=True)
class ScheduleFault:
    """What is wrong with a schedule, and for whom; no `patient` where no value matters."""

    text: str
    fix: str
    patient: DoseCase | None = None
    severity: str = ERROR


def schedule_faults(action: Action, patients: Iterable[DoseCase]) -> tuple[ScheduleFault, ...]:
    """The faults of an action's schedule; its totals are those of these patients, each fault told once."""
    if action.schedule is None:
        return ()
    faults = [*_of_periods(action, action.schedule.periods), *_of_units(action)]
    if not faults:
        faults = [fault for patient in patients for fault in _of_totals(action, patient)]
    return tuple({fault.fix: fault for fault in reversed(faults)}.values())[::-1]


def _of_periods(action: Action, periods: tuple[Period, ...]) -> Iterator[ScheduleFault]:
    if not periods:
        yield ScheduleFault(f"the schedule of {action.name} has no period", SOME)
    for number, period in enumerate(periods, 1):
        words = f"period {number} of the schedule of {action.name}"
        if period.lasts is None:
            if number < len(periods):
                yield ScheduleFault(f"{words} is open-ended and not the last", LAST_ONLY)
        elif period.per is None:
            text = f"{words}, {period.text}, has months and a fixed length: its doses cannot be counted"
            yield ScheduleFault(text, MONTHS)
        if period.per is not None and (period.per <= 0 or (period.lasts or 0) % period.per):
            yield ScheduleFault(f"{words}, {period.text}, does not hold a whole number of windows", WHOLE)


def _of_units(action: Action) -> Iterator[ScheduleFault]:
    """Doses are added up, so each has to be an amount and not a rate."""
    for dose in action.doses:
        if any(base == "s" and power < 0 for base, power in dose.unit.dims):
            text = (
                f"the schedule of {action.name} counts single doses, and a dose in {dose.unit.text} is a rate"
            )
            yield ScheduleFault(text, PER_DOSE)


def _of_totals(action: Action, patient: DoseCase) -> Iterator[ScheduleFault]:
    """The number of doses and their sum, as shown, beside the sum over the periods."""
    view = schedule_view(action, patient.readings)
    assert view is not None
    assert action.schedule is not None
    count = sum(_planned(period) for period in action.schedule.periods)
    if view.planned_in_fixed_periods != count:
        text = f"the schedule of {action.name} shows {view.planned_in_fixed_periods} doses and plans {count}"
        yield ScheduleFault(text, WHOLE, patient)
    dose, needs = applicable(action, patient.readings)
    amount = amount_of(dose, patient.readings)[0] if dose is not None and not needs else None
    if amount is None or view.amount_in_fixed_periods is None:
        return
    total = view.amount_in_fixed_periods.partition(" ")[0]
    if Fraction(total) != Fraction(format_number(amount)) * count:
        text = f"the schedule of {action.name} shows {total} in all for {count} times {format_number(amount)}"
        yield ScheduleFault(text, TOTALS, patient, WARNING)


def _planned(period: Period) -> Fraction:
    """Doses of a period: so many in each window, none counted where it is open-ended."""
    if period.lasts is None or period.per is None:
        return Fraction(0)
    return period.times * Fraction(period.lasts, period.per)
