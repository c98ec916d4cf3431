"""A chart written as DOT: plain and record labels only, every text escaped, the same DOT for the same chart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from diagrams import looks
from diagrams.arrange import LEGEND_TEXT, downward, legend_box, legend_row, tables_in_order, top
from diagrams.chart import Box, BoxKind, Chart, Edge, Group, Lane, Row, Table
from diagrams.text import inert, wrapped

if TYPE_CHECKING:
    from graphviz import Digraph

# In a label `\l` ends a line that stands left, `\n` one that is centred.
LEFT, CENTRED = "\\l", "\\n"


def dot_of(chart: Chart) -> str:
    """The DOT text of a chart. Boxes stand in written order, lines in the written order of their guards."""
    from graphviz import Digraph

    graph = Digraph("pathway", graph_attr=looks.GRAPH, node_attr=looks.NODE, edge_attr=looks.EDGE)
    head = [line for text in title_block(chart) for line in wrapped(text, looks.HEAD_WIDTH)]
    graph.attr(label=_label(_joined(head, LEFT)))
    for lane in chart.lanes:
        _add_lane(graph, lane)
    _add_legend(graph, chart)
    for table in chart.tables:
        _add_table(graph, table)
    _arrange(graph, chart)
    return graph.source


def title_block(chart: Chart) -> tuple[str, ...]:
    """What stands over the chart: title, version and digest, the stamp of an unapproved pathway, remarks."""
    return tuple(text for text in (chart.title, chart.subtitle, chart.stamp, *chart.remarks) if text)


def heading_lines(box: Box) -> tuple[str, ...]:
    """The lines on which the heading of a box stands; they come first in it."""
    return wrapped(box.heading, looks.HEXAGON_WIDTH if box.kind is BoxKind.DECISION else looks.TITLE_WIDTH)


def escaped(text: str, record: bool = False) -> str:
    """The text for a label, where nothing in it is read as markup, an entity, an escape or a field."""
    plain = inert(text).replace("&", "&amp;").replace("\\", "\\\\")
    return re.sub(r"([{}|<>])", r"\\\1", plain) if record else plain


def _add_lane(graph: Digraph, lane: Lane) -> None:
    with graph.subgraph(name=f"cluster-{lane.id}") as area:
        area.attr(label=_label(_joined([lane.title], LEFT)), id=lane.id, **looks.LANE)
        for group in lane.groups:
            _add_group(area, group)
        for edge in lane.edges:
            _add_edge(area, edge)


def _add_group(area: Digraph, group: Group) -> None:
    if group.title is None:
        for box in group.boxes:
            _add_box(area, box)
        return
    with area.subgraph(name=f"cluster-{group.id}") as phase:
        phase.attr(label=_label(_joined([group.title], LEFT)), id=group.id, **looks.PHASE)
        for box in group.boxes:
            _add_box(phase, box)


def _add_box(area: Digraph, box: Box) -> None:
    width = looks.HEXAGON_WIDTH if box.kind is BoxKind.DECISION else looks.LINE_WIDTH
    texts = (*box.lines, box.sources)
    lines = (*heading_lines(box), *(line for text in texts for line in wrapped(text, width)))
    label = _joined(lines, CENTRED, record=bool(box.rows))
    if box.rows:
        label = f"{{{label}|{_rows(box)}}}"
    look = {**looks.BOXES[box.kind], **looks.shape(box.kind, bool(box.rows))}
    area.node(box.id, _label(label), id=box.id, **{"class": f"box {box.kind.name.lower()}"}, **look)


def _rows(box: Box) -> str:
    """One row an action: its deadline, where any action of the box has one, beside what is to be done."""
    deadlines = [wrapped(row.deadline, looks.DEADLINE_WIDTH) for row in box.rows]
    texts = [_row_lines(row) for row in box.rows]
    return _columns([deadlines, texts] if any(deadlines) else [texts])


def _row_lines(row: Row) -> tuple[str, ...]:
    texts = (row.title, *row.lines, row.sources)
    return tuple(line for text in texts for line in wrapped(text, looks.ROW_WIDTH))


def _add_table(graph: Digraph, table: Table) -> None:
    cells = [
        [wrapped(text, column.width) for text in (column.title, *(row[place] for row in table.rows))]
        for place, column in enumerate(table.columns)
    ]
    label = f"{{{_joined([table.title], LEFT, record=True)}|{_columns(cells)}}}"
    graph.node(table.id, _label(label), id=table.id, **looks.TABLE)


def _columns(columns: Sequence[Sequence[tuple[str, ...]]]) -> str:
    """Columns of cells as a record; cells of one row get equally many lines, so that the rows line up."""
    heights = [max(map(len, row)) for row in zip(*columns, strict=True)]
    written = ["|".join(map(_cell, column, heights)) for column in columns]
    return "{" + "|".join(f"{{{column}}}" for column in written) + "}" if len(written) > 1 else written[0]


def _cell(lines: tuple[str, ...], height: int) -> str:
    return _joined((*lines, *[""] * (height - len(lines))), LEFT, record=True)


def _add_edge(area: Digraph, edge: Edge) -> None:
    look = {**looks.LINES[edge.kind], "id": edge.id, "class": f"way {edge.kind.name.lower()}"}
    if not edge.automatic:
        look["arrowhead"] = "empty"
    lines = wrapped(edge.label, looks.LINE_WIDTH)
    area.edge(edge.source, edge.target, _label(_joined(lines, CENTRED)) if lines else None, **look)


def _add_legend(graph: Digraph, chart: Chart) -> None:
    """One box of each shape in use with its meaning inside, then the sentences."""
    with graph.subgraph(name="cluster-legend") as area:
        area.attr(label=_label(f"Legend{LEFT}"), id="legend", **looks.LEGEND)
        sentences: list[str] = []
        for entry in chart.legend:
            if entry.kind is None:
                sentences += wrapped(entry.text, looks.HEAD_WIDTH)
                continue
            name, label = legend_box(entry.kind), _joined(wrapped(entry.text, looks.LEGEND_WIDTH), CENTRED)
            area.node(name, _label(label), id=name, **{**looks.BOXES[entry.kind], **looks.shape(entry.kind)})
        area.node(LEGEND_TEXT, _label(_joined(sentences, LEFT)), id=LEGEND_TEXT, shape="plaintext")


def _arrange(graph: Digraph, chart: Chart) -> None:
    """Hidden lines and ranks. (Graphviz's own `pack` would do it, but drops clusters and edge labels.)"""
    for above, below in downward(chart):
        graph.edge(above, below, **looks.HIDDEN)
    for above, below in pairwise(tables_in_order(chart)):
        graph.edge(above, below, **looks.ALIGNED)
    for row in (top(chart), legend_row(chart)):
        with graph.subgraph() as same:
            same.attr(rank="same")
            for element in row:
                same.node(element)
    for left, right in pairwise(legend_row(chart)):
        graph.edge(left, right, **looks.ALIGNED)


def _joined(lines: Iterable[str], ending: str, record: bool = False) -> str:
    """The lines escaped; after a left line always its ending, between centred lines only."""
    written = [escaped(line, record) for line in lines]
    return "".join(line + LEFT for line in written) if ending == LEFT else CENTRED.join(written)


def _label(label: str) -> str:
    """The label, never taken for markup, even if it begins with < and ends with >."""
    from graphviz import nohtml

    return nohtml(label)
