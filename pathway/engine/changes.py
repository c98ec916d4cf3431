"""The next instant at which anything can change while no fact does (rule 17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from pathway.engine import calls
from pathway.engine.readings import Readings
from pathway.language import expression as ex
from pathway.language.definition import Guard
from pathway.language.evaluate import FactReading, derived, judge
from pathway.language.verdict import FactUse, Verdict

HORIZON = 200 * 366 * 86400
DAY = 86400


class Later:
    """The snapshot as it would be at a later instant: the same facts, another clock."""

    def __init__(self, readings: Readings, now: int) -> None:
        self.readings = readings
        self._now = now

    @property
    def now(self) -> int:
        return self._now

    @property
    def zone(self) -> tzinfo:
        return self.readings.zone

    def fact(self, name: str) -> FactReading:
        fact = self.readings.compiled.definition.facts[name]
        present = self.readings.fact(name)
        if (
            fact.formula is None
            or not fact.formula.reads_clock
            or (present.basis and present.uses[0].seq is not None)
        ):
            return present
        found = derived(fact, self)
        return FactReading(found.value, (FactUse(name, None),), found.needs, found.basis)

    def done(self, action: str, since: int) -> bool:
        return self.readings.done(action, since)

    def declined(self, action: str, since: int) -> bool:
        return self.readings.declined(action, since)

    def recorded(self, fact: str, since: int) -> bool:
        return self.readings.recorded(fact, since)

    def in_state(self, track: str, state: str) -> bool:
        return self.readings.in_state(track, state)

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        return self.readings.lines(kind, name)


class Changes:
    """Remembers when each clock-reading guard next changes, until what it reads has changed."""

    def __init__(self) -> None:
        self._next: dict[int, tuple[object, int, int | None]] = {}
        self._reads: dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}

    def copy(self) -> Changes:
        """The same, remembered apart from this."""
        found = Changes()
        found._next, found._reads = dict(self._next), self._reads
        return found

    def next_change(self, readings: Readings, deadlines: Iterable[int]) -> int | None:
        """The next instant after now at which a guard, shelf life or one of the deadlines can change."""
        found = [instant for instant in self._instants(readings) if instant > readings.now]
        return min((*found, *deadlines), default=None)

    def _instants(self, readings: Readings) -> Iterable[int]:
        yield from (last + 1 for _, last in readings.lasting())
        for guard in _relevant(readings):
            instant = self._guard(guard, readings)
            if instant is not None:
                yield instant

    def _guard(self, guard: Guard, readings: Readings) -> int | None:
        assert guard.expression is not None
        evidence = self._evidence(guard, readings)
        known = self._next.get(id(guard))
        if (
            known is not None
            and known[0] == evidence
            and known[1] <= readings.now
            and _still(known[2], readings.now)
        ):
            return known[2]
        instant = _earliest(guard.expression, readings)
        self._next[id(guard)] = (evidence, readings.now, instant)
        return instant

    def _evidence(self, guard: Guard, readings: Readings) -> tuple[object, ...]:
        """Everything but the clock that the guard's verdict rests on."""
        reads = self._reads.get(id(guard))
        if reads is None:
            reads = tuple(guard.facts), tuple(guard.deeds), tuple(guard.tracks)
            self._reads[id(guard)] = reads
        memory, (facts, deeds, tracks) = readings.memory, reads
        return (
            [readings.valid_record(name) for name in facts],
            [(len(memory.deeds.get(name, ())), len(memory.declines.get(name, ()))) for name in deeds],
            [memory.stands.get(name) for name in tracks],
        )


def next_urgency(action: str, readings: Readings) -> int | None:
    """The next instant after now at which the deadline shown for an action becomes soon or late."""
    live = calls.called(action, readings).calls
    limit = calls.earliest(calls.pending(live, readings), readings)
    if limit.due is None or limit.soon is None:
        return None
    return min((at for at in (limit.soon, limit.due + 1) if at > readings.now), default=None)


def _still(instant: int | None, now: int) -> bool:
    return instant is None or instant > now


def _relevant(readings: Readings) -> Iterable[Guard]:
    """Clock-reading guards that matter now: all but those of transitions out of other states."""
    present = {id(way.when) for track, stand in readings.memory.stands.items()
               for way in readings.compiled.state(track, stand.state).next}  # fmt: skip
    for guard in readings.compiled.clocked:
        if id(guard) in present or id(guard) not in readings.compiled.transition_guards:
            yield guard


def _earliest(node: ex.Expression, readings: Readings) -> int | None:
    """The first instant after now at which a comparison within the expression changes its verdict."""
    found: list[int] = []
    seen: set[str] = set()
    for comparison in _comparisons(node, readings, seen):
        instant = _crossing(comparison, readings)
        if instant is not None:
            found.append(instant)
    return min(found, default=None)


def _comparisons(node: ex.Expression, readings: Readings, seen: set[str]) -> Iterable[ex.Compare]:
    for part in ex.walk(node):
        if isinstance(part, ex.Compare):
            yield from _inequalities(part)
        elif isinstance(part, ex.Between):
            yield ex.Compare(part.type, part.span, part.text, ">=", part.operand, part.low)
            yield ex.Compare(part.type, part.span, part.text, "<=", part.operand, part.high)
        elif isinstance(part, (ex.FactRef, ex.Done)):
            yield from _below(part, readings, seen)


def _below(part: ex.FactRef | ex.Done, readings: Readings, seen: set[str]) -> Iterable[ex.Compare]:
    definition = readings.compiled.definition
    name = part.name if isinstance(part, ex.FactRef) else f"done {part.action}"
    if name in seen:
        return
    seen.add(name)
    guards: list[Guard | None] = []
    values: list[ex.Expression | None] = []
    if isinstance(part, ex.Done):
        guards.append(definition.actions[part.action].evidence)
    else:
        formula = definition.facts[part.name].formula
        guards.extend(row.when for row in formula.rows) if formula is not None else None
        values.extend(
            [*(row.value for row in formula.rows), formula.otherwise] if formula is not None else []
        )
    for expression in [*(guard.expression for guard in guards if guard is not None), *values]:
        if expression is not None:
            yield from _comparisons(expression, readings, seen)


def _inequalities(node: ex.Compare) -> Iterable[ex.Compare]:
    if node.operator in ("=", "!="):
        if node.left.type.kind in (ex.Kind.NUMBER, ex.Kind.DATE, ex.Kind.INSTANT):
            yield ex.Compare(node.type, node.span, node.text, "<", node.left, node.right)
            yield ex.Compare(node.type, node.span, node.text, "<=", node.left, node.right)
        return
    yield node


def _crossing(node: ex.Compare, readings: Readings) -> int | None:
    """When an inequality flips: it can do so once, as its sides drift in one direction (clockwork)."""
    now = readings.now

    def verdict(at: int) -> Verdict:
        return judge(node, Later(readings, at)).verdict

    present = verdict(now)
    if present is Verdict.UNKNOWN or not _moves(node, readings) or verdict(now + HORIZON) is present:
        return None
    low, step = now, 1
    while verdict(now + step) is present:
        low, step = now + step, step * 8
    high = now + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if verdict(middle) is present else (low, middle)
    return high


def _moves(node: ex.Compare, readings: Readings) -> bool:
    facts = readings.compiled.definition.facts
    for part in ex.walk(node):
        if isinstance(part, (ex.Clock, ex.Since)):
            return True
        if isinstance(part, ex.FactRef):
            formula = facts[part.name].formula
            if formula is not None and formula.reads_clock:
                return True
    return False
