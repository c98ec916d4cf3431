"""Choosing one of many: a numbered list in a box, narrowed by typing where it is long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.lines import Line
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row
from tui.window import drained, is_too_small

Then: TypeAlias = Callable[[Any], Awaitable[None]]


class PickScreen(ModalScreen[None]):
    """Closes, then hands the key of the chosen row on; Esc closes without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "dismiss", "Back", show=False),
        Binding("enter", "choose", "Choose", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "move(-8)", "Up", show=False, priority=True),
        Binding("pagedown", "move(8)", "Down", show=False, priority=True),
        *(Binding(digit, f"digit('{digit}')", show=False, priority=True) for digit in "0123456789"),
    ]

    def __init__(
        self,
        title: str,
        rows: Sequence[Row],
        then: Then,
        about: Sequence[Line] = (),
        has_filter: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = tuple(rows)
        self._then = then
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
        self.set_focus(self.query_one(Input) if self._has_filter else self._list)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Digits are part of a name where names are typed; a window too small takes only Esc."""
        if action == "digit" and self._has_filter:
            return False
        return action == "dismiss" or not is_too_small(self.app)

    @on(Input.Changed)
    def _narrow(self) -> None:
        words = self.query_one(Input).value.lower().split()
        rows = tuple(row for row in self._rows if all(word in row.line.plain.lower() for word in words))
        if rows != self._list.rows:
            self._list.show(rows, "No name contains that.")

    async def action_choose(self) -> None:
        """Commit the highlighted row, or the only one that is left."""
        if self._has_filter:
            await drained(self.query_one(Input))
            self._narrow()
        if self._has_filter and self._list.highlighted is None and len(self._list.rows) == 1:
            self._list.action_move(1)
        key = self._list.take_highlighted()
        if key is not None:
            self.app.pop_screen()
            await self._then(key)

    def action_digit(self, digit: str) -> None:
        self._list.press_digit(digit)

    def action_move(self, step: int) -> None:
        self._list.action_move(step)
