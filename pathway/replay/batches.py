"""A log as batches: the events of one entry or one tick, at the one instant at which they were judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pathway.engine import events as ev

# Rule 15: the order inside a batch. A track's return by override stands with its override.
RANKS: dict[type[ev.Event], int] = {
    ev.CaseOpened: 0,
    ev.Undone: 0,
    ev.FactRetracted: 1,
    ev.FactRecorded: 2,
    ev.ActionDone: 3,
    ev.ActionDeclined: 4,
    ev.Overridden: 5,
    ev.Acknowledged: 6,
    ev.NoteAdded: 7,
    ev.TimePassed: 8,
    ev.TransitionTaken: 9,
    ev.CaseClosed: 10,
}


@dataclass(frozen=True, slots=True)
class LoggedBatch:
    """The events of one batch in logged order; `at` is the instant of the whole batch, in seconds UTC."""

    number: int
    at: int
    events: tuple[ev.Event, ...]

    @property
    def first(self) -> ev.Event:
        return self.events[0]

    @property
    def facts(self) -> tuple[ev.FactRecorded | ev.FactRetracted, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.FactRecorded | ev.FactRetracted))

    @property
    def recorded(self) -> tuple[ev.FactRecorded, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.FactRecorded))

    @property
    def deeds(self) -> tuple[ev.ActionDone, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.ActionDone))

    @property
    def declined(self) -> tuple[ev.ActionDeclined, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.ActionDeclined))

    @property
    def overrides(self) -> tuple[ev.Overridden, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.Overridden))

    @property
    def moves(self) -> tuple[ev.TransitionTaken, ...]:
        return tuple(one for one in self.events if isinstance(one, ev.TransitionTaken))


def rank(event: ev.Event) -> int:
    """Where an event stands inside its batch (rule 15)."""
    if isinstance(event, ev.TransitionTaken) and event.cause == "override":
        return RANKS[ev.Overridden]
    return RANKS[type(event)]


def batches(events: Iterable[ev.Event]) -> list[LoggedBatch]:
    """The batches of a log in order, each with its instant."""
    groups = [tuple(group) for _, group in groupby(events, key=lambda event: event.batch)]
    found: list[LoggedBatch] = []
    clock = 0
    for group, latest in zip(groups, _latest(groups), strict=True):
        at = _instant(group)
        if at is None:
            at = max(clock, min(group[0].recorded_at, latest), *(event.at for event in group))
        clock = max(clock, at)
        found.append(LoggedBatch(group[0].batch, at, group))
    return found


def _instant(group: Sequence[ev.Event]) -> int | None:
    """When a batch was entered; None where it holds nothing but facts, which may be older than it."""
    told = [
        one.to if isinstance(one, ev.TimePassed) else one.at
        for one in group
        if not isinstance(one, ev.FactRecorded)
    ]
    return max(told, default=None)


def _latest(groups: Sequence[Sequence[ev.Event]]) -> list[int]:
    """For each batch the instant of the next one that tells its own; its writing-down where none does."""
    found: list[int] = []
    latest: int | None = None
    for group in reversed(groups):
        found.append(group[0].recorded_at if latest is None else latest)
        at = _instant(group)
        latest = at if at is not None else latest
    return found[::-1]
