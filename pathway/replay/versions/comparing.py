"""Many logs held against another version, their partings grouped by the guard that causes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.replay.report.findings import Origin
from pathway.replay.versions.causes import Cause, cause_of
from pathway.replay.versions.routes import Apart, Compared, Parting, compared
from pathway.replay.versions.standings import OtherStanding

EXAMPLES = 3
TWICE = "the same log was read before; it is counted once"


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a group: the event of its log up to which it goes the same way, when, and the values."""

    origin: Origin
    seq: int
    at: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Fork:
    """What the cases of a group have in common. `was` and `now` are where the two go; None: they stay.

    `guard_was` and `guard_now` are the texts of the deciding guard; None where a version has no such way.
    """

    apart: Apart
    track: str
    state: str
    was: str | None
    now: str | None
    guard_was: str | None
    guard_now: str | None
    guard_to: str


@dataclass(slots=True)
class Group:
    """The cases that part at one fork."""

    fork: Fork
    cases: int = 0
    examples: list[Example] = field(default_factory=list[Example])


@dataclass(frozen=True, slots=True)
class Change:
    """An action that stands otherwise while the case goes the same way; `guard` is its safeguard's text."""

    action: str
    was: str
    now: str
    safeguard: str | None
    guard: str | None


@dataclass(slots=True)
class Standing:
    """The cases in which an action stands otherwise, with the first of them."""

    change: Change
    cases: int
    origin: Origin
    example: OtherStanding


@dataclass(slots=True)
class NotTaken:
    """An entry that the new version does not take, in so many cases."""

    what: str
    why: str
    cases: int
    example: Origin


@dataclass(slots=True)
class Comparison:
    """The logs that were held against the version `new` so far; `left_out` says why others could not be."""

    new: Definition
    cases: int = 0
    same: int = 0
    left_out: list[tuple[Origin, str]] = field(default_factory=list[tuple[Origin, str]])
    _groups: dict[Fork, Group] = field(default_factory=dict[Fork, Group])
    _refused: dict[tuple[str, str], NotTaken] = field(default_factory=dict[tuple[str, str], NotTaken])
    _standings: dict[Change, Standing] = field(default_factory=dict[Change, Standing])
    _heads: set[str] = field(default_factory=set[str])

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups, those with the most cases first."""
        return tuple(sorted(self._groups.values(), key=lambda one: (-one.cases, _order(one.fork))))

    @property
    def refused(self) -> tuple[NotTaken, ...]:
        return tuple(sorted(self._refused.values(), key=lambda one: (-one.cases, one.what, one.why)))

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(sorted(self._standings.values(), key=lambda one: (-one.cases, one.change.action)))

    @property
    def is_fine(self) -> bool:
        """Whether every case goes the same way with all its entries, and every action stands as it did.

        What could not be compared goes nobody knows where.
        """
        compared_all = all(why == TWICE for _, why in self.left_out)
        return compared_all and not (self._groups or self._refused or self._standings)

    def take(
        self,
        origin: Origin,
        events: Sequence[ev.Event],
        old: CompiledPathway | None,
        new: CompiledPathway,
        head: str | None = None,
    ) -> None:
        """Hold one log against the new version, compiled with the layers of the log.

        `old` is the very version that the log was written on, where it is there; `head` its last hash.
        """
        if head is not None and head in self._heads:
            self.left_out.append((origin, TWICE))
            return
        self._heads |= {head} if head is not None else set()
        found = compared(events, new, origin.case, _tracks(events, old), old)
        if found is None:
            why = "the new version cannot open this case" if events else "it has no event"
            self.left_out.append((origin, why))
            return
        self.cases += 1
        self.same += found.parting is None
        if found.parting is not None:
            self._part(origin, found.parting, cause_of(found.parting, events, old, new))
        self._count(origin, found)

    def _part(self, origin: Origin, parting: Parting, cause: Cause) -> None:
        fork = Fork(
            parting.apart,
            parting.track,
            parting.source,
            None if parting.was is None else parting.was.to,
            None if parting.now is None else parting.now.to,
            None if cause.was is None else cause.was.text,
            None if cause.now is None else cause.now.text,
            cause.to,
        )
        group = self._groups.setdefault(fork, Group(fork))
        group.cases += 1
        if len(group.examples) < EXAMPLES:
            group.examples.append(Example(origin, parting.seq, parting.at, cause))

    def _count(self, origin: Origin, found: Compared) -> None:
        for one in found.refused:
            known = self._refused.setdefault((one.what, one.why), NotTaken(one.what, one.why, 0, origin))
            known.cases += 1
        for one in found.standings:
            name, text = (None, None) if one.guard is None else (one.guard.name, one.guard.text)
            change = Change(one.action, one.was, one.now, name, text)
            self._standings.setdefault(change, Standing(change, 0, origin, one)).cases += 1


def _tracks(events: Sequence[ev.Event], old: CompiledPathway | None) -> frozenset[str]:
    """The tracks of the version that a log was written on; without it, those that move in the log."""
    if old is not None:
        return frozenset(old.definition.tracks)
    return frozenset(event.track for event in events if isinstance(event, ev.TransitionTaken))


def _order(fork: Fork) -> tuple[str, ...]:
    texts = (fork.track, fork.state, fork.was, fork.now, fork.guard_was, fork.guard_now)
    return (fork.apart.value, *(text or "" for text in texts))
