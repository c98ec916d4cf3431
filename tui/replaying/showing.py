"""The lines of every panel of a replay at one position, made only when they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pathway.engine.view import View
from pathway.replay.frames import Frame
from tui.acting import action_lines
from tui.explaining import fact_lines
from tui.lines import Line, columns, cut
from tui.presenting import state_lines, timer_lines, track_rows, warning_lines
from tui.replaying import telling
from tui.replaying.judging import Judgement
from tui.replaying.layout import PANELS
from tui.replaying.recording import Recording

TRACK_ROWS = 3
LISTED = {False: (3, 20), True: (3, 60)}  # events listed before and after, in a small window and a wide one
NO_CASE = [Line("There is no case here.")]
Made: TypeAlias = Callable[[], list[Line]]


def nothing_made() -> dict[str, Made]:
    """The panels of a log without events."""
    return {name: lambda: NO_CASE for _, panels in PANELS for name, _, _ in panels}


def panels_made(
    recording: Recording, frame: Frame, now: int, judgement: Judgement | None, is_wide: bool, more: str
) -> dict[str, Made]:
    """How the lines of each panel are made; deadlines are judged at `now`, the log's own time.

    `more` is the key that tells of the tracks that are only named.
    """
    return {
        "changed": lambda: telling.changed_lines(recording, frame),
        "reasons": lambda: telling.reason_lines(recording, frame, judgement),
        "events": lambda: telling.list_lines(recording, frame.number, *LISTED[is_wide]),
        **_case_made(recording, frame.view, now, more),
    }


def track_lines(view: View | None, width: int, more: str) -> list[Line]:
    """The tracks one to a row, for a small window."""
    if view is None:
        return []
    rows = track_rows(view, TRACK_ROWS, more)
    return [Line(cut(row.text, width - columns(row.lead)), row.lead) for row in rows]


def _case_made(recording: Recording, view: View | None, now: int, more: str) -> dict[str, Made]:
    """The panels that show the case as any other screen does."""
    definition = recording.definition
    if view is None:
        return {name: lambda: NO_CASE for name in ("states", "actions", "timers", "warnings", "facts")}
    return {
        "states": lambda: state_lines(view, more),
        "actions": lambda: action_lines(definition, view, now),
        "timers": lambda: timer_lines(view, now),
        "warnings": lambda: warning_lines(definition, view),
        "facts": lambda: fact_lines(definition, view, now),
    }
