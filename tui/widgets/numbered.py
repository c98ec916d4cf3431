"""A numbered list: digits highlight, Enter commits, nothing is highlighted until the user does it.

A number that is no line highlights nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui.lines import Line, wrapped
from tui.widgets.by_line import ByLine, LaidOutOnce
from tui.widgets.framed import Framed
from tui.widgets.line_view import CHOSEN, joined, line_content
from tui.widgets.row import Row

__all__ = ["Numbered", "Row"]

PAUSE = 1.5  # seconds after which a digit begins a new number
MARGIN = 5  # columns before the words: a mark, the number, a space
MOST_DIGITS = 6  # that are told of a number


class Numbered(VerticalScroll, Framed, LaidOutOnce, can_focus=True):
    """The list itself; what Enter does with the highlighted row is the screen's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, id="list.up"),
        Binding("down", "move(1)", "Down", show=False, id="list.down"),
    ]

    class Highlighted(Message):
        """Another row, or none, is highlighted."""

    def __init__(self, rows: Sequence[Row] = (), *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = tuple(rows)
        self.empty = empty
        self.highlighted: int | None = None
        self.trouble = ""
        self._question = ""
        self._digits = ""
        self._is_early = False
        self._pause: Timer | None = None
        self._body = _Body(self)

    def compose(self) -> list[Widget]:
        return [self._body]

    @property
    def highlighted_key(self) -> Hashable | None:
        return None if self.highlighted is None else self.rows[self.highlighted].key

    @property
    def typed_words(self) -> str:
        """The number typed so far, or that it is no line; empty without any."""
        return self.trouble or self._digits

    def ask(self, question: str) -> None:
        """Head the list with a question; a number is told there while it is typed."""
        self._question = question
        self._tell()

    def show(self, rows: Sequence[Row], empty: str, keep: bool = False) -> None:
        """Show other rows. The highlight is dropped, or stays with its answer when `keep` is set."""
        before = (self.rows, self.empty, self.highlighted)
        key = self.highlighted_key if keep else None
        keys = [row.key for row in rows]
        if not keep:
            self._drop_number()
        elif self._digits and keys != [row.key for row in self.rows]:
            self._is_early = True  # further digits would be the end of a number of the old rows
        self.rows, self.empty = tuple(rows), empty
        self.highlighted = keys.index(key) if key is not None and key in keys else None
        if before != (self.rows, self.empty, self.highlighted):
            self._body.forget()
            self._body.refresh(layout=True)
        if self.highlighted is None:
            self.scroll_home(animate=False)

    def reword(self, rows: Sequence[Row]) -> None:
        """The same answers in other words, as time passes; highlight, place and a number half typed stay."""
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if same and tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self._body.forget()
            self._body.refresh(layout=True)

    def press_digit(self, digit: str, is_early: bool = False) -> None:
        """Highlight by number; further digits make a longer number. One that is no line highlights nothing.

        `is_early` for a digit meant for other rows: the number that it begins means nothing here.
        """
        self._digits = (self._digits + digit)[:MOST_DIGITS]
        self._is_early = self._is_early or is_early
        is_line = 1 <= int(self._digits) <= len(self.rows) and not self._is_early
        why = "Too soon, the lines are new: not taken," if self._is_early else "There is no line"
        self.trouble = "" if is_line else f"{why} {self._digits}"
        self._highlight(int(self._digits) - 1 if is_line else None)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self.forget_digits)

    def forget_digits(self) -> None:
        """The next digit begins a new number; what is highlighted stays so, and so does what is told."""
        self._digits, self._is_early = "", False
        self._tell()

    def clear_highlight(self) -> None:
        self._drop_number()
        self._highlight(None)

    def take_highlighted(self) -> Hashable | None:
        """The key of the highlighted row, if there is one; the highlight is dropped."""
        key = self.highlighted_key
        if key is not None:
            self.clear_highlight()
        self.forget_digits()
        return key

    def action_move(self, step: int) -> None:
        if not self.rows:
            return
        start = -1 if self.highlighted is None and step > 0 else self.highlighted or 0
        self._drop_number()
        self._highlight(min(max(start + step, 0), len(self.rows) - 1))

    def row_at(self, y: int) -> int | None:
        """The row that stands at a line of the body."""
        for index in range(len(self.rows)):
            top, height = self._place(index)
            if top <= y < top + height:
                return index
        return None

    def highlight_clicked(self, y: int) -> None:
        self._drop_number()
        self._highlight(self.row_at(y))

    def contents(self, width: int) -> list[list[Content]]:
        """The rows as wrapped, styled lines; the highlighted one carries a mark beside its colour."""
        return [self._row(index, width) for index in range(len(self.rows))]

    def _row(self, index: int, width: int) -> list[Content]:
        is_chosen = index == self.highlighted
        style = CHOSEN if is_chosen else ""
        room = max(10, width - MARGIN)
        margin = f"{'>' if is_chosen else ' '}{index + 1:>3} "
        lines = wrapped(self.rows[index].line, room)
        first = Content.assemble((margin, style or "bold"), line_content(lines[0], room, style))
        rest = [
            Content.assemble((" " * MARGIN, style), line_content(replace(line, indent=0), room, style))
            for line in lines[1:]
        ]
        return [first, *rest]

    def _place(self, index: int) -> tuple[int, int]:
        heights = [len(wrapped(row.line, max(10, self._body.size.width - MARGIN))) for row in self.rows]
        return sum(heights[:index]), heights[index]

    def _drop_number(self) -> None:
        self._digits, self._is_early, self.trouble = "", False, ""
        self._tell()

    def _tell(self) -> None:
        """The question with the number typed so far, where the list has a heading."""
        words = ": ".join(part for part in (self._question, self.typed_words) if part)
        if self._question and words != str(self.border_title):
            self.entitle(words)

    def _highlight(self, index: int | None) -> None:
        self._tell()
        both = {self.highlighted, index}
        self.highlighted = index
        self._body.forget()
        places = (self._place(one) for one in both if one is not None)
        if regions := [Region(0, top, self._body.size.width, height) for top, height in places]:
            self._body.refresh(*regions)
        if index is not None:
            top, height = self._place(index)
            row = Region(0, top, 1, height)
            self.scroll_to_region(row, animate=False, immediate=self._body.is_laid_out)
        self.post_message(self.Highlighted())


class _Body(ByLine):
    """The rows of the list, as high as they need."""

    def __init__(self, numbered: Numbered) -> None:
        super().__init__()
        self._numbered = numbered
        self._contents: dict[int, list[Content]] = {}

    def forget(self) -> None:
        super().forget()
        self._contents.clear()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._at(width)))

    @property
    def is_laid_out(self) -> bool:
        """Whether it has the height that its rows need by now."""
        return self.size.height == max(1, len(self._at(self.size.width)))

    def line_at(self, y: int, width: int) -> Content | None:
        contents = self._at(width)
        return contents[y] if y < len(contents) else None

    def render(self) -> Content:
        return joined(self._at(self.size.width))

    def on_click(self, event: events.Click) -> None:
        self._numbered.highlight_clicked(event.y)

    def _at(self, width: int) -> list[Content]:
        if width not in self._contents:
            rows = self._numbered.contents(width)
            contents = [line for row in rows for line in row] if rows else self._nothing(width)
            self._contents = {width: contents}
        return self._contents[width]

    def _nothing(self, width: int) -> list[Content]:
        return [line_content(line, width) for line in wrapped(Line(self._numbered.empty, indent=1), width)]
