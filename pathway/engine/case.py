"""A case: the fold of its events, stepped one batch at a time. What decides is the definition and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo

from pathway.engine import events as ev
from pathway.engine.batch import Batch
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError, entry_error
from pathway.engine.ledger import Ledger, Stamp
from pathway.engine.memory import FoldError, Memory
from pathway.engine.moving import SYSTEM, Settling, settle, take_way
from pathway.engine.readings import Readings
from pathway.engine.recording import record
from pathway.engine.settling import EndlessSettlingError
from pathway.engine.view import Refusal, Taken, View
from pathway.language.calendar import parse_zone

__all__ = ["Case", "EntryError", "FoldError", "Step", "case_from_events", "open_case"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch brought: all new events in order, the moves, what was refused, and the view."""

    at: int
    events: tuple[ev.Event, ...]
    taken: tuple[Taken, ...]
    refused: tuple[Refusal, ...]
    view: View


def open_case(
    compiled: CompiledPathway,
    case_id: str,
    at: int,
    by: str,
    recorded_at: int,
    timezone: str = "UTC",
    label: str | None = None,
) -> tuple[Case, Step]:
    """Open a case. Raises EntryError on an unknown time zone."""
    try:
        parse_zone(timezone)
    except ValueError as error:
        raise entry_error(str(error)) from None
    case = Case(case_id, Ledger(compiled, timezone, at))
    return case, case.begin(Stamp(at, recorded_at, by, 1), label)


def case_from_events(compiled: CompiledPathway, case_id: str, events: Iterable[ev.Event]) -> Case:
    """The case that a log amounts to: its state comes from the logged transitions. Raises FoldError."""
    log = list(events)
    if not log or not isinstance(log[0], ev.CaseOpened):
        raise FoldError(1, "a case begins with case_opened")
    try:
        ledger = Ledger(compiled, log[0].timezone, log[0].at)
    except ValueError as error:
        raise FoldError(1, str(error)) from None
    ledger.restore(log)
    return Case(case_id, ledger)


class Case:
    """One patient on one pathway. Holds its log and what has been read from it so far."""

    def __init__(self, case_id: str, ledger: Ledger) -> None:
        self.id = case_id
        self._ledger = ledger

    @property
    def compiled(self) -> CompiledPathway:
        return self._ledger.compiled

    @property
    def timezone(self) -> str:
        return self._ledger.timezone

    @property
    def zone(self) -> tzinfo:
        return self._ledger.zone

    @property
    def events(self) -> list[ev.Event]:
        return self._ledger.events

    @property
    def memory(self) -> Memory:
        return self._ledger.memory

    @property
    def readings(self) -> Readings:
        return self._ledger.readings

    @property
    def now(self) -> int:
        return self._ledger.now

    @property
    def view(self) -> View:
        """The explained view at the present instant."""
        return self._ledger.viewer.view(self.id)

    def fork(self) -> Case:
        """A case of its own that goes on from here; what is entered there leaves no trace in this one."""
        return Case(self.id, self._ledger.fork())

    def enter(self, batch: Batch, confirm: str | None = None) -> tuple[ev.Event, ...]:
        """Commit a batch without looking at the view. Raises EntryError, after which the case is spent."""
        self._refuse_closed()
        before = len(self.events)
        try:
            self._let_pass(batch.at - 1, batch.recorded_at, confirm)
            self._ledger.advance(batch.at)
            self._record(batch, confirm, [])
        except EndlessSettlingError as error:
            raise entry_error(str(error)) from None
        return tuple(self.events[before:])

    def begin(self, stamp: Stamp, label: str | None) -> Step:
        """Record the opening and settle."""
        ledger = self._ledger

        def opening() -> None:
            ledger.append(ev.CaseOpened(**ledger.line(stamp), timezone=ledger.timezone, label=label))
            settle(ledger, Settling(stamp, None))

        return self._stepped([], opening)

    def commit(self, batch: Batch, confirm: str | None = None) -> Step:
        """Record a batch and settle (rule 15). With `confirm`, confirmed transitions are taken as well.

        Time passes first, up to the batch. Raises EntryError, with nothing recorded, on bad input.
        """
        self._refuse_closed()
        refused: list[Refusal] = []

        def work() -> None:
            self._let_pass(batch.at - 1, batch.recorded_at, confirm)
            self._ledger.advance(batch.at)
            self._record(batch, confirm, refused)

        return self._stepped(refused, work)

    def pass_time(self, to: int, recorded_at: int, confirm: str | None = None) -> Step:
        """Let time pass up to `to`, settling at every instant at which something can change (rule 17)."""
        if to < self.now:
            raise entry_error("time cannot run backwards")

        def work() -> None:
            if self.memory.closed is None:
                self._let_pass(to, recorded_at, confirm)
            self._ledger.advance(to)

        return self._stepped([], work)

    def _refuse_closed(self) -> None:
        if self.memory.closed is not None:
            raise entry_error("this case is closed. Open a new one")

    def _record(self, batch: Batch, confirm: str | None, refused: list[Refusal]) -> None:
        """Undo, retractions, facts by name, done, declined, overrides; settle; take; settle (rule 15)."""
        ledger, taking = self._ledger, {take.track for take in batch.take}
        stamp = Stamp(batch.at, batch.recorded_at, batch.by, ledger.next_batch())
        settling = Settling(stamp, confirm, held=set(taking))
        record(ledger, batch, settling, refused)
        settle(ledger, settling)
        for take in batch.take:
            take_way(ledger, take, settling, refused)
        settling.held -= taking
        if batch.take:
            settle(ledger, settling)
        if batch.close is not None:
            ledger.append(ev.CaseClosed(**ledger.line(stamp), reason=batch.close))

    def _let_pass(self, to: int, recorded_at: int, confirm: str | None) -> None:
        ledger = self._ledger
        while True:
            instant = ledger.viewer.next_change()
            if instant is None or instant > to:
                return
            ledger.advance(instant)
            stamp = Stamp(instant, recorded_at, SYSTEM, ledger.next_batch())
            ledger.append(ev.TimePassed(**ledger.line(stamp), to=instant))
            settle(ledger, Settling(stamp, confirm))

    def _stepped(self, refused: list[Refusal], work: Callable[[], None]) -> Step:
        """Run a piece of work; where it cannot be finished, nothing of it counts."""
        ledger, before, now = self._ledger, len(self.events), self.now
        try:
            work()
        except (EndlessSettlingError, EntryError) as error:
            if before:
                ledger.restore(ledger.events[:before], now)
            raise error if isinstance(error, EntryError) else entry_error(str(error)) from None
        new = tuple(ledger.events[before:])
        taken = tuple(_taken(self.compiled, event) for event in new if isinstance(event, ev.TransitionTaken))
        return Step(self.now, new, taken, tuple(refused), self.view)


def _taken(compiled: CompiledPathway, event: ev.TransitionTaken) -> Taken:
    ways = compiled.state(event.track, event.source).next
    cites = next((way.cites for way in ways if way.to == event.to and way.when.text == event.guard), ())
    return Taken(event.track, event.source, event.to, event.cause, cites)
