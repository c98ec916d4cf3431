"""Our own logs as flat rows: one row an event, every field a column of its own, nothing lost.

Names are those of the JSON lines. A list is written as JSON; a value that is a list stands under `values`.
Every row repeats the header of its log, and carries the hash that seals its line. An apostrophe at the
beginning of a text is not part of it: it tells an empty text from none, and keeps formulae inert in CSV.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pathway.engine.events import Event
from pathway.logs.chain import SCHEMA, SEMANTICS, Chain, Header, Log
from pathway.logs.foreign.rows import Row, Unread
from pathway.logs.problems import RESTORE, LogError
from pathway.logs.wire import event_from_object, event_object, record_from_object, record_object

HEADER = ("pathway", "version", "digest", "case", "without_layers", "continues", "schema", "semantics")
EVENT = (
    "seq", "at", "recorded_at", "by", "batch", "type", "fact", "value", "values", "unit", "entered",
    "corrects", "track", "from", "to", "cause", "guard", "basis", "round", "action", "while", "done_at",
    "via", "code", "safeguards", "alert", "undone", "text", "reason", "timezone", "label",
)  # fmt: skip
HASH = "hash"
COLUMNS = (*HEADER, *EVENT, HASH)
WHOLE = frozenset({"schema", "semantics", "seq", "batch", "corrects", "round", "via", "undone"})
TIMES = frozenset({"at", "recorded_at", "done_at"})
LISTS = frozenset({"without_layers", "values", "basis", "safeguards"})
NEEDED = ("pathway", "version", "digest", "case", "schema", "semantics", "seq", "at", "type", HASH)

MARK = "'"
AS_JSON = ".json"  # ends the name of an attribute whose text XML cannot hold as it is

Cell = str | int
Flat = dict[str, Cell]


def flat_rows(header: Header, events: Iterable[Event]) -> Iterator[tuple[Event, Flat]]:
    """Each event with its row. Raises LogError for events that cannot stand in one log."""
    head = _flat(record_object(header, "header"))
    chain = Chain.start(header)
    for event in events:
        chain = chain.then(event)
        yield event, {**head, **_flat(event_object(event)), HASH: chain.head}


def _flat(line: Mapping[str, object]) -> Flat:
    return dict(_cell(name, value) for name, value in line.items())


def _cell(name: str, value: object) -> tuple[str, Cell]:
    if isinstance(value, list):
        return "values" if name == "value" else name, json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return name, value
    text = str(value)
    return name, MARK + text if text[:1] in ("", MARK) else text


def logs_of(path: Path, rows: Iterable[Row | Unread]) -> Iterator[tuple[int, Log | LogError]]:
    """Every log of a file, or what is wrong with it, with the line of its first row.

    The rows of one log stand together, in order.
    """
    for _, group in groupby(_numbered(rows), key=itemgetter(0)):
        of_log = [row for _, row in group]
        yield of_log[0].line, _log(path, of_log)


def _numbered(rows: Iterable[Row | Unread]) -> Iterator[tuple[int, Row | Unread]]:
    """Each row with the number of its log; one that cannot be read is missed in the log before it."""
    number, last = 0, None
    for row in rows:
        if isinstance(row, Row):
            header = [row.cells.get(name, "") for name in HEADER]
            if header != last or row.cells.get("seq") == "1":
                number, last = number + 1, header
        yield number, row


def _log(path: Path, rows: Iterable[Row | Unread]) -> Log | LogError:
    header, chain, line = None, None, 0
    events: list[Event] = []
    try:
        for row in rows:
            line = row.line
            if header is None or chain is None:
                header = _header(row)
                chain = Chain.start(header)
            event, chain = _next(chain, row)
            events.append(event)
    except LogError as error:
        return error.located(path, line)
    assert header is not None
    assert chain is not None
    return Log(header, tuple(events), chain.head, 0)


def _header(row: Row | Unread) -> Header:
    header = record_from_object(Header, _fields(row, HEADER), "header")
    for name, number, ours in (
        ("schema", header.schema, SCHEMA),
        ("semantics", header.semantics, SEMANTICS),
    ):
        if number != ours:
            why, fix = f"This program reads {name} {ours}", "Use the version of the program that wrote it."
            raise LogError(f"The log has {name} {number}", why, fix)
    return header


def _next(chain: Chain, row: Row | Unread) -> tuple[Event, Chain]:
    event = event_from_object(_fields(row, EVENT))
    after = chain.then(event)
    if isinstance(row, Row) and row.cells[HASH] != after.head:
        why = "Its `hash` does not fit its content and the rows before it: a row was changed, lost or added"
        raise LogError("The chain breaks here", why, RESTORE)
    return event, after


def _fields(row: Row | Unread, names: Iterable[str]) -> dict[str, object]:
    """The fields of a line of the log, as JSON would give them. Raises LogError."""
    if isinstance(row, Unread):
        raise LogError("This row cannot be read", row.why, RESTORE)
    found: dict[str, object] = {}
    for name in names:
        text = _text(row.cells, name)
        if text:
            found["value" if name == "values" else name] = _read(name, text)
    return found


def _text(cells: Mapping[str, str], name: str) -> str:
    if name + AS_JSON in cells:
        return str(_json(name, cells[name + AS_JSON]))
    return cells.get(name, "")


def _read(name: str, text: str) -> object:
    if name in TIMES:
        return text.removesuffix("Z") + "+00:00" if text.endswith("Z") else text
    if name in WHOLE or name in LISTS:
        return _json(name, text)
    return text.removeprefix(MARK)


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        kind = "a whole number" if name in WHOLE else "JSON"
        raise LogError(f"`{name}` is {text[:60]!r}", f"The column holds {kind}", RESTORE) from None
