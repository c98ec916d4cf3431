"""A Mermaid text read back: boxes, lines and frames with their labels decoded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from diagrams.census.counting import Reading
from diagrams.census.drawn import Drawn, DrawnBox, DrawnTable, DrawnWay, reading_of

_NODE = re.compile(r'^([a-z][\w-]*)(?:\(\[|\(|\{\{|\[\[|\[)"([^"]*)"', re.MULTILINE)
_FRAME = re.compile(r'^subgraph ([a-z][\w-]*)\["([^"]*)"\]$', re.MULTILINE)
_WAY = re.compile(r'^([a-z][\w-]*) (?:-->|==>|-\.->|---)(?:\|"([^"]*)"\|)? ([a-z][\w-]*)$', re.MULTILINE)
_BOX = re.compile(r"(?:start|state|calls|shown|link)-")
_ROW = re.compile(r"([a-z]+(?:-\d+)?)-row-\d+")


def read_mermaid(text: str) -> Reading:
    """What the Mermaid text of the whole chart says; it does not part the actions of a box."""
    nodes = [(found[1], _decoded(found[2])) for found in _NODE.finditer(text)]
    drawn = Drawn(
        tuple(_box(id, label) for id, label in nodes if _BOX.match(id)),
        tuple(_ways(text)),
        tuple(_tables(nodes)),
        tuple((found[1], _decoded(found[2])) for found in _FRAME.finditer(text)),
    )
    return reading_of(drawn, merged=True)


def _decoded(label: str) -> str:
    plain = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)
    return plain.replace("\\ufb02°", "ﬂ°").replace("\\xb6ß", "¶ß")


def _box(id: str, label: str) -> DrawnBox:
    """The heading stays apart, since links name it; the lines of a label are joined by blanks."""
    return DrawnBox(id, " ".join(label.split()))


def _ways(text: str) -> Iterator[DrawnWay]:
    """Lines have no ids: those out of a state stand in the written order of its ways."""
    out: Counter[str] = Counter()
    for found in _WAY.finditer(text):
        source, label, target = found[1], _decoded(found[2] or ""), found[3]
        if source.startswith("start-"):
            yield DrawnWay(f"entry-{source.removeprefix('start-')}", source, target, label)
        elif target.startswith(("calls-", "shown-")):
            yield DrawnWay(f"to-{target}", source, target, label)
        else:
            id = f"way-{source.removeprefix('state-')}-{out[source]}"
            out[source] += 1
            yield DrawnWay(id, source, target, " ".join(label.split()))


def _tables(nodes: list[tuple[str, str]]) -> Iterator[DrawnTable]:
    """Every row as a table of its own; a line is a cell after the name of its column."""
    for id, label in nodes:
        if row := _ROW.fullmatch(id):
            cells = (line.partition(": ") for line in label.split("\n"))
            yield DrawnTable(row[1], ({title: cell for title, _, cell in cells},))
