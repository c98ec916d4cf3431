"""What can still come for a case: which states are open, waiting, possible or closed now, and for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagrams.overlays.captions import Caption, Sample
from diagrams.overlays.clocks import Clock
from diagrams.overlays.elements import (
    StateId,
    WayId,
    beside,
    box_id,
    dim,
    key,
    line_id,
    link_id,
    paint,
    thicken,
    ways_of,
)
from diagrams.overlays.marks import AMBER, BLUE, DARK, GREY, HERE, QUIET, RED, WHITE, Look
from diagrams.overlays.path_taken import RING
from diagrams.overlays.sheet import Sheet
from pathway.engine.view import TrackView, TransitionView, View
from pathway.language.definition import Definition

HERE_WORD, OPEN, WAITS, BEEN, POSSIBLE, CLOSED = (
    "here", "open now", "waits", "been", "possible", "closed now"
)  # fmt: skip
LOOKS = {
    HERE_WORD: HERE,
    OPEN: Look(BLUE, WHITE, BLUE, corner=0.0),
    WAITS: Look("#FFF3CC", DARK, AMBER, dash="4,2", thickness="1.8"),
    BEEN: Look(WHITE, QUIET, QUIET, corner=0.0),
    POSSIBLE: Look(WHITE, DARK, DARK),
    CLOSED: Look(WHITE, QUIET, GREY, dash="1.5,2.5", corner=0.0),
}
CONFLICT = Look(WHITE, RED, RED, thickness="2", corner=0.0)
_OUTLINES = {OPEN: (BLUE, "3.2", ""), WAITS: (AMBER, "2.4", "7,3"), BEEN: (QUIET, "1.6", "")}
_MEANINGS = {
    HERE_WORD: "thick ring: a track stands here",
    OPEN: "thick outline: the next step can be this one",
    WAITS: "dashed outline: a fact is missing",
    BEEN: "the case was here before",
    POSSIBLE: "may still come",
    CLOSED: "grey: ruled out while the facts stay as they are recorded",
}
_LONGEST = 34  # characters of a pill


@dataclass(frozen=True, slots=True)
class Stands:
    """How a state stands: one of the words of LOOKS, and the whole of it in words."""

    word: str
    detail: str


@dataclass(frozen=True, slots=True)
class WayStands:
    """How a transition out of a present state stands: open, waiting, closed or conflict; `needs` in words."""

    word: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """What can come for a case at an instant (seconds since 1970 UTC).

    `ways` are those out of the present states, `shut` all that lead to states closed now.
    """

    case: str | None
    timezone: str
    at: int
    states: Mapping[StateId, Stands]
    ways: Mapping[WayId, WayStands]
    shut: frozenset[WayId]


def standings_of(
    definition: Definition, view: View, states: Mapping[StateId, Stands], case: str | None = None
) -> Standings:
    """The standings of a view; `states` says of every state how it stands, since that takes foresight."""
    labels = {name: fact.label for name, fact in definition.facts.items()}
    ways = {place: stands for track in view.tracks for place, stands in _ways(definition, track, labels)}
    closed = {state for state, stands in states.items() if stands.word == CLOSED}
    shut = frozenset(key(way) for way in ways_of(definition) if (way.track, way.to) in closed)
    return Standings(case, view.timezone, view.at, states, ways, shut)


def _ways(
    definition: Definition, track: TrackView, labels: Mapping[str, str]
) -> Iterator[tuple[WayId, WayStands]]:
    written = definition.tracks[track.track].states[track.state].next
    left: list[TransitionView] = list(track.transitions)
    for way in written:
        shown = next((one for one in left if (one.to, one.reason.text) == (way.to, way.when.text)), None)
        if shown is not None:
            left.remove(shown)
            yield key(way), WayStands(shown.standing, tuple(labels.get(need, need) for need in shown.needs))


# --- drawing --------------------------------------------------------------------------------------
def draw_standings(svg: str, standings: Standings) -> str:
    """The picture with what can still come. Raises RenderError for what is no chart."""
    sheet = Sheet(svg)
    closed = [state for state, stands in standings.states.items() if stands.word == CLOSED]
    gone = [id for state in closed for id in (box_id(state), *beside(state))]
    gone += [id for way in standings.shut for id in (line_id(way), link_id(way))]
    dim(sheet, (id for id in gone if id in sheet))
    for state, stands in standings.states.items():
        if box_id(state) in sheet:
            _mark_state(sheet, box_id(state), stands)
    for way, stands in standings.ways.items():
        if line_id(way) in sheet:
            _mark_way(sheet, way, stands)
    return sheet.written(_caption(sheet, standings))


def _mark_state(sheet: Sheet, id: str, stands: Stands) -> None:
    look = LOOKS[stands.word]
    if stands.word == HERE_WORD:
        sheet.around_box(id, RING)
        sheet.on_box(id, _shown(HERE_WORD), look, below=True)
    else:
        words = stands.detail if stands.word == WAITS else stands.word
        sheet.on_box(id, _cut(words), look, stands.detail)
    if stands.word in _OUTLINES:
        colour, width, dash = _OUTLINES[stands.word]
        paint(sheet, id, stroke=colour, width=width, **({"dasharray": dash} if dash else {}))
    sheet.tell(id, f"This state: {stands.detail}")


def _mark_way(sheet: Sheet, way: WayId, stands: WayStands) -> None:
    short, look, colour, width = _of_way(stands)
    words = f"{short} for {', '.join(stands.needs)}" if short == WAITS and stands.needs else short
    thicken(sheet, line_id(way), colour, width)
    sheet.on_way(line_id(way), short, look, words)
    sheet.tell(line_id(way), words)
    if box_id((way[0], way[1])) in sheet:
        sheet.tell(box_id((way[0], way[1])), f"The way {way[2] + 1} on: {words}")


def _of_way(stands: WayStands) -> tuple[str, Look, str, str]:
    match stands.word:
        case "open":
            return "open", LOOKS[OPEN], BLUE, "4"
        case "waiting":
            return WAITS, LOOKS[WAITS], AMBER, "2.6"
        case "conflict":
            return "conflict", CONFLICT, RED, "3"
        case _:
            return "FALSE now", LOOKS[CLOSED], GREY, "1.3"


def _shown(word: str) -> str:
    return "YOU ARE HERE" if word == HERE_WORD else word


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _caption(sheet: Sheet, standings: Standings) -> Caption:
    of = f" for the case {standings.case}" if standings.case else ""
    clock = Clock(standings.timezone, (standings.at,))
    drawn = {stands.word for stands in standings.states.values()}
    return Caption(
        f"What can still come{of}, as of {clock.full(standings.at)}",
        tuple(_remarks(sheet, standings, clock)),
        (
            *(Sample(_shown(word), LOOKS[word], _MEANINGS[word]) for word in LOOKS if word in drawn),
            *([Sample("conflict", CONFLICT, "two ways are TRUE: the case waits for a decision")]
              if any(way.word == "conflict" for way in standings.ways.values()) else []),
        ),
    )  # fmt: skip


def _remarks(sheet: Sheet, standings: Standings, clock: Clock) -> Iterator[str]:
    yield (
        f"{clock.words}. Unknown facts rule nothing out: what is not marked as closed may come. "
        "A correction, a new value or an override may open what is closed."
    )
    away = [state for state, stands in standings.states.items() if box_id(state) not in sheet]
    if away:
        yield f"{len(away)} states of this pathway are not in this picture."
