"""Actions compared: doses, schedules, what is recorded and how they count."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.comparing.both import Both
from pathway.comparing.citing import kept_as, sourced
from pathway.comparing.conditions import condition
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.essence import essence
from pathway.comparing.figures import (
    cap_size,
    division,
    dose_amount,
    dose_cap,
    dose_size,
    dose_words,
    schedule_words,
    spelled,
)
from pathway.comparing.pairing import by_id, is_reordered, paired, whatever
from pathway.comparing.wording import worded
from pathway.language.definition import Action, DeedFact, Dose, Schedule


def actions_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the actions of both versions."""
    for name, old, new in by_id(both.old.actions, both.new.actions):
        spot = Spot(("actions", name), f"action {name}", both.action(name))
        if old is None and new is not None:
            yield spot.came("action", action_words(new, both))
        elif new is None and old is not None:
            yield spot.went("action", action_words(old, both))
        elif old is not None and new is not None and old != new:
            yield from _action(spot, old, new, both)


def action_words(action: Action, both: Both) -> str:
    """What an action is: its type, doses, schedule."""
    doses = "; ".join(f"dose {dose_words(dose, both)}" for dose in action.doses)
    schedule = schedule_words(action.schedule)
    order = None if action.orderable else "not an order"
    text = None if action.text is None else f'"{action.text}"'
    return "; ".join(part for part in (action.type, order, doses, schedule, text) if part)


def _action(spot: Spot, old: Action, new: Action, both: Both) -> Iterator[Difference]:
    yield from _doses(spot, old.doses, new.doses, both)
    yield from _schedule(spot, old.schedule, new.schedule)
    yield from spot.value("kind", old.type, new.type, Weight.CONTENT)
    yield from spot.flag(
        "order", old.orderable, new.orderable, "can be ordered", "is shown, never recommended"
    )
    yield from spot.flag(
        "course",
        old.course,
        new.course,
        "a course that goes on after its start",
        "no course: done with its start",
    )
    yield from spot.value("longest time it takes", spelled(old.takes), spelled(new.takes))
    yield from condition(spot, "taken as done when", old.evidence, new.evidence, both)
    yield from _records(spot, old.records, new.records, both)
    yield from worded(spot, "title", old.title, new.title)
    yield from worded(spot, "text", old.text, new.text)
    yield from kept_as(spot, old, new)


# --- doses --------------------------------------------------------------------------------------
def _doses(spot: Spot, old: tuple[Dose, ...], new: tuple[Dose, ...], both: Both) -> Iterator[Difference]:
    """Doses have no ids: equal ones belong together, then those for the same patients, then by route."""
    pairs = paired(old, new, essence, _condition_of, lambda dose: dose.route, whatever)
    several = max(len(old), len(new)) > 1
    for before, after in pairs:
        if before is None and after is not None:
            yield spot.added("dose", dose_words(after, both))
        elif after is None and before is not None:
            yield spot.removed("dose", dose_words(before, both))
        elif before is not None and after is not None:
            place = next(number for number, dose in enumerate(new, 1) if dose is after)
            head = f"{spot.head}, dose {place}" if several else spot.head
            yield from _dose(spot.below("dose", str(place), head=head), before, after, both)
    if is_reordered(old, new, pairs):
        then, now = ("; ".join(dose_words(dose, both) for dose in doses) for doses in (old, new))
        words = f"the first dose that applies is given, and their order is now {now}; was {then}"
        yield spot.says("order of doses", words, then, now)


def _condition_of(dose: Dose) -> object:
    return essence(dose.when)


def _dose(spot: Spot, old: Dose, new: Dose, both: Both) -> Iterator[Difference]:
    if dose_size(old) == dose_size(new):
        yield from _written_otherwise(spot, "amount", old.amount_text, new.amount_text)
    else:
        yield from spot.value("dose", dose_amount(old, both), dose_amount(new, both), lead="")
    if cap_size(old) == cap_size(new):
        yield from _written_otherwise(spot, "cap", old.cap_text, new.cap_text)
    else:
        yield from spot.value("cap", dose_cap(old), dose_cap(new), lead="")
    yield from spot.value("unit of the computed dose", old.unit.text, new.unit.text)
    yield from spot.value("route", old.route, new.route, lead="")
    yield from spot.value("division", division(old), division(new), lead="")
    yield from condition(spot, "given when", old.when, new.when, both)
    yield from worded(spot, "note", old.note, new.note)
    yield from sourced(spot, old.cites, new.cites)


def _written_otherwise(spot: Spot, what: str, old: str | None, new: str | None) -> Iterator[Difference]:
    """The same figure, put on paper in another way: `15.0 mg` reads as 150 mg in a hurry."""
    lead = f"the same {what}, written "
    yield from spot.value(what, old, new, Weight.WORDING, lead)


def _schedule(spot: Spot, old: Schedule | None, new: Schedule | None) -> Iterator[Difference]:
    yield from spot.value("schedule", schedule_words(old), schedule_words(new))
    if old is not None and new is not None:
        yield from worded(spot, "note on the schedule", old.note, new.note)
        yield from sourced(spot.headed(f"{spot.head}, schedule"), old.cites, new.cites)
        if schedule_words(old) == schedule_words(new):
            told = ["; then ".join(period.text for period in one.periods) for one in (old, new)]
            yield from _written_otherwise(spot, "schedule", *told)


# --- records ------------------------------------------------------------------------------------
def _records(
    spot: Spot, old: tuple[DeedFact, ...], new: tuple[DeedFact, ...], both: Both
) -> Iterator[Difference]:
    pairs = paired(old, new, essence, lambda one: (one.fact, one.value), lambda one: one.fact)
    for before, after in pairs:
        if before is None and after is not None:
            yield spot.added("record", _record(after, both))
        elif after is None and before is not None:
            yield spot.removed("record", _record(before, both))
        elif before is not None and after is not None:
            yield from _recorded(spot, before, after, both)
    if is_reordered(old, new, pairs):
        then, now = (", ".join(one.fact for one in records) for records in (old, new))
        yield from spot.value("order of records", then, now, Weight.CONTENT)


def _recorded(spot: Spot, old: DeedFact, new: DeedFact, both: Both) -> Iterator[Difference]:
    fact = both.fact(new.fact)
    yield from spot.value(
        "record", old.value or "its time", new.value or "its time", lead=f"recorded in {fact} as "
    )
    yield from condition(spot, f"recorded in {fact} when", old.when, new.when, both)


def _record(one: DeedFact, both: Both) -> str:
    when = "" if one.when is None else f", when {both.guard(one.when)}"
    return f"{both.fact(one.fact)} as {one.value or 'its time'}{when}"
