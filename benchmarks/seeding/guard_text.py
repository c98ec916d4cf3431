"""Guards as text: the comparisons in them, and small changes of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.seeding.values import FINE, plain
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind

COMPARISON = re.compile(r"\b([a-z][a-z0-9_]*) (<=|>=|<|>) (-?\d+(?:\.\d+)?)( [^\s()]*[A-Za-z%\]])?(?= |\)|$)")
BETWEEN = re.compile(r"\b([a-z][a-z0-9_]*) between (-?\d+(?:\.\d+)?) and (-?\d+(?:\.\d+)?)")
EQUALS = re.compile(r"\b([a-z][a-z0-9_]*) (!?=) ([a-z][a-z0-9_]*)\b")
MIXED = re.compile(r"\b(or|not|implies|at least)\b|[()]")
WORDS = frozenset({"and", "or", "not", "implies", "is", "known"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """`fact operator number unit` within a guard."""

    guard: str
    start: int
    end: int
    name: str
    operator: str
    number: str
    unit: str

    def with_(self, operator: str | None = None, number: str | None = None, unit: str | None = None) -> str:
        """The guard with this comparison changed."""
        said = f"{self.name} {operator or self.operator} {number or self.number}"
        said += self.unit if unit is None else unit
        return self.guard[: self.start] + said + self.guard[self.end :]

    @property
    def text(self) -> str:
        return self.guard[self.start : self.end]


def comparisons(guard: str) -> Iterator[Comparison]:
    """The comparisons of a name with a number."""
    for found in COMPARISON.finditer(guard):
        name, operator, number, unit = found.groups()
        if name not in WORDS:
            yield Comparison(guard, found.start(), found.end(), name, operator, number, unit or "")


def conjunctive(guard: str) -> bool:
    """Whether every comparison of a guard has to hold for it to be TRUE."""
    return MIXED.search(guard) is None


def numeric(definition: Definition, name: str) -> Fact | None:
    """The fact of a name that holds a number, or None."""
    fact = definition.facts.get(name)
    return fact if fact is not None and fact.type.kind is Kind.NUMBER else None


def step_of(fact: Fact) -> Fraction:
    return fact.step or (Fraction(1) if fact.type.natural else FINE)


def moved(comparison: Comparison, fact: Fact, steps: int) -> str:
    """The guard with the number so many steps of the fact away."""
    return comparison.with_(number=plain(Fraction(comparison.number) + steps * step_of(fact)))


def in_own_unit(comparison: Comparison, fact: Fact) -> bool:
    """Whether the number is in the declared unit of the fact."""
    return not comparison.unit or (fact.unit is not None and comparison.unit.strip() == fact.unit.text)


def impossible(comparison: Comparison, fact: Fact) -> str | None:
    """The guard with a number beyond the declared range, so that the comparison is never TRUE."""
    if fact.low is None or fact.high is None or not in_own_unit(comparison, fact):
        return None
    step = step_of(fact)
    limit = {"<": fact.low, "<=": fact.low - step, ">": fact.high, ">=": fact.high + step}[
        comparison.operator
    ]
    return comparison.with_(number=plain(limit))


def inevitable(comparison: Comparison, fact: Fact) -> str | None:
    """The guard with a number beyond the declared range, so that the comparison is never FALSE."""
    if fact.low is None or fact.high is None or not in_own_unit(comparison, fact):
        return None
    step = step_of(fact)
    limit = {"<": fact.high + step, "<=": fact.high, ">": fact.low - step, ">=": fact.low}[
        comparison.operator
    ]
    return comparison.with_(number=plain(limit))
