"""A titled panel that scrolls, for one kind of detail."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui.keymap import key_at
from tui.lines import Line
from tui.widgets.line_view import LineView


class Panel(VerticalScroll, can_focus=True):
    """Lines under a title, which names the keys of some bindings, as the one that shows the panel."""

    def __init__(self, name: str, title: str, *bindings: str) -> None:
        super().__init__(id=f"panel-{name}", classes="panel")
        self.panel = name
        self._title = title
        self._key_ids = bindings
        self._lines = LineView()
        self._make: Callable[[], Iterable[Line]] | None = None

    def compose(self) -> ComposeResult:
        yield self._lines

    def on_mount(self) -> None:
        keys = ", ".join(key_at(self, one) for one in self._key_ids)
        self.border_title = Text(f"{self._title} ({keys})" if keys else self._title)

    def show(self, lines: Iterable[Line]) -> None:
        self._make = None
        self._lines.show(lines)

    def show_when_seen(self, make: Callable[[], Iterable[Line]]) -> None:
        """Lines that are made once somebody looks."""
        self._make = make

    def look(self) -> None:
        """Make the lines that are to be seen now."""
        if self._make is not None:
            self.show(self._make())

    @property
    def lines(self) -> tuple[Line, ...]:
        self.look()
        return self._lines.lines
