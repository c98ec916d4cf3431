"""Rows of a Parquet file, read group by group: numbers and times as exact text, never by way of a float."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pathway.language.problems import visible
from pathway.logs.foreign.rows import Columns, Row, Unread, check_columns
from pathway.logs.problems import LogError, disk_error

ROWS_AT_ONCE = 8192
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def arrow(name: str = "pyarrow") -> Any:
    """A module of pyarrow, which only Parquet needs. Raises LogError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        why = "Parquet is read and written by pyarrow, which is not installed"
        raise LogError("This log cannot be read or written", why, "Run: pip install pyarrow") from None


def parquet_rows(path: Path, columns: Columns) -> Iterator[Row | Unread]:
    """The rows of a Parquet file, numbered from 1. Raises LogError where it cannot be read at all."""
    pa, parquet = arrow(), arrow("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(path)
    except OSError as error:
        raise disk_error("cannot be read", path, error) from error
    except pa.ArrowException as error:
        why, fix = f"It is damaged, or no Parquet: {error}", "Take it from a copy, or write it again."
        raise LogError("This log cannot be read", why, fix, path=path) from None
    with file:
        check_columns(path, file.schema_arrow.names, columns)
        _check_types(path, file.schema_arrow, columns, pa)
        yield from _rows(file, pa)


def _check_types(path: Path, schema: Any, columns: Columns, pa: Any) -> None:
    """A cell is a text, a number, a time or a list. Raises LogError for a column of anything else."""
    for name in columns.needed:
        kind = schema.field(name).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        strange = (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
            pa.types.is_struct,
        )
        if any(is_strange(kind) for is_strange in (*strange, pa.types.is_map, pa.types.is_duration)):
            why = f"`{visible(name)}` holds {kind}, which is no text, number or time"
            raise LogError("This log cannot be read", why, "Write the column anew as text.", path=path)


def _rows(file: Any, pa: Any) -> Iterator[Row | Unread]:
    names: list[str] = file.schema_arrow.names
    line = 0
    try:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            texts = [_texts(batch.column(index), pa) for index in range(len(names))]
            for cells in zip(*texts, strict=True):
                line += 1
                yield Row(line, dict(zip(names, cells, strict=True)), cells)
    except (OSError, pa.ArrowException, ValueError, OverflowError) as error:
        yield Unread(line + 1, f"The file is damaged from here on ({error})", rest=True)


def _texts(column: Any, pa: Any) -> list[str]:
    """A column as texts; null is an empty text, and so is a float that is no number."""
    types = pa.types
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if types.is_timestamp(kind):
        per_second, zone = _PER_SECOND[kind.unit], "Z" if kind.tz is not None else ""
        return _each(column.cast(pa.int64()), lambda ticks: instant_text(ticks, per_second, zone))
    if types.is_boolean(kind):
        return _each(column, lambda value: "true" if value else "false")
    if types.is_float32(kind):
        # Its shortest digits are fewer than those of the same number with more bits.
        return _each(column.cast(pa.string()), _plain)
    if types.is_floating(kind):
        return _each(column, _number)
    return _each(column, json.dumps if types.is_list(kind) else str)


def _each(column: Any, text: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else text(value) for value in column.to_pylist()]


def _number(value: float) -> str:
    """The shortest digits that mean this number, as whoever wrote the file saw them."""
    return _plain(repr(value))


def _plain(text: str) -> str:
    """The digits of a floating number without an exponent; empty for what is no number.

    >>> _plain("1e+22"), _plain("90.0"), _plain("1.5e-07"), _plain("nan")
    ('10000000000000000000000', '90', '0.00000015', '')
    """
    number = Decimal(text)
    return "" if number.is_nan() else f"{number:f}".removesuffix(".0")


def instant_text(ticks: int, per_second: int, zone: str) -> str:
    """A time stamp in ISO 8601, with the digits of its fraction."""
    seconds, rest = divmod(ticks, per_second)
    try:
        text = (_EPOCH + timedelta(seconds=seconds)).isoformat().removesuffix("+00:00")
    except OverflowError:
        return f"{seconds} seconds from 1970"  # no calendar reaches there; the row is told as unreadable
    fraction = f".{rest:0{len(str(per_second)) - 1}d}" if rest else ""
    return f"{text}{fraction}{zone}"
