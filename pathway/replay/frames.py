"""A log as frames: the case as it stood after each of its events, to go to in any order.

A frame is read afresh from what the events before it amount to (rule 27); nothing is stepped, and nothing is
taken over from another frame. So a log that does not conform is shown as it says, not as it should have been.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import FoldError, Memory, effective
from pathway.engine.readings import Readings
from pathway.engine.view import View
from pathway.engine.viewing import Viewer
from pathway.language.calendar import parse_zone
from pathway.replay.batches import LoggedBatch, batches

SPACING = 64  # events from one checkpoint to the next
KEPT = 64  # views that are kept after they were shown


@dataclass(frozen=True, slots=True)
class Frame:
    """The case after the event `number`, counted from 1, whose entry was made at `at` (seconds UTC).

    `view` is at that instant, or at a later one before the next event, if one was asked for.
    `first` and `last` are the numbers of the events of the same batch; `decision` counts the entries of
    people so far. From `fault` on the events amount to no case: `view` is that of the last one that does.
    """

    number: int
    event: ev.Event
    at: int
    first: int
    last: int
    decision: int
    view: View | None
    fault: FoldError | None = None


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """What the events up to `number` amount to; the memory is never written to again."""

    number: int
    memory: Memory


class Frames:
    """The frames of one log. Making it folds the log once; what cannot be folded is kept as `fault`.

    It remembers what it has shown, so each thread that reads it has one of its own.
    """

    def __init__(self, compiled: CompiledPathway, case_id: str, events: Sequence[ev.Event]) -> None:
        self.compiled = compiled
        self.case_id = case_id
        self.events = tuple(events)
        self.batches = tuple(batches(self.events))
        self._numbers = _last_numbers(self.batches)
        self._of_event = [index for index, batch in enumerate(self.batches) for _ in batch.events]
        self.instants = tuple(self.batches[index].at for index in self._of_event)
        self._decisions = _counted_decisions(self.batches)
        self._ends = [
            number for number, batch in zip(self._numbers, self.batches, strict=True) if is_decision(batch)
        ]
        self._views: OrderedDict[tuple[int, int], View] = OrderedDict()
        self.fault: FoldError | None = None
        self._fault_at = len(self.events) + 1
        self.timezone, self._zone = self._own_zone()
        self._checkpoints = self._folded()

    def __len__(self) -> int:
        return len(self.events)

    @property
    def decisions(self) -> int:
        """How many entries people made, undos among them."""
        return self._decisions[-1] if self._decisions else 0

    def frame(self, number: int, now: int | None = None) -> Frame:
        """The case after the event `number`, from 1 to the length of the log. Raises IndexError.

        `now` is a later instant to look at it: what is valid or due then is judged by it.
        """
        if not 1 <= number <= len(self.events):
            raise IndexError(f"this log has the events 1 to {len(self.events)}, not {number}")
        batch = self._of_event[number - 1]
        first = self._numbers[batch - 1] + 1 if batch else 1
        return Frame(
            number,
            self.events[number - 1],
            self.instants[number - 1],
            first,
            self._numbers[batch],
            self._decisions[batch],
            self.view(number, now),
            self.fault if number >= self._fault_at else None,
        )

    def view(self, number: int, now: int | None = None) -> View | None:
        """The explained view after an event, 0 before the first; None where there is no case yet."""
        folded = min(number, self._fault_at - 1)
        if folded < 1:
            return None
        at = max(self.instants[folded - 1], now or 0)
        if (folded, at) not in self._views:
            readings = Readings(self.compiled, self._memory(folded), at, self._zone)
            self._views[folded, at] = Viewer(readings).view(self.case_id)
        self._views.move_to_end((folded, at))
        if len(self._views) > KEPT:
            self._views.popitem(last=False)
        return self._views[folded, at]

    def batch_of(self, number: int) -> int:
        """The index of the batch that an event stands in."""
        return self._of_event[number - 1]

    def last_of(self, batch: int) -> int:
        """The number of the last event of a batch."""
        return self._numbers[batch]

    def at_or_before(self, moment: int) -> int:
        """The number of the last event that was entered by an instant; 0 where there is none."""
        return bisect_right(self.instants, moment)

    def next_decision(self, number: int) -> int:
        """Where the next entry of a person has been dealt with in full; the last event where none follows."""
        place = bisect_right(self._ends, number)
        return self._ends[place] if place < len(self._ends) else len(self.events)

    def previous_decision(self, number: int) -> int:
        """Where the entry of a person before this one had been dealt with; the first event without one."""
        place = bisect_left(self._ends, number)
        return self._ends[place - 1] if place else min(1, len(self.events))

    def _own_zone(self) -> tuple[str, tzinfo]:
        opened = self.events[0] if self.events else None
        if not isinstance(opened, ev.CaseOpened):
            return "UTC", parse_zone()
        try:
            return opened.timezone, parse_zone(opened.timezone)
        except ValueError as error:
            self._fail(1, FoldError(opened.seq, str(error)))
            return "UTC", parse_zone()

    def _fail(self, number: int, fault: FoldError) -> None:
        self.fault, self._fault_at = fault, number

    def _folded(self) -> list[_Checkpoint]:
        """Fold the log once, with a checkpoint every so often, and after each undo."""
        fold = _Fold(self.compiled)
        found = [_Checkpoint(0, fold.memory.copy())]
        for number, event in enumerate(self.events[: self._fault_at - 1], 1):
            try:
                fold.take(event)
            except FoldError as error:
                self._fail(number, error)
                break
            if number % SPACING == 0 or isinstance(event, ev.Undone):
                found.append(_Checkpoint(number, fold.memory.copy()))
        return found

    def _memory(self, number: int) -> Memory:
        """What the events up to a number amount to. No undo stands between a checkpoint and the next."""
        index = bisect_right(self._checkpoints, number, key=lambda one: one.number) - 1
        checkpoint = self._checkpoints[index]
        memory = checkpoint.memory.copy()
        for event in self.events[checkpoint.number : number]:
            memory.apply(event)
        return memory


class _Fold:
    """The fold of a log event by event; an undo folds again what still counts (rule 26)."""

    def __init__(self, compiled: CompiledPathway) -> None:
        self.memory = Memory(compiled.definition)
        self._kept: list[ev.Event] = []
        self._earlier: list[tuple[int, Memory]] = []

    def take(self, event: ev.Event) -> None:
        """Take one event in. Raises FoldError."""
        if isinstance(event, ev.Undone):
            self._take_back(event)
            return
        self.memory.apply(event)
        self._kept.append(event)
        if len(self._kept) % SPACING == 0:
            self._earlier.append((len(self._kept), self.memory.copy()))

    def _take_back(self, event: ev.Undone) -> None:
        left = effective([*self._kept, event])[:-1]
        same = next(
            (at for at, pair in enumerate(zip(self._kept, left, strict=False)) if pair[0] is not pair[1]),
            min(len(self._kept), len(left)),
        )
        self._earlier = [one for one in self._earlier if one[0] <= same]
        start, memory = self._earlier[-1] if self._earlier else (0, Memory(self.memory.definition))
        self.memory, self._kept = memory.copy(), left
        for one in left[start:]:
            self.memory.apply(one)
        self.memory.apply(event)


def is_decision(batch: LoggedBatch) -> bool:
    """Whether a person entered something in a batch: more than passing time and what moved by itself."""
    return any(_is_entered(event) for event in batch.events)


def _is_entered(event: ev.Event) -> bool:
    if isinstance(event, ev.TransitionTaken):
        return event.cause not in ("auto", "timeline")
    return not isinstance(event, ev.CaseOpened | ev.TimePassed)


def _last_numbers(found: Sequence[LoggedBatch]) -> list[int]:
    numbers: list[int] = []
    for batch in found:
        numbers.append((numbers[-1] if numbers else 0) + len(batch.events))
    return numbers


def _counted_decisions(found: Sequence[LoggedBatch]) -> list[int]:
    counts: list[int] = []
    for batch in found:
        counts.append((counts[-1] if counts else 0) + int(is_decision(batch)))
    return counts
