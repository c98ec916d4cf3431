"""The screen of all cases: where each stands, what is due next; they are opened, begun and compared here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from pathway.language.definition import Definition
from tui.case_screen import CaseScreen
from tui.cases.compare_screen import CompareScreen
from tui.cases.new_case_screen import NewCaseScreen
from tui.cases.reading_screen import ReadingScreen
from tui.cases.rows import count_words, detail_lines, in_order, narrowed, stamp_words
from tui.cases.table import CaseTable
from tui.handover_screen import Save
from tui.lines import Line, Tone
from tui.pick_screen import PickScreen
from tui.session import Clock, Comparison, Desk, DeskError, ListedCase, Opened, PathwayEntry
from tui.sitting import Sitting
from tui.times import show_clock
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar, LineView
from tui.widgets.numbered import Numbered, Row
from tui.window import HEIGHT, WIDTH, drained, is_too_small

Saver = Callable[[Definition], Save]
PAGE = 200  # rows that are shown at first, and added each time the highlight comes near the last one
NEAR = 20
FLUSH, TICK, LOOK = 0.25, 5.0, 30.0  # seconds between looks at what was read, at the time, at the folder
MANY = 2000  # cases above which the table is ordered anew only every fourth time
REMARK = 12.0  # seconds for which a remark about a case that was opened stays
NEW, DEMO, GUIDE = "new", "demo", "guide"
GUIDE_WORDS = "`pathway --help` tells every command, `pathway step --help` this one."
NOTHING_YET = (
    Row(NEW, Line("Open a new case of a pathway")),
    Row(DEMO, Line("Look at the demo case of a pathway: made up, and kept apart")),
    Row(GUIDE, Line("Leave, and read the guide: pathway --help")),
)


def _key(key: str, action: str, description: str, id: str, is_first: bool = False) -> Binding:
    return Binding(key, action, description, show=False, id=id, priority=is_first)


class CasesScreen(ReadingScreen):
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
        *(_key(digit, f"digit('{digit}')", "Choice", f"cases.digit_{digit}") for digit in "123"),
    ]

    @dataclass
    class Failed(Message):
        """Something could not be done, and why."""

        text: str

    @dataclass
    class Ready(Message):
        """A case that can be stepped now."""

        opened: Opened

    @dataclass
    class Compared(Message):
        comparison: Comparison

    def __init__(self, desk: Desk, clock: Clock, by: str, saver: Saver | None = None) -> None:
        super().__init__(desk, clock)
        self._saver = saver
        self._by = by
        self._rows = PAGE
        self._beats = 0
        self._wanted: str | None = None
        self._is_busy = False

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="count")
        yield Bar(id="stamps")
        yield Input(
            id="filter", placeholder="part of an id, label, pathway, state; late, closed", compact=True
        )
        yield CaseTable()
        choices = Numbered(id="choices")
        choices.border_title = "There is no case here yet. What now? A number, then Enter"
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
        needed = f"The list of cases needs {WIDTH}x{HEIGHT} or more. Enlarge it, or leave (q)."
        self.query_one("#small", Static).update(f"{here} {needed}")
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        self._is_busy = False

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
        self._say([Line(text, "!!", Tone.ALARM)])

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
        lines = [] if self.has_class("-empty") else detail_lines(self._chosen, self._clock())
        self.query_one("#detail", LineView).show(lines)

    @property
    def _chosen(self) -> ListedCase | None:
        return self._cases.get(self.query_one(CaseTable).chosen or "")

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        table = self.query_one(CaseTable)
        self._agenda.prefer(table.in_sight)
        if table.chosen is not None and table.cursor_row >= self._rows - NEAR:
            self._rows += PAGE
            self._show()
        self._tell_detail()

    def _say(self, lines: Sequence[Line]) -> None:
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
            self._do(self.query_one("#choices", Numbered).take_highlighted())
            return
        table = self.query_one(CaseTable)
        if self._is_filtering:
            await drained(self.query_one("#filter", Input))
            self._show()
            self.set_focus(table)
            if table.row_count != 1:
                return
            table.action_cursor_down()
        self._with_chosen(lambda one: self._open(one.case), "Opening")

    def action_compare(self) -> None:
        self._with_chosen(lambda one: self._compare(one.case), "Comparing")

    async def action_new(self) -> None:
        entries = self._desk.pathways()
        rows = [
            Row(one, Line(f"{one.title}  {_stamp(one)}", f"{one.pathway}@{one.version}")) for one in entries
        ]
        await self.app.push_screen(PickScreen("A new case: of which pathway?", rows, self._ask_new))

    async def action_demo(self) -> None:
        entries = [one for one in self._desk.pathways() if one.has_demo]
        rows = [
            Row(one, Line(f"{one.title}  {_stamp(one)}", f"{one.pathway}@{one.version}")) for one in entries
        ]
        await self.app.push_screen(PickScreen("The demo case of which pathway?", rows, self._take_demo))

    def action_digit(self, digit: str) -> None:
        self.query_one("#choices", Numbered).press_digit(digit)

    def _do(self, choice: object) -> None:
        if choice == NEW:
            self.call_later(self.action_new)
        elif choice == DEMO:
            self.call_later(self.action_demo)
        elif choice == GUIDE:
            self.app.exit(message=Text(GUIDE_WORDS))

    async def _ask_new(self, entry: PathwayEntry) -> None:
        await self.app.push_screen(NewCaseScreen(self._desk, entry, self._begun))

    def _begun(self, opened: Opened) -> None:
        self._wanted = opened.session.case_id
        self.post_message(self.Ready(opened))

    async def _take_demo(self, entry: PathwayEntry) -> None:
        self._is_busy = True
        self._open_demo(entry)

    def _with_chosen(self, work: Callable[[ListedCase], object], doing: str) -> None:
        one = self._chosen
        if one is None:
            self._say([Line("Highlight a case first, with Up and Down.")])
        elif not self._is_busy:
            self._is_busy = True
            self._say([Line(f"{doing} {one.case} ...")])
            work(one)

    @work(thread=True, group="opening")
    def _open(self, case: str) -> None:
        self._tried(lambda: self.Ready(self._desk.open(case)))

    @work(thread=True, group="opening")
    def _open_demo(self, entry: PathwayEntry) -> None:
        self._tried(lambda: self.Ready(self._desk.open_demo(entry)))

    @work(thread=True, group="opening")
    def _compare(self, case: str) -> None:
        self._tried(lambda: self.Compared(self._desk.compare(case, self._clock())))

    def _tried(self, work: Callable[[], Message]) -> None:
        try:
            self.post_message(work())
        except DeskError as error:
            self.post_message(self.Failed(str(error)))

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        self._is_busy = False
        self._say([Line(message.text, "!!", Tone.ALARM)])

    @on(Ready)
    async def _ready(self, message: Ready) -> None:
        opened = message.opened
        self._say([])
        sitting = Sitting(opened.session, opened.clock or self._clock, self._by)
        save = None if self._saver is None else self._saver(sitting.definition)
        await self.app.push_screen(CaseScreen(sitting, save))
        if opened.remark is not None:
            self.app.notify(opened.remark, title=opened.session.case_id, timeout=REMARK, markup=False)

    @on(Compared)
    async def _compared(self, message: Compared) -> None:
        self._say([])
        await self.app.push_screen(CompareScreen(message.comparison, self._clock()))


def _has_changed(one: ListedCase, now: int) -> bool:
    change = one.standing.next_change_at if one.standing is not None else None
    return change is not None and now >= change


def _stamp(entry: PathwayEntry) -> str:
    return f"*** {entry.stamp} ***" if entry.stamp is not None else ""
