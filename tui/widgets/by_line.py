"""A block of lines of which only those in sight are drawn, each once."""

from __future__ import annotations

from abc import abstractmethod

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from tui.abstract_screen import AbstractPump


class LaidOutOnce(Widget):
    """Is not laid out a second time because it has found out its size: Textual does so for any widget.

    Where a scroll bar comes or goes with the new size, that asks for a layout of its own.
    """

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)


class ByLine(LaidOutOnce, metaclass=AbstractPump):
    """A subclass says what stands on a line, and forgets when that changes.

    A long log is hundreds of lines high and a dozen are in sight. Drawn lines are kept until the width or the
    style changes, so that a screen that is laid out anew, or shows behind a box, draws nothing twice.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: dict[int, Strip] = {}
        self._drawn_for: tuple[int, Style] | None = None

    @abstractmethod
    def line_at(self, y: int, width: int) -> Content | None:
        """The line at `y`, counted from 0, for a width in columns; None below the last one."""

    def forget(self) -> None:
        """What was drawn does not hold any more."""
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        if self.text_selection is not None:  # marked with the mouse: drawn as a whole
            return super().render_line(y)
        width, style = self.content_size.width, self.visual_style
        if self._drawn_for != (width, style):
            self._drawn.clear()
            self._drawn_for = (width, style)
        if y not in self._drawn:
            self._drawn[y] = self._draw(y, width, style)
        return self._drawn[y]

    def _draw(self, y: int, width: int, style: Style) -> Strip:
        content = self.line_at(y, width)
        if content is None:
            return Strip.blank(width, style.rich_style)
        segments = content.render_segments(style)
        return Strip(segments, content.cell_length).apply_offsets(0, y)
