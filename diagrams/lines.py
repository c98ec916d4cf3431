"""The lines of a chart's elements as they are written, top to bottom, each with the part it plays.

DOT is made from them and the finished picture is styled by them, so that both speak of the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from diagrams import looks
from diagrams.chart import NOT_AN_ORDER, Box, BoxKind, Chart, Row, Table
from diagrams.text import wrapped


class Part(Enum):
    """What a line is, which decides how it is set."""

    __hash__ = object.__hash__  # each part is there once; many thousand lines are looked up by theirs

    TITLE = "title"
    STAMP = "stamp"
    HEADING = "heading"
    PLAIN = "plain"
    SAFEGUARD = "safeguard"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label."""

    text: str
    part: Part = Part.PLAIN


Cell = tuple[Line, ...]
Cells = tuple[Cell, ...]


@lru_cache(maxsize=20_000)  # the DOT and the styling of its picture ask for the same lines
def lines(text: str, width: int, part: Part = Part.PLAIN) -> Cell:
    """The text wrapped, every line with the same part; bold letters take a tenth more room."""
    fitting = width if part in (Part.PLAIN, Part.SOURCES) else width * 9 // 10
    return tuple(Line(line, part) for line in wrapped(text, fitting))


def title_block(chart: Chart) -> Cell:
    """What stands over the chart: title, version and digest, the stamp of an unapproved pathway, remarks."""
    parts = [(chart.title, Part.TITLE), (chart.subtitle, Part.PLAIN), (chart.stamp or "", Part.STAMP)]
    parts += [(remark, Part.PLAIN) for remark in chart.remarks]
    return tuple(line for text, part in parts for line in lines(text, looks.HEAD_WIDTH, part))


def head(box: Box) -> Cell:
    """Heading, sentences and sources of a box."""
    width = looks.HEXAGON_WIDTH if box.kind is BoxKind.DECISION else looks.LINE_WIDTH
    heading = lines(box.heading, width, Part.HEADING)
    plain = (line for text in box.lines for line in lines(text, width))
    return (*heading, *plain, *lines(box.sources, width, Part.SOURCES))


def row_columns(box: Box) -> list[list[Cell]]:
    """The actions of a box: a column of deadlines, where there are any, and one of what is to be done."""
    deadlines = [lines(row.deadline, looks.DEADLINE_WIDTH) for row in box.rows]
    deeds = [_deed(row) for row in box.rows]
    return [deadlines, deeds] if any(deadlines) else [deeds]


@lru_cache(maxsize=200)  # asked for to place the tables, to write them, and to style what was written
def table_columns(table: Table) -> tuple[Cells, ...]:
    """The cells of a table column by column, each under its heading."""
    return tuple(
        (
            lines(column.title, column.width, Part.HEADING),
            *(lines(row[place], column.width, _cell_part(row[place])) for row in table.rows),
        )
        for place, column in enumerate(table.columns)
    )


def table_title(table: Table) -> Cell:
    """The title over a table."""
    return lines(table.title, looks.HEAD_WIDTH, Part.HEADING)


def in_order(first: Cell, columns: Iterable[Iterable[Cell]]) -> Iterator[Line]:
    """All lines of an element in the order in which a layout writes them: first the top, then by column."""
    yield from first
    yield from (line for column in columns for cell in column for line in cell)


def _deed(row: Row) -> Cell:
    title = lines(row.title, looks.ROW_WIDTH, Part.HEADING)
    details = (line for text in row.lines for line in lines(text, looks.ROW_WIDTH, _part(text)))
    return (*title, *details, *lines(row.sources, looks.ROW_WIDTH, Part.SOURCES))


def _part(text: str) -> Part:
    """Doses stand out like headings; what can stop an action stands out by a sign and a colour too."""
    if text.startswith("DOSE "):
        return Part.HEADING
    warns = text == NOT_AN_ORDER or text.startswith(("! ", "!! "))
    return Part.SAFEGUARD if warns else Part.PLAIN


def _cell_part(text: str) -> Part:
    return Part.SAFEGUARD if text == NOT_AN_ORDER else Part.PLAIN
