"""The tables of a phase or a sheet: steps, actions, ways and safeguards in full, numbered as drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from diagrams.chart import Box, Chart, Column, Edge, Row, Table
from diagrams.pages.brief import NOTES, mark_in, notes_of, spelled_out
from diagrams.pages.routes import is_state, owners
from diagrams.pages.sheet import Atlas
from pathway.language.definition import Definition

_SOURCES = Column("Sources", 20)
_STEPS = (Column("Step", 30), Column("What it says and asks", 70), _SOURCES)
_ACTIONS = (Column("Step", 6), Column("Action", 30), Column("In full", 70), _SOURCES)
_WAYS = (
    Column("From", 5), Column("To", 30), Column("Condition", 75), Column("Taken", 12), _SOURCES,
)  # fmt: skip
_NOTICE = re.compile(r"\bN\d+\b")
PER_PHASE = (*NOTES, "safeguards")


class Notes:
    """What stands behind the boxes and lines, for any of the states of a whole chart."""

    def __init__(self, whole: Chart, atlas: Atlas, definition: Definition) -> None:
        self._whole = whole
        self._atlas = atlas
        self._definition = definition
        self._texts = notes_of(whole)

    def of_section(self, name: str, title: str, states: frozenset[str]) -> tuple[Table, ...]:
        """Steps and actions of these states, with every text in full."""
        boxes = list(self._boxes(states))
        steps = tuple(self._step(box) for box in boxes if is_state(box))
        actions = tuple(self._action(box, row) for box in boxes for row in box.rows)
        tables = (
            Table(f"steps-{name}", f"Steps, {title}", _STEPS, steps),
            Table(f"actions-{name}", f"Actions, {title}", _ACTIONS, actions),
        )
        return tuple(table for table in tables if table.rows)

    def of_page(self, name: str, states: frozenset[str]) -> tuple[Table, ...]:
        """What can stop an action on a page, and where its lines lead, with their conditions in full."""
        ways = tuple(self._way(edge) for edge in self._ways(states))
        table = Table(f"ways-{name}", f"Where the lines on page {name} lead", _WAYS, ways)
        return (*self.safeguards(name, states), *((table,) if ways else ()))

    def safeguards(self, name: str, states: frozenset[str]) -> tuple[Table, ...]:
        """The safeguards on the actions that these states call for or show."""
        called = {row.action for box in self._boxes(states) for row in box.rows}
        held = {name for name, one in self._definition.safeguards.items() if called & set(one.actions)}
        return self._safeguard_table(f"safeguards-{name}", f"What can stop an action on page {name}", held)

    def rest(self) -> tuple[Table, ...]:
        """The tables that belong to no phase: safeguards of uncalled actions, derived facts, notices."""
        states = (state for track in self._definition.tracks.values() for state in track.states.values())
        called = {do.action for state in states for do in state.do}
        left = {n for n, one in self._definition.safeguards.items() if not called & set(one.actions)}
        title = "Safeguards on actions that no step calls for"
        others = (table for table in self._whole.tables if table.id.partition("-")[0] not in PER_PHASE)
        spelled = (self._spelled(table) for table in _rejoined(others))
        return (*self._safeguard_table("safeguards-uncalled", title, left), *spelled)

    def notices(self, states: frozenset[str], further: Iterable[str]) -> tuple[Table, ...]:
        """The notices that these states and their actions name, and further ones by their marks."""
        boxes = list(self._boxes(states))
        lines = [
            line for box in boxes for line in (*box.lines, *(line for row in box.rows for line in row.lines))
        ]
        named = {mark for line in lines for mark in _NOTICE.findall(line)} | set(further)
        return self._selected("notices", "notices", "Notices named on these pages", 0, named)

    def _safeguard_table(self, id: str, title: str, names: set[str]) -> tuple[Table, ...]:
        return self._selected("safeguards", id, title, 1, names)

    def _selected(self, kind: str, id: str, title: str, column: int, wanted: set[str]) -> tuple[Table, ...]:
        """The rows of a table of the whole chart that have one of the wanted words in a column."""
        tables = [table for table in self._whole.tables if table.id.partition("-")[0] == kind]
        rows = tuple(row for table in tables for row in table.rows if row[column] in wanted)
        return (Table(id, title, tables[0].columns, rows),) if rows else ()

    def _spelled(self, table: Table) -> Table:
        rows = tuple(tuple(spelled_out(cell, self._texts) for cell in row) for row in table.rows)
        return Table(table.id, table.title, table.columns, rows)

    def _boxes(self, states: frozenset[str]) -> Iterator[Box]:
        for lane in self._whole.lanes:
            owner = owners(lane)
            yield from (box for box in lane.boxes if owner[box.id] in states)

    def _ways(self, states: frozenset[str]) -> Iterator[Edge]:
        edges = (edge for lane in self._whole.lanes for edge in lane.edges)
        return (edge for edge in edges if self._leaves(edge, states))

    def _leaves(self, edge: Edge, states: frozenset[str]) -> bool:
        route = self._atlas.routes.get(edge.id)
        return route is not None and route.source in states

    def _step(self, box: Box) -> tuple[str, ...]:
        said = "\n".join(spelled_out(line, self._texts) for line in box.lines)
        return box.heading, said, box.sources

    def _action(self, box: Box, row: Row) -> tuple[str, ...]:
        lines = (spelled_out(line, self._texts) for line in row.lines)
        said = "\n".join(line for line in (row.deadline, *lines) if line)
        return str(box.number), row.title, said, row.sources

    def _way(self, edge: Edge) -> tuple[str, ...]:
        route = self._atlas.routes[edge.id]
        source = self._atlas.number(route.source)
        target = f"{self._atlas.states[route.target].heading} (page {self._atlas.page_of[route.target]})"
        return source, target, _condition(edge), "automatic" if edge.automatic else "confirmed", edge.sources


def _condition(edge: Edge) -> str:
    """The words on the line, and the whole guard under the mark that they refer to."""
    mark = mark_in(edge.label)
    if edge.guard in edge.label or mark is None:
        return edge.label or edge.guard
    words = edge.label.replace(f"(see {mark})", "").replace(f"see {mark}", "").strip()
    return "\n".join(filter(None, (words, f"{mark}: {edge.guard}")))


def _rejoined(tables: Iterable[Table]) -> Iterator[Table]:
    """The parts of tables that were continued beside themselves, put together again."""
    found: dict[str, Table] = {}
    for table in tables:
        name = table.id.partition("-")[0]
        first = found.get(name, Table(name, table.title, table.columns, ()))
        found[name] = Table(name, first.title, first.columns, (*first.rows, *table.rows))
    yield from found.values()


def on_one_line(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables for a drawing, where a cell is wrapped by its width: line ends become semicolons."""
    return tuple(
        Table(one.id, one.title, one.columns, tuple(tuple(_flat(cell) for cell in row) for row in one.rows))
        for one in tables
    )


def _flat(cell: str) -> str:
    return "; ".join(line.removesuffix(".") for line in cell.split("\n")) if "\n" in cell else cell
