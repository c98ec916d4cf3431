"""The text twin of a chart as headings and nested lists, by which a screen reader can move."""

from __future__ import annotations

import html
from collections.abc import Iterator

from diagrams.text import inert

INDENT = 2  # blanks a level


def twin_html(outline: str) -> str:
    """An indented outline as HTML: what has lines below it at the margin is a heading, the rest lists.

    >>> twin_html("Care\\n  1. Fever\\n    asks: <b>")
    '<h3>Care</h3><ul><li>1. Fever<ul><li>asks: &lt;b&gt;</li></ul></li></ul>'
    """
    return "".join(_parts(_read(outline)))


def _read(outline: str) -> list[tuple[int, str]]:
    """The lines with their depth; a line is at most one level deeper than the one before it."""
    lines: list[tuple[int, str]] = []
    for line in outline.splitlines():
        text = line.lstrip(" ")
        if text:
            most = lines[-1][0] + 1 if lines else 0
            lines.append((min((len(line) - len(text)) // INDENT, most), html.escape(inert(text))))
    return lines


def _parts(lines: list[tuple[int, str]]) -> Iterator[str]:
    depth = 0
    for place, (level, text) in enumerate(lines):
        yield from ("</li></ul>",) * (depth - level)
        below = lines[place + 1][0] if place + 1 < len(lines) else 0
        if level == 0:
            yield f"<h3>{text}</h3>" if below else f"<p>{text}</p>"
        else:
            yield f"<ul><li>{text}" if level > depth else f"</li><li>{text}"
        depth = level
    yield from ("</li></ul>",) * depth
