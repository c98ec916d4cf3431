"""The overview: one box per phase with what it holds and where it is printed, and how many ways join them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_lowercase

from diagrams.chart import Box, BoxKind, Column, Edge, EdgeKind, Group, Lane, Row, Table
from diagrams.pages.routes import OUTSIDE, Section, owners
from diagrams.pages.sheet import Atlas
from diagrams.text import listed
from diagrams.ways import state_id
from pathway.language.definition import Definition

HEADING = "Overview of the phases"
_NOUNS = {
    BoxKind.ENQUIRY: ("enquiry", "enquiries"),
    BoxKind.DECISION: ("decision", "decisions"),
    BoxKind.ACTION: ("step with actions", "steps with actions"),
    BoxKind.END: ("end", "ends"),
}


def overview(atlas: Atlas, definition: Definition, sections: Sequence[Section], timed: bool = True) -> Lane:
    """The phases as boxes of one lane, joined by lines that carry the number of transitions.

    `timed` boxes name what has a deadline; where that is too much for one sheet, the sheets alone say it.
    """
    boxes = tuple(_phase(atlas, definition, section, timed) for section in sections)
    group = Group("phases", None, boxes)
    return Lane("overview", HEADING, (group,), tuple(_lines(atlas, sections)))


def pages_named(pages: Iterable[str]) -> str:
    """`page 6`, `pages 1a and 1b`, or `pages 4a to 4k`."""
    names = list(dict.fromkeys(pages))
    if len(names) == 1:
        return f"page {names[0]}"
    return f"pages {names[0]} to {names[-1]}" if len(names) > 2 else f"pages {listed(names)}"


def _phase(atlas: Atlas, definition: Definition, section: Section, timed: bool) -> Box:
    inside = [box for box in atlas.states.values() if box.id in section.states]
    pages = pages_named(atlas.page_of[box.id] for box in inside)
    own = sum(
        route.source in section.states and route.target in section.states for route in atlas.routes.values()
    )
    outside = _outside(definition, section)
    lines = (
        f"{_counted(len(inside), 'step', 'steps')}{outside}: {_kinds(inside)}; "
        f"{_counted(own, 'transition', 'transitions')} between them",
        *(_timed(atlas, section) if timed else ()),
    )
    name = pages.split()[1].rstrip(ascii_lowercase)
    title = section.title if section.name == OUTSIDE else f"Phase {name}: {section.title}"
    row = Row(section.name, "", pages, lines)
    return Box(_id(section), None, BoxKind.ENQUIRY, title, (), (row,))


def _kinds(boxes: Sequence[Box]) -> str:
    counts = Counter(box.kind for box in boxes)
    return listed(_counted(counts[kind], *nouns) for kind, nouns in _NOUNS.items() if counts[kind])


def _timed(atlas: Atlas, section: Section) -> Iterator[str]:
    """What has a deadline, with the steps that set it."""
    found: dict[str, list[str]] = {}
    for lane in atlas.chart.lanes:
        owner = owners(lane)
        for box in (box for box in lane.boxes if owner[box.id] in section.states):
            for row in (row for row in box.rows if row.deadline):
                found.setdefault(f"{row.deadline}: {row.title}", []).append(str(box.number))
    for deed, numbers in found.items():
        yield f"{deed} ({'step' if len(numbers) == 1 else 'steps'} {listed(numbers)})"


def _outside(definition: Definition, section: Section) -> str:
    """How many of the steps have no phase of their own and are only printed with this one."""
    states = (state for track in definition.tracks.values() for state in track.states.values())
    count = len({state_id(state) for state in states if state.phase is None} & section.states)
    return f", {count} of them outside the phase" if count and section.name != OUTSIDE else ""


def index(atlas: Atlas, sections: Sequence[Section]) -> Table:
    """Every track with the steps that it has in each phase, and the pages on which they are drawn."""
    columns = (Column("Track", 24), *(Column(section.title, 18) for section in sections))
    rows = tuple(
        (lane.title, *(_steps(atlas, lane, section) for section in sections)) for lane in atlas.chart.lanes
    )
    return Table("index", "Where the steps of each track are drawn", columns, rows)


def _steps(atlas: Atlas, lane: Lane, section: Section) -> str:
    """`page 1b: 12 and 13`, one line for every page."""
    pages: dict[str, list[str]] = {}
    for box in lane.boxes:
        if box.id in section.states:
            pages.setdefault(atlas.page_of[box.id], []).append(str(box.number))
    return "\n".join(f"page {page}: {listed(numbers)}" for page, numbers in pages.items())


def _lines(atlas: Atlas, sections: Sequence[Section]) -> Iterator[Edge]:
    """One line from a phase to another, dashed where it leads back."""
    place: Mapping[str, int] = {state: at for at, one in enumerate(sections) for state in one.states}
    counts = Counter((place[route.source], place[route.target]) for route in atlas.routes.values())
    for (source, target), count in sorted(counts.items()):
        if source != target:
            kind = EdgeKind.FORWARD if source < target else EdgeKind.LOOP
            label = _counted(count, "transition", "transitions")
            names = sections[source].name, sections[target].name
            ends = _id(sections[source]), _id(sections[target])
            yield Edge(f"between-{names[0]}-{names[1]}", *ends, kind, label, label, True)


def _id(section: Section) -> str:
    return f"phase-{section.name}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
