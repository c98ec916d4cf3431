"""The SVG of a chart: readable aloud, stamped, without anything active, and checked to show all it must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from diagrams import looks
from diagrams.chart import Box, Chart, Edge, Lane, Promise, Table
from diagrams.dot import heading_lines
from diagrams.layout import RenderError
from diagrams.text import wrapped

SVG = "http://www.w3.org/2000/svg"
_DRAWN = {f"{{{SVG}}}{tag}" for tag in ("g", "path", "polygon", "polyline", "ellipse", "text")}
_GROUP, _TEXT = f"{{{SVG}}}g", f"{{{SVG}}}text"
_HALO = {"paint-order": "stroke", "stroke": "#FFFFFF", "stroke-width": "3", "stroke-linejoin": "round"}
_HINT = "Nothing was written; try the other --engine, and please report it: a chart must show all it says"


def finished(svg: str, chart: Chart) -> str:
    """The picture as it is handed out, from the SVG of the layout.

    Raises RenderError, naming what is missing, if any text of the chart does not stand in its place.
    """
    Tree.register_namespace("", SVG)
    root = _parsed(svg)
    _keep_what_is_drawn(root)
    groups = {group.get("id", ""): group for group in root.iter(_GROUP)}
    _check(root, chart)
    _embolden(groups, chart)
    _describe(groups, chart)
    _raise_titles(root, groups, chart)
    _name(root, chart)
    Tree.indent(root, "")
    return Tree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def missing(svg: str, chart: Chart) -> tuple[Promise, ...]:
    """What the chart says and the picture does not show in the element that should show it."""
    return tuple(_missing(_parsed(svg), chart))


def _parsed(svg: str) -> Tree.Element:
    try:
        return Tree.fromstring(svg)
    except Tree.ParseError as error:
        raise RenderError(f"The layout is not an SVG: {error}", _HINT) from None


def _check(root: Tree.Element, chart: Chart) -> None:
    lacking = list(_missing(root, chart))
    if lacking:
        named = "; ".join(f'"{promise.text}" ({promise.what})' for promise in lacking[:5])
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        raise RenderError(f"The picture would not show {named}{more}", _HINT)


def _missing(root: Tree.Element, chart: Chart) -> Iterator[Promise]:
    """Each text must stand whole in its element, and each of its words as often as it is promised there."""
    shown = _shown(root)
    words = {element: Counter(text.split()) for element, text in shown.items()}
    for promise in chart.promises():
        left = words.get(promise.element, Counter())
        needed = Counter(promise.text.split())
        if promise.text not in shown.get(promise.element, "") or not needed <= left:
            yield promise
        left.subtract(needed)


def _shown(root: Tree.Element) -> dict[str, str]:
    """The words of every element with an id, without those of the elements inside it that have their own."""
    lines: dict[str, list[str]] = {}
    for group in root.iter(_GROUP):
        texts = ["".join(text.itertext()) for text in group.findall(_TEXT)]
        lines.setdefault(group.get("id", ""), []).extend(texts)
    return {element: " ".join(" ".join(texts).split()) for element, texts in lines.items()}


def _keep_what_is_drawn(element: Tree.Element) -> None:
    """Leave shapes and texts only: no links, images, scripts, styles, nor the layout's internal names."""
    for child in list(element):
        if child.tag in _DRAWN:
            _keep_what_is_drawn(child)
        else:
            element.remove(child)


def _embolden(groups: dict[str, Tree.Element], chart: Chart) -> None:
    """Typography that needs no room of its own: bold headings and doses, red stamps and safeguards."""
    for text in (text for group in groups.values() for text in group.findall(_TEXT)):
        text.set("font-family", looks.SCREEN_FONTS)
    _head(groups["chart"].findall(_TEXT), chart)
    for lane in chart.lanes:
        for box in lane.boxes:
            _box_text(groups[box.id].findall(_TEXT), box)
        for edge in lane.edges:
            _restyle(groups[edge.id].findall(_TEXT), **_HALO)
    for table in chart.tables:
        _table_text(groups[table.id].findall(_TEXT), table)


def _head(texts: list[Tree.Element], chart: Chart) -> None:
    title = wrapped(chart.title, looks.HEAD_WIDTH)
    _restyle(texts[: len(title)], **{"font-weight": "700", "font-size": "18"})
    stamp = wrapped(chart.stamp or "", looks.HEAD_WIDTH)
    stamped = [text for text in texts[len(title) :] if text.text in stamp]
    _restyle(stamped, **{"font-weight": "700", "fill": looks.STAMP_COLOUR})


def _box_text(texts: list[Tree.Element], box: Box) -> None:
    _restyle(texts[: len(heading_lines(box))], **{"font-weight": "700"})
    strong = {line for row in box.rows for line in wrapped(row.title, looks.ROW_WIDTH)}
    alarming: set[str] = set()
    quiet = {line for text in (box.sources, *(row.sources for row in box.rows)) for line in _lines(text)}
    for line in (line for row in box.rows for line in row.lines):
        if line.startswith("DOSE "):
            strong |= set(_lines(line))
        elif line.startswith("! "):
            alarming |= set(_lines(line))
    for text in texts[len(heading_lines(box)) :]:
        if text.text in alarming:
            _restyle([text], fill=looks.SAFEGUARD_COLOUR, **{"font-weight": "700"})
        elif text.text in strong:
            _restyle([text], **{"font-weight": "700"})
        elif text.text in quiet:
            _restyle([text], fill=looks.QUIET_COLOUR, **{"font-size": "10"})
