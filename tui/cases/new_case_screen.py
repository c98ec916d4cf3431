"""Beginning a case: its second identifier, its id and its time zone are asked, nothing of a patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from tui.box_screen import BoxScreen
from tui.entry_screen import boxed_title
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.session import Desk, DeskError, NewCase, Opened, PathwayEntry
from tui.widgets.line_view import LineView
from tui.window import drained, is_too_small

ASKED = (
    ("label", "Label", "a second identifier beside the id, such as a bed; may be left empty"),
    ("case", "Id", "made from the pathway and the time   (or type one that nobody else has)"),
    ("timezone", "Time zone", ""),
)


class NewCaseScreen(BoxScreen):
    """Closes once the case was written; what was typed stays where it could not be."""

    CSS = """
    NewCaseScreen { background: transparent; align: center bottom; }
    NewCaseScreen LineView { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "dismiss", "Back", show=False, priority=True, id="new_case.back"),
        Binding("enter", "next", "Next", show=False, priority=True, id="new_case.next"),
    ]

    @dataclass
    class Begun(Message):
        opened: Opened

    @dataclass
    class Refused(Message):
        text: str

    def __init__(self, desk: Desk, entry: PathwayEntry, then: Callable[[Opened], None]) -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self._then = then
        self._is_busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = boxed_title(f"A new case of {self._entry.pathway} {self._entry.version}")
            yield LineView(id="about")
            for name, words, hint in ASKED:
                with Horizontal(classes="field"):
                    yield Label(words, markup=False)
                    yield Input(placeholder=hint or self._zone_hint(), id=f"new-{name}", compact=True)
            yield LineView(id="trouble")
            yield LineView(id="how")

    def on_mount(self) -> None:
        about = [Line(self._entry.title)]
        if self._entry.stamp is not None:
            about.append(Line(self._entry.stamp, tone=Tone.CAUTION))
        self.query_one("#about", LineView).show(about)
        goes_on, leaves = key_at(self, "new_case.next"), key_at(self, "new_case.back")
        how = f"{goes_on} goes on; the last one opens the case. An empty field takes what it shows."
        self.query_one("#how", LineView).show([Line(f"{how} {leaves} leaves.")])
        self.set_focus(self.query_one("#new-label", Input))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the form takes only Esc."""
        return action == "dismiss" or not is_too_small(self.app)

    async def action_next(self) -> None:
        here = self.focused
        names = [f"new-{name}" for name, _, _ in ASKED]
        if not isinstance(here, Input) or self._is_busy:
            return
        await drained(here)
        after = names.index(here.id or names[0]) + 1
        if after < len(names):
            self.set_focus(self.query_one(f"#{names[after]}", Input))
            return
        self._is_busy = True
        self._begin(self._wanted())

    @work(thread=True, group="opening")
    def _begin(self, wanted: NewCase) -> None:
        try:
            self.post_message(self.Begun(self._desk.open_new(wanted)))
        except DeskError as error:
            self.post_message(self.Refused(str(error)))

    @on(Begun)
    def _begun(self, message: Begun) -> None:
        self.app.pop_screen()
        self._then(message.opened)

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        self._is_busy = False
        lines = [Line("Nothing was opened.", "!!", Tone.ALARM), Line(message.text)]
        self.query_one("#trouble", LineView).show(lines)
        self.set_focus(self.query_one("#new-label", Input))

    def _wanted(self) -> NewCase:
        label, case, zone = (self.query_one(f"#new-{name}", Input).value.strip() for name, _, _ in ASKED)
        return NewCase(self._entry, label, case, zone or self._desk.timezone)

    def _zone_hint(self) -> str:
        return f"{self._desk.timezone}   (or such as Europe/Berlin)"
