"""The flowcharts of a hand-over: the states of each track that moved, with the path taken marked in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree import ElementTree as Tree

from diagrams.chart import Box, BoxKind, EdgeKind, Lane, LegendEntry
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from diagrams.svg import SVG
from diagrams.text import inert
from pathway.handover import content
from pathway.handover.outline import HERE, OPEN
from pathway.language.definition import Definition

BESIDE = (BoxKind.CALLS, BoxKind.SHOWN)
SHAPES = {f"{{{SVG}}}{tag}" for tag in ("path", "polygon", "polyline", "ellipse")}
CAPTION = (
    "The states of the track. HERE NOW is where the case stands, passed what it has left; ways that were "
    "taken are thick and say when. Conditions and actions are left out; the document of the pathway has them."
)
LEGEND = (
    LegendEntry(None, "HERE NOW, thick frame: where the case stands; passed: a state that it has left"),
    LegendEntry(None, "thick line with a time: a way that was taken; all other lines were not"),
)


def charts_of(
    definition: Definition, handover: content.Handover, engine: Engine = "auto"
) -> Iterator[content.Chart]:
    """The states of each track that moved, with what the outline says of them. Raises RenderError."""
    chart = chart_of(definition)
    lanes = dict(zip(definition.tracks, chart.lanes, strict=True))
    for outline in handover.outlines:
        marked = _marked(lanes[outline.track], outline)
        own = replace(chart, title=marked.title, lanes=(marked,), tables=(), remarks=(), legend=LEGEND)
        svg = _thick(picture(own, dot_of(own), engine), outline)
        yield content.Chart(outline.track, CAPTION, svg)


def _marked(lane: Lane, outline: content.Outline) -> Lane:
    """The lane with titles only: what stands in the boxes is where the case has been, in words."""
    words = {_box_id(outline, step): step.words for step in outline.steps if step.standing != OPEN}
    groups = tuple(
        replace(group, boxes=tuple(_bare(box, words) for box in group.boxes if box.kind not in BESIDE))
        for group in lane.groups
    )
    taken = {_way_id(outline, way): way.words for way in outline.taken}
    ways = tuple(
        replace(edge, label=inert(taken.get(edge.id, "")))
        for edge in lane.edges
        if edge.kind not in (EdgeKind.CALLS, EdgeKind.SHOWS)
    )
    return replace(lane, groups=groups, edges=ways)


def _bare(box: Box, words: Mapping[str, str]) -> Box:
    return replace(box, lines=tuple(map(inert, filter(None, [words.get(box.id)]))), rows=(), sources="")


def _box_id(outline: content.Outline, step: content.Step) -> str:
    return f"state-{outline.track}-{step.state}"


def _way_id(outline: content.Outline, way: content.Taken) -> str:
    return f"way-{outline.track}-{way.source}-{way.index}"


def _thick(svg: str, outline: content.Outline) -> str:
    """The picture with a thick frame around the present state and thick lines where the case went."""
    Tree.register_namespace("", SVG)
    root = Tree.fromstring(svg)
    here = {_box_id(outline, step) for step in outline.steps if step.standing == HERE}
    marked = here | {_way_id(outline, way) for way in outline.taken}
    for group in root.iter(f"{{{SVG}}}g"):
        if group.get("id") in marked:
            for shape in group:
                if shape.tag in SHAPES:
                    shape.set("stroke-width", "4")
    return Tree.tostring(root, encoding="unicode")
