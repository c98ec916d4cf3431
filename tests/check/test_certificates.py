"""What proofs rest on is confirmed by a second solver, and nothing was proved from a contradiction."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.seeding.editing import edited, written
from benchmarks.seeding.fault import Edit
from benchmarks.seeding.originals import names, original, path_of
from pathway.check.proofs.certificates import Answers, Asked, Certificate, script
from pathway.check.proofs.claims import Claims, Proved
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.seeking import Seeker
from pathway.check.proofs.smt import (
    Bool,
    Variables,
    at_least,
    at_most_one,
    conj,
    disj,
    exactly_one,
    neg,
    number,
    z3,
)
from pathway.check.proofs.smtlib import NotStandardError, Reader, numeral
from pathway.check.proving import Proofs, prove
from pathway.engine.compiling import assemble
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from pathway.vignettes.finding import case_files
from tests.check.second_solver import second_opinion, settled

FLAGSHIP = "spinal-leptomeningeal-infection"
SOME = max(settings().max_examples // 4, 1)  # examples: each is asked in a solver of its own


@cache
def definition_of(name: str) -> Definition:
    return load_definition(path_of(name))


@cache
def proved(name: str) -> tuple[Proofs, Answers]:
    """What is proved of an original, and the answers this rests on."""
    answers = Answers()
    return prove(definition_of(name), case_files=case_files(path_of(name)), recorder=answers), answers


@cache
def certificates_of(name: str) -> tuple[Certificate, ...]:
    proofs, answers = proved(name)
    return tuple(answers.certificates(proofs))


# --- a second solver ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", names())
def test_a_second_solver_gives_the_same_answer_to_every_question(name: str) -> None:
    _, answers = proved(name)
    asked = {answers.script(one): one for one in answers.asked if not one.is_plain}
    assert asked
    otherwise = [one.about for text, one in asked.items() if second_opinion(text) != said(one)]
    assert otherwise == []


def said(asked: Asked) -> str:
    return "sat" if asked.possible else "unsat"


@pytest.mark.parametrize("name", names())
def test_no_proof_rests_on_a_contradiction(name: str) -> None:
    """From assumptions that no patient fulfils anything would follow."""
    assumed = {one.assumptions for one in certificates_of(name)}
    assert [text for text in assumed if second_opinion(text) != "sat"] == []
    assert second_opinion(proved(name)[1].everything_told()) == "sat"


@pytest.mark.parametrize("name", names())
def test_what_holds_of_every_patient_settles_no_single_truth(
    name: str, request: pytest.FixtureRequest
) -> None:
    """Each can be so and can be otherwise: what could not would be ruled out before any question is asked.

    All of the flagship in a campaign, every fifth in the suite.
    """
    told = proved(name)[1].everything_told()
    truths = re.findall(r"\(declare-const (\|[^|]*\|) Bool\)", told)
    only_states = {f"|in:{track.name}.{state}|" for track in definition_of(name).tracks.values()
                   for state in track.states if len(track.states) == 1}  # fmt: skip
    assert truths
    if name == FLAGSHIP and request.config.getoption("--hypothesis-profile", None) != "campaign":
        truths = truths[::5]
    assert set(settled(told, truths)) <= only_states


def test_every_claim_of_the_flagship_has_certificates() -> None:
    proofs, _ = proved(FLAGSHIP)
    claims = {one.about[1] for one in certificates_of(FLAGSHIP) if one.about[0] == "claim"}
    assert claims == {one.claim for one in proofs.proved} == set(definition_of(FLAGSHIP).claims)


@pytest.mark.parametrize("name", names())
def test_every_decision_has_certificates_that_nobody_is_left_out_or_taken_twice(name: str) -> None:
    proofs, answers = proved(name)
    certified = {one.about for one in certificates_of(name)}
    plain = {one.about for one in answers.asked if one.is_plain}
    found = {(one.code, one.state) for one in proofs.findings}
    states = [state for track in definition_of(name).tracks.values() for state in track.states.values()]
    gaps = {("gap", f"{one.track}.{one.name}") for one in states if one.kind == "decision" and one.next}
    overlaps = {
        ("overlap", f"{one.track}.{one.name}") for one in states if len(one.next) > 1 and not one.choice
    }
    assert (gaps | overlaps) - found <= certified | plain
    assert not certified & found


def test_certificates_of_a_subject_are_numbered_and_differ() -> None:
    certificates = certificates_of("theatre_handshake")
    for about in {one.about for one in certificates}:
        together = [one for one in certificates if one.about == about]
        assert [one.number for one in together] == list(range(1, len(together) + 1))
        assert len({one.smtlib for one in together}) == len(together)


@pytest.mark.parametrize("name", ["fever_hour", "theatre_handshake", "sepsis-first-hours"])
def test_keeping_the_answers_changes_none(name: str) -> None:
    alone = prove(definition_of(name), case_files=case_files(path_of(name)))
    assert known(alone) == known(proved(name)[0])


def known(proofs: Proofs) -> tuple[object, ...]:
    """What was found out, without the cases that show it: the solver may choose another one."""
    findings = [(one.code, one.place, one.state) for one in proofs.findings]
    return findings, [one.claim for one in proofs.proved], proofs.undecided


def test_answers_are_certified_only_where_the_proof_was_finished() -> None:
    answers = Answers()
    proofs = prove(definition_of("mood_score"), lambda: len(answers.asked) > 2, recorder=answers)
    assert any(one.code == "timeout" for one in proofs.undecided)
    assert len(answers.asked) == 3
    assert list(answers.certificates(proofs)) == []


# --- negative controls --------------------------------------------------------------------------
CLAIMED = [  # a safeguard, and the claim that does not hold without it
    ("mood_score", "danger_comes_first", "counselling_only_out_of_danger"),
    ("puncture_gate", "low_platelets", "only_with_platelets"),
    (FLAGSHIP, "lp_platelets", "puncture_needs_platelets"),
]


@pytest.mark.parametrize(("name", "safeguard", "claim"), CLAIMED)
def test_without_the_safeguard_both_solvers_find_a_patient(name: str, safeguard: str, claim: str) -> None:
    fault = Edit(("safeguards", safeguard), None, removes=True)
    faulty = Answers()
    definition = definition_from_text(written(edited(original(name), fault)))
    explorer = Explorer.of(assemble(definition), Oracle(recorder=faulty))
    answer = Claims.of(explorer, Seeker(explorer)).answer(definition.claims[claim])
    assert not isinstance(answer, Proved)
    intact = proved(name)[1]
    before, after = next(
        (one, other)
        for one, other in zip(about(intact, claim), about(faulty, claim), strict=False)
        if one.possible != other.possible
    )
    assert (second_opinion(intact.script(before)), second_opinion(faulty.script(after))) == ("unsat", "sat")
    assert list(faulty.certificates(Proofs((), (), ()))) == []


def about(answers: Answers, claim: str) -> list[Asked]:
    return [one for one in answers.asked if one.about == ("claim", claim)]


def test_a_contradiction_among_the_assumptions_would_be_noticed() -> None:
    answers = Answers()
    oracle = Oracle(recorder=answers)
    fever, rash = oracle.free.boolean("fever"), oracle.free.boolean("rash")
    oracle.tell(disj((fever, rash)))
    oracle.tell(conj((neg(fever), neg(rash))))
    with oracle.proving(("claim", "nonsense")):
        assert not oracle.possible(fever)
    [certificate] = answers.certificates(Proofs((), (Proved("nonsense", None),), ()))
    assert second_opinion(certificate.smtlib) == "unsat"
    assert second_opinion(certificate.assumptions) == "unsat"
    assert second_opinion(answers.everything_told()) == "unsat"


def test_what_has_nothing_to_do_with_a_question_is_left_out_of_its_certificate() -> None:
    answers = Answers()
    oracle = Oracle(recorder=answers)
    fever, rash, cough, pain = (oracle.free.boolean(name) for name in ("fever", "rash", "cough", "pain"))
    oracle.tell(disj((neg(fever), rash)))
    oracle.tell(disj((neg(rash), cough)))
    oracle.tell(pain)
    with oracle.proving(("claim", "coughs")):
        assert not oracle.possible(fever, neg(cough))
    oracle.tell(disj((fever, pain)))
    [asked] = answers.asked
    text = answers.script(asked)
    assert second_opinion(text) == "unsat"
    assert text.count("(assert") == 4
    assert "pain" not in text


def test_questions_outside_a_proof_are_not_kept() -> None:
    answers = Answers()
    oracle = Oracle(recorder=answers)
    assert oracle.possible(oracle.free.boolean("fever"))
    assert answers.asked == []


# --- the text -----------------------------------------------------------------------------------
FREE = Variables()  # of all formulas that are written out here
COUNTS = {"at least two": lambda items: at_least(2, items), "one": exactly_one, "at most one": at_most_one}


@st.composite
def formulas(draw: st.DrawFn) -> Bool:
    """Formulas of the kinds that pathways give rise to, many of them contradictory."""
    truths = [FREE.boolean(name) for name in ("fever", "rash|\\", "note=é")]
    age, weight = FREE.integer("age"), FREE.real("weight")
    numbers = st.integers(-3, 3)
    sums = st.builds(lambda factor, more: factor * age + z3.ToReal(age) * more + weight, numbers, numbers)
    values = st.one_of(st.just(age), st.just(weight), sums)
    limits = st.fractions(-3, 3, max_denominator=4).map(lambda value: number(value, FREE.boolean("a")))
    compared = st.builds(
        lambda one, value, limit: one(value, limit),
        st.sampled_from([lambda a, b: a < b, lambda a, b: a >= b, lambda a, b: a == b, lambda a, b: a != b]),
        values,
        limits,
    )

    def joined(inner: st.SearchStrategy[Bool]) -> st.SearchStrategy[Bool]:
        several = st.lists(inner, min_size=2, max_size=4)
        chosen = st.builds(lambda a, b, c: z3.If(a, b, c), inner, inner, inner)
        counted = st.builds(lambda how, items: how(items), st.sampled_from(list(COUNTS.values())), several)
        return st.one_of(several.map(conj), several.map(disj), inner.map(neg), counted, chosen)

    return draw(st.recursive(st.one_of(st.sampled_from(truths), compared), joined, max_leaves=12))


@settings(max_examples=SOME)
@given(st.lists(formulas(), min_size=1, max_size=4))
def test_a_formula_as_text_is_as_satisfiable_as_it_was(goals: list[Bool]) -> None:
    possible = Oracle(free=FREE).possible(*goals)
    read = Reader()
    text = script([], [read.node(goal) for goal in goals], possible)
    assert second_opinion(text) == ("sat" if possible else "unsat")


@pytest.mark.parametrize(
    ("count", "is_so"), [("at least two", (2, 3)), ("one", (1,)), ("at most one", (0, 1))]
)
@pytest.mark.parametrize("hold", range(4))
def test_counts_are_written_out_as_sums(count: str, is_so: tuple[int, ...], hold: int) -> None:
    truths = [FREE.boolean(name) for name in "abc"]
    set_so = [one if number < hold else neg(one) for number, one in enumerate(truths)]
    read = Reader()
    text = script([], [read.node(one) for one in (COUNTS[count](truths), *set_so)], hold in is_so)
    assert "(ite |a| 1 0)" in text
    assert second_opinion(text) == ("sat" if hold in is_so else "unsat")


def test_variables_of_one_name_and_two_sorts_stay_apart() -> None:
    read = Reader()
    text = script([], [read.node(one) for one in (FREE.boolean("now"), neg(FREE.integer("now") > 0))], True)
    assert "(declare-const |now| Bool)\n(declare-const |now (2)| Int)\n" in text
    assert second_opinion(text) == "sat"


def test_a_product_of_two_variables_needs_a_logic_that_has_it() -> None:
    read = Reader()
    below, above = FREE.real("below"), FREE.real("above")
    text = script([], [read.node(below * above == 1), read.node(below == 0)], False)
    assert "(set-logic QF_NRA)" in text
    assert second_opinion(text) == "unsat"


def test_a_formula_that_repeats_itself_does_not_outgrow_its_parts() -> None:
    formula = FREE.boolean("a")
    for length in range(60):
        formula = disj((conj((formula, FREE.boolean(f"b{length}"))), neg(formula)))
    text = script([], [Reader().node(formula)], True)
    assert len(text) < 10_000
    assert second_opinion(text) == "sat"


def test_what_smtlib_does_not_know_is_not_written() -> None:
    with pytest.raises(NotStandardError):
        Reader().node(z3.PbLe([(FREE.boolean("a"), 2), (FREE.boolean("b"), 1)], 2))


@settings(max_examples=SOME)
@given(st.fractions(), st.fractions())
def test_numerals_are_in_the_order_of_their_numbers(one: Fraction, other: Fraction) -> None:
    compared = f"(< {numeral(one, False)} {numeral(other, False)})"
    text = f"(set-logic QF_LRA)\n(assert {compared})\n(check-sat)\n"
    assert second_opinion(text) == ("sat" if one < other else "unsat")
