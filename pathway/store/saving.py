"""What can still be read of a damaged store, saved as logs; nothing is written to the store itself."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pathway.logs.chain import Log, log_lines
from pathway.logs.problems import LogError
from pathway.logs.reading import read_lines
from pathway.store.carrying import make_empty, write
from pathway.store.port import StoreError
from pathway.store.rows import Course, Reading
from pathway.store.tabled import TabledStore


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved of one log: `events` of the `recorded` ones (None where that cannot be read any more).

    `file` is None where nothing could be saved; `why` is None where everything was.
    """

    case: str
    file: str | None
    events: int
    recorded: int | None
    why: str | None


def save(store: TabledStore, folder: Path) -> list[Saved]:
    """The good beginning of every log, into an empty or new folder. Raises StoreError.

    The files can be taken into a new store.
    """
    make_empty(folder)
    with store.tables.reading() as rows:
        return [
            _saved(rows, course, folder / f"case-{number:06}.jsonl")
            for number, course in enumerate(rows.all_courses(), 1)
        ]


def _saved(rows: Reading, course: Course, file: Path) -> Saved:
    recorded = _recorded(rows, course)
    lines = _readable(rows, course, recorded)
    if not lines:
        return Saved(course.case, None, 0, recorded, "none of its lines can be read any more")
    try:
        log = read_lines(Path("its log"), BytesIO(b"".join(lines))).log
    except LogError as error:
        return Saved(course.case, None, 0, recorded, str(error))
    write(file, b"".join(log_lines(log.header, log.events)))
    return Saved(course.case, str(file), len(log.events), recorded, _missing(log, recorded))


def _missing(log: Log, recorded: int | None) -> str | None:
    if log.problem is not None:
        return str(log.problem)
    if recorded is None:
        return "how many events were recorded cannot be read any more"
    return None if len(log.events) >= recorded else "the lines after these cannot be read any more"


def _recorded(rows: Reading, course: Course) -> int | None:
    try:
        last = rows.last_step(course.number)
    except StoreError:
        return None
    return None if last is None else last.last_seq


def _readable(rows: Reading, course: Course, recorded: int | None) -> list[bytes]:
    """The lines from the first on, up to one that cannot be read."""
    found = list[bytes]()
    seq = 0
    while recorded is None or seq <= recorded:
        try:
            line = rows.lines(course.number, seq, seq)
        except StoreError:
            break
        if not line:
            break
        found.append(line[0].encode() + b"\n")
        seq += 1
    return found
