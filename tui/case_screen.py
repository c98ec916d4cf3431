"""The screen of a case: what now, why, what is missing, by when; it posts entries and decides nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.events import Key, Resize
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from pathway.engine.batch import Batch
from pathway.engine.view import View
from tui import offers
from tui.changes import change_lines, recorded_lines, refusal_lines
from tui.choices import Choice, Kind, choices, find_way
from tui.entry_screen import EntryScreen
from tui.forms import Form, acts, fact_form, take_batch
from tui.help_screen import HelpScreen
from tui.lines import Line, Tone, all_wrapped
from tui.panels import panel_lines, why_lines
from tui.pick_screen import PickScreen
from tui.presenting import is_ended, state_lines, track_line
from tui.session import EntryError, StoreError
from tui.sitting import Sitting
from tui.widgets.header import CaseHeader, Deadlines, Warnings
from tui.widgets.keys import Keys
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row
from tui.widgets.panel import Panel

WIDTH, HEIGHT = 80, 24
MESSAGE_ROWS = 3
NOT_WRITTEN = "!! NOT WRITTEN, it does not count:"
PANELS = (
    ("main", (("actions", "Actions", "a"),)),
    ("middle", (("why", "Why", "w"), ("warnings", "Warnings", "!"), ("log", "Path and log", "l"))),
    ("right", (("timers", "Due times", "t"), ("missing", "What is missing", "m"), ("facts", "Facts", "f"))),
)


class CaseScreen(Screen[None]):
    """One case. A small window shows one panel at a time, a wide one all of them."""

    BINDINGS = (
        Binding("w", "panel('why')", "Why", id="panel.why"),
        Binding("m", "panel('missing')", "Missing", id="panel.missing"),
        Binding("f", "panel('facts')", "Facts", id="panel.facts"),
        Binding("a", "panel('actions')", "Actions", id="panel.actions"),
        Binding("l", "panel('log')", "Log", id="panel.log"),
        Binding("t", "panel('timers')", "Due times", id="panel.timers"),
        Binding("exclamation_mark", "panel('warnings')", "Warnings", id="panel.warnings"),
        Binding("c", "correct", "Correct", id="case.correct"),
        Binding("r", "record", "Record", id="case.record"),
        Binding("o", "override", "Override", id="case.override"),
        Binding("u", "undo", "Undo", id="case.undo"),
        Binding("n", "note", "Note", id="case.note"),
        Binding("k", "acknowledge", "Acknowledge", id="case.acknowledge"),
        Binding("e", "close_case", "Close", id="case.close"),
        Binding("enter", "commit", "Commit", id="case.commit"),
        Binding("backspace", "clear", "Clear", id="case.clear"),
        Binding("pageup", "page(-1)", "Page up", id="panel.up"),
        Binding("pagedown", "page(1)", "Page down", id="panel.down"),
        Binding("question_mark", "help", "Help", id="app.help"),
        Binding("q", "app.quit", "Quit", id="app.leave"),
    )

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._shown = "actions"
        self._trouble: Line | None = None

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
        self.query_one("#choices", Numbered).focus()
        self.set_interval(1.0, self._tick)

    @property
    def view(self) -> View:
        return self._sitting.view

    @property
    def is_too_small(self) -> bool:
        return self.app.size.width < WIDTH or self.app.size.height < HEIGHT

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the case takes no entries; leaving works always."""
        return action == "quit" or not self.is_too_small

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
        self.query_one(Warnings).show(
            view, tuple(line for line in (self._trouble, behind) if line is not None)
        )
        self.query_one(Deadlines).show(view, now)
        lines = state_lines(view) if self.has_class("-wide") else [track_line(track) for track in view.tracks]
        self.query_one("#now", LineView).show(lines)
        rows = [Row((choice.kind, choice.subject), choice.line) for choice in self._choices()]
        self.query_one("#choices", Numbered).show(rows, _nothing(view), keep)
        chosen = self.query_one("#choices", Numbered).highlighted_key
        for name, lines in panel_lines(self._sitting, chosen).items():
            self.query_one(f"#panel-{name}", Panel).show(lines)

    def action_panel(self, name: str) -> None:
        self._show_panel(name)
        self.query_one(f"#panel-{name}", Panel).focus() if self.has_class("-wide") else None

    def action_page(self, direction: int) -> None:
        panel = self.query_one(f"#panel-{self._shown}", Panel)
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)

    def action_commit(self) -> None:
        self.query_one("#choices", Numbered).commit()

    def action_clear(self) -> None:
        self.query_one("#choices", Numbered).clear_highlight()

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen())

    def action_record(self) -> None:
        rows = offers.recordable_rows(self._sitting.definition, self.view)
        self._pick("Record a fact", rows, self._open_fact, has_filter=True)

    def action_correct(self) -> None:
        rows = offers.correctable_rows(self._sitting.definition, self.view, self._sitting.now)
        self._pick(
            "Correct a fact, or say that it is not known", rows, self._open_correction, has_filter=True
        )

    def action_override(self) -> None:
        self._pick("Override", offers.override_rows(self.view), self._open_override)

    def action_acknowledge(self) -> None:
        self._pick("Acknowledge a warning", offers.warning_rows(self.view), self._acknowledge)

    def action_undo(self) -> None:
        if self.view.can_undo:
            self._fill(offers.undo(self._sitting))
        else:
            self._say([Line("There is nothing to undo.")])

    def action_note(self) -> None:
        self._fill(offers.note())

    def action_close_case(self) -> None:
        self._fill(offers.close(self.view))

    def on_key(self, event: Key) -> None:
        if event.character is not None and event.character.isdecimal() and event.character.isascii():
            if not self.is_too_small:
                self.query_one("#choices", Numbered).press_digit(event.character)
            event.stop()

    @on(Numbered.Highlighted)
    def _highlight_changed(self) -> None:
        chosen = self.query_one("#choices", Numbered).highlighted_key
        self.query_one("#panel-why", Panel).show(why_lines(self._sitting, chosen))

    @on(Numbered.Chosen)
    def _chosen(self, event: Numbered.Chosen) -> None:
        choice = next((c for c in self._choices() if (c.kind, c.subject) == event.key), None)
        if choice is not None:
            self._open(choice)

    def _open(self, choice: Choice) -> None:
        definition, view, now = self._sitting.definition, self.view, self._sitting.now
        if choice.kind is Kind.RECORD:
            self._open_fact(choice.subject)
        elif choice.kind is Kind.TAKE and (way := find_way(view, choice.subject)) is not None:
            self._record_at_once(take_batch(way, self._sitting.pen()))
        else:
            offered = acts(definition, view, choice.subject, now)
            about = offers.about_action(definition, view, choice.subject, now)
            rows = [Row(act, Line(act.words)) for act in offered]
            self._pick(
                definition.actions[choice.subject].title, rows, lambda act: self._fill(act.form), about=about
            )

    def _open_fact(self, name: str) -> None:
        self._fill(fact_form(self._sitting.definition, self.view, name, self._sitting.now))

    def _open_correction(self, name: str) -> None:
        self._fill(offers.correction(self._sitting, name))

    def _open_override(self, key: Hashable) -> None:
        self._fill(offers.override(self._sitting, key))

    def _acknowledge(self, warning: str) -> None:
        self._record_at_once(offers.acknowledgement(self._sitting, warning))

    def _pick(
        self, title, rows: Sequence[Row], then, about: Sequence[Line] = (), has_filter: bool = False
    ) -> None:
        def chosen(key: Hashable | None) -> None:
            if key is not None:
                then(key)

        self.app.push_screen(PickScreen(title, rows, about, has_filter), chosen)

    def _fill(self, form: Form) -> None:
        if self.view.closed:
            self._say([Line("The case is closed: nothing more is entered.")])
        else:
            self.app.push_screen(EntryScreen(self._sitting, form, self._record))

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
    now = LineView(id="now")
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
