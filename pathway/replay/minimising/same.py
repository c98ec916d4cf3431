"""Whether two logs diverge in the same way: the same class, at the same guard or thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pathway.engine import events as ev
from pathway.replay.divergence import MISSING_MOVE, WRONG_BRANCH, WRONG_ORDER, Divergence

Fingerprint = tuple[str, ...]
_NUMBERS = re.compile(r"\d+")


def fingerprint(divergence: Divergence, events: Sequence[ev.Event]) -> Fingerprint:
    """What stays the same when other events are left out: class, subject, and the way that was due."""
    due = divergence.expected.rpartition(", then ")[2]
    if divergence.class_ == MISSING_MOVE:
        return divergence.class_, due
    found = (divergence.class_, *_subject(divergence, events))
    if divergence.class_ == WRONG_BRANCH:
        return (*found, due)
    if divergence.class_ == WRONG_ORDER:
        return (*found, _NUMBERS.sub("", divergence.why))
    return found


def _subject(divergence: Divergence, events: Sequence[ev.Event]) -> tuple[str, ...]:
    """What the line that does not follow is about."""
    event = events[divergence.seq - 1]
    match event:
        case ev.TransitionTaken():
            return event.track, event.source, event.to, event.guard
        case ev.FactRecorded() | ev.FactRetracted():
            return event.type, event.fact
        case ev.ActionDone() | ev.ActionDeclined():
            return event.type, event.action, event.judged
        case ev.Overridden():
            return event.type, event.action or "", event.track or "", event.to or ""
        case _:
            return (event.type,)
