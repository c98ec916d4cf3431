"""A case: the fold of its events, stepped one batch at a time. What decides is the definition and the log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pathway.engine import calls as called_for
from pathway.engine import events as ev
from pathway.engine.batch import Batch, OverrideEntry, TakeEntry
from pathway.engine.compiled import CompiledPathway, Signal
from pathway.engine.entries import EntryError, ReadBatch, ReadFact, entry_error, read_batch
from pathway.engine.memory import Deed, FoldError, Memory, Override, fold
from pathway.engine.readings import Readings
from pathway.engine.settling import EndlessSettling, Way, firing, takeable
from pathway.engine.view import Refusal, Taken, View
from pathway.engine.viewing import Viewer
from pathway.language.calendar import parse_zone
from pathway.language.evaluate import merged

__all__ = ["Case", "EntryError", "FoldError", "Step", "case_from_events", "open_case"]

SYSTEM = "pathway"


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch brought: all new events in order, the moves, what was refused, and the view."""

    at: int
    events: tuple[ev.Event, ...]
    taken: tuple[Taken, ...]
    refused: tuple[Refusal, ...]
    view: View


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who and when, for the events of one batch."""

    at: int
    recorded_at: int
    by: str
    batch: int


@dataclass(slots=True)
class _Settling:
    """One batch settling: whether confirmed transitions are taken, and on which tracks not."""

    stamp: Stamp
    confirm: str | None
    held: set[str] = field(default_factory=set[str])
    overridden: set[str] = field(default_factory=set[str])
    left: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class _Granted:
    """An override that lifts something, or returns a track to a state it has been in."""

    entry: OverrideEntry
    safeguards: tuple[str, ...]


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
    case = Case(compiled, case_id, timezone, at)
    return case, case.begin(Stamp(at, recorded_at, by, 1), timezone, label)


def case_from_events(compiled: CompiledPathway, case_id: str, events: Iterable[ev.Event]) -> Case:
    """The case that a log amounts to: its state comes from the logged transitions. Raises FoldError."""
    log = list(events)
    if not log or not isinstance(log[0], ev.CaseOpened):
        raise FoldError(1, "a case begins with case_opened")
    try:
        case = Case(compiled, case_id, log[0].timezone, log[0].at)
    except ValueError as error:
        raise FoldError(1, str(error)) from None
    case.restore(log)
    return case


class Case:
    """One patient on one pathway. Holds its log and what has been read from it so far."""

    def __init__(self, compiled: CompiledPathway, case_id: str, timezone: str, now: int) -> None:
        self.compiled = compiled
        self.id = case_id
        self.timezone = timezone
        self.zone = parse_zone(timezone)
        self.events: list[ev.Event] = []
        self._reset(Memory(compiled.definition), now)

    def _reset(self, memory: Memory, now: int) -> None:
        self.memory = memory
        self.readings = Readings(self.compiled, memory, now, self.zone)
        self._viewer = Viewer(self.readings)

    def restore(self, events: list[ev.Event]) -> None:
        """Take the state of a log, at its last instant. Raises FoldError."""
        self.events = list(events)
        self._reset(fold(self.compiled.definition, events), max(event.at for event in events))

    @property
    def now(self) -> int:
        return self.readings.now

    @property
    def view(self) -> View:
        """The explained view at the present instant."""
        return self._viewer.view(self.id)

    # --- stepping -------------------------------------------------------------------------------
    def begin(self, stamp: Stamp, timezone: str, label: str | None) -> Step:
        """Record the opening and settle."""

        def opening() -> None:
            self._append(ev.CaseOpened(**self._line(stamp), timezone=timezone, label=label), ())
            self._settle(_Settling(stamp, None))

        return self._finished([], opening)

    def commit(self, batch: Batch, confirm: str | None = None) -> Step:
        """Record a batch and settle (rule 15). With `confirm`, confirmed transitions are taken as well.

        Time passes first, up to the batch. Raises EntryError, with nothing recorded, on bad input.
        """
        if self.memory.closed is not None:
            raise entry_error("this case is closed. Open a new one")
        read_batch(batch, self.readings)
        refused: list[Refusal] = []

        def record() -> None:
            self._let_pass(batch.at - 1, batch.recorded_at, confirm)
            self._advance(batch.at)
            self._record(read_batch(batch, self.readings), confirm, refused)

        return self._finished(refused, record)

    def pass_time(self, to: int, recorded_at: int, confirm: str | None = None) -> Step:
        """Let time pass up to `to`, settling at every instant at which something can change (rule 17)."""
        if to < self.now:
            raise entry_error("time cannot run backwards")
        if self.memory.closed is not None:
            self._advance(to)
            return Step(self.now, (), (), (), self.view)

        def wait() -> None:
            self._let_pass(to, recorded_at, confirm)
            self._advance(to)

        return self._finished([], wait)

    def _finished(self, refused: list[Refusal], work: Callable[[], None]) -> Step:
        """Run a piece of work; if the pathway turns in circles, nothing of it counts."""
        before, now = len(self.events), self.now
        try:
            work()
        except EndlessSettling as error:
            self._take_back(before, now)
            raise entry_error(str(error)) from None
        except EntryError:
            self._take_back(before, now)
            raise
        new = tuple(self.events[before:])
        taken = tuple(_taken(self.compiled, event) for event in new if isinstance(event, ev.TransitionTaken))
        return Step(self.now, new, taken, tuple(refused), self.view)

    def _take_back(self, before: int, now: int) -> None:
        del self.events[before:]
        if self.events:
            self.restore(self.events)
            self._advance(now)

    def _advance(self, now: int) -> None:
        if now > self.now:
            self.readings.move_clock(now)

    def _let_pass(self, to: int, recorded_at: int, confirm: str | None) -> None:
        while True:
            instant = self._viewer.next_change()
            if instant is None or instant > to:
                return
            self._advance(instant)
            stamp = Stamp(instant, recorded_at, SYSTEM, self._next_batch())
            self._append(ev.TimePassed(**self._line(stamp), to=instant), ())
            self._settle(_Settling(stamp, confirm))

    # --- recording ------------------------------------------------------------------------------
    def _next_batch(self) -> int:
        return self.events[-1].batch + 1 if self.events else 1

    def _line(self, stamp: Stamp) -> dict[str, int | str]:
        return {
            "seq": len(self.events) + 1,
            "at": stamp.at,
            "recorded_at": stamp.recorded_at,
            "by": stamp.by,
            "batch": stamp.batch,
        }

    def _append(self, event: ev.Event, changed: Iterable[Signal]) -> None:
        self.memory.apply(event)
        self.events.append(event)
        self.readings.forget(changed)

    def _record(self, read: ReadBatch, confirm: str | None, refused: list[Refusal]) -> None:
        """Undo, retractions, facts by name, done, declined, overrides; settle; take; settle (rule 15)."""
        batch = read.batch
        stamp = Stamp(batch.at, batch.recorded_at, batch.by, self._next_batch())
        if batch.undo:
            self._undo(stamp, refused)
        self._record_facts(read, stamp)
        overrides = self._granted(batch, refused)
        self._record_deeds(read, stamp, overrides)
        settling = _Settling(stamp, confirm, held={take.track for take in batch.take})
        self._record_overrides(overrides, settling)
        self._record_words(batch, stamp)
        if self.events[-1].batch != stamp.batch and not (batch.take or refused):
            self._append(ev.TimePassed(**self._line(stamp), to=batch.at), ())
        self._settle(settling)
        for take in batch.take:
            self._take(take, settling, refused)
        settling.held -= {take.track for take in batch.take}
        if batch.take:
            self._settle(settling)
        if batch.close is not None:
            self._append(ev.CaseClosed(**self._line(stamp), reason=batch.close), ())

    def _undo(self, stamp: Stamp, refused: list[Refusal]) -> None:
        """Take back the last human batch and what followed from it (rule 26)."""
        if not self.memory.human_batches:
            refused.append(Refusal("undo", "there is nothing to undo"))
            return
        undone = ev.Undone(**self._line(stamp), undone=self.memory.human_batches[-1])
        self.events.append(undone)
        self._reset(fold(self.compiled.definition, self.events), stamp.at)

    def _record_facts(self, read: ReadBatch, stamp: Stamp) -> None:
        for entry in sorted(read.retracted, key=lambda item: item.fact):
            event = ev.FactRetracted(**self._line(stamp), fact=entry.fact, reason=entry.reason)
            self._append(event, [("fact", entry.fact)])
        for item in read.facts:
            self._append(self._fact_event(item, stamp), [("fact", item.fact.name)])

    def _fact_event(self, item: ReadFact, stamp: Stamp) -> ev.FactRecorded:
        present = self.memory.current.get(item.fact.name)
        line = self._line(stamp) | {"at": item.at}
        return ev.FactRecorded(
            **line,
            fact=item.fact.name,
            value=item.value.text,
            unit=item.value.unit,
            entered=item.value.entered,
            corrects=present.seq if item.corrects and present is not None else None,
        )

    def _record_deeds(self, read: ReadBatch, stamp: Stamp, granted: list[_Granted]) -> None:
        """Deeds and declines, judged as they stand with the whole batch in, never in its middle."""
        judged = {deed.action: self._judged(deed.action, deed.at, read, granted) for deed in read.deeds}
        declined = {
            entry.action: self._judged(entry.action, stamp.at, read, granted) for entry in read.batch.declined
        }
        for deed in read.deeds:
            record = self.memory.current.get(deed.fact) if deed.fact is not None else None
            via = record.seq if record is not None else None
            self._append(
                ev.ActionDone(
                    **self._line(stamp),
                    action=deed.action,
                    judged=judged[deed.action],
                    done_at=deed.at,
                    via=via,
                    reason=deed.reason,
                ),
                [("deed", deed.action)],
            )
        for entry in read.batch.declined:
            line = self._line(stamp)
            event = ev.ActionDeclined(
                **line, action=entry.action, judged=declined[entry.action], reason=entry.reason
            )
            self._append(event, [("deed", entry.action)])

    def _judged(self, action: str, at: int, read: ReadBatch, granted: list[_Granted]) -> str:
        """How an action stood at an instant, were the batch's overrides and its other deeds by then in force."""
        batch, last = self._next_batch(), sys.maxsize
        deeds = {name: list(rows) for name, rows in self.memory.deeds.items()}
        for other in read.deeds:
            if other.action != action and other.at <= at:
                deeds.setdefault(other.action, []).append(Deed(last, batch, other.at, "", ""))
        lifts = [
            Override(last, batch, at, one.entry.action, one.safeguards)
            for one in granted
            if one.entry.action is not None
        ]
        supposed = replace(self.memory, deeds=deeds, overrides=[*self.memory.overrides, *lifts])
        return called_for.cleared(action, Readings(self.compiled, supposed, at, self.zone))

    def _granted(self, batch: Batch, refused: list[Refusal]) -> list[_Granted]:
        """The overrides that have something to lift or a place to return to; the others are refused."""
        found: list[_Granted] = []
        for entry in batch.overrides:
            safeguards, why = self._lifts(entry)
            if why is None:
                found.append(_Granted(entry, safeguards))
            else:
                refused.append(Refusal(f"override {entry.action or entry.track}", why))
        return found

    def _lifts(self, entry: OverrideEntry) -> tuple[tuple[str, ...], str | None]:
        if entry.action is None:
            return (), self._no_return(entry)
        standing = [
            (safeguard, called_for.standing_of(safeguard, entry.action, self.readings)[0])
            for safeguard in self.compiled.safeguards[entry.action]
        ]
        against = [safeguard for safeguard, word in standing if word in ("blocks", "holds")]
        lifted = tuple(safeguard.name for safeguard in against if safeguard.override is not None)
        if lifted:
            return lifted, None
        if against:
            return (), f"nobody may override {', '.join(safeguard.name for safeguard in against)}"
        return (), "no safeguard stands against it"

    def _no_return(self, entry: OverrideEntry) -> str | None:
        """Why a track may not return to a state; None when it may (rule 23)."""
        assert entry.track is not None
        if self.memory.stands[entry.track].state == entry.to:
            return f"{entry.track} is in {entry.to} already"
        if entry.to not in self.memory.states_been_in(entry.track):
            return f"{entry.track} has never been in {entry.to}; an override only returns to where it was"
        return None

    def _record_overrides(self, granted: list[_Granted], settling: _Settling) -> None:
        for one in granted:
            entry = one.entry
            event = ev.Overridden(
                **self._line(settling.stamp),
                code=entry.code,
                reason=entry.reason,
                action=entry.action,
                track=entry.track,
                to=entry.to,
                safeguards=one.safeguards,
            )
            self._append(event, [("override", entry.action)] if entry.action is not None else ())
            if entry.track is not None and entry.to is not None:
                self._return(entry.track, entry.to, entry.reason, settling)

    def _return(self, track: str, to: str, reason: str, settling: _Settling) -> None:
        settling.overridden.add(track)
        settling.rounds += 1
        event = ev.TransitionTaken(
            **self._line(settling.stamp),
            track=track,
            source=self.memory.stands[track].state,
            to=to,
            cause="override",
            guard="override",
            basis=(),
            round=settling.rounds,
            reason=reason,
        )
        self._append(event, [("track", track)])

    def _record_words(self, batch: Batch, stamp: Stamp) -> None:
        for alert in batch.acknowledged:
            self._append(ev.Acknowledged(**self._line(stamp), alert=alert), ())
        for text in batch.notes:
            self._append(ev.NoteAdded(**self._line(stamp), text=text), ())

    # --- moving ---------------------------------------------------------------------------------
    def _settle(self, settling: _Settling) -> None:
        """Take all that fires on one snapshot, together, and again, until nothing does (rule 16)."""
        seen = [self._configuration()]
        while True:
            moving = self._firing(automatic=True)
            if moving:
                self._move(moving, settling, "auto")
                self._refuse_circle(seen)
                continue
            moving = self._confirmed(settling)
            if not moving:
                return
            settling.left |= {(way.transition.track, way.transition.source) for way in moving}
            self._move(moving, settling, settling.confirm or "clinician")
            seen = [self._configuration()]

    def _firing(self, automatic: bool) -> list[Way]:
        found = [firing(track, self.readings, automatic) for track in self.compiled.definition.tracks]
        return [way for way in found if way is not None]

    def _confirmed(self, settling: _Settling) -> list[Way]:
        """Confirmed transitions that fire: a run takes them, each state at most once an entry."""
        if settling.confirm is None:
            return []
        return [
            way
            for way in self._firing(automatic=False)
            if way.transition.track not in settling.held | settling.overridden
            and (way.transition.track, way.transition.source) not in settling.left
        ]

    def _configuration(self) -> tuple[str, ...]:
        return tuple(stand.state for stand in self.memory.stands.values())

    def _refuse_circle(self, seen: list[tuple[str, ...]]) -> None:
        present = self._configuration()
        if present in seen:
            circle = " -> ".join("/".join(states) for states in (*seen[seen.index(present) :], present))
            raise EndlessSettling(
                f"this pathway goes round in a circle ({circle}); nothing of this entry was recorded. "
                "Its author has to break the circle: `pathway check` shows where"
            )
        seen.append(present)

    def _move(self, moving: list[Way], settling: _Settling, cause: str) -> None:
        """Apply transitions that were judged on one snapshot."""
        settling.rounds += 1
        basis = {
            way.transition.track: merged(
                reason.basis for _, reason in self.readings.ways_out(way.transition.track)
            )
            for way in moving
        }
        by = SYSTEM if cause == "auto" else settling.stamp.by
        for way in moving:
            transition = way.transition
            event = ev.TransitionTaken(
                **self._line(replace(settling.stamp, by=by)),
                track=transition.track,
                source=transition.source,
                to=self.compiled.fire(transition, way.reason.verdict),
                cause=cause,
                guard=way.reason.text,
                basis=tuple(sorted(basis[transition.track])),
                round=settling.rounds,
            )
            self._append(event, [("track", transition.track)])

    def _take(self, take: TakeEntry, settling: _Settling, refused: list[Refusal]) -> None:
        """The clinician's own transition: taken if it is open, refused with the reason otherwise."""
        if self._just_taken(take, settling.stamp.batch):
            return
        way, why = takeable(take.track, take.to, self.readings)
        if way is None:
            refused.append(Refusal(f"{take.track} -> {take.to}", why))
            return
        settling.left.add((take.track, way.transition.source))
        self._move([way], settling, settling.confirm or "clinician")

    def _just_taken(self, take: TakeEntry, batch: int) -> bool:
        last = next((move for move in reversed(self.memory.path) if move.track == take.track), None)
        return last is not None and last.batch == batch and last.to == take.to


def _taken(compiled: CompiledPathway, event: ev.TransitionTaken) -> Taken:
    ways = compiled.state(event.track, event.source).next
    cites = next((way.cites for way in ways if way.to == event.to and way.when.text == event.guard), ())
    return Taken(event.track, event.source, event.to, event.cause, cites)
