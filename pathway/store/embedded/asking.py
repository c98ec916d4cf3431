"""Statements to SQLite; apsw's own types for what it binds are too wide to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import apsw

Row = tuple[Any, ...]


def run(connection: apsw.Connection, sql: str, given: Sequence[object] = ()) -> Iterator[Row]:
    """The rows of a statement. Raises apsw.Error."""
    return cast(Any, connection).execute(sql, given)


def run_many(connection: apsw.Connection, sql: str, rows: Iterable[Sequence[object]]) -> None:
    """A statement for each row. Raises apsw.Error."""
    cast(Any, connection).executemany(sql, rows)


def number(connection: apsw.Connection, sql: str) -> int:
    """The one number that a statement asks for. Raises apsw.Error."""
    return int(next(run(connection, sql))[0])
