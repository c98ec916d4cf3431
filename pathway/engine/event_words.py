"""The events of a log as sentences, in one wording; who tells them says how things are named."""

from __future__ import annotations

from typing import Protocol

from pathway.engine import events as ev

CAUSES = {
    "auto": "automatically",
    "clinician": "chosen by a clinician",
    "timeline": "by the timeline",
    "override": "OVERRIDE",
}
UNKNOWN_BECAUSE = {
    "not_asked": "not asked",
    "asked_unknown": "asked, and not known",
    "refused": "refused",
    "pending": "pending",
    "entry_error": "entered in error",
}


class Names(Protocol):
    """How a telling names facts, actions, places, safeguards, recorded values and times."""

    def fact(self, name: str, /) -> str: ...
    def action(self, name: str, /) -> str: ...
    def track(self, name: str, /) -> str: ...
    def state(self, track: str, state: str, /) -> str: ...
    def safeguard(self, name: str, /) -> str: ...
    def recorded(self, event: ev.FactRecorded, /) -> str: ...
    def time(self, at: int, /) -> str: ...


def event_words(event: ev.Event, names: Names) -> str:
    """One event as a sentence, without who wrote it and when."""
    match event:
        case ev.FactRecorded():
            corrected = " (corrects an earlier record)" if event.corrects is not None else ""
            return f"{names.fact(event.fact)} = {names.recorded(event)}{corrected}"
        case ev.FactRetracted():
            return f"{names.fact(event.fact)} is UNKNOWN from then on: {unknown_because(event)}"
        case ev.TransitionTaken():
            way = f"{names.state(event.track, event.source)} to {names.state(event.track, event.to)}"
            how = CAUSES.get(event.cause, event.cause)
            return f"{names.track(event.track)} moved from {way}, {how}{_because(event.reason)}"
        case ev.ActionDone():
            against = f" while {event.judged}" if event.judged in ("held", "blocked") else ""
            done = f"{names.action(event.action)} done {names.time(event.done_at)}"
            return f"{done}{against}{_because(event.reason)}"
        case ev.ActionDeclined():
            return f"{names.action(event.action)} declined ({event.judged}): {event.reason}"
        case ev.Overridden():
            code = event.code.replace("_", " ")
            return f"OVERRIDE {_overridden(event, names)}{_because(event.reason)} ({code})"
        case _:
            return _of_the_case(event, names)


def unknown_because(event: ev.FactRetracted) -> str:
    """Why a fact is not known, in words."""
    return UNKNOWN_BECAUSE.get(event.reason, event.reason)


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def _overridden(event: ev.Overridden, names: Names) -> str:
    if event.action is None:
        track, to = event.track or "", event.to or ""
        return f"returns {names.track(track)} to {names.state(track, to)}"
    lifted = f"of {', '.join(map(names.safeguard, event.safeguards))} " if event.safeguards else ""
    return f"{lifted}for {names.action(event.action)}"


def _of_the_case(event: ev.Event, names: Names) -> str:
    """What is told of the case as a whole, and not of the patient."""
    match event:
        case ev.CaseOpened():
            return f"case opened{f' ({event.label})' if event.label else ''}, times in {event.timezone}"
        case ev.TimePassed():
            return f"the clock reached {names.time(event.to)}"
        case ev.Undone():
            return f"UNDONE: entry {event.undone} taken back"
        case ev.Acknowledged():
            return f"{event.alert} acknowledged"
        case ev.NoteAdded():
            return f"note: {event.text}"
        case ev.CaseClosed():
            return f"case closed: {event.reason}"
        case _:
            return event.type.replace("_", " ")
