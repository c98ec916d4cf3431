"""Three-valued conditions as pairs of two-valued ones: when a condition is TRUE, and when it is FALSE.

UNKNOWN is neither. A pair is written with comparisons, `&&`, `||` and parentheses only, never with a
negation, so that a value that is not known (`null`, or not there) makes neither half of it hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import comb

from pathway.language import expression as ex
from pathway.language.definition import Fact
from pathway.language.expression import Expression, Kind, walk
from pathway.language.numbers import exact_text

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SIGNS = {"=": "===", "!=": "!==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
# Fifteen digits are what every number of the interpreters' language tells apart from its neighbours.
_NUMBER = re.compile(r"-?(?=(?:\.?[0-9]){1,15}$)[0-9]+(\.[0-9]+)?")
_CODE = re.compile(r"(?!(?:true|false|null)\b)[A-Za-z0-9_]+")
MOST_COMBINATIONS = 70


@dataclass(frozen=True, slots=True)
class Pair:
    """When a condition is TRUE and when it is FALSE, each as a two-valued expression."""

    true: str
    false: str

    @property
    def denied(self) -> Pair:
        return Pair(self.false, self.true)


@dataclass(frozen=True, slots=True)
class Told:
    """A condition that the data model cannot compute: its verdict is handed in as true, false or null.

    `track` is set where it counts from entering the present state of that track.
    """

    name: str
    condition: Expression
    track: str | None


def both(parts: Iterable[str]) -> str:
    """All of them hold."""
    found = list(parts)
    return found[0] if len(found) == 1 else f"({' && '.join(found)})"


def either(parts: Iterable[str]) -> str:
    """At least one of them holds."""
    found = list(parts)
    return found[0] if len(found) == 1 else f"({' || '.join(found)})"


@dataclass
class DataModel:
    """The data that conditions read: the value of each fact, and what has to be told."""

    facts: Mapping[str, Fact]
    states: Mapping[str, Mapping[str, str]]
    read: dict[str, str] = field(default_factory=dict[str, str])
    told: dict[tuple[Expression, str | None], Told] = field(
        default_factory=dict[tuple[Expression, str | None], Told]
    )

    def pair(self, node: Expression, track: str) -> Pair:
        """The condition of a way of this track."""
        match node:
            case ex.Not(operand=operand):
                return self.pair(operand, track).denied
            case ex.And(items=items):
                pairs = [self.pair(item, track) for item in items]
                return Pair(both(one.true for one in pairs), either(one.false for one in pairs))
            case ex.Or(items=items):
                pairs = [self.pair(item, track) for item in items]
                return Pair(either(one.true for one in pairs), both(one.false for one in pairs))
            case ex.Implies(premise=premise, conclusion=conclusion):
                first, second = self.pair(premise, track), self.pair(conclusion, track)
                return Pair(either((first.false, second.true)), both((first.true, second.false)))
            case ex.AtLeast(count=count, items=items) if comb(len(items), count) <= MOST_COMBINATIONS:
                return self._at_least(count, [self.pair(item, track) for item in items])
            case _:
                return self._atom(node) or self._handed_in(node, track)

    def _at_least(self, count: int, pairs: list[Pair]) -> Pair:
        """`count` are TRUE; or so many are FALSE that fewer than `count` are left."""
        left = len(pairs) - count + 1
        true = either(both(one.true for one in some) for some in combinations(pairs, count))
        return Pair(true, either(both(one.false for one in some) for some in combinations(pairs, left)))

    # --- what the data model computes itself ----------------------------------------------------------
    def _atom(self, node: Expression) -> Pair | None:
        match node:
            case ex.FactRef(name=name):
                return self._answer(self._value(name))
            case ex.Literal(value=bool() as value):
                return Pair("true", "false") if value else Pair("false", "true")
            case ex.Known(operand=operand, expected=expected):
                known = Pair(f"{self._value(operand.name)} != null", f"{self._value(operand.name)} == null")
                return known if expected else known.denied
            case ex.Compare(left=ex.FactRef() as fact, operator=operator, right=ex.Literal() as constant):
                return self._compared(fact, operator, constant)
            case ex.Compare(left=ex.Literal() as constant, operator=operator, right=ex.FactRef() as fact):
                return self._compared(fact, _MIRRORED[operator], constant)
            case ex.Between(operand=ex.FactRef() as fact, low=ex.Literal() as low, high=ex.Literal() as high):
                return self._between(fact, low, high)
            case ex.OneOf(operand=ex.FactRef() as fact, values=values):
                return self._one_of(fact, values)
            case ex.InState(track=track, state=state):
                return self._in_state(track, state)
            case _:
                return None

    def _value(self, fact: str) -> str:
        return self.read.setdefault(fact, f"fact_{fact}")

    def _answer(self, name: str) -> Pair:
        return Pair(f"{name} === true", f"{name} === false")

    def _compared(self, fact: ex.FactRef, operator: str, constant: ex.Literal) -> Pair | None:
        if isinstance(constant.value, bool):
            answer = self._answer(self._value(fact.name))
            return answer if (operator == "=") is constant.value else answer.denied
        text = self._constant(fact, constant)
        if text is None:
            return None
        return Pair(*(self._known(fact, one, text) for one in (operator, _OPPOSITE[operator])))

    def _known(self, fact: ex.FactRef, operator: str, constant: str) -> str:
        value = self._value(fact.name)
        return f"({value} != null && {value} {_SIGNS[operator]} {constant})"

    def _between(self, fact: ex.FactRef, low: ex.Literal, high: ex.Literal) -> Pair | None:
        lower, upper = self._compared(fact, ">=", low), self._compared(fact, "<=", high)
        if lower is None or upper is None:
            return None
        return Pair(both((lower.true, upper.true)), either((lower.false, upper.false)))

    def _one_of(self, fact: ex.FactRef, values: tuple[str, ...]) -> Pair | None:
        if fact.type.kind is not Kind.CODE or not all(map(_CODE.fullmatch, values)):
            return None
        texts = [f"'{value}'" for value in values]
        return Pair(
            either(self._known(fact, "=", text) for text in texts),
            both(self._known(fact, "!=", text) for text in texts),
        )

    def _constant(self, fact: ex.FactRef, constant: ex.Literal) -> str | None:
        """The constant as it stands in the data model: a code, or an exact decimal in the fact's unit."""
        if isinstance(constant.value, Fraction) and fact.type.kind is Kind.NUMBER:
            unit = self.facts[fact.name].unit
            text = exact_text(constant.value if unit is None else unit.from_base(constant.value))
            return text if _NUMBER.fullmatch(text) else None
        if (
            fact.type.kind is Kind.CODE
            and isinstance(constant.value, str)
            and _CODE.fullmatch(constant.value)
        ):
            return f"'{constant.value}'"
        return None

    def _in_state(self, track: str, state: str) -> Pair | None:
        """FALSE is being in another state of that track: no negation is needed."""
        ids = self.states.get(track)
        if ids is None or len(ids) < 2:
            return None
        return Pair(
            f"In('{ids[state]}')", either(f"In('{one}')" for name, one in ids.items() if name != state)
        )

    # --- what is handed in --------------------------------------------------------------------------
    def _handed_in(self, node: Expression, track: str) -> Pair:
        key = (node, track if _since_entry(node) else None)
        told = self.told.setdefault(key, Told(f"told_{len(self.told) + 1}", node, key[1]))
        return self._answer(told.name)


def _since_entry(node: Expression) -> bool:
    counted = (one for one in walk(node) if isinstance(one, (ex.Done, ex.Declined, ex.Recorded)))
    return any(one.since_entry for one in counted)
