"""Drawing a pathway into files: the DOT always, and the picture that the file's name asks for."""

from __future__ import annotations

import os
from pathlib import Path

from diagrams.chart import Chart
from diagrams.dot import dot_of
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError, renderer
from diagrams.looks import SCREEN_FONTS
from diagrams.svg import SVG, finished
from pathway.language.definition import Definition

_ELSEWHERE = "Choose a folder that exists and that you may write to"
_FONTS = "Install Liberation Sans or Arial (apt install fonts-liberation), or ask for .svg"
_NOTHING = f'<svg xmlns="{SVG}" width="20" height="20"/>'
_LETTER = (
    f'<svg xmlns="{SVG}" width="20" height="20"><text y="15" font-family="{SCREEN_FONTS}">M</text></svg>'
)
SUFFIXES = (".svg", ".png", ".dot")


def draw(definition: Definition, output: Path, engine: Engine = "auto") -> list[Path]:
    """Draw the flowchart of a pathway; returns the files written, the one asked for first.

    `output` ends in .svg, .png or .dot; the DOT is always written beside it. Raises RenderError, and then
    leaves an older picture as it was, when the layout fails or would not show all of the chart.
    """
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise RenderError(f"Cannot draw {output.name!r}", f"End the file's name with {', '.join(SUFFIXES)}")
    chart = chart_of(definition)
    dot = dot_of(chart)
    beside = _saved(output.with_suffix(".dot"), dot.encode())
    if suffix == ".dot":
        return [beside]
    svg = picture(chart, dot, engine)
    content = svg.encode() if suffix == ".svg" else _pixels(svg)
    return [_saved(output, content), beside]


def picture(chart: Chart, dot: str, engine: Engine = "auto") -> str:
    """The finished SVG text of a chart. Raises RenderError."""
    return finished(renderer(engine).layout(dot), chart)


def _pixels(svg: str) -> bytes:
    """The picture as PNG. Raises RenderError where the optional package for it is missing."""
    try:
        import resvg_py
    except ImportError:
        raise RenderError("PNG needs the package resvg-py", "pip install resvg-py, or ask for .svg") from None
    if bytes(resvg_py.svg_to_bytes(svg_string=_LETTER)) == bytes(resvg_py.svg_to_bytes(svg_string=_NOTHING)):
        raise RenderError("This machine has no font for a PNG, so it would show boxes without words", _FONTS)
    # Graphviz measures in points; without the resolution the size would count as invalid.
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, dpi=96))


def _saved(file: Path, content: bytes) -> Path:
    """The file with its new content, replaced in one step: nobody ever opens half a chart."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise RenderError(f"Cannot write {file}: {error.strerror}", _ELSEWHERE) from None
    return file
