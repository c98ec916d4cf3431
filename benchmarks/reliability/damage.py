"""Single bits turned over and logs cut short: the check against the noted head finds every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast

import apsw

from benchmarks.reliability.power import FILE, quick_folder
from benchmarks.reliability.ward import entry, head_of, opened
from pathway.store.embedded.tables import SqliteTables
from pathway.store.heads import Noted
from pathway.store.port import StoreError
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

WAL = f"{FILE}-wal"
TABLES = ("sqlite_schema", "course", "line", "step", "definition")
Content = tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A store at rest: its files, its rows, and its head as an exported checkpoint has it."""

    files: dict[str, bytes]
    content: Content
    noted: Noted


@dataclass(slots=True)
class Seen:
    """What became of so many changes. `missed`: other rows than were recorded, and nothing was found."""

    tried: int = 0
    changed: int = 0
    found_in_changed: int = 0
    found_in_equal: int = 0
    only_by_head: int = 0  # without the noted head nothing would have been found
    missed: list[str] = field(default_factory=list[str])

    @property
    def equal(self) -> int:
        return self.tried - self.changed


def kept(cases: int, steps: int, *, carried_over: bool, seed: int) -> Kept:
    """A store of so many cases and steps, with SQLite's log beside it unless it is carried over."""
    chance = Random(seed)
    with quick_folder() as folder:
        tables = SqliteTables(folder / FILE)
        store = TabledStore(tables)
        sessions = [opened(store, f"case-{number}") for number in range(cases)]
        tables.close()  # the log begins anew
        for _ in range(steps):
            session = chance.choice(sessions)
            session.commit(entry(session.now, chance))
        noted = head_of(store)
        assert noted is not None
        if carried_over:
            tables.close()
        files = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
        content = content_of(folder / FILE)
        tables.close()
    assert content is not None
    return Kept(files, content, noted)


def content_of(file: Path) -> Content | None:
    """All rows of all tables; None where they cannot be read."""
    try:
        connection = apsw.Connection(str(file))
        ask = cast(Any, connection).execute
        try:
            return tuple(tuple(ask(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES)
        finally:
            connection.close()
    except (apsw.Error, UnicodeDecodeError):
        return None


def flips(kept: Kept, name: str, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """One file with one bit turned over, at random places."""
    chance, content = Random(seed), kept.files[name]
    for _ in range(count):
        place, bit = chance.randrange(len(content)), chance.randrange(8)
        turned = bytearray(content)
        turned[place] ^= 1 << bit
        yield f"bit {bit} of byte {place}", bytes(turned)


def cuts(kept: Kept, name: str, offsets: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """One file cut off at each offset."""
    for offset in offsets:
        yield f"cut at {offset}", kept.files[name][:offset]


def seen(kept: Kept, name: str, changes: Iterable[tuple[str, bytes]]) -> Seen:
    """Check the store with each change of one of its files."""
    result = Seen()
    with quick_folder() as folder:
        for what, content in changes:
            _restored(folder, {**kept.files, name: content})
            tables = SqliteTables(folder / FILE)
            found = _found(tables, [kept.noted])
            alone = _found(tables, [])
            tables.close()
            _restored(folder, {**kept.files, name: content})
            changed = content_of(folder / FILE) != kept.content
            result.tried += 1
            result.changed += changed
            result.found_in_changed += changed and found
            result.found_in_equal += found and not changed
            result.only_by_head += found and not alone
            if changed and not found:
                result.missed.append(what)
    return result


def _restored(folder: Path, files: dict[str, bytes]) -> None:
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _found(tables: SqliteTables, noted: list[Noted]) -> bool:
    try:
        return bool(verify(tables, noted))
    except StoreError:
        return True
