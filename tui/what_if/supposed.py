"""A supposed case: a fork beside the real one; entered like a case, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pathway.engine.batch import Batch
from pathway.engine.case import Case
from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.changes import difference_lines
from tui.in_words import in_words
from tui.lines import Line
from tui.session import CaseSession, Step, entry_error

BANNER = "WHAT IF: nothing is recorded"


@runtime_checkable
class Forkable(Protocol):
    """A session that can hand out a case of its own that goes on from here."""

    def fork(self) -> Case: ...


def forked(session: CaseSession) -> Case:
    """A case of its own that goes on from here. Raises EntryError where the session hands none out."""
    if not isinstance(session, Forkable):
        raise entry_error("This case cannot be forked here, so nothing can be tried out on it.")
    return session.fork()


class SupposedCase:
    """What would be if. Two forks of the real case pass the same time; only one gets the suppositions."""

    def __init__(self, session: CaseSession) -> None:
        self._origin = forked(session)
        self._real, self._supposed = self._origin.fork(), self._origin.fork()
        self.batches: list[Batch] = []

    @property
    def definition(self) -> Definition:
        return self._real.compiled.definition

    @property
    def view(self) -> View:
        return self._supposed.view

    @property
    def events(self) -> Sequence[Event]:
        return self._supposed.events

    @property
    def case_id(self) -> str:
        return self._real.id

    @property
    def real_view(self) -> View:
        """The real case at the same instant."""
        return self._real.view

    def commit(self, batch: Batch) -> Step:
        """Suppose a batch. Raises EntryError, with nothing supposed."""
        step = self._supposed.commit(batch)
        self._real.pass_time(max(batch.at, self._real.now), batch.recorded_at)
        self.batches.append(batch)
        return step

    def pass_time(self, to: int) -> Step:
        """Let time pass in both cases."""
        self._real.pass_time(to, to)
        return self._supposed.pass_time(to, to)

    def take_back(self) -> bool:
        """Drop the last supposition; real entries cannot be reached from here. False when there is none."""
        if not self.batches:
            return False
        kept, at, self.batches = self.batches[:-1], self._supposed.now, []
        self._real, self._supposed = self._origin.fork(), self._origin.fork()
        for batch in kept:
            self.commit(batch)
        self.pass_time(at)
        return True

    def supposed_lines(self) -> list[Line]:
        """What is supposed so far, in order."""
        timezone = self.view.timezone
        words = [text for batch in self.batches for text in in_words(self.definition, batch, timezone)]
        return [Line(text, "supposed:") for text in words]

    def difference(self) -> list[Line]:
        """How the supposed case differs from the real one now."""
        return difference_lines(self.definition, self.real_view, self.view)
