"""Where in the pathway a log stops following: the track, its state, and the guard with what it read."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import calls
from pathway.engine import events as ev
from pathway.engine.readings import Readings
from pathway.engine.settling import Way, firing, ways
from pathway.replay.conformance import Followed
from pathway.replay.divergence import MISSING_MOVE, Divergence, way_words
from pathway.replay.report.findings import GuardRead, Spot


def spot_of(found: Followed, events: Sequence[ev.Event]) -> Spot:
    """The place of the divergence of a log that was followed up to it."""
    divergence, walk = found.outcome.divergence, found.walk
    if divergence is None or not 0 < divergence.seq <= len(events):
        return Spot()
    readings = Readings(walk.compiled, walk.memory, walk.clock, walk.zone)
    event = events[divergence.seq - 1]
    if divergence.class_ == MISSING_MOVE:
        return _of_missing(divergence, readings)
    if isinstance(event, ev.TransitionTaken):
        return _of_move(event, readings)
    if isinstance(event, ev.ActionDone | ev.ActionDeclined | ev.Overridden) and event.action is not None:
        return of_action(event.action, readings)
    return Spot()


def _of_missing(divergence: Divergence, readings: Readings) -> Spot:
    """The place of a move that the facts call for and the log has not."""
    for track in readings.memory.stands:
        way = firing(track, readings, automatic=True)
        if way is not None and divergence.expected.endswith(way_words(way)):
            return _of_way(way)
    return Spot()


def _of_move(event: ev.TransitionTaken, readings: Readings) -> Spot:
    if event.track not in readings.memory.stands:
        return Spot(event.track, event.source)
    leading = [way for way in ways(event.track, readings) if way.transition.to == event.to]
    named = [way for way in leading if way.reason.text == event.guard] or leading
    return _of_way(named[0]) if named else Spot(event.track, readings.memory.stands[event.track].state)


def _of_way(way: Way) -> Spot:
    transition = way.transition
    return Spot(transition.track, transition.source, guard=GuardRead.of(way.reason))


def of_action(action: str, readings: Readings) -> Spot:
    """An action, with the state that called for it last and the first safeguard that stands against it."""
    if action not in readings.compiled.definition.actions:
        return Spot(action=action)
    called = calls.calls_of(action, readings)
    track, state = (called[-1].track, called[-1].state) if called else (None, None)
    for safeguard in readings.compiled.safeguards[action]:
        word, reason = calls.standing_of(safeguard, action, readings)
        if word in ("blocks", "holds"):
            return Spot(track, state, action, GuardRead.of(reason, safeguard.name))
    return Spot(track, state, action)
