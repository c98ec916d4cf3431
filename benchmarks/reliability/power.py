"""Power cuts: a store opened from what a disk may hold afterwards, at any moment of its life."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import apsw

import pathway.store.embedded.tables as tables_module
from benchmarks.reliability.recording import RecordingDisk, Synced, Told, Trace
from benchmarks.reliability.volatile import KINDS, Disk
from benchmarks.reliability.ward import entry, opened
from pathway.engine.events import CaseClosed
from pathway.store.embedded.tables import SqliteTables
from pathway.store.heads import Heads, Noted
from pathway.store.port import StoreError
from pathway.store.rows import Step
from pathway.store.session import Session, header_of
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

FILE = "cases.sqlite"
QUICK = Path("/dev/shm")  # in memory, where there is such a place: only the imagined disk counts


@dataclass(frozen=True, slots=True)
class Life:
    """What a store went through: its trace, and the seals of all its steps in order."""

    trace: Trace
    seals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One state. `lost` acknowledged steps are not there; `damage` is what is wrong with those that are.

    `noticed`: the check against the head noted outside found something.
    """

    kind: str
    lost: int
    damage: str | None
    noticed: bool


class _Telling(Heads):
    """Notes every step in the trace, as what the user was told by then."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace.folder, FILE)
        self._trace = trace

    def note(self, step: Step, first: str) -> None:
        self._trace.happened.append(Told(step.number, step.seal))


@contextmanager
def quick_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=QUICK if QUICK.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def lived(work: str, synchronous: str, seed: int) -> Life:
    """A store that is worked on in one of the ways of WORK."""
    with quick_folder() as folder:
        store = TabledStore(SqliteTables(folder / FILE))
        opened(store, "first")
        _close(store)
        trace = Trace(folder)
        trace.begin()
        disk = RecordingDisk(disk_name(folder), trace)
        tables = SqliteTables(folder / FILE, vfs=disk_name(folder), synchronous=synchronous)
        WORK[work](TabledStore(tables, _Telling(trace)), Random(seed))
        tables.close()
        disk.unregister()
        seals = _seals(SqliteTables(folder / FILE))
    return Life(trace, seals)


def born(seed: int) -> Life:
    """A store that is made, and its first steps. The trace has what Python itself does to the folder too."""
    with quick_folder() as folder, ExitStack() as patches:
        trace = Trace(folder)
        disk = RecordingDisk(disk_name(folder), trace, usual=True)
        link, unlink = os.link, Path.unlink

        def linked(old: Path, new: Path) -> None:
            link(old, new)
            trace.named_too(old.name, new.name)

        def unlinked(path: Path, missing_ok: bool = False) -> None:
            unlink(path, missing_ok)
            trace.taken_away(path.name, folder=False)

        def synced(_: Path) -> None:
            trace.happened.append(Synced(None, True))

        patches.enter_context(patch.object(os, "link", linked))
        patches.enter_context(patch.object(Path, "unlink", unlinked))
        patches.enter_context(patch.object(tables_module, "sync_folder", synced))
        tables = SqliteTables(folder / FILE)
        session = opened(TabledStore(tables, _Telling(trace)), "first")
        for _ in range(3):
            session.commit(entry(session.now, Random(seed)))
        seals = _seals(tables)
        tables.close()
        disk.unregister()
    return Life(trace, seals)


def _seals(tables: SqliteTables) -> tuple[str, ...]:
    with tables.reading() as rows:
        return tuple(step.seal for _, step in rows.steps())


def disk_name(folder: Path) -> str:
    return f"recording-{folder.name}"


def outcomes(life: Life, count: int, seed: int, *, lying: bool = False) -> Iterator[Outcome]:
    """What is found after so many power cuts at random moments."""
    chance = Random(seed)
    moments = sorted(chance.randint(1, len(life.trace.happened)) for _ in range(count))
    disk, done = Disk(life.trace, lying=lying), 0
    with quick_folder() as folder:
        for number, moment in enumerate(moments):
            for one in life.trace.happened[done:moment]:
                disk.happen(one)
            done, kind = moment, KINDS[number % len(KINDS)]
            yield found(folder, disk.after_a_cut(kind, chance), disk.told, life.seals, kind, chance)


def found(
    folder: Path, files: dict[str, bytes], told: Told, seals: tuple[str, ...], kind: str, chance: Random
) -> Outcome:
    """A store taken up from these files. Its steps are the first of those it ever had, or there is damage."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if chance.random() < 0.5:  # what was in memory only may be anything
        (folder / f"{FILE}-shm").write_bytes(chance.randbytes(32768))
    tables = SqliteTables(folder / FILE)
    noted = [Noted(seals[0], told.steps, told.seal)] if told.steps else []
    try:
        steps = _seals(tables)
        findings = [finding.text for finding in verify(tables)]
        noticed = bool(verify(tables, noted))
        if not findings and steps != seals[: len(steps)]:
            findings = ["other steps than were recorded"]
        if not findings:
            findings = _going_on(tables)
    except StoreError as error:
        return Outcome(kind, told.steps, str(error), noticed=True)
    finally:
        tables.close()
    return Outcome(kind, max(0, told.steps - len(steps)), next(iter(findings), None), noticed)


def _going_on(tables: SqliteTables) -> list[str]:
    """What is wrong once one more case was recorded."""
    store = TabledStore(tables)
    session = opened(store, "later")
    return (
        [finding.text for finding in verify(tables)] if store.load("later").head == session.head else ["lost"]
    )


def _close(store: TabledStore) -> None:
    assert isinstance(store.tables, SqliteTables)
    store.tables.close()


# --- ways of working --------------------------------------------------------------------------------
def _steps(store: TabledStore, chance: Random) -> None:
    """Several cases in turn, taken up from the disk now and then, and the store let go and opened again."""
    sessions = [opened(store, f"case-{number}") for number in range(4)]
    for turn in range(60):
        which = chance.randrange(len(sessions))
        sessions[which].commit(entry(sessions[which].now, chance))
        if turn % 13 == 12:
            _close(store)
        if turn % 17 == 16:
            sessions[which] = Session.resume(store, sessions[which].id, sessions[which].compiled)
    for session in sessions[:2]:
        moved_on(store, session)


def moved_on(store: TabledStore, session: Session) -> None:
    """The case ends here and begins again on another version, in one step of the user."""
    now = session.now
    last = CaseClosed(
        seq=len(session.events) + 1, batch=session.events[-1].batch + 1,
        at=now, recorded_at=now, by="a", reason="moved",
    )  # fmt: skip
    other = replace(header_of(session.compiled, session.id), version="1.1.0")
    store.move(session.id, [last], len(session.events), other, session.events[:1])


def _long_notes(store: TabledStore, chance: Random) -> None:
    """So much text that the log of the database is carried over into the file while work goes on."""
    sessions = [opened(store, f"case-{number}") for number in range(3)]
    for _ in range(120):
        session = chance.choice(sessions)
        at = session.now + 60
        text = tuple(f"{chance.random():.16f}" * 200 for _ in range(chance.randint(1, 12)))
        session.commit(replace(entry(session.now, chance), at=at, notes=text, undo=False))


def _beside_readers(store: TabledStore, chance: Random) -> None:
    """Others look at the store meanwhile, so its log can only be carried over in part."""
    assert isinstance(store.tables, SqliteTables)
    session = opened(store, "case")
    for turn in range(6):
        reader = SqliteTables(store.tables.file, vfs=disk_name(store.tables.file.parent))
        with reader.reading() as rows:
            assert rows.last_step() is not None
            for _ in range(8):
                session.commit(entry(session.now, chance))
            if turn % 2:
                _checkpointed(store.tables)
            session.commit(entry(session.now, chance))
        if turn % 3 == 0:
            reader.close()
        session.commit(entry(session.now, chance))
        reader.close()


def _checkpointed(tables: SqliteTables) -> None:
    other = apsw.Connection(str(tables.file), vfs=disk_name(tables.file.parent))
    other.wal_checkpoint()
    other.close()


WORK: dict[str, Callable[[TabledStore, Random], None]] = {
    "steps": _steps,
    "long notes": _long_notes,
    "beside readers": _beside_readers,
}
