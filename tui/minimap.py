"""The whole pathway on a small map: where the case is, was, may still come, and what is closed now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from pathway.engine.view import View
from pathway.language.definition import Definition, State
from pathway.supposing.reach import Standing, StateStanding, standing_words, standings
from tui.lines import Line, Tone, columns, cut
from tui.presenting import fact_names

SIGNS = {
    Standing.HERE: "►", Standing.OPEN: "◆", Standing.WAITS: "?",
    Standing.BEEN: "✓", Standing.POSSIBLE: "○", Standing.CLOSED: "×",
}  # fmt: skip
ASCII_SIGNS = {
    Standing.HERE: ">", Standing.OPEN: "*", Standing.WAITS: "?",
    Standing.BEEN: "+", Standing.POSSIBLE: "o", Standing.CLOSED: "x",
}  # fmt: skip
CLOSED_MEANS = "(closed by the facts as recorded, or no way leads there)"
LONGEST_TOKEN = 22  # columns of a track's title where several share a row
LEAST_TITLE = 10
LEAST_WIDTH = 20


class Fold(IntEnum):
    """How much of a track is shown: a mark among others, a row of its own, or a row for each state."""

    MARK = 0
    ROW = 1
    OPEN = 2


@dataclass(frozen=True, slots=True)
class Lane:
    """A track on the map. `moved_at` is when it came where it is; None while it has not moved."""

    title: str
    states: tuple[tuple[State, StateStanding], ...]
    moved_at: int | None

    @property
    def here(self) -> State:
        return next(state for state, stand in self.states if stand.standing is Standing.HERE)

    @property
    def asking(self) -> tuple[tuple[State, StateStanding], ...]:
        """The states it moves to as soon as something is known or confirmed."""
        return tuple(pair for pair in self.states if pair[1].standing in (Standing.OPEN, Standing.WAITS))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A track in each of its forms."""

    mark: str
    row: Line
    opened: list[Line]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is the same for all rows of one map."""

    width: int
    signs: dict[Standing, str]
    names: dict[str, str]

    def cut(self, text: str, width: int) -> str:
        shown = cut(text, max(1, width))
        return shown if self.signs is SIGNS else shown.replace("…", "~")


def minimap_lines(
    definition: Definition, view: View, width: int, height: int, ascii: bool = False
) -> list[Line]:
    """The map in at most `height` rows of at most `width` columns, tracks in the order of the definition.

    Tracks that moved are opened first, the last one to move before the others, then as many more as fit.
    """
    found = standings(definition, view)
    drawing = Drawing(max(LEAST_WIDTH, width), ASCII_SIGNS if ascii else SIGNS, fact_names(definition))
    top = [*legend_lines(drawing), *_phase_line(definition, found.items(), drawing)]
    lanes = _lanes(definition, view, found)
    drawn = [_drawn(lane, drawing) for lane in lanes]
    rows = _rows(drawn, _folds(lanes, drawn, height - len(top), drawing.width), drawing.width)
    return _fitted([*top, *rows], height)


def legend_lines(drawing: Drawing) -> list[Line]:
    """What each sign means, in one row where there is room for it, in several where there is not."""
    parts = [f"{sign} {standing.value}" for standing, sign in drawing.signs.items()]
    whole = "  ".join(parts)
    if columns(f"{whole} {CLOSED_MEANS}") <= drawing.width:
        return [Line(f"{whole} {CLOSED_MEANS}")]
    return [Line(row) for row in _packed(parts, drawing.width)]


def _lanes(definition: Definition, view: View, found: dict[tuple[str, str], StateStanding]) -> list[Lane]:
    moved = {step.track: step.at for step in view.path}
    return [
        Lane(
            track.title,
            tuple((state, found[track.name, name]) for name, state in track.states.items()),
            moved.get(track.name),
        )
        for track in definition.tracks.values()
    ]


# --- how much of each track is shown ----------------------------------------------------------------
def _drawn(lane: Lane, drawing: Drawing) -> Drawn:
    return Drawn(_mark(lane, drawing), _row(lane, drawing), _opened(lane, drawing))


def _folds(lanes: Sequence[Lane], drawn: Sequence[Drawn], room: int, width: int) -> list[Fold]:
    """How each lane is folded so that all fit, as far as they can."""
    moved = sorted(
        (place for place, lane in enumerate(lanes) if lane.moved_at is not None),
        key=lambda place: (-(lanes[place].moved_at or 0), place),
    )
    idle = sorted(
        (place for place, lane in enumerate(lanes) if lane.moved_at is None),
        key=lambda place: (not lanes[place].asking, place),
    )
    folds = [Fold.MARK] * len(lanes)
    for group, fold in ((moved, Fold.ROW), (moved, Fold.OPEN), (idle, Fold.ROW), (idle, Fold.OPEN)):
        for place in group:
            wished = [*folds[:place], max(fold, folds[place]), *folds[place + 1 :]]
            if len(_rows(drawn, wished, width)) <= room:
                folds = wished
    return folds


def _rows(drawn: Sequence[Drawn], folds: Sequence[Fold], width: int) -> list[Line]:
    rows: list[Line] = []
    for fold, group in groupby(zip(drawn, folds, strict=True), key=lambda pair: pair[1]):
        members = [lane for lane, _ in group]
        if fold is Fold.MARK:
            rows += [Line(row) for row in _packed([lane.mark for lane in members], width)]
        elif fold is Fold.ROW:
            rows += [lane.row for lane in members]
        else:
            rows += [row for lane in members for row in lane.opened]
    return rows


def _fitted(rows: list[Line], height: int) -> list[Line]:
    if len(rows) <= height:
        return rows
    return [*rows[: height - 1], Line(f"+{len(rows) - height + 1} more rows")] if height > 0 else []


# --- rows -------------------------------------------------------------------------------------------
def _mark(lane: Lane, drawing: Drawing) -> str:
    """A track among others: its title, where it stands, and where it could go next."""
    title = drawing.cut(lane.title, LONGEST_TOKEN)
    asking = "".join(f" {drawing.signs[stand.standing]}{state.number}" for state, stand in lane.asking)
    return f"{title} {drawing.signs[Standing.HERE]}{lane.here.number}{asking}"


def _row(lane: Lane, drawing: Drawing) -> Line:
    """A track in one row: where it stands with its title, the other states by number."""
    others = _runs(lane, drawing)
    here = f"{drawing.signs[Standing.HERE]}{lane.here.number}. "
    title = drawing.cut(lane.title, drawing.width // 4)
    room = drawing.width - columns(f"{title}: {here}  {others}")
    if room < LEAST_TITLE:
        return Line(drawing.cut(f"{here}{others}", drawing.width - columns(title) - 2), f"{title}:")
    return Line(f"{here}{drawing.cut(lane.here.title, room)}  {others}".rstrip(), f"{title}:")


def _runs(lane: Lane, drawing: Drawing) -> str:
    """The states where the case is not, by number; neighbours that stand alike as a run: `✓1 ?3 ○4-9`."""
    runs: list[str] = []
    for standing, group in groupby(lane.states, key=lambda pair: pair[1].standing):
        numbers = [state.number for state, _ in group]
        if standing is not Standing.HERE:
            last = f"-{numbers[-1]}" if len(numbers) > 1 else ""
            runs.append(f"{drawing.signs[standing]}{numbers[0]}{last}")
    return " ".join(runs)


def _opened(lane: Lane, drawing: Drawing) -> list[Line]:
    """A track with a row for each state: sign, number, title, and how it stands in words."""
    longest = max(columns(state.title) for state, _ in lane.states)
    room = min(longest, drawing.width * 55 // 100)
    rows = [_state_row(state, stand, room, drawing) for state, stand in lane.states]
    return [Line(drawing.cut(lane.title, drawing.width), tone=Tone.HEADING), *rows]


def _state_row(state: State, stand: StateStanding, room: int, drawing: Drawing) -> Line:
    title = drawing.cut(state.title, room)
    gap = " " * (room - columns(title) + 2)
    first = f"{drawing.signs[stand.standing]} {state.number:>2}. {title}{gap}"
    words = drawing.cut(standing_words(stand, drawing.names), drawing.width - columns(first) - 1)
    tone = Tone.STRONG if stand.standing is Standing.HERE else Tone.PLAIN
    return Line(f"{first}{words}", tone=tone, indent=1)


def _phase_line(
    definition: Definition,
    found: Iterable[tuple[tuple[str, str], StateStanding]],
    drawing: Drawing,
) -> list[Line]:
    """The phases, each with the first of its states' standings; titles only where there is room."""
    best: dict[str, Standing] = {}
    order = list(Standing)
    for (track, name), stand in found:
        phase = definition.tracks[track].states[name].phase
        if phase is not None:
            best[phase] = min(best.get(phase, stand.standing), stand.standing, key=order.index)
    numbered = list(enumerate(definition.phases.items(), 1))
    for titled in ((*Standing,), (Standing.HERE,), ()):
        parts = [
            f"{drawing.signs[best[phase]]}{number}{f' {title}' if best[phase] in titled else ''}"
            for number, (phase, title) in numbered
            if phase in best
        ]
        if columns("Phase: " + "  ".join(parts)) <= drawing.width:
            break
    return [Line(drawing.cut("  ".join(parts), drawing.width - 7), "Phase:")] if best else []


def _packed(parts: Sequence[str], width: int) -> list[str]:
    """The parts in as few rows as possible, none of them broken."""
    rows: list[str] = []
    for part in parts:
        if rows and columns(f"{rows[-1]}  {part}") <= width:
            rows[-1] = f"{rows[-1]}  {part}"
        else:
            rows.append(cut(part, width))
    return rows
