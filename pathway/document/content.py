"""What a document consists of, before it becomes text or HTML: chapters, tables, rows, lines, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Tone(Enum):
    """What a stretch of words is; `target` of the span holds where a link or citation leads."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    WRITTEN = "written"
    LINK = "link"
    CITE = "cite"
    LAYER = "layer"
    MARK = "mark"


class LineKind(Enum):
    """What a line is for; written guards, sources and known problems look different from the rest."""

    PLAIN = "plain"
    WRITTEN = "written"
    SOURCES = "sources"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one tone. `target` is an anchor (links, citations) or a word for its look (layers, marks)."""

    text: str
    tone: Tone = Tone.PLAIN
    target: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a cell. Lines with `depth` above zero belong to the last line of depth zero."""

    spans: tuple[Span, ...]
    depth: int = 0
    kind: LineKind = LineKind.PLAIN

    @property
    def text(self) -> str:
        """The words without their tones."""
        return "".join(span.text for span in self.spans)


Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. In plain text a `joined` one follows the row's name on the same line, without its title."""

    title: str
    joined: bool = False
    width: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An element of the definition; the first cell names it.

    `layer` is None for what belongs to every reading. `kept` rows stay when their layer is switched off.
    """

    anchor: str
    cells: tuple[Cell, ...]
    layer: str | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one caption."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Paper(Enum):
    """Where a picture stands in print; what is left out there for its width is said elsewhere too."""

    OWN_PAGE = "own-page"
    IN_LINE = "in-line"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Picture:
    """A flowchart as SVG text, with the words that name it and how it is printed."""

    title: str
    svg: str
    paper: Paper = Paper.OWN_PAGE


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled part of the document; chapters within it are one level deeper."""

    anchor: str
    title: str
    opening: tuple[Line, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    chapters: tuple[Chapter, ...] = ()

    def walk(self) -> Iterator[Chapter]:
        """This chapter and all within it, in reading order."""
        yield self
        for chapter in self.chapters:
            yield from chapter.walk()


@dataclass(frozen=True, slots=True)
class LayerMark:
    """A layer with its meaning; `place` counts from 1 and chooses its look."""

    name: str
    title: str
    place: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole pathway, ready to be printed in any form."""

    id: str
    version: str
    digest: str
    title: str
    status: str
    stamp: str | None
    review: str | None
    disclaimer: str | None
    layers: tuple[LayerMark, ...]
    chapters: tuple[Chapter, ...]
