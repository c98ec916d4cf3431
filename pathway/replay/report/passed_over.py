"""What of the rows of foreign logs was passed over as their mapping says, in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pathway.language.problems import visible
from pathway.logs.foreign.finding import Notes
from pathway.replay.report.counting import counted

LISTED = 10  # files, and names of each kind; --json has all


def passed_over_lines(notes: Sequence[tuple[str, Notes]]) -> Iterator[str]:
    """For each file how many of its rows were entered, and why the others were not."""
    for name, note in notes[:LISTED]:
        yield f"rows of {visible(name)}: {note.rows} read, {note.entered} entered"
        yield from (f"    {visible(line)}" for line in _of_file(note))
    if len(notes) > LISTED:
        yield f"rows of {counted(len(notes) - LISTED, 'more file')}: in --json"


def _of_file(note: Notes) -> Iterator[str]:
    if note.ignored:
        yield f"ignored, as the mapping says: {_counts(note.ignored)}"
    if note.other_lifecycle:
        yield f"entries of a lifecycle that does not count: {_counts(note.other_lifecycle)}"
    if note.moved:
        yield f"stood behind a later row of their case, and were put in order of time: {note.moved}"
    if note.never_filled:
        yield f"columns of the mapping without any value: {_some(note.never_filled)}"


def _counts(found: Mapping[str, int]) -> str:
    often = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return _some([f"{name} {count}" for name, count in often])


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - LISTED
    return ", ".join(texts[:LISTED]) + (f" and {more} more" if more > 0 else "")
