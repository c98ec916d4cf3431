"""The fixed top of the screen: whose case, which pathway, its stamp, phases, clock, warnings, due times."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.keymap import key_at
from tui.lines import MORE, Line, Tone, columns, cut, inert, wrapped
from tui.presenting import (
    case_title,
    deadlines,
    phase_bar,
    short_case_title,
    short_phase_bar,
    warning_line,
    warnings_in_order,
)  # fmt: skip
from tui.times import show_clock
from tui.widgets.line_view import BAR, STYLES, Bar

MOST_ROWS = 2


class CaseTitle(Bar):
    """Both identifiers of a case, and whether it is closed."""

    def show_case(self, view: View) -> None:
        self._view = view
        self.show(case_title(view), "CLOSED  " if view.closed else "")

    def cut_left(self, room: int) -> str:
        return f" {short_case_title(self._view, room - 2)}" if self.left else ""


class CaseHeader(Vertical):
    """Case, pathway with version and stamp, phases; the clock ticks without redrawing the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._time = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="case-row"):
            yield CaseTitle(id="case-title")
            yield Static("", id="clock", markup=False)
        yield Bar(id="pathway-row")
        yield Bar(id="phase-row")

    def show(self, definition: Definition, view: View) -> None:
        """Show the case. The stamp of an unapproved pathway is on the right, where nothing is ever cut."""
        self.query_one("#case-title", CaseTitle).show_case(view)
        stamp = definition.stamp or ""
        width = self.size.width or 80
        version = f" {definition.version}"
        room = width - columns(stamp) - len(version) - 4
        self.query_one("#pathway-row", Bar).show(
            f" {cut(definition.title, room)}{version}", f"{stamp} " if stamp else ""
        )
        bar = phase_bar(definition, view)
        fits = columns(bar) < width - 1
        self.query_one("#phase-row", Bar).show(f" {bar if fits else short_phase_bar(definition, view)}")

    def tick(self, now: int, timezone: str) -> None:
        """Show the time of day, and the zone."""
        words = f"{show_clock(now, timezone)} {timezone} "
        if words != self._time:
            self._time = words
            self.query_one("#clock", Static).update(Content.assemble((words, BAR)))


class Warnings(Widget):
    """Two rows for the most severe warnings and how many more there are; no rows when there are none.

    A flag that nobody has acknowledged takes both rows where it needs them; an acknowledged one takes one
    row and stays until it does not apply any more.
    """

    def __init__(self) -> None:
        super().__init__(id="warnings")
        self.rows: tuple[Line, ...] = ()
        self._takes_all = False
        self.height_in_rows = 0

    def show(self, definition: Definition, view: View, first: tuple[Line, ...]) -> None:
        """`first` are cautions of the terminal itself, such as a clock that is behind."""
        before = (self.rows, self._takes_all)
        warnings = warnings_in_order(view)
        self.rows = (*first, *(warning_line(definition, warning) for warning in warnings))
        flags = [one for one in warnings if one.severity == "high" and one.acknowledged is None]
        self._takes_all = len(flags) == 1 and not first
        self.height_in_rows = min(MOST_ROWS, len(self._shown(self._room())[0]))
        self.styles.height = self.height_in_rows
        self.display = bool(self.rows)
        if before != (self.rows, self._takes_all):
            self.refresh(layout=True)

    def render(self) -> Content:
        width = self._room()
        rows, more = self._shown(width)
        contents = [self._row(line, width, more if line is rows[-1] else 0) for line in rows]
        return Content("\n").join(contents)

    def _room(self) -> int:
        return self.size.width or self.app.size.width

    def _shown(self, width: int) -> tuple[list[Line], int]:
        """The rows as they stand, and how many warnings have no row."""
        if not self.rows:
            return [], 0
        flag = wrapped(self.rows[0], width - 2) if self._takes_all else []
        if len(flag) > 1:
            rest = Line(" ".join(part.text for part in flag[1:]), tone=flag[0].tone, indent=flag[1].indent)
            return [flag[0], rest], len(self.rows) - 1
        return list(self.rows[:MOST_ROWS]), len(self.rows[MOST_ROWS:])

    def _row(self, line: Line, width: int, left: int) -> Content:
        key = key_at(self, "panel.warnings")
        more = f"  +{left} more ({key})" if left else ""
        style = STYLES[line.tone] if line.tone is not Tone.PLAIN else ""
        words = cut(f" {line.plain}", width - columns(more))
        hint = f" ({key})" if words.endswith(MORE) and not more else ""
        words = cut(words, width - columns(more) - columns(hint)) + hint
        return Content.assemble((words + " " * max(0, width - columns(words + more)) + more, style))


class Deadlines(Widget):
    """The next due times on one row: the time first, then how far away it is, in words."""

    def __init__(self) -> None:
        super().__init__(id="deadlines")
        self.words: tuple[tuple[str, bool], ...] = ()

    def show(self, view: View, now: int) -> None:
        """Shown again only when its words change: the minutes left are part of them."""
        words = tuple((f"{d.at} {d.title}, {d.words}", d.is_late) for d in deadlines(view, now))
        if words == self.words and self.display == bool(words):
            return
        self.words = words
        self.display = bool(words)
        self.refresh(layout=True)

    def render(self) -> Content:
        width, parts, used = self.size.width, list[tuple[str, str]](), 0
        key = key_at(self, "panel.timers")
        for index, (words, is_late) in enumerate(self.words):
            left = len(self.words) - index - 1
            more = f"  +{left} more ({key})" if left else ""
            shown = f" {inert(words)} "
            if parts and used + columns(shown) + columns(more) + 2 > width:
                return Content.assemble(*parts, (f" +{left + 1} more ({key})", ""))
            shown = cut(shown, width - columns(more) - used)
            parts += [("|", "")] if parts else []
            parts.append((shown, STYLES[Tone.ALARM] if is_late else "bold"))
            used += columns(shown) + 1
        return Content.assemble(*parts)
