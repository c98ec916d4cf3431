"""How logged cases kept the deadlines of their pathway: met, late, never."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from pathway.engine import calls
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import CaseOpened, Event
from pathway.engine.memory import FoldError, fold
from pathway.engine.readings import Readings
from pathway.language.calendar import parse_zone


@dataclass(frozen=True, slots=True)
class Kept:
    """How often one action was done in time, after its time, or not at all although it was due."""

    action: str
    met: int
    late: int
    never: int


@dataclass(slots=True)
class Tally:
    """Counts over many cases, by action."""

    _counts: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def add(self, compiled: CompiledPathway, events: Sequence[Event]) -> None:
        """Count one case at the end of its log; a log that cannot be folded counts nothing."""
        try:
            readings = _at_the_end(compiled, events)
        except FoldError:
            return
        for name in compiled.definition.actions:
            for place in _places(name, readings):
                self._counts.setdefault(name, [0, 0, 0])[place] += 1

    @property
    def kept(self) -> tuple[Kept, ...]:
        return tuple(Kept(name, *counts) for name, counts in sorted(self._counts.items()))


def _at_the_end(compiled: CompiledPathway, events: Sequence[Event]) -> Readings:
    memory = fold(compiled.definition, events)
    if memory.opened is None:
        raise FoldError(1, "a case begins with case_opened")
    return Readings(compiled, memory, max(event.at for event in events), _zone(memory.opened))


def _zone(opened: CaseOpened) -> tzinfo:
    try:
        return parse_zone(opened.timezone)
    except ValueError as error:
        raise FoldError(opened.seq, str(error)) from None


def _places(action: str, readings: Readings) -> Iterable[int]:
    """0 met, 1 late, 2 never: one for each deed that had a due time, or for the one that is still due."""
    met, late, never = range(3)
    deeds = readings.memory.deeds.get(action, [])
    for deed in deeds:
        due = calls.deed_deadline(action, deed, readings)
        if due is not None:
            yield met if deed.at <= due else late
    if not deeds and calls.earliest(calls.called(action, readings).calls, readings).due is not None:
        yield never
