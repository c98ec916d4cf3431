"""What an expression amounts to for the solver: truths with two rails, amounts, codes and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pathway.check.proofs.smt import Bool, Number, choose, conj, disj, neg, numbers, same
from pathway.language.evaluate import COMPARISONS


@dataclass(frozen=True, slots=True)
class Truth:
    """A verdict: TRUE, FALSE, or UNKNOWN where neither rail holds. Never both."""

    true: Bool
    false: Bool

    @property
    def known(self) -> Bool:
        return disj((self.true, self.false))

    @property
    def negated(self) -> Truth:
        return Truth(self.false, self.true)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in base units, a date as days or an instant as seconds since 1970; `value / over` if divided.

    `steps` are the whole steps of a fact and the size of one: comparing those spares the solver fractions.
    """

    known: Bool
    value: Number
    over: Number = None
    steps: tuple[Number, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """A code, by the truth of each code; `other` stands for every code that no expression names."""

    known: Bool
    members: Mapping[str, Bool]
    other: Bool = False

    def member(self, code: str) -> Bool:
        return self.members.get(code, False)


@dataclass(frozen=True, slots=True)
class Collection:
    """A list, by what it includes."""

    known: Bool
    members: Mapping[str, Bool]
    other: Bool = False

    def member(self, code: str) -> Bool:
        return self.members.get(code, False)


Term = Truth | Amount | Codes | Collection

ALWAYS = Truth(True, False)
NEVER = Truth(False, True)
UNKNOWN = Truth(False, False)


# --- connectives, as in pathway.language.evaluate ------------------------------------------------
def all_of(items: Iterable[Truth]) -> Truth:
    """Kleene `and`."""
    parts = list(items)
    return Truth(conj(one.true for one in parts), disj(one.false for one in parts))


def any_of(items: Iterable[Truth]) -> Truth:
    """Kleene `or`."""
    parts = list(items)
    return Truth(disj(one.true for one in parts), conj(one.false for one in parts))


def sure(condition: Bool) -> Truth:
    """A two-valued answer."""
    return Truth(condition, neg(condition))


def settled(known: Bool, condition: Bool) -> Truth:
    """A condition on something that has to be known."""
    return Truth(conj((known, condition)), conj((known, neg(condition))))


# --- comparing ----------------------------------------------------------------------------------
def ordered(operator: str, left: Number, right: Number) -> Bool:
    """A comparison of two numbers, at once where both are constants."""
    if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
        return COMPARISONS[operator](left, right)
    answer: Bool = COMPARISONS[operator](*numbers(left, right))
    return answer


def compared(operator: str, left: Amount, right: Amount) -> Truth:
    """UNKNOWN unless both are known and neither divides by zero."""
    known = conj(
        (left.known, right.known, *(ordered("!=", one.over, 0) for one in (left, right) if _divided(one)))
    )
    return settled(known, _compared(operator, left, right))


def _divided(amount: Amount) -> bool:
    return amount.over is not None


def _compared(operator: str, left: Amount, right: Amount) -> Bool:
    if left.steps is not None and isinstance(right.value, (int, Fraction)) and not _divided(right):
        return _on_steps(operator, left.steps, Fraction(right.value))
    if right.steps is not None and isinstance(left.value, (int, Fraction)) and not _divided(left):
        return _on_steps(MIRRORED[operator], right.steps, Fraction(left.value))
    if not _divided(left) and not _divided(right):
        return ordered(operator, left.value, right.value)
    return _cross(operator, left, right)


MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def _on_steps(operator: str, steps: tuple[Number, Fraction], limit: Fraction) -> Bool:
    """A comparison with a constant, in whole steps."""
    count, size = steps
    least, on_step = limit // size, (limit / size).denominator == 1
    if operator in ("=", "!="):
        if not on_step:
            return operator == "!="
        return ordered(operator, count, least)
    if on_step:
        return ordered(operator, count, least)
    return ordered("<=" if operator in ("<", "<=") else ">", count, least)


def _cross(operator: str, left: Amount, right: Amount) -> Bool:
    """a/b against c/d: a*d against c*b, the other way round where b*d is negative."""
    a, b = left.value, 1 if left.over is None else left.over
    c, d = right.value, 1 if right.over is None else right.over
    below, above = times(a, d), times(c, b)
    positive = same(ordered(">", b, 0), ordered(">", d, 0))
    straight = ordered(operator, below, above)
    turned = ordered(MIRRORED[operator], below, above)
    return disj((conj((positive, straight)), conj((neg(positive), turned))))


def times(left: Number, right: Number) -> Number:
    """A product, folded where it can be."""
    if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
        return left * right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (int, Fraction)) and one in (0, 1):
            return other if one == 1 else 0
    one, other = numbers(left, right)
    return one * other


def plus(left: Number, right: Number) -> Number:
    """A sum, folded where it can be."""
    if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
        return left + right
    one, other = numbers(left, right)
    return one + other


def minus(left: Number, right: Number) -> Number:
    """A difference, folded where it can be."""
    return plus(left, times(-1, right))


# --- one of several -----------------------------------------------------------------------------
def by_cases(rows: list[tuple[Bool, Term | None]], names: Callable[[], Term]) -> Term:
    """The term of the row that is chosen (at most one is); UNKNOWN in a row without a term, or in none."""
    terms = [(chosen, term) for chosen, term in rows if term is not None and chosen is not False]
    if not terms:
        return names()
    first = terms[0][1]
    if isinstance(first, Truth):
        return _truth_by_cases(terms)
    if isinstance(first, Amount):
        return _amount_by_cases(terms)
    return _codes_by_cases(terms, type(first))


def _truth_by_cases(rows: list[tuple[Bool, Term]]) -> Truth:
    chosen = [(one, term) for one, term in rows if isinstance(term, Truth)]
    return Truth(
        disj(conj((one, term.true)) for one, term in chosen),
        disj(conj((one, term.false)) for one, term in chosen),
    )


def _amount_by_cases(rows: list[tuple[Bool, Term]]) -> Amount:
    chosen = [(one, term) for one, term in rows if isinstance(term, Amount)]
    known = disj(conj((one, term.known, _finite(term))) for one, term in chosen)
    if len(chosen) == 1:
        return Amount(known, chosen[0][1].value, chosen[0][1].over, chosen[0][1].steps)
    value: Number = 0
    over: Number = None
    divided = any(term.over is not None for _, term in chosen)
    for one, term in reversed(chosen):
        value = choose(one, term.value, value)
        if divided:
            over = choose(one, 1 if term.over is None else term.over, 1 if over is None else over)
    return Amount(known, value, over)


def _finite(term: Amount) -> Bool:
    return True if term.over is None else ordered("!=", term.over, 0)


def _codes_by_cases(rows: list[tuple[Bool, Term]], kind: type[Codes | Collection | Truth | Amount]) -> Term:
    chosen = [(one, term) for one, term in rows if isinstance(term, (Codes, Collection))]
    names = dict.fromkeys(name for _, term in chosen for name in term.members)
    known = disj(conj((one, term.known)) for one, term in chosen)
    members = {name: disj(conj((one, term.member(name))) for one, term in chosen) for name in names}
    other = disj(conj((one, term.other)) for one, term in chosen)
    return Collection(known, members, other) if kind is Collection else Codes(known, members, other)
