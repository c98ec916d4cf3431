"""A chart with short boxes for a sheet of paper: what is left out of them stands in the tables beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from diagrams.chart import NOT_AN_ORDER, Box, Chart, Row
from diagrams.deeds import AGAIN, COURSE, NOTED, NOTICED, UNTIL

NOTES = ("conditions", "questions", "remarks")
_IN_TABLES = "figures and warnings: see the tables"
_MARK = re.compile(rf"\b{NOTED}([TQR]\d+)")


def notes_of(chart: Chart) -> Mapping[str, str]:
    """The texts that boxes and lines refer to, by their marks such as `T3`."""
    tables = (table for table in chart.tables if table.id.partition("-")[0] in NOTES)
    return {row[0]: row[1] for table in tables for row in table.rows}


def brief(chart: Chart) -> Chart:
    """The chart with remarks written out, and without what only the tables need to say."""
    notes = notes_of(chart)
    return replace(chart, lanes=tuple(
        replace(lane, groups=tuple(
            replace(group, boxes=tuple(_box(box, notes) for box in group.boxes)) for group in lane.groups
        ))
        for lane in chart.lanes
    ))  # fmt: skip


def spelled_out(text: str, notes: Mapping[str, str], kinds: str = "TQR") -> str:
    """A text with what it refers to in full: `see R2` alone is replaced, elsewhere the mark stays beside it.

    >>> spelled_out("when: see T1", {"T1": "shock"}), spelled_out("see R1", {"R1": "At once."})
    ('when: shock (T1)', 'At once.')
    """
    alone = _MARK.fullmatch(text) is not None

    def note(found: re.Match[str]) -> str:
        if found[1][0] not in kinds or found[1] not in notes:
            return found[0]
        return notes[found[1]] if alone or found[1][0] == "R" else f"{notes[found[1]]} ({found[1]})"

    return _MARK.sub(note, text)


def mark_in(text: str) -> str | None:
    """The mark of the condition to which a line refers, such as `T3`."""
    found = _MARK.search(text)
    return None if found is None else found[1]


def marks_in(line: str) -> list[str]:
    """All marks of conditions, questions and remarks to which a line refers."""
    return _MARK.findall(line)


def _box(box: Box, notes: Mapping[str, str]) -> Box:
    lines = tuple(spelled_out(line, notes, "R") for line in box.lines)
    return replace(box, lines=lines, rows=tuple(_row(row, notes) for row in box.rows), sources="")


def _row(row: Row, notes: Mapping[str, str]) -> Row:
    if NOT_AN_ORDER in row.lines:
        return replace(row, lines=(NOT_AN_ORDER, _IN_TABLES), sources="")
    lines = (line for line in row.lines if not _is_detail(line))
    return replace(row, lines=tuple(spelled_out(line, notes, "R") for line in lines), sources="")


def _is_detail(line: str) -> bool:
    return line in (COURSE, AGAIN) or line.startswith((UNTIL, NOTICED))
