"""A chart written as DOT: plain and record labels only, every text escaped, equal for equal charts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from diagrams import looks
from diagrams.arrange import LEGEND_TEXT, downward, legend_box, legend_row, level
from diagrams.chart import Box, Chart, Edge, Group, Lane, Table
from diagrams.lines import Cell, Line, head, lines, row_columns, table_columns, table_title, title_block
from diagrams.text import inert

if TYPE_CHECKING:
    from graphviz import Digraph

# In a label `\l` ends a line that stands left, `\n` one that is centred.
LEFT, CENTRED = "\\l", "\\n"


def dot_of(chart: Chart) -> str:
    """The DOT text of a chart. Boxes stand in written order, lines in the written order of their guards."""
    from graphviz import Digraph

    graph = Digraph("pathway", graph_attr=looks.GRAPH, node_attr=looks.NODE, edge_attr=looks.EDGE)
    graph.attr(label=_label(_left(title_block(chart))))
    for lane in chart.lanes:
        _add_lane(graph, lane)
    _add_legend(graph, chart)
    for table in chart.tables:
        _add_table(graph, table)
    _arrange(graph, chart)
    return graph.source


def escaped(text: str, record: bool = False) -> str:
    """The text for a label, where nothing in it is read as markup, an entity, an escape or a field."""
    plain = inert(text).replace("&", "&amp;").replace("\\", "\\\\")
    return re.sub(r"([{}|<>])", r"\\\1", plain) if record else plain


def _add_lane(graph: Digraph, lane: Lane) -> None:
    area = _area(lane.id, lane.title, looks.LANE)
    for group in lane.groups:
        _add_group(area, group)
    for edge in lane.edges:
        _add_edge(area, edge)
    graph.subgraph(area)


def _add_group(area: Digraph, group: Group) -> None:
    inside = area if group.title is None else _area(group.id, group.title, looks.PHASE)
    for box in group.boxes:
        _add_box(inside, box)
    if inside is not area:
        area.subgraph(inside)


def _add_box(area: Digraph, box: Box) -> None:
    label = _centred(head(box), record=bool(box.rows))
    if box.rows:
        label = f"{{{label}|{_columns(row_columns(box))}}}"
    look = {**looks.BOXES[box.kind], **looks.shape(box.kind, bool(box.rows))}
    area.node(box.id, _label(label), id=box.id, **{"class": f"box {box.kind.name.lower()}"}, **look)


def _add_edge(area: Digraph, edge: Edge) -> None:
    look = {**looks.LINES[edge.kind], "id": edge.id, "class": f"way {edge.kind.name.lower()}"}
    if not edge.automatic:
        look["arrowhead"] = "empty"
    # A space on either side keeps the words clear of the line that they stand beside.
    words = [f" {escaped(line.text)} " for line in lines(edge.label, looks.LINE_WIDTH)]
    area.edge(edge.source, edge.target, _label(CENTRED.join(words)) if words else None, **look)


def _add_table(graph: Digraph, table: Table) -> None:
    label = f"{{{_left(table_title(table), record=True)}|{_columns(table_columns(table))}}}"
    graph.node(table.id, _label(label), id=table.id, **looks.TABLE)


def _columns(columns: Sequence[Sequence[Cell]]) -> str:
    """Columns of cells as a record; cells of one row get equally many lines, so that the rows line up."""
    heights = [max(map(len, row)) for row in zip(*columns, strict=True)]
    written = ["|".join(map(_cell, column, heights)) for column in columns]
    return "{" + "|".join(f"{{{column}}}" for column in written) + "}" if len(written) > 1 else written[0]


def _cell(cell: Cell, height: int) -> str:
    return _left(cell, record=True) + LEFT * (height - len(cell))


def _add_legend(graph: Digraph, chart: Chart) -> None:
    """One box of each shape in use with its meaning inside, then the sentences."""
    area = _area("legend", "Legend", looks.LEGEND)
    sentences: list[Line] = []
    for entry in chart.legend:
        if entry.kind is None:
            sentences += lines(entry.text, looks.HEAD_WIDTH)
            continue
        name, look = legend_box(entry.kind), {**looks.BOXES[entry.kind], **looks.shape(entry.kind)}
        area.node(name, _label(_centred(lines(entry.text, looks.LEGEND_WIDTH))), id=name, **look)
    area.node(LEGEND_TEXT, _label(_left(sentences)), id=LEGEND_TEXT, shape="plaintext")
    graph.subgraph(area)


def _arrange(graph: Digraph, chart: Chart) -> None:
    """Hidden lines and ranks. (Graphviz's own `pack` would do it, but drops clusters and edge labels.)"""
    for above, below in downward(chart):
        graph.edge(above, below, **looks.HIDDEN)
    for row in level(chart):
        graph.subgraph(_level(row))
    for left, right in pairwise(legend_row(chart)):
        graph.edge(left, right, **looks.ALIGNED)


def _area(id: str, title: str, look: dict[str, str]) -> Digraph:
    """A frame around boxes, with its title."""
    from graphviz import Digraph

    area = Digraph(f"cluster-{id}")
    area.attr(label=_label(_left(lines(title, looks.HEAD_WIDTH))), id=id, **look)
    return area


def _level(row: Iterable[str]) -> Digraph:
    """Elements that stand beside each other."""
    from graphviz import Digraph

    level = Digraph(graph_attr={"rank": "same"})
    for element in row:
        level.node(element)
    return level


def _left(cell: Iterable[Line], record: bool = False) -> str:
    return "".join(escaped(line.text, record) + LEFT for line in cell)


def _centred(cell: Iterable[Line], record: bool = False) -> str:
    return CENTRED.join(escaped(line.text, record) for line in cell)


def _label(label: str) -> str:
    """The label, never taken for markup, even if it begins with < and ends with >."""
    from graphviz import nohtml

    return nohtml(label)
