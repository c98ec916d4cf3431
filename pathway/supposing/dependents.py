"""What rests on a record: the moves, deeds and overrides that were judged with it, before it is corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.engine import events as ev
from pathway.engine.case import Case
from pathway.engine.memory import Record, effective
from pathway.language.definition import Action, Fact

Deed = ev.ActionDone | ev.ActionDeclined


@dataclass(frozen=True, slots=True)
class Dependent:
    """A later step that rests on the present record of a fact.

    `kind`: moved (a track), done, declined or overridden. `directly` is false for a move that only rests on
    a move that does. `says_it`: the record itself says that the deed was done; a correction judges it anew.
    """

    event: ev.TransitionTaken | ev.ActionDone | ev.ActionDeclined | ev.Overridden
    kind: str
    directly: bool = True
    says_it: bool = False


@dataclass(frozen=True, slots=True)
class Dependence:
    """The present record of a fact, by its log line, and what rests on it, oldest first."""

    fact: str
    line: int | None
    steps: tuple[Dependent, ...]

    @property
    def direct(self) -> tuple[Dependent, ...]:
        """The steps that were judged with the record itself: a correction changes their basis."""
        return tuple(step for step in self.steps if step.directly)


def rests_on(case: Case, fact: str) -> Dependence:
    """The later steps of the case that rest on the present record of a fact; none where it has no record.

    Undone steps do not count. Deeds and overrides rest on a record when a safeguard of their action, or the
    dose, reads the fact and this was the record that counted then.
    """
    record = case.memory.current.get(fact)
    if record is None:
        return Dependence(fact, None, ())
    steps = [*_moves(case, record), *_judged(case, fact, record), *_lifted(case, fact, record)]
    return Dependence(fact, record.seq, tuple(sorted(steps, key=lambda step: step.event.seq)))


def _moves(case: Case, record: Record) -> Iterator[Dependent]:
    """Moves whose basis holds the record's line, and later ones that rest on such a move."""
    resting = {record.seq}
    for move in case.memory.path:
        if not resting.isdisjoint(move.basis):
            resting.add(move.seq)
            yield Dependent(move, "moved", record.seq in move.basis)


def _judged(case: Case, fact: str, record: Record) -> Iterator[Dependent]:
    for event in effective(case.events):
        if not isinstance(event, Deed) or event.seq < record.seq:
            continue
        done = isinstance(event, ev.ActionDone)
        says_it = done and event.via == record.seq
        at = event.done_at if done else event.at
        read = fact in _read_by(case, event.action) and _counted(case, fact, event.seq, at) == record.seq
        if says_it or read:
            yield Dependent(event, "done" if done else "declined", True, says_it)


def _lifted(case: Case, fact: str, record: Record) -> Iterator[Dependent]:
    safeguards = case.compiled.definition.safeguards
    for event in effective(case.events):
        if not isinstance(event, ev.Overridden) or event.seq < record.seq:
            continue
        lifted = [safeguards[name].when for name in event.safeguards if name in safeguards]
        read = any(fact in guard.facts for guard in lifted)
        if read and _counted(case, fact, event.seq, event.at) == record.seq:
            yield Dependent(event, "overridden")


def _counted(case: Case, fact: str, before: int, at: int) -> int | None:
    """The log line of the record that counted for an instant when the line `before` was written."""
    rows = [
        row
        for row in case.memory.records.get(fact, ())
        if row.seq < before and (row.replaced_by is None or row.replaced_by > before)
    ]
    by_then = [row for row in rows if row.at <= at] or rows
    return max(by_then, key=lambda row: (row.at, row.seq)).seq if by_then else None


def _read_by(case: Case, action: str) -> frozenset[str]:
    """The facts that the safeguards and the dose of an action read."""
    found = case.compiled.definition.actions[action]
    guards = [safeguard.when for safeguard in case.compiled.safeguards[action]]
    guards += [dose.when for dose in found.doses if dose.when is not None]
    read = {fact for guard in guards for fact in guard.facts}
    return frozenset(read.union(*_times(case, found)))


def _times(case: Case, action: Action) -> Iterator[frozenset[str]]:
    for dose in action.doses:
        if dose.times is not None:
            yield _base(case.compiled.definition.facts[dose.times])


def _base(fact: Fact) -> frozenset[str]:
    """The fact, and what it is computed from."""
    return frozenset({fact.name}) if fact.formula is None else fact.formula.facts | {fact.name}
