"""The path of one case on the chart: where it went, in which order and when, and where it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagrams.overlays.captions import Caption, Sample
from diagrams.overlays.clocks import Clock
from diagrams.overlays.elements import (
    StateId,
    WayId,
    beside,
    box_id,
    box_number,
    dim,
    line_id,
    link_id,
    numbered,
    paint,
    place_of,
    start_ids,
    state_of,
    thicken,
)
from diagrams.overlays.marks import BLUE, DARK, GREY, HERE, NUMBER, QUIET, TIME, WARN, WHITE, Look
from diagrams.overlays.sheet import Sheet
from pathway.engine import events as ev
from pathway.engine.memory import effective
from pathway.language.definition import Definition

WAITING = Look(WHITE, QUIET, GREY, dash="4,2", corner=2.0)
RING = Look(WHITE, DARK, DARK, thickness="3.5", corner=9.0)
_WAITING_RING = Look(WHITE, GREY, GREY, thickness="2", dash="6,3", corner=9.0)
_MOST_NUMBERS = 4
THICKNESS, _OUTLINE = "4", "2.4"


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the case: the `number`-th, at an instant (seconds since 1970 UTC).

    `left` is the number of the box it left. `way` is None for a return by override, which goes along no
    line of the chart.
    """

    number: int
    at: int
    source: StateId
    to: StateId
    way: WayId | None
    cause: str
    left: str

    @property
    def is_override(self) -> bool:
        return self.cause == "override"


@dataclass(frozen=True, slots=True)
class Lifted:
    """A safeguard overridden: the action in words, and the states that called for it then."""

    at: int
    action: str
    states: tuple[StateId, ...]


@dataclass(frozen=True, slots=True)
class PathTaken:
    """Where a case has been, as its log tells; what was undone does not count (`undone`: how often).

    `here` holds the present state of each track with the time since when, `titles` the states in words.
    """

    case: str | None
    timezone: str
    opened: int
    at: int
    moves: tuple[Move, ...]
    here: Mapping[StateId, int]
    lifted: tuple[Lifted, ...]
    undone: int
    titles: Mapping[StateId, str]

    @property
    def clock(self) -> Clock:
        lifted = (one.at for one in self.lifted)
        return Clock(self.timezone, (self.opened, self.at, *(move.at for move in self.moves), *lifted))

    @property
    def moved(self) -> frozenset[str]:
        """The tracks that have moved."""
        return frozenset(move.source[0] for move in self.moves)


def path_taken(definition: Definition, events: Iterable[ev.Event], case: str | None = None) -> PathTaken:
    """The path that a log tells of, oldest move first. Raises ValueError for a log without its opening."""
    log = tuple(events)
    opened = log[0] if log else None
    if not isinstance(opened, ev.CaseOpened):
        raise ValueError("a case begins with case_opened")
    stands = {name: ((name, track.start), opened.at) for name, track in definition.tracks.items()}
    moves: list[Move] = []
    lifted: list[Lifted] = []
    for event in effective(log):
        if isinstance(event, ev.TransitionTaken):
            moves.append(_move(definition, event, len(moves) + 1))
            stands[event.track] = (moves[-1].to, event.at)
        elif isinstance(event, ev.Overridden) and event.action is not None:
            lifted.append(_lifted(definition, event, event.action, dict(stands.values())))
    here = dict(stands.values())
    undone = sum(isinstance(event, ev.Undone) for event in log)
    named = {state for move in moves for state in (move.source, move.to)} | set(here)
    titles = {state: numbered(definition, state) for state in sorted(named)}
    last, zone = max(event.at for event in log), opened.timezone
    return PathTaken(case, zone, opened.at, last, tuple(moves), here, tuple(lifted), undone, titles)


def _move(definition: Definition, event: ev.TransitionTaken, number: int) -> Move:
    source, to = (event.track, event.source), (event.track, event.to)
    left = box_number(definition, source)
    return Move(number, event.at, source, to, place_of(definition, event), event.cause, left)


def _lifted(definition: Definition, event: ev.Overridden, action: str, here: Mapping[StateId, int]) -> Lifted:
    standing = {state: state_of(definition, state) for state in here}
    calling = tuple(
        state
        for state, found in standing.items()
        if found is not None and any(do.action == action for do in found.do)
    )
    known = definition.actions.get(action)
    return Lifted(event.at, known.title if known is not None else action, calling)


# --- drawing --------------------------------------------------------------------------------------
def draw_path(svg: str, path: PathTaken) -> str:
    """The picture with the path of a case on it. Raises RenderError for what is no chart."""
    sheet, clock = Sheet(svg), path.clock
    seen = _seen(path)
    dim(sheet, (id for id in (*sheet.ways, *sheet.boxes) if id not in seen))
    _lines(sheet, path, clock)
    _visits(sheet, path, clock)
    _overrides(sheet, path, clock)
    _standing(sheet, path, clock)
    return sheet.written(_caption(sheet, path, clock))


def _seen(path: PathTaken) -> set[str]:
    """The boxes and lines that the case has been on."""
    states = {state for move in path.moves for state in (move.source, move.to)} | set(path.here)
    found = {id for state in states for id in (box_id(state), *beside(state))}
    found |= {f"to-{id}" for state in states for id in beside(state)}
    found |= {id for move in path.moves if move.way for id in (line_id(move.way), link_id(move.way))}
    return found | {id for track in path.moved for id in start_ids(track)}


def _lines(sheet: Sheet, path: PathTaken, clock: Clock) -> None:
    taken: dict[str, list[Move]] = {}
    for move in path.moves:
        if move.way is not None:
            taken.setdefault(line_id(move.way), []).append(move)
    for id, moves in taken.items():
        if id in sheet:
            thicken(sheet, id, BLUE, THICKNESS)
            times = ", ".join(clock.full(move.at) for move in moves)
            sheet.tell(id, f"taken {times}, as step {_numbers(moves, len(moves))}")
    for track in path.moved:
        if (entry := start_ids(track)[1]) in sheet:
            thicken(sheet, entry, BLUE, THICKNESS)


def _visits(sheet: Sheet, path: PathTaken, clock: Clock) -> None:
    """The numbers of the steps that led to each state, and the time of the last."""
    for track in sorted(path.moved):
        start = next(move.source for move in path.moves if move.source[0] == track)
        if box_id(start) in sheet:
            paint(sheet, box_id(start), stroke=BLUE, width=_OUTLINE)
            sheet.on_box(box_id(start), f"from {clock.time(path.opened)}", TIME)
    for state, moves in _by_state(path).items():
        id = box_id(state)
        if id not in sheet:
            continue
        paint(sheet, id, stroke=BLUE, width=_OUTLINE)
        times = ", ".join(f"step {move.number} at {clock.full(move.at)}" for move in moves)
        last = "last " if len(moves) > 1 else ""
        sheet.on_box(id, _numbers(moves, _MOST_NUMBERS), NUMBER, times)
        sheet.on_box(id, f"{last}{clock.time(moves[-1].at)}", TIME, times)
        sheet.tell(id, f"Entered: {times}")


def _by_state(path: PathTaken) -> dict[StateId, list[Move]]:
    found: dict[StateId, list[Move]] = {}
    for move in path.moves:
        found.setdefault(move.to, []).append(move)
    return found


def _numbers(moves: list[Move], most: int) -> str:
    """`3`, `3, 7`; of many the first and the last ones."""
    numbers = [str(move.number) for move in moves]
    if len(numbers) > most:
        numbers = [*numbers[: most - 2], "…", *numbers[-1:]]
    return ", ".join(numbers)


def _overrides(sheet: Sheet, path: PathTaken, clock: Clock) -> None:
    for move in (move for move in path.moves if move.is_override):
        words = f"override, from {move.left}"
        tip = f"returned by override from {path.titles[move.source]}, {clock.full(move.at)}"
        _warn(sheet, move.to, words, tip)
    for one in path.lifted:
        for state in one.states:
            tip = f"safeguard of {one.action} overridden, {clock.full(one.at)}"
            _warn(sheet, state, f"override {clock.time(one.at)}", tip)


def _warn(sheet: Sheet, state: StateId, words: str, tip: str) -> None:
    if box_id(state) in sheet:
        sheet.on_box(box_id(state), words, WARN, tip)
        sheet.tell(box_id(state), tip)


def _standing(sheet: Sheet, path: PathTaken, clock: Clock) -> None:
    for state, since in path.here.items():
        id = box_id(state)
        if id not in sheet:
            continue
        has_moved = state[0] in path.moved
        sheet.around_box(id, RING if has_moved else _WAITING_RING)
        words = f"YOU ARE HERE, since {clock.time(since)}" if has_moved else "HERE, NOT MOVED YET"
        sheet.on_box(id, words, HERE if has_moved else WAITING, below=True)
        sheet.tell(id, f"HERE NOW, since {clock.full(since)}")


def _caption(sheet: Sheet, path: PathTaken, clock: Clock) -> Caption:
    steps = "1 step" if len(path.moves) == 1 else f"{len(path.moves)} steps"
    of = f"The path of the case {path.case}" if path.case else "The path of a case"
    return Caption(
        f"{of}: {steps}, as of {clock.full(path.at)}",
        tuple(_remarks(sheet, path, clock)),
        (
            Sample("3", NUMBER, "the step by which the state was entered"),
            Sample("10:18", TIME, "when; blue outline: the case has been here"),
            Sample("YOU ARE HERE", HERE, "thick ring: where a track stands"),
            Sample("HERE, NOT MOVED YET", WAITING, "a track that is at its start"),
            Sample("override", WARN, "a safeguard lifted, or a return, by override"),
            Sample("box", Look(WHITE, QUIET, GREY, corner=2.0), "white with grey: not entered"),
        ),
    )


def _remarks(sheet: Sheet, path: PathTaken, clock: Clock) -> Iterator[str]:
    yield f"{clock.words}. Ways that were taken are thick and blue; what warns keeps its colour everywhere."
    if path.undone:
        times = "once" if path.undone == 1 else f"{path.undone} times"
        yield f"An entry was taken back {times}; what came of it then is not marked."
    if away := [move for move in path.moves if box_id(move.to) not in sheet]:
        words = "; ".join(f"{move.number} to {path.titles[move.to]}" for move in away)
        yield f"Steps that are not in this picture: {words}."
    if away := [state for state in path.here if box_id(state) not in sheet and state[0] in path.moved]:
        yield f"The case also stands at {'; '.join(path.titles[state] for state in away)}."
    if strange := [move for move in path.moves if move.way is None and not move.is_override]:
        words = "; ".join(f"{move.number} to {path.titles[move.to]}" for move in strange)
        yield f"Steps along no transition of this version of the pathway: {words}."
    if lifted := [one for one in path.lifted if not any(box_id(state) in sheet for state in one.states)]:
        words = "; ".join(f"{one.action}, {clock.full(one.at)}" for one in lifted)
        yield f"Safeguards overridden for actions that no box of this picture called for: {words}."
