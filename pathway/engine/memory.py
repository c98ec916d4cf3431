"""What a case remembers: the fold of its events, and nothing else (rule 27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pathway.engine import events as ev
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition, Do
from pathway.language.expression import Value
from pathway.language.problems import Fault
from pathway.language.values import kept_value


class FoldError(Fault):
    """An event that cannot follow what came before it: which log line, and why."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"event {seq}: {why}")
        self.seq = seq
        self.why = why


@dataclass(frozen=True, slots=True)
class Record:
    """One recording of a fact, or its retraction (`value` None, with the reason)."""

    seq: int
    at: int
    by: str
    value: Value | None
    text: str | tuple[str, ...]
    unit: str | None
    entered: str
    reason: str | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """An action carried out. `via`: the fact that says so; `counts`: the line from which it counts."""

    seq: int
    batch: int
    at: int
    judged: str
    by: str
    counts: int
    via: int | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    seq: int
    at: int
    reason: str
    by: str
    batch: int

    def answers(self, call: Call) -> bool:
        """Whether this refusal meets a call made before, or by the very entry that declines (rule 15)."""
        return self.seq > call.seq or self.batch == call.batch


@dataclass(frozen=True, slots=True)
class Override:
    """Safeguards of an action lifted at a moment."""

    seq: int
    batch: int
    at: int
    action: str
    safeguards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a track stands, since when, and the log line of entering."""

    state: str
    entered_at: int
    entered_seq: int


@dataclass(frozen=True, slots=True)
class Call:
    """A state's call for an action, made on entering it; `left` once the track has moved on."""

    track: str
    state: str
    do: Do
    at: int
    seq: int
    batch: int
    left: bool = False


@dataclass(slots=True)
class Memory:
    """Everything that events have said, as the engine reads it."""

    definition: Definition
    opened: ev.CaseOpened | None = None
    records: dict[str, list[Record]] = field(default_factory=dict[str, list[Record]])
    current: dict[str, Record] = field(default_factory=dict[str, Record])
    deeds: dict[str, list[Deed]] = field(default_factory=dict[str, list[Deed]])
    declines: dict[str, list[Decline]] = field(default_factory=dict[str, list[Decline]])
    overrides: list[Override] = field(default_factory=list[Override])
    stands: dict[str, Stand] = field(default_factory=dict[str, Stand])
    calls: dict[str, list[Call]] = field(default_factory=dict[str, list[Call]])
    path: list[ev.TransitionTaken] = field(default_factory=list[ev.TransitionTaken])
    unsettled_basis: set[int] = field(default_factory=set[int])
    acknowledged: dict[str, ev.Acknowledged] = field(default_factory=dict[str, ev.Acknowledged])
    human_batches: list[int] = field(default_factory=list[int])
    corrected_deeds: dict[int, int] = field(default_factory=dict[int, int])
    closed: ev.CaseClosed | None = None
    clock_batch: int = 0

    def apply(self, event: ev.Event) -> None:
        """Take one event in. Raises FoldError where it cannot follow."""
        if self.opened is None and not isinstance(event, ev.CaseOpened):
            raise FoldError(event.seq, "a case begins with case_opened")
        match event:
            case ev.FactRecorded():
                self._record(event)
            case ev.FactRetracted():
                self._retract(event)
            case ev.TransitionTaken():
                self._move(event)
            case ev.ActionDone():
                self._do(event)
            case ev.ActionDeclined():
                self._decline(event)
            case ev.Overridden():
                self._override(event)
            case _:
                self._note(event)
        self._count_batch(event)

    def _count_batch(self, event: ev.Event) -> None:
        """Remember the batches that people made: these can be undone."""
        if isinstance(event, ev.TimePassed):
            self.clock_batch = event.batch
        system = (ev.CaseOpened, ev.TimePassed, ev.Undone)
        automatic = isinstance(event, ev.TransitionTaken) and event.cause == "auto"
        if isinstance(event, system) or automatic or event.batch == self.clock_batch:
            return
        if not self.human_batches or self.human_batches[-1] != event.batch:
            self.human_batches.append(event.batch)

    def _open(self, event: ev.CaseOpened) -> None:
        if self.opened is not None:
            raise FoldError(event.seq, "the case is open already")
        self.opened = event
        for name, track in self.definition.tracks.items():
            self._enter(name, track.start, event)

    def _record(self, event: ev.FactRecorded) -> None:
        fact = self.definition.facts.get(event.fact)
        if fact is None:
            raise FoldError(event.seq, f"this pathway has no fact `{event.fact}`")
        try:
            value = kept_value(fact, event.value, parse_zone("UTC"))
        except ValueError as error:
            raise FoldError(event.seq, str(error)) from None
        if event.corrects is not None:
            self._replace(event)
        self._add(
            event.fact,
            Record(event.seq, event.at, event.by, value, event.value, event.unit, event.entered),
        )

    def _replace(self, event: ev.FactRecorded) -> None:
        """A correction: the old record counts no longer, nor do deeds that rested on it."""
        rows = self.records.get(event.fact, [])
        for index, row in enumerate(rows):
            if row.seq == event.corrects:
                rows[index] = replace(row, replaced_by=event.seq)
                self.unsettled_basis.add(row.seq)
                self._withdraw(row.seq, event.seq)
                self._keep_retracted(rows, row, event.seq)
                return
        raise FoldError(event.seq, f"it corrects line {event.corrects}, which records no {event.fact}")

    def _keep_retracted(self, rows: list[Record], corrected: Record, by: int) -> None:
        """Correcting a retraction does not revive what it had taken back (rule 25)."""
        if corrected.reason is None:
            return
        for index, row in enumerate(rows):
            if row.seq < corrected.seq and row.replaced_by is None:
                rows[index] = replace(row, replaced_by=by)

    def _withdraw(self, via: int, corrected_by: int | None = None) -> None:
        for action, deeds in self.deeds.items():
            withdrawn = [deed.counts for deed in deeds if deed.via == via]
            if withdrawn and corrected_by is not None:
                self.corrected_deeds[corrected_by] = min(withdrawn)
            self.deeds[action] = [deed for deed in deeds if deed.via != via]

    def _retract(self, event: ev.FactRetracted) -> None:
        if event.fact not in self.definition.facts:
            raise FoldError(event.seq, f"this pathway has no fact `{event.fact}`")
        present = self.current.get(event.fact)
        if present is not None:
            self.unsettled_basis.add(present.seq)
            if event.reason == "entry_error":
                self._withdraw(present.seq)
        self._add(
            event.fact,
            Record(event.seq, event.at, event.by, None, "unknown", None, "unknown", reason=event.reason),
        )

    def _add(self, fact: str, record: Record) -> None:
        rows = self.records.setdefault(fact, [])
        rows.append(record)
        present = self.current.get(fact)
        # Where the row before is the present record, as it stands, no earlier one can be.
        standing = [present, record] if present is not None and rows[-2:-1] == [present] else rows
        self.current[fact] = max(
            (row for row in standing if row.replaced_by is None), key=lambda row: (row.at, row.seq)
        )

    def _move(self, event: ev.TransitionTaken) -> None:
        stand = self.stands.get(event.track)
        if stand is None or event.to not in self.definition.tracks[event.track].states:
            raise FoldError(event.seq, f"this pathway has no {event.track}.{event.to}")
        if stand.state != event.source:
            raise FoldError(event.seq, f"{event.track} is in {stand.state}, not in {event.source}")
        for do in self.definition.tracks[event.track].states[stand.state].do:
            self.calls[do.action] = [
                replace(call, left=True) if (call.track, call.state) == (event.track, stand.state) else call
                for call in self.calls[do.action]
            ]
        self.path.append(event)
        self._enter(event.track, event.to, event)

    def _enter(self, track: str, state: str, event: ev.CaseOpened | ev.TransitionTaken) -> None:
        self.stands[track] = Stand(state, event.at, event.seq)
        for do in self.definition.tracks[track].states[state].do:
            earlier = self.calls.get(do.action, [])
            # A new call does not put off an older one: the first that is unanswered keeps its due time.
            waiting = [call for call in earlier if call.do is do and not self._answered(call)][:1]
            history = [call for call in earlier if do.within is not None and self._answered(call)]
            others = [call for call in earlier if call.do is not do]
            mine = [call for call in history if call.do is do]
            call = Call(track, state, do, event.at, event.seq, event.batch)
            self.calls[do.action] = [*others, *mine, *waiting, call]

    def _answered(self, call: Call) -> bool:
        """Whether a deed or a refusal has answered a call, as far as events tell."""
        action = call.do.action
        if self.refused(call):
            return True
        since = call.seq if call.do.again else 0
        return any(deed.counts > since for deed in self.deeds.get(action, ()))

    def refused(self, call: Call) -> bool:
        """Whether a call was declined; a course that was taken up again after that is declined no longer."""
        action = call.do.action
        last = max((deed.counts for deed in self.deeds.get(action, ())), default=0)
        lifted = last if self.definition.actions[action].course else 0
        return any(one.answers(call) and one.seq > lifted for one in self.declines.get(action, ()))

    def _do(self, event: ev.ActionDone) -> None:
        counts = self._counts_from(event)
        deed = Deed(event.seq, event.batch, event.done_at, event.judged, event.by, counts, event.via)
        self.deeds.setdefault(self._action(event.seq, event.action), []).append(deed)

    def _counts_from(self, event: ev.ActionDone) -> int:
        """A corrected deed keeps its place among the moves, unless its new time lies after the last move."""
        corrected = self.corrected_deeds.get(event.via or 0)
        last = max((stand.entered_at for stand in self.stands.values()), default=0)
        return corrected if corrected is not None and event.done_at < last else event.seq

    def _decline(self, event: ev.ActionDeclined) -> None:
        entry = Decline(event.seq, event.at, event.reason, event.by, event.batch)
        self.declines.setdefault(self._action(event.seq, event.action), []).append(entry)

    def _note(self, event: ev.Event) -> None:
        """The events of a case's life; passing time, undo and notes leave nothing to remember here."""
        match event:
            case ev.CaseOpened():
                self._open(event)
            case ev.Acknowledged():
                self.acknowledged[event.alert] = event
            case ev.CaseClosed():
                self.closed = event
            case _:
                pass

    def _action(self, seq: int, action: str) -> str:
        if action not in self.definition.actions:
            raise FoldError(seq, f"this pathway has no action `{action}`")
        return action

    def _override(self, event: ev.Overridden) -> None:
        if event.action is not None:
            action = self._action(event.seq, event.action)
            self.overrides.append(Override(event.seq, event.batch, event.at, action, event.safeguards))

    def as_of(self, at: int) -> Memory:
        """The memory with the values that were true at an instant, where the records tell of one.

        What was only found out for a later time stands in where nothing is on record for that instant.
        """
        current = dict(self.current)
        for name, rows in self.records.items():
            by_then = [row for row in rows if row.replaced_by is None and row.at <= at]
            if by_then:
                current[name] = max(by_then, key=lambda row: (row.at, row.seq))
        return replace(self, current=current)

    def copy(self) -> Memory:
        """A memory of its own with the same content: what is applied to one is not in the other."""
        return replace(
            self,
            records=_copied(self.records),
            current=dict(self.current),
            deeds=_copied(self.deeds),
            declines=_copied(self.declines),
            overrides=list(self.overrides),
            stands=dict(self.stands),
            calls=_copied(self.calls),
            path=list(self.path),
            unsettled_basis=set(self.unsettled_basis),
            acknowledged=dict(self.acknowledged),
            human_batches=list(self.human_batches),
            corrected_deeds=dict(self.corrected_deeds),
        )

    def states_been_in(self, track: str) -> frozenset[str]:
        """The states the track has been in, its present one included."""
        moves = [event for event in self.path if event.track == track]
        return frozenset({self.definition.tracks[track].start, *(move.to for move in moves)})


Row = TypeVar("Row")


def _copied(lists: dict[str, list[Row]]) -> dict[str, list[Row]]:
    return {name: list(rows) for name, rows in lists.items()}


def effective(events: Iterable[ev.Event]) -> list[ev.Event]:
    """The events that count: without undone batches and the moves that they caused (rule 26)."""
    kept: list[ev.Event] = []
    for event in events:
        if isinstance(event, ev.Undone):
            kept = _without(kept, event.undone)
        kept.append(event)
    return kept


def _without(events: list[ev.Event], batch: int) -> list[ev.Event]:
    """The events without a batch, and without later moves that rest on any line of it, however far."""
    gone = {event.seq for event in events if event.batch == batch}
    kept: list[ev.Event] = []
    for event in events:
        if isinstance(event, ev.TransitionTaken) and not gone.isdisjoint(event.basis):
            gone.add(event.seq)
        if event.seq not in gone:
            kept.append(event)
    return kept


def fold(definition: Definition, events: Iterable[ev.Event]) -> Memory:
    """The memory that a log amounts to. Raises FoldError."""
    memory = Memory(definition)
    for event in effective(events):
        memory.apply(event)
    return memory
