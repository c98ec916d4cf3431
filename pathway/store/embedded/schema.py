"""The tables of the store's file, and the triggers by which nothing in them is changed or removed."""

from __future__ import annotations

from functools import cache
from typing import Final

import apsw

from pathway.store.embedded.asking import Row, run

APPLICATION: Final = 0x50574159  # "PWAY" in the file's header: whose file it is
DESCRIBED: Final = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
VERSION: Final = 1  # of these tables; a program refuses a file of a later version

_TABLES = """
CREATE TABLE course (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    case_id TEXT NOT NULL CHECK (case_id <> ''),
    ordinal INTEGER NOT NULL CHECK (ordinal > 0),
    UNIQUE (case_id, ordinal)
) STRICT;
CREATE TABLE line (
    course INTEGER NOT NULL REFERENCES course (number),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    line TEXT NOT NULL,
    PRIMARY KEY (course, seq)
) STRICT;
CREATE TABLE step (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    course INTEGER NOT NULL REFERENCES course (number),
    last_seq INTEGER NOT NULL CHECK (last_seq >= 0),
    batch INTEGER NOT NULL,
    clock INTEGER,
    recorded_at INTEGER NOT NULL,
    head TEXT NOT NULL,
    seal TEXT NOT NULL,
    UNIQUE (course, number)
) STRICT;
CREATE TABLE definition (
    digest TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;
"""


def statements() -> str:
    """All that makes an empty file a store."""
    return _TABLES + "".join(_refusals(table) for table in _KEYS)


@cache
def described() -> frozenset[Row]:
    """What DESCRIBED finds in a store as it was made."""
    connection = apsw.Connection(":memory:")
    run(connection, statements())
    found = frozenset(run(connection, DESCRIBED))
    connection.close()
    return found


_KEYS: Final = {
    "course": "number = NEW.number OR (case_id = NEW.case_id AND ordinal = NEW.ordinal)",
    "line": "course = NEW.course AND seq = NEW.seq",
    "step": "number = NEW.number",
    "definition": "digest = NEW.digest",
}


def _refusals(table: str) -> str:
    """Triggers that refuse every change of a kept row, also where one would be replaced by another."""
    say = f"SELECT RAISE(ABORT, 'what is kept is never changed: {table}')"
    return f"""
CREATE TRIGGER {table}_is_not_updated BEFORE UPDATE ON {table} BEGIN {say}; END;
CREATE TRIGGER {table}_is_not_deleted BEFORE DELETE ON {table} BEGIN {say}; END;
CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {_KEYS[table]}) BEGIN {say}; END;
"""  # nosec B608
