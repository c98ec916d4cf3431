"""Cases of the terminal's tests that can be forked: one in memory, one in a real store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pathway.engine.batch import Batch
from pathway.engine.case import Case, Step
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.store.places import open_store
from pathway.store.session import Session
from tests.tui.support import NOON, EngineSession, demo


class ForkableSession(EngineSession):
    """A real case without a store, on which something may be supposed."""

    def fork(self) -> Case:
        return self.case.fork()


class StoredSession:
    """A case of the demo pathway in a store in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        compiled = compile_pathway(demo())
        self.session, _ = Session.open_new(
            open_store(folder, heads=False),
            compiled,
            "TEST-014",
            at=NOON,
            by="ms",
            recorded_at=NOON,
            label="bed 7",
        )

    @property
    def definition(self) -> Definition:
        return self.session.compiled.definition

    @property
    def view(self) -> View:
        return self.session.view

    @property
    def events(self) -> Sequence[Event]:
        return self.session.events

    @property
    def case_id(self) -> str:
        return self.session.id

    def commit(self, batch: Batch) -> Step:
        return self.session.commit(batch)

    def pass_time(self, to: int) -> Step:
        return self.session.pass_time(to, to)

    def fork(self) -> Case:
        return self.session.case.fork()

    def bytes_kept(self) -> dict[str, bytes]:
        """Every file of the store with its bytes."""
        return {str(file): file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file()}


def in_the_workup() -> ForkableSession:
    """A case in the workup: puncture held, antibiotic recommended without a weight."""
    session = ForkableSession(label="bed 7")
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    return session
