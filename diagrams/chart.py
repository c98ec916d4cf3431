"""A chart of a pathway as plain values: what is drawn, before anything is placed or coloured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

NOT_AN_ORDER = "NOT AN ORDER"


class BoxKind(Enum):
    """What a box stands for; each has a shape, a colour and a word of its own."""

    START = "start"
    ENQUIRY = "enquiry"
    DECISION = "decision"
    ACTION = "action"
    END = "end"
    CALLS = "calls for"
    SHOWN = "not an order"
    LINK = "link"


class EdgeKind(Enum):
    """What a line means: a way on, a way back to an earlier state (or to its link), or to a box beside.

    Beside a state stand the actions of a decision, and what a state shows without ordering it.
    """

    ENTRY = "entry"
    FORWARD = "forward"
    LOOP = "loop"
    CALLS = "calls"
    SHOWS = "shows"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Row:
    """An action as it stands in a box of the state that names it; `deadline` is empty without one."""

    action: str
    deadline: str
    title: str
    lines: tuple[str, ...]
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A numbered state (or the start of a track). `lines` are sentences, each wrapped when drawn.

    `rows` are the actions it calls for; `sources` the statements it rests on.
    """

    id: str
    number: int | None
    kind: BoxKind
    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    sources: str = ""

    @property
    def heading(self) -> str:
        """The title with the number by which screens, logs and tests call the state."""
        return self.title if self.number is None else f"{self.number}. {self.title}"


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition. `label` is what stands on the line: the guard in English, or the table entry it is in.

    `guard` is the whole condition, `sources` the statements it rests on. `automatic` transitions need no
    clinician to confirm them.
    """

    id: str
    source: str
    target: str
    kind: EdgeKind
    label: str
    guard: str
    automatic: bool
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """States of one phase within a track; `title` is None for states outside every phase."""

    id: str
    title: str | None
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A track with its states by phase; edges stand in the written order of the transitions."""

    id: str
    title: str
    groups: tuple[Group, ...]
    edges: tuple[Edge, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for group in self.groups for box in group.boxes)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and its width in characters."""

    title: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """What is too long for a box or a line: conditions, safeguards, notices, questions."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A shape with its meaning; `kind` is None for a plain sentence."""

    kind: BoxKind | None
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the picture of a pathway has to show."""

    title: str
    subtitle: str
    stamp: str | None
    remarks: tuple[str, ...]
    lanes: tuple[Lane, ...]
    tables: tuple[Table, ...]
    legend: tuple[LegendEntry, ...]

    def promises(self) -> Iterator[Promise]:
        """Every text of the chart with the element that must show it; pictures are checked against these."""
        head = (self.title, self.subtitle, self.stamp or "", *self.remarks)
        yield from (Promise("chart", text, "title block") for text in head if text)
        for lane in self.lanes:
            yield from _lane_promises(lane)
        for table in self.tables:
            yield Promise(table.id, table.title, "table")
            for place, column in enumerate(table.columns):
                cells = (column.title, *(row[place] for row in table.rows))
                yield from (Promise(table.id, cell, table.title) for cell in cells if cell)
        for entry in self.legend:
            yield Promise(f"legend-{entry.kind.name.lower() if entry.kind else 'text'}", entry.text, "legend")


@dataclass(frozen=True, slots=True)
class Promise:
    """A text that must stand in the picture, in the element with this id; `what` names it in a message."""

    element: str
    text: str
    what: str


def _lane_promises(lane: Lane) -> Iterator[Promise]:
    yield Promise(lane.id, lane.title, "track")
    for group in lane.groups:
        if group.title is not None:
            yield Promise(group.id, group.title, "phase")
    for box in lane.boxes:
        yield from _box_promises(box)
    yield from (Promise(edge.id, edge.label, f"condition of {edge.id}") for edge in lane.edges if edge.label)


def _box_promises(box: Box) -> Iterator[Promise]:
    yield Promise(box.id, box.heading, "box title")
    yield from (Promise(box.id, line, f"box {box.heading}") for line in (*box.lines, box.sources) if line)
    for row in box.rows:
        texts = (row.deadline, row.title, *row.lines, row.sources)
        yield from (Promise(box.id, text, f"{row.action} in box {box.heading}") for text in texts if text)
