"""What a terminal shows after all that was sent to it, cell by cell: the screen is sent in pieces."""

from __future__ import annotations

import io
import re
from typing import Any

from rich.cells import get_character_cell_size
from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.app import App

# A style keeps the codes that it was drawn with first, whichever console asked for them.
COLOURS = Console(color_system="truecolor", file=io.StringIO())
CONTROL = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])|\r?\n|(.)", re.DOTALL)
Cells = dict[tuple[int, int], tuple[str, str]]


def drawn(text: str, cells: Cells) -> Cells:
    """Draw text with its cursor moves and styles onto cells: by row and column, a sign and its style."""
    row = column = 0
    style = ""
    for found in CONTROL.finditer(text):
        numbers, control, sign = found.groups()
        if control == "H":
            row, column = (int(number) - 1 for number in numbers.split(";"))
        elif control == "m":
            style = "" if numbers in ("", "0") else numbers
        elif control is not None:
            raise AssertionError(f"the screen sends {found.group()!r}")
        elif sign is None:
            row, column = row + 1, 0
        else:
            cells[row, column] = (sign, style)
            column += get_character_cell_size(sign)
    return cells


class Watched:
    """The terminal of an application: what stands on it, and how many cells were sent since it was asked."""

    def __init__(self, app: App[Any]) -> None:
        self.cells: Cells = {}
        self.sent = 0
        self._app = app
        self._display = app._display
        app._display = self._take

    def _take(self, screen: Any, renderable: Any) -> None:
        update: object = renderable
        if isinstance(update, CompositorUpdate) and not self._app._batch_count:
            pieces = update.render_segments(COLOURS)
            self.sent += len(drawn(pieces, {}))
            drawn(pieces, self.cells)
        self._display(screen, renderable)

    def count(self) -> int:
        """The cells that were sent since this was called last."""
        sent, self.sent = self.sent, 0
        return sent

    def wrong(self) -> list[str]:
        """Rows that do not stand there as they would if the whole screen was sent now."""
        compositor, app = self._app.screen._compositor, self._app
        waiting = set(compositor._dirty_regions)
        whole = compositor.render_update(full=True, screen_stack=app._background_screens)
        assert isinstance(whole, CompositorUpdate)
        compositor._dirty_regions.update(waiting)
        right = drawn(whole.render_segments(COLOURS), {})
        rows = sorted({row for row, column in right if self.cells.get((row, column)) != right[row, column]})
        return [f"{row}: {_row(self.cells, row)} | {_row(right, row)}" for row in rows]


def _row(cells: Cells, row: int) -> str:
    return "".join(cells[at][0] for at in sorted(cells) if at[0] == row).rstrip()
