"""Doses over all declared values: above zero, within the cap, in one unit, as shown; schedules add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from pathway.check.doses.cases import DoseCase, DoseCases
from pathway.check.doses.factors import Bounds, Entries, bounds_of, points, thresholds
from pathway.check.doses.schedules import schedule_faults
from pathway.check.findings import ERROR, WARNING
from pathway.engine.doses import DAY, amount_of, view_of_row
from pathway.engine.view import DoseView, PartDose
from pathway.language.calendar import format_duration
from pathway.language.definition import Action, Definition, Dose
from pathway.language.numbers import format_number
from pathway.language.problems import Place

RAISE = "Begin the range of {fact} above zero, or give the row a condition that leaves these values out"
ROUNDED = "Write the dose in a unit, or divide it, so that the amount has finitely many decimals"
OVER_CAP = "Write a cap and a unit in which the largest amount is exact"
OUT_OF_REACH = "Check the cap, the amount and the range of {fact}, or take the cap out"
ALWAYS = "Check the cap, the amount and the range of {fact}, or write the cap as the amount"
WITHOUT_RANGE = "Declare a range for {fact}, or for what it is computed from"
UNSHOWN = "Check the formula of {fact} and the ranges below it"
EARLIER = "Give the earlier row its condition, or take this row out"
ONE_UNIT = "Write all rows of an action in one unit"
DIVISION = "Divide a day by 6 h, 8 h, 12 h or 24 h"


@dataclass(frozen=True, slots=True)
class DoseFault:
    """A dose, or a schedule, that is wrong for some patient.

    `row` counts from 1 in written order; 0 is the schedule. `facts` are values as a user types them, under
    which, with `deeds` done, the engine computes the faulty dose; both empty where no value matters. Where it
    is not `certain` that the row can apply with these facts, the severity is that of a warning.
    """

    action: str
    row: int
    text: str
    fix: str
    place: Place | None
    facts: Entries = ()
    severity: str = ERROR
    deeds: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one dose as it is computed and shown."""

    text: str
    fix: str
    severity: str = ERROR


@dataclass(frozen=True, slots=True)
class _Seen:
    """A patient, the row's exact amount in its unit, and what the screen says of it."""

    case: DoseCase
    amount: Fraction
    view: DoseView


def dose_faults(definition: Definition) -> tuple[DoseFault, ...]:
    """Every fault of every dose and schedule, action by action, each once a row with its first patient."""
    cases = DoseCases(definition)
    return tuple(fault for action in definition.actions.values() for fault in _of_action(cases, action))


def _of_action(cases: DoseCases, action: Action) -> Iterator[DoseFault]:
    yield from _rows(action)
    patients: list[DoseCase] = []
    for index in range(len(action.doses)):
        if any(earlier.when is None for earlier in action.doses[:index]):
            break  # told already: nobody gets this row or a later one
        seen = list(_seen(cases, action, index))
        patients += [one.case for one in seen]
        yield from _of_row(cases.definition, action, index, seen)
    for fault in schedule_faults(action, patients):
        whole = DoseFault(action.name, 0, fault.text, fault.fix, action.place, severity=fault.severity)
        yield _with_patient(whole, fault.patient)


def _with_patient(fault: DoseFault, case: DoseCase | None) -> DoseFault:
    if case is None:
        return fault
    severity = fault.severity if case.certain else WARNING
    return replace(fault, facts=case.facts, deeds=case.deeds, certain=case.certain, severity=severity)


def _rows(action: Action) -> Iterator[DoseFault]:
    """Rows that stand behind one for everybody, and rows in different units."""
    for index, dose in enumerate(action.doses[1:], 1):
        first = next((n for n, earlier in enumerate(action.doses[:index]) if earlier.when is None), None)
        if first is not None:
            text = f"{action.name}: row {index + 1} never applies, because row {first + 1} is for everybody"
            yield DoseFault(action.name, index + 1, text, EARLIER, _place(action, dose))
        unit = action.doses[0].unit.text
        if dose.unit.text != unit:
            text = f"{action.name}: the dose changes unit, from {unit} to {dose.unit.text}"
            yield DoseFault(action.name, index + 1, text, ONE_UNIT, _place(action, dose))


def _place(action: Action, dose: Dose) -> Place | None:
    return dose.when.place if dose.when is not None and dose.when.place is not None else action.place


# --- one row over all values of its fact --------------------------------------------------------
def _seen(cases: DoseCases, action: Action, index: int) -> Iterator[_Seen]:
    """The row at every value worth looking at, for patients it can apply to."""
    dose = action.doses[index]
    for known in _points(cases.definition, action, index):
        case = cases.case(action, index, known)
        if case is None:
            continue
        amount, _, _ = amount_of(dose, case.readings)
        if amount is not None:
            yield _Seen(case, amount, view_of_row(action, dose, case.readings, "recommended"))


def _points(definition: Definition, action: Action, index: int) -> Iterator[Entries]:
    """The ends, zero, where the cap begins, and where conditions change, with the steps beside them."""
    dose = action.doses[index]
    if dose.times is None:
        return iter([()])
    fact = definition.facts[dose.times]
    guards = [row.when for row in action.doses[: index + 1] if row.when is not None]
    marks = [Fraction(0), *thresholds(definition, fact, guards)]
    if dose.cap is not None and fact.unit is not None:
        marks.append(fact.unit.from_base(dose.cap / dose.amount))
    return points(definition, fact, marks)


def _of_row(definition: Definition, action: Action, index: int, seen: list[_Seen]) -> Iterator[DoseFault]:
    dose = action.doses[index]
    place, told = _place(action, dose), set[str]()
    for flaw, case in (*_at_each(dose, seen), *_over_all(definition, dose, seen)):
        if flaw.fix in told:
            continue
        told.add(flaw.fix)
        text, fix = f"{action.name}: {flaw.text}", flaw.fix.format(fact=dose.times or "the dose")
        row = DoseFault(action.name, index + 1, text, fix, place, severity=flaw.severity)
        yield _with_patient(row, case)


def _at_each(dose: Dose, seen: list[_Seen]) -> Iterator[tuple[Flaw, DoseCase | None]]:
    for one in seen:
        for flaw in flaws(dose, one.amount, one.view):
            yield flaw, one.case


def _over_all(
    definition: Definition, dose: Dose, seen: list[_Seen]
) -> Iterator[tuple[Flaw, DoseCase | None]]:
    """What only shows over all values: a factor that nothing bounds, a cap that does not do its work."""
    if not seen:
        return
    if dose.times is None:
        yield from _cap_reached(dose, None, seen)
        return
    fact = definition.facts[dose.times]
    bounds = bounds_of(definition, fact)
    if bounds is None:
        yield Flaw(f"{fact.name} has no range, so nothing bounds the dose", WITHOUT_RANGE), None
        return
    if fact.is_derived and bounds[0] <= 0 and all(one.amount > 0 for one in seen):
        text = f"{fact.name} is computed and was not shown to be more than zero; no patient was found either"
        yield Flaw(text, UNSHOWN, WARNING), None
    # The values seen of a recorded fact are all that matter; a derived one may have others in between.
    yield from _cap_reached(dose, bounds if fact.is_derived else None, seen)


def _cap_reached(
    dose: Dose, bounds: Bounds | None, seen: list[_Seen]
) -> Iterator[tuple[Flaw, DoseCase | None]]:
    """A cap that no value reaches, or that every value reaches; `bounds` rule out values not seen."""
    if dose.cap is None:
        return
    cap = dose.unit.from_base(dose.cap)
    reached = [one.amount >= cap for one in seen]
    if not any(reached) and (bounds is None or dose.amount * bounds[1] < dose.cap):
        largest = max(seen, key=lambda one: one.amount)
        text = f"the cap of {dose.cap_text} is never reached; the most is {_shown(largest.view)}"
        yield Flaw(text, OUT_OF_REACH, WARNING), largest.case
    if all(reached) and (bounds is None or dose.amount * bounds[0] >= dose.cap):
        text = f"the cap of {dose.cap_text} is always reached, so {dose.amount_text} is never what is given"
        yield Flaw(text, ALWAYS, WARNING), seen[0].case


# --- one dose, exactly and as it is shown -------------------------------------------------------
def flaws(dose: Dose, amount: Fraction, view: DoseView) -> Iterator[Flaw]:
    """What is wrong with a dose: `amount` is exact and in the dose's unit, `view` what is shown of it."""
    shown = Fraction(view.amount or 0)
    if amount <= 0 or shown <= 0:
        yield Flaw(f"the dose is {_shown(view)}, which is not more than zero", RAISE)
        return
    cap = None if dose.cap is None else dose.unit.from_base(dose.cap)
    if cap is not None and (amount > cap or shown > cap):
        yield Flaw(f"the dose shows as {_shown(view)}, more than its cap of {dose.cap_text}", OVER_CAP)
    elif shown != amount:
        yield Flaw(f"the dose shows as {_shown(view)}, which is rounded", ROUNDED, WARNING)
    for part, every in zip(view.divided, dose.divided, strict=True):
        yield from _part_flaws(part, every, shown, (cap, dose.cap_text))


def _part_flaws(
    part: PartDose, every: int, daily: Fraction, capped: tuple[Fraction | None, str | None]
) -> Iterator[Flaw]:
    if DAY % every:
        yield Flaw(f"a day does not divide into {format_duration(every)}", DIVISION)
        return
    count = DAY // every
    whole = Fraction(part.amount) * count
    words = (
        f"{count} times {part.amount} {part.unit}, every {part.every}, show as {format_number(whole)} a day"
    )
    cap, cap_text = capped
    if cap is not None and whole > cap:
        yield Flaw(f"{words}, more than the cap of {cap_text}", OVER_CAP)
    elif whole != daily:
        yield Flaw(f"{words}, not {format_number(daily)}", ROUNDED, WARNING)


def _shown(view: DoseView) -> str:
    return f"{view.amount} {view.unit}"
