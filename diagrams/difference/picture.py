"""The picture of what differs between two versions, laid out once on the union of both."""

from __future__ import annotations

from pathlib import Path

from diagrams.difference.chart import DifferenceChart, difference_chart
from diagrams.difference.looking import marked
from diagrams.dot import dot_of
from diagrams.draw import PICTURES, pixels, saved
from diagrams.layout import Engine, RenderError, renderer
from diagrams.svg import finished
from pathway.language.definition import Definition


def difference_picture(old: Definition, new: Definition, engine: Engine = "auto") -> str:
    """The SVG text: both versions in one chart, with + added, ≠ changed, − removed and the words of each.

    Raises RenderError where the layout fails or would not show all of it.
    """
    drawn = difference_chart(old, new)
    return _picture(drawn, dot_of(drawn.chart), engine)


def draw_difference(old: Definition, new: Definition, output: Path, engine: Engine = "auto") -> list[Path]:
    """The same as a file; returns the files written, the one asked for first.

    `output` ends in .svg, .png or .dot; the DOT is always written beside it. Raises RenderError, and then
    leaves an older picture as it was.
    """
    suffix = output.suffix.lower()
    if suffix not in PICTURES:
        raise RenderError(f"Cannot draw {output.name!r}", f"End the file's name with {', '.join(PICTURES)}")
    drawn = difference_chart(old, new)
    dot = dot_of(drawn.chart)
    beside = saved(output.with_suffix(".dot"), dot.encode())
    if suffix == ".dot":
        return [beside]
    svg = _picture(drawn, dot, engine)
    return [saved(output, svg.encode() if suffix == ".svg" else pixels(svg)), beside]


def _picture(drawn: DifferenceChart, dot: str, engine: Engine) -> str:
    return marked(finished(renderer(engine).layout(dot), drawn.chart), drawn)
