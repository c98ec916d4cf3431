"""A screen painted piece by piece: of each widget the lines that came to be seen anew, and no others.

Textual's own way has every widget drawn as a whole that lies between the first and the last change, covered
or not. In a wide window that is nearly all of them for a word in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.control import Control
from textual._compositor import Compositor, CompositorMap, CompositorUpdate, ReflowResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

Span = tuple[int, int]  # the first column, and the one after the last
Spans = dict[int, list[Span]]  # by row
Piece = tuple[int, Strip]  # where it begins
Pieces = dict[int, list[Piece]]  # by row


class PieceUpdate(CompositorUpdate):
    """Pieces of rows, each to be sent to where it stands."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """What a terminal is sent: where a run of pieces begins, and what stands there."""
        return "".join(
            Control.move_to(x, y).segment.text + "".join(strip.render(console) for strip in run)
            for x, y, run in self._runs()
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for x, y, run in self._runs():
            yield Control.move_to(x, y).segment
            for strip in run:
                yield from strip

    def _runs(self) -> Iterator[tuple[int, int, list[Strip]]]:
        for y, row in sorted(self.pieces.items()):
            for x, run in _runs(row):
                yield x, y, run


class Painter(Compositor):
    """Lays a screen out as Textual does, and paints of it what has changed.

    `behind` paints what is to be seen through the screen itself, where that is another screen.
    """

    def __init__(self, behind: Callable[[Spans], Pieces] | None = None) -> None:
        super().__init__()
        self._behind = behind
        self._placed: CompositorMap = {}  # where each widget was when it was painted last

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out anew; what has another place than it was painted at is to be painted."""
        self._full_map = self._placed
        result = super().reflow(parent, size)
        self._placed = self._full_map
        return result

    def reflow_visible(self, parent: Widget, size: Size) -> set[Widget]:
        """Scroll; compared with what was painted, where Textual compares a first time with nothing."""
        self._visible_map = self._placed
        exposed = super().reflow_visible(parent, size)
        gone = {widget: place._replace(clip=Region()) for widget, place in self._placed.items()}
        self._placed = gone | self._visible_map
        return exposed

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        screen = self.size.region
        if full or screen in self._dirty_regions:
            return super().render_update(full, screen_stack, simplify)
        regions = [part for region in self._dirty_regions if (part := region.intersection(screen))]
        self._dirty_regions.clear()
        spans: Spans = {}
        for y, x1, x2 in self._regions_to_spans(regions):
            spans.setdefault(y, []).append((x1, x2))
        return PieceUpdate(self.pieces(spans)) if spans else None

    def pieces(self, spans: Spans) -> Pieces:
        """What stands in these columns of these rows. From front to back: what is covered is not drawn."""
        left, found = {y: list(row) for y, row in spans.items()}, Pieces()
        for widget, (region, clip) in self.visible_widgets.items():
            if not left:
                break
            if taken := _taken(left, region.intersection(clip)):
                drawn = self._drawn(widget, region, taken)
                for y, row in drawn.items():
                    found.setdefault(y, []).extend(row)
        return found

    def _drawn(self, widget: Widget, region: Region, taken: Spans) -> Pieces:
        """Parts of a widget, which is drawn in as few blocks of rows as there are."""
        if widget is self.root and self._behind is not None:
            return self._behind(taken)
        found = Pieces()
        for first, last in _blocks(taken):
            crop = Region(0, first - region.y, region.width, last + 1 - first)
            for y, strip in zip(range(first, last + 1), widget.render_lines(crop), strict=False):
                found[y] = [(x1, strip.crop(x1 - region.x, x2 - region.x)) for x1, x2 in taken[y]]
        return found


def _taken(left: Spans, region: Region) -> Spans:
    """The columns that a region takes of those that are left, which are fewer then."""
    found: Spans = {}
    for y in region.line_range:
        if (row := left.get(y)) and (mine := _within(row, region.column_span)):
            found[y] = mine
            if others := [part for span in row for part in _outside(span, region.column_span)]:
                left[y] = others
            else:
                del left[y]
    return found


def _within(row: Iterable[Span], span: Span) -> list[Span]:
    both = ((max(x1, span[0]), min(x2, span[1])) for x1, x2 in row)
    return [(x1, x2) for x1, x2 in both if x1 < x2]


def _outside(span: Span, other: Span) -> Iterator[Span]:
    """What is left of a span on either side of another."""
    (x1, x2), (first, end) = span, other
    if end <= x1 or x2 <= first:
        yield span
        return
    if x1 < first:
        yield x1, first
    if end < x2:
        yield end, x2


def _blocks(rows: Iterable[int]) -> Iterator[Span]:
    """Rows that follow one another, as their first and last."""
    for _, block in groupby(enumerate(sorted(rows)), lambda at: at[1] - at[0]):
        numbers = [y for _, y in block]
        yield numbers[0], numbers[-1]


def _runs(row: Iterable[Piece]) -> Iterator[tuple[int, list[Strip]]]:
    """Pieces that follow one another without a gap."""
    run: list[Strip] = []
    begin = end = -1
    for x, strip in sorted(row, key=itemgetter(0)):
        if x != end:
            if run:
                yield begin, run
            begin, run = x, []
        run.append(strip)
        end = x + strip.cell_length
    if run:
        yield begin, run
