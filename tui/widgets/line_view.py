"""Lines on the screen: wrapped to the widget's width, emphasis from their tone, never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.lines import Line, Tone, all_wrapped, columns, cut, inert
from tui.widgets.by_line import ByLine

# Safety colours are fixed: no theme may make a warning hard to read. Contrast is at least 7:1.
ALARM = "bold #FFFFFF on #9E2F00"
BAR = "bold #FFFFFF on #1F2A37"
CHOSEN = "bold #FFFFFF on #0A589A"
MOST_WIDTHS = 4  # for which wrapped lines are kept
STYLES = {
    Tone.PLAIN: "",
    Tone.HEADING: "bold underline",
    Tone.STRONG: "bold",
    Tone.CAUTION: "bold #FFFFFF on #1F2A37",
    Tone.ALARM: ALARM,
}


def line_content(line: Line, width: int, style: str = "") -> Content:
    """One line that already fits, as styled text padded to the width where its tone has a background."""
    own = style or STYLES[line.tone]
    indent, lead, text = " " * line.indent, inert(line.lead), inert(line.text)
    gap = " " if lead and text else ""
    used = columns(indent + lead + gap + text)
    padding = " " * max(0, width - used) if " on " in own else ""
    return Content.assemble(
        (indent, own), (lead, f"bold {own}".strip()), (gap, own), (text, own), (padding, own)
    )


def joined(contents: Iterable[Content]) -> Content:
    return Content("\n").join(list(contents))


class LineView(ByLine):
    """A block of lines, as high as they need at its width."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: tuple[Line, ...] = ()
        self._wrapped: dict[int, list[Line]] = {}

    def show(self, lines: Iterable[Line]) -> None:
        """Show these lines; nothing is redrawn when they are the same."""
        shown = tuple(lines)
        if shown != self.lines:
            self.lines = shown
            self._wrapped.clear()
            self.forget()
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._at(width))

    def line_at(self, y: int, width: int) -> Content | None:
        lines = self._at(width)
        return line_content(lines[y], width) if y < len(lines) else None

    def render(self) -> Content:
        width = self.content_size.width
        return joined(line_content(line, width) for line in self._at(width))

    def _at(self, width: int) -> list[Line]:
        """The lines wrapped for a width; a layout asks again and again, with and without a scroll bar."""
        if width not in self._wrapped:
            if len(self._wrapped) >= MOST_WIDTHS:
                self._wrapped.clear()
            self._wrapped[width] = all_wrapped(self.lines, width)
        return self._wrapped[width]


class Bar(Widget):
    """One row: what is on the left gives way, what is on the right is never cut."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.left = ""
        self.right = ""

    def show(self, left: str, right: str = "") -> None:
        if (left, right) != (self.left, self.right):
            self.left, self.right = left, right
            self.refresh()

    def cut_left(self, room: int) -> str:
        """What is on the left, in at most `room` columns."""
        return cut(self.left, room)

    def render(self) -> Content:
        width = self.content_size.width
        right = inert(self.right)
        room = width - columns(right) - 2 if right else width
        left = self.cut_left(max(1, room))
        padding = " " * max(1, width - columns(left) - columns(right))
        return Content.assemble((left, ""), (padding, ""), (right, "bold"))
