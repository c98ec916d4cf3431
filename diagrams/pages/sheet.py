"""One sheet: some states of the chart with all that hangs on them; ways off the sheet end in link ovals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from diagrams.chart import Box, BoxKind, Chart, Edge, EdgeKind, Group, Lane, LegendEntry
from diagrams.pages.routes import Route, is_state, owners
from diagrams.pages.tall import MOST_LINES, divided
from diagrams.text import listed

DASHED = "dashed: back to an earlier phase, or to an earlier step of the same phase"
LEGEND = (
    LegendEntry(None, "filled arrow: automatic; open arrow: the clinician confirms"),
    LegendEntry(None, DASHED),
    LegendEntry(None, "oval: goes on at, or comes from, the box and page named"),
    LegendEntry(None, "boxes under one number belong together"),
    LegendEntry(None, "G, T, Q, N: in the tables; those under the sheet say where"),
)
_BACK = (EdgeKind.LOOP, EdgeKind.LINK)
_TIES = (EdgeKind.CALLS, EdgeKind.SHOWS)


@dataclass(frozen=True)
class Atlas:
    """The whole chart, where its transitions lead, on which page each state is drawn, in which phase."""

    chart: Chart
    routes: Mapping[str, Route]
    page_of: Mapping[str, str]
    phase_of: Mapping[str, int] = field(default_factory=dict[str, int])

    @cached_property
    def states(self) -> Mapping[str, Box]:
        """The numbered states by id, in written order."""
        return {box.id: box for lane in self.chart.lanes for box in lane.boxes if is_state(box)}

    @cached_property
    def arriving(self) -> Mapping[str, tuple[Route, ...]]:
        """The transitions that lead to each state."""
        found: dict[str, list[Route]] = {}
        for route in self.routes.values():
            found.setdefault(route.target, []).append(route)
        return {state: tuple(these) for state, these in found.items()}

    def is_back(self, route: Route, edge: Edge) -> bool:
        """Whether a line leads to an earlier phase, or in its own to a step on the way to its source."""
        source, target = (self.phase_of.get(state, 0) for state in (route.source, route.target))
        return target < source or (source == target and edge.kind in _BACK)

    def number(self, state: str) -> str:
        """The number of a state's box."""
        return str(self.states[state].number)


def sheet(atlas: Atlas, states: frozenset[str], heading: str, most_lines: int = MOST_LINES[0]) -> Chart:
    """The chart of these states alone, under its own heading and the version and status of the whole.

    What hangs on a state stands beside it under its number, without a line; so do the further boxes of one
    whose actions take more than `most_lines`.
    """
    whole = atlas.chart
    lanes = (_Cut(atlas, lane, states).lane(most_lines) for lane in whole.lanes)
    return replace(
        whole,
        title=heading,
        subtitle=", ".join(filter(None, (whole.title, whole.subtitle))),
        remarks=(),
        lanes=tuple(lane for lane in lanes if lane.groups),
        tables=(),
        legend=LEGEND,
    )


def leaving(route: Route) -> str:
    """The id of the oval in which a transition leaves its sheet; one for all from a state to another."""
    return f"to-{route.source.removeprefix('state-')}-{route.target.removeprefix('state-')}"


def entering(state: str) -> str:
    """The id of the oval that names the transitions which come from other sheets."""
    return f"from-{state.removeprefix('state-')}"


class _Cut:
    """A track cut down to the states of one sheet."""

    def __init__(self, atlas: Atlas, lane: Lane, states: frozenset[str]) -> None:
        self._atlas = atlas
        self._lane = lane
        self._states = states
        self._owners = owners(lane)

    def lane(self, most_lines: int) -> Lane:
        """The track with the boxes that stay, the links before and after them, and the lines between."""
        groups = [replace(group, boxes=self._staying(group)) for group in self._lane.groups]
        start, *rest = [group for group in groups if group.boxes] or [None]
        if start is None:
            return replace(self._lane, groups=(), edges=())
        before = Group(f"before-{self._lane.id}", None, tuple(self._arrivals()))
        after = Group(f"after-{self._lane.id}", None, tuple(self._departures()))
        ordered = [start, before, *rest, after] if start.title is None else [before, start, *rest, after]
        kept = divided(tuple(group for group in ordered if group.boxes), most_lines)
        edges = (edge for edge in self._edges() if edge.kind not in _TIES)
        return replace(self._lane, groups=kept, edges=tuple(edges))

    def _staying(self, group: Group) -> tuple[Box, ...]:
        return tuple(box for box in group.boxes if self._stays(box))

    def _stays(self, box: Box) -> bool:
        if box.kind is BoxKind.LINK:
            return any(edge.target == box.id and self._is_inside(edge) for edge in self._lane.edges)
        return self._owners[box.id] in self._states

    def _is_inside(self, edge: Edge) -> bool:
        """Whether a transition starts and ends on the sheet; other lines stay with the state they touch."""
        route = self._atlas.routes.get(edge.id)
        if route is None:
            return self._owners[edge.source] in self._states
        return route.source in self._states and route.target in self._states

    def _edges(self) -> Iterator[Edge]:
        """The lines of the sheet in written order; those that leave it, to their ovals."""
        for edge in self._lane.edges:
            route = self._atlas.routes.get(edge.id)
            if self._is_inside(edge):
                yield edge
            elif route is not None and route.source in self._states:
                kind = EdgeKind.LINK if self._atlas.is_back(route, edge) else EdgeKind.FORWARD
                yield replace(edge, kind=kind, target=leaving(route))
        for state in self._own():
            if self._from_elsewhere(state):
                yield Edge(
                    f"arrive-{entering(state)}", entering(state), state, EdgeKind.FORWARD, "", "", True
                )

    def _own(self) -> Sequence[str]:
        return [box.id for box in self._lane.boxes if is_state(box) and box.id in self._states]

    def _from_elsewhere(self, state: str) -> Sequence[Route]:
        routes = self._atlas.arriving.get(state, ())
        return [route for route in routes if route.source not in self._states]

    def _arrivals(self) -> Iterator[Box]:
        """The ovals that stand before the states reached from other sheets."""
        for state in self._own():
            if routes := self._from_elsewhere(state):
                yield Box(entering(state), None, BoxKind.LINK, "; ".join(self._origins(routes)))

    def _origins(self, routes: Iterable[Route]) -> Iterator[str]:
        """`from 3 and 5, page 2`, one such phrase for every page."""
        pages: dict[str, dict[str, None]] = {}
        for route in routes:
            pages.setdefault(self._atlas.page_of[route.source], {})[self._atlas.number(route.source)] = None
        yield from (f"from {listed(numbers)}, page {page}" for page, numbers in pages.items())

    def _departures(self) -> Iterator[Box]:
        """The ovals in which transitions end whose states are drawn elsewhere."""
        named: dict[str, Route] = {}
        for edge in self._lane.edges:
            route = self._atlas.routes.get(edge.id)
            if route is not None and route.source in self._states and route.target not in self._states:
                named[leaving(route)] = route
        for id, route in named.items():
            number, page = self._atlas.number(route.target), self._atlas.page_of[route.target]
            yield Box(id, None, BoxKind.LINK, f"to {number}, page {page}")
