"""A chart written as DOT: plain and record labels only, every text escaped, equal for equal charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from diagrams import looks
from diagrams.arrange import LEGEND_TEXT, downward, legend_box, legend_row, level
from diagrams.chart import Box, Chart, Edge, Group, Lane, LegendEntry, Table
from diagrams.dot_text import area, attributes, edge, indented, node, quoted
from diagrams.dot_text import level as beside_each_other
from diagrams.lines import Cell, Line, head, lines, row_columns, table_columns, table_title, title_block

# In a label `\l` ends a line that stands left, `\n` one that is centred.
LEFT, CENTRED = "\\l", "\\n"
_PLAIN = str.maketrans({"&": "&amp;", "\\": "\\\\"})
_RECORD = _PLAIN | str.maketrans({sign: f"\\{sign}" for sign in "{}|<>"})


def dot_of(chart: Chart) -> str:
    """The DOT text of a chart. Boxes stand in written order, lines in the written order of their guards."""
    return "\n".join(("digraph pathway {", *indented(_statements(chart)), "}", ""))


def escaped(line: Line, record: bool = False) -> str:
    """The line for a label, where nothing in it is read as markup, an entity, an escape or a field."""
    return line.text.translate(_RECORD if record else _PLAIN)


def _statements(chart: Chart) -> Iterator[str]:
    for name, look in (("graph", looks.GRAPH), ("node", looks.NODE), ("edge", looks.EDGE)):
        yield f"{name} [{attributes(look)}]"
    yield f"label={quoted(_left(title_block(chart)))}"
    for lane in chart.lanes:
        yield from _frame(lane.id, lane.title, looks.LANE, _lane(lane))
    if chart.legend:
        yield from _frame("legend", "Legend", looks.LEGEND, _legend(chart.legend))
    yield from map(_table, chart.tables)
    yield from _arrangement(chart)


def _lane(lane: Lane) -> Iterator[str]:
    for group in lane.groups:
        yield from _group(group)
    yield from map(_edge, lane.edges)


def _group(group: Group) -> Iterator[str]:
    boxes = map(_box, group.boxes)
    return boxes if group.title is None else _frame(group.id, group.title, looks.PHASE, boxes)


def _box(box: Box) -> str:
    label = _centred(head(box), record=bool(box.rows))
    if box.rows:
        label = f"{{{label}|{_columns(row_columns(box))}}}"
    look = {**looks.BOXES[box.kind], **looks.shape(box.kind, bool(box.rows))}
    return node(box.id, label, {**look, "id": box.id, "class": f"box {box.kind.name.lower()}"})


def _edge(way: Edge) -> str:
    look = {**looks.LINES[way.kind], "id": way.id, "class": f"way {way.kind.name.lower()}"}
    if not way.automatic:
        look["arrowhead"] = "empty"
    # A space on either side keeps the words clear of the line that they stand beside.
    words = [f" {escaped(line)} " for line in lines(way.label, looks.LINE_WIDTH)]
    return edge(way.source, way.target, CENTRED.join(words), look)


def _table(table: Table) -> str:
    label = f"{{{_left(table_title(table), record=True)}|{_columns(table_columns(table))}}}"
    return node(table.id, label, {**looks.TABLE, "id": table.id})


def _columns(columns: Sequence[Sequence[Cell]]) -> str:
    """Columns of cells as a record; cells of one row get equally many lines, so that the rows line up."""
    heights = [max(map(len, row)) for row in zip(*columns, strict=True)]
    written = ["|".join(map(_cell, column, heights)) for column in columns]
    return "{" + "|".join(f"{{{column}}}" for column in written) + "}" if len(written) > 1 else written[0]


def _cell(cell: Cell, height: int) -> str:
    return _left(cell, record=True) + LEFT * (height - len(cell))


def _legend(legend: Iterable[LegendEntry]) -> Iterator[str]:
    """One box of each shape in use with its meaning inside, then the sentences."""
    sentences: list[Line] = []
    for entry in legend:
        if entry.kind is None:
            sentences += lines(entry.text, looks.HEAD_WIDTH)
            continue
        name, look = legend_box(entry.kind), {**looks.BOXES[entry.kind], **looks.shape(entry.kind)}
        yield node(name, _centred(lines(entry.text, looks.LEGEND_WIDTH)), {**look, "id": name})
    yield node(LEGEND_TEXT, _left(sentences), {"id": LEGEND_TEXT, "shape": "plaintext"})


def _arrangement(chart: Chart) -> Iterator[str]:
    """Hidden lines and ranks. (Graphviz's own `pack` would do it, but drops clusters and edge labels.)"""
    yield from (edge(above, below, "", looks.HIDDEN) for above, below in downward(chart))
    for row in level(chart):
        yield from beside_each_other(row)
    yield from (edge(left, right, "", looks.ALIGNED) for left, right in pairwise(legend_row(chart)))


def _frame(id: str, title: str, look: dict[str, str], inside: Iterable[str]) -> Iterator[str]:
    """A frame around boxes, with its title."""
    label = _left(lines(title, looks.HEAD_WIDTH))
    return area(id, {**look, "id": id, "label": label}, inside)


def _left(cell: Iterable[Line], record: bool = False) -> str:
    return "".join([escaped(line, record) + LEFT for line in cell])


def _centred(cell: Iterable[Line], record: bool = False) -> str:
    return CENTRED.join([escaped(line, record) for line in cell])
