"""The next best question: missing facts in order of what an answer can change at the next step."""

from __future__ import annotations

from pathway.supposing.questions import QuestionRank, Weight, no_longer_matters, questions
from tests.semantics.stepping import Patient, patient_on

WARD = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 1}
  heparin: {type: code, values: [none, unfractionated]}
  aptt: {type: quantity, unit: "1", range: [0.1, 20], step: 0.1}
  weight: {type: quantity, unit: kg, range: [1, 300], step: 0.1}
  shift: {type: boolean}
  raised: {type: boolean}
  hospital: {type: code, values: [north, south]}
actions:
  lp: {title: LP, type: procedure}
  drug: {title: Drug, type: medication, dose: {amount: 10 mg/kg, times: weight, unit: mg}}
safeguards:
  platelets: {action: lp, when: platelet_count < 40, effect: block}
  heparin_iv: {action: lp, when: heparin = unfractionated and aptt > 1.4, effect: block, unknown: ask}
tracks:
  care:
    start: here
    states:
      here:
        kind: action
        asks: [platelet_count, heparin, aptt, weight, shift, raised, hospital]
        do: [{action: lp}, {action: drug}]
        next: [{to: there, when: shift and raised}]
      there: {kind: end}
"""


def ward(**facts: str) -> Patient:
    found = patient_on(WARD)
    found.at("08:00").records(**facts)
    return found


def ranks(patient: Patient) -> dict[str, QuestionRank]:
    return {rank.fact: rank for rank in questions(patient.case)}


def test_what_changes_the_course_comes_first_then_figures_then_what_counts_with_others() -> None:
    found = questions(ward().case)
    assert [rank.fact for rank in found if rank.weight is Weight.COURSE] == [
        "platelet_count", "shift", "raised",
    ]  # fmt: skip
    assert [rank.fact for rank in found if rank.weight is Weight.FIGURES] == ["weight"]
    assert {rank.fact for rank in found if rank.weight is Weight.WITH_OTHERS} == {"heparin", "aptt"}
    assert [rank.weight for rank in found] == sorted(rank.weight for rank in found)


def test_a_fact_that_nothing_undecided_reads_makes_no_difference() -> None:
    assert no_longer_matters(ward().case) == ("hospital",)
    assert set(no_longer_matters(ward(heparin="none").case)) == {"hospital", "aptt"}


def test_what_can_still_matter_with_others_is_never_said_to_make_no_difference() -> None:
    assert ranks(ward())["aptt"].weight is Weight.WITH_OTHERS


def test_once_the_other_condition_is_false_a_question_falls_away() -> None:
    found = ranks(ward(raised="false"))
    assert found["shift"].weight is Weight.NOTHING
    assert found["shift"].asked


def test_it_says_what_changes_and_what_waits() -> None:
    found = ranks(ward())
    assert found["platelet_count"].changes == ("lp",)
    assert found["platelet_count"].waiting == ("lp",)
    assert found["weight"].changes == ("drug",)


def test_where_the_forks_run_out_nothing_is_said_to_make_no_difference() -> None:
    found = questions(ward(platelet_count="50").case, most=1)
    untried = [rank for rank in found if not rank.tried]
    assert untried
    assert Weight.NOTHING not in {rank.weight for rank in untried}


def test_a_known_fact_and_a_closed_case_ask_nothing() -> None:
    patient = ward(weight="70")
    assert "weight" not in ranks(patient)
    patient.at("09:00").enters(close="transferred")
    assert questions(patient.case) == ()


def test_asking_leaves_no_trace() -> None:
    patient = ward()
    events, view = list(patient.case.events), patient.case.view
    questions(patient.case)
    assert patient.case.events == events
    assert patient.case.view == view
