"""Pages as a PDF: vector drawings, text that can be selected, the same bytes for the same day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from xml.etree import ElementTree as Tree

from diagrams.chart import NOT_AN_ORDER, Table
from diagrams.deeds import DOSE, GUARDED
from diagrams.layout import RenderError
from diagrams.pages.book import LEGEND, OVERVIEW, Book, Page
from diagrams.pages.print_check import FOOT, HEAD, SIDE, PaperSide, size

_FAMILIES = ("Liberation Sans", "Arial", "Helvetica", "Arimo")
_NO_TYPST = "pip install 'clinical-pathway[print]', or ask for .svg"
_NO_FONT = "Install Liberation Sans or Arial (apt install fonts-liberation), or ask for .svg"
_GUTTER = 4  # so that a narrow column has room for its heading
_LARGE = 8.0  # points of type to which a drawing is shrunk so that its tables stand on the same page
_WHOLE = 600  # characters of a cell that surely fits on one page
_TEMPLATE = Path(__file__).with_name("print.typ")


@dataclass(frozen=True, slots=True)
class _Run:
    """What is printed from one new page on: drawings, then remarks, then tables that may flow on."""

    name: str
    side: PaperSide
    pages: Sequence[Page] = ()
    remarks: Sequence[str] = ()
    tables: Sequence[Table] = ()


def pdf_of(book: Book, printed: date) -> bytes:
    """The pages as PDF. `printed` stands in every footer. Raises RenderError without typst or a font."""
    try:
        import typst
    except ImportError:
        raise RenderError("PDF needs the package typst", _NO_TYPST) from None
    fonts = _fonts(typst.Fonts().families())
    data = {
        "title": book.whole.title,
        "version": book.whole.subtitle,
        "stamp": book.whole.stamp,
        "printed": printed.isoformat(),
        "fonts": fonts,
        "side": SIDE, "head": HEAD, "foot": FOOT,
        "sheets": [_sheet(run) for run in _runs(book)],
    }  # fmt: skip
    stamp = int(datetime(printed.year, printed.month, printed.day, tzinfo=UTC).timestamp())
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        content = typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, timestamp=stamp)
    except typst.TypstError as error:
        raise RenderError(
            f"The pages could not be set: {error.message}", "Ask for .svg, and report it"
        ) from None
    if not isinstance(content, bytes):
        raise RenderError("The pages came out as no single PDF", "Ask for .svg, and report it")
    return content


def _fonts(families: Iterable[str]) -> list[str]:
    known = {family.casefold() for family in families}
    found = [family for family in _FAMILIES if family.casefold() in known]
    if not found:
        raise RenderError("This machine has no font for a PDF, so words would overrun their boxes", _NO_FONT)
    return found


def _runs(book: Book) -> Iterator[_Run]:
    """The front, then each sheet with what can stop its actions, each phase's tables, and the rest."""
    upright = PaperSide(book.paper, landscape=False)
    across = PaperSide(book.paper, landscape=True)
    front = [page for page in book.pages if page.name in (OVERVIEW, LEGEND)]
    if front:
        tables = [table for page in front for table in page.tables]
        yield _Run("overview", front[0].fit.side, front, book.whole.remarks, tables)
    for _, pages in groupby((page for page in book.pages if page not in front), lambda page: page.section):
        for page in pages:
            yield _Run(f"page {page.name}", page.fit.side, (page,), tables=page.tables)
            if page.after:
                yield _Run(f"tables to page {page.name.rstrip(ascii_lowercase)}", upright, tables=page.after)
    if not front:
        yield _Run("remarks", upright, remarks=book.whole.remarks)
    if book.tables:
        yield _Run("tables of the whole", across, tables=book.tables)


def _sheet(run: _Run) -> dict[str, Any]:
    width, height = run.side.size
    return {
        "name": run.name,
        "key": "; ".join(dict.fromkeys(sign for page in run.pages for sign in page.key)),
        "width": width,
        "height": height,
        "drawings": [_drawing(page, run.side) for page in run.pages],
        "least": max((min(_LARGE / page.fit.points, 1.0) for page in run.pages), default=1.0),
        "remarks": list(run.remarks),
        "tables": [_listing(table) for table in run.tables],
    }


def _drawing(page: Page, side: PaperSide) -> dict[str, Any]:
    across, down = size(Tree.fromstring(page.svg))
    width = min(across * page.fit.factor, side.room[0])
    return {"svg": page.svg, "alt": page.heading, "width": width, "height": down * width / across}


def _listing(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": [column.title for column in table.columns],
        "widths": [column.width + _GUTTER for column in table.columns],
        "rows": [_row(row) for row in table.rows],
    }


def _row(row: Sequence[str]) -> dict[str, Any]:
    """The cells of a row, line by line; only a long row may go on on the next page."""
    cells = [[_line(line) for line in cell.split("\n")] for cell in row]
    return {"cells": cells, "whole": max(map(len, row)) <= _WHOLE}


def _line(text: str) -> dict[str, str]:
    """A line of a cell with its part: doses in bold, what can stop an action in a colour too."""
    warns = text == NOT_AN_ORDER or text.startswith((GUARDED, "!! "))
    part = "safeguard" if warns else "heading" if text.startswith(DOSE) else "plain"
    return {"text": text, "part": part}
