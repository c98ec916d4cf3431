"""The states and transitions that logged cases reached, each case counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.language.definition import Definition, State, Transition

StateId = tuple[str, str]  # track, state
WayId = tuple[str, str, int]  # track, source, place in the written order


def states_of(definition: Definition) -> Iterator[State]:
    """The states of all tracks in written order."""
    for track in definition.tracks.values():
        yield from track.states.values()


def ways_of(definition: Definition) -> Iterator[Transition]:
    """The transitions of all tracks in written order."""
    for state in states_of(definition):
        yield from state.next


def way_id(way: Transition) -> WayId:
    """What names a transition."""
    return way.track, way.source, way.index


def way_taken(definition: Definition, move: ev.TransitionTaken) -> WayId | None:
    """The transition that a logged move took; None for a return by override, and of another definition."""
    track = definition.tracks.get(move.track)
    state = None if track is None else track.states.get(move.source)
    if state is None or move.cause == "override":
        return None
    found = (way for way in state.next if way.to == move.to and way.when.text == move.guard)
    return next(map(way_id, found), None)


@dataclass(slots=True)
class Reached:
    """Of `cases` cases, how many came to each state and took each transition; all of them are named.

    What was undone later counts too: it was reached. `strange` counts the moves that no transition of this
    definition explains; returns by override are not among them.
    """

    cases: int
    states: Counter[StateId]
    ways: Counter[WayId]
    strange: int = 0
    _starts: frozenset[StateId] = field(default_factory=frozenset[StateId])

    @classmethod
    def nothing(cls, definition: Definition) -> Reached:
        """Before the first case."""
        states = Counter({(state.track, state.name): 0 for state in states_of(definition)})
        ways = Counter({way_id(way): 0 for way in ways_of(definition)})
        starts = frozenset((name, track.start) for name, track in definition.tracks.items())
        return cls(0, states, ways, 0, starts)

    def add(self, definition: Definition, events: Iterable[ev.Event]) -> None:
        """Count one case."""
        moves = [event for event in events if isinstance(event, ev.TransitionTaken)]
        taken = [(move, way_taken(definition, move)) for move in moves]
        self.cases += 1
        self.strange += sum(way is None and move.cause != "override" for move, way in taken)
        been = self._starts | {(move.track, move.to) for move in moves}
        self.states.update(been & self.states.keys())
        self.ways.update({way for _, way in taken if way is not None})

    def merge(self, other: Reached) -> None:
        """Add what other cases of the same definition reached."""
        self.cases += other.cases
        self.strange += other.strange
        self.states.update(other.states)
        self.ways.update(other.ways)


def reached(definition: Definition, logs: Iterable[Iterable[ev.Event]]) -> Reached:
    """What logs reached, each a case."""
    found = Reached.nothing(definition)
    for events in logs:
        found.add(definition, events)
    return found
