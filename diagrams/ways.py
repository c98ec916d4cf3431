"""The transitions of a track as lines: onward, back to an earlier step, or to a link that names the step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diagrams.chart import Box, BoxKind, Edge, EdgeKind
from diagrams.looks import LINE_WIDTH
from diagrams.tables import LINES_IN_A_BOX, Notes, cited, english
from diagrams.text import inert, listed, wrapped
from pathway.language.definition import Definition, State, Track, Transition

LINES_ON_AN_EDGE = 2
MOST_LINES_BACK = 2  # more dashed lines back to one box than this cannot be followed by eye


def state_id(state: State) -> str:
    """The id of the box of a state."""
    return f"state-{state.track}-{state.name}"


class Ways:
    """The lines of one track; guards too long for a line go into the conditions."""

    def __init__(self, definition: Definition, track: Track, conditions: Notes) -> None:
        self._definition = definition
        self._track = track
        self._conditions = conditions
        self._back = ways_back(track)
        ways = (way for state in track.states.values() for way in state.next)
        returns = Counter(way.to for way in ways if _key(way) in self._back)
        self._linked = frozenset(name for name, count in returns.items() if count > MOST_LINES_BACK)

    def links(self, state: State) -> Iterator[Box]:
        """The link ovals that stand for ways out of a state, each naming the box to go on with."""
        for way in state.next:
            if self._is_linked(way):
                target = self._track.states[way.to]
                yield Box(_link(way), None, BoxKind.LINK, inert(f"back to {target.number}. {target.title}"))

    def reached_from(self, state: State) -> str:
        """The other half of the links to a state; empty where none leads to it."""
        ways = (way for other in self._track.states.values() for way in other.next)
        sources = (way.source for way in ways if way.to == state.name and self._is_linked(way))
        numbers = sorted({self._track.states[name].number for name in sources})
        return f"Also reached from {listed(map(str, numbers))}" if numbers else ""

    def edges(self) -> Iterator[Edge]:
        """The line from the start, then those of each state in written order."""
        entry, start = f"start-{self._track.name}", self._track.states[self._track.start]
        yield Edge(f"entry-{self._track.name}", entry, state_id(start), EdgeKind.ENTRY, "", "", True)
        for state in self._track.states.values():
            yield from self._beside(state)
            yield from (self._edge(way, state) for way in state.next)

    def _beside(self, state: State) -> Iterator[Edge]:
        """Lines to the actions that stand beside a state: those of a decision, and what is no order."""
        actions = [self._definition.actions[do.action] for do in state.do]
        if state.kind == "decision" and any(action.orderable for action in actions):
            yield _side_line(state, f"calls-{state_id(state)}", EdgeKind.CALLS)
        if not all(action.orderable for action in actions):
            yield _side_line(state, f"shown-{state_id(state)}", EdgeKind.SHOWS)

    def _edge(self, way: Transition, state: State) -> Edge:
        kind = EdgeKind.LOOP if _key(way) in self._back else EdgeKind.FORWARD
        target = state_id(self._track.states[way.to])
        if self._is_linked(way):
            kind, target = EdgeKind.LINK, _link(way)
        automatic = (way.auto or state.kind == "decision") and not state.choice
        label, guard = self._label(way), english(way.when)
        sources = cited(way.cites, None, self._definition)
        return Edge(_way(way), state_id(state), target, kind, label, guard, automatic, sources)

    def _is_linked(self, way: Transition) -> bool:
        return way.to in self._linked and _key(way) in self._back

    def _label(self, way: Transition) -> str:
        """The guard on the line; beside a text of its own the guard may move to the table, never away."""
        guard = english(way.when)
        if not way.text:
            return self._conditions.short(guard, LINES_ON_AN_EDGE)
        text = way.text.strip().removesuffix(".")
        both = inert(f"{text}: {guard}")
        if len(wrapped(both, LINE_WIDTH)) <= LINES_IN_A_BOX:
            return both
        return inert(f"{text} (see {self._conditions.number(guard)})")


def _side_line(state: State, beside: str, kind: EdgeKind) -> Edge:
    return Edge(f"to-{beside}", state_id(state), beside, kind, "", "", True)


def _key(way: Transition) -> tuple[str, int]:
    return way.source, way.index


def _way(way: Transition) -> str:
    return f"way-{way.track}-{way.source}-{way.index}"


def _link(way: Transition) -> str:
    return f"link-{way.track}-{way.source}-{way.index}"


def ways_back(track: Track) -> frozenset[tuple[str, int]]:
    """The transitions (by source and place) that lead back to a state on the way to their source."""
    found: set[tuple[str, int]] = set()
    done: set[str] = set()
    path: list[tuple[str, Iterator[Transition]]] = []

    def enter(name: str) -> None:
        done.add(name)
        path.append((name, iter(track.states[name].next)))

    for root in (track.start, *track.states):
        if root not in done:
            enter(root)
        while path:
            way = next(path[-1][1], None)
            if way is None:
                path.pop()
            elif way.to in (name for name, _ in path):
                found.add((way.source, way.index))
            elif way.to not in done:
                enter(way.to)
    return frozenset(found)
