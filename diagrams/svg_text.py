"""A finished picture as text, an element a line, so that two versions of it can be compared line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as Tree

SVG = "http://www.w3.org/2000/svg"
_IN = f"{{{SVG}}}"
_NAMES = {"{http://www.w3.org/XML/1998/namespace}space": "xml:space"}
_WRITTEN = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;",
}  # fmt: skip
_IN_WORDS, _IN_A_VALUE = re.compile("[&<>]"), re.compile('[&<>"\r\n\t]')


def svg_text(root: Tree.Element) -> str:
    """The picture as text. Every element is of SVG, and holds either words or other elements.

    Python's own writer, made for every kind of XML, takes four times as long for a large chart.
    """
    lines = ["<?xml version='1.0' encoding='utf-8'?>"]
    _write(root, {"xmlns": SVG, **root.attrib}, lines.append)
    return "\n".join((*lines, ""))


def _write(element: Tree.Element, attributes: Mapping[str, str], put: Callable[[str], None]) -> None:
    tag = element.tag.removeprefix(_IN)
    start = f"<{tag}{_attributes(attributes)}"
    if len(element):
        put(f"{start}>")
        for child in element:
            _write(child, child.attrib, put)
        put(f"</{tag}>")
    elif element.text:
        put(f"{start}>{_IN_WORDS.sub(_entity, element.text)}</{tag}>")
    else:
        put(f"{start} />")


def _attributes(named: Mapping[str, str]) -> str:
    """The attributes; only where a value holds a sign that XML reads are they looked at one by one."""
    values = "".join(named.values())
    if "&" in values or "<" in values or ">" in values or '"' in values or not values.isprintable():
        named = {name: _IN_A_VALUE.sub(_entity, value) for name, value in named.items()}
    return "".join([f' {_NAMES.get(name, name)}="{value}"' for name, value in named.items()])


def _entity(sign: re.Match[str]) -> str:
    return _WRITTEN[sign[0]]
