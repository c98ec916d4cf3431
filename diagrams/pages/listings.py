"""Tables as they are set: cells line by line, and beside what names a page or a row, its printed page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diagrams.chart import NOT_AN_ORDER, Column, Table
from diagrams.deeds import DOSE, GUARDED
from diagrams.pages.leading import POINTER_COLUMNS, Place, Pointer, pointer_title
from diagrams.pages.runs import Run

_GUTTER = 4  # so that a narrow column has room for its heading
_WHOLE = 600  # characters of a cell that surely fits on one page
_PAGE = re.compile(r"\bpage (\d+[a-z]*)")
_LEADS = {"index": 1, "find": 2}  # the column of these tables that names pages
_CONTENTS = (Column("Page", 20), Column("Shows", 92), Column("Printed page", 12))


def sheet_anchor(place: int) -> str:
    """The name by which the printer finds the first page of a run."""
    return f"sheet-{place}"


class Listings:
    """The tables of a book as data for the printer, who alone knows on which page each row comes to stand."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._sheets = {run.name: sheet_anchor(place) for place, run in enumerate(runs)}
        pointers = (pointer for run in runs for page in run.pages for pointer in page.pointers)
        wanted = {(place.table, place.begins) for pointer in pointers for place in pointer.places}
        self._rows = _anchored(runs, wanted)

    def of_run(self, run: Run) -> list[dict[str, Any]]:
        """The contents, where a run has them, its tables, and what leads on from its sheet."""
        contents = [self._contents()] if run.name == "overview" else []
        pointers = [self._pointers(page.name, page.pointers) for page in run.pages if page.pointers]
        return [*contents, *(self._listing(table) for table in run.tables), *pointers]

    def _contents(self) -> dict[str, Any]:
        rows = (
            _row([_line(run.name)], [_line(run.shows)], [_number(self._sheets[run.name])])
            for run in self._runs
        )
        return _table("Contents", _CONTENTS, rows)

    def _pointers(self, name: str, pointers: Iterable[Pointer]) -> dict[str, Any]:
        rows = (_row([_line(one.subject)], [self._places(one.places)]) for one in pointers)
        return _table(pointer_title(name), POINTER_COLUMNS, rows)

    def _places(self, places: Iterable[Place]) -> dict[str, Any]:
        spans = [(one.words, self._rows.get((one.table, one.begins))) for one in places]
        return _spanned([(f", {words}" if at else words, row) for at, (words, row) in enumerate(spans)])

    def _listing(self, table: Table) -> dict[str, Any]:
        return _table(table.title, table.columns, (self._cells(table, row) for row in table.rows))

    def _cells(self, table: Table, row: Sequence[str]) -> dict[str, Any]:
        """A row of a table; where it names pages, their printed ones stand beside."""
        leads = _LEADS.get(table.id)
        cells = [
            [self._found(line) if place == leads else _line(line) for line in cell.split("\n")]
            for place, cell in enumerate(row)
        ]
        return _row(*cells, anchor=self._anchor(table, row))

    def _anchor(self, table: Table, row: Sequence[str]) -> str | None:
        found = (self._rows.get((table.id, tuple(row[:long]))) for long in (1, 2))
        return next((anchor for anchor in found if anchor is not None), None)

    def _found(self, text: str) -> dict[str, Any]:
        spans: list[tuple[str, str | None]] = []
        end = 0
        for match in _PAGE.finditer(text):
            spans.append((text[end : match.end()], self._sheets.get(match[0])))
            end = match.end()
        return _spanned([*spans, (text[end:], None)])


def _anchored(
    runs: Iterable[Run], wanted: set[tuple[str, tuple[str, ...]]]
) -> Mapping[tuple[str, tuple[str, ...]], str]:
    """A name for every row that is led to, by its table and its first cells."""
    rows = ((table.id, row) for run in runs for table in run.tables for row in table.rows)
    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for table, row in rows:
        for key in ((table, tuple(row[:1])), (table, tuple(row[:2]))):
            if key in wanted:
                found.setdefault(key, f"row-{len(found)}")
    return found


def _table(title: str, columns: Iterable[Column], rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": title,
        "columns": [column.title for column in columns],
        "widths": [column.width + _GUTTER for column in columns],
        "rows": list(rows),
    }


def _row(*cells: list[dict[str, Any]], anchor: str | None = None) -> dict[str, Any]:
    """The cells of a row, line by line; only a long row may go on on the next page."""
    longest = max(sum(len(span["text"]) + 1 for line in cell for span in line["spans"]) for cell in cells)
    return {"cells": list(cells), "whole": longest <= _WHOLE, "anchor": anchor}


def _line(text: str) -> dict[str, Any]:
    """A line of a cell with its part: doses in bold, what can stop an action in a colour too."""
    warns = text == NOT_AN_ORDER or text.startswith((GUARDED, "!! "))
    part = "safeguard" if warns else "heading" if text.startswith(DOSE) else "plain"
    return {"part": part, "spans": [{"text": text, "page": None}]}


def _number(anchor: str) -> dict[str, Any]:
    return {"part": "number", "spans": [{"text": "", "page": anchor}]}


def _spanned(spans: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
    """A line in which printed pages follow what they belong to."""
    return {"part": "plain", "spans": [{"text": text, "page": page} for text, page in spans if text]}
