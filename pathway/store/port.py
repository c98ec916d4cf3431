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


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """What the store itself tells of a case, its log unread.

    `written_at` in seconds since 1970 UTC, when its last step was recorded; `mark` is the number of that
    step in the store: another one after every recorded step.
    """

    case: str
    written_at: int
    mark: int


@dataclass(frozen=True, slots=True)
class CaseHead:
    """How a log begins: its header, and the label that the case was opened with."""

    header: Header
    label: str | None


class Store(Protocol):
    """Keeps the logs of cases. A call that returns has its events on the disk; one that raises, none.

    Only where the disk fails for so long that nobody can look, the message says that this is not known.
    """

    @property
    def place(self) -> str:
        """Where the cases are, for messages; no password is in it."""
        ...

    @property
    def caution(self) -> str | None:
        """What has to be known of entries that are kept all the same, such as a head that was not noted."""
        ...

    def create(self, header: Header, events: Iterable[Event], definition: str | None = None) -> str:
        """Begin `header.case`; returns the head hash. Raises Conflict if there is one, StoreError.

        `definition` is the text the case is begun on (`Definition.written`), kept with it.
        """
        ...

    def append(self, case_id: str, events: Iterable[Event], expected_seq: int) -> str:
        """Add events after the `expected_seq` known ones, all or none; returns the head hash.

        Raises Conflict when there are more than that by now, StoreError for anything else.
        """
        ...

    def move(
        self,
        case_id: str,
        last: Iterable[Event],
        expected_seq: int,
        header: Header,
        events: Iterable[Event],
        definition: str | None = None,
    ) -> str:
        """End the log of a case by `last` and begin its next one, on another version, all or none.

        `last` is empty where the log ended before. Returns the head hash of the new log. Raises as `append`.
        """
        ...

    def load(self, case_id: str) -> Log:
        """The whole log, checked; of a case that was moved, the last one. Raises StoreError."""
        ...

    def courses(self, case_id: str) -> list[Log]:
        """All logs of a case, checked: one, and one more for each time it was moved. Raises StoreError."""
        ...

    def lines(self, case_id: str) -> bytes:
        """The log of `load` byte for byte, unchecked. Raises StoreError."""
        ...

    def cases(self) -> list[StoredCase]:
        """All cases, by id; a damaged one is listed with its problem. Raises StoreError."""
        ...

    def entries(self) -> list[CaseEntry]:
        """All cases, by id, no log read. Raises StoreError."""
        ...

    def head_of(self, case_id: str) -> CaseHead:
        """How the log begins, checked; the rest is not looked at. Raises StoreError."""
        ...

    def length(self, case_id: str) -> int:
        """How many events the case has by now. Raises StoreError."""
        ...

    def exists(self, case_id: str) -> bool:
        """Whether there is a case of this id, damaged or not. Raises StoreError."""
        ...

    def definition(self, digest: str) -> str | None:
        """The text of a definition that a case was begun on, as given to `create`. Raises StoreError."""
        ...
