"""The marks that overlays are made of: pills with words, rings around boxes; shapes and texts only."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from diagrams.looks import SCREEN_FONTS
from diagrams.overlays.geometry import Bounds, width_of
from diagrams.text import inert

SIZE, HEIGHT = 10.0, 15.0
DARK, WHITE, GREY, QUIET = "#111827", "#FFFFFF", "#76828F", "#4B5563"
BLUE, RED, AMBER = "#00548A", "#A83200", "#8A6100"


@dataclass(frozen=True, slots=True)
class Look:
    """How a pill or ring is set: `corner` is the radius of its corners, `dash` as SVG writes it."""

    fill: str
    ink: str
    line: str
    thickness: str = "1.4"
    dash: str = ""
    corner: float = 7.0


NUMBER = Look(DARK, WHITE, DARK)
TIME = Look(WHITE, DARK, DARK)
HERE = Look(DARK, WHITE, DARK, corner=2.0)
WARN = Look(WHITE, RED, RED, thickness="1.8", corner=0.0)
NEVER = Look(WHITE, RED, RED, thickness="1.6", dash="4,2", corner=0.0)


def breadth(text: str) -> float:
    """How wide a pill with this text is."""
    return width_of(inert(text), SIZE, bold=True) + 9


def pill(left: float, middle: float, text: str, look: Look, tip: str = "") -> Tree.Element:
    """A pill with words in it, its left end and the middle of its height given; `tip` shows on pointing."""
    right = left + breadth(text)
    group = Tree.Element("g", {"class": "overlay-mark"})
    if tip:
        Tree.SubElement(group, "title").text = inert(tip)
    group.append(_frame(Bounds(left, middle - HEIGHT / 2, right, middle + HEIGHT / 2), look))
    group.append(written((left + right) / 2, middle + SIZE * 0.36, text, SIZE, True, look.ink, "middle"))
    return group


def ring(around: Bounds, look: Look) -> Tree.Element:
    """A frame around a box that leaves the box as it is."""
    frame = _frame(around, look)
    frame.attrib.update({"fill": "none", "class": "overlay-ring"})
    return frame


def written(
    x: float, y: float, text: str, size: float, bold: bool, ink: str, anchor: str = "start"
) -> Tree.Element:
    """A line of text; nothing in it is read as markup."""
    look = {"font-family": SCREEN_FONTS, "font-size": f"{size:g}", "fill": ink, "text-anchor": anchor}
    if bold:
        look["font-weight"] = "700"
    element = Tree.Element("text", {"x": f"{x:.2f}", "y": f"{y:.2f}", **look})
    element.text = inert(text)
    return element


def _frame(at: Bounds, look: Look) -> Tree.Element:
    r = min(look.corner, (at.bottom - at.top) / 2)
    d = (
        f"M{at.left + r:.2f},{at.top:.2f}L{at.right - r:.2f},{at.top:.2f}"
        f"Q{at.right:.2f},{at.top:.2f} {at.right:.2f},{at.top + r:.2f}L{at.right:.2f},{at.bottom - r:.2f}"
        f"Q{at.right:.2f},{at.bottom:.2f} {at.right - r:.2f},{at.bottom:.2f}"
        f"L{at.left + r:.2f},{at.bottom:.2f}"
        f"Q{at.left:.2f},{at.bottom:.2f} {at.left:.2f},{at.bottom - r:.2f}L{at.left:.2f},{at.top + r:.2f}"
        f"Q{at.left:.2f},{at.top:.2f} {at.left + r:.2f},{at.top:.2f}Z"
    )
    shape = {"d": d, "fill": look.fill, "stroke": look.line, "stroke-width": look.thickness}
    return Tree.Element("path", shape | ({"stroke-dasharray": look.dash} if look.dash else {}))
