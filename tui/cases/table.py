"""The table of cases: nothing is highlighted until the user does it; the highlight stays with its case."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.events import MouseDown
from textual.widgets import DataTable

from tui.cases.rows import HEADS, Columns, cells, columns_of, is_late
from tui.session import ListedCase
from tui.widgets.line_view import ALARM

DUE = HEADS.index("Next due")


class CaseTable(DataTable[Text]):
    """Rows of cut, inert words; which cases they are, and in which order, is the screen's affair."""

    def __init__(self) -> None:
        super().__init__(id="cases", cursor_type="row", show_cursor=False, cell_padding=0)
        self._keys: list[str] = []
        self._texts: dict[str, tuple[Text, ...]] = {}
        self._shape: Columns | None = None

    @property
    def chosen(self) -> str | None:
        """The key of the highlighted case."""
        if not self.show_cursor or self.cursor_row >= len(self._keys):
            return None
        return self._keys[self.cursor_row]

    @property
    def in_sight(self) -> Sequence[str]:
        """The keys of the rows that can be seen now."""
        top = int(self.scroll_y)
        return self._keys[top : top + max(1, self.size.height)]

    def show(self, cases: Sequence[ListedCase], now: int, width: int) -> None:
        """Show these cases in this order; only what changed is drawn again."""
        shape = columns_of(width)
        texts = {one.key: _texts(one, now, shape) for one in cases}
        keys = list(texts)
        if shape == self._shape and keys == self._keys:
            self._change(texts)
        else:
            self._fill(keys, texts, shape)
        self._texts = texts

    def choose(self, key: str | None) -> None:
        """Highlight a case; none where it is not in the table."""
        is_there = key in self._keys
        self.show_cursor = is_there
        if key is not None and is_there:
            self.move_cursor(row=self._keys.index(key), animate=False)

    def _change(self, texts: dict[str, tuple[Text, ...]]) -> None:
        for key, row in texts.items():
            for head, before, after in zip(HEADS, self._texts[key], row, strict=True):
                if before != after or before.style != after.style:
                    self.update_cell(key, head, after)

    def _fill(self, keys: list[str], texts: dict[str, tuple[Text, ...]], shape: Columns) -> None:
        chosen = self.chosen
        self.clear(columns=shape != self._shape)
        if shape != self._shape:
            for head, width in zip(shape.heads, shape.widths, strict=True):
                self.add_column(Text(head), width=width + 1, key=head)
        self._keys, self._shape = keys, shape
        for key in keys:
            self.add_row(*texts[key], key=key)
        self.choose(chosen)

    def on_mouse_down(self, event: MouseDown) -> None:
        self.show_cursor = bool(self._keys)

    def action_cursor_down(self) -> None:
        if not self._begins():
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        if not self._begins():
            super().action_cursor_up()

    def action_page_down(self) -> None:
        if not self._begins():
            super().action_page_down()

    def action_page_up(self) -> None:
        if not self._begins():
            super().action_page_up()

    def _begins(self) -> bool:
        """The first key of movement highlights the first case; True if it was the first."""
        if self.show_cursor or not self._keys:
            return False
        self.choose(self._keys[0])
        return True


def _texts(one: ListedCase, now: int, shape: Columns) -> tuple[Text, ...]:
    words = cells(one, now, shape)
    late = is_late(one, now)
    return tuple(Text(word, style=ALARM if late and index == DUE else "") for index, word in enumerate(words))
