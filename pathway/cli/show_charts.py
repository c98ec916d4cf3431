"""The flowcharts of `pathway show`: one for each track, an overview of all, and the notes they refer to."""

from __future__ import annotations

from dataclasses import replace

from diagrams.chart import Box, Chart, Lane, LegendEntry
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from pathway.document.content import Paper, Picture
from pathway.document.document import Charts, Notes
from pathway.language.definition import Definition

ELSEWHERE = (LegendEntry(None, "as in all flowcharts of this document"),)
NOTES = ("conditions", "questions", "remarks")


def charts_of(definition: Definition, engine: Engine = "auto") -> Charts:
    """Draw the charts; all share the numbers of one chart of the whole. Raises RenderError."""
    chart = chart_of(definition)
    tracks = zip(definition.tracks, chart.lanes, strict=True)
    return Charts(
        overview=(
            Picture("Legend of the flowcharts", _drawn(_legend(chart), engine), Paper.IN_LINE),
            Picture("Overview: the states of all tracks", _drawn(_bare(chart), engine), Paper.LEFT_OUT),
        ),
        of_tracks={name: (_of_track(chart, lane, engine),) for name, lane in tracks},
        notes=tuple(_notes(chart)),
    )


def _of_track(chart: Chart, lane: Lane, engine: Engine) -> Picture:
    """The chart of one track; what it refers to, and the legend, stand elsewhere in the document."""
    own = replace(chart, title=lane.title, lanes=(lane,), tables=(), remarks=(), legend=ELSEWHERE)
    return Picture(f"Flowchart of the track {lane.title}", _drawn(own, engine))


def _drawn(chart: Chart, engine: Engine) -> str:
    return picture(chart, dot_of(chart), engine)


def _legend(chart: Chart) -> Chart:
    """The legend alone."""
    return replace(chart, title="Legend", lanes=(), tables=(), remarks=())


def _bare(chart: Chart) -> Chart:
    """The chart with the titles of its states only."""
    return replace(
        chart, lanes=tuple(_bare_lane(lane) for lane in chart.lanes), tables=(), remarks=(), legend=ELSEWHERE
    )


def _bare_lane(lane: Lane) -> Lane:
    groups = tuple(replace(group, boxes=tuple(map(_bare_box, group.boxes))) for group in lane.groups)
    return replace(lane, groups=groups, edges=tuple(replace(edge, label="") for edge in lane.edges))


def _bare_box(box: Box) -> Box:
    return replace(box, lines=(), rows=(), sources="")


def _notes(chart: Chart) -> list[Notes]:
    """The numbered texts that boxes and lines refer to, the pages of one table put together again."""
    found: dict[str, Notes] = {}
    for table in chart.tables:
        kind = next((name for name in NOTES if table.id.startswith(name)), None)
        if kind is not None:
            texts = {**(found[kind].texts if kind in found else {}), **{row[0]: row[1] for row in table.rows}}
            found[kind] = Notes(found[kind].title if kind in found else table.title, texts)
    return list(found.values())
