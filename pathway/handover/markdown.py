"""The hand-over as CommonMark: headings and lists only, and no text of a case is ever read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathway.handover.content import Handover, Outline, Row, Section
from pathway.language.problems import visible

_ALWAYS = re.compile(r"[\\`*\[<&|~#$]")  # no `[` opens, so that no `]` closes; the same holds for `!`
_LOOSE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LINKED = re.compile(r":(?=//)|(?<=[wW]{3})\.")  # what some readers of Markdown make a link of by themselves
_OPENING = re.compile(r"^(?:>|[-+=](?=[-+=\s]*$|\s)|[0-9]{1,9}(?=[.)](?:\s|$)))")


def markdown_of(handover: Handover) -> str:
    """The hand-over as text. The same hand-over gives the same text."""
    return "\n".join(_lines(handover)).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """The text on one line, read as these very characters wherever other words stand before it.

    >>> escaped("2 * 3 < [x]")
    '2 \\\\* 3 \\\\< \\\\[x]'
    """
    plain = _ALWAYS.sub(lambda found: f"\\{found[0]}", flat(text))
    plain = _LOOSE_UNDERSCORE.sub(r"\\_", plain)
    return _LINKED.sub(lambda found: f"\\{found[0]}", plain)


def opening(text: str) -> str:
    """The same for a text that begins a paragraph or an item, where figures and dashes have a meaning."""
    return _OPENING.sub(_opened, escaped(text))


def flat(text: str) -> str:
    """The text on one line; what does not print is written as an escape, so that it can be seen."""
    joined = " / ".join(part.strip() for part in re.split(r"\r\n|\r|\n", text) if part.strip())
    return visible(joined.replace("\t", " ")).strip()


def _opened(found: re.Match[str]) -> str:
    """What would open a list, a rule or a heading at the start of a line."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _strong(text: str) -> str:
    plain = escaped(text)
    return f"**{plain}**" if plain else ""


def _lines(handover: Handover) -> Iterator[str]:
    yield f"# {escaped(handover.title)}"
    yield ""
    yield from _paragraph(_strong(handover.stamp) if handover.stamp is not None else "")
    yield from _paragraph(_strong(handover.closed) if handover.closed is not None else "")
    yield from (f"- {_strong(name)}: {escaped(value)}" for name, value in handover.identity)
    yield ""
    for caution in handover.cautions:
        yield from _paragraph(_strong(caution))
    for section in handover.sections:
        yield from _section(section)
    yield from _outlines(handover.outlines)
    yield from _end(handover)


def _end(handover: Handover) -> Iterator[str]:
    yield "## Not in this hand-over"
    yield ""
    yield from (f"- {opening(text)}" for text in handover.left_out)
    yield ""
    yield from _paragraph(opening(handover.disclaimer) if handover.disclaimer is not None else "")
    yield from _paragraph(_strong(handover.stamp) if handover.stamp is not None else "")


def _paragraph(text: str) -> Iterator[str]:
    if text:
        yield text
        yield ""


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield ""
    for text in section.opening:
        yield from _paragraph(opening(text))
    if section.rows:
        for row in section.rows:
            yield from _brief(row) if section.is_brief else _row(row, section.columns)
        yield ""
    else:
        yield from _paragraph(opening(section.nothing))
    for text in section.closing:
        yield from _paragraph(opening(text))


def _row(row: Row, columns: tuple[str, ...]) -> Iterator[str]:
    """The name as a list item, what is told of it below it."""
    first, *further = (flat(text) for text in row.cells[0])
    mark = f"{_strong(row.mark)} " if row.mark else ""
    yield f"- {mark}{_strong(first) or '(no name)'}"
    yield from (f"  - {opening(text)}" for text in further)
    for title, cell in zip(columns[1:], row.cells[1:], strict=True):
        told = [flat(text) for text in cell if flat(text)]
        if len(told) == 1:
            yield f"  - {escaped(title)}: {escaped(told[0])}"
        elif told:
            yield f"  - {escaped(title)}:"
            yield from (f"    - {opening(text)}" for text in told)


def _brief(row: Row) -> Iterator[str]:
    """The same on one line."""
    first, *further = (", ".join(filter(None, map(flat, cell))) for cell in row.cells)
    mark = f"{_strong(row.mark)} " if row.mark else ""
    told = "; ".join(escaped(text) for text in further if text)
    yield f"- {mark}{_strong(first) or '(no name)'}: {told}"


def _outlines(outlines: tuple[Outline, ...]) -> Iterator[str]:
    if not outlines:
        return
    yield "## Outline of the flowchart"
    yield ""
    for outline in outlines:
        yield f"- {_strong(outline.title)}"
        for step in outline.steps:
            words = _strong(step.words) if step.standing == "here" else escaped(step.words)
            yield f"  - {opening(step.title)}: {words}"
    yield ""
