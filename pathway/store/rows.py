"""The rows that a store of cases consists of, and what a database has to offer to keep them.

A case has courses: one log on one version of its pathway, and one more each time it is moved to another.
A course has lines, those of its log word for word, the header being line 0. A step is what was recorded at
once, and the seals of the steps make one chain over the whole store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from pathway.logs.wire import canonical

BEFORE_ALL = ""  # stands where the first step has no seal before it


@dataclass(frozen=True, slots=True)
class Course:
    """One log of a case. `number` is the store's own for it; `ordinal` counts the logs of a case from 1."""

    number: int
    case: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Step:
    """What was recorded at once in a course: its lines up to `last_seq`.

    `number` counts all steps of the store from 1 without a gap. `batch` and `clock` (the latest time, seconds
    since 1970 UTC) are those of the log by then, `head` is the hash of its last line. `recorded_at` is when.
    """

    number: int
    course: int
    last_seq: int
    batch: int
    clock: int | None
    recorded_at: int
    head: str
    seal: str = ""

    def sealed(self, course: Course, before: str) -> Step:
        """This step with its seal: SHA-256 (hex) over the seal before it and what this step says."""
        told = {
            "batch": self.batch,
            "case": course.case,
            "clock": self.clock,
            "course": course.ordinal,
            "head": self.head,
            "recorded_at": self.recorded_at,
            "seq": self.last_seq,
            "step": self.number,
        }
        seal = hashlib.sha256(before.encode("ascii") + canonical(told)).hexdigest()
        return replace(self, seal=seal)


class Reading(Protocol):
    """A look at all rows at one moment. Everything it is asked raises StoreError where it cannot be read."""

    def course(self, case_id: str) -> Course | None:
        """The last course of a case."""
        ...

    def courses(self, case_id: str) -> Sequence[Course]:
        """All courses of a case, in order."""
        ...

    def last_step(self, course: int | None = None) -> Step | None:
        """The last step of a course, or of the whole store."""
        ...

    def step(self, number: int) -> Step | None:
        """One step of the store."""
        ...

    def lines(self, course: int, first: int, last: int) -> Sequence[str]:
        """The lines `first` to `last` of a course, as many as there are, in order, without line ends."""
        ...

    def entries(self) -> Sequence[tuple[Course, Step]]:
        """The last course of every case with its last step, by case id."""
        ...

    def steps(self) -> Iterator[tuple[Course | None, Step]]:
        """All steps in order, each with its course, if that is there."""
        ...

    def all_courses(self) -> Sequence[Course]:
        """All courses of all cases, by number."""
        ...

    def courses_of_lines(self) -> Sequence[int]:
        """The numbers of all courses that have lines."""
        ...

    def damage(self) -> Sequence[str]:
        """What the database finds wrong with its own structure, a sentence each without its full stop."""
        ...

    def definition(self, digest: str) -> str | None:
        """The kept text of a definition."""
        ...

    def digests(self) -> Sequence[str]:
        """The digests of all kept definitions."""
        ...


class Writing(Reading, Protocol):
    """The one who may add rows at a moment; all of them are kept together or none."""

    def add_course(self, case_id: str, ordinal: int) -> Course: ...

    def add_lines(self, course: int, first: int, lines: Sequence[str]) -> None: ...

    def add_step(self, step: Step) -> None: ...

    def add_definition(self, digest: str, text: str) -> None:
        """Keep a text; one that is there stays."""
        ...


class Tables(Protocol):
    """A database. Its context managers raise StoreError for whatever it cannot do."""

    @property
    def place(self) -> str: ...

    def reading(self) -> AbstractContextManager[Reading]:
        """A consistent look; an empty one where nothing was ever kept."""
        ...

    def close(self) -> None:
        """Let go of what this thread holds open; the next use opens it again."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Alone until it ends. Once it has ended without a fault, everything added is on the disk."""
        ...
