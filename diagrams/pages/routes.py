"""Which phase each box is printed with, and where every transition truly leads, links included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagrams.chart import Box, BoxKind, Chart, Edge, Lane
from diagrams.text import inert
from diagrams.ways import state_id
from pathway.language.definition import Definition, Track

OUTSIDE = "outside"
OUTSIDE_TITLE = "Outside every phase"


@dataclass(frozen=True, slots=True)
class Route:
    """A transition from state to state, by the ids of their boxes; `edge` is the id of its line."""

    edge: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is printed under one heading: a phase, or the states of tracks that know no phase."""

    name: str
    title: str
    states: frozenset[str]


def routes(definition: Definition) -> dict[str, Route]:
    """Every transition by the id of its line, in written order."""
    found: dict[str, Route] = {}
    for track in definition.tracks.values():
        for state in track.states.values():
            for way in state.next:
                edge = f"way-{way.track}-{way.source}-{way.index}"
                found[edge] = Route(edge, state_id(state), state_id(track.states[way.to]))
    return found


def sections(definition: Definition) -> tuple[Section, ...]:
    """The phases in their order with the ids of their states, then what belongs to no phase."""
    home = {state: phase for track in definition.tracks.values() for state, phase in _homes(track)}
    known = dict.fromkeys((*definition.phases, *(phase for phase in home.values() if phase is not None)))
    found = [
        Section(
            phase,
            inert(definition.phases.get(phase, phase)),
            frozenset(state for state, its in home.items() if its == phase),
        )
        for phase in known
    ]
    rest = frozenset(state for state, its in home.items() if its is None)
    return tuple(one for one in (*found, Section(OUTSIDE, OUTSIDE_TITLE, rest)) if one.states)


def _homes(track: Track) -> Iterator[tuple[str, str | None]]:
    """Each state with its phase; one outside every phase stands with the phase that it leads to first."""
    phases = {name: state.phase for name, state in track.states.items()}
    first = next((phase for phase in phases.values() if phase is not None), None)
    for name, state in track.states.items():
        ahead = (phases[way.to] for way in state.next if phases[way.to] is not None)
        yield state_id(state), phases[name] or next(ahead, first)


def owners(lane: Lane) -> Mapping[str, str]:
    """For every box of a track the state beside which it is printed: its own, or the one it hangs on."""
    states = {box.id: box.id for box in lane.boxes if is_state(box)}
    entry = {edge.source: edge.target for edge in lane.edges if edge.source.startswith("start-")}
    hung = {edge.target: edge.source for edge in lane.edges if edge.target not in states}
    return {**states, **entry, **hung}


def is_state(box: Box) -> bool:
    """Whether the box is a numbered state, not a start, a link, or what stands beside a state."""
    return box.kind not in (BoxKind.START, BoxKind.LINK, BoxKind.CALLS, BoxKind.SHOWN)


def lines_between(chart: Chart) -> Iterator[Edge]:
    """The lines of all tracks that stand for transitions."""
    return (edge for lane in chart.lanes for edge in lane.edges if edge.id.startswith("way-"))
