"""The laws of three-valued guards, over random guards and patients: unknown never chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from pathway.language import english, evaluate
from pathway.language import expression as ex
from pathway.language.evaluate import Outcome, Ruling
from pathway.language.verdict import Verdict
from tests.language.guard_strategies import (
    DEEDS,
    LATER,
    RECORD_READERS,
    VALUES,
    Known,
    facts_below,
    guards,
    lab,
    patient,
    patients,
    ruling,
    typed,
)

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


@dataclass(frozen=True)
class Course:
    """One guard on one patient, of whom more becomes known."""

    guard: str
    less: Known
    more: Known
    deeds: frozenset[str]
    later: int


@st.composite
def courses(draw: st.DrawFn, guard: st.SearchStrategy[str] | None = None) -> Course:
    text = draw(guards() if guard is None else guard)
    less, more = draw(patients(facts_below(text)))
    return Course(text, less, more, draw(DEEDS), draw(LATER))


def flips(course: Course) -> bool:
    """Whether a settled answer changed only because more became known."""
    before = ruling(course.guard, course.less, course.deeds, course.later).verdict
    after = ruling(course.guard, course.more, course.deeds, course.later).verdict
    return before is not UNKNOWN and before is not after


@given(courses())
@settings(max_examples=300)
def test_filling_in_an_unknown_never_flips_a_settled_answer(course: Course) -> None:
    assert not flips(course)


def test_only_is_known_reads_the_record_itself_and_is_exempt() -> None:
    course = find(courses(RECORD_READERS), flips, settings=settings(max_examples=500, database=None))
    assert any(isinstance(node, ex.Known) for node in ex.walk(typed(course.guard)))


@given(guards(reads_record=True), DEEDS, LATER)
@settings(max_examples=150)
def test_with_everything_unknown_a_guard_that_reads_a_fact_can_only_be_unknown_or_settled_by_the_rest(
    text: str, deeds: frozenset[str], later: int
) -> None:
    """A condition on facts alone is UNKNOWN while none is recorded: no value is taken for granted."""
    for node in ex.walk(typed(text)):
        alone = isinstance(node, (ex.Compare, ex.OneOf, ex.Includes, ex.Empty)) and reads_only_facts(node)
        if alone:
            assert evaluate.judge(node, patient({}, deeds, later)).verdict is UNKNOWN


def reads_only_facts(node: ex.Expression) -> bool:
    """Whether a value of the node cannot be had without a fact."""
    return all(
        any(isinstance(part, ex.FactRef) for part in ex.walk(side))
        and not any(part.type.kind is ex.Kind.BOOLEAN for part in ex.walk(side))
        for side in ex.children(node)
    )


# --- reach --------------------------------------------------------------------------------------
def test_the_random_guards_reach_every_operator_with_every_answer() -> None:
    reached: Counter[type[ex.Node]] = Counter()
    signs: Counter[str] = Counter()
    verdicts: Counter[Verdict] = Counter()
    expired: Counter[bool] = Counter()

    @given(st.tuples(guards(reads_record=True), courses()))
    @settings(max_examples=400, database=None, derandomize=True, phases=[Phase.generate])
    def draw(drawn: tuple[str, Course]) -> None:
        course = drawn[1]
        for text in (drawn[0], course.guard):
            for node in ex.walk(typed(text)):
                reached[type(node)] += 1
                signs[getattr(node, "operator", "")] += 1
        verdicts[ruling(course.guard, course.less, course.deeds, course.later).verdict] += 1
        expired["platelets" in course.less and course.later > 86400] += 1

    draw()
    assert set(ex.NODES) - set(reached) == set()
    assert set(signs) >= {"=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "min", "max", "now", "today"}
    assert set(signs) >= {"time", "days", "months"}
    assert min(verdicts[verdict] for verdict in Verdict) > 20
    assert expired[True] > 0
    assert min(reached.values()) >= 3


def test_every_operator_has_its_meaning_for_every_reader() -> None:
    """Adding an operator and forgetting a reader fails here."""
    values, conditions = set(evaluate.VALUES), set(evaluate.CONDITIONS)
    assert values == set(ex.VALUES)
    assert conditions == {*ex.ATOMS, *ex.CONNECTIVES, ex.FactRef, ex.Literal}
    assert set(english.READERS) == set(ex.NODES)
    assert {kind.__name__ for kind in ex.NODES} == {kind.__name__ for kind in ex.Node.__subclasses__()}


@given(guards(reads_record=True))
@settings(max_examples=200)
def test_children_gives_every_expression_within_an_expression(text: str) -> None:
    """Found by looking at every field: a reader that walks by `children` misses nothing."""
    for node in ex.walk(typed(text)):
        held = [getattr(node, name) for name in node.__dataclass_fields__]
        within = [part for value in held for part in (value if isinstance(value, tuple) else (value,))]
        assert list(ex.children(node)) == [part for part in within if isinstance(part, ex.Node)]


# --- mutation: the law catches any rule that reads unknown as false --------------------------------
def as_false(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [FALSE if verdict is UNKNOWN else verdict for verdict in verdicts]


def settled(rule: Callable[..., Ruling]) -> Callable[..., Ruling]:
    """The rule of an atom with its UNKNOWN read as FALSE."""

    def mutated(*arguments: Any) -> Ruling:
        found = rule(*arguments)
        return replace(found, verdict=as_false([found.verdict])[0])

    return mutated


def zero_for_unknown(rule: Callable[..., Outcome], zero: Any) -> Callable[..., Outcome]:
    """The rule of a value with an UNKNOWN taken for nothing."""

    def mutated(*arguments: Any) -> Outcome:
        found = rule(*arguments)
        return replace(found, value=zero) if found.value is None else found

    return mutated


def shortsighted_implies(node: ex.Implies, at: Any, entry: int) -> Ruling:
    premise, conclusion = evaluate.judge(node.premise, at, entry), evaluate.judge(node.conclusion, at, entry)
    if premise.verdict is not TRUE:
        return replace(premise, verdict=TRUE)
    return conclusion


KLEENE = {
    "negated": lambda verdict: FALSE if verdict is TRUE else TRUE,
    "all_of": lambda verdicts: evaluate_original["all_of"](as_false(verdicts)),
    "any_of": lambda verdicts: evaluate_original["any_of"](as_false(verdicts)),
    "at_least": lambda count, verdicts: evaluate_original["at_least"](count, as_false(verdicts)),
    "compared": lambda *a: as_false([evaluate_original["compared"](*a)])[0],
}
evaluate_original = {name: getattr(evaluate, name) for name in KLEENE}
ATOM_RULES = (ex.OneOf, ex.Includes, ex.Empty, ex.FactRef, ex.Compare, ex.Between)
VALUE_RULES = (ex.Arithmetic, ex.Extreme, ex.Since)


def counter_example() -> Course:
    """A course on which the law fails, or NoSuchExample."""
    tries = settings(
        max_examples=4000, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )  # fmt: skip
    return find(courses(guards(depth=1)), flips, settings=tries)


@pytest.mark.parametrize("rule", KLEENE)
def test_the_law_catches_a_connective_that_reads_unknown_as_false(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, rule, KLEENE[rule])
    assert flips(counter_example())


def test_the_law_catches_an_implication_that_looks_only_at_its_premise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(evaluate.CONDITIONS, ex.Implies, shortsighted_implies)  # type: ignore[arg-type]
    assert flips(counter_example())


@pytest.mark.parametrize("kind", ATOM_RULES, ids=lambda kind: kind.__name__)
def test_the_law_catches_a_condition_that_reads_unknown_as_false(
    kind: type[ex.Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(evaluate.CONDITIONS, kind, settled(evaluate.CONDITIONS[kind]))  # type: ignore[arg-type]
    assert flips(counter_example())


@pytest.mark.parametrize("kind", VALUE_RULES, ids=lambda kind: kind.__name__)
def test_the_law_catches_a_value_that_takes_unknown_for_zero(
    kind: type[ex.Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = zero_for_unknown(evaluate.VALUES[kind], Fraction(0))
    if kind is ex.Extreme:  # its dates have no zero
        rule = lowest_known
    monkeypatch.setitem(evaluate.VALUES, kind, rule)  # type: ignore[arg-type]
    assert flips(counter_example())


def lowest_known(node: ex.Extreme, at: Any, entry: int) -> Outcome:
    """`min` and `max` of what happens to be known."""
    parts = [evaluate.value_of(item, at, entry) for item in node.items]
    known = [part.value for part in parts if part.value is not None]
    choose: Callable[..., Any] = min if node.operator == "min" else max
    return Outcome(choose(known) if known else None, needs=parts[0].needs)


def test_without_a_mutation_the_search_finds_nothing() -> None:
    with pytest.raises(NoSuchExample):
        find(
            courses(guards(depth=1)), flips, settings=settings(max_examples=300, database=None, deadline=None)
        )


# --- needs --------------------------------------------------------------------------------------
FEW = 4


@given(courses())
@settings(max_examples=250)
def test_facts_outside_the_needs_cannot_settle_an_unknown_guard(course: Course) -> None:
    """Every value of every other unknown fact, alone and together: the answer stays UNKNOWN."""
    found = ruling(course.guard, course.less, course.deeds, course.later)
    assume(found.verdict is UNKNOWN)
    others = [f for f in facts_below(course.guard) if f not in course.less and f not in found.needs]
    others = [f for f in others if f != "is_worried"][:FEW]
    for values in islice(product(*(VALUES[fact] for fact in others)), 1, 60):
        known = {**course.less, **dict(zip(others, values, strict=True))}
        assert ruling(course.guard, known, course.deeds, course.later).verdict is UNKNOWN


@given(courses(), st.data())
@settings(max_examples=250)
def test_answering_the_needs_settles_a_guard_or_tells_why_nothing_can(
    course: Course, data: st.DataObject
) -> None:
    """Ask for what is needed, record any answer, ask again: it ends with an answer, or with a reason."""
    known = dict(course.less)
    for _ in range(len(VALUES)):
        found = ruling(course.guard, known, course.deeds)
        wanted = [need for need in found.needs if need not in known]
        if found.verdict is not UNKNOWN or not wanted:
            break
        assert set(wanted) <= set(facts_below(course.guard))
        known |= {need: data.draw(st.sampled_from(VALUES[need])) for need in wanted}
    found = ruling(course.guard, known, course.deeds)
    if found.verdict is UNKNOWN:
        whys = [use.why for atom in found.atoms for use in atom.uses if use.why is not None]
        assert whys
        assert {"not recorded"} != set(whys)
    else:
        assert found.needs == ()


def test_every_fact_that_can_settle_a_small_guard_is_needed() -> None:
    """Brute force over all values: if recording one fact alone can settle it, it is in the needs."""
    texts = [
        "suspected and fever",
        "suspected or kps > 60",
        "at least 2 of (suspected, fever, kps = 70)",
        "suspected implies etiology = tb",
        "ratio < 0.5",
        "gate = safe",
        "not (fever and kps < 60)",
    ]
    starts: list[Known] = [
        {},
        {"suspected": "true"},
        {"csf_glucose": "45"},
        {"platelets": "39.9"},
        {"fever": "true"},
    ]
    for text, start in product(texts, starts):
        found = ruling(text, start)
        if found.verdict is not UNKNOWN:
            continue
        for fact in facts_below(text):
            if fact in start:
                continue
            settles = any(ruling(text, {**start, fact: v}).verdict is not UNKNOWN for v in VALUES[fact])
            assert not settles or fact in found.needs


# --- expiry and derived facts ---------------------------------------------------------------------
@given(courses(), st.sampled_from([86401, 100_000, 86400 * 30]))
@settings(max_examples=150)
def test_an_expired_fact_is_as_unknown_as_one_never_recorded(course: Course, later: int) -> None:
    never = {fact: value for fact, value in course.more.items() if fact != "platelets"}
    expired = ruling(course.guard, {**never, "platelets": "39.9"}, course.deeds, later)
    assert expired.verdict is ruling(course.guard, never, course.deeds, later).verdict
    assert expired.needs == ruling(course.guard, never, course.deeds, later).needs


@pytest.mark.parametrize(("later", "verdict"), [(0, TRUE), (86400, TRUE), (86401, UNKNOWN)])
def test_a_fact_is_valid_up_to_and_including_the_last_second(later: int, verdict: Verdict) -> None:
    assert ruling("platelets < 40", {"platelets": "39.9"}, later=later).verdict is verdict


@given(patients(("csf_glucose", "serum_glucose", "suspected", "kps", "lmwh_time")))
def test_a_derived_fact_is_known_only_when_all_it_rests_on_is(drawn: tuple[Known, Known]) -> None:
    readings = patient(drawn[0])
    ratio = readings.fact("ratio").value
    if {"csf_glucose", "serum_glucose"} <= set(drawn[0]) and drawn[0]["serum_glucose"] != "0":
        assert ratio == Fraction(drawn[0]["csf_glucose"]) / Fraction(drawn[0]["serum_glucose"])
    else:
        assert ratio is None
    assert (readings.fact("yield_pct").value is None) is ("lmwh_time" not in drawn[0])


def test_the_lab_covers_every_type_of_fact() -> None:
    types = {fact.written_type for fact in lab().definition.facts.values()}
    assert types == {"boolean", "integer", "quantity", "code", "list", "date", "dateTime", "text"}
