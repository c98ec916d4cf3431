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
from pathway.logs.foreign.rows import TOO_MUCH, Columns, Row, Unread, check_columns, most_unpacked
from pathway.logs.problems import LogError, disk_error

ROWS_AT_ONCE = 8192
FEW_LETTERS, TIMES_REPEATED = 1 << 26, 1000  # how much text the rows may repeat, also by bytes of the file
FEW_ROWS = 50_000  # beyond these a row takes a byte at least: no two events of a log are alike
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
        names: list[str] = file.schema_arrow.names
        # A text that every row repeats is then in memory once.
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
        file = parquet.ParquetFile(path, read_dictionary=texts)
    except (OSError, pa.ArrowException, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise disk_error("cannot be read", path, error) from error
        why, fix = f"It is damaged, or no Parquet: {_said(error)}", "Take it from a copy, or write it again."
        raise LogError("This log cannot be read", why, fix, path=path) from None
    with file:
        check_columns(path, names, columns)
        _check_types(path, file.schema_arrow, columns, pa)
        _check_size(path, file.metadata)
        yield from _rows(path, file, pa)


def _said(error: Exception) -> str:
    return visible(" ".join(str(error).split())).rstrip(".")


def _check_types(path: Path, schema: Any, columns: Columns, pa: Any) -> None:
    """A cell is a text, a number, a time or a list. Raises LogError for a column of anything else."""
    for name in columns.needed:
        kind = schema.field(name).type
        while pa.types.is_dictionary(kind) or pa.types.is_list(kind):
            kind = kind.value_type
        strange = (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
            pa.types.is_struct,
        )
        if any(is_strange(kind) for is_strange in (*strange, pa.types.is_map, pa.types.is_duration)):
            why = f"`{visible(name)}` holds {kind}, which is no text, number or time"
            raise LogError("This log cannot be read", why, "Write the column anew as text.", path=path)


def _check_size(path: Path, metadata: Any) -> None:
    """Raises LogError for a file that would grow as none does that a hospital wrote."""
    packed = path.stat().st_size
    unpacked = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if metadata.num_rows > max(FEW_ROWS, packed) or unpacked > most_unpacked(packed):
        why = f"Its {packed} bytes stand for {metadata.num_rows} rows of {unpacked} bytes, as in no log"
        raise LogError("This log is not read", why, TOO_MUCH, path=path)


def _rows(path: Path, file: Any, pa: Any) -> Iterator[Row | Unread]:
    names: list[str] = file.schema_arrow.names
    line, letters, most = 0, 0, max(FEW_LETTERS, TIMES_REPEATED * path.stat().st_size)
    try:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            batch.validate(full=True)
            texts = [_texts(batch.column(index), pa) for index in range(len(names))]
            for cells in zip(*texts, strict=True):
                line, letters = line + 1, letters + sum(map(len, cells))
                if letters > most:
                    why = f"Its first {line} rows repeat more than {most} letters of text, as in no log"
                    raise LogError("This log is not read", why, TOO_MUCH, path=path)
                yield Row(line, dict(zip(names, cells, strict=True)), cells)
    except (OSError, pa.ArrowException, ValueError, OverflowError) as error:
        yield Unread(line + 1, f"The file is damaged from here on ({_said(error)})", rest=True)


def _texts(column: Any, pa: Any) -> list[str]:
    """A column as texts; null is an empty text, and so is a float that is no number."""
    types = pa.types
    if types.is_dictionary(column.type):
        words = _texts(column.dictionary, pa)
        return ["" if place is None else words[place] for place in column.indices.to_pylist()]
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
    return _each(column, _listed if types.is_list(kind) else str)


def _listed(value: list[Any]) -> str:
    """A list as JSON; what no JSON has stands as its text."""
    return json.dumps(value, default=str)


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
