"""The path so far and the log as plain lines, and what undo would take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathway.engine import events as ev
from pathway.engine.event_words import CAUSES
from pathway.engine.event_words import event_words as told
from pathway.engine.view import PathStep, View
from pathway.language.definition import Definition
from tui.explaining import fact_value
from tui.lines import Line, heading
from tui.times import show_time


def path_lines(definition: Definition, view: View, now: int) -> list[Line]:
    """The states passed through, in order, with cause and anything that changed since."""
    lines = [_path_line(definition, step, view, now) for step in view.path]
    return lines or [Line("The case stands where it started.")]


def last_of_path(definition: Definition, view: View, now: int, most: int) -> list[Line]:
    """The last states passed through, and how many before them are not listed."""
    left_out = max(0, len(view.path) - most)
    earlier = [Line(f"{left_out} earlier states; page down at the end shows more")] if left_out else []
    return [*earlier, *path_lines(definition, replace(view, path=view.path[left_out:]), now)]


def log_lines(
    definition: Definition, view: View, events: Sequence[ev.Event], now: int, most: int | None = None
) -> list[Line]:
    """The path so far, then the entries by the time of writing, newest first; `at` is when it was true.

    Of both the last `most`, and how many there are before.
    """
    path = path_lines(definition, view, now) if most is None else last_of_path(definition, view, now, most)
    lines = [heading("PATH SO FAR"), *path, heading("LOG, newest first")]
    first = 0 if most is None else max(0, len(events) - most)
    for event in reversed(events[first:]):
        written = show_time(event.recorded_at, now, view.timezone)
        true = f", at {show_time(event.at, now, view.timezone)}" if event.at != event.recorded_at else ""
        lines.append(Line(f"{event.by}: {event_words(definition, event, now, view.timezone)}{true}", written))
    return [*lines, Line(f"{first} earlier entries; page down at the end shows more")] if first else lines


def event_words(definition: Definition, event: ev.Event, now: int, timezone: str) -> str:
    """One event as a sentence, with everything named as in the log itself."""
    return told(event, _AsLogged(definition, now, timezone))


@dataclass(frozen=True, slots=True)
class _AsLogged:
    """Names as the log and a timeline write them; also a log that names what its pathway has not is told."""

    definition: Definition
    now: int
    timezone: str

    def fact(self, name: str) -> str:
        return name

    def action(self, name: str) -> str:
        return name

    def track(self, name: str) -> str:
        return name

    def state(self, track: str, state: str) -> str:
        return state

    def safeguard(self, name: str) -> str:
        return name

    def recorded(self, event: ev.FactRecorded) -> str:
        return fact_value(self.definition, event.fact, event.value, event.unit)

    def time(self, at: int) -> str:
        return show_time(at, self.now, self.timezone)


def last_entry(events: Sequence[ev.Event]) -> tuple[ev.Event, ...]:
    """The human batch that undo would take back, without the automatic moves it caused; empty if none.

    Last in, first out over human batches (rule 26).
    """
    standing: dict[int, list[ev.Event]] = {}
    for event in events:
        if isinstance(event, ev.Undone):
            standing.pop(event.undone, None)
        elif _is_human(event):
            standing.setdefault(event.batch, []).append(event)
    return tuple(standing[max(standing)]) if standing else ()


def _is_human(event: ev.Event) -> bool:
    if isinstance(event, ev.TransitionTaken):
        return event.cause not in ("auto", "timeline")
    return not isinstance(event, ev.CaseOpened | ev.TimePassed | ev.Undone)


def _path_line(definition: Definition, step: PathStep, view: View, now: int) -> Line:
    track = definition.tracks.get(step.track)
    state = track.states.get(step.to) if track is not None else None
    title = f"{state.number}. {state.title}" if state is not None else step.to
    changed = "; BASIS CHANGED since: the facts it rested on were corrected" if step.basis_changed else ""
    reason = f": {step.reason}" if step.reason else ""
    cause = CAUSES.get(step.cause, step.cause)
    return Line(f"{title} ({step.track}), {cause}{reason}{changed}", show_time(step.at, now, view.timezone))
