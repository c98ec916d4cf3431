"""The lines of each panel of the case screen."""

from __future__ import annotations

from collections.abc import Hashable

from tui.acting import action_lines
from tui.choices import Kind, find_action, find_way
from tui.explaining import fact_lines, missing_lines, why_action, why_fact, why_now, why_transition
from tui.history import log_lines
from tui.lines import Line
from tui.presenting import timer_lines, warning_lines
from tui.sitting import Sitting


def panel_lines(sitting: Sitting, chosen: Hashable | None) -> dict[str, list[Line]]:
    """What each panel shows now, by the panel's name; `chosen` is the key of the highlighted answer."""
    definition, view, now = sitting.definition, sitting.view, sitting.now
    return {
        "actions": action_lines(definition, view, now),
        "why": why_lines(sitting, chosen),
        "warnings": warning_lines(definition, view),
        "log": log_lines(definition, view, sitting.session.events, now),
        "timers": timer_lines(view, now),
        "missing": missing_lines(definition, view),
        "facts": fact_lines(definition, view, now),
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
