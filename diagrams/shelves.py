"""How the tables stand below the tracks: long ones continued in parts, the parts in rows of like width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isqrt

from diagrams.chart import Table
from diagrams.lines import table_columns

LEAST_LINES = 60
# A line is about two and a half times as tall as a character is wide; the whole should be wider than tall.
LINE_TO_CHARACTER, WIDE_TO_TALL_TENTHS = 5, 30


def paged(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, those taller than the page continued in further tables with the same columns."""
    most = _page(tables)[1]
    return tuple(part for table in tables for part in _parts(table, most))


def shelves(tables: Sequence[Table]) -> tuple[tuple[str, ...], ...]:
    """Rows of table ids, filled in order up to the width of the page."""
    widest = _page(tables)[0]
    rows: list[list[str]] = []
    left = 0
    for table in tables:
        width = _width(table)
        if not rows or width > left:
            rows.append([])
            left = widest
        rows[-1].append(table.id)
        left -= width
    return tuple(tuple(row) for row in rows)


def _page(tables: Sequence[Table]) -> tuple[int, int]:
    """Width in characters and height in lines of a page that would hold all tables."""
    area = sum(_width(table) * sum(_heights(table)) for table in tables)
    width = isqrt(area * LINE_TO_CHARACTER * WIDE_TO_TALL_TENTHS // 20)
    tall = width * 20 // (LINE_TO_CHARACTER * WIDE_TO_TALL_TENTHS)
    return max([width, *map(_width, tables)]), max(tall, LEAST_LINES)


def _width(table: Table) -> int:
    return sum(column.width + 5 for column in table.columns)


def _heights(table: Table) -> list[int]:
    """Lines of each row, the heading first, with the room between rows counted as one line."""
    return [max(map(len, row)) + 1 for row in zip(*table_columns(table), strict=True)]


def _parts(table: Table, most: int) -> Iterator[Table]:
    start, used, part = 0, 0, 1
    heights = _heights(table)[1:]
    for row, height in enumerate(heights):
        if used and used + height > most:
            yield _part(table, start, row, part)
            start, used, part = row, 0, part + 1
        used += height
    yield _part(table, start, len(heights), part)


def _part(table: Table, start: int, end: int, part: int) -> Table:
    if part == 1:
        return replace(table, rows=table.rows[start:end])
    return replace(
        table, id=f"{table.id}-{part}", title=f"{table.title}, continued", rows=table.rows[start:end]
    )
