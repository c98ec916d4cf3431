"""Boxes too tall for a sheet: their last actions move into further boxes under the same number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagrams.chart import Box, BoxKind, Group, Row
from diagrams.lines import row_columns

_BESIDE = (BoxKind.SHOWN, BoxKind.CALLS)


# Lines of actions in one box; each next number is tried where a sheet would be too tall.
MOST_LINES = (38, 24, 12)


def divided(groups: tuple[Group, ...], most: int) -> tuple[Group, ...]:
    """The groups with tall boxes divided; the further boxes follow the first."""
    return tuple(
        replace(group, boxes=tuple(part for box in group.boxes for part in _parts(box, most)))
        for group in groups
    )


def _parts(box: Box, most: int) -> Iterator[Box]:
    chunks = list(_chunks(box, most))
    yield replace(box, rows=tuple(chunks[0])) if chunks else box
    kind = box.kind if box.kind is BoxKind.SHOWN else BoxKind.CALLS
    title = box.title if box.kind in _BESIDE else "calls for"
    for place, rows in enumerate(chunks[1:], start=2):
        yield Box(f"{box.id}-part-{place}", box.number, kind, f"{title}, continued", (), tuple(rows))


def _chunks(box: Box, most: int) -> Iterator[list[Row]]:
    """The actions in order, each chunk as tall as one box may be; an action is never parted."""
    chunk: list[Row] = []
    used = 0
    for row in box.rows:
        cells = row_columns(replace(box, rows=(row,)))
        tall = sum(max(map(len, level)) for level in zip(*cells, strict=True))
        if chunk and used + tall > most:
            yield chunk
            chunk, used = [], 0
        chunk.append(row)
        used += tall
    if chunk:
        yield chunk
