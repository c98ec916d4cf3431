"""What a hand-over consists of, before it becomes Markdown or HTML. Every text here is plain text."""

from __future__ import annotations

from dataclasses import dataclass

Cell = tuple[str, ...]
NO_LABEL = "none"


class HandoverError(Exception):
    """A hand-over that cannot be made; says what, why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told. The first cell names it; `mark` is what must be read first, such as LATE."""

    cells: tuple[Cell, ...]
    mark: str = ""
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part. Without rows it says `nothing`: that nothing is there is told, never left open.

    Rows of a brief section are short enough for one line each in Markdown.
    """

    anchor: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    nothing: str
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A state of a track in the outline. `standing`: here, passed or open (not reached)."""

    state: str
    title: str
    standing: str
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A way that the case went: the transition at `index` of the state `source`, and when."""

    source: str
    index: int
    words: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The states of a track in the order of its flowchart, with where the case has been and how.

    A return by override went along no way of the flowchart, so it is not in `taken`, only in the path.
    """

    track: str
    title: str
    steps: tuple[Step, ...]
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The flowchart of a track as SVG text; `caption` says what is marked in it."""

    track: str
    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class Handover:
    """The whole hand-over. `stamp` is None only for an approved pathway; `cautions` stand above all else.

    `file_stem` opens the names of its files: the time, and nothing of the case.
    """

    title: str
    file_stem: str
    stamp: str | None
    closed: str | None
    identity: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    sections: tuple[Section, ...]
    outlines: tuple[Outline, ...]
    disclaimer: str | None
    left_out: tuple[str, ...]
