"""What replaying some logs amounts to, in whole numbers only: two summaries add up exactly, in any order.

Nothing in it says in which file a case stood, so that cases amount to the same however they are spread over
files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pathway.language.definition import Definition
from pathway.logs.foreign.finding import Notes
from pathway.replay.deadlines import Kept
from pathway.replay.report.gathering import DeviationAt, Fitness
from pathway.replay.report.stays import Place

Key = TypeVar("Key")
HEAD = 32  # hexadecimal digits of a log's last hash that tell it from all others


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """One finding of its kind: of several the least, so that it is the same one whoever found it first."""

    case: str
    seq: int
    expected: str
    logged: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """How often something was found, in how many cases, and such as where."""

    times: int
    cases: int
    example: Example

    def __add__(self, other: Found) -> Found:
        example = min(self.example, other.example)
        return Found(self.times + other.times, self.cases + other.cases, example)


@dataclass(slots=True)
class Stayed:
    """The stays in one state: how many that ended lasted how many seconds, and how many had not ended."""

    ended: Counter[int] = field(default_factory=Counter[int])
    still: int = 0

    def at_share(self, tenths: int) -> int | None:
        """The shortest length that so many tenths of the stays do not exceed; None where none ended."""
        count = self.ended.total()
        if not count:
            return None
        left = max((tenths * count + 9) // 10, 1)
        for length in sorted(self.ended):
            left -= self.ended[length]
            if left <= 0:
                return length
        return max(self.ended)


@dataclass(slots=True)
class OfPathway:
    """All logs of one version of one pathway; `overdue` counts what was due when its log ended, not done."""

    pathway: str
    version: str
    digest: str
    title: str
    status: str
    stamp: str | None
    logs: int = 0
    conforming: int = 0
    damaged: int = 0
    followed: int = 0
    events: int = 0
    deviations: dict[DeviationAt, Found] = field(default_factory=dict[DeviationAt, Found])
    deadlines: dict[str, Kept] = field(default_factory=dict[str, Kept])
    overdue: Counter[str] = field(default_factory=Counter[str])
    stays: dict[Place, Stayed] = field(default_factory=dict[Place, Stayed])

    @classmethod
    def of(cls, definition: Definition) -> OfPathway:
        """Nothing yet of a pathway."""
        return cls(
            definition.id,
            definition.version,
            definition.digest,
            definition.title,
            definition.status,
            definition.stamp,
        )

    @property
    def key(self) -> tuple[str, str]:
        return self.pathway, self.digest

    @property
    def fitness(self) -> Fitness:
        """How far the logs follow; those that are damaged are left out of it."""
        return Fitness(self.followed, self.events)

    def add(self, other: OfPathway) -> None:
        """Add what other logs of the same pathway amount to."""
        self.logs += other.logs
        self.conforming += other.conforming
        self.damaged += other.damaged
        self.followed += other.followed
        self.events += other.events
        add_found(self.deviations, other.deviations)
        for name, kept in other.deadlines.items():
            self.deadlines[name] = _sum(self.deadlines.get(name, Kept(name, 0, 0, 0)), kept)
        self.overdue.update(other.overdue)
        for place, stayed in other.stays.items():
            mine = self.stays.setdefault(place, Stayed())
            mine.ended += stayed.ended
            mine.still += stayed.still

    def found(self, at: DeviationAt, found: Found) -> None:
        """Note one more finding."""
        add_found(self.deviations, {at: found})


@dataclass(slots=True)
class Summary:
    """What some logs amount to. `heads` tells how often each log was met, by its last hash.

    `unreadable` are findings of logs of which not even the pathway is known, by class; `rows` says what of
    the rows of logs of other programs was passed over.
    """

    logs: int = 0
    events: int = 0
    conforming: int = 0
    pathways: dict[tuple[str, str], OfPathway] = field(default_factory=dict[tuple[str, str], OfPathway])
    unreadable: dict[str, Found] = field(default_factory=dict[str, Found])
    heads: Counter[str] = field(default_factory=Counter[str])
    rows: Notes | None = None

    @property
    def divergent(self) -> int:
        return self.logs - self.conforming

    @property
    def copies(self) -> int:
        """How many logs are the very same as another one; each is counted as often as it was met."""
        return self.heads.total() - len(self.heads)

    @property
    def cannot_be_read(self) -> int:
        """How many logs are damaged or of an unknown pathway."""
        unknown = sum(found.cases for found in self.unreadable.values())
        return unknown + sum(of.damaged for of in self.pathways.values())

    def of(self, fresh: OfPathway) -> OfPathway:
        """What is known of a pathway so far."""
        return self.pathways.setdefault(fresh.key, fresh)

    def add(self, other: Summary) -> None:
        """Add what other logs amount to. `other` is not to be used any more."""
        self.logs += other.logs
        self.events += other.events
        self.conforming += other.conforming
        self.heads.update(other.heads)
        add_found(self.unreadable, other.unreadable)
        self.add_rows(other.rows)
        for of in other.pathways.values():
            mine = self.of(of)
            if mine is not of:
                mine.add(of)

    def add_rows(self, other: Notes | None) -> None:
        """Add what was passed over in other files."""
        if self.rows is None or other is None:
            self.rows = self.rows or other
            return
        one = self.rows
        self.rows = Notes(
            one.rows + other.rows,
            one.entered + other.entered,
            one.moved + other.moved,
            Counter(one.ignored) + Counter(other.ignored),
            Counter(one.other_lifecycle) + Counter(other.other_lifecycle),
            tuple(sorted(set(one.never_filled) & set(other.never_filled))),
        )


def add_found(to: dict[Key, Found], other: Mapping[Key, Found]) -> None:
    """Add findings to those of the same kind."""
    for key, found in other.items():
        known = to.get(key)
        to[key] = found if known is None else known + found


def _sum(one: Kept, other: Kept) -> Kept:
    return Kept(one.action, one.met + other.met, one.late + other.late, one.never + other.never)
