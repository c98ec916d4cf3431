"""What a dose can be computed from: the values that a fact can have, as they are typed, and their bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC
from fractions import Fraction
from itertools import chain, islice, product

from pathway.engine.circles import NOON
from pathway.language import expression as ex
from pathway.language.calendar import format_instant
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text
from pathway.language.units import same_dimension

Entries = tuple[tuple[str, str], ...]  # facts with their values as a user types them
Bounds = tuple[Fraction, Fraction]  # in base units
FINEST = Fraction(1, 10**6)  # of a fact without a step, and of a unit that is only admitted
MOST_POINTS = 300
DATES = ("2026-03-01", "2025-03-01", "2016-03-01", "1986-03-01", "1936-03-01")


# --- values as they are typed -------------------------------------------------------------------
def typed_numbers(fact: Fact, marks: Iterable[Fraction], admitted: bool = True) -> tuple[str, ...]:
    """The lowest and highest values of a number, those one step inside, and those at and beside each mark.

    `marks` are in the declared unit; with `admitted`, values in the other units of entry are among them.
    """
    found: dict[str, None] = {}
    wanted = list(marks)
    for suffix, size, step in _scales(fact, admitted):
        for count in _counts(fact, size * step, wanted):
            found[exact_text(count * step) + suffix] = None
    return tuple(found)


def _scales(fact: Fact, admitted: bool) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Each unit of entry: its suffix, how much of the declared unit one of it is, and its resolution."""
    yield "", Fraction(1), fact.step or FINEST
    for text, other in fact.also.items() if admitted and fact.unit is not None else ():
        if other.factor is not None:
            yield f" {text}", other.factor, FINEST
        elif fact.unit is not None and not fact.unit.is_affine and not other.unit.is_affine:
            yield f" {text}", other.unit.factor / fact.unit.factor, FINEST


def _counts(fact: Fact, width: Fraction, marks: list[Fraction]) -> Iterator[int]:
    """How many steps each value is from zero; only what can be entered."""
    lowest = None if fact.low is None else math.ceil(fact.low / width)
    highest = None if fact.high is None else math.floor(fact.high / width)
    ends = () if lowest is None or highest is None else (lowest, highest, lowest + 1, highest - 1)
    beside = (math.floor(mark / width) + change for mark in marks for change in (0, 1, -1, 2))
    for count in (*ends, *beside):
        if (lowest is None or count >= lowest) and (highest is None or count <= highest):
            yield count


def typed_values(fact: Fact, marks: Iterable[Fraction]) -> tuple[str, ...]:
    """Values of any fact that a condition may tell apart."""
    kind = fact.type.kind
    if kind is Kind.NUMBER:
        return typed_numbers(fact, marks, admitted=False)
    if kind is Kind.BOOLEAN:
        return ("true", "false")
    if kind is Kind.CODE:
        return fact.type.codes
    if kind is Kind.LIST:
        return ("[]", *fact.type.codes, "|".join(fact.type.codes)) if fact.type.codes else ("[]",)
    if kind is Kind.DATE:
        return DATES
    return (format_instant(NOON, UTC),) if kind is Kind.INSTANT else ("text",)


# --- what rests on what -------------------------------------------------------------------------
def inputs(definition: Definition, names: Iterable[str]) -> tuple[str, ...]:
    """The facts to record for these facts to be known: themselves if recordable, else what they rest on."""
    found: dict[str, None] = {}
    for name in names:
        fact = definition.facts[name]
        below = (name,) if fact.recordable else inputs(definition, _named(_expressions(fact)))
        found |= dict.fromkeys(below)
    return tuple(found)


def nodes_below(definition: Definition, guards: Iterable[Guard]) -> Iterator[ex.Expression]:
    """Every part of the guards and of the formulas of the derived facts below them."""
    waiting = [guard.expression for guard in guards if guard.expression is not None]
    seen: set[str] = set()
    while waiting:
        for node in ex.walk(waiting.pop()):
            yield node
            if isinstance(node, ex.FactRef) and node.name not in seen:
                seen.add(node.name)
                waiting += _expressions(definition.facts[node.name])


def thresholds(definition: Definition, fact: Fact, guards: Iterable[Guard]) -> tuple[Fraction, ...]:
    """The numbers of this fact's dimension in the guards and in the formulas below them, declared unit."""
    found: dict[Fraction, None] = {}
    for node in nodes_below(definition, guards):
        unit = node.type.unit if isinstance(node, ex.Literal) else None
        if not isinstance(node, ex.Literal) or not isinstance(node.value, Fraction) or fact.unit is None:
            continue
        if unit is not None and same_dimension(unit, fact.unit):
            found[fact.unit.from_base(node.value)] = None
    return tuple(found)


def _expressions(fact: Fact) -> list[ex.Expression]:
    if fact.formula is None:
        return []
    conditions = [row.when.expression for row in fact.formula.rows]
    return [part for part in (*conditions, *_outcomes(fact)) if part is not None]


def _outcomes(fact: Fact) -> list[ex.Expression]:
    """What a formula can compute, whichever row decides."""
    if fact.formula is None:
        return []
    values = [row.value for row in fact.formula.rows]
    return [value for value in (*values, fact.formula.otherwise) if value is not None]


def _named(expressions: Iterable[ex.Expression]) -> list[str]:
    return [node.name for part in expressions for node in ex.walk(part) if isinstance(node, ex.FactRef)]


def points(definition: Definition, fact: Fact, marks: Iterable[Fraction]) -> Iterator[Entries]:
    """Entries under which a fact takes the values worth looking at, the ends of its range first.

    `marks` are values of the fact itself, in its declared unit. Of a derived fact at most `MOST_POINTS`
    combinations of what it rests on are tried, those of the ends of all ranges first.
    """
    if fact.recordable:
        yield from (((fact.name, text),) for text in typed_numbers(fact, marks))
    if fact.formula is None:
        return
    guards = [row.when for row in fact.formula.rows]
    below = [definition.facts[name] for name in inputs(definition, _named(_expressions(fact)))]
    choices = [typed_values(one, (*thresholds(definition, one, guards), Fraction(0))) for one in below]
    ends = product(*(values[:2] for values in choices))
    for values in islice(chain(ends, product(*choices)), MOST_POINTS):
        yield tuple(zip((one.name for one in below), values, strict=True))


# --- bounds -------------------------------------------------------------------------------------
def bounds_of(definition: Definition, fact: Fact) -> Bounds | None:
    """The least and greatest value of a number, in base units; None where nothing bounds it.

    Of a derived fact they may be wider than what its formula reaches, never narrower.
    """
    found = [_declared(fact)] if fact.recordable else []
    found += [_reach(definition, value) for value in _outcomes(fact)]
    known = [bounds for bounds in found if bounds is not None]
    if not known or len(known) < len(found):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _declared(fact: Fact) -> Bounds | None:
    if fact.low is None or fact.high is None or fact.unit is None:
        return None
    return fact.unit.to_base(fact.low), fact.unit.to_base(fact.high)


def _reach(definition: Definition, node: ex.Expression) -> Bounds | None:
    if isinstance(node, ex.Literal) and isinstance(node.value, Fraction):
        return node.value, node.value
    if isinstance(node, ex.FactRef):
        return bounds_of(definition, definition.facts[node.name])
    if isinstance(node, ex.Extreme):
        parts = [_reach(definition, item) for item in node.items]
        choose = min if node.operator == "min" else max
        known = [part for part in parts if part is not None]
        whole = len(known) == len(parts)
        return (choose(low for low, _ in known), choose(high for _, high in known)) if whole else None
    if isinstance(node, ex.Arithmetic):
        left, right = _reach(definition, node.left), _reach(definition, node.right)
        return None if left is None or right is None else _combined(node.operator, left, right)
    return None


def _combined(sign: str, left: Bounds, right: Bounds) -> Bounds | None:
    if sign == "/" and right[0] <= 0 <= right[1]:
        return None
    results = [_calculated(sign, a, b) for a in left for b in right]
    return min(results), max(results)


def _calculated(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign in ("+", "-"):
        return left + right if sign == "+" else left - right
    return left * right if sign == "*" else left / right
