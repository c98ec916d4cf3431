"""The entries of a log, entered once more on another version of its pathway: what would have come of them?

Facts, deeds, refusals, overrides and choices are taken from the log; what moves by itself is left to the
version at hand. An entry that it does not take is told, and the others go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

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
from pathway.engine.case import Case, Step, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.view import Refusal, View
from pathway.language.calendar import format_instant, local_date, midnight
from pathway.replay.batches import LoggedBatch, batches
from pathway.replay.frames import is_decision

BY_TIMELINE = "timeline"
_BARE_NUMBER = re.compile(r"[-+]?[0-9.,\s]+")


@dataclass(frozen=True, slots=True)
class Again:
    """The case on the other version after one batch of the log, and what of the batch it did not take."""

    view: View
    refused: tuple[Refusal, ...]


def entered_again(compiled: CompiledPathway, case_id: str, events: Sequence[ev.Event]) -> Iterator[Again]:
    """One by one what became of each batch of a log; nothing for a log that does not open a case."""
    logged = batches(events)
    begun = _begun(compiled, case_id, events, logged)
    if begun is None:
        return
    entering, first = begun
    yield first
    yield from _rest(entering, logged)


def entered_anew(
    compiled: CompiledPathway, case_id: str, events: Sequence[ev.Event]
) -> tuple[Case, tuple[Refusal, ...]] | None:
    """The case as the entries of a log make it on this version, and what of them it did not take.

    None for a log that does not open a case here.
    """
    logged = batches(events)
    begun = _begun(compiled, case_id, events, logged)
    if begun is None:
        return None
    refused = tuple(one for again in _rest(begun[0], logged) for one in again.refused)
    return begun[0].case, refused


def _begun(
    compiled: CompiledPathway, case_id: str, events: Sequence[ev.Event], logged: Sequence[LoggedBatch]
) -> tuple[_Entering, Again] | None:
    first = events[0] if events else None
    if not isinstance(first, ev.CaseOpened):
        return None
    try:
        case, step = open_case(
            compiled, case_id, logged[0].at, first.by, first.recorded_at, first.timezone, first.label
        )
    except EntryError:
        return None
    return _Entering(case), Again(step.view, ())


def _rest(entering: _Entering, logged: Sequence[LoggedBatch]) -> Iterator[Again]:
    by_timeline = max((one.number for one in logged if _is_confirmed(one)), default=0)
    for batch in logged[1:]:
        yield entering.enter(batch, BY_TIMELINE if batch.number <= by_timeline else None)


class _Entering:
    """A case on the other version, and which of its batches stand for which of the log."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._batches: dict[int, int] = {}

    def enter(self, logged: LoggedBatch, confirm: str | None) -> Again:
        case, recorded_at = self.case, logged.first.recorded_at
        if not is_decision(logged):
            at = max(logged.at, case.now)
            step, refused = self._tried(lambda: case.pass_time(at, recorded_at, confirm))
            return Again(case.view if step is None else step.view, refused)
        batch, refused = self._batch(logged)
        before = len(case.events)
        step, more = self._commit(batch, confirm)
        if step is not None and len(case.events) > before:
            self._batches[logged.number] = case.events[-1].batch
        return Again(case.view if step is None else step.view, (*refused, *more))

    def _commit(self, batch: Batch, confirm: str | None) -> tuple[Step | None, tuple[Refusal, ...]]:
        """Commit a batch, without those of its entries that this version refuses."""
        refused: list[Refusal] = []
        while True:
            try:
                step = self.case.commit(batch, confirm)
            except EntryError as error:
                refused += [Refusal(problem.about or "entry", problem.text) for problem in error.problems]
                less = _without(batch, {problem.about for problem in error.problems})
                if less == batch:
                    return None, tuple(refused)
                batch = less
                continue
            return step, (*refused, *step.refused)

    def _tried(self, work: Callable[[], Step]) -> tuple[Step | None, tuple[Refusal, ...]]:
        try:
            return work(), ()
        except EntryError as error:
            return None, tuple(Refusal("time", problem.text) for problem in error.problems)

    def _batch(self, logged: LoggedBatch) -> tuple[Batch, tuple[Refusal, ...]]:
        undo, refused = self._undo(logged)
        first = next(event for event in logged.events if not isinstance(event, ev.TimePassed))
        facts, deeds = self._told(logged)
        closing = [event.reason for event in logged.events if isinstance(event, ev.CaseClosed)]
        batch = Batch(
            at=max(logged.at, self.case.now),
            by=first.by,
            recorded_at=first.recorded_at,
            facts=tuple(_fact_entry(event) for event in facts),
            retracted=tuple(
                Retraction(one.fact, one.reason) for one in logged.events if isinstance(one, ev.FactRetracted)
            ),
            done=deeds,
            declined=tuple(DeclineEntry(one.action, one.reason) for one in logged.declined),
            overrides=tuple(
                OverrideEntry(one.reason, one.code, one.action, one.track, one.to) for one in logged.overrides
            ),
            take=self._takes(logged),
            acknowledged=tuple(one.alert for one in logged.events if isinstance(one, ev.Acknowledged)),
            notes=tuple(one.text for one in logged.events if isinstance(one, ev.NoteAdded)),
            undo=undo,
            close=closing[-1] if closing else None,
        )
        return batch, refused

    def _undo(self, logged: LoggedBatch) -> tuple[bool, tuple[Refusal, ...]]:
        """Whether this batch takes back the last entry here too: never another one in its place."""
        undone = [event.undone for event in logged.events if isinstance(event, ev.Undone)]
        if not undone:
            return False, ()
        last = self.case.memory.human_batches[-1:]
        if last and self._batches.get(undone[0]) == last[0]:
            return True, ()
        return False, (Refusal("undo", "the entry that it takes back is not the last one here"),)

    def _told(self, logged: LoggedBatch) -> tuple[tuple[ev.FactRecorded, ...], tuple[DeedEntry, ...]]:
        """The facts and deeds of a batch as they were entered: deeds record facts, and facts tell of deeds.

        Entering both would tell the deed twice where two actions share a fact.
        """
        following: set[int] = set()
        deeds: list[DeedEntry] = []
        for deed in logged.deeds:
            rows = _rows_of(deed, logged, self.case)
            if rows is None:
                continue
            following |= {row.seq for row in rows}
            deeds.append(DeedEntry(deed.action, deed.done_at, deed.reason))
        return tuple(one for one in logged.recorded if one.seq not in following), tuple(deeds)

    def _takes(self, logged: LoggedBatch) -> tuple[TakeEntry, ...]:
        """The first move that a person chose on each track; a timeline confirms the further ones itself."""
        tracks = self.case.compiled.definition.tracks
        chosen: dict[str, TakeEntry] = {}
        for move in logged.moves:
            is_known = move.track in tracks and move.to in tracks[move.track].states
            if move.cause == "clinician" or (move.cause == BY_TIMELINE and is_known):
                chosen.setdefault(move.track, TakeEntry(move.track, move.to))
        return tuple(chosen.values())


def _rows_of(deed: ev.ActionDone, logged: LoggedBatch, case: Case) -> list[ev.FactRecorded] | None:
    """The facts that the deed, entered again, records itself; None for a deed that a fact tells.

    A date alone speaks of its first instant (rule 24): a deed later that day was entered as such.
    """
    told = {event.seq: event for event in logged.recorded}
    action = case.compiled.definition.actions.get(deed.action)
    if action is None or deed.via is None:
        return []
    if deed.via not in told:
        return None
    names = {row.fact for row in action.records}
    adds = names - {event.fact for event in logged.facts}
    rows = [event for event in logged.recorded if event.fact in names]
    constants = {(row.fact, row.value) for row in action.records}
    day = local_date(deed.done_at, case.zone)
    is_later = told[deed.via].value == day.isoformat() and deed.done_at != midnight(day, case.zone)
    if (is_later or not adds) and all(_follows(row, deed, logged.at, case, constants) for row in rows):
        return rows
    return None if told[deed.via].fact in names else []


def _follows(
    row: ev.FactRecorded,
    deed: ev.ActionDone,
    at: int,
    case: Case,
    constants: set[tuple[str, str | None]],
) -> bool:
    """Whether marking the deed done would record just this."""
    if row.corrects is not None or row.at != at or isinstance(row.value, tuple):
        return False
    day, moment = local_date(deed.done_at, case.zone).isoformat(), format_instant(deed.done_at, UTC)
    return (row.fact, row.value) in constants or row.value in (day, moment)


def _is_confirmed(logged: LoggedBatch) -> bool:
    return any(move.cause == BY_TIMELINE for move in logged.moves)


def _fact_entry(event: ev.FactRecorded) -> FactEntry:
    return FactEntry(event.fact, _typed(event), event.at, event.corrects is not None)


def _typed(event: ev.FactRecorded) -> str | tuple[str, ...]:
    """A value so that it means the same where a fact is kept in another unit: a bare number gets its own."""
    if isinstance(event.value, tuple):
        return event.value
    if event.unit is None:
        return event.entered if "/" in event.value else event.value
    is_bare = _BARE_NUMBER.fullmatch(event.entered) is not None
    return f"{event.entered} {event.unit}" if is_bare else event.entered


def _without(batch: Batch, about: set[str]) -> Batch:
    """The batch without what a refusal was about."""
    return replace(
        batch,
        facts=tuple(one for one in batch.facts if one.fact not in about),
        retracted=tuple(one for one in batch.retracted if one.fact not in about),
        done=tuple(one for one in batch.done if one.action not in about),
        declined=tuple(one for one in batch.declined if one.action not in about),
        overrides=tuple(
            one for one in batch.overrides if not about & {one.action, one.track, one.to, "override"}
        ),
        take=tuple(one for one in batch.take if not about & {one.track, one.to}),
    )
