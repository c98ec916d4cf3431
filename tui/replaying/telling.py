"""A position in a log as plain lines: the banner, the event in words, what it changed, and why."""

from __future__ import annotations

from pathway.engine import events as ev
from pathway.engine.case import Step
from pathway.engine.view import Taken, View
from pathway.language.definition import Definition
from pathway.language.units import UnitError
from pathway.replay.frames import Frame
from tui.changes import change_lines
from tui.explaining import fact_value, why_action, why_fact, why_now, why_transition
from tui.history import event_words
from tui.keymap import KeyOf
from tui.lines import Line, Tone, heading
from tui.presenting import deadlines
from tui.replaying.judging import Judgement, divergence_lines
from tui.replaying.playing import Playing, shortened
from tui.replaying.recording import Recording, version_words
from tui.times import show_clock, show_length, show_time

READ_ONLY = "REPLAY (read only)"
EMPTY = "This log holds no event: the case was never opened. There is nothing to replay."


def banner(recording: Recording) -> tuple[str, str]:
    """The first row: that nothing is entered here, and the status of the pathway, which is never cut."""
    definition = recording.definition
    return READ_ONLY, definition.stamp or definition.status


def case_row(recording: Recording, now: int | None) -> tuple[str, str]:
    """Both identifiers of the case, and the log's time."""
    header, events = recording.log.header, recording.log.events
    opened = events[0] if events else None
    label = opened.label if isinstance(opened, ev.CaseOpened) and opened.label else "(no label)"
    zone = recording.frames.timezone
    return f"{label}  {header.case}", "" if now is None else f"log time {show_clock(now, zone)} {zone}"


def pathway_row(recording: Recording) -> str:
    """Which version the log is of, and which it is shown with or held against."""
    header, definition = recording.log.header, recording.definition
    own, shown = f"{header.pathway}@{header.version}", version_words(definition)
    if own != shown:
        return f"log of {header.version}, shown with {shown}{_other(recording)}"
    return f"{shown}{_other(recording) or f'  {definition.title}'}"


def _other(recording: Recording) -> str:
    if recording.against is None:
        return ""
    other = recording.against.definition
    name = other.version if other.id == recording.definition.id else version_words(other)
    return f"  against {name}" + (f" ({other.status})" if other.stamp is not None else "")


def position_row(recording: Recording, playing: Playing | None) -> tuple[str, str]:
    """Where the replay stands, and how it plays."""
    frames = recording.frames
    if playing is None:
        return "event 0 of 0, decision 0 of 0", ""
    frame = frames.frame(playing.number)
    where = f"event {frame.number} of {len(frames)}, decision {frame.decision} of {frames.decisions}"
    if not playing.is_running:
        return where, f"paused, {playing.speed}x"
    gap = shortened(playing, frames.instants)
    words = "" if gap is None else f", gap of {show_length(gap)} shortened"
    return where, f"playing {playing.speed}x of log time{words}"


def words_of(definition: Definition, event: ev.Event, now: int, timezone: str) -> str:
    """An event as a sentence; a forged unit that is none is shown as it stands."""
    try:
        return event_words(definition, event, now, timezone)
    except UnitError:
        assert isinstance(event, ev.FactRecorded)
        return f"{event.fact} = {event.value} {event.unit}"


def event_title(recording: Recording, frame: Frame) -> str:
    """What kind of event it is, which lines its entry has, and when it was written down."""
    event, zone = frame.event, recording.frames.timezone
    lines = "" if frame.first == frame.last else f", events {frame.first} to {frame.last}"
    written = show_time(event.recorded_at, frame.at, zone)
    return f"{event.type} of entry {event.batch}{lines}; written down {written}"


def event_lines(recording: Recording, frame: Frame) -> list[Line]:
    """The event itself: who, what, and when it was true."""
    event, zone = frame.event, recording.frames.timezone
    true = f", true at {show_time(event.at, frame.at, zone)}" if event.at != frame.at else ""
    told = words_of(recording.definition, event, frame.at, zone)
    return [Line(f"{told}{true}", f"{show_clock(frame.at, zone)}, {event.by}:", Tone.STRONG)]


def list_lines(recording: Recording, number: int, before: int, after: int) -> list[Line]:
    """The events around a position, the present one marked."""
    frames, zone = recording.frames, recording.frames.timezone
    now = frames.instants[number - 1]
    lines: list[Line] = []
    for one in range(max(1, number - before), min(len(frames), number + after) + 1):
        event, mark = frames.events[one - 1], ">" if one == number else " "
        when = show_time(frames.instants[one - 1], now, zone)
        words = f"{event.by}: {words_of(recording.definition, event, now, zone)}"
        tone = Tone.STRONG if one == number else Tone.PLAIN
        lines.append(Line(words, f"{mark} {one} {when}", tone, hang=4))
    return lines


def panel_row(view: View | None, now: int, has_other: bool, key: KeyOf) -> str:
    """The keys of the panels, for a window that shows one at a time; late deadlines and warnings are told."""
    due = "LATE" if view is not None and any(one.is_late for one in deadlines(view, now)) else "Due"
    warnings = f"Warnings {len(view.warnings)}" if view is not None and view.warnings else "Warnings"
    words = {
        "changed": "Changed", "reasons": "Why", "states": "States", "actions": "Actions", "timers": due,
        "warnings": warnings, "facts": "Facts", "events": "Log", "other": "Other",
    }  # fmt: skip
    names = [f"{key(name)} {word}" for name, word in words.items() if has_other or name != "other"]
    return (" " if has_other else "  ").join(names)


# --- what an event changed ----------------------------------------------------------------------
def changed_lines(recording: Recording, frame: Frame) -> list[Line]:
    """What this event changed; at the end of an entry of several events, what the whole entry changed."""
    if frame.fault is not None:
        text = f"From event {frame.fault.seq} on the events amount to no case: {frame.fault.why}."
        last = "The states shown are those before it." if frame.view is not None else ""
        return [Line(f"{text} {last}".rstrip(), "CANNOT BE SHOWN:", Tone.ALARM)]
    lines = _since(recording, frame, frame.number)
    if frame.number == frame.last and frame.first < frame.last:
        title = heading(f"By the whole entry, events {frame.first} to {frame.last}")
        lines = [heading("By this event"), *lines, title, *_since(recording, frame, frame.first)]
    return lines


def _since(recording: Recording, frame: Frame, first: int) -> list[Line]:
    """What the events from `first` to this one changed."""
    before, after = recording.frames.view(first - 1), recording.frames.view(frame.number)
    if before is None or after is None:
        return [Line("The case begins here.")]
    definition = recording.definition
    events = recording.frames.events[first - 1 : frame.number]
    taken = tuple(_taken(event) for event in events if isinstance(event, ev.TransitionTaken))
    told = change_lines(definition, before, Step(after.at, events, taken, (), after))
    known = change_lines(definition, before, Step(before.at, (), (), (), before))
    lines = [
        *(line for line in told if line not in known),
        *_returned(before, after, {move.track for move in taken}),
        *_facts(definition, before, after),
        *_due(before, after),
    ]
    return lines or [Line("Nothing that is shown has changed.")]


def _taken(event: ev.TransitionTaken) -> Taken:
    return Taken(event.track, event.source, event.to, event.cause, ())


def _returned(before: View, after: View, told: set[str]) -> list[Line]:
    """Tracks that stand elsewhere without a move of their own: something was undone."""
    states = {track.track: track.state for track in before.tracks}
    return [
        Line(f"is at {track.number}. {track.state_title} again", track.title, Tone.STRONG)
        for track in after.tracks
        if track.track not in told and states[track.track] != track.state
    ]


def _facts(definition: Definition, before: View, after: View) -> list[Line]:
    """Facts, computed ones too, that came, changed or became unknown."""
    old = {fact.fact: fact for fact in before.facts}
    new = {fact.fact: fact for fact in after.facts}
    lines: list[Line] = []
    for name in (*new, *(name for name in old if name not in new)):
        values = [
            fact_value(definition, name, one.value, one.unit) if (one := facts.get(name)) else "UNKNOWN"
            for facts in (old, new)
        ]
        if values[0] != values[1]:
            lines.append(Line(f"{values[1]} (was {values[0]})", f"{name}:"))
    return lines


def _due(before: View, after: View) -> list[Line]:
    """Due times that came, went or moved."""
    old = {action.action: action.due for action in before.actions}
    lines: list[Line] = []
    for action in after.actions:
        was = old.get(action.action)
        if action.due == was:
            continue
        words = [
            "no due time" if due is None else f"due {show_time(due, after.at, after.timezone)}"
            for due in (action.due, was)
        ]
        lines.append(Line(f"{words[0]} (was {words[1]})", f"{action.title}:"))
    return lines


# --- why ----------------------------------------------------------------------------------------
def reason_lines(recording: Recording, frame: Frame, judgement: Judgement | None) -> list[Line]:
    """The guard of this event with its values; at the first divergence, what was expected instead."""
    divergence = judgement.divergence if judgement is not None else None
    lines: list[Line] = []
    if divergence is not None and divergence.seq == frame.number:
        lines += divergence_lines(divergence)
    before, definition = recording.frames.view(frame.number - 1), recording.definition
    view = before if isinstance(frame.event, ev.TransitionTaken | ev.ActionDone | ev.ActionDeclined) else None
    if view is not None and frame.fault is None:
        return [*lines, *_before(definition, view, frame)]
    if frame.view is None:
        return lines or [Line("There is no case yet to explain.")]
    event = frame.event
    if isinstance(event, ev.FactRecorded | ev.FactRetracted) and event.fact in definition.facts:
        return [*lines, *why_fact(definition, frame.view, event.fact, frame.at)]
    return [*lines, *why_now(definition, frame.view, frame.at)]


def _before(definition: Definition, view: View, frame: Frame) -> list[Line]:
    """How a way or an action stood just before it was taken or done."""
    event, at = frame.event, frame.at
    if isinstance(event, ev.TransitionTaken):
        ways = [
            way
            for track in view.tracks
            for way in track.transitions
            if (way.track, way.source, way.to) == (event.track, event.source, event.to)
        ]
        same = [way for way in ways if way.reason.text == event.guard] or ways
        head = heading(f"{event.track}: {event.source} to {event.to}, as it stood before")
        if not same:
            return [head, Line(f"logged with the guard {event.guard!r}; no way of the pathway leads there")]
        return [head, *why_transition(definition, view, same[0], at)]
    name = event.action if isinstance(event, ev.ActionDone | ev.ActionDeclined) else ""
    found = next((action for action in view.actions if action.action == name), None)
    if found is None:
        return [Line(f"{name} was not called for before.")]
    return why_action(definition, view, found, at)
