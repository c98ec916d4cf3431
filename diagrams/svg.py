"""The SVG of a chart: readable aloud, stamped, without anything active, and checked to show all it must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as Tree

from diagrams import looks
from diagrams.chart import Box, Chart, Edge, Group, Promise
from diagrams.layout import RenderError
from diagrams.lines import Line, Part, head, in_order, row_columns, table_columns, table_title, title_block
from diagrams.svg_text import SVG, svg_text

_DRAWN = {f"{{{SVG}}}{tag}" for tag in ("g", "path", "polygon", "polyline", "ellipse", "text")}
_GROUP, _TEXT = f"{{{SVG}}}g", f"{{{SVG}}}text"
_HALO = {"paint-order": "stroke", "stroke": "#FFFFFF", "stroke-width": "3", "stroke-linejoin": "round"}
_PARTS = {
    Part.TITLE: {"font-weight": "700", "font-size": "18"},
    Part.STAMP: {"font-weight": "700", "fill": looks.STAMP_COLOUR},
    Part.HEADING: {"font-weight": "700"},
    Part.PLAIN: dict[str, str](),
    Part.SAFEGUARD: {"font-weight": "700", "fill": looks.SAFEGUARD_COLOUR},
    Part.SOURCES: {"font-size": "10", "fill": looks.QUIET_COLOUR},
}
_RAISED = "-title"
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
    _style(groups, chart)
    _describe(groups, chart)
    _raise_titles(groups, chart)
    _name(root, chart)
    return svg_text(root)


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
    shown, promised = _shown(root), dict[str, list[Promise]]()
    for promise in chart.promises():
        promised.setdefault(promise.element, []).append(promise)
    for element, promises in promised.items():
        words = shown.get(element, "")
        if not _holds_all(words, promises):
            yield from _not_held(words, promises)


def _holds_all(words: str, promises: list[Promise]) -> bool:
    """Whether an element shows all that is promised of it, as almost every one does."""
    promised = " ".join([promise.text for promise in promises])
    if words == promised:
        return True
    left, needed = Counter(words.split()), Counter(promised.split())
    if any([left[word] < count for word, count in needed.items()]):
        return False
    at = 0
    for promise in promises:  # most stand in order: each is looked for from the one before it, then anywhere
        ahead = words.find(promise.text, at)
        at = ahead if ahead >= 0 else words.find(promise.text)
        if at < 0:
            return False
    return True


def _not_held(words: str, promises: list[Promise]) -> Iterator[Promise]:
    """Those promises for which an element has not the words, each word of it used once only."""
    left = Counter(words.split())
    for promise in promises:
        needed = Counter(promise.text.split())
        short = any(left[word] < count for word, count in needed.items())
        if short or promise.text not in words:
            yield promise
        left.subtract(needed)


def _shown(root: Tree.Element) -> dict[str, str]:
    """The words of every element with an id, without those of the elements inside it that have their own."""
    lines: dict[str, list[str]] = {}
    for group in root.iter(_GROUP):
        texts = ["".join(text.itertext()) for text in group.findall(_TEXT)]
        lines.setdefault(group.get("id", "").removesuffix(_RAISED), []).extend(texts)
    return {element: " ".join(" ".join(texts).split()) for element, texts in lines.items()}


def _keep_what_is_drawn(element: Tree.Element) -> None:
    """Leave shapes and texts only: no links, images, scripts, styles, nor the layout's internal names."""
    for child in list(element):
        if child.tag in _DRAWN:
            _keep_what_is_drawn(child)
        else:
            element.remove(child)


def _style(groups: dict[str, Tree.Element], chart: Chart) -> None:
    """Typography that needs no room of its own: bold headings and doses, red stamps and safeguards."""
    for group in groups.values():
        for text in group.findall(_TEXT):
            text.set("font-family", looks.SCREEN_FONTS)
    _set(groups["chart"], title_block(chart))
    for lane in chart.lanes:
        for box in lane.boxes:
            _set(groups[box.id], in_order(head(box), row_columns(box) if box.rows else ()))
        for edge in lane.edges:
            for text in groups[edge.id].findall(_TEXT):
                text.attrib.update(_HALO)
    for table in chart.tables:
        _set(groups[table.id], in_order(table_title(table), table_columns(table)))


def _set(group: Tree.Element, written: Iterable[Line]) -> None:
    """Give each text the look of its part; they stand in the order in which they were written."""
    for text, line in zip(group.findall(_TEXT), written, strict=True):
        text.attrib.update(_PARTS[line.part])


def _describe(groups: dict[str, Tree.Element], chart: Chart) -> None:
    """Words for those who do not see the picture, and for a pointer that rests on an element."""
    for lane in chart.lanes:
        titles = {box.id: box.heading for box in lane.boxes}
        for box in lane.boxes:
            _describe_box(groups[box.id], box, [edge for edge in lane.edges if edge.source == box.id], titles)
        for edge in lane.edges:
            sources = f" [{edge.sources}]" if edge.sources else ""
            guard = f": {edge.guard}" if edge.guard else ""
            _title(groups[edge.id], f"{titles[edge.source]} to {titles[edge.target]}{guard}{sources}")
            groups[edge.id].set("aria-hidden", "true")  # said by the box that it leaves


def _describe_box(group: Tree.Element, box: Box, ways: list[Edge], titles: dict[str, str]) -> None:
    leads = [f"{edge.guard} to {titles[edge.target]}" for edge in ways if edge.guard]
    words = " ".join(line.text for line in in_order(head(box), row_columns(box) if box.rows else ()))
    group.attrib.update({"role": "graphics-symbol", "aria-roledescription": box.kind.value})
    group.set("aria-label", f"{words}. Leads: {'; '.join(leads)}" if leads else words)
    _title(group, f"{box.heading} ({box.kind.value})")


def _raise_titles(groups: dict[str, Tree.Element], chart: Chart) -> None:
    """Write track and phase titles again above the lines, where no line can cross them out."""
    above = Tree.SubElement(groups["chart"], _GROUP, {"class": "titles"})
    for area in (area for lane in chart.lanes for area in (lane, *lane.groups) if area.id in groups):
        if isinstance(area, Group) and area.title is None:
            continue
        groups[area.id].attrib.update({"role": "group", "aria-label": area.title or ""})
        titles = Tree.SubElement(above, _GROUP, {"id": f"{area.id}{_RAISED}", "aria-hidden": "true"})
        for text in groups[area.id].findall(_TEXT):
            groups[area.id].remove(text)
            text.attrib.update(_HALO, **{"font-weight": "700"})
            titles.append(text)


def _name(root: Tree.Element, chart: Chart) -> None:
    """Title, description and role of the whole picture."""
    words = [chart.title, chart.subtitle, *([chart.stamp] if chart.stamp else [])]
    description = Tree.Element(f"{{{SVG}}}desc", {"id": "chart-description"})
    description.text = ". ".join([*words[1:], *chart.remarks])
    root.insert(0, description)
    _title(root, ", ".join(words[:1] + words[2:])).set("id", "chart-title")
    root.attrib.update({"role": "graphics-document document", "aria-labelledby": "chart-title"})
    root.set("aria-describedby", "chart-description")


def _title(element: Tree.Element, text: str) -> Tree.Element:
    title = Tree.Element(f"{{{SVG}}}title")
    title.text = text
    element.insert(0, title)
    return title
