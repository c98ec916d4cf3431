"""The overview: one box per phase with what it holds and where it is printed, and how many ways join them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from string import ascii_lowercase

from diagrams.chart import NOT_AN_ORDER, Box, BoxKind, Column, Edge, EdgeKind, Group, Lane, Row, Table
from diagrams.pages.routes import OUTSIDE, Section, owners
from diagrams.pages.sheet import Atlas
from diagrams.tables import numbered
from diagrams.text import inert, listed
from diagrams.ways import state_id
from pathway.language.definition import Definition

HEADING = "Overview of the phases"


class Detail(IntEnum):
    """How much the overview says of a phase; what is too much for one sheet stands in its tables alone."""

    DEADLINES_AND_TRACKS_LINE_BY_LINE = 3
    DEADLINES_AND_TRACKS = 2
    DEADLINES = 1
    NONE = 0


def overview(
    atlas: Atlas,
    definition: Definition,
    sections: Sequence[Section],
    detail: Detail = Detail.DEADLINES_AND_TRACKS_LINE_BY_LINE,
) -> Lane:
    """The phases as boxes of one lane, joined by lines that carry the number of transitions."""
    boxes = tuple(_phase(atlas, definition, section, detail) for section in sections)
    group = Group("phases", None, boxes)
    return Lane("overview", HEADING, (group,), tuple(_lines(atlas, sections)))


def side_by_side(definition: Definition) -> str:
    """How many tracks begin at once, and which ask nothing first: they wait for what happens elsewhere."""
    tracks = definition.tracks.values()
    if len(tracks) == 1:
        return ""
    first = [(track.title, track.states[track.start]) for track in tracks]
    idle = [inert(title) for title, state in first if not state.asks and not state.do]
    words = f"All {len(first)} tracks begin at once with the case and run side by side"
    if not idle:
        return f"{words}."
    one = len(idle) == 1
    return f"{words}. {listed(idle)} {'asks' if one else 'ask'} nothing in the first step and {_wait(one)}."


def _wait(one: bool) -> str:
    return f"{'waits' if one else 'wait'} there for what the other tracks bring"


def pages_named(pages: Iterable[str]) -> str:
    """`page 6`, `pages 1a and 1b`, or `pages 4a to 4k`."""
    names = list(dict.fromkeys(pages))
    if len(names) == 1:
        return f"page {names[0]}"
    return f"pages {names[0]} to {names[-1]}" if len(names) > 2 else f"pages {listed(names)}"


def _phase(atlas: Atlas, definition: Definition, section: Section, detail: Detail) -> Box:
    inside = [box for box in atlas.states.values() if box.id in section.states]
    pages = pages_named(atlas.page_of[box.id] for box in inside)
    lines = (
        f"{_counted(len(inside), 'step', 'steps')}{_outside(definition, section)}",
        *_tracks(atlas, section, detail),
        *(_timed(atlas, section) if detail >= Detail.DEADLINES else ()),
    )
    name = pages.split()[1].rstrip(ascii_lowercase)
    title = section.title if section.name == OUTSIDE else f"Phase {name}: {section.title}"
    row = Row(section.name, "", pages, lines)
    return Box(_id(section), None, BoxKind.ENQUIRY, title, (), (row,))


def _tracks(atlas: Atlas, section: Section, detail: Detail) -> Sequence[str]:
    """`Tuberculosis: page 4b`, for each track with steps in a phase."""
    if detail < Detail.DEADLINES_AND_TRACKS:
        return ()
    pages = {
        lane.title: [atlas.page_of[box.id] for box in lane.boxes if box.id in section.states]
        for lane in atlas.chart.lanes
    }
    found = [f"{title}: {pages_named(these)}" for title, these in pages.items() if these]
    return found if detail is Detail.DEADLINES_AND_TRACKS_LINE_BY_LINE else ("; ".join(found),)


def _timed(atlas: Atlas, section: Section) -> Iterator[str]:
    """What has a deadline, with the steps that set it and their pages."""
    found: dict[str, list[str]] = {}
    for owner, box in _owned(atlas):
        for row in (row for row in box.rows if row.deadline and owner in section.states):
            found.setdefault(f"{row.deadline}: {row.title}", []).append(_step(atlas, owner))
    for deed, steps in found.items():
        yield f"{deed} ({listed(steps)})"


def _owned(atlas: Atlas) -> Iterator[tuple[str, Box]]:
    """Every box with the state beside which it is printed."""
    for lane in atlas.chart.lanes:
        owner = owners(lane)
        yield from ((owner[box.id], box) for box in lane.boxes)


def _step(atlas: Atlas, state: str) -> str:
    return f"step {atlas.number(state)} on page {atlas.page_of[state]}"


def _outside(definition: Definition, section: Section) -> str:
    """How many of the steps have no phase of their own and are only printed with this one."""
    states = (state for track in definition.tracks.values() for state in track.states.values())
    count = len({state_id(state) for state in states if state.phase is None} & section.states)
    return f", {count} of them outside the phase" if count and section.name != OUTSIDE else ""


def index(atlas: Atlas, sections: Sequence[Section]) -> Table:
    """Every track with the pages on which it is drawn, phase by phase, and its steps on each."""
    columns = (Column("Track", 30), Column("Pages and steps", 100))
    rows = tuple(
        (lane.title, "; ".join(step for section in sections for step in _steps(atlas, lane, section)))
        for lane in atlas.chart.lanes
    )
    return Table("index", "Where the steps of each track are drawn", columns, rows)


def actions_index(atlas: Atlas, definition: Definition) -> tuple[Table, ...]:
    """Every action by its name: when it is due, in which steps and on which pages, and its safeguards."""
    marks = numbered(definition.safeguards, "G")
    found: dict[tuple[str, str], list[str]] = {}
    for owner, box in _owned(atlas):
        for row in box.rows:
            found.setdefault((row.action, row.deadline), []).append(_step(atlas, owner))
    rows: list[tuple[str, ...]] = []
    for (name, due), steps in found.items():
        action = definition.actions[name]
        title = inert(action.title) if action.orderable else f"{inert(action.title)}\n{NOT_AN_ORDER}"
        held = [marks[one] for one, safeguard in definition.safeguards.items() if name in safeguard.actions]
        rows.append((title, due, "\n".join(dict.fromkeys(steps)), listed(held) if held else ""))
    rows.sort(key=lambda row: (row[0].casefold(), *row))
    columns = (Column("Action", 38), Column("Due", 20), Column("Where", 38), Column("Safeguards", 26))
    return (Table("find", "Where to find each action", columns, tuple(rows)),) if rows else ()


def _steps(atlas: Atlas, lane: Lane, section: Section) -> Iterator[str]:
    """`page 1b: 12 and 13`, for every page."""
    pages: dict[str, list[str]] = {}
    for box in lane.boxes:
        if box.id in section.states:
            pages.setdefault(atlas.page_of[box.id], []).append(str(box.number))
    yield from (f"page {page}: {listed(numbers)}" for page, numbers in pages.items())


def _lines(atlas: Atlas, sections: Sequence[Section]) -> Iterator[Edge]:
    """One line from a phase to another, dashed where it leads back."""
    place: Mapping[str, int] = {state: at for at, one in enumerate(sections) for state in one.states}
    counts = Counter((place[route.source], place[route.target]) for route in atlas.routes.values())
    for (source, target), count in sorted(counts.items()):
        if source != target:
            kind = EdgeKind.LOOP if target < source else EdgeKind.FORWARD
            label = _counted(count, "transition", "transitions")
            names = sections[source].name, sections[target].name
            ends = _id(sections[source]), _id(sections[target])
            yield Edge(f"between-{names[0]}-{names[1]}", *ends, kind, label, label, True)


def _id(section: Section) -> str:
    return f"phase-{section.name}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
