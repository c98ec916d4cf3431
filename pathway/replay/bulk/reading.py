"""Reading bulk logs row group by row group: as arrays for the kernel, and as events for a single case."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pathway.logs.problems import RESTORE, LogError
from pathway.replay.bulk import columns as col
from pathway.replay.bulk.arrays import Rows, registers
from pathway.replay.bulk.kernels import Ints
from pathway.replay.bulk.rows import Row
from pathway.replay.bulk.schema import FOLLOWED, NAMES_KEY, SCHEMA, ArrowTable, pa, parquet
from pathway.replay.bulk.vocabulary import Vocabulary, vocabulary_from

PLAIN = {name: name for name in ("seq", "batch", "kind", "what", "how", "at", "written", "link")} | {
    "said": "value"
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows of one case: `count` of them from row `first` of a row group on, into the next ones."""

    case: str
    group: int
    first: int
    count: int


class BulkFile:
    """One bulk log. Raises LogError where it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with parquet.ParquetFile(path) as file:
                self.metadata: Any = file.metadata
                names: dict[bytes, bytes] = self.metadata.metadata or {}
                found = {field.name: field.type for field in file.schema_arrow}
        except (OSError, pa.ArrowInvalid) as error:
            raise _no_bulk_log(path, f"It cannot be read as Parquet ({str(error)[:100]})") from None
        if NAMES_KEY.encode() not in names:
            raise _no_bulk_log(path, "It does not hold the names that its numbers stand for")
        wrong = [field.name for field in SCHEMA if found.get(field.name) != field.type]
        if wrong:
            raise _no_bulk_log(path, f"It has other columns than a bulk log: {', '.join(wrong)}")
        try:
            self.vocabulary: Vocabulary = vocabulary_from(names[NAMES_KEY.encode()].decode())
        except LogError as error:
            raise error.located(path, None) from None

    @property
    def groups(self) -> int:
        return int(self.metadata.num_row_groups)

    @cached_property
    def events(self) -> int:
        return int(self.metadata.num_rows)

    def followed(self, group: int) -> ArrowTable:
        """What the kernel reads of a row group. Each call opens the file: threads share nothing."""
        with parquet.ParquetFile(self.path, metadata=self.metadata, read_dictionary=["case"]) as file:
            table = file.read_row_group(group, columns=list(FOLLOWED), use_threads=False)
        self._expect_no_gaps(table)
        return table

    def _expect_no_gaps(self, table: ArrowTable) -> None:
        columns = {name: [table.column(name)] for name in FOLLOWED}
        columns["basis"] += [chunk.values for chunk in table.column("basis").chunks]
        empty = [name for name, parts in columns.items() if any(part.null_count for part in parts)]
        if empty:
            why = f"It has empty cells in {', '.join(empty)}"
            raise LogError("This bulk log was damaged or changed", why, RESTORE, path=self.path)

    def whole(self, group: int) -> ArrowTable:
        """All columns of a row group."""
        with parquet.ParquetFile(self.path, metadata=self.metadata) as file:
            return file.read_row_group(group, use_threads=False)

    def rows_of(self, stretch: Stretch) -> list[Row]:
        """The rows of one case."""
        tables, group, first, left = list[ArrowTable](), stretch.group, stretch.first, stretch.count
        while left > 0:
            part = self._kept(group).slice(first, left)
            tables.append(part)
            group, first, left = group + 1, 0, left - part.num_rows
        return [_row(values) for table in tables for values in table.to_pylist()]

    def _kept(self, group: int) -> ArrowTable:
        """The last row group read whole, kept for the next case of it."""
        last: tuple[int, ArrowTable] | None = self.__dict__.get("_last")
        if last is None or last[0] != group:
            last = self.__dict__["_last"] = (group, self.whole(group))
        return last[1]


def _row(values: dict[str, Any]) -> Row:
    basis = tuple(values["basis"])
    return Row(**{name: values[name] for name in SCHEMA.names if name not in ("case", "basis")}, basis=basis)


def _no_bulk_log(path: Path, why: str) -> LogError:
    fix = "Write bulk logs with this program, from the logs they are made of."
    return LogError("This is no bulk log", why, fix, path=path)


def case_starts(table: ArrowTable) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Any]:
    """Where each case of a table starts, with the end of the last one behind; and the ids."""
    column = table.column("case")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    codes = column.indices.to_numpy(zero_copy_only=False)
    changes = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    starts = np.concatenate((np.zeros(1, np.int64), changes, np.array([len(codes)], np.int64)))
    return starts, column


class Room(threading.local):
    """The arrays that one thread works in, used again and again: fresh memory costs more than filling it."""

    def __init__(self) -> None:
        self._numbers: Ints = np.empty((2, 0), np.int64)
        self._registers: Ints | None = None

    def numbers(self, rows: int) -> tuple[Ints, Ints]:
        """Room for two numbers in each of so many rows; what was in it is lost."""
        if self._numbers.shape[1] < rows:
            self._numbers = np.empty((2, rows), np.int64)
        return self._numbers[0, :rows], self._numbers[1, :rows]

    def registers(self, tables: Ints, longest: int) -> Ints:
        """Registers for cases of at most so many rows."""
        found = self._registers
        if found is None or found[1, col.LONGEST] < longest:
            found = self._registers = registers(tables, longest)
        return found


def rows_from(table: ArrowTable, room: Room) -> Rows:
    """The columns of a table, as they lie in memory."""
    plain = {name: table.column(of).combine_chunks().to_numpy() for name, of in PLAIN.items()}
    what, before = room.numbers(table.num_rows)
    what[:] = plain["what"]  # an index, handed from function to function: one width for all
    basis = table.column("basis").combine_chunks()
    return Rows(
        **plain | {"what": what},
        offsets=basis.offsets.to_numpy(),
        basis=basis.values.to_numpy(),
        before=before,
    )
