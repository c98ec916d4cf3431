"""What any store of cases does, whatever it keeps them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pathway.engine.events import Event
from pathway.language.problems import Fault
from pathway.logs.chain import Header, Log


class StoreError(Fault):
    """A case cannot be kept or found; nothing was recorded. Says what, why and what to do."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        self.what = what
        self.why = why
        self.fix = fix
        super().__init__(f"{what}. {why}. {fix}")


class Conflict(StoreError):  # noqa: N818 - the word of the trade
    """Someone else recorded in the case meanwhile; nothing of ours was recorded."""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case in the list of cases. `last_at` in seconds since 1970 UTC, the latest time in its log.

    With `problem` its log is damaged, and the rest is what the good part says, if anything.
    """

    case: str
    pathway: str | None = None
    version: str | None = None
    digest: str | None = None
    label: str | None = None
    events: int = 0
    last_at: int | None = None
    closed: bool = False
    problem: str | None = None


class Store(Protocol):
    """Keeps the logs of cases. A call that returns has its events on the disk; one that raises, none."""

    def create(self, header: Header, events: Iterable[Event]) -> str:
        """Begin `header.case`; returns the head hash. Raises Conflict if there is one, StoreError."""
        ...

    def append(self, case_id: str, events: Iterable[Event], expected_seq: int) -> str:
        """Add events after the `expected_seq` known ones, all or none; returns the head hash.

        Raises Conflict when there are more than that by now, StoreError for anything else.
        """
        ...

    def load(self, case_id: str) -> Log:
        """The whole log, checked. Raises StoreError."""
        ...

    def cases(self) -> list[StoredCase]:
        """All cases, by id; a damaged one is listed with its problem. Raises StoreError."""
        ...

    def exists(self, case_id: str) -> bool:
        """Whether there is a case of this id, damaged or not. Raises StoreError."""
        ...
