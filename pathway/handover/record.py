"""What was done and what is known: deeds, refusals, overrides, facts, the path so far and notes."""

from __future__ import annotations

from typing import TypeVar

from pathway.document.citing import is_added
from pathway.engine import events as ev
from pathway.engine.event_words import CAUSES
from pathway.engine.view import DeclineView, DeedView, FactView, PathStep
from pathway.handover.content import Cell, Row, Section
from pathway.handover.reading import Reading, lines, sentence, signed

_E = TypeVar("_E", bound=ev.EventBase)


def counting(reading: Reading, kind: type[_E]) -> list[_E]:
    """The events of a kind that count: without what was undone."""
    return [event for event in reading.counting if isinstance(event, kind)]


# --- done and declined ----------------------------------------------------------------------------
def done_section(reading: Reading) -> Section:
    deeds = sorted(reading.view.done, key=lambda deed: (deed.at is not None, deed.at or 0, deed.seq or 0))
    events = {event.seq: event for event in counting(reading, ev.ActionDone)}
    return Section(
        "done",
        "Done",
        ("Action", "When", "By", "How it stood"),
        tuple(_deed_row(reading, deed, events.get(deed.seq or 0)) for deed in deeds),
        "Nothing was recorded as done.",
    )


def _deed_row(reading: Reading, deed: DeedView, event: ev.ActionDone | None) -> Row:
    when = reading.time(deed.at) if deed.at is not None else "time not known: the facts say that it was done"
    against = deed.judged in ("held", "blocked")
    how = f"done while {deed.judged.upper()}" if against else f"it was {deed.judged}"
    reason = f"reason: {event.reason}" if event is not None and event.reason else ""
    by = signed(deed.by, reading, event) if deed.by and event is not None else deed.by or "not recorded"
    cells = ((reading.action(deed.action),), lines(when, _in_time(reading, deed)), (by,), lines(how, reason))
    return Row(cells, f"DONE WHILE {deed.judged.upper()}" if against else "", against)


def _in_time(reading: Reading, deed: DeedView) -> str:
    if deed.due is None:
        return ""
    judged = {"met": "in time", "late": "LATE"}.get(deed.urgency or "", "not judged")
    return f"was due {reading.time(deed.due)}: {judged}"


def declined_section(reading: Reading) -> Section:
    events = {event.seq: event for event in counting(reading, ev.ActionDeclined)}
    rows = sorted(reading.view.declined, key=lambda one: (one.at, one.seq))
    return Section(
        "declined",
        "Declined",
        ("Action", "When", "By", "Reason"),
        tuple(_decline_row(reading, one, events.get(one.seq)) for one in rows),
        "Nothing was declined.",
    )


def _decline_row(reading: Reading, one: DeclineView, event: ev.ActionDeclined | None) -> Row:
    stood = f"it was {event.judged}" if event is not None else ""
    return Row(((reading.action(one.action),), (reading.time(one.at),), (one.by,), lines(one.reason, stood)))


# --- overrides ------------------------------------------------------------------------------------
def overrides_section(reading: Reading) -> Section:
    """Every override with its reason, for good; those that were undone stand among what was undone."""
    return Section(
        "overrides",
        "Overrides",
        ("What", "When", "By", "Reason"),
        tuple(_override_row(reading, event) for event in counting(reading, ev.Overridden)),
        "Nothing was overridden.",
    )


def _override_row(reading: Reading, event: ev.Overridden) -> Row:
    reason = lines(event.reason, f"({event.code.replace('_', ' ')})")
    cells = (
        overridden(reading, event),
        (reading.time(event.at),),
        (signed(event.by, reading, event),),
        reason,
    )
    return Row(cells, "OVERRIDE", True)


def overridden(reading: Reading, event: ev.Overridden) -> Cell:
    """What an override allowed, with the words of each safeguard that it lifted."""
    if event.action is None:
        where = reading.state(event.track, event.to) if event.track and event.to else event.to or ""
        return (f"{reading.track(event.track) if event.track else ''} returned to {where}",)
    lifted = [reading.safeguard(name) for name in event.safeguards]
    return (f"{reading.action(event.action)} allowed against its safeguards", *lifted)


# --- facts ----------------------------------------------------------------------------------------
def facts_section(reading: Reading) -> Section:
    """What is known: recorded facts first, then what is computed from them."""
    facts = sorted(reading.view.facts, key=lambda fact: fact.derived)
    return Section(
        "facts",
        "Known facts",
        ("Fact", "Value", "Time", "Recorded by", "Source layer"),
        tuple(_fact_row(reading, fact) for fact in facts),
        "No fact is known.",
        is_brief=True,
    )


def _fact_row(reading: Reading, fact: FactView) -> Row:
    known = reading.definition.facts[fact.fact]
    value = lines(reading.value(fact.fact, fact.value, fact.unit), fact.note or "", _as_typed(reading, fact))
    valid = f"valid to {reading.time(fact.expires)}" if fact.expires is not None else ""
    when = lines(reading.time(fact.at) if fact.at is not None else "", valid)
    named = "" if is_added(known.layer, reading.definition) else known.layer or "of the pathway"
    layer = sentence(named, reading.sources(known.cites, known.layer))
    name = sentence(fact.label, f"({fact.fact})" if fact.label.replace(" ", "_") != fact.fact else "")
    return Row(((name,), value, when, ("computed" if fact.derived else fact.by or "",), (layer,)))


def _as_typed(reading: Reading, fact: FactView) -> str:
    """What was typed, where a unit was converted on entry."""
    if fact.entered is None or fact.unit is None or isinstance(fact.value, tuple):
        return ""
    same = fact.entered.split()[0:1] == [fact.value]
    return "" if same else f"typed as {fact.entered}"


# --- path and notes -------------------------------------------------------------------------------
def path_section(reading: Reading) -> Section:
    """The transitions in the order in which they were taken."""
    return Section(
        "path",
        "The path so far",
        ("Step", "When", "How", "Because"),
        tuple(_path_row(reading, step) for step in reading.view.path),
        "The case stands where it started.",
    )


def _path_row(reading: Reading, step: PathStep) -> Row:
    way = f"{reading.state(step.track, step.source)} to {reading.state(step.track, step.to)}"
    how = f"{CAUSES.get(step.cause, step.cause)}, {step.by}"
    because = sentence(_guard_words(reading, step), reading.sources(step.cites, None))
    changed = "BASIS CHANGED since: facts it rested on were corrected" if step.basis_changed else ""
    cells = (
        (f"{reading.track(step.track)}: {way}",), (reading.time(step.at),), (how,),
        lines(because, f"reason: {step.reason}" if step.reason else "", changed),
    )  # fmt: skip
    marks = lines("OVERRIDE" if step.cause == "override" else "", "BASIS CHANGED" if changed else "")
    return Row(cells, ", ".join(marks), bool(marks))


def _guard_words(reading: Reading, step: PathStep) -> str:
    """The condition in English, as the definition words it."""
    ways = reading.definition.tracks[step.track].states[step.source].next
    found = next((way for way in ways if way.to == step.to and way.when.text == step.guard), None)
    return found.when.english if found is not None and not found.when.is_otherwise else step.guard


def notes_section(reading: Reading) -> Section:
    return Section(
        "notes",
        "Notes",
        ("Note", "When", "By"),
        tuple(
            Row(((event.text,), (reading.time(event.at),), (event.by,)))
            for event in counting(reading, ev.NoteAdded)
        ),
        "No note was written.",
    )
