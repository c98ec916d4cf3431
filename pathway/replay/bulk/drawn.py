"""What is drawn as a decision diagram: which way out of a state is open, and how an action stands."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.language.definition import Safeguard, State
from pathway.logs.wire import STANDINGS
from pathway.replay.bulk.codes import UNSURE, YES
from pathway.replay.bulk.diagrams import Diagrams


def open_way(diagrams: Diagrams, state: State, first: int) -> int:
    """The diagram of the one way out of a state that is TRUE while none is UNKNOWN.

    It ends in the number of the way, counted from `first`; in -1 where there is none, or a person chooses.
    """
    asked = [place for place, way in enumerate(state.next) if way.when.expression is not None]
    other = next((place for place, way in enumerate(state.next) if way.when.expression is None), None)

    def outcome(verdicts: Sequence[int]) -> int | None:
        if state.choice or UNSURE in verdicts or list(verdicts).count(YES) > 1:
            return -1
        if any(verdict > YES for verdict in verdicts):
            return None
        if YES in verdicts:
            return first + asked[list(verdicts).index(YES)]
        return -1 if other is None else first + other

    guards = [way.when.expression for way in state.next if way.when.expression is not None]
    return diagrams.draw(guards, outcome)


def standing(diagrams: Diagrams, safeguards: Sequence[Safeguard]) -> int:
    """The diagram of how an action stands: it ends in a place of STANDINGS."""
    telling = [one for one in safeguards if one.effect == "block" or one.unknown == "hold"]

    def outcome(verdicts: Sequence[int]) -> int | None:
        each = list(zip(telling, verdicts, strict=True))
        if any(one.effect == "block" and verdict == YES for one, verdict in each):
            return STANDINGS.index("blocked")
        if any(verdict > YES for verdict in verdicts):
            return None
        held = any(one.unknown == "hold" and verdict == UNSURE for one, verdict in each)
        return STANDINGS.index("held" if held else "recommended")

    guards = [one.when.expression for one in telling]
    return diagrams.draw([guard for guard in guards if guard is not None], outcome)
