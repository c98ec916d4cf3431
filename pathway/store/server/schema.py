"""The tables of a store on a server, and the triggers by which nothing in them is changed or removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA: Final = "pathway_cases"
VERSION: Final = 1  # of these tables; a program refuses those of a later version
LOCK: Final = 0x50574159  # the advisory lock of whoever writes
OLDEST: Final = 15  # the PostgreSQL that this is tested on; older ones are no longer mended

METADATA: Final = MetaData(schema=SCHEMA)
_BYTEWISE: Final = Text(collation="C")  # sorted and compared as in a file, whatever the server's language

COURSE: Final = Table(
    "course",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", _BYTEWISE, nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    CheckConstraint("number > 0"),
    CheckConstraint("case_id <> ''"),
    CheckConstraint("ordinal > 0"),
    UniqueConstraint("case_id", "ordinal"),
)
LINE: Final = Table(
    "line",
    METADATA,
    Column("course", BigInteger, ForeignKey(COURSE.c.number), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
    CheckConstraint("seq >= 0"),
    PrimaryKeyConstraint("course", "seq"),
)
STEP: Final = Table(
    "step",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("course", BigInteger, ForeignKey(COURSE.c.number), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("batch", BigInteger, nullable=False),
    Column("clock", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
    Column("head", Text, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("number > 0"),
    CheckConstraint("last_seq >= 0"),
    UniqueConstraint("course", "number"),
)
DEFINITION: Final = Table(
    "definition",
    METADATA,
    Column("digest", _BYTEWISE, primary_key=True),
    Column("text", Text, nullable=False),
)
TABLES: Final = (COURSE, LINE, STEP, DEFINITION)

# What keeps a row the only one of its kind, by table: p primary key, u unique, f of a course that is there.
CONSTRAINTS: Final = frozenset(
    {("course", "p"), ("course", "u"), ("line", "p"), ("line", "f")}
    | {("step", "p"), ("step", "u"), ("step", "f"), ("definition", "p")}
)
REFUSAL: Final = """
BEGIN
    RAISE EXCEPTION 'what is kept is never changed: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
"""
_NOTE: Final = "case store of clinical-pathway, version"


def triggers() -> dict[str, str]:
    """The names of all triggers, with the table of each."""
    return {f"{table.name}_{of}_kept": table.name for table in TABLES for of in ("row_is", "rows_are")}


def protection() -> Iterator[str]:
    """The statements that protect fresh tables, from their owner too."""
    yield (
        f"CREATE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog AS $refusal${REFUSAL}$refusal$"
    )
    for name, table in triggers().items():
        each_row = name.endswith("row_is_kept")
        changes = "UPDATE OR DELETE" if each_row else "UPDATE OR DELETE OR TRUNCATE"
        yield (
            f"CREATE TRIGGER {name} BEFORE {changes} ON {SCHEMA}.{table} "
            f"FOR EACH {'ROW' if each_row else 'STATEMENT'} EXECUTE FUNCTION {SCHEMA}.refuse()"
        )
        # Also for a session that says it only replays what another server did.
        yield f"ALTER TABLE {SCHEMA}.{table} ENABLE ALWAYS TRIGGER {name}"
    yield f"COMMENT ON SCHEMA {SCHEMA} IS '{_NOTE} {VERSION}'"


def version_in(note: str | None) -> int | None:
    """The version of the tables, told by the comment on their schema; None for another's schema."""
    found = re.fullmatch(rf"{re.escape(_NOTE)} ([1-9][0-9]*)", note or "")
    return None if found is None else int(found[1])
