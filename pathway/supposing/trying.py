"""Supposed entries, and a fixed number of forks to try them on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pathway.engine import events as ev
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry
from pathway.engine.case import Case
from pathway.engine.entries import EntryError

SUPPOSED = "supposed"
MOST_WAITS = 24


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that can be entered: a `fact`, or that an action was `done` or `declined`."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A lever with what is supposed of it; deeds have no value."""

    lever: Lever
    entered: str | tuple[str, ...] = ""


Settings: TypeAlias = tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A fork in which something was supposed, and the events that followed."""

    case: Case
    events: tuple[ev.Event, ...]

    def misjudged(self) -> list[str]:
        """The actions that would have been done while held or blocked: nobody is told to do these."""
        deeds = [event for event in self.events if isinstance(event, ev.ActionDone)]
        return [deed.action for deed in deeds if deed.judged != "recommended"]

    def has_moved(self, track: str, source: str, to: str) -> bool:
        """Whether the track took this way."""
        moves = [event for event in self.events if isinstance(event, ev.TransitionTaken)]
        return any((move.track, move.source, move.to) == (track, source, to) for move in moves)


def batch_of(settings: Settings, at: int, by: str, recorded_at: int) -> Batch:
    """The entry that a supposition amounts to."""

    def names(kind: str) -> list[str]:
        return [one.lever.name for one in settings if one.lever.kind == kind]

    facts = [FactEntry(one.lever.name, one.entered) for one in settings if one.lever.kind == "fact"]
    return Batch(
        at,
        by,
        recorded_at,
        facts=tuple(facts),
        done=tuple(DeedEntry(name) for name in names("done")),
        declined=tuple(DeclineEntry(name, SUPPOSED) for name in names("declined")),
    )


class Trials:
    """Forks of one case, counted: after `most` of them no more is tried. Deterministic, without a clock."""

    def __init__(self, case: Case, most: int) -> None:
        self.base = case.fork()
        self.view = self.base.view
        self.most = most
        self.tried = 0

    @property
    def spent(self) -> bool:
        return self.tried >= self.most

    def enter(self, settings: Settings) -> Trial | None:
        """The case with the settings entered now; None where they cannot be, or nothing is left to try."""
        if self.spent:
            return None
        self.tried += 1
        fork, now = self.base.fork(), self.base.now
        if not settings:
            return Trial(fork, ())
        try:
            return Trial(fork, fork.enter(batch_of(settings, now, SUPPOSED, now)))
        except EntryError:  # a value that does not go with the others, or a circle
            return None

    def waits(self, settings: Settings) -> Iterator[Trial]:
        """The case with the settings entered, at each instant after that at which something can change."""
        trial = self.enter(settings)
        for _ in range(MOST_WAITS):
            if trial is None or self.spent:
                return
            instant = trial.case.view.next_change_at
            if instant is None:
                return
            self.tried += 1
            trial = self.at(trial, instant)
            if trial is not None:
                yield trial

    def at(self, trial: Trial, instant: int) -> Trial | None:
        """The same trial once time has passed to an instant; it is spent by this."""
        try:
            step = trial.case.pass_time(instant, instant)
        except EntryError:
            return None
        return Trial(trial.case, (*trial.events, *step.events))
