"""One parse tree, several readers: what the engine says of a patient, the solver says of the same patient.

Random guards over random facts, every variable of the solver fixed to what is on record. Where the solver
only bounds a value (calendar months, local dates in zones other than UTC, spans that are computed), the
verdict of the engine has to be among those that the solver leaves open; everywhere else it is the only one.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pathway.check.proofs import encoding
from pathway.language import expression as ex
from pathway.language.evaluate import judge
from pathway.language.verdict import Verdict
from tests.check.proofs.snapshots import (
    ASKED,
    SCOPE,
    Patient,
    asked,
    guard_of,
    is_bounded_only,
    lab,
    lab_guards,
    lab_patients,
    readings,
    reads_of,
)

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


@st.composite
def judged_patients(draw: st.DrawFn) -> tuple[str, Patient]:
    guard = draw(lab_guards())
    return guard, draw(lab_patients(guard))


def both_verdicts(guard: str, patient: Patient) -> tuple[Verdict, set[Verdict], bool]:
    """The engine's verdict, those that the solver leaves open, and whether it should leave only one."""
    compiled = lab(guard)
    node = guard_of(compiled)
    verdict = judge(node, readings(compiled, patient), patient.entry).verdict
    solver, (truth,) = asked(compiled, patient, node)
    assert solver.admits(True), f"the solver has no such patient: {patient}"
    exact = not any(is_bounded_only(part, patient.zone) for part in reads_of(compiled, node))
    return verdict, solver.verdicts(truth), exact


@given(judged_patients())
@settings(max_examples=settings().max_examples * 2)
def test_the_solver_says_of_a_guard_what_the_engine_says(drawn: tuple[str, Patient]) -> None:
    verdict, left, exact = both_verdicts(*drawn)
    assert verdict in left
    assert not exact or left == {verdict}


@given(judged_patients())
@settings(max_examples=60)
def test_a_derived_fact_is_to_the_solver_what_its_formula_gives(drawn: tuple[str, Patient]) -> None:
    """The same guard as the formula of a derived fact."""
    guard, patient = drawn
    compiled = lab(guard)
    if "answer" not in compiled.definition.facts:
        return
    value = readings(compiled, patient).fact("answer").value
    solver, (truth,) = asked(compiled, patient, _reference(guard))
    expected = UNKNOWN if value is None else TRUE if value is True else FALSE
    assert expected in solver.verdicts(truth)


def _reference(guard: str) -> ex.Expression:
    node = guard_of(lab(guard))
    return ex.FactRef(type=node.type, span=node.span, text="answer", name="answer")


def test_no_verdict_is_both_true_and_false_for_any_patient() -> None:
    @given(lab_guards())
    @settings(max_examples=60)
    def of(guard: str) -> None:
        compiled = lab(guard)
        nobody = Patient({}, frozenset(), 0, "UTC", False, 1)
        solver, (truth,) = asked(compiled, nobody, guard_of(compiled))
        assert not solver.explorer.oracle.possible(truth.true, truth.false)

    of()


# --- pointed ones: each was, or could easily be, read differently -------------------------------
NOTHING = Patient({}, frozenset(), 0, "UTC", False, 1)


def with_facts(**known: str) -> Patient:
    return Patient(known, frozenset(), 0, "UTC", False, 1)


POINTED = [
    ("allergy = told", with_facts(allergy="latex", told="latex"), TRUE),
    ("allergy = told", with_facts(allergy="penicillin", told="penicillin"), TRUE),
    ("allergy != told", with_facts(allergy="sulfa", told="sulfa"), FALSE),
    ("allergy = told", with_facts(allergy="sulfa", told="penicillin"), FALSE),
    ("cause = latex", with_facts(allergy="latex"), TRUE),
    ("cause is one of (latex, sulfa)", with_facts(allergy="sulfa"), TRUE),
    ('said = "x"', with_facts(note="x"), TRUE),
    ("current includes aspirin", with_facts(drugs="aspirin"), TRUE),
    ("current includes aspirin", with_facts(drugs="rifampin"), FALSE),
    ("current is empty", with_facts(drugs="[]"), TRUE),
    ("current is empty", with_facts(drugs="aspirin"), FALSE),
    ("wish = note", with_facts(wish="x", note="x"), TRUE),
    ("lp_time + (-1) * 0.5 s = lp_time", with_facts(lp_time="2026-03-01T05:30"), FALSE),
    ("lp_time - 0.5 s = lp_time", with_facts(lp_time="2026-03-01T05:30"), TRUE),
    ("start + 120000 mo > start", with_facts(start="2026-02-28"), UNKNOWN),
    ("start + 4000000 d > start", with_facts(start="2026-02-28"), UNKNOWN),
    ("0 * sodium = 0", NOTHING, UNKNOWN),
    ("csf_glucose / serum_glucose > 1", with_facts(csf_glucose="45", serum_glucose="0"), UNKNOWN),
    ("lowest is known", with_facts(csf_glucose="45", serum_glucose="0"), FALSE),
    ("ratio is known", with_facts(csf_glucose="0", serum_glucose="50"), TRUE),
    ("temperature > -5", with_facts(temperature="-5"), FALSE),
    ("rigor >= 100.4 [degF]", with_facts(rigor="38"), TRUE),
    ("sodium = 135.5", with_facts(sodium="135"), FALSE),
    ("platelets < 39.95", with_facts(platelets="39.9"), TRUE),
    ("kps >= 65", with_facts(kps="70"), TRUE),
    ("at least 2 of (fever, suspected, fever or suspected)", with_facts(fever="true"), TRUE),
    ("at least 2 of (fever, suspected, consent)", with_facts(fever="true", suspected="false"), UNKNOWN),
    ("now < review", with_facts(review="2299-12-31T12:00"), TRUE),
    ("date of lp_time = today", with_facts(lp_time="2026-03-01T05:30"), TRUE),
    ("done(mri)", with_facts(fever="true"), TRUE),
    ("done(mri)", NOTHING, FALSE),
]


@pytest.mark.parametrize(("guard", "patient", "verdict"), POINTED, ids=lambda item: str(item)[:70])
def test_a_guard_that_is_easily_read_differently_is_not(
    guard: str, patient: Patient, verdict: Verdict
) -> None:
    if "lp_time" in patient.known:
        patient = Patient(patient.known, frozenset({"done biopsy"}), 0, "UTC", False, 1)
    said, left, exact = both_verdicts(guard, patient)
    assert said is verdict
    assert said in left
    assert not exact or left == {verdict}


@pytest.mark.parametrize("entry", [1, 50, 100, 101, 102])
@pytest.mark.parametrize(
    "guard",
    ["done(mri) since entry", "declined(mri) since entry", "consent recorded since entry", "done(mri)",
     "consent recorded"],
)  # fmt: skip
def test_what_was_said_before_a_state_was_entered_does_not_count_since(guard: str, entry: int) -> None:
    patient = Patient({}, frozenset({"done mri", "declined mri", ASKED}), 0, "UTC", False, entry)
    verdict, left, _ = both_verdicts(guard, patient)
    assert left == {verdict}
    late = {"declined(mri) since entry": 100, "done(mri) since entry": 101, "consent recorded since entry": 2}
    assert verdict is (TRUE if guard not in late or entry < late[guard] else FALSE)


# --- months -------------------------------------------------------------------------------------
DAYS = ["2024-02-29", "2025-01-30", "2025-01-31", "2025-02-28", "2025-08-31", "2026-02-28", "2026-03-01"]
MONTHS = st.integers(-14, 26)


@given(st.sampled_from(DAYS), st.sampled_from(DAYS), MONTHS, st.sampled_from("+-"))
@settings(max_examples=40)
def test_the_bounds_of_calendar_months_hold_what_the_calendar_says(
    start: str, stop: str, months: int, sign: str
) -> None:
    for guard in (
        f"start {sign} {abs(months)} mo >= stop",
        f"start {sign} {abs(months)} mo = stop",
        f"months since start >= {months}",
        f"months since start = {months}",
        f"months since start < {months}",
        f"months since start between {months} and {months + 1}",
    ):
        verdict, left, _ = both_verdicts(guard, with_facts(start=start, stop=stop))
        assert verdict in left


# --- reach --------------------------------------------------------------------------------------
def test_every_operator_has_its_meaning_for_the_solver() -> None:
    """Adding an operator and forgetting the prover fails here."""
    assert set(encoding.VALUES) == set(ex.VALUES)
    assert set(encoding.CONDITIONS) == {*ex.ATOMS, *ex.CONNECTIVES, ex.FactRef, ex.Literal}
    assert set(encoding.VALUES) | set(encoding.CONDITIONS) == set(ex.NODES)


def test_the_random_guards_reach_every_operator_with_every_answer() -> None:
    reached: Counter[type[ex.Node]] = Counter()
    signs: Counter[str] = Counter()
    exact: Counter[tuple[Verdict, bool]] = Counter()

    @given(judged_patients())
    @settings(max_examples=400, database=None, derandomize=True, phases=[Phase.generate])
    def draw(drawn: tuple[str, Patient]) -> None:
        guard, patient = drawn
        compiled = lab(guard)
        node = guard_of(compiled)
        parts = reads_of(compiled, node)
        for part in parts:
            reached[type(part)] += 1
            signs[getattr(part, "operator", "")] += 1
        sure = not any(is_bounded_only(part, patient.zone) for part in parts)
        exact[judge(node, readings(compiled, patient), patient.entry).verdict, sure] += 1

    draw()
    assert set(ex.NODES) - set(reached) == set()
    assert min(reached.values()) >= 1
    assert set(signs) >= {"=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "min", "max", "now", "today"}
    assert set(signs) >= {"time", "days", "months"}
    assert min(exact[verdict, True] for verdict in Verdict) > 30
    assert min(exact[verdict, False] for verdict in Verdict) > 0


def test_the_scope_of_these_tests_is_the_state_of_the_guard() -> None:
    track, _, state = SCOPE.partition(".")
    assert lab("fever").definition.tracks[track].start == state
