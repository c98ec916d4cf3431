"""The caption of an overlay: what is marked, of what, and what each mark means, in a band above the chart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as Tree
from xml.sax.saxutils import escape

from diagrams.layout import RenderError
from diagrams.overlays.geometry import Bounds, width_of
from diagrams.overlays.marks import DARK, HEIGHT, WHITE, Look, breadth, pill, written
from diagrams.text import inert, wrapped

_VIEW = re.compile(r'viewBox="([-0-9. ]+)"')
_NARROWEST = 520.0  # points; a caption needs so much
_MARGIN, _SIZE, _LINE, _TITLE_LINE, _GAP = 22.0, 12.0, 16.0, 20.0, 18.0
_ROW = HEIGHT + 7


@dataclass(frozen=True, slots=True)
class Sample:
    """A mark as it stands in the picture, with its meaning."""

    mark: str
    look: Look
    meaning: str


@dataclass(frozen=True, slots=True)
class Caption:
    """A title, sentences, and the marks with their meanings."""

    title: str
    lines: tuple[str, ...]
    legend: tuple[Sample, ...]

    @property
    def words(self) -> str:
        """All of it as sentences, for those who hear it."""
        meanings = (f"{sample.mark}: {sample.meaning}" for sample in self.legend)
        return ". ".join((self.title, *(line.rstrip(".") for line in self.lines), *meanings))


def captioned(svg: str, caption: Caption) -> str:
    """The picture with the caption above it: the picture grows upward, and all in it stays where it was.

    Raises RenderError for a picture that does not say how large it is.
    """
    found, end = _VIEW.search(svg), svg.rindex("</svg>")
    if found is None:
        raise RenderError("This picture does not say how large it is", "Give a chart of `pathway draw`")
    left, top, width, height = map(float, found[1].split())
    wide = max(width, _NARROWEST)
    group, tall = _band(caption, left, top, wide)
    view = f'viewBox="{left:.2f} {top - tall:.2f} {wide:.2f} {height + tall:.2f}"'
    grown = svg[: found.start()] + view + svg[found.end() : end]
    words = escape(inert(caption.words))
    body = _sized(grown, wide, height + tall).replace("</desc>", f". {words}</desc>", 1)
    return f"{body}{Tree.tostring(group, encoding='unicode')}\n{svg[end:]}"


def _sized(svg: str, width: float, height: float) -> str:
    """The picture with its new size in points."""
    end = svg.index(">", svg.index("<svg")) + 1
    head = re.sub(r'\bwidth="[0-9.]+pt"', f'width="{width:.0f}pt"', svg[:end], count=1)
    return re.sub(r'\bheight="[0-9.]+pt"', f'height="{height:.0f}pt"', head, count=1) + svg[end:]


def _band(caption: Caption, left: float, bottom: float, width: float) -> tuple[Tree.Element, float]:
    """The band above `bottom`, and how high it is, in points."""
    letters = max(30, int((width - 2 * _MARGIN) / (_SIZE * 0.56)))
    texts = [line for text in caption.lines for line in wrapped(text, letters)]
    titles = wrapped(caption.title, letters * 7 // 10)
    rows = _rows(caption.legend, width - 2 * _MARGIN)
    tall = len(titles) * _TITLE_LINE + len(texts) * _LINE + len(rows) * _ROW + 24
    group = Tree.Element("g", {"id": "overlay-caption", "role": "group", "aria-label": inert(caption.words)})
    _add_paper(group, Bounds(left, bottom - tall, left + width, bottom))
    y = bottom - tall + 22
    for line in titles:
        group.append(written(left + _MARGIN, y, line, 16, True, DARK))
        y += _TITLE_LINE
    for line in texts:
        group.append(written(left + _MARGIN, y, line, _SIZE, False, DARK))
        y += _LINE
    for row in rows:
        _add_row(group, row, left + _MARGIN, y)
        y += _ROW
    return group, tall


def _add_paper(group: Tree.Element, at: Bounds) -> None:
    """White under the caption, and a rule between it and the chart."""
    corners = ((at.left, at.top), (at.right, at.top), (at.right, at.bottom), (at.left, at.bottom))
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
    Tree.SubElement(group, "polygon", {"fill": WHITE, "points": points})
    rule = f"M{at.left + 8:.2f},{at.bottom - 4:.2f}L{at.right - 8:.2f},{at.bottom - 4:.2f}"
    Tree.SubElement(group, "path", {"d": rule, "stroke": DARK, "stroke-width": "1", "fill": "none"})


def _rows(samples: tuple[Sample, ...], width: float) -> list[list[Sample]]:
    """The samples in as few rows as fit the width."""
    rows: list[list[Sample]] = []
    used = 0.0
    for sample in samples:
        needed = _needed(sample)
        if not rows or used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(sample)
        used += needed
    return rows


def _needed(sample: Sample) -> float:
    return breadth(sample.mark) + 6 + width_of(inert(sample.meaning), _SIZE) + _GAP


def _add_row(group: Tree.Element, row: list[Sample], x: float, y: float) -> None:
    for sample in row:
        group.append(pill(x, y, sample.mark, sample.look))
        meaning = x + breadth(sample.mark) + 6
        group.append(written(meaning, y + _SIZE * 0.36, sample.meaning, _SIZE, False, DARK))
        x += _needed(sample)
