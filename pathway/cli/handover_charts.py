"""The flowcharts of a hand-over: the states of each track that moved, with the path taken marked in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from diagrams.chart import Box, BoxKind, EdgeKind, Lane, LegendEntry
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from diagrams.overlays.elements import box_id, dim, line_id, link_id, start_ids, thicken
from diagrams.overlays.marks import BLUE, HERE
from diagrams.overlays.path_taken import RING, THICKNESS
from diagrams.overlays.sheet import Sheet
from diagrams.text import inert
from pathway.handover import content
from pathway.handover import outline as standings
from pathway.language.definition import Definition

BESIDE = (BoxKind.CALLS, BoxKind.SHOWN)
CAPTION = (
    "The states of the track. HERE NOW is where the case stands, passed what it has left; ways that were "
    "taken are thick and say when. Conditions and actions are left out; the document of the pathway has them."
)
LEGEND = (
    LegendEntry(None, "HERE NOW, thick ring: where the case stands; passed: a state that it has left"),
    LegendEntry(None, "white with grey words: not reached"),
    LegendEntry(None, "thick blue line with a time: a way that was taken; all other lines were not"),
)


def charts_of(
    definition: Definition, handover: content.Handover, engine: Engine = "auto"
) -> Iterator[content.Chart]:
    """The states of each track that moved, with what the outline says of them. Raises RenderError."""
    chart = chart_of(definition)
    lanes = dict(zip(definition.tracks, chart.lanes, strict=True))
    for outline in handover.outlines:
        told = _told(lanes[outline.track], outline)
        own = replace(chart, title=told.title, lanes=(told,), tables=(), remarks=(), legend=LEGEND)
        svg = _marked(picture(own, dot_of(own), engine), outline)
        yield content.Chart(outline.track, CAPTION, svg)


def _told(lane: Lane, outline: content.Outline) -> Lane:
    """The lane with titles only: what stands in the boxes is where the case has been, in words."""
    words = {_box(outline, step): step.words for step in outline.steps if step.standing != standings.OPEN}
    groups = tuple(
        replace(group, boxes=tuple(_bare(box, words) for box in group.boxes if box.kind not in BESIDE))
        for group in lane.groups
    )
    taken = {line_id((outline.track, way.source, way.index)): way.words for way in outline.taken}
    ways = tuple(
        replace(edge, label=inert(taken.get(edge.id, "")))
        for edge in lane.edges
        if edge.kind not in (EdgeKind.CALLS, EdgeKind.SHOWS)
    )
    return replace(lane, groups=groups, edges=ways)


def _bare(box: Box, words: Mapping[str, str]) -> Box:
    return replace(box, lines=tuple(map(inert, filter(None, [words.get(box.id)]))), rows=(), sources="")


def _box(outline: content.Outline, step: content.Step) -> str:
    return box_id((outline.track, step.state))


def _marked(svg: str, outline: content.Outline) -> str:
    """The picture with a ring around the present state and thick lines where the case went, all else grey."""
    sheet = Sheet(svg)
    taken = [(outline.track, way.source, way.index) for way in outline.taken]
    lines = [line_id(way) for way in taken]
    seen = {_box(outline, step) for step in outline.steps if step.standing != standings.OPEN}
    seen.update(lines, map(link_id, taken), start_ids(outline.track))
    dim(sheet, [id for id in (*sheet.ways, *sheet.boxes) if id not in seen])
    for id in (*lines, start_ids(outline.track)[1]):
        thicken(sheet, id, BLUE, THICKNESS)
    for step in outline.steps:
        if step.standing == standings.HERE:
            sheet.around_box(_box(outline, step), RING)
            sheet.on_box(_box(outline, step), "HERE NOW", HERE, below=True)
    return sheet.marked()
