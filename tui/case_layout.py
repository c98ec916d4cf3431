"""The main column of a case's screen: where it stands, what now, and how many rows each of them has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.containers import VerticalScroll
from textual.widget import Widget

from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.keymap import KeyOf
from tui.lines import Line, all_wrapped, columns, cut
from tui.presenting import ending_lines, is_ended, state_lines, track_rows
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered

TRACK_ROWS = 4
LEAST_PANEL = 5  # rows, its title among them, that a message leaves to the panel below the answers
MOST_CHOICES, LEAST_CHOICES = 8, 5
MOST_MESSAGE, LEAST_MESSAGE = 3, 2


@dataclass(frozen=True, slots=True)
class Shares:
    """How many rows of a small window the answers and the message have at most."""

    choices: int
    message: int


def shares(left: int) -> Shares:
    """Of the rows `left` to answers, message and panel, the panel keeps its least and the message is cut."""
    free = left - LEAST_PANEL
    message = min(MOST_MESSAGE, max(LEAST_MESSAGE, free - MOST_CHOICES))
    return Shares(min(MOST_CHOICES, max(LEAST_CHOICES, free - message)), message)


def message_lines(lines: list[Line], width: int, most: int, key: KeyOf) -> list[Line]:
    """The first `most` rows of a message; what has no room is counted, with the keys of its panels."""
    shown = all_wrapped(lines, max(20, width))
    if len(shown) <= most:
        return shown
    more = f"  +{len(shown) - most} more ({key('panel.actions')}, {key('panel.warnings')})"
    last = shown[most - 1]
    room = width - columns(more) - last.indent
    lead = cut(last.lead, room)
    text = cut(last.text, room - columns(lead) - 1) if room > columns(lead) + 1 else ""
    return [*shown[: most - 1], replace(last, lead=lead, text=text + more)]


def places(definition: Definition, view: View, key: KeyOf, room: int | None) -> list[Line]:
    """Where the case stands, after the word that it may be closed; one row a track in `room` columns."""
    why = key("panel.why")
    ending = ending_lines(definition, view, key("case.close"))
    if room is None:
        return [*ending, *state_lines(view, why)]
    rows = track_rows(view, TRACK_ROWS - len(ending), why)
    return [*ending, *(Line(cut(row.text, room - columns(row.lead)), row.lead) for row in rows)]


def main_column() -> list[Widget]:
    now = VerticalScroll(LineView(id="now-lines"), id="now", can_focus=False)
    now.border_title = "Where the case stands"
    return [now, Numbered(id="choices")]


def question(view: View, enter: str) -> str:
    """What the list of answers is headed with."""
    return "Closed" if view.closed else f"What now? A number, then {enter}"


def nothing(view: View, key: KeyOf) -> str:
    """What stands in the place of the answers where there are none."""
    leave = key("app.leave")
    if view.closed:
        read = ", ".join(map(key, ("panel.why", "panel.facts", "panel.log")))
        return f"The case is closed: nothing more is entered. To read: {read}. {leave} leaves."
    if is_ended(view):
        ended = "The pathway has come to its end; nothing is outstanding."
        return f"{ended} {key('case.close')} closes the case, {leave} leaves it."
    ways = f"{key('case.record')} records any fact, {key('case.correct')} corrects one"
    return f"Nothing waits for an answer. {ways}, {key('panel.missing')} says what is missing."
