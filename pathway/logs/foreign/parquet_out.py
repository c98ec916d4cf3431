"""Our own logs as Parquet: typed columns, absent values null, to keep and replay many cases at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.logs.foreign.flat import COLUMNS, LISTS, TIMES, WHOLE, Flat, flat_rows
from pathway.logs.foreign.parquet_rows import arrow
from pathway.logs.wire import read_time

ROWS_IN_GROUP = 1 << 16
VALUE_NUMBER = "value_number"
DIGITS, DECIMALS = 38, 12
_PLAIN = re.compile(r"-?[0-9]{1,26}(\.[0-9]{1,12})?")


def write_parquet(file: IO[bytes], cases: Iterable[tuple[Header, Sequence[Event]]]) -> int:
    """Write logs as Parquet; how many events. Raises LogError."""
    pa, parquet = arrow(), arrow("pyarrow.parquet")
    schema, count = _schema(pa), 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        rows: list[Flat] = []
        for header, events in cases:
            rows.extend(row for _, row in flat_rows(header, events))
            if len(rows) >= ROWS_IN_GROUP:
                count += _write(writer, rows, schema, pa)
        count += _write(writer, rows, schema, pa)
    return count


def _schema(pa: Any) -> Any:
    kinds = {
        **dict.fromkeys(WHOLE, pa.int64()),
        **dict.fromkeys(TIMES, pa.timestamp("s", tz="UTC")),
        **dict.fromkeys(LISTS, pa.list_(pa.string())),
        "basis": pa.list_(pa.int64()),
    }
    named = [(name, kinds.get(name, pa.string())) for name in COLUMNS]
    return pa.schema([*named, (VALUE_NUMBER, pa.decimal128(DIGITS, DECIMALS))])


def _write(writer: Any, rows: list[Flat], schema: Any, pa: Any) -> int:
    """Write rows as one group, and forget them."""
    count = len(rows)
    if count:
        columns = [[_value(name, row) for row in rows] for name in schema.names]
        arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
        writer.write_table(pa.table(arrays, schema=schema))
        rows.clear()
    return count


def _value(name: str, row: Flat) -> object:
    if name == VALUE_NUMBER:
        return _number(row.get("value"))
    value = row.get(name)
    if isinstance(value, str) and name in TIMES:
        return read_time(value)
    return json.loads(value) if isinstance(value, str) and name in LISTS else value


def _number(value: object) -> Decimal | None:
    """A value as a number to reckon with, where it is one that the column holds exactly."""
    return Decimal(value) if isinstance(value, str) and _PLAIN.fullmatch(value) else None
