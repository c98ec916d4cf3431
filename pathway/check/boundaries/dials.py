"""Turning one recorded value, or the clock, by single steps: from a case at a threshold to those beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from fractions import Fraction
from typing import Protocol

from pathway.check.boundaries.showing import Entries
from pathway.check.proofs.patient import expressions_of
from pathway.check.proofs.smt import Bool, Number, number, z3
from pathway.check.proofs.symbols import DAY, Symbols
from pathway.check.proofs.terms import Amount
from pathway.engine.batch import FactEntry
from pathway.engine.case import Case
from pathway.language import expression as ex
from pathway.language.calendar import format_instant
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text
from pathway.language.values import in_declared, kept_text

FINEST = Fraction(1, 10**6)  # of the declared unit, where a fact declares no step


class Dial(Protocol):
    """Something that can be set a number of steps higher or lower."""

    def turned(self, entries: Entries, case: Case, steps: int) -> Entries | None:
        """The entries with the dial turned; None where it goes no further. `case` stands after `entries`."""
        ...

    def shifted(self, formula: Bool, symbols: Symbols, steps: int) -> Bool:
        """A formula as it will be with the dial turned; the same one where that cannot be said."""
        ...


@dataclass(frozen=True, slots=True)
class ClockDial:
    """The instant of the last entry, by seconds or by days."""

    size: int = 1

    def turned(self, entries: Entries, case: Case, steps: int) -> Entries | None:
        *before, last = entries
        at = last.at + steps * self.size
        if not before or at <= before[-1].at:
            return None
        return (*before, replace(last, at=at, recorded_at=at))

    def shifted(self, formula: Bool, symbols: Symbols, steps: int) -> Bool:
        variable = symbols.now() if self.size == 1 else symbols.day_of(symbols.now())
        return _moved(formula, variable, Fraction(steps))


@dataclass(frozen=True, slots=True)
class FactDial:
    """A recorded number, by its step; a date by days, an instant by seconds."""

    fact: Fact

    def turned(self, entries: Entries, case: Case, steps: int) -> Entries | None:
        text = self._text(case, steps)
        if text is None:
            return None
        *before, last = entries
        others = tuple(entry for entry in last.facts if entry.fact != self.fact.name)
        changed = replace(last, facts=(*others, FactEntry(self.fact.name, text)))
        return (*before, changed)

    def _text(self, case: Case, steps: int) -> str | None:
        record = case.readings.valid_record(self.fact.name)
        value = None if record is None else record.value
        if value is None or isinstance(value, (str, bool, tuple)):
            return None
        if isinstance(value, Fraction):
            return self._number(in_declared(self.fact.unit, value) + steps * (self.fact.step or FINEST))
        if isinstance(value, int):
            return format_instant(value + steps, UTC)
        return kept_text(self.fact, value + timedelta(days=steps))

    def _number(self, value: Fraction) -> str | None:
        low, high = self.fact.low, self.fact.high
        text = exact_text(value)
        if "/" in text or (low is not None and value < low) or (high is not None and value > high):
            return None
        return text

    def shifted(self, formula: Bool, symbols: Symbols, steps: int) -> Bool:
        term = symbols.fact(self.fact.name)
        if not isinstance(term, Amount):
            return formula
        if term.steps is not None:
            return _moved(formula, term.steps[0], Fraction(steps))
        unit = self.fact.unit
        zero = Fraction(0) if unit is None else unit.to_base(Fraction(0))
        factor = Fraction(1) if unit is None else unit.to_base(Fraction(1)) - zero
        size = factor * FINEST if self.fact.type.kind is Kind.NUMBER else Fraction(1)
        return _moved(formula, term.value, steps * size)


def _moved(formula: Bool, variable: Number, by: Fraction) -> Bool:
    if isinstance(formula, bool) or isinstance(variable, (int, Fraction)) or not z3.is_const(variable):
        return formula
    found = z3.substitute(formula, (variable, variable + number(by, variable)))
    return formula if found.eq(formula) else found


def dials(definition: Definition, expression: ex.Expression) -> Iterator[Dial]:
    """What can be turned to change an amount: its facts as they are named, and the clock."""
    nodes = list(_followed(definition, expression))
    days = any(map(_by_days, nodes))
    clock = any(isinstance(node, (ex.Since, ex.Clock)) for node in nodes)
    named = dict.fromkeys(node.name for node in nodes if isinstance(node, ex.FactRef))
    facts = [definition.facts[name] for name in named]
    turning = [FactDial(fact) for fact in facts if fact.recordable and fact.type.kind in AMOUNTS]
    yield from turning if days or not clock else [ClockDial(), *turning]
    if clock and days:
        yield ClockDial(DAY)


def reads_calendar(definition: Definition, *expressions: ex.Expression) -> bool:
    """Whether dates matter to expressions: the solver knows only about where these lie."""
    return any(_by_days(node) for one in expressions for node in _followed(definition, one))


def _by_days(node: ex.Expression) -> bool:
    if isinstance(node, ex.Since):
        return node.operator != "time"
    return isinstance(node, ex.DateOf) or node.type.kind is Kind.DATE


AMOUNTS = (Kind.NUMBER, Kind.DATE, Kind.INSTANT)


def _followed(definition: Definition, expression: ex.Expression) -> Iterator[ex.Expression]:
    """The nodes of an expression, and of the formulas of the facts it names."""
    waiting, seen = [expression], set[str]()
    while waiting:
        for node in ex.walk(waiting.pop(0)):
            yield node
            if isinstance(node, ex.FactRef) and node.name not in seen:
                seen.add(node.name)
                waiting += expressions_of(definition.facts[node.name])
