"""Flowcharts inside a page: their ids made unlike those of other charts, and nothing active in them."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

SVG = "http://www.w3.org/2000/svg"
DRAWN = {
    f"{{{SVG}}}{tag}"
    for tag in ("svg", "g", "path", "polygon", "polyline", "ellipse", "text", "title", "desc")
}
REFERRING = ("aria-labelledby", "aria-describedby")


class PictureError(ValueError):
    """A picture that may not stand in a page."""


def inlined(svg: str, prefix: str) -> str:
    """The SVG as an element of an HTML page, every id opened by `prefix`.

    Raises PictureError for anything but shapes and texts: no link, image, script, style or handler is let in.
    """
    Tree.register_namespace("", SVG)
    try:
        root = Tree.fromstring(svg)
    except Tree.ParseError as error:
        raise PictureError(f"The chart is not an SVG: {error}") from None
    for element in root.iter():
        _check(element)
        _renamed(element, prefix)
    return Tree.tostring(root, encoding="unicode")


def _check(element: Tree.Element) -> None:
    if element.tag not in DRAWN:
        raise PictureError(f"A chart may not hold <{element.tag}>")
    for name in element.attrib:
        if name.startswith("on") or name.endswith("href") or name == "style":
            raise PictureError(f"A chart may not hold the attribute {name}")


def _renamed(element: Tree.Element, prefix: str) -> None:
    if "id" in element.attrib:
        element.set("id", f"{prefix}{element.get('id')}")
    for name in REFERRING:
        if name in element.attrib:
            element.set(name, " ".join(f"{prefix}{id}" for id in element.get(name, "").split()))
