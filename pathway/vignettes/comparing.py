"""Comparing one value with what a step shows: exact numbers, whole seconds, names as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pathway.engine.doses import DAY, amount_of, applicable
from pathway.engine.view import ActionView, DeedView, ScheduleView
from pathway.language.calendar import format_duration
from pathway.language.definition import Dose
from pathway.language.expression import Value
from pathway.language.units import parse_unit, same_dimension
from pathway.language.values import shown
from pathway.vignettes.amounts import amount_words
from pathway.vignettes.present import Present
from pathway.vignettes.vignette import (
    Amount,
    Expectation,
    ExpectedDose,
    ExpectedFact,
    ExpectedSchedule,
)


def came_of(one: Expectation, now: Present) -> str | None:
    """What came instead of an expected value, in words; None where it is as expected."""
    return COMPARED[one.key](one, now)


# --- tracks, times and warnings -----------------------------------------------------------------
def _state(one: Expectation, now: Present) -> str | None:
    view = now.tracks.get(one.name)
    came = "no such track" if view is None else view.state
    return None if came == one.value else came


def _phase(one: Expectation, now: Present) -> str | None:
    view = now.tracks.get(one.name)
    came = "no phase" if view is None or view.phase is None else view.phase
    return None if came == one.value else came


def _next_change(one: Expectation, now: Present) -> str | None:
    came = now.step.view.next_change_at
    return None if came == one.value else now.time(came)


def last_deed(action: str, now: Present) -> DeedView | None:
    """The deed of an action that was recorded last."""
    deeds = [deed for deed in now.step.view.done if deed.action == action]
    return deeds[-1] if deeds else None


def _due(one: Expectation, now: Present) -> str | None:
    called, deed = now.called(one.name), last_deed(one.name, now)
    if called is None and deed is None:
        return "neither called for nor done"
    came = called.due if called is not None else None
    if came is None and deed is not None:
        came = deed.due
    return None if came == one.value else now.time(came)


def _urgency(one: Expectation, now: Present) -> str | None:
    called, deed = now.called(one.name), last_deed(one.name, now)
    if called is None and deed is None:
        return "neither called for nor done"
    came = (called.urgency or "ok") if called is not None else deed.urgency if deed is not None else None
    return None if came == one.value else came or "none"


def _severity(one: Expectation, now: Present) -> str | None:
    found = dict.fromkeys(warning.severity for warning in now.warnings(one.name))
    if not found:
        return "not shown as a warning"
    return None if list(found) == [one.value] else " and ".join(found)


# --- facts --------------------------------------------------------------------------------------
def _fact(one: Expectation, now: Present) -> str | None:
    assert isinstance(one.value, ExpectedFact)
    fact = now.definition.facts.get(one.name)
    if fact is None:
        return "no such fact"
    value = now.case.readings.fact(one.name).value
    if value is None:
        came = fact.unknown or "unknown"
        return None if one.value.value is None and one.value.shown == (fact.unknown is not None) else came
    if one.value.value is not None and _same(value, one.value.value):
        return None
    if isinstance(value, Fraction):
        return amount_words(value, fact.unit)
    text, _ = shown(fact, value, now.zone)
    return f"[{', '.join(text)}]" if isinstance(text, tuple) else text


def _same(came: Value, expected: Value) -> bool:
    """Lists are compared without regard to order; a truth is never a number."""
    if isinstance(came, tuple) and isinstance(expected, tuple):
        return frozenset(came) == frozenset(expected)
    return type(came) is type(expected) and came == expected


# --- doses --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Exact:
    """The dose that applies, its amount in base units."""

    dose: Dose
    amount: Fraction | None
    needs: tuple[str, ...]


def _dose(one: Expectation, now: Present) -> str | None:
    view = now.called(one.name)
    found = _applying(view, now) if view is not None and view.dose is not None else None
    if view is None or found is None:
        no_dose = "no dose: not called for" if view is None else "no dose"
        return None if one.value is None else no_dose
    assert view.dose is not None
    if found.amount is None:
        return _uncomputed(one, (*found.needs, *view.dose.needs))
    base = found.dose.unit.to_base(found.amount)
    words = amount_words(base, found.dose.unit)
    if not isinstance(one.value, ExpectedDose) or one.value.needs:
        return words
    return _differing(one.value, found.dose, base, view.dose.capped, view.dose.route)


def _applying(view: ActionView, now: Present) -> _Exact | None:
    dose, needs = applicable(now.definition.actions[view.action], now.case.readings)
    if dose is None:
        return None
    amount, _, missing = (None, False, needs) if needs else amount_of(dose, now.case.readings)
    return _Exact(dose, amount, missing)


def _uncomputed(one: Expectation, needs: tuple[str, ...]) -> str | None:
    wanted = one.value.needs if isinstance(one.value, ExpectedDose) else ()
    if wanted and set(wanted) <= set(needs):
        return None
    return f"not computed: it needs {', '.join(dict.fromkeys(needs)) or 'nothing that could be entered'}"


def _differing(
    wanted: ExpectedDose, dose: Dose, base: Fraction, capped: bool, route: str | None
) -> str | None:
    """In which points a computed dose is another than expected."""
    found: list[str] = []
    if wanted.amount is not None and not _equal(wanted.amount, base, dose.unit.text):
        found.append(amount_words(base, dose.unit))
    if wanted.capped is not None and wanted.capped != capped:
        found.append("capped" if capped else f"not capped, {amount_words(base, dose.unit)}")
    if wanted.route is not None and wanted.route != route:
        found.append(f"route {route or 'none'}")
    if wanted.divided is not None:
        found += _shares_differing(wanted.divided, dose, base)
    return "; ".join(found) or None


def _shares_differing(wanted: Mapping[int, Amount], dose: Dose, base: Fraction) -> list[str]:
    unit = parse_unit(dose.unit.text.removesuffix("/d"))
    daily = dose.unit.from_base(base)
    shares = {every: unit.to_base(daily * every / DAY) for every in dose.divided}
    same = shares.keys() == wanted.keys() and all(
        _equal(wanted[every], share, unit.text) for every, share in shares.items()
    )
    words = (f"{amount_words(share, unit)} every {format_duration(every)}" for every, share in shares.items())
    return [] if same else [" or ".join(words) or "not divided"]


def _equal(wanted: Amount, base: Fraction, unit: str) -> bool:
    return same_dimension(wanted.unit, parse_unit(unit)) and wanted.value == base


# --- schedules ----------------------------------------------------------------------------------
def _schedule(one: Expectation, now: Present) -> str | None:
    view = now.called(one.name)
    found = view.schedule if view is not None else None
    if found is None:
        no_schedule = "no schedule: not called for" if view is None else "no schedule"
        return None if one.value is None else no_schedule
    if not isinstance(one.value, ExpectedSchedule):
        return found.period
    differing = [*_counts_differing(one.value, found), *_period_differing(one, found, now)]
    total = one.value.total
    if total is not None and not _total_is(total, found, one.name, now):
        differing.append(f"{found.amount_in_fixed_periods or 'no total'} in the fixed periods")
    return "; ".join(differing) or None


def _counts_differing(wanted: ExpectedSchedule, found: ScheduleView) -> list[str]:
    counts = {
        "given": found.given,
        "planned": found.planned,
        "given_in_all": found.given_in_all,
        "planned_in_fixed_periods": found.planned_in_fixed_periods,
    }
    return [f"{name} {counts[name]}" for name, count in wanted.counts.items() if counts[name] != count]


def _period_differing(one: Expectation, found: ScheduleView, now: Present) -> list[str]:
    schedule = now.definition.actions[one.name].schedule
    wanted = one.value.period if isinstance(one.value, ExpectedSchedule) else None
    if wanted is None or schedule is None:
        return []
    running = [index for index, period in enumerate(schedule.periods, 1) if period.text == found.period]
    return [] if wanted in running else [f"period {running[0]} ({found.period})"]


def _total_is(wanted: Amount, found: ScheduleView, action: str, now: Present) -> bool:
    """The total of the fixed periods, reckoned exactly from one dose."""
    view = now.called(action)
    exact = _applying(view, now) if view is not None else None
    if exact is None or exact.amount is None or not found.planned_in_fixed_periods:
        return False
    base = exact.dose.unit.to_base(exact.amount * found.planned_in_fixed_periods)
    return _equal(wanted, base, exact.dose.unit.text)


COMPARED: dict[str, Callable[[Expectation, Present], str | None]] = {
    "states": _state,
    "phases": _phase,
    "next_change_at": _next_change,
    "due": _due,
    "urgency": _urgency,
    "severity": _severity,
    "facts": _fact,
    "doses": _dose,
    "schedule": _schedule,
}
