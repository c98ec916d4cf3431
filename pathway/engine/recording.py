"""Recording a batch: facts, deeds as they stood, and what overrides lift (rules 15, 22 to 24)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from pathway.engine import calls as called_for
from pathway.engine import events as ev
from pathway.engine.batch import Batch, OverrideEntry
from pathway.engine.compiled import Signal
from pathway.engine.entries import Performed, ReadBatch, ReadFact, read_batch
from pathway.engine.ledger import Ledger, Stamp
from pathway.engine.memory import Deed, Override
from pathway.engine.moving import Settling
from pathway.engine.readings import Readings
from pathway.engine.view import Refusal


@dataclass(frozen=True, slots=True)
class _Granted:
    """An override that lifts something, or returns a track to a state it has been in."""

    entry: OverrideEntry
    safeguards: tuple[str, ...]


def record(ledger: Ledger, batch: Batch, settling: Settling, refused: list[Refusal]) -> None:
    """Append the events of a batch, up to the point where the case settles. Raises EntryError."""
    stamp = settling.stamp
    if batch.undo:
        _undo(ledger, stamp, refused)
    read = read_batch(batch, ledger.readings)
    marked = _marks(ledger, read)
    _record_facts(ledger, read, stamp)
    overrides = _granted(ledger, batch, refused)
    _record_deeds(ledger, read, stamp, overrides, marked)
    _record_overrides(ledger, overrides, settling)
    _record_words(ledger, batch, stamp)
    _record_instant(ledger, batch, stamp, refused)


def _record_instant(ledger: Ledger, batch: Batch, stamp: Stamp, refused: list[Refusal]) -> None:
    """A batch without a line at its own instant still says when it was: time passed up to then."""
    lines = list(takewhile(lambda event: event.batch == stamp.batch, reversed(ledger.events)))
    silent = not lines and bool(batch.take or refused)
    if not silent and all(event.at != stamp.at for event in lines):
        ledger.append(ev.TimePassed(**ledger.line(stamp), to=stamp.at))


def _undo(ledger: Ledger, stamp: Stamp, refused: list[Refusal]) -> None:
    """Take back the last human batch and what followed from it (rule 26)."""
    if not ledger.memory.human_batches:
        refused.append(Refusal("undo", "there is nothing to undo"))
        return
    ledger.take_back(ev.Undone(**ledger.line(stamp), undone=ledger.memory.human_batches[-1]))


def _record_facts(ledger: Ledger, read: ReadBatch, stamp: Stamp) -> None:
    for entry in sorted(read.retracted, key=lambda item: item.fact):
        event = ev.FactRetracted(**ledger.line(stamp), fact=entry.fact, reason=entry.reason)
        ledger.append(event, _touched(ledger, entry.fact))
    for item in read.facts:
        ledger.append(_fact_event(ledger, item, stamp), _touched(ledger, item.fact.name))


def _touched(ledger: Ledger, fact: str) -> list[Signal]:
    """What a record of a fact can change: itself, and the deeds that it may speak of."""
    return [("fact", fact), *(("deed", name) for name in ledger.compiled.deed_facts.get(fact, ()))]


def _fact_event(ledger: Ledger, item: ReadFact, stamp: Stamp) -> ev.FactRecorded:
    present = ledger.memory.current.get(item.fact.name)
    return ev.FactRecorded(
        **ledger.line(stamp.as_of(item.at)),
        fact=item.fact.name,
        value=item.value.text,
        unit=item.value.unit,
        entered=item.value.entered,
        corrects=present.seq if item.corrects and present is not None else None,
    )


def _marks(ledger: Ledger, read: ReadBatch) -> dict[str, str]:
    """How the deeds that this batch corrects were judged when they were recorded."""
    current = ledger.memory.current
    corrected = {current[item.fact.name].seq for item in read.facts if item.corrects}
    return {
        name: worse(deed.judged for deed in rows if deed.via in corrected)
        for name, rows in ledger.memory.deeds.items()
        if any(deed.via in corrected for deed in rows)
    }


def _record_deeds(
    ledger: Ledger, read: ReadBatch, stamp: Stamp, granted: list[_Granted], marked: dict[str, str]
) -> None:
    """Deeds and declines, judged as they stand with the whole batch in, never in its middle."""
    judged = {
        deed.action: worse(
            (_judged(ledger, deed.action, deed.at, read, granted), marked.get(deed.action, "recommended"))
        )
        for deed in read.deeds
    }
    declined = {
        entry.action: _judged(ledger, entry.action, stamp.at, read, granted) for entry in read.batch.declined
    }
    for deed in read.deeds:
        via = _line_of(ledger, deed)
        ledger.append(
            ev.ActionDone(
                **ledger.line(stamp),
                action=deed.action,
                judged=judged[deed.action],
                done_at=deed.at,
                via=via,
                reason=deed.reason,
            ),
            [("deed", deed.action)],
        )
    for entry in read.batch.declined:
        line = ledger.line(stamp)
        event = ev.ActionDeclined(
            **line, action=entry.action, judged=declined[entry.action], reason=entry.reason
        )
        ledger.append(event, [("deed", entry.action)])


def _line_of(ledger: Ledger, deed: Performed) -> int | None:
    """The log line of the fact that says so: a standing one, or that of this entry."""
    if deed.line is not None or deed.fact is None:
        return deed.line
    rows = ledger.memory.records.get(deed.fact, [])
    return max((row.seq for row in rows if row.reason is None and row.replaced_by is None), default=None)


def _judged(ledger: Ledger, action: str, at: int, read: ReadBatch, granted: list[_Granted]) -> str:
    """How an action stood at an instant, were the batch's overrides and its other deeds by then in force."""
    batch, last = ledger.next_batch(), sys.maxsize
    deeds = {name: list(rows) for name, rows in ledger.memory.deeds.items()}
    for other in read.deeds:
        if other.action != action and other.at <= at:
            deeds.setdefault(other.action, []).append(Deed(last, batch, other.at, "", "", last))
    lifts = [
        Override(last, batch, at, one.entry.action, one.safeguards)
        for one in granted
        if one.entry.action is not None
    ]
    supposed = replace(ledger.memory.as_of(at), deeds=deeds, overrides=[*ledger.memory.overrides, *lifts])
    return called_for.cleared(action, Readings(ledger.compiled, supposed, at, ledger.zone))


def worse(standings: Iterable[str]) -> str:
    """Of several standings the gravest: a deed once marked stays marked when its time is corrected."""
    return max(standings, key=("recommended", "held", "blocked").index)


def _granted(ledger: Ledger, batch: Batch, refused: list[Refusal]) -> list[_Granted]:
    """The overrides that have something to lift or a place to return to; the others are refused."""
    found: list[_Granted] = []
    for entry in batch.overrides:
        safeguards, why = _lifts(ledger, entry)
        if why is None:
            found.append(_Granted(entry, safeguards))
        else:
            refused.append(Refusal(f"override {entry.action or entry.track}", why))
    return found


def _lifts(ledger: Ledger, entry: OverrideEntry) -> tuple[tuple[str, ...], str | None]:
    if entry.action is None:
        return (), _no_return(ledger, entry)
    standing = [
        (safeguard, called_for.standing_of(safeguard, entry.action, ledger.readings)[0])
        for safeguard in ledger.compiled.safeguards[entry.action]
    ]
    against = [safeguard for safeguard, word in standing if word in ("blocks", "holds")]
    lifted = tuple(safeguard.name for safeguard in against if safeguard.override is not None)
    if lifted:
        return lifted, None
    if against:
        return (), f"nobody may override {', '.join(safeguard.name for safeguard in against)}"
    return (), "no safeguard stands against it"


def _no_return(ledger: Ledger, entry: OverrideEntry) -> str | None:
    """Why a track may not return to a state; None when it may (rule 23)."""
    assert entry.track is not None
    if ledger.memory.stands[entry.track].state == entry.to:
        return f"{entry.track} is in {entry.to} already"
    if entry.to not in ledger.memory.states_been_in(entry.track):
        return f"{entry.track} has never been in {entry.to}; an override only returns to where it was"
    return None


def _record_overrides(ledger: Ledger, granted: list[_Granted], settling: Settling) -> None:
    for one in granted:
        entry = one.entry
        event = ev.Overridden(
            **ledger.line(settling.stamp),
            code=entry.code,
            reason=entry.reason,
            action=entry.action,
            track=entry.track,
            to=entry.to,
            safeguards=one.safeguards,
        )
        ledger.append(event, [("override", entry.action)] if entry.action is not None else ())
        if entry.track is not None and entry.to is not None:
            _return(ledger, entry.track, entry.to, entry.reason, settling)


def _return(ledger: Ledger, track: str, to: str, reason: str, settling: Settling) -> None:
    settling.overridden.add(track)
    settling.rounds += 1
    event = ev.TransitionTaken(
        **ledger.line(settling.stamp),
        track=track,
        source=ledger.memory.stands[track].state,
        to=to,
        cause="override",
        guard="override",
        basis=(),
        round=settling.rounds,
        reason=reason,
    )
    ledger.append(event, [("track", track)])


def _record_words(ledger: Ledger, batch: Batch, stamp: Stamp) -> None:
    for alert in batch.acknowledged:
        ledger.append(ev.Acknowledged(**ledger.line(stamp), alert=alert), ())
    for text in batch.notes:
        ledger.append(ev.NoteAdded(**ledger.line(stamp), text=text), ())
