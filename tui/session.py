"""What a terminal needs of a case: its view, its log, and a way to enter things that are then kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

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


__all__ = ["CaseSession", "Clock", "EntryError", "Step", "StoreError", "entry_error"]
