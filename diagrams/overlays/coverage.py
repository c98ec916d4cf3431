"""What a set of cases reached: how many came to each state and took each transition, and what none did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagrams.overlays.captions import Caption, Sample
from diagrams.overlays.elements import (
    StateId,
    WayId,
    box_id,
    key,
    line_id,
    numbered,
    paint,
    thicken,
    ways_of,
)
from diagrams.overlays.marks import DARK, NEVER, RED, WHITE, Look
from diagrams.overlays.sheet import Sheet
from pathway.engine import events as ev
from pathway.language.definition import Definition
from pathway.replay.coverage.places import reached

HEAT = ("#EDF4FB", "#D3E6F6", "#B0D2EE", "#88BBE4", "#60A3D9")  # dark words have 6.5:1 or more on each
_LINE_HEAT = ("#8FA9C4", "#6C93BC", "#477CB0", "#1F639F", "#00457A")
_WIDTHS = ("1.4", "2", "2.7", "3.4", "4.2")
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `cases` cases, how many came to each state and took each transition; all of them are named.

    `what` says which cases these are, such as `the cases beside the pathway`. `strange` counts the moves
    that no transition of this version explains; returns by override are not among them.
    """

    what: str
    cases: int
    states: Mapping[StateId, int]
    ways: Mapping[WayId, int]
    strange: int
    titles: Mapping[StateId, str]
    guards: Mapping[WayId, str]

    @property
    def states_never(self) -> tuple[StateId, ...]:
        return tuple(state for state, count in self.states.items() if count == 0)

    @property
    def ways_never(self) -> tuple[WayId, ...]:
        return tuple(way for way, count in self.ways.items() if count == 0)

    def never(self) -> Iterator[str]:
        """What no case reached, a line each: the text of the picture's dashed boxes and lines."""
        yield from (f"never reached: {self.titles[state]}" for state in self.states_never)
        yield from (f"never taken: {self.guards[way]}" for way in self.ways_never)


def coverage_of(definition: Definition, logs: Iterable[Iterable[ev.Event]], what: str) -> Coverage:
    """What the logs reached, each a case; what was undone later counts too, since it was reached."""
    found = reached(definition, logs)
    titles = {state: numbered(definition, state) for state in found.states}
    guards = {
        key(way): f"{titles[way.track, way.source]} to {titles[way.track, way.to]}: {way.when.english}"
        for way in ways_of(definition)
    }
    return Coverage(what, found.cases, found.states, found.ways, found.strange, titles, guards)


# --- drawing --------------------------------------------------------------------------------------
def draw_coverage(svg: str, coverage: Coverage) -> str:
    """The picture with the counts of what was reached. Raises RenderError for what is no chart."""
    sheet = Sheet(svg)
    most = max(coverage.states.values(), default=0)
    for state, count in coverage.states.items():
        if box_id(state) in sheet:
            _heat_box(sheet, box_id(state), count, coverage.cases, most)
    for way, count in coverage.ways.items():
        if line_id(way) in sheet:
            _heat_line(sheet, line_id(way), count, most)
            words = "never taken" if count == 0 else f"taken by {_cases(count)}"
            sheet.tell(line_id(way), words)
            if box_id((way[0], way[1])) in sheet:
                sheet.tell(box_id((way[0], way[1])), f"The way {way[2] + 1} on is {words}")
    return sheet.written(_caption(sheet, coverage, most))


def step_of(count: int, most: int) -> int:
    """Which of the five steps of the scale a count from 1 to `most` is on, from 0.

    >>> [step_of(count, 10) for count in (1, 2, 3, 9, 10)]
    [0, 0, 1, 4, 4]
    """
    return (count * len(HEAT) - 1) // most


def _heat_box(sheet: Sheet, id: str, count: int, cases: int, most: int) -> None:
    if count == 0:
        paint(sheet, id, WHITE, DARK, stroke=RED, dasharray="6,3", width="2.2")
        sheet.on_box(id, "never", NEVER)
        sheet.tell(id, f"never reached by any of {_cases(cases)}")
        return
    fill = HEAT[step_of(count, most)]
    paint(sheet, id, fill, DARK)
    sheet.on_box(id, str(count), Look(fill, DARK, DARK))
    sheet.tell(id, f"reached by {count} of {_cases(cases)}")


def _heat_line(sheet: Sheet, id: str, count: int, most: int) -> None:
    if count == 0:
        paint(sheet, id, stroke=RED, dasharray="6,3", width="2")
        sheet.on_way(id, "never", NEVER)
        return
    step = step_of(count, max(count, most))
    thicken(sheet, id, _LINE_HEAT[step], _WIDTHS[step])
    sheet.on_way(id, str(count), Look(HEAT[step], DARK, DARK))


def _caption(sheet: Sheet, coverage: Coverage, most: int) -> Caption:
    heat = tuple(
        Sample(_range(step, most), Look(HEAT[step], DARK, DARK), _unit(_range(step, most)))
        for step in range(len(HEAT))
        if _range(step, most)
    )
    return Caption(
        f"What {_cases(coverage.cases)} reached: {coverage.what}",
        tuple(_remarks(sheet, coverage)),
        (
            *heat,
            Sample("never", NEVER, "dashed: no case came here, or took this way"),
        ),
    )


def _range(step: int, most: int) -> str:
    """The counts on a step of the scale, empty where there are none."""
    counts = [(most * step) // len(HEAT) + 1, most * (step + 1) // len(HEAT)]
    low, high = counts
    return "" if low > high else str(low) if low == high else f"{low} to {high}"


def _unit(counts: str) -> str:
    return "case" if counts == "1" else "cases"


def _remarks(sheet: Sheet, coverage: Coverage) -> Iterator[str]:
    states, ways = len(coverage.states), len(coverage.ways)
    yield (
        f"{states - len(coverage.states_never)} of {states} states and "
        f"{ways - len(coverage.ways_never)} of {ways} transitions were reached. The number at a box or line "
        "says how many cases came there, each counted once; the deeper the blue, the more."
    )
    away = [state for state in coverage.states_never if box_id(state) not in sheet]
    if away:
        more = f" and {len(away) - _LISTED} more" if len(away) > _LISTED else ""
        named = "; ".join(coverage.titles[state] for state in away[:_LISTED])
        yield f"Never reached and not in this picture: {named}{more}."
    if coverage.strange:
        yield f"{coverage.strange} moves go along no transition of this version; no line counts them."


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
