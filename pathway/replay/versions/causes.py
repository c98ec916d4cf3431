"""Which guard parts a case from its log: the way that is newly taken, or the one that is taken no longer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import FoldError, Memory, effective
from pathway.engine.readings import Readings
from pathway.language.calendar import parse_zone
from pathway.language.definition import OTHERWISE
from pathway.replay.report.findings import GuardRead
from pathway.replay.versions.routes import Move, Parting


@dataclass(frozen=True, slots=True)
class Cause:
    """The guard on both versions at the moment of parting; None where a version has no such way.

    `to` is the state that the way leads to.
    """

    to: str
    was: GuardRead | None
    now: GuardRead | None


def cause_of(
    parting: Parting, events: Sequence[ev.Event], old: CompiledPathway | None, new: CompiledPathway
) -> Cause:
    """The guard that causes a parting.

    It is the guard of the way that the new version takes; where that stays, or takes `otherwise`, the guard
    of the way that the log has. Without `old`, the version of the log, its verdict is as logged: TRUE.
    """
    way = _deciding(parting)
    now = _guard(way, parting, events, new)
    if old is not None:
        return Cause(way.to, _guard(way, parting, events, old), now)
    logged = None if parting.was is None or way is not parting.was else GuardRead(parting.was.guard, "TRUE")
    return Cause(way.to, logged, now)


def _deciding(parting: Parting) -> Move:
    was, now = parting.was, parting.now
    if now is None or (was is not None and now.guard == OTHERWISE):
        assert was is not None
        return was
    return now


def _guard(
    way: Move, parting: Parting, events: Sequence[ev.Event], compiled: CompiledPathway
) -> GuardRead | None:
    """The guard of a way as this version reads it where the two part."""
    readings = _snapshot(parting, events, compiled)
    stand = None if readings is None else readings.memory.stands.get(parting.track)
    if readings is None or stand is None or stand.state != way.source:
        return None
    leading = [reason for found, reason in readings.ways_out(parting.track) if found.to == way.to]
    named = [reason for reason in leading if reason.text == way.guard] or leading
    return GuardRead.of(named[0]) if named else None


def _snapshot(parting: Parting, events: Sequence[ev.Event], compiled: CompiledPathway) -> Readings | None:
    """The case on a version just before the parting; what that version does not know is left out."""
    memory = Memory(compiled.definition)
    for event in _before(parting, events):
        try:
            memory.apply(event)
        except FoldError:
            continue
    if memory.opened is None:
        return None
    return Readings(compiled, memory, parting.at, parse_zone(memory.opened.timezone))


def _before(parting: Parting, events: Sequence[ev.Event]) -> Iterator[ev.Event]:
    batch = parting.batch
    is_tick = parting.at < batch.at  # a tick between two entries, which only the other version has
    last_round = None if parting.was is None else parting.was.round
    for event in effective([one for one in events if one.batch <= batch.number]):
        is_earlier_entry = event.batch < batch.number
        if is_earlier_entry or not (is_tick or _comes_after(event, last_round)):
            yield event


def _comes_after(event: ev.Event, last_round: int | None) -> bool:
    """Whether a move of the parting's batch belongs to the round in which the two part, or to a later one."""
    return isinstance(event, ev.TransitionTaken) and last_round is not None and event.round >= last_round
