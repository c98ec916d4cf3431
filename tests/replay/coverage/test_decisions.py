"""A law: masking MC/DC found condition by condition is what its definition says of pairs of evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pathway.language import expression as ex
from pathway.language.evaluate import FactReading, judge, negated
from pathway.language.verdict import Verdict
from pathway.replay.coverage.decisions import decision_of, holds_up, is_shown

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
BOOLEAN, HERE = ex.ValueType(ex.Kind.BOOLEAN), ex.Span(0, 0)
Values = tuple[bool | None, bool | None, bool | None]


@dataclass(frozen=True)
class Patient:
    """An instant at which three facts are yes, no or unknown; nothing else may be asked."""

    values: Values
    now: int = 0
    zone: tzinfo = UTC

    def fact(self, name: str) -> FactReading:
        return FactReading(self.values["abc".index(name)], ())

    def done(self, action: str, since: int) -> bool:
        raise AssertionError(action)

    def declined(self, action: str, since: int) -> bool:
        raise AssertionError(action)

    def recorded(self, fact: str, since: int) -> bool:
        raise AssertionError(fact)

    def in_state(self, track: str, state: str) -> bool:
        raise AssertionError(track)

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        raise AssertionError(name)


def fact(name: str) -> ex.FactRef:
    return ex.FactRef(BOOLEAN, HERE, name, name)


def joined(kind: type[ex.And] | type[ex.Or], *items: ex.Expression) -> ex.Expression:
    return kind(BOOLEAN, HERE, kind.__name__, items)


def known(name: str, expected: bool = True) -> ex.Known:
    return ex.Known(BOOLEAN, HERE, f"{name} is {'known' if expected else 'unknown'}", fact(name), expected)


def negation(operand: ex.Expression) -> ex.Not:
    return ex.Not(BOOLEAN, HERE, "not", operand)


NAMES = st.sampled_from("abc")
ATOMS: st.SearchStrategy[ex.Expression] = st.one_of(
    NAMES.map(fact), NAMES.map(fact), st.builds(known, NAMES, st.booleans())
)


def composed(parts: st.SearchStrategy[ex.Expression]) -> st.SearchStrategy[ex.Expression]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        parts.map(negation),
        several.map(lambda items: ex.And(BOOLEAN, HERE, "and", items)),
        several.map(lambda items: ex.Or(BOOLEAN, HERE, "or", items)),
        several.map(lambda items: ex.AtLeast(BOOLEAN, HERE, "at least 2", 2, items)),
        st.tuples(parts, parts).map(lambda pair: ex.Implies(BOOLEAN, HERE, "implies", *pair)),
    )


GUARDS = st.recursive(ATOMS, composed, max_leaves=6)
PATIENTS = st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 3).map(Patient), max_size=8)


# --- the definition, in full --------------------------------------------------------------------
def supposing(guard: ex.Expression, condition: ex.Expression, value: Verdict) -> ex.Expression:
    """The guard with a condition replaced, wherever it stands, by a written true or false."""
    if guard == condition:
        return ex.Literal(BOOLEAN, HERE, value.value, value is TRUE)
    match guard:
        case ex.And(items=items) | ex.Or(items=items) | ex.AtLeast(items=items):
            return replace(guard, items=tuple(supposing(one, condition, value) for one in items))
        case ex.Not(operand=operand):
            return replace(guard, operand=supposing(operand, condition, value))
        case ex.Implies(premise=premise, conclusion=conclusion):
            parts = (supposing(one, condition, value) for one in (premise, conclusion))
            return ex.Implies(BOOLEAN, HERE, "implies", *parts)
        case _:
            return guard


def verdict(guard: ex.Expression, patient: Patient) -> Verdict:
    return judge(guard, patient).verdict


def turns(guard: ex.Expression, condition: ex.Expression, patient: Patient) -> bool:
    """Whether the outcome would be another one, were this condition alone the other way round."""
    outcome = verdict(guard, patient)
    turned = verdict(supposing(guard, condition, negated(verdict(condition, patient))), patient)
    return turned is negated(outcome) or (isinstance(condition, ex.Known) and turned is UNKNOWN)


def pairs(guard: ex.Expression, condition: ex.Expression, patients: list[Patient]) -> Iterator[bool]:
    """For each two patients whether they show that the condition alone changes the outcome."""
    for one, other in product(patients, repeat=2):
        verdicts = (verdict(condition, one), verdict(condition, other))
        outcomes = (verdict(guard, one), verdict(guard, other))
        if verdicts == (TRUE, FALSE) and set(outcomes) == {TRUE, FALSE}:
            yield turns(guard, condition, one) and turns(guard, condition, other)


def either(condition: ex.Expression) -> ex.Expression:
    """What matters is b where the condition holds, c where it does not."""
    other = joined(ex.And, negation(condition), fact("c"))
    return joined(ex.Or, joined(ex.And, condition, fact("b")), other)


@settings(max_examples=250, deadline=None)
@given(GUARDS, PATIENTS)
@example(either(fact("a")), [Patient((True, True, False)), Patient((False, False, True))])
@example(either(known("a")), [Patient((True, None, True)), Patient((None, True, None))])
def test_a_condition_is_shown_where_two_patients_show_it(
    guard: ex.Expression, patients: list[Patient]
) -> None:
    decision = decision_of(guard)
    effects = {
        effect
        for patient in patients
        for effect in decision.effects(
            decision.of_atoms(atom.verdict for atom in judge(guard, patient).atoms)
        )
    }
    for index, condition in enumerate(decision.conditions):
        assert is_shown(effects, index) is any(pairs(guard, condition, patients))
        supposed = [
            {verdict(supposing(guard, condition, value), patient) for value in (TRUE, FALSE)}
            for patient in patients
            if verdict(condition, patient) is UNKNOWN and verdict(guard, patient) is UNKNOWN
        ]
        assert holds_up(effects, index) is any(ends == {TRUE, FALSE} for ends in supposed)
        assert decision.can_hold_up(index) or not holds_up(effects, index)


@settings(max_examples=100, deadline=None)
@given(GUARDS, PATIENTS)
def test_two_patients_who_differ_in_one_condition_and_in_the_outcome_always_show_it(
    guard: ex.Expression, patients: list[Patient]
) -> None:
    decision = decision_of(guard)
    seen = [decision.of_atoms(atom.verdict for atom in judge(guard, patient).atoms) for patient in patients]
    effects = {effect for verdicts in seen for effect in decision.effects(verdicts)}
    for one, other in product(seen, repeat=2):
        apart = [index for index, pair in enumerate(zip(one, other, strict=True)) if pair[0] is not pair[1]]
        if len(apart) == 1 and {one[apart[0]], other[apart[0]]} == {TRUE, FALSE}:
            outcomes = {decision.outcome(one), decision.outcome(other)}
            assert outcomes != {TRUE, FALSE} or is_shown(effects, apart[0])


def test_unknown_never_stands_in_for_false() -> None:
    """With b missing, a alone does not change `a and b`: nothing about it has been shown."""
    decision = decision_of(joined(ex.And, fact("a"), fact("b")))
    effects = {
        effect
        for verdicts in [(TRUE, TRUE), (UNKNOWN, TRUE), (FALSE, UNKNOWN)]
        for effect in decision.effects(verdicts)
    }
    assert (is_shown(effects, 0), holds_up(effects, 0)) == (False, True)
    effects |= set(decision.effects((FALSE, TRUE)))
    assert is_shown(effects, 0)


def test_is_known_is_shown_where_it_keeps_unknown_out_and_its_fact_then_holds_nothing_up() -> None:
    decision = decision_of(joined(ex.And, known("a"), fact("a")))
    effects = {effect for one in [(TRUE, TRUE), (FALSE, UNKNOWN)] for effect in decision.effects(one)}
    assert is_shown(effects, 0)
    assert [decision.can_hold_up(index) for index in (0, 1)] == [False, False]
