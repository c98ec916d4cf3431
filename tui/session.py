"""What a terminal needs of a case, and of all cases: views, logs, and ways to enter things that are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from pathway.engine.batch import Batch
from pathway.engine.case import Step
from pathway.engine.entries import EntryError, entry_error
from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.store.port import StoreError

Clock: TypeAlias = Callable[[], int]
"""The present time in whole seconds since 1970 UTC."""


class CaseSession(Protocol):
    """A case that is kept: whatever `commit` returns from is on disk.

    `commit` and `pass_time` raise EntryError (bad input, one clear message, nothing applied) or
    StoreError (not written, nothing applied).
    """

    @property
    def definition(self) -> Definition: ...

    @property
    def view(self) -> View:
        """The case as it is kept. Raises StoreError once that cannot be known any more."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """The whole log so far, in order."""
        ...

    @property
    def case_id(self) -> str: ...

    def commit(self, batch: Batch) -> Step: ...

    def pass_time(self, to: int) -> Step: ...


@runtime_checkable
class HasRemark(Protocol):
    """A session of a case of which something has to be known for as long as it is on show."""

    @property
    def remark(self) -> str | None: ...


@runtime_checkable
class Shared(Protocol):
    """A session of a case in which others may record at the same time."""

    def catch_up(self) -> Sequence[Event]:
        """Take up what others recorded meanwhile; returns those events, each once. Raises StoreError."""
        ...


class DeskError(Exception):
    """A case cannot be opened, begun or compared; the message says where, what, why and how to mend it."""


@dataclass(frozen=True, slots=True)
class PathwayEntry:
    """A pathway that is installed. `key` is how the desk knows it; `stamp` is None once it is approved."""

    key: str
    pathway: str
    version: str
    title: str
    stamp: str | None
    has_demo: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands at one instant; times in seconds since 1970 UTC.

    `due` is the next due time and `due_title` what is due then; `warnings` counts those that nobody has
    acknowledged, `grave` the ones of high severity among them. At `next_change_at` it has to be read again.
    """

    stands: tuple[str, ...]
    timezone: str
    due: int | None = None
    due_title: str = ""
    urgency: str | None = None
    warnings: int = 0
    grave: int = 0
    next_change_at: int | None = None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in the list, known little by little: first its file, then how its log begins, then the whole.

    `mark` is another one after every recorded step. `remark` is one line about its version, `problem` says
    what is wrong with a damaged log. `is_read` once nothing more is to be found out.
    """

    key: str
    case: str
    written_at: int
    mark: tuple[int, ...] = ()
    label: str | None = None
    pathway: str | None = None
    version: str | None = None
    stamp: str | None = None
    standing: Standing | None = None
    closed: bool = False
    remark: str | None = None
    problem: str | None = None
    has_head: bool = False
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is asked for a new case; an empty id means one made from the pathway and the time."""

    pathway: PathwayEntry
    label: str
    case: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A case to step. `clock` is its own time, of a demo case."""

    session: CaseSession
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A case as one version of its pathway has it."""

    definition: Definition
    view: View


@dataclass(frozen=True, slots=True)
class Comparison:
    """A case on the version it was begun on (None where that is not here) and on the installed one.

    `left_out` are sentences about entries that the installed version does not take.
    """

    case: str
    label: str | None
    begun_on: str
    begun: Side | None
    installed: Side
    left_out: tuple[str, ...] = ()


@runtime_checkable
class Desk(Protocol):
    """All cases of a store, and the pathways that new ones can be begun on."""

    @property
    def place(self) -> str:
        """Where the cases are kept."""
        ...

    @property
    def timezone(self) -> str:
        """The time zone offered for a new case."""
        ...

    def pathways(self) -> Sequence[PathwayEntry]:
        """Every installed pathway. Raises DeskError."""
        ...

    def cases(self) -> Sequence[ListedCase]:
        """All cases with what their files tell, no file opened. Raises DeskError."""
        ...

    def with_head(self, listed: ListedCase) -> ListedCase:
        """The case with its label and pathway; a damaged one with its problem."""
        ...

    def with_standing(self, listed: ListedCase, now: int) -> ListedCase:
        """The case with where it stands; a damaged one with its problem."""
        ...

    def open(self, case_id: str) -> Opened:
        """Take up a case, on the version it was begun on. Raises DeskError."""
        ...

    def open_new(self, wanted: NewCase) -> Opened:
        """Begin a case. Raises DeskError; then nothing was written."""
        ...

    def open_demo(self, pathway: PathwayEntry) -> Opened:
        """The made-up case of a pathway at its end, kept apart from all others. Raises DeskError."""
        ...

    def compare(self, case_id: str, now: int) -> Comparison:
        """What the installed version would say of a case; nothing is written. Raises DeskError."""
        ...


__all__ = [
    "CaseSession",
    "Clock",
    "Comparison",
    "Desk",
    "DeskError",
    "EntryError",
    "ListedCase",
    "NewCase",
    "Opened",
    "PathwayEntry",
    "Shared",
    "Side",
    "Standing",
    "Step",
    "StoreError",
    "entry_error",
]
