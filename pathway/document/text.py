"""The document as plain text for a terminal: an outline of lines that fit its width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from pathway.document.content import Cell, Chapter, Document, Line, LineKind, Row, Table
from pathway.document.reading import flat
from pathway.language.problems import visible

WIDTH = 80
STEP = 2
# A figure and its unit stay on one line.
FIGURE = re.compile(r"(?<=\d) (?=[A-Za-z%/\[{*])")
GLUE = "\u00a0"


def document_lines(document: Document, width: int = WIDTH) -> list[str]:
    """The whole document without markup; no line is longer than `width` unless one word of it is."""
    lines = list(_head(document, width))
    lines += ["", *_contents(document, width)]
    for chapter in document.chapters:
        lines += ["", *_chapter(chapter, document, width)]
    return [*lines, "", *_stamp(document)]


def _head(document: Document, width: int) -> Iterator[str]:
    yield from _wrapped(document.title, width, 0)
    yield f"{document.id} {document.version}, status {document.status}"
    yield f"digest {document.digest}"
    yield from _stamp(document)
    yield from (
        line for text in (document.review, document.disclaimer) if text for line in _wrapped(text, width)
    )
    for layer in document.layers:
        yield from _wrapped(f"layer {layer.name}: {layer.title}", width)


def _stamp(document: Document) -> list[str]:
    return [f"*** {visible(document.stamp)} ***"] if document.stamp is not None else []


def _contents(document: Document, width: int) -> Iterator[str]:
    yield "CONTENTS"
    for chapter in document.chapters:
        yield from _wrapped(chapter.title, width, STEP)
        yield from (one for part in chapter.chapters for one in _wrapped(part.title, width, 2 * STEP))


# --- chapters and tables --------------------------------------------------------------------------
def _chapter(chapter: Chapter, document: Document, width: int) -> Iterator[str]:
    yield "=" * width
    yield from _wrapped(chapter.title.upper(), width)
    yield from _stamp(document)
    yield "=" * width
    yield from _parts(chapter, width)
    for part in chapter.chapters:
        yield ""
        yield from _wrapped(f"== {part.title}", width)
        yield from _parts(part, width)


def _parts(chapter: Chapter, width: int) -> Iterator[str]:
    for opening in chapter.opening:
        yield from _line(opening, width, 0)
    several = len(chapter.tables) > 1
    for table in chapter.tables:
        if several:
            yield ""
            yield from _wrapped(f"-- {table.caption}", width)
        for row in table.rows:
            yield ""
            yield from row_lines(row, table, width)


def row_lines(row: Row, table: Table, width: int = WIDTH) -> Iterator[str]:
    """The name of the element, then its further cells below it."""
    head, *rest = row.cells
    columns = table.columns[1:]
    first = head[0].text
    if columns and columns[0].joined and rest[0]:
        yield from _wrapped(f"{first}: {rest[0][0].text}", width)
        rest = [rest[0][1:], *rest[1:]]
    else:
        yield from _wrapped(first, width)
    for cell in (head[1:], *rest):
        yield from _cell(cell, width)


def _cell(cell: Cell, width: int) -> Iterator[str]:
    for line in cell:
        yield from _line(line, width, STEP * (1 + line.depth))


def _line(line: Line, width: int, indent: int) -> Iterator[str]:
    text = f"[{line.text}]" if line.kind is LineKind.SOURCES else line.text
    yield from _wrapped(text, width, indent)


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """A text within the width; its further lines are indented a little more than its first."""
    first = " " * indent
    wrapped = textwrap.wrap(
        FIGURE.sub(GLUE, flat(visible(text))), width, initial_indent=first,
        subsequent_indent=first + " " * (STEP if indent else 0),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(GLUE, " ") for line in wrapped]
