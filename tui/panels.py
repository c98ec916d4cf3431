"""The lines of each panel of the case screen."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from tui.acting import action_lines
from tui.choices import Kind, find_action, find_way
from tui.explaining import fact_lines, missing_lines, why_action, why_fact, why_now, why_transition
from tui.history import log_lines
from tui.lines import Line
from tui.presenting import timer_lines, warning_lines
from tui.sitting import Sitting

Maker = Callable[[], list[Line]]


def panel_lines(
    sitting: Sitting, chosen: Hashable | None, entries: int
) -> dict[str, Callable[[], list[Line]]]:
    """What makes the lines of each panel, by the panel's name: a panel out of sight costs nothing.

    `chosen` is the key of the highlighted answer, `entries` how many lines of the log are shown.
    """
    definition, view, now = sitting.definition, sitting.view, sitting.now
    events = sitting.session.events
    return {
        "actions": lambda: action_lines(definition, view, now),
        "why": lambda: why_lines(sitting, chosen),
        "warnings": lambda: warning_lines(definition, view),
        "log": lambda: log_lines(definition, view, events, now, entries),
        "timers": lambda: timer_lines(view, now),
        "missing": lambda: missing_lines(definition, view),
        "facts": lambda: fact_lines(definition, view, now),
    }


def why_lines(sitting: Sitting, chosen: Hashable | None) -> list[Line]:
    """Why the highlighted answer is offered; without one, why the tracks stand where they do."""
    definition, view, now = sitting.definition, sitting.view, sitting.now
    match chosen:
        case (Kind.ACT, str(name)) if (action := find_action(view, name)) is not None:
            return why_action(definition, view, action, now)
        case (Kind.TAKE, str(subject)) if (way := find_way(view, subject)) is not None:
            return why_transition(definition, view, way, now)
        case (Kind.RECORD, str(name)):
            return why_fact(definition, view, name, now)
        case _:
            return why_now(definition, view, now)
