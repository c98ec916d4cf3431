"""A live case: what its view shows is on the disk, always."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pathway.engine.batch import Batch
from pathway.engine.case import Case, Step, case_from_events, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.events import Event
from pathway.engine.memory import FoldError
from pathway.engine.view import View
from pathway.language.collecting import garbage_put_off
from pathway.logs.chain import Header, Log
from pathway.store.port import Store, StoreError


class Session:
    """A case on its pathway, kept in a store. Each step is on the disk before the caller sees it.

    When a step cannot be kept, the case is taken from the store again, so nothing is shown as recorded
    that is not; and when that fails too, the session shows nothing any more. `head` is the hash of the
    last line of the log, to be noted elsewhere as an anchor.
    """

    def __init__(self, store: Store, compiled: CompiledPathway, case: Case, head: str) -> None:
        self.store = store
        self.compiled = compiled
        self.head = head
        self._case = case
        self._news: tuple[Event, ...] = ()  # what others recorded and the caller was not told yet
        self._lost: StoreError | None = None

    @classmethod
    def open_new(
        cls,
        store: Store,
        compiled: CompiledPathway,
        case_id: str,
        *,
        at: int,
        by: str,
        recorded_at: int,
        timezone: str = "UTC",
        label: str | None = None,
    ) -> tuple[Session, Step]:
        """Open a case and its first step. Raises EntryError, Conflict if the id is taken, StoreError."""
        case, step = open_case(compiled, case_id, at, by, recorded_at, timezone, label)
        head = store.create(header_of(compiled, case_id), case.events, compiled.definition.written or None)
        return cls(store, compiled, case, head), step

    @classmethod
    def resume(cls, store: Store, case_id: str, compiled: CompiledPathway, log: Log | None = None) -> Session:
        """Take up a stored case. Raises StoreError, also if the case is on another pathway or version.

        `log` is what the store has just given for this case: it is not read and checked a second time.
        """
        case, head = _folded(store.load(case_id) if log is None else log, case_id, compiled)
        return cls(store, compiled, case, head)

    @property
    def case(self) -> Case:
        """The case as the disk has it. Raises StoreError once it cannot be known."""
        if self._lost is not None:
            raise self._lost
        return self._case

    @property
    def view(self) -> View:
        return self.case.view

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self.case.events)

    @property
    def now(self) -> int:
        return self.case.now

    @property
    def id(self) -> str:
        return self._case.id

    def catch_up(self) -> tuple[Event, ...]:
        """Take up what others recorded meanwhile; returns those events, each once. Raises StoreError."""
        known = len(self.case.events)
        if self.store.length(self.id) != known:
            self._take_from_store(known)
            if self._lost is not None:
                raise self._lost
        news, self._news = self._news, ()
        return news

    def commit(self, batch: Batch, confirm: str | None = None) -> Step:
        """Record a batch. Raises EntryError for bad input, Conflict, StoreError; then nothing is recorded."""
        return self._kept(lambda case: case.commit(batch, confirm))

    def pass_time(self, to: int, recorded_at: int, confirm: str | None = None) -> Step:
        """Let time pass up to `to`. Raises as `commit` does."""
        return self._kept(lambda case: case.pass_time(to, recorded_at, confirm))

    def _kept(self, apply: Callable[[Case], Step]) -> Step:
        case = self.case
        known, in_step = len(case.events), False
        try:
            step = apply(case)
            if step.events:
                self.head = self.store.append(case.id, step.events, known)
            in_step = True
        except EntryError:
            in_step = True  # nothing was applied
            raise
        finally:
            # Also when the program is interrupted between memory and disk.
            if not in_step:
                self._take_from_store(known)
        return step

    def _take_from_store(self, known: int) -> None:
        """The case as it is kept; what it has beyond the `known` events is news."""
        try:
            self._case, self.head = _folded(self.store.load(self.id), self.id, self.compiled)
            _refuse_older(self.id, len(self._case.events), known)
            self._news += tuple(self._case.events[known:])
        except StoreError as error:
            self._lost = error


def header_of(compiled: CompiledPathway, case_id: str) -> Header:
    """The log header of a case on this pathway."""
    definition = compiled.definition
    return Header(
        pathway=definition.id,
        version=definition.version,
        digest=definition.digest,
        case=case_id,
        without_layers=tuple(sorted(definition.layers.keys() - compiled.layers)),
    )


def _folded(log: Log, case_id: str, compiled: CompiledPathway) -> tuple[Case, str]:
    _refuse_other_pathway(log.header, header_of(compiled, case_id))
    try:
        with garbage_put_off():
            return case_from_events(compiled, case_id, log.events), log.head
    except FoldError as error:
        what, why = f"The case {case_id!r} cannot be continued", f"Its log does not fit its pathway: {error}"
        raise StoreError(what, why, "Replay the log to see where it differs.") from error


def _refuse_older(case_id: str, found: int, known: int) -> None:
    if found < known:
        why = f"Its log has {found} of the {known} events known here: an older copy is in its place"
        raise StoreError(f"The case {case_id!r} is not what it was", why, "Find who replaced it.")


def _refuse_other_pathway(stored: Header, ours: Header) -> None:
    if replace(stored, continues=None) == ours:
        return
    why = f"It is on {_described(stored)}, and this is {_described(ours)}"
    fix = "Open it with the pathway it was begun on; `pathway replay --against` shows what differs."
    raise StoreError(f"The case {ours.case!r} cannot be continued", why, fix)


def _described(header: Header) -> str:
    layers = f" without {', '.join(header.without_layers)}" if header.without_layers else ""
    return f"{header.pathway} {header.version} ({header.digest[:12]}){layers}"
