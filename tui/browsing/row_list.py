"""Rows of which some lead somewhere: only those on show are drawn, so that long lists cost nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.browsing.book import PageRow
from tui.lines import Line, Tone, columns, cut, inert, wrapped
from tui.widgets.line_view import CHOSEN, STYLES

KEPT = 12  # columns of the text that a long lead leaves free: room for a standing in words
MARGIN = 5  # columns before the words: a mark, the number, a space


@dataclass(frozen=True, slots=True)
class Laid:
    """One row of the screen: a piece of the row `index`, the first of it or a further one."""

    index: int
    line: Line
    is_first: bool


class RowList(ScrollView, can_focus=True):
    """One row with a key is highlighted; digits go to one by its number. The screen has the other keys.

    `is_numbered` shows numbers and wraps; otherwise every row is cut to one line.
    """

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, key: Hashable | None) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str, is_numbered: bool) -> None:
        super().__init__(id=id)
        self.rows: tuple[PageRow, ...] = ()
        self.highlighted: int | None = None
        self._is_numbered = is_numbered
        self._laid: list[Laid] = []
        self._tops: list[int] = []
        self._numbers: dict[int, int] = {}
        self._digits = ""
        self._begin: int | None = None

    @property
    def highlighted_key(self) -> Hashable | None:
        return None if self.highlighted is None else self.rows[self.highlighted].key

    def show(self, rows: Sequence[PageRow], highlighted: int | None = None, scroll: int = 0) -> None:
        """Show other rows, from the row of the screen `scroll` on."""
        self.rows = tuple(rows)
        keyed = (index for index, row in enumerate(self.rows) if row.key is not None)
        self._numbers = {index: number for number, index in enumerate(keyed, 1)}
        self.highlighted = highlighted
        self._digits = ""
        self._lay_out()
        self._stand_at(scroll)

    def on_resize(self) -> None:
        """Lay out anew; rows that were shown before there was room for them begin where they were to."""
        self._lay_out()
        self._stand_at(round(self.scroll_y) if self._begin is None else self._begin)

    def _stand_at(self, scroll: int) -> None:
        self._begin = None if self.size.height else scroll
        self.scroll_to(y=scroll, animate=False, immediate=True)
        if self.highlighted is not None:
            self._show_row(self.highlighted)
        self.refresh()

    # --- keys -------------------------------------------------------------------------------------
    def action_move(self, step: int) -> None:
        """The next row with a key, or a page further where none is near."""
        self._digits = ""
        target = self._next_keyed(step)
        height = max(1, self.size.height)
        if target is None or abs(self._tops[target] - self._anchor(step)) >= height:
            self.scroll_relative(y=step * max(1, height - 2), animate=False, immediate=True)
            return
        self._highlight(target)

    def action_page(self, step: int) -> None:
        """A page further; the first row with a key on it is highlighted."""
        self.scroll_relative(y=step * max(1, self.size.height - 1), animate=False, immediate=True)
        self.highlighted = next(iter(self._keyed_on_show()), self.highlighted)
        self.refresh()

    def action_end(self, last: int) -> None:
        if self._numbers:
            self._highlight(max(self._numbers) if last else min(self._numbers))
        self.scroll_to(y=self.virtual_size.height if last else 0, animate=False, immediate=True)

    def on_key(self, event: events.Key) -> None:
        """Digits highlight by number; more of them make a longer number where there is one."""
        if not self._is_numbered or event.character is None or event.character not in "0123456789":
            return
        event.stop()
        by_number = {number: index for index, number in self._numbers.items()}
        for digits in (self._digits + event.character, event.character):
            if int(digits) in by_number:
                self._highlight(by_number[int(digits)])
                self._digits = digits
                return

    def on_click(self, event: events.Click) -> None:
        y = event.y + round(self.scroll_y)
        index = self._laid_at(y, 1).index if y < self._height else None
        if index in self._numbers:
            self._highlight(index)
            self.post_message(self.Chosen(self.highlighted_key))

    def highlight_first(self) -> None:
        """Highlight the first row that leads somewhere."""
        if self._numbers:
            self._highlight(min(self._numbers))

    def _highlight(self, index: int) -> None:
        self._digits = ""
        self.highlighted = index
        self._show_row(index)
        self.refresh()

    def _show_row(self, index: int) -> None:
        if not self.size.height:
            return
        top = self._tops[index]
        bottom = self._tops[index + 1] if index + 1 < len(self._tops) else self._height
        region = Region(0, top, 1, max(1, bottom - top))
        self.scroll_to_region(region, animate=False, immediate=True)

    def _anchor(self, step: int) -> int:
        """The row of the screen from which the next row with a key is looked for."""
        top, height = round(self.scroll_y), max(1, self.size.height)
        if self.highlighted is not None and top <= self._tops[self.highlighted] < top + height:
            return self._tops[self.highlighted]
        return top - 1 if step > 0 else top + height

    def _next_keyed(self, step: int) -> int | None:
        anchor = self._anchor(step)
        if step > 0:
            return next((index for index in self._numbers if self._tops[index] > anchor), None)
        return next((index for index in reversed(self._numbers) if self._tops[index] < anchor), None)

    def _keyed_on_show(self) -> list[int]:
        top, height = round(self.scroll_y), self.size.height
        return [index for index in self._numbers if top <= self._tops[index] < top + height]

    # --- drawing ----------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        """Where each row begins. Rows of one line need no laying out: they are cut when they are drawn."""
        width = self.scrollable_content_region.width
        self._laid, self._tops = [], []
        is_cut = not self._is_numbered or width <= MARGIN
        if is_cut:
            self._tops = list(range(len(self.rows)))
        for index, row in enumerate(() if is_cut else self.rows):
            self._tops.append(len(self._laid))
            pieces = _pieces(row.line, max(12, width - MARGIN))
            self._laid += [Laid(index, piece, place == 0) for place, piece in enumerate(pieces)]
        self.virtual_size = Size(width, self._height)

    @property
    def _height(self) -> int:
        return len(self._laid) if self._is_numbered else len(self.rows)

    def _laid_at(self, y: int, width: int) -> Laid:
        return self._laid[y] if self._is_numbered else Laid(y, _cut(self.rows[y].line, width - 1), True)

    def render_line(self, y: int) -> Strip:
        width, y = self.scrollable_content_region.width, y + round(self.scroll_y)
        if y >= self._height:
            return Strip.blank(self.size.width, self.rich_style)
        laid = self._laid_at(y, width)
        is_chosen = laid.index == self.highlighted and laid.index in self._numbers
        style = CHOSEN if is_chosen else STYLES[laid.line.tone]
        base = self.rich_style + Style.parse(style) if style else self.rich_style
        bold = base + Style(bold=True)
        lead, text = inert(laid.line.lead), inert(laid.line.text)
        between = " " if lead and text else ""
        segments = [
            Segment(self._margin(laid, is_chosen), bold if is_chosen else self.rich_style),
            Segment(" " * laid.line.indent, base if is_chosen else self.rich_style),
            Segment(lead, bold),
            Segment(between + text, base),
        ]
        fill = base if is_chosen or laid.line.tone in (Tone.CAUTION, Tone.ALARM) else self.rich_style
        return Strip(segments).extend_cell_length(width, fill).crop(0, width)

    def _margin(self, laid: Laid, is_chosen: bool) -> str:
        mark = ">" if is_chosen and laid.is_first else " "
        if not self._is_numbered:
            return mark
        number = self._numbers.get(laid.index)
        return f"{mark}{number if number is not None and laid.is_first else '':>3} "


def _pieces(line: Line, width: int) -> list[Line]:
    """The line wrapped; most lines fit as they are."""
    text = f"{line.lead} {line.text}"
    if len(text) + line.indent <= width and text.isascii() and text.isprintable():
        return [line]
    return wrapped(line, width)


def _cut(line: Line, width: int) -> Line:
    """The line in one row: the lead gives way to the first words of the text."""
    kept = min(columns(line.text), KEPT) + 1 if line.text else 0
    lead = cut(line.lead, max(1, width - line.indent - kept))
    room = width - line.indent - columns(lead) - 1
    return replace(line, lead=lead, text=cut(line.text[: 4 * width], room) if room > 3 else "")
