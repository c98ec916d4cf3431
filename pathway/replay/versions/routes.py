"""The way of one case as its log has it, beside the way that the same entries take on another version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import effective
from pathway.engine.view import PathStep, Refusal, View
from pathway.replay.again import entered_again
from pathway.replay.batches import LoggedBatch, batches
from pathway.replay.frames import Frames
from pathway.replay.versions.standings import OtherStanding, other_standings


class Apart(Enum):
    """Whether the two end on different ways, or go the same way and part for a time only."""

    ELSEWHERE = "elsewhere"
    ANOTHER_TIME = "another time"


@dataclass(frozen=True, slots=True)
class Move:
    """A move of a track. `seq` and `round` are those of the log, 0 on the other version."""

    source: str
    to: str
    at: int
    guard: str
    seq: int = 0
    round: int = 0


Ways = Mapping[str, Sequence[Move]]


@dataclass(frozen=True, slots=True)
class Parting:
    """Where a track parts: after the events of `batch` up to `seq` it made another move than logged, or none.

    `was` is what the log has next, `now` what the other version does; at least one is there.
    """

    apart: Apart
    batch: LoggedBatch
    seq: int
    track: str
    was: Move | None
    now: Move | None

    @property
    def source(self) -> str:
        """The state in which the two part."""
        move = self.was or self.now
        assert move is not None
        return move.source

    @property
    def at(self) -> int:
        """The instant at which the first of the two moves."""
        return min(move.at for move in (self.was, self.now) if move is not None)


@dataclass(frozen=True, slots=True)
class Compared:
    """One case on the other version. `refused` are entries that it does not take.

    `standings` are the actions that stood otherwise before any parting, each where it first did.
    """

    parting: Parting | None
    refused: tuple[Refusal, ...]
    standings: tuple[OtherStanding, ...]


def compared(
    events: Sequence[ev.Event],
    new: CompiledPathway,
    case_id: str,
    tracks: frozenset[str],
    old: CompiledPathway | None = None,
) -> Compared | None:
    """Enter a log on the other version; None where that cannot open the case.

    `tracks` are those of the version that the log was written on: tracks that are new part from nothing.
    How actions stand can only be compared with `old`, that very version.
    """
    logged = batches(events)
    refused: dict[tuple[str, str], Refusal] = {}
    first: tuple[LoggedBatch, Ways, Ways] | None = None
    was = now = dict[str, Sequence[Move]]()
    steps = zip(logged, _logged_ways(events, logged), entered_again(new, case_id, events), strict=False)
    opened = False
    beside = _Beside(old, new, case_id, events)
    for batch, was, again in steps:
        opened, now = True, _of_path(again.view.path, tracks)
        refused.update({(one.what, one.why): one for one in again.refused})
        if first is None and was != now and not _same(was, now):
            first = batch, was, now
        if first is None:
            beside.look(batch.events[-1].seq, again.view)
    if not opened:
        return None
    parting = None if first is None else _parting(*first, apart=_apart(was, now), new=new)
    return Compared(parting, tuple(refused.values()), tuple(beside.found.values()))


class _Beside:
    """The case on the version of its log, to compare how actions stand."""

    def __init__(
        self, old: CompiledPathway | None, new: CompiledPathway, case_id: str, events: Sequence[ev.Event]
    ) -> None:
        self.found: dict[str, OtherStanding] = {}
        self._frames = None if old is None else Frames(old, case_id, events)
        names = () if old is None else old.definition.actions.keys() & new.definition.actions.keys()
        self._actions = frozenset(names)

    def look(self, number: int, there: View) -> None:
        """Compare after an event; `there` is the view of the other version after the same entry."""
        here = None if self._frames is None else self._frames.view(number)
        if here is not None:
            for one in other_standings(number, here, there, self._actions):
                self.found.setdefault(one.action, one)


def _logged_ways(events: Sequence[ev.Event], logged: Sequence[LoggedBatch]) -> Iterator[Ways]:
    """The moves of each track after each batch; what was undone does not count."""
    has_undo = any(isinstance(event, ev.Undone) for event in events)
    taken: list[ev.Event] = []
    for batch in logged:
        taken += batch.events
        counting = effective(taken) if has_undo else taken
        yield _of_moves(event for event in counting if isinstance(event, ev.TransitionTaken))


def _of_moves(moves: Iterator[ev.TransitionTaken]) -> Ways:
    found: dict[str, list[Move]] = {}
    for one in moves:
        move = Move(one.source, one.to, one.at, one.guard, one.seq, one.round)
        found.setdefault(one.track, []).append(move)
    return found


def _of_path(path: Sequence[PathStep], tracks: frozenset[str]) -> dict[str, Sequence[Move]]:
    found: dict[str, list[Move]] = {}
    for one in path:
        if one.track in tracks:
            found.setdefault(one.track, []).append(Move(one.source, one.to, one.at, one.guard))
    return dict(found)


def _same(was: Ways, now: Ways) -> bool:
    return all(_parts(track, was, now) is None for track in {*was, *now})


def _parts(track: str, was: Ways, now: Ways) -> tuple[Move | None, Move | None] | None:
    """The first moves of a track that are not the same."""
    for old, new in zip_longest(was.get(track, ()), now.get(track, ())):
        if old is None or new is None or (old.source, old.to, old.at) != (new.source, new.to, new.at):
            return old, new
    return None


def _apart(was: Ways, now: Ways) -> Apart:
    """By the states gone through up to the end of the log."""

    def states(ways: Ways) -> dict[str, list[tuple[str, str]]]:
        return {track: [(move.source, move.to) for move in moves] for track, moves in ways.items()}

    return Apart.ANOTHER_TIME if states(was) == states(now) else Apart.ELSEWHERE


def _parting(batch: LoggedBatch, was: Ways, now: Ways, apart: Apart, new: CompiledPathway) -> Parting:
    """The parting that came first; of several at one instant one that does not follow from another track."""
    parted = {track: _parts(track, was, now) for track in sorted({*was, *now})}
    seq = batch.events[-1].seq
    found = [
        Parting(apart, batch, seq, track, *moves) for track, moves in parted.items() if moves is not None
    ]
    tracks = {one.track for one in found}
    return min(found, key=lambda one: (one.at, _follows(one, tracks - {one.track}, new)))


def _follows(one: Parting, others: set[str], new: CompiledPathway) -> bool:
    """Whether the guards out of its state look at where another parted track stands."""
    track = new.definition.tracks.get(one.track)
    state = None if track is None else track.states.get(one.source)
    return state is not None and any(not others.isdisjoint(way.when.tracks) for way in state.next)
