"""The entries of a log as somebody would enter them again on the same pathway, without a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pathway.engine import events as ev
from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.replay.batches import LoggedBatch, batches
from pathway.replay.frames import is_decision

BY = "log"


@dataclass(slots=True)
class Entering:
    """A log entered again, batch by batch; `remarks` say what could not be entered as it was logged."""

    compiled: CompiledPathway
    entries: list[Batch] = field(default_factory=list[Batch])
    remarks: list[str] = field(default_factory=list[str])
    _batches: dict[int, int] = field(default_factory=dict[int, int])

    def enter(self, case_id: str, events: Sequence[ev.Event]) -> None:
        """Enter a whole log. Raises EntryError where the case cannot even be opened."""
        logged = batches(events)
        opened, at = logged[0].first, logged[0].at
        assert isinstance(opened, ev.CaseOpened)
        case, _ = open_case(self.compiled, case_id, at, BY, at, opened.timezone)
        if len(logged) == 1 or logged[1].at != at or not is_decision(logged[1]):
            self._commit(case, Batch(at, BY, at))
        for batch in logged[1:]:
            if is_decision(batch):
                self._enter(case, batch)
            elif batch.moves or batch is logged[-1]:
                at = max(batch.at, case.now)
                self._commit(case, Batch(at, BY, at))

    def _enter(self, case: Case, logged: LoggedBatch) -> None:
        """The first way of entering a batch that brings the same lines; else the first that is accepted."""
        found: Batch | None = None
        for batch in self._ways(case, logged):
            lines = _tried(case, batch)
            if lines is not None and found is None:
                found = batch
            if lines == _entered(logged.events):
                found = batch
                break
        else:
            how = "cannot be entered" if found is None else "is entered otherwise than it was logged"
            self.remarks.append(f"event {logged.first.seq}: what follows it in its batch {how}")
        if found is not None:
            self._remark_choices(logged, found)
            self._commit(case, found)
            self._batches[logged.number] = case.events[-1].batch

    def _remark_choices(self, logged: LoggedBatch, found: Batch) -> None:
        for take in () if found.take else self._takes(logged):
            where = f"event {logged.first.seq}: the choice of {take.track}.{take.to} is left out"
            self.remarks.append(f"{where}: it is not open, or a case file has confirmed it before")

    def _commit(self, case: Case, batch: Batch) -> None:
        case.commit(batch, CONFIRM)
        self.entries.append(batch)

    def _ways(self, case: Case, logged: LoggedBatch) -> Iterator[Batch]:
        """The batch in full; deeds told by themselves; values as they were typed; without choices."""
        full = self._batch(case, logged)
        yield full
        marked = tuple(DeedEntry(one.action, one.done_at) for one in logged.deeds)
        told = {fact.seq for fact in logged.recorded} & {deed.via for deed in logged.deeds}
        untold = [fact for fact in logged.recorded if fact.seq not in told]
        yield replace(full, facts=_facts(untold, logged.at), done=marked)
        yield replace(full, facts=_facts(logged.recorded, logged.at, typed=True))
        yield replace(full, take=())
        yield replace(full, take=(), overrides=())

    def _batch(self, case: Case, logged: LoggedBatch) -> Batch:
        at = max(logged.at, case.now)
        lines = {fact.seq for fact in logged.recorded}
        closing = [one.reason for one in logged.events if isinstance(one, ev.CaseClosed)]
        return Batch(
            at,
            BY,
            at,
            _facts(logged.recorded, at),
            tuple(
                Retraction(one.fact, one.reason) for one in logged.facts if isinstance(one, ev.FactRetracted)
            ),
            tuple(DeedEntry(one.action, one.done_at) for one in logged.deeds if one.via not in lines),
            tuple(DeclineEntry(one.action, one.reason) for one in logged.declined),
            tuple(
                OverrideEntry(one.reason, one.code, one.action, one.track, one.to) for one in logged.overrides
            ),
            self._takes(logged),
            undo=self._undoes(case, logged),
            close=closing[-1] if closing else None,
        )

    def _takes(self, logged: LoggedBatch) -> tuple[TakeEntry, ...]:
        """The first move on each track that somebody chose; what a timeline confirms, it confirms again."""
        tracks = self.compiled.definition.tracks
        chosen: dict[str, TakeEntry] = {}
        for move in logged.moves:
            state = tracks[move.track].states.get(move.source) if move.track in tracks else None
            is_choice = move.cause == CONFIRM and state is not None and state.choice
            if move.cause == "clinician" or is_choice:
                chosen.setdefault(move.track, TakeEntry(move.track, move.to))
        return tuple(chosen.values())

    def _undoes(self, case: Case, logged: LoggedBatch) -> bool:
        """Whether the batch takes back the last entry here too: never another one in its place."""
        last = case.memory.human_batches[-1:]
        undone = [self._batches.get(one.undone) for one in logged.events if isinstance(one, ev.Undone)]
        return bool(undone) and undone == last


def _facts(events: Sequence[ev.FactRecorded], at: int, typed: bool = False) -> tuple[FactEntry, ...]:
    return tuple(
        FactEntry(
            one.fact,
            one.entered if typed and isinstance(one.value, str) else one.value,
            None if one.at == at else one.at,
            one.corrects is not None,
        )
        for one in events
    )


def _tried(case: Case, batch: Batch) -> list[tuple[object, ...]] | None:
    """The lines that a batch brings; None where anything of it is refused."""
    try:
        step = case.fork().commit(batch, CONFIRM)
    except EntryError:
        return None
    return None if step.refused else _entered(step.events)


def _entered(events: Sequence[ev.Event]) -> list[tuple[object, ...]]:
    """What somebody entered, whatever its numbers."""
    found: list[tuple[object, ...]] = []
    for event in events:
        match event:
            case ev.FactRecorded():
                found.append((event.type, event.fact, event.value, event.at, event.corrects is None))
            case ev.FactRetracted():
                found.append((event.type, event.fact, event.reason))
            case ev.ActionDone():
                found.append((event.type, event.action, event.done_at, event.via is None))
            case ev.ActionDeclined():
                found.append((event.type, event.action, event.reason))
            case ev.Overridden():
                found.append((event.type, event.action, event.track, event.to, event.reason))
            case ev.Undone() | ev.CaseClosed():
                found.append((event.type,))
            case _:
                pass
    return found
