"""The chart as a Mermaid flowchart, for pages and repositories that draw Mermaid themselves.

It shows what the chart shows, built from the same plain values; only the places of the boxes are Mermaid's.
Every label is quoted, and every character on which Mermaid, Markdown or HTML could act is an entity in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from diagrams.arrange import ends
from diagrams.chart import Box, BoxKind, Chart, Edge, EdgeKind, Group, Lane, Table
from diagrams.from_definition import chart_of
from diagrams.looks import BOXES
from diagrams.text import inert
from diagrams.written.title_block import title_block
from pathway.language.definition import Definition

LONGEST_DRAWN, MOST_LINES = 50_000, 500  # Mermaid's own limits, which a file cannot raise
_SHAPES = {
    BoxKind.START: ("([", "])"),
    BoxKind.ENQUIRY: ("(", ")"),
    BoxKind.DECISION: ("{{", "}}"),
    BoxKind.ACTION: ("[", "]"),
    BoxKind.END: ("([", "])"),
    BoxKind.CALLS: ("[", "]"),
    BoxKind.SHOWN: ("[[", "]]"),
    BoxKind.LINK: ("([", "])"),
}
# All but letters, figures, blanks and marks that mean nothing to any of the three.
_ACTED_ON = re.compile(r"[^A-Za-z0-9 ,()/+=?'.\-\u0080-\U0010ffff]")
_ITS_OWN = {
    "ﬂ°": r"\ufb02°",
    "¶ß": r"\xb6ß",
}  # what Mermaid makes of entities for a while, and takes for them
_OPENING = re.compile(r"[0-9]+[.)]|[-+=]")  # a list, a rule or a heading of Markdown
_PLAIN = "fill:#FFFFFF,stroke:#9AA4B2,color:#111827"
_KEYS = (
    "thick arrow: taken automatically, when its condition is TRUE and all others of the step are FALSE",
    "thin arrow: offered, and confirmed by the clinician",
    "dotted arrow: back to an earlier step, automatic where it says so",
    "line without an arrow: actions of a decision, or what is shown and is not an order",
    "a missing fact opens nothing: the case waits and asks for it",
)


def mermaid_of(definition: Definition) -> str:
    """The Mermaid text of a definition; where it is more than Mermaid draws, the first line says so."""
    chart = chart_of(definition)
    body = "".join(f"{line}\n" for line in _lines(chart, definition))
    links = sum(len(lane.edges) for lane in chart.lanes) + sum(len(table.rows) for table in chart.tables)
    too_long = len(body) > LONGEST_DRAWN or links > MOST_LINES
    return f"{_WARNING}{body}" if too_long else body


_WARNING = (
    f"%% Longer than Mermaid draws by itself ({LONGEST_DRAWN} characters, {MOST_LINES} lines): "
    "draw one track at a time, or raise maxTextSize and maxEdges where it is shown\n"
)


def escaped(text: str) -> str:
    """The text for a quoted label, shown as these very characters.

    >>> escaped('1. "end" <b>')
    '1#46; #34;end#34; #60;b#62;'
    """
    plain = shown(text)
    opening = _OPENING.match(plain)
    last = opening.end() - 1 if opening is not None else -1
    return "".join(
        f"#{ord(character)};" if place == last or _ACTED_ON.match(character) else character
        for place, character in enumerate(plain)
    )


def shown(text: str) -> str:
    """The text as it is to be read on the drawing: two pairs of signs that are Mermaid's own as escapes."""
    plain = inert(text)
    for pair, escape in _ITS_OWN.items():
        plain = plain.replace(pair, escape)
    return plain


def _label(lines: Iterable[str]) -> str:
    return '"' + "\n".join(escaped(line) for line in lines if line) + '"'


def _lines(chart: Chart, definition: Definition) -> Iterator[str]:
    yield "flowchart TB"
    yield f"title-block[{_label(title_block(definition).lines)}]"
    for lane in chart.lanes:
        yield from _lane(lane)
    yield f"legend[{_label(_KEYS)}]"
    for table in chart.tables:
        yield from _table(table)
    yield from _order(chart)
    yield from _looks(chart)


def _lane(lane: Lane) -> Iterator[str]:
    yield f"subgraph {lane.id}[{_label([lane.title])}]"
    for group in lane.groups:
        yield from _group(group)
    yield from (_edge(edge) for edge in lane.edges)
    yield "end"


def _group(group: Group) -> Iterator[str]:
    if group.title is not None:
        yield f"subgraph {group.id}[{_label([group.title])}]"
    yield from (_box(box) for box in group.boxes)
    if group.title is not None:
        yield "end"


def _box(box: Box) -> str:
    left, right = _SHAPES[box.kind]
    return f"{box.id}{left}{_label(box_lines(box))}{right}"


def box_lines(box: Box) -> Iterator[str]:
    """What stands in a box from top to bottom: its own words, then each action with deadline and dose."""
    yield from (box.heading, *box.lines, box.sources)
    for row in box.rows:
        yield from (row.title, row.deadline, *row.lines, row.sources)


def _edge(edge: Edge) -> str:
    label = edge.label
    match edge.kind:
        case EdgeKind.CALLS | EdgeKind.SHOWS:
            arrow = "---"
        case EdgeKind.LOOP | EdgeKind.LINK:
            arrow = "-.->"
            label = f"automatic: {label}" if edge.automatic else label
        case EdgeKind.ENTRY | EdgeKind.FORWARD:
            arrow = "==>" if edge.automatic else "-->"
    words = f"|{_label([label])}|" if label else ""
    return f"{edge.source} {arrow}{words} {edge.target}"


def _table(table: Table) -> Iterator[str]:
    """A table as a frame with a box a row, one below the other; a cell is a line under its column's name."""
    yield f"subgraph {table.id}[{_label([table.title])}]"
    for place, row in enumerate(table.rows):
        cells = zip(table.columns, row, strict=True)
        lines = [f"{column.title}: {cell}" for column, cell in cells if cell]
        yield f"{_row(table, place)}[{_label(lines)}]"
    for above, below in pairwise(range(len(table.rows))):
        yield f"{_row(table, above)} ~~~ {_row(table, below)}"
    yield "end"


def _row(table: Table, place: int) -> str:
    return f"{table.id}-row-{place}"


def _order(chart: Chart) -> Iterator[str]:
    """The title block above all tracks, the legend and then the tables below them."""
    for lane in chart.lanes:
        yield f"title-block ~~~ {lane.boxes[0].id}"
        yield from (f"{last} ~~~ legend" for last in ends(lane))
    yield from (f"legend ~~~ {_row(table, 0)}" for table in chart.tables)


def _looks(chart: Chart) -> Iterator[str]:
    """The colours of the chart; shapes and words say the same without them."""
    yield f"classDef box-text {_PLAIN}"
    yield "class title-block,legend box-text"
    for table in chart.tables:
        yield f"class {','.join(_row(table, place) for place in range(len(table.rows)))} box-text"
    boxes = [box for lane in chart.lanes for box in lane.boxes]
    for kind in dict.fromkeys(box.kind for box in boxes):
        look = BOXES[kind]
        dashes = ",stroke-dasharray:5 2" if "dashed" in look["style"] else ""
        colours = f"fill:{look['fillcolor']},stroke:{look['color']},color:{look['fontcolor']}{dashes}"
        yield f"classDef box-{kind.name.lower()} {colours}"
        yield f"class {','.join(box.id for box in boxes if box.kind is kind)} box-{kind.name.lower()}"
