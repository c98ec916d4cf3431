"""The screen of a case: what now, why, what is missing, by when; it posts entries and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Static

from pathway.engine.batch import Batch
from tui.case_asking import CaseAsking
from tui.case_keys import KEYS, PANELS
from tui.case_layout import main_column, nothing, places, question
from tui.case_saying import CaseSaying
from tui.changes import change_lines, recorded_lines
from tui.lines import Line, Tone, heading
from tui.marks import mark
from tui.minimap import minimap_lines
from tui.panels import panel_lines, why_lines
from tui.presenting import ending
from tui.session import StoreError
from tui.sitting import Sitting
from tui.widgets.header import CaseHeader, Deadlines, Warnings
from tui.widgets.keys import Keys
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered
from tui.widgets.panel import Panel
from tui.window import HEIGHT, WIDTH, is_too_small

if TYPE_CHECKING:
    from tui.handover_screen import Save

MAP_ROWS = 40
ENTRIES = 200  # lines of the log that are shown at first, and added each time
NOT_WRITTEN = "!! NOT WRITTEN, it does not count:"


class CaseScreen(CaseSaying):
    """One case. A small window shows one panel at a time, a wide one all of them."""

    CSS = """
    CaseScreen.-wide #keys { height: 2; }
    CaseScreen.-wide #panel-map { height: 1fr; max-height: 16; }
    CaseScreen #remark { max-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, sitting: Sitting, save: Save | None = None) -> None:
        super().__init__(sitting, save)
        self._shown = "actions"
        self._entries = ENTRIES
        self._trouble: Line | None = None
        self._is_answered = False
        self._is_why_due = False

    def compose(self) -> ComposeResult:
        yield CaseHeader()
        yield LineView(id="remark")
        yield Warnings()
        yield Deadlines()
        with Horizontal(id="body"):
            for column, panels in PANELS:
                with Vertical(id=column):
                    if column == "main":
                        yield from main_column()
                    for name, title, binding in panels:
                        yield Panel(name, title, binding, pages=("panel.down", "panel.up"))
        yield LineView(id="message")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        remark = self._sitting.remark
        self.query_one("#remark", LineView).show([] if remark is None else [remark])
        self._show_panel(self._shown)
        self._tick()
        self.refresh_case()
        self.set_focus(self.query_one("#choices", Numbered))
        self.set_interval(1.0, self._tick)

    def _fill(self, is_full: bool) -> None:
        """Give the panel that is shown the room of the answers, or take it back; a wide window has both."""
        below = (self.query_one(one) for one in ("#main", "#now", "#choices"))
        mark(self.query_one("#body"), is_full, "-full", *below)

    @property
    def _is_full(self) -> bool:
        return self.query_one("#body").has_class("-full")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the case takes no entries; leaving works always."""
        if action == "handover" and not self.can_hand_over():
            return False
        return action == "quit" or not is_too_small(self.app)

    def on_resize(self, event: Resize) -> None:
        here = f"{event.size.width}x{event.size.height}"
        needed = f"A case needs {WIDTH}x{HEIGHT} or more"
        mend = f"Enlarge it, or leave ({self.key('app.leave')}) and use --plain"
        text = f"This window is {here}. {needed}. {mend}."
        self.query_one("#small", Static).update(text)
        self.call_after_refresh(self.refresh_case, keep=True)

    def refresh_case(self, keep: bool = False) -> None:
        """Show the case as it is now; `keep` lets a highlighted answer stay."""
        view, now, definition = self.view, self._sitting.now, self._sitting.definition
        self.query_one(CaseHeader).show(definition, view)
        self.query_one(CaseHeader).tick(now, view.timezone)
        behind = self._sitting.clock_is_behind
        own = tuple(line for line in (self._trouble, behind) if line is not None)
        self.query_one(Warnings).show(definition, view, own)
        self.query_one(Deadlines).show(view, now)
        answers = self.query_one("#choices", Numbered)
        room = self.size.width - 4 if self.is_small else None
        self.query_one("#now-lines", LineView).show(places(definition, view, self.key, room))
        self._is_answered = False
        answers.ask(question(view, self.key("case.commit")))
        answers.show(self.choice_rows(), nothing(view, self.key), keep)
        self.query_one(Keys).show_first(*(["case.close"] if ending(definition, view) else []))
        self.share()
        self._make_panels(keep=keep)
        self.query_one("#panel-map", Panel).show_when_seen(self._map_lines)
        self._look()
        self.rank_questions()

    def _make_panels(self, *but: str, keep: bool = True) -> None:
        """Other lines for the panels; they are read from their top again unless `keep` leaves them there."""
        chosen = self.query_one("#choices", Numbered).highlighted_key
        for name, make in panel_lines(self._sitting, chosen, self._entries).items():
            panel = self.query_one(f"#panel-{name}", Panel)
            if name not in but:
                panel.show_when_seen(make)
            if not keep:
                panel.scroll_home(animate=False)

    def reword(self) -> None:
        """What an answer about the case was is left; it was worked out for the case, and not for the time."""
        self.query_one("#choices", Numbered).reword(self.choice_rows())
        self._make_panels("missing", *(["why"] if self._is_answered else []))
        self._look()

    def _look(self) -> None:
        """Make the lines of the panels that are in sight: one in a small window, all in a wide one."""
        for panel in self.query(Panel):
            if panel.panel == self._shown or not self.is_small:
                panel.look()

    def _map_lines(self) -> list[Line]:
        panel = self.query_one("#panel-map", Panel)
        width = max(20, (panel.size.width or self.size.width) - 3)
        return minimap_lines(self._sitting.definition, self.view, width, MAP_ROWS)

    def action_panel(self, name: str) -> None:
        """Show a panel; in a small window the same key again gives it the room of the answers, and back."""
        self.query_one("#choices", Numbered).forget_digits()
        self.say([])
        is_same = name == self._shown
        is_back = is_same and self._is_full
        self._fill(not is_back and (is_same or name == "map"))
        self._show_panel(name)
        self.query_one(f"#panel-{name}", Panel).focus() if not self.is_small else None

    def action_page(self, direction: int) -> None:
        panel = self.query_one(f"#panel-{self._shown}", Panel)
        if self._shown == "log" and direction > 0 and panel.is_vertical_scroll_end:
            self._show_earlier()
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)

    def _show_earlier(self) -> None:
        """More of a long log."""
        if self._entries < len(self._sitting.session.events):
            self._entries += ENTRIES
            chosen = self.query_one("#choices", Numbered).highlighted_key
            panel = self.query_one("#panel-log", Panel)
            panel.show(panel_lines(self._sitting, chosen, self._entries)["log"]())

    async def action_commit(self) -> None:
        """Open or enter the highlighted answer, if the answers are on show."""
        if not (self._is_full and self.has_class("-normal")):
            await self.commit_highlighted()

    def action_digit(self, digit: str) -> None:
        self._fill(False)
        with self.prevent(Numbered.Highlighted):
            self.query_one("#choices", Numbered).press_digit(digit, is_early=not self.is_settled)
        self._highlight_changed()

    def action_clear(self) -> None:
        """Choose nothing; from a panel that has all the room back to the answers."""
        self._fill(False)
        with self.prevent(Numbered.Highlighted):
            self.query_one("#choices", Numbered).clear_highlight()
        self._highlight_changed()

    @on(CaseAsking.Ranked)
    def _ranked(self, message: CaseAsking.Ranked) -> None:
        """Show what is missing by weight, unless the case has gone on since."""
        if message.mark == self.mark:
            self.query_one("#panel-missing", Panel).show(message.lines)

    @on(CaseAsking.Found)
    def _found(self, message: CaseAsking.Found) -> None:
        self.say([])
        self._show_panel("why")
        self._is_answered, self._is_why_due = True, False
        self._fill(True)
        self.query_one("#panel-why", Panel).show([heading(message.title), *message.lines])

    @on(Numbered.Highlighted)
    def _highlight_changed(self) -> None:
        """Behind a box that an answer has opened, its why stays in sight until the box is closed."""
        self._is_answered = False
        self._is_why_due = True
        if self.is_active:
            self.on_screen_resume()

    def on_screen_resume(self) -> None:
        if self._is_why_due:
            self._is_why_due = False
            chosen = self.query_one("#choices", Numbered).highlighted_key
            self.query_one("#panel-why", Panel).show(why_lines(self._sitting, chosen))

    def record(self, batch: Batch) -> None:
        """Enter a batch and show what it did. Raises EntryError or StoreError with nothing applied."""
        before, definition = self.view, self._sitting.definition
        try:
            step = self._sitting.record(batch)
        except StoreError as error:
            self._not_written(error)
            raise
        self._trouble = None
        recorded = recorded_lines(definition, batch, step, before.timezone)
        self.say([*recorded, *change_lines(definition, before, step)])
        self.refresh_case()
        self.unsettle()

    def _not_written(self, error: StoreError) -> None:
        """Say so on top until something is written again; leave when it is unknown what is kept."""
        if self._sitting.is_lost:
            text = f"Case {self._sitting.session.case_id} cannot be read from its store any more. {error}"
            self.app.exit(return_code=1, message=Text(text))
            return
        self._trouble = Line(f"{error} What was recorded earlier is kept.", NOT_WRITTEN, Tone.ALARM)
        self.refresh_case(keep=True)

    def _tick(self) -> None:
        """Every second the clock and the minutes left; the case itself only when something in it changes."""
        try:
            before = self.view
            self.query_one(CaseHeader).tick(self._sitting.now, before.timezone)
            self.query_one(Deadlines).show(before, self._sitting.now)
            self.tick()
            news = self._sitting.news() if self.app.screen is self else None  # never behind a form
            step = self._sitting.keep_time()
        except StoreError as error:
            if self._trouble is None:
                self._not_written(error)
            return
        if step is None and news is None:
            return
        self._trouble = None
        passed = [] if step is None else change_lines(self._sitting.definition, before, step)
        time = [Line("Time has passed.", tone=Tone.STRONG)] if step is not None else []
        self.say([*(news or ()), *time, *passed])
        self.refresh_case(keep=True)
        self.unsettle()

    def _show_panel(self, name: str) -> None:
        self._shown = name
        for column, panels in PANELS:
            names = [panel for panel, _, _ in panels]
            mark(self.query_one(f"#{column}", Vertical), name in names, "-shown")
            for panel in names:
                found = self.query_one(f"#panel-{panel}", Panel)
                mark(found, panel == name, "-shown")
                found.tell_more()
        self._look()
