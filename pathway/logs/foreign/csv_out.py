"""Our own logs as CSV, which spreadsheets may open: no text in it acts as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.logs.foreign.flat import COLUMNS, MARK, Cell, flat_rows

# What spreadsheets take for the beginning of a formula, also in the wide letters of East Asian keyboards.
ACTIVE = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def write_csv(file: IO[bytes], cases: Iterable[tuple[Header, Sequence[Event]]]) -> int:
    """Write logs as CSV in UTF-8 with one line of names; how many events. Raises LogError."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for header, events in cases:
        for _, row in flat_rows(header, events):
            writer.writerow([inert(row.get(name, "")) for name in COLUMNS])
            count += 1
    text.flush()
    text.detach()
    return count


def inert(cell: Cell) -> Cell:
    """A cell that no spreadsheet computes: an apostrophe stands before what looks like a formula.

    >>> inert("=1+1"), inert("-1.5"), inert("-1.5+A1"), inert("done")
    ("'=1+1", '-1.5', "'-1.5+A1", 'done')
    """
    if isinstance(cell, str) and ACTIVE.match(cell) and not NUMBER.fullmatch(cell):
        return MARK + cell
    return cell
