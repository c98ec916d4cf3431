"""The next change where it is easily missed: behind shelf lives, cases and other formulas."""

from __future__ import annotations

from tests.semantics.stepping import instant, patient_on

LATE = """facts:
  seen: {{type: dateTime}}
  flag: {{type: boolean, valid_for: 1 h}}
  delay: {{type: quantity, unit: h, {delay}}}
tracks:
  care:
    start: early
    states:
      early: {{kind: decision, next: [{{to: late, when: delay > 4 h}}]}}
      late: {{kind: end}}
"""
RECORDABLE = "formula: time since seen, recordable: true, valid_for: 1 h"
BY_CASES = "cases: [{when: flag is known, value: 1 h}], otherwise: time since seen"


def test_a_formula_that_takes_over_from_an_expired_record_moves_the_case_in_time() -> None:
    patient = patient_on(LATE.format(delay=RECORDABLE))
    patient.at("08:00").records(seen="2026-03-01T08:00", delay="0.5")
    assert patient.view.next_change_at == instant("09:00:01")
    patient.waits_until("09:00:01")
    assert patient.view.next_change_at == instant("12:00:01")
    patient.waits_until("13:00")
    assert patient.path()[0].at == instant("12:00:01")


def test_a_case_that_ends_with_a_shelf_life_lets_the_clock_decide() -> None:
    patient = patient_on(LATE.format(delay=BY_CASES))
    patient.at("08:00").records(seen="2026-03-01T08:00", flag="true")
    assert patient.view.next_change_at == instant("09:00:01")
    patient.waits_until("09:00:01")
    assert patient.view.next_change_at == instant("12:00:01")
    patient.waits_until("13:00")
    assert patient.path()[0].at == instant("12:00:01")


YIELD = """facts:
  given: {type: dateTime}
  yield_pct:
    type: quantity
    unit: "%"
    cases: [{when: time since given <= 4 h, value: 73 %}, {when: time since given <= 8 h, value: 11 %}]
    otherwise: 0 %
"""


def test_the_cases_of_a_shown_fact_are_guards_whose_change_is_announced() -> None:
    """Nothing else reads the yield; it is shown all the same, and changes between no two events."""
    patient = patient_on(YIELD)
    patient.at("08:00").records(given="2026-03-01T08:00")
    assert patient.value("yield_pct") == "73"
    assert patient.view.next_change_at == instant("12:00:01")
    patient.waits_until("12:00:01")
    assert (patient.value("yield_pct"), patient.view.next_change_at) == ("11", instant("16:00:01"))
    patient.waits_until("16:00:01")
    assert (patient.value("yield_pct"), patient.view.next_change_at) == ("0", None)


ROUND = """actions: {flow: {title: Flow check, type: measure}}
tracks:
  watch:
    start: early
    states:
      early: {kind: decision, next: [{to: late, when: "true"}]}
      late: {kind: action, do: [{action: flow, within: 6 h}], next: [{to: early, when: "true"}]}
"""


def test_going_round_in_a_run_does_not_multiply_the_instants_that_matter() -> None:
    """Each tick brings the run back to `late`, but the check has been due since the first day all along."""
    patient = patient_on(ROUND, confirm="timeline")
    patient.waits_until("2026-03-03T08:00")
    found = patient.action("flow")
    assert found is not None
    assert (found.due, found.urgency) == (instant("14:00"), "late")
    assert len(patient.ticks()) < 20
