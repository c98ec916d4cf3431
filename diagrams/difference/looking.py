"""How marks look in the finished picture: thick lines, dashes, struck words; nothing moves."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as Tree

from diagrams.chart import Box, Edge
from diagrams.difference.chart import DifferenceChart
from diagrams.difference.marks import Mark, Told
from diagrams.lines import head, row_columns
from diagrams.svg_text import SVG

ADDED, CHANGED, REMOVED, FADED = "#00694F", "#8A4B00", "#4B5563", "#F3F4F6"
LINES = {
    Mark.ADDED: {"stroke": ADDED, "stroke-width": "3.4"},
    Mark.CHANGED: {"stroke": CHANGED, "stroke-width": "3.4"},
    Mark.REMOVED: {"stroke": REMOVED, "stroke-width": "1.6", "stroke-dasharray": "6,4"},
}
INK = {Mark.ADDED: ADDED, Mark.CHANGED: CHANGED, Mark.REMOVED: REMOVED}
STRUCK = {"text-decoration": "line-through", "fill": REMOVED}
SHAPES = [f"{{{SVG}}}{tag}" for tag in ("path", "polygon", "ellipse")]
GROUP, TEXT, TITLE = (f"{{{SVG}}}{tag}" for tag in ("g", "text", "title"))


def marked(svg: str, drawn: DifferenceChart) -> str:
    """The picture with the look of its marks; tooltips and labels for the ear tell the differences."""
    Tree.register_namespace("", SVG)
    root = Tree.fromstring(svg)
    groups = {group.get("id", ""): group for group in root.iter(GROUP)}
    for lane in drawn.chart.lanes:
        for box in lane.boxes:
            _box(groups[box.id], box, drawn)
        for edge in lane.edges:
            _edge(groups[edge.id], edge, drawn.told.get(edge.id, Told()))
    return Tree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _box(group: Tree.Element, box: Box, drawn: DifferenceChart) -> None:
    noted, rows = drawn.told.get(box.id, Told()), drawn.rows.get(box.id, ())
    _outline(group, noted.mark)
    if noted.mark is Mark.REMOVED:
        _strike(group.findall(TEXT))
        _fade(group)
    else:
        _strike(text for text, row in zip(group.findall(TEXT), _rows_of(box, rows), strict=True) if row)
    _tell(group, [noted, *rows])


def _outline(group: Tree.Element, mark: Mark) -> None:
    for shape in group:
        if shape.tag in SHAPES:
            shape.attrib.update(LINES.get(mark, {}))


def _fade(group: Tree.Element) -> None:
    for shape in group:
        if shape.tag in SHAPES and shape.get("fill") != "none":
            shape.set("fill", FADED)


def _strike(texts: Iterable[Tree.Element]) -> None:
    for text in texts:
        text.attrib.update(STRUCK)
        text.attrib.pop("stroke", None)  # a white rim would cut through the stroke across the words


def _rows_of(box: Box, rows: tuple[Told, ...]) -> list[bool]:
    """Of each line of a box, as a layout writes them, whether it belongs to a removed action."""
    found = [False] * len(head(box))
    for column in row_columns(box) if box.rows else ():
        for cell, noted in zip(column, rows, strict=True):
            found += [noted.mark is Mark.REMOVED] * len(cell)
    return found


def _edge(group: Tree.Element, edge: Edge, noted: Told) -> None:
    if noted.mark is Mark.SAME:
        return
    for shape in group:
        if shape.tag in SHAPES:
            is_head = shape.tag.endswith("polygon")
            shape.attrib.update(LINES[noted.mark])
            if is_head:
                shape.attrib.update({"stroke-width": "1", "stroke-dasharray": "none"})
            if is_head and shape.get("fill") != "none":
                shape.set("fill", INK[noted.mark])
    for text in group.findall(TEXT):
        text.set("fill", INK[noted.mark])
    if noted.mark is Mark.REMOVED:
        _strike(group.findall(TEXT))
    _tell(group, [noted])


def _tell(group: Tree.Element, every: list[Told]) -> None:
    """The marks and differences in the tooltip and, where the element has one, in its label for the ear."""
    first, *others = every
    words = [f"{first.mark.word}: {first.words}" if first.about else first.mark.word]
    if first.mark is Mark.SAME:
        return
    words += [f"{one.mark.word}: {one.words}" for one in others if one.about]
    title = group.find(TITLE)
    told = "; ".join(words)
    if title is not None:
        title.text = f"{title.text}. {told}"
    label = group.get("aria-label")
    if label is not None:
        group.set("aria-label", f"{told}. {label}")
