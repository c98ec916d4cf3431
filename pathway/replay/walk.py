"""Walking over a log batch by batch: every automatic move is derived anew from the facts, and compared.

Each snapshot is read afresh, nothing is taken over from the one before: so a replay also finds an engine
that forgot to forget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

from pathway.engine import events as ev
from pathway.engine.changes import Changes
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import FoldError, Memory, fold
from pathway.engine.readings import Readings
from pathway.engine.settling import Way, firing
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.values import kept_fault
from pathway.replay import deeds
from pathway.replay.batches import RANKS, LoggedBatch, rank
from pathway.replay.divergence import (
    IMPOSSIBLE_VALUE,
    MISSING_MOVE,
    OVERRIDE,
    UNDO,
    UNKNOWN_NAME,
    UNKNOWN_STATE,
    WRONG_ORDER,
    diverge,
    event_words,
    reason_words,
    way_words,
)
from pathway.replay.moves import check_automatic, check_chosen, check_round


class Walk:
    """The case as the log has it so far. `take` raises DivergedError where it no longer follows."""

    def __init__(self, compiled: CompiledPathway) -> None:
        self.compiled = compiled
        self.memory = Memory(compiled.definition)
        self.clock = 0
        self.zone: tzinfo = parse_zone()
        self._taken: list[ev.Event] = []
        self._changes = Changes()
        self._batch = 0
        self._round = 0

    def take(self, batch: LoggedBatch) -> None:
        """Follow one batch."""
        self._check_order(batch)
        if self.memory.opened is None:
            self._open(batch.first)
        else:
            self._let_pass(batch)
        self.clock, self._batch, self._round = batch.at, batch.number, 0
        self._undo(batch)
        self._record(batch)
        self._override(batch)
        self._apply(
            one for one in batch.events if isinstance(one, ev.Acknowledged | ev.NoteAdded | ev.TimePassed)
        )
        self._move(batch)
        self._apply(one for one in batch.events if isinstance(one, ev.CaseClosed))

    # --- order and time -------------------------------------------------------------------------
    def _check_order(self, batch: LoggedBatch) -> None:
        first = batch.first
        if batch.number != self._batch + 1:
            why = "batches are numbered without gaps: lines were lost, moved or added"
            diverge(first.seq, WRONG_ORDER, f"batch {self._batch + 1}", f"batch {batch.number}", why)
        if batch.at < self.clock:
            expected = f"not before {self._told(self.clock)}"
            diverge(
                first.seq, WRONG_ORDER, expected, self._told(batch.at), "batches come in the order of time"
            )
        if self.memory.closed is not None and not isinstance(first, ev.Undone):
            diverge(first.seq, WRONG_ORDER, "nothing", event_words(first), "the case was closed before")
        for earlier, later in zip(batch.events, batch.events[1:], strict=False):
            if _key(later) < _key(earlier):
                why = f"inside a batch it stands before {event_words(earlier)} (rule 15)"
                diverge(later.seq, WRONG_ORDER, event_words(later), event_words(earlier), why)
        for event in batch.events:
            if not isinstance(event, ev.FactRecorded) and event.at != batch.at:
                why = "the lines of one batch stand at one instant"
                diverge(event.seq, WRONG_ORDER, self._told(batch.at), self._told(event.at), why)
            if isinstance(event, ev.CaseOpened) and event.seq > 1:
                why = "a case is opened once"
                diverge(event.seq, WRONG_ORDER, "no further case_opened", event_words(event), why)

    def _told(self, instant: int) -> str:
        return format_instant(instant, self.zone)

    def _open(self, event: ev.Event) -> None:
        if not isinstance(event, ev.CaseOpened):
            diverge(
                event.seq, WRONG_ORDER, "case_opened", event_words(event), "a case begins with case_opened"
            )
        try:
            self.zone = parse_zone(event.timezone)
        except ValueError as error:
            diverge(event.seq, UNKNOWN_NAME, "a time zone", event.timezone, str(error))
        self._apply([event])

    def _let_pass(self, batch: LoggedBatch) -> None:
        """A tick that the log leaves out must be one at which nothing moves (rule 17)."""
        while True:
            instant = self._changes.next_change(self._look(), ())  # deadlines move nothing
            if instant is None or instant >= batch.at:
                return
            self.clock = instant
            for way in self._pending():
                expected = f"time_passed to {self._told(instant)}, then {way_words(way)}"
                diverge(
                    batch.first.seq,
                    MISSING_MOVE,
                    expected,
                    event_words(batch.first),
                    reason_words(way.reason),
                )

    # --- what people entered --------------------------------------------------------------------
    def _undo(self, batch: LoggedBatch) -> None:
        for event in batch.events:
            if not isinstance(event, ev.Undone):
                continue
            last = self.memory.human_batches[-1] if self.memory.human_batches else None
            if event.undone != last:
                expected = "nothing" if last is None else f"undone {last}"
                why = "undo takes back the last batch that a person entered (rule 26)"
                diverge(event.seq, UNDO, expected, f"undone {event.undone}", why)
            self._taken.append(event)
            self.memory = fold(self.compiled.definition, self._taken)
            self._changes = Changes()

    def _record(self, batch: LoggedBatch) -> None:
        self._check_names(batch)
        before = deeds.Before.of(self.memory)
        self._apply(batch.facts)
        after = self._look()
        deeds.check_pairing(batch, before, after)
        deeds.check_standings(batch, before, after)
        deeds.check_overrides(batch, after)
        self._apply((*batch.deeds, *batch.declined))

    def _check_names(self, batch: LoggedBatch) -> None:
        definition = self.compiled.definition
        for event in batch.facts:
            if event.fact not in definition.facts:
                why = f"this pathway has no fact `{event.fact}`"
                diverge(event.seq, UNKNOWN_NAME, "a fact of this pathway", event_words(event), why)
            if isinstance(event, ev.FactRecorded):
                why = kept_fault(definition.facts[event.fact], event.value, event.unit)
                if why is not None:
                    diverge(
                        event.seq, IMPOSSIBLE_VALUE, "a value that can be entered", event_words(event), why
                    )
        for event in (*batch.deeds, *batch.declined, *batch.overrides):
            if event.action is not None and event.action not in definition.actions:
                why = f"this pathway has no action `{event.action}`"
                diverge(event.seq, UNKNOWN_NAME, "an action of this pathway", event.action, why)
        for event in batch.moves:
            track = definition.tracks.get(event.track)
            if track is None or event.source not in track.states or event.to not in track.states:
                why = f"this pathway has no way {event.track}: {event.source} -> {event.to}"
                diverge(event.seq, UNKNOWN_STATE, "states of this pathway", event_words(event), why)

    def _override(self, batch: LoggedBatch) -> None:
        """Overrides; one of a track is followed at once by its return (rule 23)."""
        rows = [one for one in batch.events if rank(one) == RANKS[ev.Overridden]]
        waiting: ev.Overridden | None = None
        for event in rows:
            if isinstance(event, ev.Overridden):
                self._refuse_waiting(waiting, event)
                waiting = event if event.track is not None else None
            elif isinstance(event, ev.TransitionTaken):
                self._return(event, waiting)
                waiting = None
            self._apply([event])
        self._refuse_waiting(waiting, batch.events[-1])

    def _refuse_waiting(self, waiting: ev.Overridden | None, event: ev.Event) -> None:
        if waiting is not None:
            why = "the override of a track moves it at once"
            diverge(
                waiting.seq, OVERRIDE, f"{waiting.track} returns to {waiting.to}", event_words(event), why
            )

    def _return(self, event: ev.TransitionTaken, granted: ev.Overridden | None) -> None:
        self._round += 1
        if granted is None or (granted.track, granted.to) != (event.track, event.to):
            why = "no override of this batch returns the track there"
            diverge(event.seq, OVERRIDE, "an override before it", event_words(event), why)
        state = self.memory.stands[event.track].state
        if event.source != state:
            why = f"{event.track} is in {state}, not in {event.source}"
            diverge(event.seq, WRONG_ORDER, f"{event.track} leaves {state}", event_words(event), why)
        if (event.guard, event.basis, event.round) != ("override", (), self._round):
            why = "a return by override rests on no guard"
            diverge(event.seq, OVERRIDE, "guard `override`, no basis", f"guard `{event.guard}`", why)

    # --- moving ---------------------------------------------------------------------------------
    def _move(self, batch: LoggedBatch) -> None:
        moves = [move for move in batch.moves if move.cause != "override"]
        for _, group in groupby(moves, key=lambda move: (move.round, move.cause == "auto")):
            together = tuple(group)
            self._round += 1
            self._check_round(together)
            self._apply(together)
        for way in self._pending():
            closing = batch.events[-1]
            why = f"{reason_words(way.reason)}, and nothing stands in its way"
            diverge(closing.seq, MISSING_MOVE, way_words(way), "nothing more in this batch", why)

    def _check_round(self, together: Sequence[ev.TransitionTaken]) -> None:
        readings, pending = self._look(), self._pending()
        check_round(together, pending, self._round)
        if together[0].cause == "auto":
            check_automatic(together, pending, readings)
        else:
            check_chosen(together, pending, readings)

    def _pending(self) -> list[Way]:
        """The automatic moves that the facts call for now."""
        readings = self._look()
        found = [firing(track, readings, automatic=True) for track in self.compiled.definition.tracks]
        return [way for way in found if way is not None]

    def _look(self) -> Readings:
        return Readings(self.compiled, self.memory, self.clock, self.zone)

    def _apply(self, events: Iterator[ev.Event] | Sequence[ev.Event]) -> None:
        for event in events:
            try:
                self.memory.apply(event)
            except FoldError as error:
                diverge(event.seq, WRONG_ORDER, "an event that can follow", event_words(event), error.why)
            self._taken.append(event)


def _key(event: ev.Event) -> tuple[int, str]:
    named = isinstance(event, ev.FactRecorded | ev.FactRetracted)
    return rank(event), event.fact if named else ""
