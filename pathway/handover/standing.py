"""Where the case stands and what is to be done: due and late, held or blocked, and what is no order."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.engine.event_words import CAUSES
from pathway.engine.view import ActionView, SafeguardView, TrackView, TransitionView
from pathway.handover.content import Cell, Row, Section
from pathway.handover.reading import NOT_AN_ORDER, Reading, lines, sentence

_STANDS = {"blocks": "BLOCKS", "holds": "HOLDS", "warns": "warns", "asks": "asks", "lifted": "OVERRIDDEN"}
_WAYS = {
    "open": "open, to be confirmed by a clinician",
    "waiting": "waits",
    "conflict": "in CONFLICT with another open way",
}


# --- where it stands ------------------------------------------------------------------------------
def stands_section(reading: Reading) -> Section:
    """Each track that moved or that something is open in; the others are named in one line."""
    moved = {step.track for step in reading.view.path}
    told = [track for track in reading.view.tracks if track.track in moved or _is_open(track)]
    rest = [track for track in reading.view.tracks if track not in told]
    still = "; ".join(f"{track.title}, {reading.state(track.track, track.state)}" for track in rest)
    return Section(
        "stands",
        "Where it stands now",
        ("Track", "State", "Since", "Ways on"),
        tuple(_track_row(reading, track) for track in told),
        "No track has moved yet.",
        closing=lines(f"Still where they started: {still}" if still else ""),
    )


def _is_open(track: TrackView) -> bool:
    return any(way.standing in ("open", "conflict") for way in track.transitions)


def _track_row(reading: Reading, track: TrackView) -> Row:
    phase = reading.definition.phases.get(track.phase or "", "")
    where = lines(
        reading.state(track.track, track.state),
        f"phase {phase}" if phase else "",
        track.text or "",
        reading.sources(track.cites, None),
        "the clinician chooses here" if track.choice else "",
    )
    conflict = any(way.standing == "conflict" for way in track.transitions)
    cells = (
        (track.title,),
        where,
        (reading.time(track.entered_at), _arrival(reading, track)),
        _ways(reading, track),
    )
    return Row(cells, "CONFLICT" if conflict else "", conflict)


def _arrival(reading: Reading, track: TrackView) -> str:
    steps = [step for step in reading.view.path if step.track == track.track and step.to == track.state]
    if not steps:
        return "since the case was opened"
    return CAUSES.get(steps[-1].cause, steps[-1].cause)


def _ways(reading: Reading, track: TrackView) -> Cell:
    if not track.transitions:
        return ("the end: no way leads on",)
    told = [_way(reading, way) for way in track.transitions if way.standing in _WAYS]
    shut = sum(way.standing == "closed" for way in track.transitions)
    return tuple(told) + ((f"{shut} closed now",) if shut else ())


def _way(reading: Reading, way: TransitionView) -> str:
    standing = "open" if way.standing == "open" and way.auto else _WAYS[way.standing]
    needs = f" for {reading.facts(way.needs)}" if way.needs else ""
    words = f"to {reading.state(way.track, way.to)}: {standing}{needs}"
    return sentence(words + (f". {way.text}" if way.text else ""), reading.sources(way.cites, None))


# --- what is to be done ---------------------------------------------------------------------------
def due_section(reading: Reading) -> Section:
    """What is called for, late first, then by due time; courses under way last."""
    found = [action for action in reading.view.actions if action.called and action.standing == "recommended"]
    return Section(
        "due",
        "What is due next",
        ("Action", "When", "Dose and course", "Why"),
        tuple(_action_row(reading, action) for action in most_urgent_first(found)),
        "Nothing is called for now.",
    )


def against_section(reading: Reading) -> Section:
    """What must not or cannot yet be done, and why."""
    found = [one for one in reading.view.actions if one.standing == "blocked" or _is_held(one)]
    blocked_first = sorted(most_urgent_first(found), key=lambda one: one.standing != "blocked")
    return Section(
        "against",
        "Held or blocked, and why",
        ("Action", "When", "Dose and course", "Why"),
        tuple(_action_row(reading, action) for action in blocked_first),
        "Nothing is held or blocked.",
    )


def printed_section(reading: Reading) -> Section:
    """What sources print and nobody may order from; told, so that nobody takes it from elsewhere."""
    found = [one for one in reading.view.actions if one.called and one.standing == "shown"]
    return Section(
        "printed",
        f"Printed by a source, {NOT_AN_ORDER}",
        ("Title", "When", "What is printed", "Why"),
        tuple(_action_row(reading, action) for action in most_urgent_first(found)),
        "Nothing is shown that is not an order.",
    )


def most_urgent_first(actions: Iterable[ActionView]) -> list[ActionView]:
    """By due time, then what has a deadline that cannot be told yet, the rest; courses under way last."""
    return sorted(
        actions, key=lambda a: (a.started, a.due is None, a.due or 0, not a.due_needs, a.outstanding)
    )


def _is_held(action: ActionView) -> bool:
    return action.called and action.standing == "held"


def _action_row(reading: Reading, action: ActionView) -> Row:
    is_late = action.due is not None and reading.now > action.due
    words = {"blocked": "BLOCKED", "held": "HELD", "shown": NOT_AN_ORDER}.get(action.standing, "")
    title = sentence(
        action.title, reading.sources(action.cites, reading.definition.actions[action.action].layer)
    )
    name = lines(title, _no_order(reading, action), *_grave(reading, action), action.text or "")
    mark = ", ".join(lines(words, "LATE" if is_late else ""))
    return Row(
        (name, _when(reading, action), _dose(reading, action), _why(reading, action)),
        mark,
        bool(words) or is_late,
    )


def _no_order(reading: Reading, action: ActionView) -> str:
    if reading.definition.actions[action.action].orderable:
        return ""
    return f"{NOT_AN_ORDER}: shown as its source prints it"


def _grave(reading: Reading, action: ActionView) -> Iterable[str]:
    """The grave warnings about what is no order stand beside it, in words."""
    notices = reading.definition.notices
    if reading.definition.actions[action.action].orderable:
        return
    for one in reading.view.warnings:
        if one.severity == "high" and one.id in notices and action.action in notices[one.id].about:
            yield sentence(f"!! WARNING {one.text}", reading.sources(one.cites, one.layer))


def _when(reading: Reading, action: ActionView) -> Cell:
    due = reading.due(action.due, action.urgency) if action.due is not None else ""
    is_timeless = action.called and action.due is None and not action.due_needs
    return lines(
        due,
        "no due time is stated" if is_timeless else "",
        f"no due time yet: needs {reading.facts(action.due_needs)}" if action.due_needs else "",
        "outstanding from an earlier step" if action.outstanding else "",
        "started: go on with it" if action.started else "",
    )


def _dose(reading: Reading, action: ActionView) -> Cell:
    dose, schedule = action.dose, action.schedule
    layer = reading.definition.actions[action.action].layer
    words = tuple(reading.amounts.dose(dose, reading.asked)) if dose is not None else ()
    cites = () if dose is None or set(dose.cites) <= set(action.cites) else dose.cites
    told = tuple(reading.amounts.schedule(schedule)) if schedule is not None else ()
    return (
        *words,
        *lines(sentence("sources of the dose:", reading.sources(cites, layer)) if cites else ""),
        *told,
    )


def _why(reading: Reading, action: ActionView) -> Cell:
    called = [
        f"called for by {reading.track(place[0])}, {reading.state(*place)}" for place in action.called_by
    ]
    calls = called if reading.definition.actions[action.action].orderable else []
    uncalled = "" if action.called else "not called for now"
    guards = [_guard(reading, guard) for guard in action.safeguards if guard.standing != "clear"]
    return (*lines(uncalled), *guards, *calls)


def _guard(reading: Reading, guard: SafeguardView) -> str:
    needs = f"; needs {reading.facts(guard.reason.needs)}" if guard.reason.needs else ""
    may = f"; may be overridden by: {guard.override}" if guard.override else ""
    if guard.standing in ("blocks", "holds") and not guard.override:
        may = "; no override"
    text = guard.text.removesuffix(".") if needs or may else guard.text
    words = f"{_STANDS.get(guard.standing, guard.standing)}: {text}"
    return sentence(f"{words}{needs}{may}", reading.sources(guard.cites, guard.layer))
