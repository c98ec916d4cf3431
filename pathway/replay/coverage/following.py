"""Following a log snapshot by snapshot, so that every guard can be read as the engine read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway, Signal
from pathway.engine.ledger import Ledger
from pathway.engine.memory import FoldError
from pathway.engine.readings import Readings
from pathway.replay.batches import LoggedBatch, batches


def snapshots(compiled: CompiledPathway, events: Sequence[ev.Event]) -> Iterator[Readings]:
    """The case as guards read it: after what an entry recorded, and after each round of moves.

    Before anything is entered nothing is known, which tries no guard: an opening alone is left out. The
    readings are the same object as long as nothing is undone, and move on with the log. It ends before an
    event that cannot follow at all.
    """
    logged = batches(events)
    ledger = _ledger(compiled, logged)
    if ledger is None:
        return
    try:
        for batch in logged:
            yield from _batch(ledger, batch)
    except FoldError:
        return


def _ledger(compiled: CompiledPathway, logged: Sequence[LoggedBatch]) -> Ledger | None:
    """An empty ledger for the log; None where it opens no case, or in no time zone that there is."""
    if not logged or not isinstance(logged[0].first, ev.CaseOpened):
        return None
    try:
        return Ledger(compiled, logged[0].first.timezone, logged[0].at)
    except ValueError:
        return None


def _batch(ledger: Ledger, batch: LoggedBatch) -> Iterator[Readings]:
    ledger.advance(batch.at)
    last: tuple[int, bool] | None = None
    for event in batch.events:
        own = _round(event)
        if own is not None and own != last:
            yield ledger.readings
            last = own
        if isinstance(event, ev.Undone):
            ledger.take_back(event)
        else:
            ledger.append(event, _changed(ledger, event))
    if last is not None or not isinstance(batch.first, ev.CaseOpened):
        yield ledger.readings


def _round(event: ev.Event) -> tuple[int, bool] | None:
    """Which round a move belongs to; a return by override is no answer to a guard."""
    if isinstance(event, ev.TransitionTaken) and event.cause != "override":
        return event.round, event.cause == "auto"
    return None


def _changed(ledger: Ledger, event: ev.Event) -> list[Signal]:
    """What an event changes for those who read it."""
    match event:
        case ev.FactRecorded(fact=fact) | ev.FactRetracted(fact=fact):
            deeds = ledger.compiled.deed_facts.get(fact, ())
            return [("fact", fact), *(("deed", name) for name in deeds)]
        case ev.ActionDone(action=action) | ev.ActionDeclined(action=action):
            return [("deed", action)]
        case ev.Overridden(action=str(action)):
            return [("override", action)]
        case ev.TransitionTaken(track=track):
            return [("track", track)]
        case _:
            return []
