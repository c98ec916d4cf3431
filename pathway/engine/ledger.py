"""The ledger of a case: its events, what they amount to, and what has been read from that so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypedDict

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway, Signal
from pathway.engine.memory import Memory, fold
from pathway.engine.readings import Readings
from pathway.engine.viewing import Viewer
from pathway.language.calendar import parse_zone


class Line(TypedDict):
    """The fields that every event carries."""

    seq: int
    at: int
    recorded_at: int
    by: str
    batch: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who and when, for the events of one batch."""

    at: int
    recorded_at: int
    by: str
    batch: int

    def as_of(self, at: int) -> Stamp:
        """The same entry about something that was true at another time."""
        return replace(self, at=at)

    def signed(self, by: str) -> Stamp:
        """The same entry by another hand."""
        return replace(self, by=by)


class Ledger:
    """Appends events and keeps the readings in step; everything else asks it."""

    def __init__(self, compiled: CompiledPathway, timezone: str, now: int) -> None:
        self.compiled = compiled
        self.timezone = timezone
        self.zone = parse_zone(timezone)
        self.events: list[ev.Event] = []
        self._rest_on(Memory(compiled.definition), now)

    def _rest_on(self, memory: Memory, now: int) -> None:
        self.memory = memory
        self.readings = Readings(self.compiled, memory, now, self.zone)
        self.viewer = Viewer(self.readings)

    def fork(self) -> Ledger:
        """A ledger of its own that goes on from here: nothing that is appended to it is in this one."""
        found = Ledger.__new__(Ledger)
        found.compiled, found.timezone, found.zone = self.compiled, self.timezone, self.zone
        found.events = list(self.events)
        found.memory = self.memory.copy()
        found.readings = self.readings.fork(found.memory)
        found.viewer = self.viewer.fork(found.readings)
        return found

    def restore(self, events: Iterable[ev.Event], now: int | None = None) -> None:
        """Take the state that events amount to, at `now` or at their last instant. Raises FoldError."""
        self.events = list(events)
        last = max(event.at for event in self.events)
        self._rest_on(fold(self.compiled.definition, self.events), last if now is None else max(now, last))

    @property
    def now(self) -> int:
        return self.readings.now

    def advance(self, now: int) -> None:
        """Let the clock stand at `now`, which is not before its present time."""
        if now > self.now:
            self.readings.move_clock(now)

    def next_batch(self) -> int:
        """The number of the batch that comes next."""
        return self.events[-1].batch + 1 if self.events else 1

    def line(self, stamp: Stamp) -> Line:
        """The common fields of the next event."""
        return Line(
            seq=len(self.events) + 1,
            at=stamp.at,
            recorded_at=stamp.recorded_at,
            by=stamp.by,
            batch=stamp.batch,
        )

    def append(self, event: ev.Event, changed: Iterable[Signal] = ()) -> None:
        """Take an event in, and forget what was read from the things it changed."""
        self.memory.apply(event)
        self.events.append(event)
        self.readings.forget(changed)

    def take_back(self, event: ev.Undone) -> None:
        """Append an undo: the state is that of the events which still count (rule 26)."""
        self.restore([*self.events, event], event.at)
