"""A chart as it was read back from a drawing: boxes, lines and tables, put at their places in the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagrams.census.counting import Passage, Reading
from diagrams.census.elements import Kind

_FILLER = re.compile(
    r"Asks(?: \d+ facts,|:)|The clinician chooses|Also reached from [\d, and]+|automatic:|\( ?\)|[,:;.]"
)
_SEEN = re.compile(r"\bsee ([TQR]\d+)\b")
_SIDE = re.compile(r"^\d+\. (?:calls for|shows, not as an order)(?:, continued)?")
_NUMBERED = re.compile(r"(\d+)\. (?:calls for|shows, not as an order)")
_STATE = re.compile(r"(calls-|shown-)?(state-\w+-\w+)(-part-\d+)?")
_BACK = re.compile(r"back to (.*)")
# A line has no room for its sources: the picture tells them to a pointer, the tables of a page in writing.
_CARRIED = frozenset(Kind) - {Kind.SOURCES_OF_A_WAY}
_NOTES = ("conditions", "questions", "remarks")


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A box as drawn: what stands at its top, then its actions as (deadline, all else)."""

    id: str
    head: str
    deeds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnWay:
    """A line with the ids of the boxes at its ends."""

    id: str
    source: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table: each row its cells by the headings of their columns."""

    id: str
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything that was found in a drawing; what stands there twice is in it twice."""

    boxes: tuple[DrawnBox, ...]
    ways: tuple[DrawnWay, ...]
    tables: tuple[DrawnTable, ...]
    areas: tuple[tuple[str, str], ...]

    def rows(self, kind: str) -> Iterator[Mapping[str, str]]:
        """The rows of a table with those of its continuations."""
        for table in self.tables:
            if re.fullmatch(rf"{kind}(-\d+)?", table.id):
                yield from table.rows


def reading_of(drawn: Drawn, merged: bool = False) -> Reading:
    """What a drawing of the whole says of every element; texts that moved into tables are followed there."""
    notes = _notes(drawn)
    passages = (
        *(Passage(id, text) for id, text in drawn.areas if id.startswith(("track-", "phase-"))),
        *_boxes(drawn, notes, merged),
        *_ways(drawn, notes),
        *_rules(drawn, notes),
    )
    return Reading(passages, _CARRIED, _FILLER, merged=merged)


def _notes(drawn: Drawn) -> dict[str, str]:
    """The texts that moved out of boxes and lines; a number that was given twice says both."""
    notes: dict[str, str] = {}
    for row in (row for kind in _NOTES for row in drawn.rows(kind)):
        number, text = row["No."], next(cell for title, cell in row.items() if title != "No.")
        notes[number] = f"{notes[number]} {text}" if number in notes else text
    return notes


def followed(text: str, notes: Mapping[str, str]) -> str:
    """The text with `see T1` replaced by what stands there."""
    return _SEEN.sub(lambda found: notes.get(found[1], found[0]), text)


def _boxes(drawn: Drawn, notes: Mapping[str, str], merged: bool) -> Iterator[Passage]:
    told: Counter[str] = Counter()
    for box in drawn.boxes:
        found = _STATE.fullmatch(box.id)
        if found is None:
            if box.id.startswith("start-"):
                yield Passage(box.id, box.head)
            continue
        beside, place, part = found.groups()
        if merged or not (beside or part):
            yield Passage(place, _SIDE.sub("", followed(box.head, notes)))
        for deadline, deed in box.deeds:
            mark = "s" if beside == "shown-" else "o"
            told[place + mark] += 1
            told_at = f"do-{place}-{mark}{told[place + mark]}"
            yield Passage(told_at, followed(f"{deadline} ; {deed}", notes))


def _ways(drawn: Drawn, notes: Mapping[str, str]) -> Iterator[Passage]:
    """Lines by their true ends: what leads to a link leads to the step that the link names."""
    steps = {box.head: box.id for box in drawn.boxes if box.id.startswith("state-")}
    links = {box.id: box.head for box in drawn.boxes if box.id.startswith("link-")}
    beside = {box.id: box.head for box in drawn.boxes if box.id.startswith(("calls-", "shown-"))}
    for way in drawn.ways:
        if way.id.startswith("to-"):
            numbers = " ".join(_NUMBERED.findall(beside.get(way.target, "")))
            yield Passage(f"leads-{way.id}", f"{way.source} > {way.target} numbered {numbers}")
        if not way.id.startswith(("way-", "entry-")):
            continue
        found = _BACK.fullmatch(links.get(way.target, ""))
        target = way.target if found is None else _step(found[1], steps)
        name = way.id.removeprefix("way-")
        yield Passage(f"leads-{name}", f"{way.source} > {target}")
        if way.id.startswith("way-"):
            yield Passage(way.id, followed(way.label, notes))


def _step(title: str, steps: Mapping[str, str]) -> str:
    """The id of the step whose box begins with this title."""
    return next((id for head, id in steps.items() if head.startswith(title)), f"nowhere ({title})")


def _rules(drawn: Drawn, notes: Mapping[str, str]) -> Iterator[Passage]:
    for kind in ("safeguard", "notice"):
        for row in drawn.rows(f"{kind}s"):
            yield Passage(f"{kind}-{row['No.']}", _said(row, notes))
    fact = ""
    for row in drawn.rows("derived"):
        name = re.search(r"\((\w+)\)$", row.get("Derived fact", ""))
        fact = fact if name is None else name[1]
        yield Passage(f"derived-{fact}", _said(row, notes))
    for number, row in enumerate(drawn.rows("uncalled"), start=1):
        yield Passage(f"uncalled-{number}", _said(row, notes))


def _said(row: Mapping[str, str], notes: Mapping[str, str]) -> str:
    return " ; ".join(followed(cell, notes) for cell in row.values())
