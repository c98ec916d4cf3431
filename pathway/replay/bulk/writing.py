"""Writing bulk logs: Parquet, one row an event, every case whole and in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.replay.bulk.rows import Row, row_of
from pathway.replay.bulk.schema import NAMES_KEY, PACKED, SCHEMA, TEXTS, ArrowTable, pa, parquet
from pathway.replay.bulk.tables import BulkPathway
from pathway.replay.bulk.vocabulary import Vocabulary

ROWS_A_GROUP = 1 << 18  # each row group costs a millisecond beside its events


class BulkWriter:
    """Writes cases to one file. A pathway gives the names; cases of others stand in it as text."""

    def __init__(self, path: Path, pathway: BulkPathway, rows_a_group: int = ROWS_A_GROUP) -> None:
        self.vocabulary = Vocabulary.of(pathway)
        self._rows_a_group = rows_a_group
        self._columns: dict[str, list[object]] = {name: [] for name in SCHEMA.names}
        self._writer = parquet.ParquetWriter(
            path, SCHEMA, compression="lz4", use_dictionary=TEXTS, column_encoding=PACKED
        )

    def add(self, header: Header, events: Sequence[Event]) -> None:
        """Add one case."""
        plain = replace(header, case="")
        if plain not in self.vocabulary.headers:
            self.vocabulary.headers.append(plain)
        number = self.vocabulary.headers.index(plain)
        for event in events:
            self._take(header.case, row_of(event, self.vocabulary, number))
        if len(self._columns["seq"]) >= self._rows_a_group:
            self._flush()

    def _take(self, case: str, row: Row) -> None:
        for name, column in self._columns.items():
            column.append(case if name == "case" else getattr(row, name))

    def write(self, columns: ArrowTable) -> None:
        """Add rows that are coded already: whole cases, as this file's vocabulary has them."""
        self._flush()
        self._writer.write_table(columns)

    def _flush(self) -> None:
        if self._columns["seq"]:
            self._writer.write_table(pa.table(self._columns, schema=SCHEMA))
            self._columns = {name: [] for name in SCHEMA.names}

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._writer.add_key_value_metadata({NAMES_KEY: self.vocabulary.as_text()})
        self._writer.close()

    def __enter__(self) -> BulkWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_bulk(
    path: Path,
    pathway: BulkPathway,
    cases: Iterable[tuple[Header, Sequence[Event]]],
    rows_a_group: int = ROWS_A_GROUP,
) -> None:
    """Write cases to one bulk log."""
    with BulkWriter(path, pathway, rows_a_group) as writer:
        for header, events in cases:
            writer.add(header, events)
