"""What a disk may hold after the power went: what was synced, and of the rest whatever had arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from benchmarks.reliability.recording import (
    Happening,
    Named,
    NotSynced,
    Shortened,
    Synced,
    Told,
    Trace,
    Written,
)

SECTOR = 512  # bytes that a disk writes whole
Change = Written | Shortened
Choice = Callable[[Sequence[Change], Random], Iterable[Change]]


class Disk:
    """A disk on which nothing is for good before it was synced. With `lying` nothing ever is."""

    def __init__(self, trace: Trace, *, lying: bool = False) -> None:
        self._lying = lying
        self._names = {name: number for number, name in enumerate(trace.began)}
        self._named: list[Named] = []  # changes of the folder that may be lost
        self._held = dict(enumerate(trace.began.values()))
        self._pending: list[Change] = []
        self.told = Told(0, "")

    def happen(self, one: Happening) -> None:
        match one:
            case Named():
                self._named.append(one)
            case Written() | Shortened():
                self._pending.append(one)
            case Synced():
                self._sync(one)
            case NotSynced():
                self._pending = [change for change in self._pending if change.file != one.file]
            case Told():
                self.told = one

    def after_a_cut(self, kind: str, chance: Random) -> dict[str, bytes]:
        """The files, one of many possible ways. `kind` is one of KINDS."""
        names = dict(self._names)
        for one in self._named[: chance.randint(0, len(self._named))]:
            _rename(names, one)
        arrived = CHOICES[kind](self._pending, chance)
        held: dict[int, bytearray] = {}
        for change in arrived:
            _change(held.setdefault(change.file, bytearray(self._held.get(change.file, b""))), change)
        return {name: bytes(held.get(file, self._held.get(file, b""))) for name, file in names.items()}

    def _sync(self, one: Synced) -> None:
        if self._lying:
            return
        held = bytearray(self._held.get(one.file, b"")) if one.file is not None else bytearray()
        for change in self._pending:
            if change.file == one.file:
                _change(held, change)
        if one.file is not None:
            self._held[one.file] = bytes(held)
        self._pending = [change for change in self._pending if change.file != one.file]
        if one.folder:
            for named in self._named:
                _rename(self._names, named)
            self._named.clear()


def _rename(names: dict[str, int], one: Named) -> None:
    if one.file is None:
        names.pop(one.name, None)
    else:
        names[one.name] = one.file


def _change(held: bytearray, change: Change) -> None:
    if isinstance(change, Shortened):
        del held[change.size :]
        return
    end = change.offset + len(change.data)
    held.extend(bytes(max(0, end - len(held))))
    held[change.offset : end] = change.data


def _prefix(pending: Sequence[Change], chance: Random) -> Iterable[Change]:
    """Everything up to some moment."""
    return pending[: chance.randint(0, len(pending))]


def _subset(pending: Sequence[Change], chance: Random) -> list[Change]:
    """Some of it, in order; now and then nearly all or nearly nothing."""
    share = chance.choice((0.1, 0.5, 0.9))
    return [change for change in pending if chance.random() < share]


def _shuffled(pending: Sequence[Change], chance: Random) -> Iterable[Change]:
    """Some of it, in any order."""
    arrived = _subset(pending, chance)
    chance.shuffle(arrived)
    return arrived


def _torn(pending: Sequence[Change], chance: Random) -> Iterable[Change]:
    """Some sectors of each write."""
    share = chance.choice((0.1, 0.5, 0.9, 0.99))
    for change in pending:
        parts = [change] if isinstance(change, Shortened) else _sectors(change)
        yield from (part for part in parts if isinstance(part, Shortened) or chance.random() < share)


def _sectors(change: Written) -> Iterable[Written]:
    """The parts of a write by the sectors of the disk that they lie in."""
    begin, end = change.offset, change.offset + len(change.data)
    while begin < end:
        stop = min(end, (begin // SECTOR + 1) * SECTOR)
        yield Written(change.file, begin, change.data[begin - change.offset : stop - change.offset])
        begin = stop


CHOICES: dict[str, Choice] = {"prefix": _prefix, "subset": _subset, "shuffled": _shuffled, "torn": _torn}
KINDS = tuple(CHOICES)
