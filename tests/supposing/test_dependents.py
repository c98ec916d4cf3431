"""What a correction touches: the later steps that were judged with the present record of a fact."""

from __future__ import annotations

from pathway.supposing.dependents import Dependence, rests_on
from tests.semantics.stepping import Patient, patient_on

WARD = """facts:
  suspected: {type: boolean}
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 1}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  weight: {type: quantity, unit: kg, range: [1, 300], step: 1}
  lp_time: {type: dateTime}
actions:
  lp: {title: LP, type: procedure, records: [{fact: lp_time}]}
  drug: {title: Drug, type: medication, dose: {amount: 10 mg/kg, times: weight, unit: mg}}
safeguards:
  platelets: {action: lp, when: platelet_count < 40, effect: block}
  high_inr: {action: lp, when: inr > 1.4, effect: block, override: specialist}
tracks:
  care:
    start: intake
    states:
      intake: {kind: enquiry, next: [{to: workup, when: suspected, auto: true}]}
      workup:
        kind: action
        do: [{action: lp}, {action: drug}]
        next: [{to: result, when: done(lp), auto: true}]
      result: {kind: end}
"""


def ward() -> Patient:
    found = patient_on(WARD)
    found.at("08:00").records(suspected="true", platelet_count="39", inr="2", weight="70")
    return found


def steps(found: Dependence) -> list[tuple[str, bool]]:
    return [(step.kind, step.directly) for step in found.steps]


def test_a_move_rests_on_what_its_guard_read_and_later_moves_through_it() -> None:
    patient = ward()
    patient.at("09:00").does("lp")
    found = rests_on(patient.case, "suspected")
    assert steps(found) == [("moved", True), ("moved", False)]
    assert len(found.direct) == 1


def test_what_is_told_as_direct_is_marked_when_the_fact_is_corrected() -> None:
    patient = ward()
    patient.at("09:00").does("lp")
    direct = {step.event.seq for step in rests_on(patient.case, "suspected").direct}
    patient.at("10:00").corrects(suspected="false")
    assert {step.seq for step in patient.path() if step.basis_changed} == direct


def test_a_deed_rests_on_the_value_it_was_judged_with_and_not_on_a_later_one() -> None:
    patient = ward()
    patient.at("09:00").records(platelet_count="150")
    patient.at("09:00").overrides("lp")
    patient.at("10:00").does("lp")
    assert ("done", True) in steps(rests_on(patient.case, "platelet_count"))
    patient.at("11:00").records(platelet_count="20")
    assert steps(rests_on(patient.case, "platelet_count")) == []


def test_an_override_rests_on_the_facts_of_what_it_lifts() -> None:
    patient = ward()
    patient.at("09:00").overrides("lp")
    assert steps(rests_on(patient.case, "inr")) == [("overridden", True)]


def test_a_dose_rests_on_the_weight_it_was_computed_from() -> None:
    patient = ward()
    patient.at("09:00").does("drug")
    assert steps(rests_on(patient.case, "weight")) == [("done", True)]


def test_a_fact_that_says_a_deed_was_done_is_told_apart() -> None:
    patient = ward()
    patient.at("09:00").does("lp")
    done = next(step for step in rests_on(patient.case, "lp_time").steps if step.kind == "done")
    assert done.says_it


def test_an_undone_step_rests_on_nothing_and_a_fact_without_record_has_no_line() -> None:
    patient = ward()
    patient.at("09:00").does("drug")
    patient.at("09:30").undoes()
    assert steps(rests_on(patient.case, "weight")) == []
    assert rests_on(patient.case, "lp_time").line is None
