"""The panel that sets a log beside another version: in two columns where there is room for them."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.keymap import key_at
from tui.lines import Line, all_wrapped
from tui.widgets.line_view import joined, line_content


class _ByWidth(Widget):
    """Lines that are made for the width they have."""

    DEFAULT_CSS = "_ByWidth { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._made: Callable[[int], list[Line]] = lambda _width: []

    def show(self, made: Callable[[int], list[Line]]) -> None:
        self._made = made
        self.refresh(layout=True)

    def lines(self, width: int) -> list[Line]:
        return all_wrapped(self._made(width), width)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render(self) -> Content:
        width = self.content_size.width
        return joined(line_content(line, width) for line in self.lines(width))


class ComparedPanel(VerticalScroll, can_focus=True):
    """A panel whose title names the key of a binding; `show` takes what makes its lines for a width."""

    def __init__(self, name: str, title: str, binding: str) -> None:
        super().__init__(id=f"panel-{name}", classes="panel")
        self._title = title
        self._key_id = binding
        self._body = _ByWidth()

    def compose(self) -> ComposeResult:
        yield self._body

    def on_mount(self) -> None:
        self.border_title = Text(f"{self._title} ({key_at(self, self._key_id)})")

    def show(self, made: Callable[[int], list[Line]]) -> None:
        self._body.show(made)
