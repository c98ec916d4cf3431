"""Drawing a pathway into files: the DOT always, and the picture that the file's name asks for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from diagrams.chart import Chart
from diagrams.dot import dot_of
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError, renderer
from diagrams.looks import SCREEN_FONTS
from diagrams.svg import finished
from diagrams.svg_text import SVG
from pathway.language.definition import Definition

if TYPE_CHECKING:
    from diagrams.overlays.overlaid import Overlay

_ELSEWHERE = "Choose a folder that exists and that you may write to"
_FONTS = "Install Liberation Sans or Arial (apt install fonts-liberation), or ask for .svg"
_NOTHING = f'<svg xmlns="{SVG}" width="20" height="20"/>'
_LETTER = (
    f'<svg xmlns="{SVG}" width="20" height="20"><text y="15" font-family="{SCREEN_FONTS}">M</text></svg>'
)
PICTURES = (".svg", ".png", ".dot")
SUFFIXES = (*PICTURES, ".html")


def draw(
    definition: Definition, output: Path, engine: Engine = "auto", overlay: Overlay | None = None
) -> list[Path]:
    """Draw the flowchart of a pathway; returns the files written, the one asked for first.

    `output` ends in one of SUFFIXES; the DOT is always written beside it. Raises RenderError, and then
    leaves an older picture as it was, when the layout fails or would not show all of the chart.
    """
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise RenderError(f"Cannot draw {output.name!r}", f"End the file's name with {', '.join(SUFFIXES)}")
    chart = chart_of(definition)
    dot = dot_of(chart)
    beside = saved(output.with_suffix(".dot"), dot.encode())
    if suffix == ".dot":
        return [beside]
    svg = picture(chart, dot, engine)
    if overlay is not None:
        from diagrams.overlays.overlaid import overlaid

        svg = overlaid(svg, overlay)
    return [saved(output, _content(definition, svg, suffix)), beside]


def _content(definition: Definition, svg: str, suffix: str) -> bytes:
    if suffix == ".html":
        from diagrams.web.page import page
        from diagrams.written.outline import outline_text

        return page(definition, svg, outline_text(definition)).encode()
    return svg.encode() if suffix == ".svg" else pixels(svg)


def picture(chart: Chart, dot: str, engine: Engine = "auto") -> str:
    """The finished SVG text of a chart. Raises RenderError."""
    return finished(renderer(engine).layout(dot), chart)


def pixels(svg: str) -> bytes:
    """The picture as PNG. Raises RenderError where the optional package for it is missing."""
    try:
        import resvg_py
    except ImportError:
        raise RenderError("PNG needs the package resvg-py", "pip install resvg-py, or ask for .svg") from None
    if bytes(resvg_py.svg_to_bytes(svg_string=_LETTER)) == bytes(resvg_py.svg_to_bytes(svg_string=_NOTHING)):
        raise RenderError("This machine has no font for a PNG, so it would show boxes without words", _FONTS)
    # Graphviz measures in points; without the resolution the size would count as invalid.
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, dpi=96))


def saved(file: Path, content: bytes) -> Path:
    """The file with its new content, replaced in one step: nobody ever opens half a chart."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise RenderError(f"Cannot write {file}: {error.strerror}", _ELSEWHERE) from None
    return file
