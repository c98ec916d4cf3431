"""The chart of the union: signs before what differs, numbers behind it, and a table of all differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from diagrams.chart import Box, BoxKind, Chart, Column, Edge, Group, Lane, LegendEntry, Row, Table
from diagrams.difference.concerning import Concerns, Numbered, numbered
from diagrams.difference.marks import Mark, Told, told
from diagrams.difference.union import Union, union_of
from diagrams.from_definition import chart_of
from diagrams.shelves import paged
from diagrams.tables import NUMBER
from diagrams.text import inert
from diagrams.ways import state_id
from pathway.comparing.both import Both
from pathway.comparing.comparing import compared
from pathway.comparing.difference import Kind
from pathway.language.definition import Definition, Do, State

REFERRED_TO = ("conditions", "questions", "remarks", "safeguards", "notices")
SIGNS = {Kind.ADDED: Mark.ADDED, Kind.REMOVED: Mark.REMOVED}
LEGEND = (
    "+ added: thick green line",
    "≠ changed: thick brown line; what it says now is drawn",
    "− removed: dashed grey line, struck through; its number follows the last, its old one in brackets",
    "D1, D2: the differences in words, in the table",
)


@dataclass(frozen=True, slots=True)
class DifferenceChart:
    """A chart, what is told of its elements by their ids, and of the rows of its boxes in their order."""

    chart: Chart
    told: Mapping[str, Told]
    rows: Mapping[str, tuple[Told, ...]]


def difference_chart(old: Definition, new: Definition) -> DifferenceChart:
    """The chart of both versions at once."""
    both = Both.of(old, new)
    found = numbered(compared(both))
    marking = _Marking(union_of(both), Concerns(both, found))
    whole = chart_of(marking.union.definition)
    lanes = tuple(marking.lane(lane) for lane in whole.lanes)
    kept = [table for table in whole.tables if table.id.rsplit("-", 1)[0] in REFERRED_TO]
    chart = replace(
        whole,
        title=inert(f"{new.title}: what differs"),
        subtitle=inert(f"new: {_version(new)}; old: {_version(old)}"),
        stamp=_stamp(old, new),
        lanes=lanes,
        tables=(*paged(tuple(_table(found))), *kept),
        legend=(*whole.legend, *(LegendEntry(None, sentence) for sentence in LEGEND)),
    )
    return DifferenceChart(chart, marking.told, marking.rows)


def _version(definition: Definition) -> str:
    return f"{definition.id} {definition.version} ({definition.status}), digest {definition.digest[:12]}"


def _stamp(old: Definition, new: Definition) -> str | None:
    """The status of the newer version; where only the older one is unapproved, that one's."""
    if new.stamp is not None:
        return inert(new.stamp)
    return None if old.stamp is None else inert(f"old version: {old.stamp}")


def _table(found: Numbered) -> Iterator[Table]:
    rows = tuple(
        (number, one.weight.value, inert(one.place), f"{_sign(one.kind)} {one.kind.value}", inert(one.text))
        for number, one in found
    )
    columns = (
        NUMBER, Column("Weight", 10), Column("Where", 32), Column("What became of it", 12),
        Column("In words", 96),
    )  # fmt: skip
    if rows:
        yield Table("differences", "Differences, the clinically significant first", columns, rows)


def _sign(kind: Kind) -> str:
    return SIGNS.get(kind, Mark.CHANGED).value


@dataclass(slots=True)
class _Marking:
    """Goes through the lanes of the union and notes what is told of which element."""

    union: Union
    concerns: Concerns
    told: dict[str, Told] = field(default_factory=dict[str, Told])
    rows: dict[str, tuple[Told, ...]] = field(default_factory=dict[str, "tuple[Told, ...]"])

    def lane(self, lane: Lane) -> Lane:
        track = self.union.definition.tracks[lane.id.removeprefix("track-")]
        states = {state_id(state): state for state in track.states.values()}
        for state in states.values():
            self._note_ways(state)
        groups = tuple(self._group(group, states) for group in lane.groups)
        edges = tuple(self._edge(edge) for edge in lane.edges)
        return replace(lane, groups=groups, edges=edges)

    def _note_ways(self, state: State) -> None:
        for way in state.next:
            mark = self.union.ways[state.track, state.name, way.index]
            about = self.concerns.gone(way) if mark is Mark.REMOVED else self.concerns.way(way)
            for kind in ("way", "link"):
                self.told[f"{kind}-{way.track}-{way.source}-{way.index}"] = told(mark, about)

    def _group(self, group: Group, states: Mapping[str, State]) -> Group:
        return replace(group, boxes=tuple(self._box(box, states) for box in group.boxes))

    def _box(self, box: Box, states: Mapping[str, State]) -> Box:
        if box.kind in (BoxKind.START, BoxKind.LINK):
            noted = self.told.get(box.id, Told())
            return replace(box, title=_before(noted, box.title))
        state = states[box.id.removeprefix("calls-").removeprefix("shown-")]
        self.rows[box.id] = self._rows(box, state)
        noted = self._state(box, state)
        self.told[box.id] = noted
        rows = tuple(map(_row, box.rows, self.rows[box.id]))
        if noted.mark is Mark.SAME:
            return replace(box, rows=rows)
        lines = (*box.lines, *([f"see {noted.numbers}"] if noted.about else []))
        return replace(
            box, number=None, title=_before(noted, self._heading(box, state)), lines=lines, rows=rows
        )

    def _heading(self, box: Box, state: State) -> str:
        number = self.union.before.get((state.track, state.name))
        return box.heading if number is None else f"{box.heading} (was {number})"

    def _state(self, box: Box, state: State) -> Told:
        mark = self.union.states[state.track, state.name]
        own = self.concerns.state(state) if box.id == state_id(state) else ()
        noted = told(mark, own)
        marked = any(row.mark is not Mark.SAME for row in self.rows[box.id])
        return replace(noted, mark=Mark.CHANGED) if marked and noted.mark is Mark.SAME else noted

    def _rows(self, box: Box, state: State) -> tuple[Told, ...]:
        """What is told of the actions in a box: a chart keeps their order, orders and others apart."""
        whole, actions = self.union.states[state.track, state.name], self.union.definition.actions
        called = zip(state.do, self.union.dos[state.track, state.name], strict=True)
        ordered = box.kind is not BoxKind.SHOWN
        here = [(do, mark) for do, mark in called if actions[do.action].orderable is ordered]
        every = (self._row(do, state, mark if whole is Mark.SAME else whole) for do, mark in here)
        return tuple(every) if box.rows else ()

    def _row(self, do: Do, state: State, mark: Mark) -> Told:
        """What is told of an action here; where it is no longer called for, nothing else."""
        find = self.concerns.no_longer_called if mark is Mark.REMOVED else self.concerns.action
        return told(mark, find(do, state))

    def _edge(self, edge: Edge) -> Edge:
        """A transition with its sign; any other line is new or gone with the box that it leads to."""
        if edge.id in self.told:
            noted = self.told[edge.id]
            return replace(edge, label=noted.signed(edge.label), guard=noted.signed(edge.guard))
        mark = self.told.get(edge.target, Told()).mark
        self.told[edge.id] = Told(mark if mark in (Mark.ADDED, Mark.REMOVED) else Mark.SAME)
        return edge


def _before(noted: Told, title: str) -> str:
    return title if noted.mark is Mark.SAME else f"{noted.mark.value} {title}"


def _row(row: Row, noted: Told) -> Row:
    if noted.mark is Mark.SAME:
        return row
    lines = (*row.lines, *([f"{noted.mark.word}, see {noted.numbers}"] if noted.about else []))
    return replace(row, title=_before(noted, row.title), lines=lines)
