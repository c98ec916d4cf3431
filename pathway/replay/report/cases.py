"""The cases in files of JSON lines: a file holds one log, or several one after the other.

Each header line begins a case, and so does the opening of a case whose header is lost. Damage concerns its
own case alone: the next header begins a good one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from pathway.engine.events import Event
from pathway.logs.chain import Log
from pathway.logs.foreign.finding import Notes
from pathway.logs.problems import LogError, disk_error
from pathway.logs.reading import read_lines
from pathway.logs.wire import MAX_LINE
from pathway.replay.divergence import UNREADABLE
from pathway.replay.report.damage import damage_of
from pathway.replay.report.findings import Finding, Origin

ENDING = ".jsonl"
# A text inside a line cannot hold these bytes: its quotation marks would be escaped.
_HEADER, _OPENING, _FIRST = b'"type":"header"', b'{"case":', b'"type":"case_opened"'
_HASH = re.compile(rb'"hash":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a case cannot be replayed: the class, the event before which its log breaks off, and the fault."""

    class_: str
    seq: int
    fault: LogError
    more: str = ""


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case as it was found; of a damaged one `log` is the good part, if its header could be read.

    `end` of `of` is how much of the file has been read so far. `rows` are those of a foreign log, whose
    events were derived from them; `notes`, with the first case of a file, say what was passed over in it.
    """

    origin: Origin
    log: Log | None
    damage: Damage | None = None
    end: int = 0
    of: int = 1
    rows: Rows | None = None
    notes: Notes | None = None


class Rows(Protocol):
    """The rows of one case of a foreign log."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def read(self) -> int: ...
    def row_of(self, event: Event, action: str | None) -> int: ...


def log_files(names: Iterable[str], endings: tuple[str, ...] = (ENDING,)) -> list[Path]:
    """The files that are meant: a folder stands for the logs below it, in order of their names.

    Raises LogError for a folder without any.
    """
    found: list[Path] = []
    for path in map(Path, names):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.rglob("*") if one.name.endswith(endings) and one.is_file())
        if not inside:
            what, why = "There is no log in this folder", f"Logs are files that end in {', '.join(endings)}"
            raise LogError(what, why, "Name another folder, or the files themselves.", path=path)
        found += inside
    return found


def cases_in(path: Path) -> Iterator[FoundCase]:
    """The cases of a file in the order in which they stand; one that cannot be read is one damaged case."""
    try:
        with path.open("rb") as file:
            size, end = path.stat().st_size, 0
            for start, lines in _segments(file):
                end += sum(map(len, lines))
                yield replace(_read(path, start, lines), end=end, of=size)
    except OSError as error:
        damage = Damage(UNREADABLE, 0, disk_error("cannot be read", path, error))
        yield FoundCase(Origin(str(path)), None, damage)


def _segments(file: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """The lines of each case with the number of its first; an empty file is one case without any line."""
    start, lines = 1, list[bytes]()
    for number, line in enumerate(_lines(file), 1):
        cut = _header_at(line)
        if lines and (cut == 0 or line.startswith(_OPENING) or _is_headless(line, lines)):
            yield start, lines
            start, lines = number, []
        if cut:
            # A log that was cut off in mid-line runs on into the next header when logs are put together.
            yield start, [*lines, line[:cut]]
            start, lines = number, []
        if not lines or lines[0].startswith(b"{"):  # what follows on something else is not kept: it is no log
            lines.append(line[cut:] if cut else line)
    yield start, lines


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only as much as shows that it is."""
    while line := file.readline(MAX_LINE + 1):
        yield line
        while not line.endswith(b"\n") and len(line) > MAX_LINE:
            line = file.readline(MAX_LINE + 1)


def _header_at(line: bytes) -> int | None:
    """Where a header begins in a line, if one does."""
    there = line.find(_HEADER)
    begins = max(line.rfind(_OPENING, 0, there), 0)
    return None if there < 0 else 0 if line[:begins] == codecs.BOM_UTF8 else begins


def _is_headless(line: bytes, before: list[bytes]) -> bool:
    """Whether a line, not next to a header, opens a case that is not that of the header above."""
    header = _HASH.search(before[0]) if len(before) > 1 else None
    return header is not None and _FIRST in line and header[1] not in line


def _read(path: Path, start: int, lines: list[bytes]) -> FoundCase:
    try:
        log = read_lines(path, BytesIO(b"".join(lines))).log
    except LogError as error:
        return FoundCase(Origin(str(path), start), None, _damage(path, start, lines, error))
    origin = Origin(str(path), start, log.header.case)
    damage = None if log.problem is None else _damage(path, start, lines, log.problem)
    return FoundCase(origin, log, damage)


def _damage(path: Path, start: int, lines: list[bytes], error: LogError) -> Damage:
    line = error.line or 1
    class_, more = damage_of(error, lines, start)
    return Damage(class_, line - 1, error.located(path, start + line - 1), more)
