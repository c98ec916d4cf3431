"""What stands under what: short tracks share a column, legend and tables come below all tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from diagrams.chart import Box, BoxKind, Chart, EdgeKind, Lane
from diagrams.shelves import shelves

LEGEND_TEXT = "legend-text"
LEGEND_ROW = 4
_BESIDE = (BoxKind.CALLS, BoxKind.SHOWN)


def legend_box(kind: BoxKind) -> str:
    """The id of the box that shows this kind in the legend."""
    return f"legend-{kind.name.lower()}"


def legend_row(chart: Chart) -> tuple[str, ...]:
    """The ids held in line: the legend row by row, and under it the first table of every shelf."""
    legend = (id for row in legend_rows(chart) for id in row)
    return (*legend, *(row[0] for row in shelves(chart.tables)))


def legend_rows(chart: Chart) -> tuple[tuple[str, ...], ...]:
    """The legend in short rows, its sentences below them, so that it is no wider than a sheet of paper."""
    if not chart.legend:
        return ()
    shapes = tuple(legend_box(entry.kind) for entry in chart.legend if entry.kind is not None)
    starts = range(0, len(shapes), LEGEND_ROW)
    return (*(shapes[start : start + LEGEND_ROW] for start in starts), (LEGEND_TEXT,))


def downward(chart: Chart) -> Iterator[tuple[str, str]]:
    """Pairs of element ids, the first to stand above the second, where no transition says so."""
    for column in columns(chart.lanes):
        for above, lane in pairwise(column):
            yield from ((end, lane.boxes[0].id) for end in ends(above))
    above_all = [end for lane in chart.lanes for end in ends(lane)]
    rows = (*legend_rows(chart), *shelves(chart.tables))
    yield from ((above, row[0]) for row in rows[:1] for above in above_all)
    for upper, lower in pairwise(rows):
        yield from ((upper[0], below) for below in lower)


def beside(lane: Lane) -> tuple[tuple[str, ...], ...]:
    """Each state with the boxes under its number to which no line leads; no line could join them on a level.

    (Graphviz loses a line between neighbours on one level of which one is a record.)
    """
    reached = {edge.target for edge in lane.edges}
    rows: dict[int | None, list[str]] = {}
    for box in lane.boxes:
        if box.kind not in _BESIDE or box.id not in reached:
            rows.setdefault(box.number, []).append(box.id)
    return tuple(tuple(row) for number, row in rows.items() if number is not None and len(row) > 1)


def level(chart: Chart) -> tuple[tuple[str, ...], ...]:
    """Rows of elements that stand beside each other: first starts, a state's boxes, legend, tables."""
    states = (row for lane in chart.lanes for row in beside(lane))
    return (top(chart), *states, *legend_rows(chart), *shelves(chart.tables))


def top(chart: Chart) -> tuple[str, ...]:
    """The starts of the tracks that begin at the top, from left to right."""
    return tuple(column[0].boxes[0].id for column in columns(chart.lanes))


def columns(lanes: Sequence[Lane]) -> tuple[tuple[Lane, ...], ...]:
    """The tracks in columns none of which is longer than the longest track; their order is kept."""
    longest = max((depth(lane) for lane in lanes), default=0)
    found: list[list[Lane]] = []
    for lane in lanes:
        if found and sum(depth(other) for other in found[-1]) + depth(lane) <= longest:
            found[-1].append(lane)
        else:
            found.append([lane])
    return tuple(tuple(column) for column in found)


def depth(lane: Lane) -> int:
    """How many boxes stand under each other on the longest way through a track, ways back left out."""
    return max(_depths(lane).values())


def ends(lane: Lane) -> tuple[str, ...]:
    """The boxes of a track from which no line leads on."""
    leaving = {edge.source for edge in lane.edges if edge.kind is not EdgeKind.LOOP}
    return tuple(box.id for box in lane.boxes if box.id not in leaving)


def _depths(lane: Lane) -> dict[str, int]:
    onward: dict[str, list[str]] = {box.id: [] for box in lane.boxes}
    for edge in lane.edges:
        if edge.kind is not EdgeKind.LOOP:
            onward[edge.source].append(edge.target)
    found: dict[str, int] = {}
    for box in _last_first(lane.boxes, onward):
        found[box] = 1 + max((found[target] for target in onward[box] if target in found), default=0)
    return found


def _last_first(boxes: Sequence[Box], onward: dict[str, list[str]]) -> list[str]:
    """The boxes so that each comes after all to which its lines lead, save by a line that closes a circle."""
    order: dict[str, None] = {}
    entered: set[str] = set()
    pending = [box.id for box in reversed(boxes)]
    while pending:
        box = pending[-1]
        if box in entered:
            order.setdefault(pending.pop())
        else:
            entered.add(box)
            pending += [target for target in onward[box] if target not in entered]
    return list(order)
