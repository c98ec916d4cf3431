"""SEMANTICS rules 25 to 27: retracting, correcting, undoing, and folding a log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathway.engine.batch import FactEntry
from pathway.engine.case import EntryError, FoldError, case_from_events
from pathway.engine.events import FactRecorded, TimePassed, TransitionTaken
from tests.semantics.stepping import Patient, instant, patient_on

SORTED = """facts:
  inr: {type: quantity, unit: "1", valid_for: 6 h}
  x: {type: integer, range: [0, 9]}
  high: {type: boolean, formula: inr > 1.4}
  go: {type: boolean}
actions:
  lp: {title: LP, type: procedure}
tracks:
  care:
    start: here
    states:
      here: {kind: decision, next: [{to: low, when: not high}, {to: high, when: high}]}
      low: {kind: enquiry, next: [{to: on, when: go, auto: true}]}
      high: {kind: end}
      on: {kind: end}
  other:
    start: here
    states:
      here: {kind: decision, next: [{to: there, when: x > 3}]}
      there: {kind: end}
"""


def low() -> Patient:
    patient = patient_on(SORTED)
    patient.at("09:00").records(inr="1.1", x="5")
    assert (patient.state(), patient.state("other")) == ("low", "there")
    return patient


def marks(patient: Patient) -> dict[str, bool]:
    return {step.track: step.basis_changed for step in patient.view.path}


# --- rule 25 ------------------------------------------------------------------------------------
def test_rule_25_transitions_taken_stay_taken() -> None:
    patient = low()
    patient.at("10:00").records(inr="3.0")
    assert patient.state() == "low"
    patient.at("11:00").retracts("inr")
    assert patient.state() == "low"


def test_rule_25_expiry_raises_nothing() -> None:
    patient = low()
    before = patient.warnings()
    patient.waits_until("2026-03-02T08:00")
    assert patient.value("inr") is None
    assert (patient.state(), marks(patient), patient.warnings()) == (
        "low",
        {"care": False, "other": False},
        before,
    )


def test_rule_25_a_retraction_marks_the_transitions_that_rest_on_it() -> None:
    patient = low()
    patient.at("10:00").retracts("inr")
    assert marks(patient) == {"care": True, "other": False}


def test_rule_25_a_correction_marks_the_transitions_that_rest_on_it() -> None:
    patient = low()
    patient.at("10:00").corrects(x="6")
    assert marks(patient) == {"care": False, "other": True}


def test_rule_25_a_newer_value_marks_nothing() -> None:
    patient = low()
    patient.at("10:00").records(inr="3.0", x="0")
    assert marks(patient) == {"care": False, "other": False}


def test_rule_25_retracting_does_not_revive_an_older_value() -> None:
    patient = patient_on(SORTED)
    patient.at("09:00").records(x="1")
    patient.at("10:00").records(x="2")
    patient.at("11:00").retracts("x", "entry_error")
    assert patient.value("x") is None


def test_rule_25_undoing_does() -> None:
    patient = patient_on(SORTED)
    patient.at("09:00").records(x="1")
    patient.at("10:00").records(x="2")
    patient.at("11:00").undoes()
    assert patient.value("x") == "1"


def test_rule_25_undoing_a_retraction_revives_the_value_and_takes_the_mark_away() -> None:
    patient = low()
    patient.at("10:00").retracts("inr")
    patient.at("11:00").undoes()
    assert (patient.value("inr"), marks(patient)) == ("1.1", {"care": False, "other": False})


def test_rule_25_a_correction_replaces_the_value_at_its_own_time() -> None:
    patient = low()
    patient.at("10:00").corrects(inr="1.2")
    assert patient.value("inr") == "1.2"
    patient.waits_until("15:00:01")
    assert patient.value("inr") is None


# --- rule 26 ------------------------------------------------------------------------------------
def test_rule_26_undo_is_last_in_first_out() -> None:
    patient = patient_on(SORTED)
    for hour, x in (("09:00", "1"), ("10:00", "2"), ("11:00", "3")):
        patient.at(hour).records(x=x)
    seen = []
    for hour in ("12:00", "13:00", "14:00"):
        patient.at(hour).undoes()
        seen.append(patient.value("x"))
    assert seen == ["2", "1", None]
    assert patient.at("15:00").undoes().refused
    assert not patient.view.can_undo


def test_rule_26_it_takes_back_a_whole_batch_with_the_automatic_moves_it_caused() -> None:
    patient = low()
    patient.at("10:00").enters(facts={"go": "true"}, done=("lp",))
    assert patient.state() == "on"
    patient.at("11:00").undoes()
    assert (patient.state(), patient.value("go"), patient.deeds("lp")) == ("low", None, [])
    assert patient.entered_at() == instant("09:00")
    patient.at("12:00").undoes()
    assert (patient.state(), patient.state("other")) == ("here", "here")


def test_rule_26_batches_of_the_whole_case_whoever_made_them() -> None:
    patient = patient_on(SORTED)
    patient.at("09:00", by="dr_a").records(x="1")
    patient.at("10:00", by="nurse_b").records(inr="1.1")
    patient.at("11:00", by="dr_a").undoes()
    assert (patient.value("inr"), patient.value("x")) == (None, "1")


def test_rule_26_after_an_undo_work_goes_on() -> None:
    patient = low()
    patient.at("10:00").undoes()
    patient.at("11:00").records(inr="2.0")
    assert patient.state() == "high"
    patient.at("12:00").undoes()
    assert patient.state() == "here"


def test_rule_26_a_taken_transition_and_a_return_are_undone_as_well() -> None:
    body = """tracks:
  care:
    start: a
    states:
      a: {kind: enquiry, next: [{to: b, when: "true"}]}
      b: {kind: end}
"""
    patient = patient_on(body)
    patient.at("09:00").takes("b")
    patient.at("10:00").returns("a")
    assert patient.state() == "a"
    patient.at("11:00").undoes()
    assert patient.state() == "b"
    patient.at("12:00").undoes()
    assert patient.state() == "a"


CLOCKED = """facts:
  t: {type: dateTime}
  x: {type: integer, range: [0, 9]}
actions: {lp: {title: LP, type: procedure}}
tracks:
  care:
    start: here
    states:
      here: {kind: enquiry, next: [{to: there, when: x > 3}]}
      there: {kind: enquiry}
  watch:
    start: early
    states:
      early: {kind: decision, next: [{to: due, when: time since t >= 4 h}]}
      due: {kind: action, do: [{action: lp, within: 1 h}]}
"""


def test_rule_26_moves_that_the_undone_batch_did_not_cause_stay() -> None:
    """The watch moved by the clock at 12:00, because of `t`; taking back `x` does not move its deadline."""
    patient = patient_on(CLOCKED)
    patient.at("08:00").records(t="2026-03-01T08:00")
    patient.at("09:00").records(x="1")
    patient.waits_until("12:30")
    assert (patient.state("watch"), patient.entered_at("watch")) == ("due", instant("12:00"))
    patient.at("13:30").undoes()
    assert (patient.state("watch"), patient.entered_at("watch")) == ("due", instant("12:00"))
    found = patient.action("lp")
    assert found is not None
    assert (found.due, found.urgency) == (instant("13:00"), "late")


def test_rule_26_moves_of_the_clock_that_it_did_cause_go() -> None:
    patient = patient_on(CLOCKED)
    patient.at("08:00").records(t="2026-03-01T08:00")
    patient.waits_until("12:30")
    assert patient.state("watch") == "due"
    patient.at("13:00").undoes()
    assert patient.state("watch") == "early"


def test_rule_26_a_tick_at_which_a_run_moves_on_is_no_human_batch() -> None:
    body = CLOCKED.replace("early: {kind: decision", "early: {kind: enquiry")
    patient = patient_on(body, confirm="timeline")
    patient.at("08:00").records(t="2026-03-01T08:00")
    patient.waits_until("12:30")
    assert patient.state("watch") == "due"
    patient.at("13:00").undoes()
    assert patient.value("t") is None
    assert patient.state("watch") == "early"


def test_rule_26_time_passing_alone_is_nothing_to_undo() -> None:
    patient = patient_on(CLOCKED)
    patient.waits_until("10:00")
    patient.at("11:00").enters()
    assert not patient.view.can_undo
    assert patient.at("12:00").undoes().refused


def test_rule_26_what_is_older_is_corrected_forward() -> None:
    """A correction of an old value keeps all that was entered since."""
    patient = low()
    patient.at("10:00").records(x="7")
    patient.at("11:00").corrects(inr="1.3")
    assert (patient.value("inr"), patient.value("x"), patient.state()) == ("1.3", "7", "low")


def test_rule_26_a_correction_beside_an_undo_that_leaves_nothing_to_correct_is_refused() -> None:
    """Undo comes first in a batch: what it took back can no longer be corrected."""
    patient = patient_on(SORTED)
    patient.at("09:00").records(x="1")
    before = list(patient.events)
    moment = patient.at("10:00")
    with pytest.raises(EntryError, match="x"):
        moment.commit(replace(moment.batch, facts=(FactEntry("x", "2", None, True),), undo=True))
    assert (patient.events, patient.value("x")) == (before, "1")


def test_rule_26_a_correction_beside_an_undo_corrects_what_then_stands() -> None:
    patient = patient_on(SORTED)
    patient.at("09:00").records(x="1")
    patient.at("10:00").records(x="2")
    moment = patient.at("11:00")
    moment.commit(replace(moment.batch, facts=(FactEntry("x", "3", None, True),), undo=True))
    assert patient.value("x") == "3"
    last = patient.events[-1]
    assert isinstance(last, FactRecorded)
    first = next(event for event in patient.events if isinstance(event, FactRecorded))
    assert (last.corrects, last.at) == (first.seq, instant("09:00"))


# --- rule 27 ------------------------------------------------------------------------------------
def busy() -> Patient:
    patient = patient_on(CLOCKED)
    patient.at("08:00").records(t="2026-03-01T08:00")
    patient.at("09:00").records(x="1")
    patient.at("12:30").enters(facts={"x": "5"}, declined=("lp",))
    patient.at("13:00").takes("there")
    patient.at("14:00").undoes()
    patient.at("15:00").does("lp", when="14:30")
    return patient


def test_rule_27_the_fold_of_a_log_is_the_case() -> None:
    patient = busy()
    assert patient.folded().view == patient.view
    assert patient.folded().events == patient.events


def test_rule_27_every_beginning_of_a_log_folds() -> None:
    patient = busy()
    for length in range(1, len(patient.events) + 1):
        case_from_events(patient.compiled, "case-1", patient.events[:length])


def test_rule_27_a_cases_state_comes_from_the_logged_transitions() -> None:
    """The fold does not judge again: with another value in the log, the logged moves still stand."""
    patient = patient_on(SORTED)
    patient.at("09:00").records(inr="1.1", x="5")
    log = [
        replace(e, value="9.0") if isinstance(e, FactRecorded) and e.fact == "inr" else e
        for e in patient.events
    ]
    case = case_from_events(patient.compiled, "case-1", log)
    assert {track.track: track.state for track in case.view.tracks} == {"care": "low", "other": "there"}
    without = [e for e in patient.events if not isinstance(e, TransitionTaken)]
    case = case_from_events(patient.compiled, "case-1", without)
    assert {track.track: track.state for track in case.view.tracks} == {"care": "here", "other": "here"}


def test_rule_27_a_log_that_cannot_be_is_refused() -> None:
    patient = low()
    for wrong in (
        [replace(e, source="high") if isinstance(e, TransitionTaken) else e for e in patient.events],
        [replace(e, to="nowhere") if isinstance(e, TransitionTaken) else e for e in patient.events],
        [replace(e, fact="glucose") if isinstance(e, FactRecorded) else e for e in patient.events],
        [replace(e, corrects=99) if isinstance(e, FactRecorded) else e for e in patient.events],
        patient.events[1:],
        [],
    ):
        with pytest.raises(FoldError):
            case_from_events(patient.compiled, "case-1", wrong)


def test_rule_27_stepping_on_from_a_fold_is_stepping_on() -> None:
    one, two = busy(), busy()
    two.case = two.folded()
    for patient in (one, two):
        patient.at("16:00").records(x="6")
        patient.at("17:00").undoes()
        patient.waits_until("2026-03-02T08:00")
    assert one.events == two.events
    assert one.view == two.view


def test_rule_27_an_undone_line_stays_in_the_log() -> None:
    patient = low()
    before = list(patient.events)
    patient.at("10:00").undoes()
    assert patient.events[: len(before)] == before
    assert not any(isinstance(event, TimePassed) for event in patient.events)
