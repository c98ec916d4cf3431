"""What a safety review of the engine found wrong, and what holds since it was mended."""

from __future__ import annotations

import pytest

from pathway.engine.batch import Batch
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError
from tests.semantics.stepping import Patient, instant, patient_on, written

ONE_STATE = """
tracks:
  care:
    start: here
    states:
      here: {{kind: enquiry, do: [{do}], next: [{{to: gone, when: go}}]}}
      gone: {{kind: enquiry, next: [{{to: here, when: not go}}]}}
"""


def ward(facts: str, actions: str, do: str, safeguards: str = "") -> Patient:
    """A state that calls for something, with a way out and back."""
    head = f"facts:\n  go: {{type: boolean}}\n{facts}\nactions:\n{actions}\n{safeguards}"
    return patient_on(head + ONE_STATE.format(do=do))


def test_a_dose_follows_a_derived_weight_that_hangs_on_a_deed() -> None:
    patient = ward(
        """  w: {type: quantity, unit: kg, range: [0, 300]}
  dosing:
    type: quantity
    unit: kg
    cases: [{when: done(b), value: w / 2}, {when: not done(b), value: w}]""",
        """  a: {title: A, type: medication, dose: {amount: 10 mg/kg, times: dosing, unit: mg}}
  b: {title: B, type: order}""",
        "{action: a}",
    )
    patient.at("08:00").records(w="40")
    before = patient.action("a")
    patient.at("09:00").does("b")
    after = patient.action("a")
    assert before is not None
    assert before.dose is not None
    assert before.dose.amount == "400"
    assert after is not None
    assert after.dose is not None
    assert after.dose.amount == "200"


def test_correcting_a_retraction_does_not_bring_the_withdrawn_value_back() -> None:
    patient = ward(
        "  plt: {type: quantity, unit: 10*9/L, range: [0, 3000]}",
        "  lp: {title: LP, type: procedure}",
        "{action: lp}",
        "safeguards:\n  low: {action: lp, when: plt < 40, effect: block}",
    )
    patient.at("10:00").records(plt="210")
    patient.at("11:00").retracts("plt", "entry_error")
    patient.at("12:00").corrects(plt="30")
    assert patient.value("plt") == "30"
    assert patient.standing("lp") == "blocked"


def test_an_override_ends_when_the_fact_returns_to_a_value_that_was_corrected_away() -> None:
    patient = ward(
        "  plt: {type: quantity, unit: 10*9/L, range: [0, 3000]}",
        "  lp: {title: LP, type: procedure}",
        "{action: lp}",
        "safeguards:\n  low: {action: lp, when: plt < 40, effect: block, override: senior}",
    )
    patient.at("08:00").records(plt="10")
    patient.at("09:00").corrects(plt="35")
    patient.at("10:00").overrides("lp")
    assert patient.standing("lp") == "recommended"
    patient.at("12:00").records(plt="10")
    assert patient.standing("lp") == "blocked"


def test_a_back_dated_deed_is_judged_by_the_values_of_its_own_time() -> None:
    patient = ward(
        "  plt: {type: quantity, unit: 10*9/L, range: [0, 3000]}",
        "  lp: {title: LP, type: procedure}",
        "{action: lp}",
        "safeguards:\n  low: {action: lp, when: plt < 40, effect: block}",
    )
    patient.at("08:00").records(plt="39")
    patient.at("11:00").records(plt="95")
    patient.at("12:00").does("lp", when="10:00")
    assert [deed.judged for deed in patient.deeds("lp")] == ["blocked"]
    assert "done_while_blocked" in patient.warnings()


def test_a_course_is_called_for_again_where_its_state_is_entered_again() -> None:
    patient = ward(
        "  bp: {type: quantity, unit: '1', range: [0, 300]}",
        "  m: {title: M, type: medication}",
        "{action: m, within: 30 min, until: bp recorded since entry}",
    )
    patient.at("08:10").records(bp="120")
    assert not patient.is_offered("m")
    patient.at("09:00").records(go="true")
    patient.at("09:00").takes("gone")
    patient.at("10:00").records(go="false")
    patient.at("10:00").takes("here")
    assert patient.is_offered("m")


def test_the_total_of_a_schedule_counts_the_dose_that_applies() -> None:
    patient = ward(
        "  child: {type: boolean}",
        """  mtx:
    title: MTX
    type: medication
    dose: [{amount: 6 mg, unit: mg, when: child}, {amount: 12 mg, unit: mg}]
    schedule: {periods: [{times: 2, per: 1 wk, for: 4 wk}, {times: 1, per: 1 mo}]}""",
        "{action: mtx}",
    )
    patient.at("08:00").records(child="false")
    found = patient.action("mtx")
    assert found is not None
    assert found.schedule is not None
    assert found.schedule.amount_in_fixed_periods == "96 mg"


def test_an_acknowledgement_does_not_silence_a_second_deed_or_a_warning_that_came_back() -> None:
    patient = ward(
        "  k: {type: quantity, unit: mmol/L, range: [0, 20]}",
        "  lp: {title: LP, type: procedure}",
        "{action: lp, again: true}",
        """safeguards:
  high: {action: lp, when: k > 6, effect: warn}
  never: {action: lp, when: k > 5, effect: block}""",
    )
    patient.at("08:00").records(k="6.1")
    patient.at("09:00").does("lp")
    at = instant("09:30")
    seen = tuple(warning.key for warning in patient.view.warnings)
    patient.at("09:30").commit(Batch(at, "dr_a", at, acknowledged=seen))
    assert all(warning.acknowledged == "dr_a" for warning in patient.view.warnings)
    patient.at("10:00").does("lp")
    patient.at("11:00").records(k="9")
    unseen = [warning.id for warning in patient.view.warnings if warning.acknowledged is None]
    assert unseen == ["done_while_blocked", "high"]


def test_an_unknown_deadline_is_asked_for_beside_a_known_one() -> None:
    patient = ward(
        "  x: {type: dateTime}",
        "  a: {title: A, type: order}",
        "{action: a, within: 12 h}, {action: a, within: 1 h, of: x}",
    )
    found = patient.action("a")
    assert found is not None
    assert (found.due, found.due_needs) == (instant("20:00"), ("x",))


def test_undo_takes_back_a_move_that_rested_on_the_retraction() -> None:
    patient = patient_on("""facts:
  t: {type: dateTime}
  a: {type: boolean}
  d: {type: boolean, formula: a, recordable: true}
tracks:
  care:
    start: s
    states:
      s: {kind: decision, next: [{to: u, when: not d and time since t > 2 h}]}
      u: {kind: end}
""")
    patient.at("08:00").records(t="2026-03-01T08:00", a="false", d="true")
    patient.at("08:30").retracts("d")
    patient.waits_until("11:00")
    assert patient.state() == "u"
    patient.at("11:10").undoes()
    assert patient.state() == "s"


def test_only_a_daily_amount_is_divided() -> None:
    dose = "{amount: 10 mg/h, unit: mg/h, divided: [{every: 8 h}]}"
    body = f"actions:\n  a: {{title: A, type: medication, dose: {dose}}}\n"
    with pytest.raises(DefinitionError, match="Only a daily amount is divided"):
        definition_from_text(written(body + ONE_STATE.format(do="{action: a}").replace("go", "true")))


def test_a_late_deed_stays_late_when_its_clock_zero_is_recorded_anew() -> None:
    patient = ward(
        "  csf: {type: dateTime}", "  a: {title: A, type: order}", "{action: a, within: 1 h, of: csf}"
    )
    patient.at("08:00").records(csf="2026-03-01T08:00")
    patient.at("10:00").does("a")
    assert [deed.urgency for deed in patient.deeds("a")] == ["late"]
    patient.at("11:30").records(csf="2026-03-01T11:30")
    assert [(deed.due, deed.urgency) for deed in patient.deeds("a")] == [(instant("09:00"), "late")]
    patient.at("12:00").corrects(csf="2026-03-01T09:30")
    assert [deed.urgency for deed in patient.deeds("a")] == ["late"]
