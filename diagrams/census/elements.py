"""An element of a pathway that must be read from every format: its kind, its place and its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from diagrams.tables import cited
from diagrams.text import inert
from pathway.language.definition import OTHERWISE, Definition, Guard, State


class Kind(Enum):
    """What an element is."""

    TRACK = "track"
    START = "start"
    PHASE = "phase"
    STATE = "state"
    ASKS = "question"
    TRANSITION = "transition"
    TIE = "line to the actions beside a step"
    GUARD = "guard"
    REMARK = "remark"
    ACTION = "action"
    NOT_AN_ORDER = "not an order"
    DEADLINE = "deadline"
    DOSE = "dose"
    DIVIDED = "division of a dose"
    SCHEDULE = "schedule"
    BOUND = "bound of an action"
    MARK = "mark of safeguards or notices"
    SAFEGUARD = "safeguard"
    NOTICE = "notice"
    ABOUT = "what a notice is about"
    DERIVED = "derived fact"
    SOURCES = "sources"
    SOURCES_OF_A_WAY = "sources of a transition"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing with the words that stand for it, inert, and the place at which they have to stand.

    Places: `state-TRACK-STATE`, `way-TRACK-STATE-INDEX` (its words) and `leads-...` (its two ends),
    `do-STATE-o1` (the first action that a state orders) and `do-STATE-s1` (the first that it only shows),
    `safeguard-G1`, `notice-N1`, `derived-FACT`, `uncalled-1`, `track-...`, `start-...`, `phase-...`.
    """

    kind: Kind
    place: str
    words: str

    def __str__(self) -> str:
        return f'{self.kind.value} "{self.words}" of {self.place}'


def place_of(state: State) -> str:
    """The place of a state."""
    return f"state-{state.track}-{state.name}"


def heading(state: State) -> str:
    """Number and title, by which screens, logs and tests call a state."""
    return inert(f"{state.number}. {state.title}")


def said(guard: Guard) -> str:
    """A condition in words."""
    return OTHERWISE if guard.expression is None else inert(guard.english)


def sources(cites: tuple[str, ...], layer: str | None, definition: Definition) -> str:
    """The statements that an element rests on, as every format names them."""
    return cited(cites, layer, definition)


def phrase(words: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; empty for nothing."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
