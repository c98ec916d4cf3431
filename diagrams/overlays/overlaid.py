"""A finished chart with one overlay on it: the same boxes at the same places, and a caption above."""

from __future__ import annotations

from typing import TypeAlias

from diagrams.overlays.coverage import Coverage, draw_coverage
from diagrams.overlays.findings import Findings, draw_findings
from diagrams.overlays.flow import Flow, draw_flow
from diagrams.overlays.path_taken import PathTaken, draw_path
from diagrams.overlays.standing import Standings, draw_standings
from pathway.language.collecting import garbage_put_off

Overlay: TypeAlias = PathTaken | Standings | Coverage | Flow | Findings


def overlaid(svg: str, overlay: Overlay) -> str:
    """The picture of a chart, as `diagrams.svg.finished` gives it, with an overlay. Raises RenderError."""
    with garbage_put_off():
        return _drawn(svg, overlay)


def _drawn(svg: str, overlay: Overlay) -> str:
    match overlay:
        case PathTaken():
            return draw_path(svg, overlay)
        case Standings():
            return draw_standings(svg, overlay)
        case Coverage():
            return draw_coverage(svg, overlay)
        case Flow():
            return draw_flow(svg, overlay)
        case Findings():
            return draw_findings(svg, overlay)
