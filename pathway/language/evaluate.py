"""Evaluation with explanation: strong Kleene verdicts with every atom, value, time and recorder.

No short-circuit in `judge`: every atom is read, so the explanation is complete and order cannot matter.
UNKNOWN operands make arithmetic UNKNOWN, even `0 * x` (rule 7); needs are those of UNKNOWN atoms
under unsettled nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from fractions import Fraction
from typing import Any, Protocol

from pathway.language import expression as ex
from pathway.language.calendar import add_months, days_between, local_date, months_between
from pathway.language.definition import Fact, Guard
from pathway.language.expression import Expression, Kind, Value
from pathway.language.verdict import Atom, FactUse, Reason, Verdict

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
DAY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class FactReading:
    """The current value of a fact, or None while UNKNOWN; numbers in base units.

    `needs` are the recordable facts that could make it known, `basis` the log lines it rests on,
    `uses` the fact itself and, for a derived fact, what it was computed from.
    """

    value: Value | None
    uses: tuple[FactUse, ...]
    needs: tuple[str, ...] = ()
    basis: tuple[int, ...] = ()


class Snapshot(Protocol):
    """What a guard may read: one instant of a case, unchanging while it is read."""

    @property
    def now(self) -> int: ...
    @property
    def zone(self) -> tzinfo: ...
    def fact(self, name: str) -> FactReading: ...
    def done(self, action: str, since: int) -> bool: ...
    def declined(self, action: str, since: int) -> bool: ...
    def recorded(self, fact: str, since: int) -> bool: ...
    def in_state(self, track: str, state: str) -> bool: ...
    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        """The log lines behind `done`, `declined`, `recorded` or `state` answers about a name."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of an expression, or None with what is needed and why."""

    value: Value | None
    uses: tuple[FactUse, ...] = ()
    needs: tuple[str, ...] = ()
    basis: tuple[int, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict of a condition with its atoms."""

    verdict: Verdict
    atoms: tuple[Atom, ...]
    needs: tuple[str, ...] = ()
    basis: tuple[int, ...] = ()


def merged(parts: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The members of all parts, each once, in order of appearance."""
    found: tuple[Any, ...] = ()
    several: dict[Any, None] | None = None
    for part in parts:
        if not part or part is found:
            continue
        if several is not None:
            several.update(dict.fromkeys(part))
        elif found:
            several = dict.fromkeys(found)
            several.update(dict.fromkeys(part))
        else:
            found = part
    return found if several is None else tuple(several)


# --- Kleene connectives -------------------------------------------------------------------------
def negated(verdict: Verdict) -> Verdict:
    """Kleene `not`."""
    if verdict is TRUE:
        return FALSE
    return TRUE if verdict is FALSE else UNKNOWN


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene `and`: FALSE if any is FALSE, TRUE if all are TRUE."""
    found = TRUE
    for verdict in verdicts:
        if verdict is FALSE:
            return FALSE
        if verdict is UNKNOWN:
            found = UNKNOWN
    return found


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene `or`: TRUE if any is TRUE, FALSE if all are FALSE."""
    found = FALSE
    for verdict in verdicts:
        if verdict is TRUE:
            return TRUE
        if verdict is UNKNOWN:
            found = UNKNOWN
    return found


def at_least(count: int, verdicts: Iterable[Verdict]) -> Verdict:
    """TRUE once `count` are TRUE, FALSE once too few can still be."""
    given = list(verdicts)
    if given.count(TRUE) >= count:
        return TRUE
    return FALSE if given.count(TRUE) + given.count(UNKNOWN) < count else UNKNOWN


def truth(answer: bool) -> Verdict:
    """A two-valued answer as a verdict."""
    return TRUE if answer else FALSE


# --- values -------------------------------------------------------------------------------------
def value_of(node: Expression, at: Snapshot, entry: int) -> Outcome:
    """The value of an expression on a snapshot; `entry` is the log line of entering the present state."""
    if type(node) in VALUES:
        return VALUES[type(node)](node, at, entry)
    ruling = judge(node, at, entry)
    value = None if ruling.verdict is UNKNOWN else ruling.verdict is TRUE
    return Outcome(value, merged(atom.uses for atom in ruling.atoms), ruling.needs, ruling.basis)


def _literal(node: ex.Literal, at: Snapshot, entry: int) -> Outcome:
    return Outcome(node.value)


def _fact(node: ex.FactRef, at: Snapshot, entry: int) -> Outcome:
    reading = at.fact(node.name)
    return Outcome(reading.value, reading.uses, reading.needs, reading.basis)


def _joined(parts: list[Outcome], value: Value | None, why: str | None = None) -> Outcome:
    missing = [part for part in parts if part.value is None]
    return Outcome(
        value,
        merged(part.uses for part in parts),
        merged(part.needs for part in missing),
        merged(part.basis for part in parts),
        why or next((part.why for part in missing if part.why is not None), None),
    )


def _one(part: Outcome, compute: Callable[[Any], Value]) -> Outcome:
    return _joined([part], None if part.value is None else compute(part.value))


def _two(left: Outcome, right: Outcome, compute: Callable[[Any, Any], Value]) -> Outcome:
    known = left.value is not None and right.value is not None
    return _joined([left, right], compute(left.value, right.value) if known else None)


def _arithmetic(node: ex.Arithmetic, at: Snapshot, entry: int) -> Outcome:
    left, right = value_of(node.left, at, entry), value_of(node.right, at, entry)
    if node.operator == "/" and right.value == 0:
        why = f"{node.right.text} is 0, and nothing can be divided by it"
        joined = _joined([left, right], None, why)
        return Outcome(None, joined.uses, merged([joined.needs, facts_used(right)]), joined.basis, why)
    return _two(left, right, ARITHMETIC[node.operator])


def facts_used(part: Outcome) -> tuple[str, ...]:
    """The recorded facts a value rests on."""
    return tuple(use.fact for use in part.uses if use.seq is not None)


ARITHMETIC: Mapping[str, Callable[[Any, Any], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _extreme(node: ex.Extreme, at: Snapshot, entry: int) -> Outcome:
    parts = [value_of(item, at, entry) for item in node.items]
    values: list[Any] = [part.value for part in parts]
    if any(value is None for value in values):
        return _joined(parts, None)
    return _joined(parts, min(values) if node.operator == "min" else max(values))


def _shift(node: ex.Shift, at: Snapshot, entry: int) -> Outcome:
    moment, amount = value_of(node.moment, at, entry), value_of(node.amount, at, entry)
    sign = 1 if node.operator == "+" else -1
    unit = node.amount.type.unit
    try:
        if node.type.kind is Kind.INSTANT:
            return _two(moment, amount, lambda instant, seconds: _dated(instant + sign * int(seconds // 1)))
        if unit is not None and any(base == "mo" for base, _ in unit.dims):
            return _two(moment, amount, lambda day, months: add_months(day, sign * int(months)))
        return _two(moment, amount, lambda day, span: day + timedelta(days=sign * int(span / DAY_SECONDS)))
    except (ValueError, OverflowError):
        return _joined([moment, amount], None, f"{node.text} lies outside the calendar")


def _dated(instant: int) -> int:
    """The instant, if a date can be given for it in every zone; else ValueError."""
    for near in (instant - DAY_SECONDS, instant + DAY_SECONDS):
        local_date(near, UTC)
    return instant


def _interval(node: ex.Interval, at: Snapshot, entry: int) -> Outcome:
    later, earlier = value_of(node.later, at, entry), value_of(node.earlier, at, entry)
    if node.later.type.kind is Kind.INSTANT:
        return _two(later, earlier, lambda end, start: Fraction(end - start))
    return _two(later, earlier, lambda end, start: Fraction(days_between(start, end) * DAY_SECONDS))


def _clock(node: ex.Clock, at: Snapshot, entry: int) -> Outcome:
    return Outcome(at.now if node.operator == "now" else local_date(at.now, at.zone))


def _since(node: ex.Since, at: Snapshot, entry: int) -> Outcome:
    moment = value_of(node.moment, at, entry)
    if node.operator == "time":
        return _one(moment, lambda instant: Fraction(at.now - instant))
    today = local_date(at.now, at.zone)
    if node.operator == "days":
        return _one(moment, lambda day: Fraction(days_between(day, today) * DAY_SECONDS))
    return _one(moment, lambda day: Fraction(months_between(day, today)))


def _date_of(node: ex.DateOf, at: Snapshot, entry: int) -> Outcome:
    return _one(value_of(node.moment, at, entry), lambda instant: local_date(instant, at.zone))


Valuer = Callable[[Any, Snapshot, int], Outcome]
VALUES: Mapping[type[ex.Node], Valuer] = {
    ex.Literal: _literal,
    ex.FactRef: _fact,
    ex.Arithmetic: _arithmetic,
    ex.Extreme: _extreme,
    ex.Shift: _shift,
    ex.Interval: _interval,
    ex.Clock: _clock,
    ex.Since: _since,
    ex.DateOf: _date_of,
}


# --- conditions ---------------------------------------------------------------------------------
def judge(node: Expression, at: Snapshot, entry: int = 0) -> Ruling:
    """The verdict of a condition on a snapshot, with all its atoms."""
    return CONDITIONS[type(node)](node, at, entry)


def verdict_of(node: Expression, at: Snapshot, entry: int = 0) -> Verdict:
    """The verdict that `judge` gives, where nobody asks why: what cannot change it any more is not read."""
    match node:
        case ex.And(items=items):
            return all_of(verdict_of(item, at, entry) for item in items)
        case ex.Or(items=items):
            return any_of(verdict_of(item, at, entry) for item in items)
        case ex.Not(operand=operand):
            return negated(verdict_of(operand, at, entry))
        case _:
            return judge(node, at, entry).verdict


def _atom(node: Expression, verdict: Verdict, parts: list[Outcome]) -> Ruling:
    if len(parts) == 1:
        one = parts[0]
        needs, uses, basis = (one.needs if verdict is UNKNOWN else ()), one.uses, one.basis
    else:
        needs = merged([part.needs for part in parts]) if verdict is UNKNOWN else ()
        uses, basis = merged([part.uses for part in parts]), merged([part.basis for part in parts])
    why = next((part.why for part in parts if part.why is not None), None) if verdict is UNKNOWN else None
    if why is not None:
        uses = (*uses, FactUse(node.text, None, why=why))
    return Ruling(verdict, (Atom(node.text, verdict, uses),), needs, basis)


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compared(operator: str, left: Outcome, right: Outcome) -> Verdict:
    """UNKNOWN unless both values are known."""
    if left.value is None or right.value is None:
        return UNKNOWN
    return truth(COMPARISONS[operator](left.value, right.value))


def _compare(node: ex.Compare, at: Snapshot, entry: int) -> Ruling:
    left, right = value_of(node.left, at, entry), value_of(node.right, at, entry)
    return _atom(node, compared(node.operator, left, right), [left, right])


def _between(node: ex.Between, at: Snapshot, entry: int) -> Ruling:
    parts = [value_of(part, at, entry) for part in (node.operand, node.low, node.high)]
    verdict = all_of((compared(">=", parts[0], parts[1]), compared("<=", parts[0], parts[2])))
    return _atom(node, verdict, parts)


def _one_of(node: ex.OneOf, at: Snapshot, entry: int) -> Ruling:
    operand = value_of(node.operand, at, entry)
    return _atom(node, UNKNOWN if operand.value is None else truth(operand.value in node.values), [operand])


def _is_known(node: ex.Known, at: Snapshot, entry: int) -> Ruling:
    operand = value_of(node.operand, at, entry)
    return _atom(node, truth((operand.value is not None) is node.expected), [operand])


def _includes(node: ex.Includes, at: Snapshot, entry: int) -> Ruling:
    operand = value_of(node.operand, at, entry)
    if operand.value is None:
        return _atom(node, UNKNOWN, [operand])
    assert isinstance(operand.value, tuple)
    return _atom(node, truth(any(value in operand.value for value in node.values)), [operand])


def _empty(node: ex.Empty, at: Snapshot, entry: int) -> Ruling:
    operand = value_of(node.operand, at, entry)
    return _atom(node, UNKNOWN if operand.value is None else truth(operand.value == ()), [operand])


def _condition_fact(node: ex.FactRef, at: Snapshot, entry: int) -> Ruling:
    operand = value_of(node, at, entry)
    return _atom(node, UNKNOWN if operand.value is None else truth(operand.value is True), [operand])


def _condition_literal(node: ex.Literal, at: Snapshot, entry: int) -> Ruling:
    return _atom(node, truth(node.value is True), [])


def _answered(node: Expression, answer: bool, lines: tuple[int, ...]) -> Ruling:
    verdict = truth(answer)
    return Ruling(verdict, (Atom(node.text, verdict),), (), lines)


def _done(node: ex.Done, at: Snapshot, entry: int) -> Ruling:
    answer = at.done(node.action, entry if node.since_entry else 0)
    return _answered(node, answer, at.lines("done", node.action))


def _declined(node: ex.Declined, at: Snapshot, entry: int) -> Ruling:
    answer = at.declined(node.action, entry if node.since_entry else 0)
    return _answered(node, answer, at.lines("declined", node.action))


def _recorded(node: ex.Recorded, at: Snapshot, entry: int) -> Ruling:
    answer = at.recorded(node.fact, entry if node.since_entry else 0)
    return _answered(node, answer, at.lines("recorded", node.fact))


def _in_state(node: ex.InState, at: Snapshot, entry: int) -> Ruling:
    return _answered(node, at.in_state(node.track, node.state), at.lines("state", node.track))


def _combined(verdict: Verdict, parts: list[Ruling]) -> Ruling:
    open_parts = [part for part in parts if part.verdict is UNKNOWN] if verdict is UNKNOWN else []
    return Ruling(
        verdict,
        tuple(atom for part in parts for atom in part.atoms),
        merged(part.needs for part in open_parts),
        merged(part.basis for part in parts),
    )


def _not(node: ex.Not, at: Snapshot, entry: int) -> Ruling:
    part = judge(node.operand, at, entry)
    return _combined(negated(part.verdict), [part])


def _and(node: ex.And, at: Snapshot, entry: int) -> Ruling:
    parts = [judge(item, at, entry) for item in node.items]
    return _combined(all_of(part.verdict for part in parts), parts)


def _or(node: ex.Or, at: Snapshot, entry: int) -> Ruling:
    parts = [judge(item, at, entry) for item in node.items]
    return _combined(any_of(part.verdict for part in parts), parts)


def _implies(node: ex.Implies, at: Snapshot, entry: int) -> Ruling:
    parts = [judge(node.premise, at, entry), judge(node.conclusion, at, entry)]
    return _combined(any_of((negated(parts[0].verdict), parts[1].verdict)), parts)


def _at_least(node: ex.AtLeast, at: Snapshot, entry: int) -> Ruling:
    parts = [judge(item, at, entry) for item in node.items]
    return _combined(at_least(node.count, (part.verdict for part in parts)), parts)


Judge = Callable[[Any, Snapshot, int], Ruling]
CONDITIONS: Mapping[type[ex.Node], Judge] = {
    ex.Compare: _compare,
    ex.Between: _between,
    ex.OneOf: _one_of,
    ex.Known: _is_known,
    ex.Includes: _includes,
    ex.Empty: _empty,
    ex.Done: _done,
    ex.Declined: _declined,
    ex.Recorded: _recorded,
    ex.InState: _in_state,
    ex.FactRef: _condition_fact,
    ex.Literal: _condition_literal,
    ex.Not: _not,
    ex.And: _and,
    ex.Or: _or,
    ex.Implies: _implies,
    ex.AtLeast: _at_least,
}


def explained(guard: Guard, at: Snapshot, entry: int = 0) -> Reason:
    """Why a guard is TRUE, FALSE or UNKNOWN on a snapshot; `otherwise` is judged by its siblings."""
    assert guard.expression is not None, "`otherwise` has no expression of its own"
    ruling = judge(guard.expression, at, entry)
    return Reason(guard.text, guard.english, ruling.verdict, ruling.atoms, ruling.needs, ruling.basis)


# --- derived facts (rule 6) ---------------------------------------------------------------------
def derived(fact: Fact, at: Snapshot) -> Outcome:
    """The value of a derived fact: the first TRUE row whose predecessors are all FALSE, else UNKNOWN."""
    formula = fact.formula
    assert formula is not None
    seen: list[Ruling] = []
    for row in formula.rows:
        assert row.when.expression is not None
        ruling = judge(row.when.expression, at)
        seen.append(ruling)
        if ruling.verdict is UNKNOWN:
            return _by_cases(seen, Outcome(None, needs=ruling.needs))
        if ruling.verdict is TRUE:
            found = Outcome(None, why=row.reason) if row.value is None else value_of(row.value, at, 0)
            return _by_cases(seen, found)
    if formula.otherwise is None:
        return _by_cases(seen, Outcome(None, why="no case applies"))
    return _by_cases(seen, value_of(formula.otherwise, at, 0))


def _by_cases(seen: list[Ruling], found: Outcome) -> Outcome:
    uses = merged(atom.uses for ruling in seen for atom in ruling.atoms)
    basis = merged([*(ruling.basis for ruling in seen), found.basis])
    return Outcome(found.value, merged([uses, found.uses]), found.needs, basis, found.why)


def as_text(value: Value) -> str:
    """A code, text or date as text; numbers and instants need their unit or zone."""
    return value.isoformat() if isinstance(value, date) else str(value)
