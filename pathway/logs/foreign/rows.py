"""Rows of a log of any format: cells by the name of their column, read one by one, the bad ones told."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pathway.language.problems import nearest, visible
from pathway.logs.foreign.written import Csv
from pathway.logs.problems import LogError, disk_error

LITTLE, MOST_TIMES = 1 << 20, 100  # bytes; how many times its size a packed log may grow
TOO_MUCH = "Unpack it yourself if you know where it comes from, and name the unpacked file."
FORMATS = (".csv", ".csv.gz", ".xes", ".xes.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is its line in the file, or its number where the format has no lines.

    An absent value is an empty text. `whole` is all that stands in the row, to know it again.
    """

    line: int
    cells: Mapping[str, str]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read, and why; `case` where it says so. With `rest` all after it is lost too."""

    line: int
    why: str
    case: str | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns to read: those that have to be there, and the one that names the case.

    `fix` says what to do where one is missing, if a name that looks alike is not the answer.
    """

    needed: tuple[str, ...]
    case: str
    fix: str = ""


def format_of(path: Path) -> str:
    """The format of a file by its name. Raises LogError."""
    name = path.name.lower()
    for ending in FORMATS:
        if name.endswith(ending):
            return ending.removesuffix(".gz").removeprefix(".")
    why = f"Its name says the format, and these are known: {', '.join(FORMATS)}"
    raise LogError(
        "This log is of no known format", why, "Give the file the ending of its format.", path=path
    )


def rows_of(path: Path, columns: Columns, csv: Csv) -> Iterator[Row | Unread]:
    """The rows of a file, in its order. Raises LogError for a file that cannot be read at all."""
    kind = format_of(path)
    # Imported here: only the reader that is wanted, and pyarrow only for Parquet.
    if kind == "parquet":
        from pathway.logs.foreign.parquet_rows import parquet_rows

        return parquet_rows(path, columns)
    if kind == "xes":
        from pathway.logs.foreign.xes_rows import xes_rows

        return xes_rows(path, columns)
    from pathway.logs.foreign.csv_rows import csv_rows

    return csv_rows(path, columns, csv)


def check_columns(path: Path, there: Collection[str], columns: Columns) -> None:
    """Raises LogError where a needed column is missing, or stands twice."""
    names = list(there)
    for name in columns.needed:
        if names.count(name) > 1:
            why, fix = f"`{visible(name)}` stands twice among its names", "Rename one of the two."
            raise LogError("Which column is meant is not clear", why, fix, path=path)
        if name not in there:
            near = nearest(name, there)
            fix = f"Did you mean `{visible(near)}`?" if near else f"It has: {_listed(there)}."
            fix = columns.fix or fix
            why = f"The columns to read are {_listed(columns.needed)}"
            raise LogError(f"This log has no column `{visible(name)}`", why, fix, path=path)


def _listed(names: Collection[str]) -> str:
    several = ", ".join(visible(name[:80]) for name in list(names)[:40])
    return several if len(names) <= 40 else f"{several}, ..."


@contextmanager
def opened(path: Path) -> Generator[IO[bytes]]:
    """The bytes of a file, unpacked where its name ends in .gz. Raises LogError where it cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise disk_error("cannot be read", path, error) from error
    with file:
        packed = path.name.lower().endswith(".gz")
        yield cast("IO[bytes]", _Unpacked(path, file)) if packed else file


def most_unpacked(packed: int) -> int:
    """How many bytes a log of so many packed ones may hold: a hundred times as many, where logs hold ten."""
    return max(LITTLE, MOST_TIMES * packed)


class _Unpacked(gzip.GzipFile):
    """A packed file, read no further than a log could go: a few bytes can be made to unpack without end."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        super().__init__(fileobj=file)
        self.path = path
        self.most = most_unpacked(path.stat().st_size)

    def readline(self, size: int | None = -1) -> bytes:
        return self._admitted(super().readline(size))  # pyright: ignore[reportArgumentType]

    def read(self, size: int | None = -1) -> bytes:
        return self._admitted(super().read(size))

    def _admitted(self, data: bytes) -> bytes:
        if self.tell() > self.most:
            why = (
                f"It unpacks to more than {self.most} bytes, over {MOST_TIMES} times its size, as no log does"
            )
            raise LogError("This log is not read", why, TOO_MUCH, path=self.path)
        return data


def torn(error: Exception) -> str:
    """Why the bytes of a file end in the middle."""
    if isinstance(error, EOFError):
        return "The file ends in the middle: it was not copied or written to its end"
    return f"The file is damaged from here on ({error})"


TORN = (EOFError, zlib.error, OSError)
