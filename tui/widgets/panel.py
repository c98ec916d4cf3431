"""A titled panel that scrolls, for one kind of detail."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size

from tui.keymap import key_at
from tui.lines import Line, ways_on
from tui.widgets.by_line import LaidOutOnce
from tui.widgets.framed import Framed
from tui.widgets.line_view import LineView


class Panel(VerticalScroll, Framed, LaidOutOnce, can_focus=True):
    """Lines under a title, which names the keys of some bindings, as the one that shows the panel.

    `pages` are the bindings that scroll it down and up: the title names them where there is more to read.
    """

    def __init__(self, name: str, title: str, *bindings: str, pages: tuple[str, str] | None = None) -> None:
        super().__init__(id=f"panel-{name}", classes="panel")
        self.panel = name
        self._title = title
        self._key_ids = bindings
        self._pages = pages
        self._lines = LineView()
        self._make: Callable[[], Iterable[Line]] | None = None

    def compose(self) -> ComposeResult:
        yield self._lines

    def on_mount(self) -> None:
        keys = ", ".join(key_at(self, one) for one in self._key_ids)
        self._named = f"{self._title} ({keys})" if keys else self._title
        self.watch(self, "scroll_y", self._tell_later)

    def on_resize(self) -> None:
        self._tell_later()

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        is_other = super()._size_updated(size, virtual_size, container_size, layout)
        if is_other:
            self.tell_more()
            self._tell_later()
        return is_other

    def _tell_later(self) -> None:
        """What is cut is known once everything is laid out."""
        self.call_after_refresh(self.tell_more)

    def tell_more(self) -> None:
        """Name the keys of the page where the panel that they scroll is cut."""
        more = ""
        if self._pages is not None and self.has_class("-shown"):
            more = ways_on(
                round(self.scroll_y), self.max_scroll_y, *(key_at(self, one) for one in self._pages)
            )
        title = f"{self._named}, goes on {more}" if more else self._named
        if title != str(self.border_title):
            self.entitle(title)

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
