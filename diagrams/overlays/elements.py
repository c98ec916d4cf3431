"""Which element of a chart shows which state, transition or action, by the ids that charts give them."""

from __future__ import annotations

from collections.abc import Iterable

from diagrams.overlays.marks import GREY, QUIET, WHITE
from diagrams.overlays.sheet import Sheet
from pathway.language.definition import Definition, State
from pathway.replay.coverage.places import StateId, WayId, states_of, ways_of
from pathway.replay.coverage.places import way_id as key
from pathway.replay.coverage.places import way_taken as place_of

__all__ = ["StateId", "WayId", "key", "place_of", "states_of", "ways_of"]

NEVER_DIMMED = frozenset({"escalation", "interrupt", "shown", "shows"})
SAFEGUARD_INK = "#A83200"


def box_id(state: StateId) -> str:
    """The box of a state."""
    return f"state-{state[0]}-{state[1]}"


def beside(state: StateId) -> tuple[str, str]:
    """The boxes beside a state: the actions of a decision, and what is no order."""
    return f"calls-{box_id(state)}", f"shown-{box_id(state)}"


def line_id(way: WayId) -> str:
    """The line of a transition."""
    return f"way-{way[0]}-{way[1]}-{way[2]}"


def link_id(way: WayId) -> str:
    """The oval that stands for the end of a transition which is not drawn through."""
    return f"link-{way[0]}-{way[1]}-{way[2]}"


def start_ids(track: str) -> tuple[str, str]:
    """The box from which a track starts, and the line from it."""
    return f"start-{track}", f"entry-{track}"


def numbered(definition: Definition, state: StateId) -> str:
    """A state by its box number and title; by its name where this definition has no such state."""
    found = state_of(definition, state)
    return f"{found.number}. {found.title}" if found is not None else ".".join(state)


def box_number(definition: Definition, state: StateId) -> str:
    """The number of a state's box; its name where this definition has no such state."""
    found = state_of(definition, state)
    return str(found.number) if found is not None else ".".join(state)


def state_of(definition: Definition, state: StateId) -> State | None:
    """The state of that name; None where this definition has no such state."""
    track = definition.tracks.get(state[0])
    return track.states.get(state[1]) if track is not None else None


def dim(sheet: Sheet, ids: Iterable[str]) -> None:
    """Boxes white with a grey outline and grey words, lines grey; what warns keeps its colour."""
    for id in ids:
        if not sheet.classes(id) & NEVER_DIMMED:
            _grey(sheet, id)


def _grey(sheet: Sheet, id: str) -> None:
    is_way = "way" in sheet.classes(id)
    for shape in sheet.shapes(id):
        if shape.get("fill", "none") != "none":
            shape.set("fill", GREY if is_way else WHITE)
        shape.set("stroke", GREY)
    for text in sheet.texts(id):
        if text.get("fill", "").upper() != SAFEGUARD_INK:
            text.set("fill", QUIET)


def paint(sheet: Sheet, id: str, fill: str | None = None, ink: str | None = None, **outline: str) -> None:
    """Set the fill of filled shapes, the colour of words, and stroke, width, dasharray of the outline."""
    for shape in sheet.shapes(id):
        if fill is not None and shape.get("fill", "none") != "none":
            shape.set("fill", fill)
        for name, value in outline.items():
            shape.set(name if name == "stroke" else f"stroke-{name}", value)
    if ink is not None:
        for text in sheet.texts(id):
            text.set("fill", ink)


def thicken(sheet: Sheet, id: str, colour: str, width: str) -> None:
    """A line thick and in one colour, its arrow filled as it was."""
    for shape in sheet.shapes(id):
        shape.attrib.update({"stroke": colour, "stroke-width": width})
        if shape.get("fill", "none") != "none":
            shape.set("fill", colour)
