"""What a person may want open: a way on, or an action; and which guards stand against that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pathway.engine import calls as called_for
from pathway.engine.case import Case
from pathway.engine.memory import Call
from pathway.engine.view import View
from pathway.language.definition import Do, Guard, Transition
from pathway.language.verdict import Verdict
from pathway.supposing.trying import Trial

TRUE, FALSE = Verdict.TRUE, Verdict.FALSE


@dataclass(frozen=True, slots=True)
class WayOn:
    """The way of a track from its present state to another."""

    track: str
    to: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An action, called for and with no safeguard against it."""

    action: str


Subject: TypeAlias = WayOn | Offer


@dataclass(frozen=True, slots=True)
class Target:
    """One way in which a subject can come to be open.

    `way` has to be open or taken, from its track's entry at the log line `entry`; then `action`, if any,
    has to be called for by `do` (since the log line `since`) and cleared.
    """

    way: Transition | None = None
    entry: int = 0
    action: str | None = None
    do: Do | None = None
    since: int = 0


def is_open(subject: Subject, view: View) -> bool:
    """Whether the subject stands open on this view."""
    if isinstance(subject, Offer):
        return any(
            one.action == subject.action and one.called and one.standing in ("recommended", "shown")
            for one in view.actions
        )
    return any(
        (way.track, way.to, way.standing) == (subject.track, subject.to, "open")
        for track in view.tracks
        for way in track.transitions
    )


def targets(case: Case, subject: Subject) -> tuple[Target, ...]:
    """The ways in which the subject can come to be open; none where nothing here leads to it."""
    if isinstance(subject, WayOn):
        stand = case.memory.stands[subject.track]
        out = case.compiled.state(subject.track, stand.state).next
        return tuple(Target(way, stand.entered_seq) for way in out if way.to == subject.to)
    return tuple(_offers(case, subject.action))


def _offers(case: Case, action: str) -> Iterator[Target]:
    """By a call that is still unanswered, or by a move that makes one."""
    for call in called_for.calls_of(action, case.readings):
        if not called_for.satisfied(call, case.readings):
            yield _of_call(call)
    for track, stand in case.memory.stands.items():
        for way in case.compiled.state(track, stand.state).next:
            if way.auto:
                for do in case.compiled.state(track, way.to).do:
                    if do.action == action:
                        yield Target(way, stand.entered_seq, action, do, len(case.events))


def _of_call(call: Call) -> Target:
    return Target(action=call.do.action, do=call.do, since=call.seq)


def is_met(target: Target, subject: Subject, trial: Trial) -> bool:
    """Whether the subject is open in a trial, by its view; a way that was taken at once was open."""
    if trial.misjudged():
        return False
    way = target.way
    if isinstance(subject, WayOn) and way is not None and trial.has_moved(way.track, way.source, way.to):
        return True
    still = way is None or target.action is not None or _is_there(trial, way)
    return still and is_open(subject, trial.case.view)


def _is_there(trial: Trial, way: Transition) -> bool:
    return trial.case.memory.stands[way.track].state == way.source


def unmet(target: Target, trial: Trial) -> tuple[Guard, ...]:
    """The guards that stand against a target in a trial: each needs some further change."""
    found = [*_against_way(target, trial), *_against_call(target, trial)]
    for action in (target.action, *trial.misjudged()):
        found += _against_action(action, trial) if action is not None else []
    return tuple({id(guard): guard for guard in found}.values())


def _against_way(target: Target, trial: Trial) -> Iterator[Guard]:
    way, readings = target.way, trial.case.readings
    if way is None or trial.has_moved(way.track, way.source, way.to):
        return
    state = readings.compiled.state(way.track, way.source)
    siblings = [one.when for one in state.next if one is not way and not one.when.is_otherwise]
    if not way.when.is_otherwise and readings.reason(way.when, target.entry).verdict is not TRUE:
        yield way.when
    if way.when.is_otherwise or not state.choice:
        yield from (one for one in siblings if readings.reason(one, target.entry).verdict is not FALSE)


def _against_call(target: Target, trial: Trial) -> Iterator[Guard]:
    do, readings = target.do, trial.case.readings
    if do is None:
        return
    if do.when is not None and readings.reason(do.when, target.since).verdict is not TRUE:
        yield do.when
    if do.until is not None and readings.reason(do.until, target.since).verdict is TRUE:
        yield do.until


def _against_action(action: str, trial: Trial) -> list[Guard]:
    readings = trial.case.readings
    return [
        safeguard.when
        for safeguard in readings.compiled.safeguards[action]
        if called_for.standing_of(safeguard, action, readings)[0] in ("blocks", "holds")
    ]
