"""Our own logs as XES, CSV and Parquet, for other programs and for keeping many cases in one file."""

from __future__ import annotations

import gzip
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from pathway.engine.events import Event
from pathway.logs.chain import Header, Log
from pathway.logs.durable import PRIVATE, UNFINISHED, sync_folder
from pathway.logs.foreign.flat import AS_JSON, HASH, NEEDED, logs_of
from pathway.logs.foreign.rows import Columns, Row, Unread, format_of, rows_of
from pathway.logs.foreign.written import Csv
from pathway.logs.foreign.xes_rows import OF_CASE
from pathway.logs.problems import LogError, disk_error

MAP = "A log of another program is read with a mapping file: --map FILE."

Cases = Iterable[tuple[Header, Sequence[Event]]]


def read_own(path: Path) -> Iterator[Log | LogError]:
    """Every log of a file that `write_own` wrote, or what is wrong with that log.

    The chain of each is checked. Raises LogError for a file that cannot be read at all.
    """
    return (log for _, log in read_own_with_lines(path))


def read_own_with_lines(path: Path) -> Iterator[tuple[int, Log | LogError]]:
    """The same, each with the line of its first row (in Parquet its number). Raises LogError."""
    if format_of(path) != "xes":
        return logs_of(path, rows_of(path, Columns(NEEDED, "case", MAP), Csv()))
    rows = rows_of(path, Columns((), f"{OF_CASE}case"), Csv())
    return logs_of(path, (_of_trace(path, row) for row in rows))


def _of_trace(path: Path, row: Row | Unread) -> Row | Unread:
    """A row of XES with the attributes of its trace under their own names. Raises LogError."""
    if isinstance(row, Unread):
        return row
    cells = {name.removeprefix(OF_CASE): text for name, text in row.cells.items()}
    if row.cells.keys().isdisjoint({f"{OF_CASE}pathway", f"{OF_CASE}pathway{AS_JSON}"}):
        why = "Its traces do not say which pathway they are of"
        raise LogError("This log is not one of ours", why, MAP, path=path, line=row.line)
    return Row(row.line, {HASH: "", **cells}, row.whole)


def write_own(path: Path, cases: Cases) -> int:
    """Write logs into one file, replacing what stood there; how many events. Raises LogError.

    The format is that of the name: .xes, .csv (either also .gz) or .parquet. After a crash either the old or
    the new file is there, never a part of one.
    """
    kind = format_of(path)
    # Imported here: only the writer that is wanted.
    if kind == "parquet":
        from pathway.logs.foreign.parquet_out import write_parquet as write
    elif kind == "xes":
        from pathway.logs.foreign.xes_out import write_xes as write
    else:
        from pathway.logs.foreign.csv_out import write_csv as write
    try:
        with _replacing(path) as file:
            return write(file, cases)
    except LogError as error:
        raise error.located(path, None) from None
    except OSError as error:
        raise disk_error("cannot be written", path, error) from error


@contextmanager
def _replacing(path: Path) -> Generator[IO[bytes]]:
    """A file that takes the place of `path` once it is whole and on the disk."""
    real = Path(os.path.realpath(path))
    fresh = real.with_name(f".{real.name}.{os.getpid()}{UNFINISHED}")
    try:
        descriptor = os.open(
            fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), PRIVATE
        )
        with os.fdopen(descriptor, "wb") as file:
            with _packed(path, file) as content:
                yield content
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, real)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(real.parent)


@contextmanager
def _packed(path: Path, file: IO[bytes]) -> Generator[IO[bytes]]:
    """The file itself, or gzip into it, without a time or name that would make its bytes differ."""
    if not path.name.lower().endswith(".gz"):
        yield file
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        yield cast("IO[bytes]", packed)
