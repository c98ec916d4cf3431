"""Reading a log line by line: every line is checked, and written again from what it says, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pathway.engine.events import Event
from pathway.language.collecting import garbage_put_off
from pathway.logs.chain import SCHEMA, SEMANTICS, Chain, Header, Log
from pathway.logs.problems import RESTORE, LogError
from pathway.logs.wire import MAX_LINE, event_from_object, parsed, record_from_object


@dataclass(slots=True)
class Reading:
    """A log while it is read: the good part so far."""

    header: Header
    chain: Chain
    size: int
    events: list[Event] = field(default_factory=list[Event])
    problem: LogError | None = None

    def take(self, line: bytes) -> None:
        event, self.chain = _checked_event(self.chain, line)
        self.events.append(event)
        self.size += len(line)

    @property
    def log(self) -> Log:
        return Log(self.header, tuple(self.events), self.chain.head, self.size, self.problem)


def read_lines(path: Path, file: BinaryIO) -> Reading:
    """The good part of a file and the first problem after it; a problem in the header is raised."""
    try:
        reading = _checked_header(file.readline(MAX_LINE + 1))
    except LogError as error:
        raise error.located(path, 1) from None
    with garbage_put_off():
        _take_events(reading, path, file)
    return reading


def _take_events(reading: Reading, path: Path, file: BinaryIO) -> None:
    while line := file.readline(MAX_LINE + 1):
        try:
            reading.take(line)
        except LogError as error:
            reading.problem = error.located(path, len(reading.events) + 2)
            break


def _checked_header(line: bytes) -> Reading:
    if line == b"":
        why, fix = "A log begins with a header line", "If nothing was recorded in it, remove it."
        raise LogError("The file is empty", why, fix)
    _refuse_partial(line)
    found = parsed(line)
    if found.get("type") != "header":
        why = "Its first line says which case on which pathway it is"
        raise LogError("This log has no header", why, RESTORE)
    _refuse_number("schema", found, SCHEMA)
    _refuse_number("semantics", found, SEMANTICS)
    rest = {key: value for key, value in found.items() if key not in ("type", "hash")}
    header = record_from_object(Header, rest, "header")
    chain = Chain.start(header)
    _check_seal(found, line, chain)
    return Reading(header, chain, len(line))


def _checked_event(before: Chain, line: bytes) -> tuple[Event, Chain]:
    _refuse_partial(line)
    found = parsed(line)
    event = event_from_object({key: value for key, value in found.items() if key not in ("prev", "hash")})
    chain = before.then(event)
    if found.get("prev") != before.head:
        why = "Its `prev` is not the `hash` of the line before: lines were lost, moved, added or changed"
        raise LogError("The chain breaks here", why, RESTORE)
    _check_seal(found, line, chain)
    return event, chain


def _check_seal(found: Mapping[str, object], line: bytes, chain: Chain) -> None:
    if found.get("hash") != chain.head:
        why = "Its `hash` does not fit its content: this line was changed after it was written"
        raise LogError("The chain breaks here", why, RESTORE)
    if line != chain.line:
        why = "Lines are canonical JSON (keys sorted, no spaces, UTF-8, ended by one line feed)"
        raise LogError("This line was written anew by another program", why, RESTORE)


def _refuse_partial(line: bytes) -> None:
    if len(line) > MAX_LINE:
        raise LogError("This line is too long", f"A line has at most {MAX_LINE} bytes", RESTORE)
    if not line.endswith(b"\n"):
        why = "It has no line end: the program or the machine stopped while it was written"
        fix = "It was never acknowledged: continue the log with repair, which sets the line aside."
        raise LogError("The last line is cut off", why, fix, torn=True)


def _refuse_number(name: str, found: Mapping[str, object], ours: int) -> None:
    number = found.get(name, ours)
    if isinstance(number, int) and number != ours:
        why = f"This program reads {name} {ours}"
        raise LogError(f"The log has {name} {number}", why, "Use the version of the program that wrote it.")
