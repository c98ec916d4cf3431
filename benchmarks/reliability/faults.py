"""A disk that fails: full, read-only or broken, at each single thing that it is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path
from random import Random

import apsw

from benchmarks.reliability.power import FILE, disk_name, found, moved_on, quick_folder
from benchmarks.reliability.recording import RecordingDisk, Told, Trace
from benchmarks.reliability.volatile import KINDS, Disk
from benchmarks.reliability.ward import Acknowledged, entry, head_of, missing, opened, said, ward
from pathway.store.embedded.tables import UNCERTAIN, SqliteTables
from pathway.store.port import StoreError
from pathway.store.session import Session
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

ERRORS: dict[str, tuple[type[apsw.Error], ...]] = {
    "write": (apsw.FullError, apsw.IOError, apsw.ReadOnlyError),
    "sync": (apsw.IOError,),
    "truncate": (apsw.IOError,),
    "open": (apsw.CantOpenError, apsw.PermissionsError),
    "read": (apsw.IOError,),
    "delete": (apsw.IOError,),
}
LASTING = (1, 2, 10_000)  # so many times in a row


@dataclass(frozen=True, slots=True)
class Fault:
    """The disk fails the `nth` time that it is asked for `what`, and so many `times` in all."""

    what: str
    nth: int
    times: int
    error: type[apsw.Error]


@dataclass(slots=True)
class FailingTrace(Trace):
    """Fails while it is `armed`."""

    fault: Fault = field(kw_only=True)
    asked: int = 0
    armed: bool = False
    failed: int = 0

    def ask(self, what: str, name: str) -> None:
        if not self.armed or what != self.fault.what:
            return
        self.asked += 1
        if self.fault.nth <= self.asked < self.fault.nth + self.fault.times:
            self.failed += 1
            raise self.fault.error(f"{what} of {name}")


@dataclass(slots=True)
class Fallen:
    """What came of one fault. `told`: the message, where the entry was refused.

    `there`: it is in the store although it was refused. `wrong`: every promise that was broken.
    """

    fault: str
    told: str | None = None
    there: bool = False
    wrong: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Desk:
    """A store on a failing disk, a case in it, and what was acknowledged."""

    folder: Path
    trace: FailingTrace
    chance: Random
    tables: SqliteTables
    store: TabledStore
    session: Session
    told: list[Acknowledged] = field(default_factory=list[Acknowledged])

    def record(self) -> None:
        self.session.commit(entry(self.session.now, self.chance))
        self.told.append(said(self.session))

    def record_after_opening(self) -> None:
        self.carry_over()
        self.record()

    def open_another(self) -> None:
        self.told.append(said(opened(self.store, "other")))

    def move_on(self) -> None:
        moved_on(self.store, self.session)

    def carry_over(self) -> None:
        """The last program that held the store lets go of it, and SQLite's log comes into the file."""
        with suppress(apsw.Error):  # SQLite itself tells nobody of trouble here
            self.tables.close()


MOMENTS: dict[str, Callable[[_Desk], None]] = {
    "a step": _Desk.record,
    "the first step": _Desk.record_after_opening,
    "a new case": _Desk.open_another,
    "moving on": _Desk.move_on,
    "letting go": _Desk.carry_over,
}


def every_fault(moment: str, chance: Random, lasting: Sequence[int] = LASTING) -> Iterator[Fallen]:
    """Every fault in turn at a moment of MOMENTS, each until there is no n-th time any more."""
    for what, errors in ERRORS.items():
        for error, times in product(errors, lasting):
            for nth in count(1):
                one = fallen(moment, Fault(what, nth, times, error), chance)
                if one is None:
                    break
                yield one


def fallen(moment: str, fault: Fault, chance: Random) -> Fallen | None:
    """One fault at a moment of MOMENTS; None where the disk was not asked so often."""
    with quick_folder() as folder:
        opened(TabledStore(SqliteTables(folder / FILE)), "case")
        SqliteTables(folder / FILE).close()
        trace = FailingTrace(folder, fault=fault)
        trace.begin()
        disk = RecordingDisk(disk_name(folder), trace)
        tables = SqliteTables(folder / FILE, vfs=disk_name(folder))
        store = TabledStore(tables)
        desk = _Desk(folder, trace, chance, tables, store, Session.resume(store, "case", ward()))
        desk.record()
        result = Fallen(f"{moment}: {fault.error.__name__} at {fault.what} {fault.nth}, {fault.times} times")
        _through(desk, MOMENTS[moment], result)
        tables.close()
        disk.unregister()
    return result if trace.failed else None


def _through(desk: _Desk, act: Callable[[_Desk], None], result: Fallen) -> None:
    before = _steps(desk)
    desk.trace.armed = True
    try:
        act(desk)
    except StoreError as error:
        result.told = str(error)
    with suppress(apsw.Error):  # the program is ended while the disk still fails
        desk.tables.close()
    desk.trace.armed = False
    result.there = result.told is not None and _steps(desk) > before
    _shows_what_is_kept(desk, result)
    if result.there and UNCERTAIN not in (result.told or ""):
        result.wrong.append("it is there although it was said that it is not")
    _sound(desk, result)
    opened(desk.store, "afterwards")
    _sound(desk, result)
    _after_a_cut(desk, result)


def _steps(desk: _Desk) -> int:
    with desk.tables.reading() as rows:
        last = rows.last_step()
    return 0 if last is None else last.number


def _shows_what_is_kept(desk: _Desk, result: Fallen) -> None:
    """The session shows what the disk has, or nothing; taken up again it goes on."""
    kept = desk.store.courses("case")
    with suppress(StoreError):
        if desk.session.events != kept[0].events and len(kept) == 1:
            result.wrong.append("the session shows other events than are kept")
    if len(kept) == 1:
        desk.session = Session.resume(desk.store, "case", ward())
        desk.record()


def _sound(desk: _Desk, result: Fallen) -> None:
    moved = len(desk.store.courses("case")) > 1
    told = [one for one in desk.told if not (moved and one.case == "case")]
    result.wrong += [f"lost {one}" for one in missing(desk.store, told)]
    result.wrong += [finding.text for finding in verify(desk.tables)]


def _after_a_cut(desk: _Desk, result: Fallen) -> None:
    """And then the power goes: what was recorded after the fault is on the disk too."""
    head = head_of(desk.store)
    assert head is not None
    with desk.tables.reading() as rows:
        seals = tuple(step.seal for _, step in rows.steps())
    disk = Disk(desk.trace)
    for one in desk.trace.happened:
        disk.happen(one)
    for kind in KINDS:
        with quick_folder() as folder:
            files = disk.after_a_cut(kind, desk.chance)
            came = found(folder, files, Told(head.step, head.seal), seals, kind, desk.chance)
        if came.lost or came.damage is not None:
            result.wrong.append(f"after a power cut {came.lost} steps are lost; {came.damage}")
