"""The screen of all cases: where each stands, what is due next; they are opened, begun and compared here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from tui.cases.opening_screen import OpeningScreen, Saver
from tui.cases.rows import count_words, detail_lines, in_order, narrowed, stamp_words
from tui.cases.table import CaseTable
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.session import Clock, Desk, ListedCase
from tui.times import show_clock
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar, LineView
from tui.widgets.numbered import Numbered, Row
from tui.window import HEIGHT, WIDTH, drained, is_too_small

PAGE = 200  # rows that are shown at first, and added each time the highlight comes near the last one
NEAR = 20
FLUSH, TICK, LOOK = 0.25, 5.0, 30.0  # seconds between looks at what was read, at the time, at the folder
MANY = 2000  # cases above which the table is ordered anew only every fourth time
NEW, DEMO, GUIDE = "new", "demo", "guide"
GUIDE_WORDS = "`pathway --help` tells every command, `pathway step --help` this one."
NOTHING_YET = (
    Row(NEW, Line("Open a new case of a pathway")),
    Row(DEMO, Line("Look at the demo case of a pathway: made up, and kept apart")),
    Row(GUIDE, Line("Leave, and read the guide: pathway --help")),
)


def _key(key: str, action: str, description: str, id: str, is_first: bool = False) -> Binding:
    return Binding(key, action, description, show=False, id=id, priority=is_first)


class CasesScreen(OpeningScreen):
    """Every case of the store. A thread reads the logs, those on show first; leaving the screen stops it."""

    CSS = """
    CasesScreen #top { background: #1F2A37; color: #FFFFFF; text-style: bold; }
    CasesScreen #count { background: #2B3848; color: #FFFFFF; }
    CasesScreen #stamps { display: none; background: #2B3848; color: #FFFFFF; text-style: bold; }
    CasesScreen #filter { display: none; height: 1; padding: 0 1; background: $field; color: $words; }
    CasesScreen #filter.-shown { display: block; }
    CasesScreen #cases { height: 1fr; background: $ground; color: $words; scrollbar-size-vertical: 1; }
    CasesScreen .datatable--header { background: $ground; color: $words; text-style: bold underline; }
    CasesScreen #cases > .datatable--cursor { background: #0A589A; color: #FFFFFF; text-style: bold; }
    CasesScreen #choices { display: none; height: 1fr; max-height: 100%; }
    CasesScreen.-empty #choices { display: block; }
    CasesScreen.-empty #cases { display: none; }
    CasesScreen #message { max-height: 9; }
    CasesScreen #detail { height: 8; border-top: solid $rule; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("enter", "open", "Open", "cases.open", is_first=True),
        _key("n", "new", "New case", "cases.new"),
        _key("slash", "filter", "Filter", "cases.filter"),
        _key("v", "compare", "Compare versions", "cases.compare"),
        _key("d", "demo", "Demo case", "cases.demo"),
        _key("escape,ctrl+g", "unfilter", "No filter", "cases.unfilter"),
        _key("question_mark", "app.help", "Help", "app.help"),
        _key("q", "app.quit", "Quit", "app.leave"),
        *(_key(digit, f"digit('{digit}')", "Choice", f"cases.digit_{digit}") for digit in "0123456789"),
    ]

    def __init__(self, desk: Desk, clock: Clock, by: str, saver: Saver | None = None) -> None:
        super().__init__(desk, clock, by, saver)
        self._rows = PAGE
        self._beats = 0

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="count")
        yield Bar(id="stamps")
        yield Input(
            id="filter", placeholder="part of an id, label, pathway, state; late, closed", compact=True
        )
        yield CaseTable()
        choices = Numbered(id="choices")
        enter = key_at(self, "cases.open")
        choices.ask(f"There is no case here yet. What now? A number, then {enter}")
        yield choices
        yield LineView(id="detail")
        yield LineView(id="message")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        self.query_one("#choices", Numbered).show(NOTHING_YET, "")
        self._tell_top()
        self.set_focus(self.query_one(CaseTable))
        self.set_interval(FLUSH, self._flush)
        self.set_interval(TICK, self._tick)
        self.set_interval(LOOK, self._look)

    def on_resize(self, event: Resize) -> None:
        here = f"This window is {event.size.width}x{event.size.height}."
        mend = f"Enlarge it, or leave ({key_at(self, 'app.leave')})"
        needed = f"The list of cases needs {WIDTH}x{HEIGHT} or more. {mend}."
        self.query_one("#small", Static).update(f"{here} {needed}")
        self.call_after_refresh(self._show)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the list opens nothing; leaving works always."""
        if action == "digit" and not self.has_class("-empty"):
            return False
        if action in ("new", "compare", "demo", "filter") and self._is_filtering:
            return False
        if action == "unfilter" and not self.query_one("#filter", Input).has_class("-shown"):
            return False
        return action == "quit" or not is_too_small(self.app)

    def show_cases(self) -> None:
        self.set_class(not self._cases, "-empty")
        if not self._is_filtering:
            self.set_focus(self._list)
        self._show()
        self.refresh_bindings()

    def show_refusal(self, text: str) -> None:
        self._show()
        self.say([Line(text, "!!", Tone.ALARM)])

    def _flush(self) -> None:
        """Show what was read meanwhile; a long list is put in order less often."""
        self._beats += 1
        if self._is_changed and (len(self._cases) < MANY or self._beats % 4 == 0):
            self._show()

    def _tick(self) -> None:
        """The minutes left go down by themselves; a case in which something changes by now is read again."""
        if not self.is_current:
            return
        now = self._clock()
        self._tell_top()
        self._show()
        changed = [one for one in self._cases.values() if _has_changed(one, now)]
        if changed:
            self._agenda.again(changed)
            self._look()

    # --- showing --------------------------------------------------------------------------------
    @property
    def _list(self) -> Widget:
        return self.query_one("#choices" if self.has_class("-empty") else "#cases")

    @property
    def _is_filtering(self) -> bool:
        return self.query_one("#filter", Input).has_focus

    def _show(self) -> None:
        """Bring table, count and detail up to what is known now."""
        now, every = self._clock(), list(self._cases.values())
        found = in_order(narrowed(every, self.query_one("#filter", Input).value, now), now)
        table = self.query_one(CaseTable)
        table.show(found[: self._rows], now, self.size.width)
        self._choose_wanted(table)
        self._is_changed = False
        self.query_one("#count", Bar).show(f" {self._count_words(every, len(found), now)}")
        stamps = stamp_words(every)
        self.query_one("#stamps", Bar).show(f" {stamps}")
        self.query_one("#stamps", Bar).display = bool(stamps)
        self._agenda.prefer(table.in_sight)
        self._tell_detail()

    def _count_words(self, every: Sequence[ListedCase], found: int, now: int) -> str:
        if self._is_listed is None:
            return "Looking for cases ..."
        return count_words(every, found, self._rows, now) if self._is_listed else "The cases cannot be listed"

    def _choose_wanted(self, table: CaseTable) -> None:
        """Highlight the case that was begun last, once it is listed."""
        key = next((one.key for one in self._cases.values() if one.case == self._wanted), None)
        if self._wanted is not None and key is not None:
            self._wanted = None
            table.choose(key)

    def _tell_top(self) -> None:
        zone = self._desk.timezone
        self.query_one("#top", Bar).show(
            f" Cases in {self._desk.place}", f"{show_clock(self._clock(), zone)} {zone} "
        )

    def _tell_detail(self) -> None:
        lines = (
            []
            if self.has_class("-empty")
            else detail_lines(self.chosen, self._clock(), partial(key_at, self))
        )
        self.query_one("#detail", LineView).show(lines)

    @property
    def chosen(self) -> ListedCase | None:
        return self._cases.get(self.query_one(CaseTable).chosen or "")

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        table = self.query_one(CaseTable)
        self._agenda.prefer(table.in_sight)
        if table.chosen is not None and table.cursor_row >= self._rows - NEAR:
            self._rows += PAGE
            self._show()
        self._tell_detail()

    def say(self, lines: Sequence[Line]) -> None:
        self.query_one("#message", LineView).show(lines)

    # --- filter ---------------------------------------------------------------------------------
    def action_filter(self) -> None:
        box = self.query_one("#filter", Input)
        box.add_class("-shown")
        self.set_focus(box)
        self.refresh_bindings()

    def action_unfilter(self) -> None:
        box = self.query_one("#filter", Input)
        box.value = ""
        box.remove_class("-shown")
        self.set_focus(self._list)
        self.refresh_bindings()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._rows = PAGE
        self._show()

    # --- doing ----------------------------------------------------------------------------------
    async def action_open(self) -> None:
        """Open the highlighted case, or the only one that the filter leaves."""
        if self.has_class("-empty"):
            choices = self.query_one("#choices", Numbered)
            self._do(choices.take_highlighted())
            self.say([Line(f"{choices.trouble}.", tone=Tone.STRONG)] if choices.trouble else [])
            return
        table = self.query_one(CaseTable)
        if self._is_filtering:
            await drained(self.query_one("#filter", Input))
            self._show()
            self.set_focus(table)
            if table.row_count != 1:
                return
            table.action_cursor_down()
        self.open_chosen()

    def action_digit(self, digit: str) -> None:
        self.query_one("#choices", Numbered).press_digit(digit)

    def _do(self, choice: object) -> None:
        if choice == NEW:
            self.call_later(self.action_new)
        elif choice == DEMO:
            self.call_later(self.action_demo)
        elif choice == GUIDE:
            self.app.exit(message=Text(GUIDE_WORDS))


def _has_changed(one: ListedCase, now: int) -> bool:
    change = one.standing.next_change_at if one.standing is not None else None
    return change is not None and now >= change
