"""The moves of one round against what the guards said on its snapshot (rules 12 to 16)."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import events as ev
from pathway.engine.moving import basis_of
from pathway.engine.readings import Readings
from pathway.engine.settling import Way, ways
from pathway.language.verdict import Verdict
from pathway.replay.divergence import (
    CONFLICT,
    MISSING_MOVE,
    NOT_AUTOMATIC,
    NOT_TRUE,
    OTHER_EVIDENCE,
    UNKNOWN_GUARD,
    UNKNOWN_STATE,
    WRONG_BRANCH,
    WRONG_ORDER,
    diverge,
    event_words,
    reason_words,
    way_words,
    ways_words,
)


def check_automatic(moves: Sequence[ev.TransitionTaken], pending: Sequence[Way], readings: Readings) -> None:
    """The automatic moves of a round are exactly those that fire, in the order of the tracks."""
    for move in moves:
        way = _way(move, readings)
        instead = next((one for one in pending if one.transition.track == move.track), None)
        if instead is None or instead.transition is not way.transition:
            _refuse(move, way, instead, readings)
        _check_evidence(move, way, readings)
    _check_complete(moves, pending)


def check_round(moves: Sequence[ev.TransitionTaken], pending: Sequence[Way], expected: int) -> None:
    """Rounds are counted without gaps; where one is skipped, what was due in it is missing."""
    first = moves[0]
    if first.round == expected:
        return
    logged = {(move.track, move.source, move.to) for move in moves}
    for way in pending:
        transition = way.transition
        if (transition.track, transition.source, transition.to) not in logged:
            diverge(first.seq, MISSING_MOVE, way_words(way), event_words(first), reason_words(way.reason))
    why = "rounds of one batch are counted without gaps"
    diverge(first.seq, WRONG_ORDER, f"round {expected}", f"round {first.round}", why)


def check_chosen(moves: Sequence[ev.TransitionTaken], pending: Sequence[Way], readings: Readings) -> None:
    """A move that somebody chose was open, or one side of a conflict; nothing automatic was due before it."""
    for way in pending:
        why = f"{reason_words(way.reason)}: automatic moves come first"
        diverge(moves[0].seq, MISSING_MOVE, way_words(way), event_words(moves[0]), why)
    for move in moves:
        way = _way(move, readings)
        if way.standing not in ("open", "conflict"):
            _refuse(move, way, None, readings)
        _check_evidence(move, way, readings)
    tracks = [move.track for move in moves]
    _refuse_twice(moves, tracks)


def _check_complete(moves: Sequence[ev.TransitionTaken], pending: Sequence[Way]) -> None:
    tracks = [move.track for move in moves]
    expected = [way.transition.track for way in pending]
    for way in pending:
        if way.transition.track not in tracks:
            why = f"{reason_words(way.reason)} on the same snapshot"
            diverge(moves[0].seq, MISSING_MOVE, way_words(way), event_words(moves[0]), why)
    _refuse_twice(moves, tracks)
    if tracks != expected:
        why = "moves of one round stand in the order of the tracks"
        diverge(moves[0].seq, WRONG_ORDER, ", ".join(expected), ", ".join(tracks), why)


def _refuse_twice(moves: Sequence[ev.TransitionTaken], tracks: Sequence[str]) -> None:
    for index, move in enumerate(moves):
        if move.track in tracks[:index]:
            why = "a track moves once a round"
            diverge(move.seq, WRONG_ORDER, f"one move of {move.track}", event_words(move), why)


def _way(move: ev.TransitionTaken, readings: Readings) -> Way:
    """The way that a logged move names, as it stood."""
    state = readings.memory.stands[move.track].state
    found = ways(move.track, readings)
    if move.source != state:
        why = f"{move.track} is in {state}, not in {move.source}: a move before it is missing or was added"
        diverge(move.seq, WRONG_ORDER, f"{move.track} leaves {state}", event_words(move), why)
    leading = [way for way in found if way.transition.to == move.to]
    if not leading:
        why = f"no transition leads from {state} to {move.to}; {ways_words(found)}"
        diverge(move.seq, UNKNOWN_STATE, "a transition of this pathway", event_words(move), why)
    named = [way for way in leading if way.reason.text == move.guard] or leading
    return next((way for way in named if way.reason.verdict is Verdict.TRUE), named[0])


def _refuse(move: ev.TransitionTaken, way: Way, instead: Way | None, readings: Readings) -> None:
    """Say why a logged move does not follow."""
    expected = f"{move.track} stays in {move.source}" if instead is None else way_words(instead)
    why = reason_words(way.reason)
    if instead is not None:
        class_, why = WRONG_BRANCH, f"{why}; to {instead.transition.to}: {reason_words(instead.reason)}"
    elif way.reason.verdict is Verdict.FALSE:
        class_ = NOT_TRUE
    elif way.reason.verdict is Verdict.UNKNOWN:
        class_ = UNKNOWN_GUARD
    elif way.standing == "waiting":
        class_, why = UNKNOWN_GUARD, f"a sibling is not settled: {ways_words(ways(move.track, readings))}"
    elif way.standing == "conflict":
        class_, why = CONFLICT, f"two guards are TRUE: {ways_words(ways(move.track, readings))}"
    else:
        class_, why = NOT_AUTOMATIC, f"{why}, but this transition is for the clinician to confirm"
    diverge(move.seq, class_, expected, event_words(move), why)


def _check_evidence(move: ev.TransitionTaken, way: Way, readings: Readings) -> None:
    """The guard's text and the lines it rests on are as logged."""
    if move.guard != way.reason.text:
        why = f"the guard of {way_words(way)} is `{way.reason.text}`"
        diverge(move.seq, OTHER_EVIDENCE, f"guard `{way.reason.text}`", f"guard `{move.guard}`", why)
    basis = basis_of(move.track, readings)
    if move.basis != basis:
        why = f"the guards out of {move.source} rest on these lines: {reason_words(way.reason)}"
        diverge(move.seq, OTHER_EVIDENCE, f"basis {_lines(basis)}", f"basis {_lines(move.basis)}", why)


def _lines(basis: tuple[int, ...]) -> str:
    return ", ".join(str(seq) for seq in basis) or "none"
