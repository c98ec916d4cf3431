"""Rows of an XES file (IEEE 1849), read as a stream: one event a row, document types refused.

A document type could declare entities that grow without end or name other files; no XES log needs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from pathway.logs.foreign.rows import TORN, Columns, Row, Unread, opened, torn
from pathway.logs.problems import LogError

CHUNK = 1 << 16
LONGEST_ELEMENT = 1 << 22  # bytes; reading much longer ones takes a time that grows with their square
OF_CASE = "case:"  # stands before the name of an attribute of the trace
WITHIN = {"trace": ("log",), "event": ("trace", "log")}  # what stands in what
NESTED = "out of place"  # no name of an element: nothing below is read
VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})


class _RefusedError(Exception):
    """The file holds what no log needs."""


class _Reader:
    """Takes in the elements of a log, and keeps the rows that are complete."""

    def __init__(self, named: str) -> None:
        self.named = named  # the column of the case
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.buffer_text = True
        self.rows: list[Row | Unread] = []
        self.open: list[str] = []
        self.case: dict[str, str] = {}
        self.event: dict[str, str] = {}
        self.strange: dict[str, str] = {}  # for a trace and an event, what makes it unreadable
        self.line = 0
        self.taken = 0

    def take(self, data: bytes, *, last: bool = False) -> list[Row | Unread]:
        """The rows that these bytes complete. Raises ExpatError, _RefusedError."""
        self.rows = []
        self.parser.Parse(data, last)
        self.taken += len(data)
        if self.taken - self.parser.CurrentByteIndex > LONGEST_ELEMENT:
            raise _RefusedError(f"It holds an element of more than {LONGEST_ELEMENT} bytes")
        return self.rows

    def _refuse(self, *_: object) -> None:
        raise _RefusedError("It has a document type, which could make a small file grow without end")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        parent = self.open[-1] if self.open else None
        inside = NESTED if parent not in WITHIN.get(name, (parent,)) else name
        self.open.append(inside)
        if parent is None and name != "log":
            raise _RefusedError(f"It begins with <{name}>, where XES begins with <log>")
        if inside == NESTED:
            self._nested(name, parent)
        elif name == "trace":
            self.case, self.strange = {}, {}
        elif name == "event":
            self.event, self.line = {}, self.parser.CurrentLineNumber
            self.strange.pop("event", None)
        elif name in VALUES and "key" in attributes:
            value = attributes.get("value", "")
            # How process mining programs write a number that is missing.
            missing = name == "float" and value.lower() == "nan"
            self._attribute(parent, attributes["key"], "" if missing else value)

    def _attribute(self, parent: str | None, key: str, value: str) -> None:
        """Attributes of attributes say nothing about a case, nor do those of the whole log."""
        if parent not in ("trace", "event"):
            return
        cells, key = (self.case, OF_CASE + key) if parent == "trace" else (self.event, key)
        if cells.setdefault(key, value) != value:
            self.strange[parent] = f"`{key}` has two values"

    def _nested(self, name: str, parent: str | None) -> None:
        """A trace or an event where none can stand; what is inside it is not read."""
        if parent != NESTED:
            why = f"<{name}> stands inside <{parent}>, where none can"
            self.rows.append(self._unread(why, self.parser.CurrentLineNumber))

    def _unread(self, why: str, line: int) -> Unread:
        """What cannot be read, and without which its case would be told wrongly."""
        return Unread(line, why, self.case.get(self.named))

    def _end(self, tag: str) -> None:
        if self.open.pop() != "event":
            return
        if self.open == ["log"]:
            self.rows.append(Unread(self.line, "The event stands in no trace, so no case is its own"))
        elif self.strange:
            self.rows.append(self._unread(next(iter(self.strange.values())), self.line))
        else:
            cells = {**self.event, **self.case}
            whole = tuple(f"{key}={value}" for key, value in cells.items())
            self.rows.append(Row(self.line, cells, whole))


def xes_rows(path: Path, columns: Columns) -> Iterator[Row | Unread]:
    """The events of an XES file. Raises LogError where it cannot be read at all.

    An attribute that an event lacks is an empty text.
    """
    reader = _Reader(columns.case)
    empty = dict.fromkeys(columns.needed, "")
    with opened(path) as file:
        while True:
            fault, found, data = None, list[Row | Unread](), b""
            try:
                data = file.read(CHUNK)
                found = reader.take(data, last=not data)
            except TORN as error:
                fault = torn(error)
            except expat.ExpatError as error:
                found, fault = reader.rows, f"The file is no XML from here on, or ends too early ({error})"
            except (_RefusedError, LookupError, ValueError) as error:
                fix = "Write it again without that, in UTF-8."
                raise LogError("This log is not read", str(error), fix, path=path) from None
            for row in found:
                yield Row(row.line, {**empty, **row.cells}, row.whole) if isinstance(row, Row) else row
            if fault is not None:
                case = reader.case.get(columns.case)
                yield Unread(reader.parser.CurrentLineNumber, fault, case, rest=True)
            if fault is not None or not data:
                return
