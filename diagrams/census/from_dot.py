"""A DOT text read back: nodes, edges and frames with their labels, records field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from diagrams.census.counting import Reading
from diagrams.census.drawn import Drawn, DrawnBox, DrawnTable, DrawnWay, reading_of

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|->|[\w.#-]+|[\[\]{}=;]')
Field = str | list["Field"]


def read_dot(dot: str) -> Reading:
    """What the DOT of the whole chart says."""
    return reading_of(drawn_in_dot(dot))


def drawn_in_dot(dot: str) -> Drawn:
    """The boxes, lines and tables of a DOT text."""
    graph = _Graph()
    graph.read([_plain(token) for token in _TOKEN.findall(dot)])
    nodes = [(id, attributes) for id, attributes in graph.nodes if "label" in attributes]
    return Drawn(
        tuple(_box(id, said) for id, said in nodes if said.get("class", "").startswith("box ")),
        tuple(
            DrawnWay(said["id"], source, target, _text(said.get("label", "")))
            for source, target, said in graph.edges
            if said.get("class", "").startswith("way ")
        ),
        tuple(_table(id, said) for id, said in nodes if said.get("class") == "table"),
        tuple((said["id"], _text(said["label"])) for said in graph.areas if "id" in said),
    )


def _plain(token: str) -> str:
    return re.sub(r'\\(["\\])', _unquoted, token[1:-1]) + "\0" if token[0] == '"' else token


def _unquoted(found: re.Match[str]) -> str:
    return '"' if found[1] == '"' else found[0]


@dataclass
class _Graph:
    """Statements one after the other; a quoted word ends with NUL, so that no label is taken for a sign."""

    nodes: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    edges: list[tuple[str, str, dict[str, str]]] = field(
        default_factory=list[tuple[str, str, dict[str, str]]]
    )
    areas: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def read(self, tokens: list[str]) -> None:
        place, open_areas = tokens.index("{") + 1, list[dict[str, str]]([{}])
        while place < len(tokens):
            match tokens[place : place + 3]:
                case ["}", *_]:
                    self.areas.append(open_areas.pop())
                    place += 1
                case ["subgraph" | "{", *_]:
                    open_areas.append({})
                    place = tokens.index("{", place) + 1
                case [name, "=", value]:
                    open_areas[-1][name] = value.rstrip("\0")
                    place += 3
                case [source, "->", target]:
                    said, place = _attributes(tokens, place + 3)
                    self.edges.append((source.rstrip("\0"), target.rstrip("\0"), said))
                case [name, *_]:
                    said, place = _attributes(tokens, place + 1)
                    self.nodes.append((name.rstrip("\0"), said))
                case _:
                    return


def _attributes(tokens: list[str], place: int) -> tuple[dict[str, str], int]:
    if tokens[place : place + 1] != ["["]:
        return {}, place
    end = tokens.index("]", place)
    inside = tokens[place + 1 : end]
    return {name: value.rstrip("\0") for name, value in zip(inside[::3], inside[2::3], strict=True)}, end + 1


# --- labels ---------------------------------------------------------------------------------------
def _text(label: str) -> str:
    """The words of a label or of one field of a record."""
    plain = re.sub(r"\\(.)", lambda found: " " if found[1] in "ln" else found[1], label)
    return " ".join(plain.replace("&amp;", "&").split())


def _fields(label: str) -> Field:
    """A record label as fields within fields."""
    stack: list[list[Field]] = [[]]
    for part in re.findall(r"(?:\\.|[^\\{}|])+|[{}|]", label):
        match part:
            case "{":
                stack.append([])
            case "}":
                inner = stack.pop()
                stack[-1].append(inner)
            case "|":
                stack[-1].append("|")
            case _:
                stack[-1].append(part)
    return _split(stack[0])


def _split(parts: list[Field]) -> list[Field]:
    """What stands between the bars; nothing between two of them is an empty field."""
    found: list[Field] = [""]
    for part in parts:
        if part == "|":
            found.append("")
        else:
            found[-1] = part if isinstance(part, str) else _split(part)
    return found


def _columns(label: str) -> tuple[str, list[list[str]]]:
    """The top of a record and its columns of fields."""
    (record,) = _fields(label)
    assert isinstance(record, list)
    top, *below = record
    columns = [below]
    if len(below) == 1 and isinstance(below[0], list):
        columns = [column if isinstance(column, list) else [column] for column in below[0]]
    return _leaf(top), [[_leaf(cell) for cell in column] for column in columns]


def _leaf(cell: Field) -> str:
    return _text(cell) if isinstance(cell, str) else " ".join(map(_leaf, cell))


def _box(id: str, said: dict[str, str]) -> DrawnBox:
    if "ecord" not in said["shape"]:
        return DrawnBox(id, _text(said["label"]))
    top, columns = _columns(said["label"])
    deadlines = columns[0] if len(columns) > 1 else [""] * len(columns[0])
    return DrawnBox(id, top, tuple(zip(deadlines, columns[-1], strict=True)))


def _table(id: str, said: dict[str, str]) -> DrawnTable:
    _, columns = _columns(said["label"])
    headings, *rows = list(zip(*columns, strict=True))
    return DrawnTable(id, tuple(dict(zip(headings, row, strict=True)) for row in rows))
