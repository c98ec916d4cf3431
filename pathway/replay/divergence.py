"""Where a log stops following from its facts: which line, what was expected, what stands there, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from pathway.engine import events as ev
from pathway.engine.settling import Way
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.problems import visible
from pathway.language.verdict import FactUse, Reason

WRONG_BRANCH = "wrong branch"
NOT_TRUE = "guard not TRUE"
UNKNOWN_GUARD = "guard UNKNOWN"
NOT_AUTOMATIC = "not automatic"
CONFLICT = "conflict"
UNKNOWN_STATE = "unknown state"
UNKNOWN_NAME = "unknown name"
IMPOSSIBLE_VALUE = "impossible value"
WRONG_ORDER = "wrong order"
NO_EVENTS = "no events"
MISSING_MOVE = "missing move"
OTHER_EVIDENCE = "other evidence"
OTHER_STANDING = "other standing"
DEED_AND_FACT = "deed and fact"
OVERRIDE = "override"
UNDO = "undo"
TAMPERED = "tampered"
UNREADABLE = "unreadable"
TRUNCATED = "truncated"
DUPLICATED = "duplicated"
MISTYPED = "mis-typed"
OTHER_VERSION = "other version"
OTHER_PATHWAY = "other pathway"
SAFEGUARD_VIOLATED = "safeguard violated"
DEADLINE_MISSED = "deadline missed"


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first line of a log that does not follow. `seq` counts events from 1; 0 is the header."""

    seq: int
    class_: str
    expected: str
    logged: str
    why: str


@dataclass(frozen=True, slots=True)
class Conformance:
    """What came of replaying a log of `events` events."""

    conforms: bool
    events: int
    divergence: Divergence | None = None


class DivergedError(Exception):
    """The walk over a log has come to a line that does not follow."""

    def __init__(self, divergence: Divergence) -> None:
        super().__init__(divergence.why)
        self.divergence = divergence


def diverge(seq: int, class_: str, expected: str, logged: str, why: str) -> NoReturn:
    """Stop the walk here."""
    raise DivergedError(Divergence(seq, class_, expected, logged, why))


def move_words(track: str, source: str, to: str) -> str:
    """`care: intake -> workup`."""
    return f"{visible(track)}: {visible(source)} -> {visible(to)}"


def way_words(way: Way) -> str:
    """A way as it would stand in a log."""
    return move_words(way.transition.track, way.transition.source, way.transition.to)


def event_words(event: ev.Event) -> str:
    """An event in a few words."""
    if isinstance(event, ev.TransitionTaken):
        return f"{move_words(event.track, event.source, event.to)} ({event.cause})"
    if isinstance(event, ev.TimePassed):
        return f"time_passed to {format_instant(event.to, parse_zone())}"
    if isinstance(event, ev.FactRecorded | ev.FactRetracted):
        return f"{event.type} {visible(event.fact)}"
    if isinstance(event, ev.ActionDone | ev.ActionDeclined):
        return f"{event.type} {visible(event.action)}, while {event.judged}"
    return event.type


def reason_words(reason: Reason) -> str:
    """A guard's verdict with the values it rests on.

    >>> from pathway.language.verdict import Verdict
    >>> reason_words(Reason("inr > 1.4", "INR above 1.4", Verdict.FALSE))
    '`inr > 1.4` is FALSE'
    """
    uses = dict.fromkeys(_use_words(use) for atom in reason.atoms for use in atom.uses)
    given = f" ({', '.join(uses)})" if uses else ""
    needs = f"; it needs {', '.join(reason.needs)}" if reason.needs else ""
    return f"`{reason.text}` is {reason.verdict.value}{given}{needs}"


def ways_words(found: Iterable[Way]) -> str:
    """The verdicts of several guards."""
    return "; ".join(f"to {way.transition.to}: {reason_words(way.reason)}" for way in found)


def _use_words(use: FactUse) -> str:
    if use.value is None:
        return f"{use.fact} unknown: {use.why}" if use.why else f"{use.fact} unknown"
    unit = f" {use.unit}" if use.unit not in (None, "1") else ""
    line = f", event {use.seq}" if use.seq is not None else ""
    return f"{use.fact} = {visible(use.value)}{unit}{line}"
