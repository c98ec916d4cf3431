"""The page of a replay, with the flow of its cases drawn on the chart of each pathway."""

from __future__ import annotations

from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from diagrams.overlays.flow import flow_of
from diagrams.overlays.overlaid import overlaid
from pathway.replay.report.counting import counted
from pathway.replay.report.gathering import OfPathway, Report
from pathway.replay.report.html import page_of


def report_page(report: Report, engine: Engine = "auto") -> str:
    """The page. Raises RenderError."""
    flows = {key: _flow(of, engine) for key, of in report.pathways.items() if of.courses}
    return page_of(report, flows)


def _flow(of: OfPathway, engine: Engine) -> str:
    """The chart with how many cases went where, as an SVG."""
    chart = chart_of(of.definition)
    flow = flow_of(of.definition, of.courses or (), counted(of.told, "log"))
    return overlaid(picture(chart, dot_of(chart), engine), flow)
