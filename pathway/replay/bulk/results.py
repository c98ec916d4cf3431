"""What came of replaying many cases: sums that no order changes, and the first divergences by case id."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pathway.replay.divergence import Divergence

MOST_TOLD = 1000


@dataclass(frozen=True, slots=True, order=True)
class Diverged:
    """A case that does not conform; in order of case ids, then of its content."""

    case: str
    seq: int
    class_: str
    expected: str
    logged: str
    why: str

    @classmethod
    def of(cls, case: str, found: Divergence) -> Diverged:
        return cls(case, found.seq, found.class_, found.expected, found.logged, found.why)


@dataclass(slots=True)
class BulkResult:
    """Counts over all cases. `singly` says how many were replayed by the single-case engine, and why."""

    cases: int = 0
    events: int = 0
    conforming: int = 0
    moves: int = 0
    classes: Counter[str] = field(default_factory=Counter[str])
    singly: Counter[str] = field(default_factory=Counter[str])
    final: Counter[str] = field(default_factory=Counter[str])
    kept: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    _told: list[Diverged] = field(default_factory=list[Diverged])

    @property
    def divergent(self) -> int:
        return self.cases - self.conforming

    @property
    def divergences(self) -> tuple[Diverged, ...]:
        """The first ones by case id, at most MOST_TOLD."""
        return tuple(sorted(self._told)[:MOST_TOLD])

    def diverges(self, found: Diverged) -> None:
        """Take note of a divergence."""
        self.classes[found.class_] += 1
        self._told.append(found)
        if len(self._told) > 2 * MOST_TOLD:
            self._told = sorted(self._told)[:MOST_TOLD]

    def add(self, other: BulkResult) -> None:
        """Add what came of other cases."""
        self.cases += other.cases
        self.events += other.events
        self.conforming += other.conforming
        self.moves += other.moves
        for mine, others in (
            (self.classes, other.classes),
            (self.singly, other.singly),
            (self.final, other.final),
        ):
            mine.update(others)
        self.kept.update(other.kept)
        self._told = sorted([*self._told, *other._told])[:MOST_TOLD]

    def as_object(self) -> dict[str, Any]:
        """For JSON: the fields of `pathway replay --json`, and the sums that bulk replay adds.

        Which engine judged a case is not in it: the document says the same whoever did.
        """
        actions = sorted({action for action, _ in self.kept})
        return {
            "logs": self.cases,
            "events": self.events,
            "conforming": self.conforming,
            "divergent": self.divergent,
            "divergences": [
                {
                    "log": one.case,
                    "seq": one.seq,
                    "expected": one.expected,
                    "logged": one.logged,
                    "class": one.class_,
                    "why": one.why,
                }
                for one in self.divergences
            ],
            "deadlines": [
                {"action": action, **{word: self.kept[action, word] for word in ("met", "late", "never")}}
                for action in actions
            ],
            "classes": dict(sorted(self.classes.items())),
            "moves": self.moves,
            "final": dict(sorted(self.final.items())),
        }

    def whole(self) -> dict[str, Any]:
        """The same with nothing left out, to be added up later."""
        return {**self.as_object(), "singly": dict(sorted(self.singly.items()))}

    def as_json(self) -> str:
        """The same bytes for the same cases, in whatever files and order they came."""
        return json.dumps(self.as_object(), indent=1, ensure_ascii=False)
