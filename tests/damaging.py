"""Rows of a store changed behind its back, as a person with a database tool could."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import apsw


def file_of(place: str | Path) -> Path:
    """The store's file, of a folder or of the file itself."""
    return Path(place) / "cases.sqlite" if Path(place).is_dir() else Path(place)


def asked(place: str | Path, sql: str, *given: object) -> list[tuple[Any, ...]]:
    """A statement past the store, its triggers out of the way."""
    connection = apsw.Connection(str(file_of(place)))
    run = cast(Any, connection).execute
    triggers = list(run("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name, _ in triggers:
        run(f"DROP TRIGGER {name}")
    found = list(run(sql, given))
    for _, text in triggers:
        run(text)
    connection.close()
    return found


def change_lines(place: str | Path, case_id: str, change: Callable[[str], str]) -> None:
    """Every line of a case's log as `change` has it."""
    rows = asked(
        place, "SELECT course, seq, line FROM line JOIN course ON number = course WHERE case_id = ?", case_id
    )
    for course, seq, line in rows:
        if change(line) != line:
            asked(place, "UPDATE line SET line = ? WHERE course = ? AND seq = ?", change(line), course, seq)
