"""Moving: which transitions fire, and settling until nothing does (rules 12 to 16)."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.readings import Readings
from pathway.language.definition import Transition
from pathway.language.verdict import Reason, Verdict

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


class EndlessSettlingError(Exception):
    """A configuration came back while settling: the pathway goes round in a circle."""


@dataclass(frozen=True, slots=True)
class Way:
    """A transition out of a present state with its reason and standing.

    `standing`: open (can be taken), waiting (UNKNOWN, or TRUE beside an UNKNOWN sibling), closed, conflict.
    """

    transition: Transition
    reason: Reason
    standing: str
    needs: tuple[str, ...]


def ways(track: str, readings: Readings) -> tuple[Way, ...]:
    """The ways out of a track's present state, judged on one snapshot (rules 12 and 13)."""
    known = readings.ways_known.get(track)
    if known is None:
        known = readings.ways_known[track] = tuple(_ways(track, readings))
    return known


def _ways(track: str, readings: Readings) -> list[Way]:
    rows = readings.ways_out(track)
    choice = readings.compiled.state(track, readings.memory.stands[track].state).choice
    open_siblings = tuple(dict.fromkeys(need for _, reason in rows for need in reason.needs))
    true_ones = sum(reason.verdict is TRUE for _, reason in rows)
    undecided = any(reason.verdict is UNKNOWN for _, reason in rows)
    found: list[Way] = []
    for transition, reason in rows:
        standing = _standing(reason.verdict, choice, true_ones, undecided)
        needs = open_siblings if reason.verdict is TRUE and standing == "waiting" else reason.needs
        found.append(Way(transition, reason, standing, needs))
    return found


def _standing(verdict: Verdict, choice: bool, true_ones: int, undecided: bool) -> str:
    if verdict is FALSE:
        return "closed"
    if verdict is UNKNOWN:
        return "waiting"
    if choice:
        return "open"
    if true_ones > 1:
        return "conflict"
    return "waiting" if undecided else "open"


def firing(track: str, readings: Readings, automatic: bool) -> Way | None:
    """The way that fires: TRUE with every sibling FALSE, and no choice left to the clinician."""
    if readings.compiled.state(track, readings.memory.stands[track].state).choice:
        return None
    for way in ways(track, readings):
        if way.standing == "open" and way.transition.auto is automatic:
            return way
    return None


def takeable(track: str, to: str, readings: Readings) -> tuple[Way | None, str]:
    """The way a clinician may take to a state, or why not: open ways, and either side of a conflict."""
    leading = [way for way in ways(track, readings) if way.transition.to == to]
    if not leading:
        state = readings.memory.stands[track].state
        return None, f"no transition leads there from {state}"
    for way in leading:
        if way.standing in ("open", "conflict"):
            return way, ""
    way = leading[0]
    if way.standing == "waiting":
        return None, f"it waits for {', '.join(way.needs) or 'a fact'} ({way.reason.text})"
    return None, f"its guard is FALSE ({way.reason.text})"
