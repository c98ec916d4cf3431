"""Moving a case: settling after each batch, and the transitions that clinicians take (rules 15 and 16)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.engine.batch import TakeEntry
from pathway.engine.ledger import Ledger, Stamp
from pathway.engine.readings import Readings
from pathway.engine.settling import EndlessSettlingError, Way, firing, takeable
from pathway.engine.view import Refusal
from pathway.language.evaluate import merged

SYSTEM = "pathway"


@dataclass(slots=True)
class Settling:
    """One batch settling. With `confirm`, the cause to log, confirmed transitions are taken as well:
    each state at most once, and not on tracks that are `held` for a take or were just `overridden`.
    """

    stamp: Stamp
    confirm: str | None
    held: set[str] = field(default_factory=set[str])
    overridden: set[str] = field(default_factory=set[str])
    left: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    rounds: int = 0


def basis_of(track: str, readings: Readings) -> tuple[int, ...]:
    """The log lines that a move of a track rests on: all its guards read, and how it came to be there."""
    entered = (readings.memory.stands[track].entered_seq,)
    return tuple(sorted(merged([entered, *(reason.basis for _, reason in readings.ways_out(track))])))


def settle(ledger: Ledger, settling: Settling) -> None:
    """Take all that fires on one snapshot, together, and again, until nothing does (rule 16)."""
    seen = [_configuration(ledger)]
    while True:
        moving = _firing(ledger, automatic=True)
        if moving:
            _move(ledger, moving, settling, "auto")
            _refuse_circle(ledger, seen)
            continue
        moving = _confirmed(ledger, settling)
        if not moving:
            return
        settling.left |= {(way.transition.track, way.transition.source) for way in moving}
        _move(ledger, moving, settling, settling.confirm or "clinician")
        seen = [_configuration(ledger)]


def _firing(ledger: Ledger, automatic: bool) -> list[Way]:
    found = [firing(track, ledger.readings, automatic) for track in ledger.compiled.definition.tracks]
    return [way for way in found if way is not None]


def _confirmed(ledger: Ledger, settling: Settling) -> list[Way]:
    """Confirmed transitions that fire: a run takes them, each state at most once an entry."""
    if settling.confirm is None:
        return []
    return [
        way
        for way in _firing(ledger, automatic=False)
        if way.transition.track not in settling.held | settling.overridden
        and (way.transition.track, way.transition.source) not in settling.left
    ]


def _configuration(ledger: Ledger) -> tuple[str, ...]:
    return tuple(stand.state for stand in ledger.memory.stands.values())


def _refuse_circle(ledger: Ledger, seen: list[tuple[str, ...]]) -> None:
    present = _configuration(ledger)
    if present in seen:
        circle = " -> ".join("/".join(states) for states in (*seen[seen.index(present) :], present))
        raise EndlessSettlingError(
            f"this pathway goes round in a circle ({circle}); nothing of this entry was recorded. "
            "Its author has to break the circle: `pathway check` shows where"
        )
    seen.append(present)


def _move(ledger: Ledger, moving: list[Way], settling: Settling, cause: str) -> None:
    """Apply transitions that were judged on one snapshot."""
    settling.rounds += 1
    basis = {way.transition.track: basis_of(way.transition.track, ledger.readings) for way in moving}
    by = SYSTEM if cause == "auto" else settling.stamp.by
    for way in moving:
        transition = way.transition
        event = ev.TransitionTaken(
            **ledger.line(settling.stamp.signed(by)),
            track=transition.track,
            source=transition.source,
            to=ledger.compiled.fire(transition, way.reason.verdict),
            cause=cause,
            guard=way.reason.text,
            basis=basis[transition.track],
            round=settling.rounds,
        )
        ledger.append(event, [("track", transition.track)])


def take_way(ledger: Ledger, take: TakeEntry, settling: Settling, refused: list[Refusal]) -> None:
    """The clinician's own transition: taken if it is open, refused with the reason otherwise."""
    if _just_taken(ledger, take, settling.stamp.batch):
        return
    way, why = takeable(take.track, take.to, ledger.readings)
    if way is None:
        refused.append(Refusal(f"{take.track} -> {take.to}", why))
        return
    settling.left.add((take.track, way.transition.source))
    _move(ledger, [way], settling, settling.confirm or "clinician")


def _just_taken(ledger: Ledger, take: TakeEntry, batch: int) -> bool:
    last = next((move for move in reversed(ledger.memory.path) if move.track == take.track), None)
    return last is not None and last.batch == batch and last.to == take.to
