"""A strict reader of the Mermaid that is written here: anything else than its few statements is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ID = r"[a-z][A-Za-z0-9_-]*"
LABEL = r'"((?:[A-Za-z0-9 ,()/+=?\'.\n-]|[^\x00-\x7f]|#[0-9]+;)*)"'
SHAPES = [(r"\(\[", r"\]\)"), (r"\(", r"\)"), (r"\{\{", r"\}\}"), (r"\[\[", r"\]\]"), (r"\[", r"\]")]
NODES = [re.compile(rf"({ID}){left}{LABEL}{right}\n") for left, right in SHAPES]
FRAME = re.compile(rf"subgraph ({ID})\[{LABEL}\]\n")
EDGE = re.compile(rf"({ID}) (-->|==>|-\.->|---|~~~)(?:\|{LABEL}\|)? ({ID})\n")
LOOK = re.compile(rf"(?:classDef {ID} [A-Za-z0-9:#, -]+|class {ID}(?:,{ID})* {ID})\n")
COMMENT = re.compile(r"%% [^\n{]*\n")
KEYWORDS = {"end", "graph", "subgraph", "click", "style", "class", "default", "call", "href", "direction"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two boxes with its words."""

    source: str
    arrow: str
    label: str
    target: str


@dataclass
class Drawing:
    """What a Mermaid text draws, its labels decoded."""

    nodes: dict[str, str] = field(default_factory=dict[str, str])
    frames: dict[str, str] = field(default_factory=dict[str, str])
    inside: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    lines: list[Line] = field(default_factory=list[Line])


def drawing(text: str) -> Drawing:
    """Read a whole text. Fails on anything unknown, on an id used twice, on a line to nowhere."""
    found, place, open_frames = Drawing(), 0, []
    comment = COMMENT.match(text)
    place = comment.end() if comment else 0
    assert text.startswith("flowchart TB\n", place)
    place += len("flowchart TB\n")
    while place < len(text):
        place = _statement(text, place, found, open_frames)
    assert open_frames == []
    boxes = set(found.nodes)
    assert [line for line in found.lines if not {line.source, line.target} <= boxes] == []
    return found


def _statement(text: str, place: int, found: Drawing, open_frames: list[str]) -> int:
    if text.startswith("end\n", place):
        open_frames.pop()
        return place + len("end\n")
    if frame := FRAME.match(text, place):
        _new(frame[1], found)
        found.frames[frame[1]] = decoded(frame[2])
        open_frames.append(frame[1])
        return frame.end()
    if edge := EDGE.match(text, place):
        found.lines.append(Line(edge[1], edge[2], decoded(edge[3] or ""), edge[4]))
        return edge.end()
    if look := LOOK.match(text, place):
        return look.end()
    node = next((node for shape in NODES if (node := shape.match(text, place))), None)
    assert node is not None, f"not a statement: {text[place : place + 80]!r}"
    _new(node[1], found)
    found.nodes[node[1]] = decoded(node[2])
    found.inside[node[1]] = tuple(open_frames)
    return node.end()


def _new(name: str, found: Drawing) -> None:
    assert name not in found.nodes
    assert name not in found.frames
    assert name not in KEYWORDS


def decoded(label: str) -> str:
    """The words that Mermaid shows. No line of them may open a list or a heading of Markdown."""
    assert not re.search(r"^(?:[-+=]|[0-9]+[.)])|ﬂ°|¶ß", label, re.MULTILINE)
    return re.sub(r"#([0-9]+);", lambda entity: chr(int(entity[1])), label)
