"""Choosing one of many: a numbered list in a box, narrowed by typing where it is long."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.lines import Line
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row


class PickScreen(ModalScreen[Hashable | None]):
    """Dismissed with the key of the chosen row, or None."""

    BINDINGS = (
        Binding("escape,ctrl+g", "dismiss", "Back", show=False),
        Binding("enter", "commit", "Choose", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "move(-8)", "Up", show=False),
        Binding("pagedown", "move(8)", "Down", show=False),
    )

    def __init__(
        self, title: str, rows: Sequence[Row], about: Sequence[Line] = (), has_filter: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = tuple(rows)
        self._about = tuple(about)
        self._has_filter = has_filter
        self._list = Numbered(id="picks")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self._title.replace("[", "(").replace("]", ")")
            with VerticalScroll(classes="about", can_focus=False):
                yield LineView(id="about")
            if self._has_filter:
                yield Input(
                    placeholder="type part of the name; up and down move, Enter chooses", compact=True
                )
            yield self._list
            yield LineView(id="how")

    def on_mount(self) -> None:
        self.query_one("#about", LineView).show(self._about)
        how = "Type part of a name. " if self._has_filter else "A number, then Enter. "
        self.query_one("#how", LineView).show([Line(f"{how}Esc leaves.")])
        self._list.show(self._rows, "Nothing to choose from.")
        self.query_one(Input).focus() if self._has_filter else self._list.focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        words = event.value.lower().split()
        rows = [row for row in self._rows if all(word in row.line.plain.lower() for word in words)]
        self._list.show(rows, "No name contains that.")

    @on(Input.Submitted)
    def _choose(self) -> None:
        if self._list.highlighted is None and len(self._list.rows) == 1:
            self._list.action_move(1)
        self._list.commit()

    @on(Numbered.Chosen)
    def _chosen(self, event: Numbered.Chosen) -> None:
        self.dismiss(event.key)

    def on_key(self, event: Key) -> None:
        if event.character is not None and event.character.isdecimal() and event.character.isascii():
            self._list.press_digit(event.character)

    def action_commit(self) -> None:
        self._list.commit()

    def action_move(self, step: int) -> None:
        self._list.action_move(step)
