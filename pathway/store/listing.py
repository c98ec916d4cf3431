"""What can be told of stored cases without reading their whole logs: their files, and how each begins."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pathway.engine.events import CaseOpened
from pathway.logs.chain import Header
from pathway.logs.problems import LogError, disk_cause, disk_error
from pathway.logs.reading import read_lines
from pathway.logs.wire import MAX_LINE
from pathway.store.names import case_id_of, file_name, is_case_file
from pathway.store.port import StoreError


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The file of a case. `case` is read from its name, a long id cut short.

    `written_at` in seconds since 1970 UTC; `mark` is another one after every recorded step.
    """

    name: str
    case: str
    written_at: int
    mark: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseHead:
    """How a log begins: its header, and the label that the case was opened with."""

    header: Header
    label: str | None


def case_files(root: Path) -> list[CaseFile]:
    """The files of all cases, in no order; no file is opened. Raises StoreError."""
    try:
        with os.scandir(root) as entries:
            found = [_case_file(entry) for entry in entries if is_case_file(entry.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        cause, fix = disk_cause(error)
        raise StoreError(f"The cases in {root} cannot be listed", f"Reason: {cause}", fix) from error
    return [file for file in found if file is not None]


def read_head(root: Path, name: str) -> CaseHead:
    """The first two lines of a log, checked; the rest is not looked at. Raises LogError."""
    path = root / name
    try:
        with path.open("rb") as file:
            lines = file.readline(MAX_LINE + 1) + file.readline(MAX_LINE + 1)
    except OSError as error:
        raise disk_error("cannot be read", path, error) from error
    reading = read_lines(path, BytesIO(lines))
    if reading.problem is not None:
        raise reading.problem
    _refuse_renamed(reading.header.case, path)
    opened = reading.events[0] if reading.events else None
    return CaseHead(reading.header, opened.label if isinstance(opened, CaseOpened) else None)


def _case_file(entry: os.DirEntry[str]) -> CaseFile | None:
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # taken away meanwhile
    written_at = found.st_mtime_ns // 1_000_000_000
    mark = (found.st_mtime_ns, found.st_size, found.st_ino)
    return CaseFile(entry.name, case_id_of(entry.name), written_at, mark)


def _refuse_renamed(case: str, path: Path) -> None:
    if file_name(case) != path.name:
        why = f"It holds the case {case!r}: it was renamed or copied"
        raise LogError(
            "This file has the name of another case", why, "Give it its own name again.", path=path
        )
