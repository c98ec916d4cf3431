"""Can it be read on paper? The smallest type of a picture, in points, once it is fitted to the sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as Tree

from diagrams.svg_text import SVG

PaperName = Literal["A4", "A3"]
LEAST = 7.5  # points; print smaller than this cannot be read at arm's length
SIDE, HEAD, FOOT = 24.0, 52.0, 52.0  # margins in points; head and foot carry title, key and page lines
_SIZES = {"A4": (595.28, 841.89), "A3": (841.89, 1190.55)}


@dataclass(frozen=True, slots=True)
class PaperSide:
    """A sheet of paper; `landscape` lies on its long side. Sizes are in points."""

    paper: PaperName
    landscape: bool

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        width, height = sorted(_SIZES[self.paper], reverse=self.landscape)
        return width, height

    @property
    def room(self) -> tuple[float, float]:
        """Width and height between the margins."""
        width, height = self.size
        return width - 2 * SIDE, height - HEAD - FOOT


@dataclass(frozen=True, slots=True)
class Fit:
    """How a picture stands on a sheet: the factor by which it is shrunk, and its smallest type then."""

    side: PaperSide
    factor: float
    points: float

    @property
    def is_legible(self) -> bool:
        """Whether no text is below 7.5 points."""
        return self.points >= LEAST


def fit(svg: str, paper: PaperName) -> Fit:
    """The picture on the side of the paper on which it is larger: font size x min(page / picture, 1)."""
    root = Tree.fromstring(svg)
    width, height = size(root)
    smallest = min((float(text.get("font-size", "12")) for text in root.iter(f"{{{SVG}}}text")), default=12.0)
    fits = []
    for landscape in (False, True):
        side = PaperSide(paper, landscape)
        across, down = side.room
        factor = min(across / width, down / height, 1.0)
        fits.append(Fit(side, factor, smallest * factor))
    return max(fits, key=lambda one: one.points)


def size(root: Tree.Element) -> tuple[float, float]:
    """Width and height of a picture in points."""
    _, _, width, height = map(float, re.split(r"[ ,]+", root.get("viewBox", "0 0 1 1")))
    return width, height
