"""What guards and facts can still come to in a case in which one fact never arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, reduce
from itertools import product
from typing import TypeAlias

from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, Guard, State
from pathway.language.evaluate import COMPARISONS, all_of, at_least, negated, truth
from pathway.language.expression import Expression, Kind, Value
from pathway.language.verdict import Verdict

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
EITHER = frozenset({TRUE, FALSE})
Verdicts: TypeAlias = frozenset[Verdict]


class Some(Enum):
    """A value that is not followed: known, whatever it is, or not known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


Outcomes: TypeAlias = frozenset["Value | Some"]
NOT_KNOWN: Outcomes = frozenset({Some.UNKNOWN})


@dataclass(slots=True)
class Without:
    """All that conditions and facts can come to while `missing` is not on record, and all else may be.

    Conditions are taken one by one, as if none said anything about another: what cannot come about here
    comes about in no case. UNKNOWN is among the outcomes only where it is this fact that is missing.
    """

    definition: Definition
    missing: str | None = None
    everything: Without | None = None
    _facts: dict[str, Outcomes] = field(default_factory=dict[str, Outcomes])
    _guards: dict[int, Verdicts] = field(default_factory=dict[int, Verdicts])

    def one(self, fact: str) -> Without:
        """The same without one fact; what does not read that fact is not looked at again."""
        return Without(self.definition, fact, self)

    def guard(self, guard: Guard) -> Verdicts:
        """The verdicts that a guard can have; not for `otherwise`, which is judged by its siblings."""
        assert guard.expression is not None
        if self.everything is not None and self.missing not in guard.facts:
            return self.everything.guard(guard)
        if id(guard) not in self._guards:
            self._guards[id(guard)] = self.verdicts(guard.expression)
        return self._guards[id(guard)]

    def ways(self, state: State) -> list[Verdicts]:
        """The verdicts that the ways out of a state can have, in written order."""
        plain = [self.guard(way.when) for way in state.next if not way.when.is_otherwise]
        if len(plain) == len(state.next):
            return plain
        others, left = _all(map(_negated, plain)), iter(plain)
        return [others if way.when.is_otherwise else next(left) for way in state.next]

    # --- conditions -----------------------------------------------------------------------------
    def verdicts(self, node: Expression) -> Verdicts:
        """The verdicts that a condition can have."""
        match node:
            case ex.And(items=items):
                return _all(map(self.verdicts, items))
            case ex.Or(items=items):
                return _any(map(self.verdicts, items))
            case ex.Not(operand=operand):
                return _negated(self.verdicts(operand))
            case ex.Implies(premise=premise, conclusion=conclusion):
                return _any((_negated(self.verdicts(premise)), self.verdicts(conclusion)))
            case ex.AtLeast(count=count, items=items):
                return frozenset(at_least(count, given) for given in product(*map(self._sorted, items)))
            case _:
                return self._atom(node)

    def _sorted(self, node: Expression) -> list[Verdict]:
        return sorted(self.verdicts(node), key=lambda verdict: verdict.value)

    def _atom(self, node: Expression) -> Verdicts:
        match node:
            case ex.Known(operand=operand, expected=expected):
                never = self.fact(operand.name) == NOT_KNOWN
                return frozenset({truth(not expected)}) if never else EITHER
            case ex.Recorded(fact=name):
                return frozenset({FALSE}) if name == self.missing else EITHER
            case ex.Compare(operator=operator, left=left, right=right):
                return self._compared(operator, left, right)
            case ex.OneOf(operand=operand, values=values):
                return _verdicts(one if isinstance(one, Some) else one in values for one in self.of(operand))
            case ex.FactRef(name=name):
                return _verdicts(self.fact(name))
            case ex.Literal(value=value):
                return frozenset({truth(value is True)})
            case _:
                return _verdicts(_together(map(self.of, ex.children(node))))

    def _compared(self, operator: str, left: Expression, right: Expression) -> Verdicts:
        found: set[bool | Some] = set()
        for one, other in product(self.of(left), self.of(right)):
            if Some.UNKNOWN in (one, other):
                found.add(Some.UNKNOWN)
            elif Some.KNOWN in (one, other):
                found.add(Some.KNOWN)
            else:
                found.add(COMPARISONS[operator](one, other))
        return _verdicts(found)

    # --- values ---------------------------------------------------------------------------------
    def of(self, node: Expression) -> Outcomes:
        """What the value of an expression can be."""
        if isinstance(node, ex.Literal):
            return frozenset({node.value})
        if isinstance(node, ex.FactRef):
            return self.fact(node.name)
        if node.type.kind is Kind.BOOLEAN:
            named = {TRUE: True, FALSE: False, UNKNOWN: Some.UNKNOWN}
            return frozenset(named[verdict] for verdict in self.verdicts(node))
        return _together(map(self.of, ex.children(node)))

    def fact(self, name: str) -> Outcomes:
        """What the value of a fact can be."""
        if name not in self._facts:
            fact = self.definition.facts[name]
            if self.everything is not None and not self._rests_on_it(fact):
                return self.everything.fact(name)
            recorded = Some.UNKNOWN if name == self.missing else Some.KNOWN
            found: Outcomes = frozenset({recorded})
            if fact.formula is not None:
                computed = frozenset(self._computed(fact))
                found = computed | found if fact.recordable and name != self.missing else computed
            self._facts[name] = found
        return self._facts[name]

    def _rests_on_it(self, fact: Fact) -> bool:
        return fact.name == self.missing or (fact.formula is not None and self.missing in fact.formula.facts)

    def _computed(self, fact: Fact) -> set[Value | Some]:
        """Rule 6: a row decides when it is TRUE and those before it are FALSE."""
        assert fact.formula is not None
        found: set[Value | Some] = set()
        for row in fact.formula.rows:
            verdicts = self.guard(row.when)
            if UNKNOWN in verdicts:
                found.add(Some.UNKNOWN)
            if TRUE in verdicts:
                found |= {Some.KNOWN} if row.value is None else self.of(row.value)
            if FALSE not in verdicts:
                return found
        last = fact.formula.otherwise
        return found | ({Some.KNOWN} if last is None else self.of(last))


def _all(parts: Iterable[Verdicts]) -> Verdicts:
    return reduce(_both, parts, frozenset({TRUE}))


def _any(parts: Iterable[Verdicts]) -> Verdicts:
    return _negated(_all(map(_negated, parts)))


@cache
def _both(one: Verdicts, other: Verdicts) -> Verdicts:
    return frozenset(map(all_of, product(one, other)))


@cache
def _negated(verdicts: Verdicts) -> Verdicts:
    return frozenset(map(negated, verdicts))


def _verdicts(outcomes: Iterable[Value | Some]) -> Verdicts:
    """The verdicts of a condition that has these truth values."""
    found: set[Verdict] = set()
    for one in outcomes:
        if isinstance(one, Some):
            found |= {UNKNOWN} if one is Some.UNKNOWN else EITHER
        else:
            found.add(truth(one is True))
    return frozenset(found)


def _together(parts: Iterable[Outcomes]) -> Outcomes:
    """Of a value that is made from others: known where all of them are."""
    given = list(parts)
    found: set[Value | Some] = set()
    if any(Some.UNKNOWN in part for part in given):
        found.add(Some.UNKNOWN)
    if NOT_KNOWN not in given:
        found.add(Some.KNOWN)
    return frozenset(found)
