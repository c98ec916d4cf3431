"""Rows of a CSV file: strict about quotes, lengths and letters, and back in step after a bad row."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pathway.language.problems import visible
from pathway.logs.foreign.rows import TORN, Columns, Row, Unread, check_columns, opened, torn
from pathway.logs.foreign.written import Csv
from pathway.logs.problems import LogError

LONGEST_LINE = 1 << 20
BYTE_ORDER_MARK = "\ufeff"


class _Lines:
    """The lines of a file; after a row that went wrong, those behind its first are given out again.

    A quotation mark that nobody closes would otherwise swallow rows of other cases.
    """

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.file = file
        self.encoding = encoding
        self.number = 0
        self.row: list[str] = []
        self.again = deque[str]()
        self.fault: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self.again.popleft() if self.again else self._read()
        if not text:
            raise StopIteration
        self.number += 1
        self.row.append(text)
        if len(text) >= LONGEST_LINE:
            raise csv.Error(f"a line is longer than {LONGEST_LINE} bytes")
        return text

    def begin(self) -> int:
        """Begin the next row; its line number."""
        self.row = []
        return self.number + 1

    def step_back(self) -> str:
        """Give out again what followed the first line of this row; the first line."""
        first, *others = self.row
        self.number -= len(others)
        self.again.extendleft(reversed(others))
        return first

    def _read(self) -> str:
        if self.fault is not None:
            return ""
        try:
            line = self.file.readline(LONGEST_LINE)
            rest = line
            while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
                rest = self.file.readline(LONGEST_LINE)  # what is too long is one line all the same
        except TORN as error:
            self.fault = torn(error)
            return ""
        # What is not of the encoding is kept in a form that `_letters` finds.
        return line.decode(self.encoding, "surrogateescape")


def csv_rows(path: Path, columns: Columns, written: Csv) -> Iterator[Row | Unread]:
    """The rows of a CSV file with one line of names. Raises LogError where it cannot be read at all."""
    with opened(path) as file:
        lines = _Lines(file, written.encoding)
        reader = csv.reader(lines, delimiter=written.separator, strict=True)
        names = _header(path, lines, reader, written)
        check_columns(path, names, columns)
        at = names.index(columns.case)
        while True:
            line = lines.begin()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                first = lines.step_back()
                yield Unread(
                    line, f"The row is not written as CSV: {_fault(error)}", _case(first, at, written)
                )
                continue
            if cells is None:
                break
            if len(cells) not in (0, len(names)):
                first = lines.step_back()
                why = f"The row has {len(cells)} cells where there are {len(names)} columns"
                yield Unread(line, why, _case(first, at, written))
                continue
            yield from _row(line, cells, names, at, written.encoding)
        if lines.fault is not None:
            yield Unread(lines.number + 1, lines.fault, rest=True)


def _header(path: Path, lines: _Lines, reader: Iterator[list[str]], written: Csv) -> list[str]:
    try:
        names = next(reader, None)
    except csv.Error as error:
        why, fix = f"The line of names is not written as CSV: {_fault(error)}", "See `csv` of the mapping."
        raise LogError("This log cannot be read", why, fix, path=path, line=1) from None
    if not names:
        why = lines.fault or "The first line says what the columns are called"
        raise LogError("This log has no line of names", why, "Name another file.", path=path, line=1)
    if not all(map(_is_text, names)):
        why = f"The line of names holds bytes that are no {written.encoding} text"
        fix = "Save the file as UTF-8, or name its `encoding` under `csv` of the mapping."
        raise LogError("This log cannot be read", why, fix, path=path, line=1)
    names[0] = names[0].removeprefix(BYTE_ORDER_MARK).strip('"')
    others = [mark for mark in (";", ",", "\t", "|") if mark in names[0] and mark != written.separator]
    if len(names) == 1 and others:
        why = f"Its only column is `{visible(names[0][:80])}`"
        fix = f"Write `csv: {{separator: {others[0]!r}}}` in the mapping."
        raise LogError("The columns are not divided by the separator", why, fix, path=path, line=1)
    return names


def _row(line: int, cells: list[str], names: list[str], at: int, encoding: str) -> Iterator[Row | Unread]:
    if not cells:
        return  # an empty line
    strange = next((name for name, cell in zip(names, cells, strict=True) if not _is_text(cell)), None)
    if strange is not None:
        why = f"`{visible(strange)}` holds bytes that are no {encoding} text. Name its `encoding` under `csv`"
        yield Unread(line, why, cells[at] if _is_text(cells[at]) else None)
        return
    yield Row(line, dict(zip(names, cells, strict=True)), tuple(cells))


def _is_text(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in cell)


def _case(first: str, at: int, written: Csv) -> str | None:
    """The case of a row that is no CSV, where its first line tells it by a plain look."""
    mark = re.escape(written.separator)
    cell = rf'(?:"((?:[^"]|"")*)"|([^"{mark}\r\n]*))(?:{mark}|[\r\n]*$)'
    found = re.match(rf"(?:{cell}){{{at}}}{cell}", first)
    if found is None:
        return None
    quoted, plain = found.groups()[-2:]
    case = plain if quoted is None else quoted.replace('""', '"')
    return case if _is_text(case) and len(case) <= csv.field_size_limit() else None


def _fault(error: csv.Error) -> str:
    """What is wrong with a row, for somebody who looks at it."""
    text = str(error)
    if text.startswith("new-line character"):
        return "it holds a carriage return alone. Write the file with line feeds"
    return "a quotation mark is opened and never closed" if text == "unexpected end of data" else text
