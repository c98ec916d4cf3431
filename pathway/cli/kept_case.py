"""A stored case as the terminal front ends step it: the store's session beside the wall clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pathway.engine.batch import Batch
from pathway.engine.case import Case, Step
from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.store.session import Session


class KeptCase:
    """Whatever `commit` and `pass_time` return from is on disk. `clock` gives seconds since 1970 UTC.

    `remark` is what has to be known of its version.
    """

    def __init__(self, session: Session, clock: Callable[[], int], remark: str | None = None) -> None:
        self._session = session
        self._clock = clock
        self._remark = remark

    @property
    def remark(self) -> str | None:
        """What has to be known of the case for as long as it is on show."""
        told = (self._remark, self._session.store.caution)
        return " ".join(filter(None, told)) or None

    @property
    def definition(self) -> Definition:
        return self._session.compiled.definition

    @property
    def view(self) -> View:
        """The case as it is kept. Raises StoreError once that cannot be known any more."""
        return self._session.view

    @property
    def events(self) -> Sequence[Event]:
        return self._session.events

    @property
    def case_id(self) -> str:
        return self._session.id

    def commit(self, batch: Batch) -> Step:
        """Record a batch. Raises EntryError, StoreError; then nothing is recorded."""
        return self._session.commit(batch)

    def pass_time(self, to: int) -> Step:
        """Let time pass up to `to`."""
        return self._session.pass_time(to, max(to, self._clock()))

    def catch_up(self) -> Sequence[Event]:
        """Take up what others recorded meanwhile; returns those events. Raises StoreError."""
        return self._session.catch_up()

    def fork(self) -> Case:
        """A case of its own that goes on from here and is kept nowhere."""
        return self._session.case.fork()


def case_id_for(pathway: str, now: int) -> str:
    """The id of a case that was given none: its pathway and the time, in UTC."""
    return f"{pathway}-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
