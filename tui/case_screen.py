"""The screen of a case: what now, why, what is missing, by when; it posts entries and decides nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from pathway.engine.batch import Batch
from pathway.engine.view import View
from tui import offers
from tui.changes import change_lines, recorded_lines, refusal_lines
from tui.choices import Choice, Kind, choices, find_way
from tui.entry_screen import EntryScreen
from tui.forms import Act, Form, acts, fact_form, take_batch
from tui.help_screen import HelpScreen
from tui.lines import Line, Tone, all_wrapped, columns, cut
from tui.panels import panel_lines, why_lines
from tui.pick_screen import PickScreen, Then
from tui.presenting import is_ended, state_lines, track_rows
from tui.session import EntryError, StoreError
from tui.sitting import Sitting
from tui.widgets.header import CaseHeader, Deadlines, Warnings
from tui.widgets.keys import Keys
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row
from tui.widgets.panel import Panel
from tui.window import HEIGHT, SETTLE, WIDTH, is_too_small

MESSAGE_ROWS = 3
TRACK_ROWS = 4
NOT_WRITTEN = "!! NOT WRITTEN, it does not count:"
PANELS = (
    ("main", (("actions", "Actions", "a"),)),
    ("middle", (("why", "Why", "w"), ("warnings", "Warnings", "!"), ("log", "Path and log", "l"))),
    ("right", (("timers", "Due times", "t"), ("missing", "What is missing", "m"), ("facts", "Facts", "f"))),
)


def _key(key: str, action: str, description: str, id: str) -> Binding:
    """A binding that is dealt with in the order of typing, before the next key is looked at."""
    return Binding(key, action, description, show=False, id=id, priority=True)


class CaseScreen(Screen[None]):
    """One case. A small window shows one panel at a time, a wide one all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("w", "panel('why')", "Why", "panel.why"),
        _key("m", "panel('missing')", "Missing", "panel.missing"),
        _key("f", "panel('facts')", "Facts", "panel.facts"),
        _key("a", "panel('actions')", "Actions", "panel.actions"),
        _key("l", "panel('log')", "Log", "panel.log"),
        _key("t", "panel('timers')", "Due times", "panel.timers"),
        _key("exclamation_mark", "panel('warnings')", "Warnings", "panel.warnings"),
        _key("pageup", "page(-1)", "Page up", "panel.up"),
        _key("pagedown", "page(1)", "Page down", "panel.down"),
        _key("c", "correct", "Correct", "case.correct"),
        _key("r", "record", "Record", "case.record"),
        _key("o", "override", "Override", "case.override"),
        _key("u", "undo", "Undo", "case.undo"),
        _key("n", "note", "Note", "case.note"),
        _key("k", "acknowledge", "Acknowledge", "case.acknowledge"),
        _key("e", "close_case", "Close", "case.close"),
        _key("enter", "commit", "Commit", "case.commit"),
        _key("backspace", "clear", "Clear", "case.clear"),
        _key("question_mark", "help", "Help", "app.help"),
        _key("q", "app.quit", "Quit", "app.leave"),
        *(
            _key(digit, f"digit('{digit}')", f"Answer {digit}", f"case.digit_{digit}")
            for digit in "0123456789"
        ),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._shown = "actions"
        self._trouble: Line | None = None
        self.is_settled = True

    def compose(self) -> ComposeResult:
        yield CaseHeader()
        yield Warnings()
        yield Deadlines()
        with Horizontal(id="body"):
            for column, panels in PANELS:
                with Vertical(id=column):
                    if column == "main":
                        yield from _main()
                    for name, title, key in panels:
                        yield Panel(name, title, key)
        yield LineView(id="message")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        self._show_panel(self._shown)
        self._tick()
        self.refresh_case()
        self.set_focus(self.query_one("#choices", Numbered))
        self.set_interval(1.0, self._tick)

    @property
    def view(self) -> View:
        return self._sitting.view

    @property
    def _is_full(self) -> bool:
        return self.query_one("#body").has_class("-full")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the case takes no entries; leaving works always."""
        return action == "quit" or not is_too_small(self.app)

    def on_resize(self, event: Resize) -> None:
        here = f"{event.size.width}x{event.size.height}"
        needed = f"A case needs {WIDTH}x{HEIGHT} or more"
        text = f"This window is {here}. {needed}. Enlarge it, or leave (q) and use --plain."
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
        lines = state_lines(view)
        if not self.has_class("-wide"):
            room = self.size.width - 4
            lines = [
                Line(cut(row.text, room - columns(row.lead)), row.lead)
                for row in track_rows(view, TRACK_ROWS)
            ]
        self.query_one("#now-lines", LineView).show(lines)
        rows = [Row(choice.key, choice.line) for choice in self._choices()]
        self.query_one("#choices", Numbered).show(rows, _nothing(view), keep)
        chosen = self.query_one("#choices", Numbered).highlighted_key
        for name, lines in panel_lines(self._sitting, chosen).items():
            self.query_one(f"#panel-{name}", Panel).show(lines)

    def _unsettle(self) -> None:
        """Keys typed for the answers as they were commit nothing among the new ones."""
        self.is_settled = False
        self.set_timer(SETTLE, self._settle)

    def _settle(self) -> None:
        self.is_settled = True

    def action_panel(self, name: str) -> None:
        """Show a panel; in a small window the same key again gives it the room of the answers, and back."""
        self.query_one("#choices", Numbered).forget_digits()
        self.query_one("#body").set_class(name == self._shown and not self._is_full, "-full")
        self._show_panel(name)
        self.query_one(f"#panel-{name}", Panel).focus() if self.has_class("-wide") else None

    def action_page(self, direction: int) -> None:
        panel = self.query_one(f"#panel-{self._shown}", Panel)
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)

    async def action_commit(self) -> None:
        """Open or enter the highlighted answer, unless the list has only just changed."""
        is_shown = not (self._is_full and self.has_class("-normal"))
        answers = self.query_one("#choices", Numbered)
        key = answers.take_highlighted() if self.is_settled and is_shown else None
        choice = next((choice for choice in self._choices() if choice.key == key), None)
        if choice is not None:
            await self._open(choice)

    def action_digit(self, digit: str) -> None:
        self.query_one("#body").remove_class("-full")
        if self.is_settled:
            self.query_one("#choices", Numbered).press_digit(digit)

    def action_clear(self) -> None:
        self.query_one("#choices", Numbered).clear_highlight()

    async def action_help(self) -> None:
        await self.app.push_screen(HelpScreen())

    async def action_record(self) -> None:
        rows = offers.recordable_rows(self._sitting.definition, self.view)
        await self._pick("Record a fact", rows, self._open_fact, has_filter=True)

    async def action_correct(self) -> None:
        rows = offers.correctable_rows(self._sitting.definition, self.view, self._sitting.now)
        title = "Correct a fact, or say that it is not known"
        await self._pick(title, rows, self._open_correction, has_filter=True)

    async def action_override(self) -> None:
        await self._pick("Override", offers.override_rows(self.view), self._open_override)

    async def action_acknowledge(self) -> None:
        rows = offers.warning_rows(self._sitting.definition, self.view)
        await self._pick("Acknowledge a warning", rows, self._acknowledge)

    async def action_undo(self) -> None:
        if self.view.can_undo:
            await self._fill(offers.undo(self._sitting))
        else:
            self._say([Line("There is nothing to undo.")])

    async def action_note(self) -> None:
        await self._fill(offers.note())

    async def action_close_case(self) -> None:
        await self._fill(offers.close(self.view))

    @on(Numbered.Highlighted)
    def _highlight_changed(self) -> None:
        chosen = self.query_one("#choices", Numbered).highlighted_key
        self.query_one("#panel-why", Panel).show(why_lines(self._sitting, chosen))

    async def _open(self, choice: Choice) -> None:
        definition, view, now = self._sitting.definition, self.view, self._sitting.now
        if choice.kind is Kind.RECORD:
            await self._open_fact(choice.subject)
        elif choice.kind is Kind.TAKE and (way := find_way(view, choice.subject)) is not None:
            self._record_at_once(take_batch(way, self._sitting.pen()))
        else:
            offered = acts(definition, view, choice.subject, now)
            about = offers.about_action(definition, view, choice.subject, now)
            rows = [Row(act, Line(act.words)) for act in offered]
            await self._pick(definition.actions[choice.subject].title, rows, self._open_act, about)

    async def _open_act(self, act: Act) -> None:
        await self._fill(act.form)

    async def _open_fact(self, name: str) -> None:
        await self._fill(fact_form(self._sitting.definition, self.view, name, self._sitting.now))

    async def _open_correction(self, name: str) -> None:
        await self._fill(offers.correction(self._sitting, name))

    async def _open_override(self, key: Hashable) -> None:
        await self._fill(offers.override(self._sitting, key))

    async def _acknowledge(self, warning: str) -> None:
        self._record_at_once(offers.acknowledgement(self._sitting, warning))

    async def _pick(
        self,
        title: str,
        rows: Sequence[Row],
        then: Then,
        about: Sequence[Line] = (),
        has_filter: bool = False,
    ) -> None:
        await self.app.push_screen(PickScreen(title, rows, then, about, has_filter))

    async def _fill(self, form: Form) -> None:
        if self.view.closed:
            self._say([Line("The case is closed: nothing more is entered.")])
        else:
            await self.app.push_screen(EntryScreen(self._sitting, form, self._record))

    def _record(self, batch: Batch) -> None:
        """Enter a batch and show what it did. Raises EntryError or StoreError with nothing applied."""
        before, definition = self.view, self._sitting.definition
        try:
            step = self._sitting.record(batch)
        except StoreError as error:
            self._not_written(error)
            raise
        self._trouble = None
        recorded = recorded_lines(definition, batch, step, before.timezone)
        self._say([*recorded, *change_lines(definition, before, step)])
        self.refresh_case()
        self._unsettle()

    def _record_at_once(self, batch: Batch) -> None:
        try:
            self._record(batch)
        except EntryError as error:
            self._say(refusal_lines(error))
        except StoreError:
            self._say([Line("The last entry was not written.", "!!", Tone.ALARM)])

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
            step = self._sitting.keep_time()
        except StoreError as error:
            if self._trouble is None:
                self._not_written(error)
            return
        if step is not None:
            self._trouble = None
            changed = change_lines(self._sitting.definition, before, step)
            self._say([Line("Time has passed.", tone=Tone.STRONG), *changed])
            self.refresh_case(keep=True)
            self._unsettle()

    def _choices(self) -> tuple[Choice, ...]:
        return choices(self._sitting.definition, self.view, self._sitting.now)

    def _show_panel(self, name: str) -> None:
        self._shown = name
        for column, panels in PANELS:
            names = [panel for panel, _, _ in panels]
            self.query_one(f"#{column}").set_class(name in names, "-shown")
            for panel in names:
                self.query_one(f"#panel-{panel}").set_class(panel == name, "-shown")

    def _say(self, lines: Sequence[Line]) -> None:
        """A few lines above the keys; what has no room there is counted, and stands in the panels."""
        shown = all_wrapped(lines, max(20, self.size.width - 2))
        if len(shown) > MESSAGE_ROWS:
            more = Line(
                f"+{len(shown) - MESSAGE_ROWS + 1} more, see Actions (a) and Warnings (!)", tone=Tone.STRONG
            )
            shown = [*shown[: MESSAGE_ROWS - 1], more]
        self.query_one("#message", LineView).show(shown)


def _main() -> list[Widget]:
    now = VerticalScroll(LineView(id="now-lines"), id="now", can_focus=False)
    now.border_title = "Where the case stands"
    answers = Numbered(id="choices")
    answers.border_title = "What now? A number, then Enter"
    return [now, answers]


def _nothing(view: View) -> str:
    if view.closed:
        return "The case is closed; nothing more is entered. It can be read: w, f, l. q leaves."
    if is_ended(view):
        return "The pathway has come to its end; nothing is outstanding. e closes the case, q leaves it."
    return "Nothing waits for an answer. r records any fact, c corrects one, m says what is missing."
