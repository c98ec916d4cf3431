"""SEMANTICS rules 20 to 24: what is called for, what stands against it, and what was done all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.cli import main
from pathway.engine.batch import OverrideEntry
from pathway.engine.case import EntryError
from pathway.engine.events import ActionDeclined, ActionDone, FactRecorded, Overridden, TransitionTaken
from tests.semantics.stepping import Patient, instant, patient_on, written

# --- rule 20 ------------------------------------------------------------------------------------
CALLS = """facts:
  go: {type: boolean}
  back: {type: boolean}
  better: {type: boolean}
actions:
  lp: {title: LP, type: procedure}
  mri: {title: MRI, type: order}
  scan: {title: Scan, type: order}
  fluids: {title: Fluids, type: medication}
  check: {title: Check, type: measure}
tracks:
  care:
    start: here
    states:
      here:
        kind: decision
        do: [{action: mri, within: 1 h}]
        next: [{to: passing, when: go}]
      passing:
        kind: decision
        do: [{action: scan, within: 2 h}]
        next: [{to: ward, when: "true"}]
      ward:
        kind: action
        do:
          - {action: lp, within: 4 h}
          - {action: fluids, until: better}
          - {action: check, again: true, within: 2 h}
        next: [{to: home, when: "true"}]
      home: {kind: enquiry, next: [{to: ward, when: back recorded since entry, auto: true}]}
"""


def called(going: bool = True) -> Patient:
    """On the ward from 09:00, by way of `passing`."""
    patient = patient_on(CALLS)
    if going:
        patient.at("09:00").records(go="true")
    return patient


def home_and_back(patient: Patient, home: str, back: str) -> None:
    patient.at(home).takes("home")
    patient.at(back).records(back="true")
    assert patient.state() == "ward"


def test_rule_20_entering_a_state_calls_for_its_do() -> None:
    patient = called(going=False)
    assert patient.is_offered("mri")
    assert patient.standing("lp") is None


def test_rule_20_passing_through_a_state_calls_for_its_do_too() -> None:
    patient = called()
    assert patient.state() == "ward"
    found = patient.action("scan")
    assert found is not None
    assert (found.standing, found.called, found.due, found.outstanding) == (
        "recommended", True, instant("11:00"), True,
    )  # fmt: skip


def test_rule_20_leaving_does_not_cancel_it_and_it_shows_as_outstanding() -> None:
    patient = called(going=False)
    found = patient.action("mri")
    assert found is not None
    assert not found.outstanding
    patient.at("08:30").records(go="true")
    found = patient.action("mri")
    assert found is not None
    assert (found.called, found.outstanding, found.due) == (True, True, instant("09:00"))


def test_rule_20_until_done() -> None:
    patient = called()
    patient.at("10:00").does("lp")
    assert patient.standing("lp") is None


def test_rule_20_until_declined() -> None:
    patient = called()
    patient.at("10:00").declines("lp")
    assert patient.standing("lp") is None


def test_rule_20_until_its_until_is_true_and_no_sooner() -> None:
    patient = called()
    patient.at("10:00").records(better="false")
    assert patient.is_offered("fluids")
    patient.at("11:00").records(better="true")
    assert patient.standing("fluids") is None


def test_rule_20_what_was_done_before_is_not_called_for() -> None:
    patient = called(going=False)
    patient.at("08:30").does("lp")
    patient.at("09:00").records(go="true")
    assert patient.standing("lp") is None


def test_rule_20_a_decline_ends_only_the_calls_made_before_it() -> None:
    patient = called()
    patient.at("10:00").declines("lp")
    home_and_back(patient, "10:30", "11:00")
    assert patient.is_offered("lp")


def test_rule_20_a_decline_in_the_entry_that_calls_for_it_counts() -> None:
    """Rule 15: the entry is one statement, though the call is written down after the refusal."""
    patient = called(going=False)
    patient.at("09:00").enters(facts={"go": "true"}, declined=("lp",))
    assert patient.standing("lp") is None
    assert patient.is_offered("check")


def test_rule_20_a_course_that_was_declined_and_then_begun_is_called_for_again() -> None:
    patient = patient_on(CALLS.replace("type: medication}", "type: medication, course: true}"))
    patient.at("09:00").records(go="true")
    patient.at("10:00").declines("fluids")
    assert patient.standing("fluids") is None
    patient.at("11:00").does("fluids")
    assert patient.is_offered("fluids")
    patient.at("12:00").declines("fluids")
    assert patient.standing("fluids") is None


def test_rule_20_an_outstanding_call_keeps_its_due_time_when_the_state_is_entered_again() -> None:
    """Coming back to the ward at 12:00 does not give the puncture due at 13:00 until 16:00."""
    patient = called()
    home_and_back(patient, "11:00", "12:00")
    found = patient.action("lp")
    assert found is not None
    assert (found.called, found.due) == (True, instant("13:00"))
    patient.waits_until("13:00:01")
    found = patient.action("lp")
    assert found is not None
    assert found.urgency == "late"


def test_rule_20_a_deed_that_was_late_stays_late_when_the_state_is_entered_again() -> None:
    patient = called()
    patient.at("14:00").does("lp")
    before = [(deed.due, deed.urgency) for deed in patient.deeds("lp")]
    assert before == [(instant("13:00"), "late")]
    home_and_back(patient, "14:30", "15:00")
    assert [(deed.due, deed.urgency) for deed in patient.deeds("lp")] == before


def test_rule_20_again_asks_for_a_deed_since_entry() -> None:
    patient = called()
    patient.at("10:00").does("check")
    assert patient.standing("check") is None
    home_and_back(patient, "11:00", "12:00")
    assert patient.is_offered("check")


def test_rule_20_what_is_called_for_again_has_its_due_time() -> None:
    patient = called()
    patient.at("10:00").does("check")
    home_and_back(patient, "11:00", "12:00")
    found = patient.action("check")
    assert found is not None
    assert (found.due, found.urgency, found.outstanding) == (instant("14:00"), "ok", False)


def test_rule_20_what_is_called_for_again_is_outstanding_once_left() -> None:
    patient = called()
    patient.at("10:00").does("check")
    home_and_back(patient, "11:00", "12:00")
    patient.at("13:00").takes("home")
    found = patient.action("check")
    assert found is not None
    assert (found.called, found.outstanding, found.due) == (True, True, instant("14:00"))


# --- rule 21 ------------------------------------------------------------------------------------
GUARDED = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  pregnant: {type: boolean}
  sepsis: {type: boolean}
  lp_time: {type: dateTime}
  go: {type: boolean}
actions:
  lp: {title: LP, type: procedure, records: [{fact: lp_time}]}
safeguards:
  low_platelets: {action: lp, when: platelet_count < 40, effect: block, override: specialist}
  high_inr: {action: lp, when: inr > 1.4, effect: block}
  pregnancy: {action: lp, when: pregnant, effect: warn}
  delay: {action: lp, when: sepsis, effect: block, unknown: warn, override: specialist}
tracks:
  care:
    start: here
    states:
      here: {kind: action, do: [{action: lp}], next: [{to: there, when: go, auto: true}]}
      there: {kind: enquiry, next: [{to: over, when: done(lp)}]}
      over: {kind: enquiry}
"""


def guarded(**facts: str) -> Patient:
    patient = patient_on(GUARDED)
    if facts:
        patient.at("08:00").records(**facts)
    return patient


def safeguards(patient: Patient) -> dict[str, str]:
    found = patient.action("lp")
    assert found is not None
    return {one.safeguard: one.standing for one in found.safeguards}


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, "held"),
        ({"platelet_count": "100"}, "held"),
        ({"platelet_count": "100", "inr": "1.0"}, "recommended"),
        ({"platelet_count": "39"}, "blocked"),
        ({"inr": "1.5"}, "blocked"),
        ({"platelet_count": "39", "inr": "1.0"}, "blocked"),
        ({"platelet_count": "100", "inr": "1.5"}, "blocked"),
    ],
)
def test_rule_21_an_action_is_in_exactly_one_of_recommended_held_blocked_and_block_beats_hold(
    facts: dict[str, str], standing: str
) -> None:
    patient = guarded(**facts)
    assert patient.standing("lp") == standing
    assert [one.standing for one in patient.view.actions if one.action == "lp"] == [standing]


def test_rule_21_a_held_action_says_what_it_needs() -> None:
    found = guarded(platelet_count="100").action("lp")
    assert found is not None
    assert "inr" in found.needs


def test_rule_21_an_unknown_warning_does_not_hold_and_a_true_one_warns() -> None:
    patient = guarded(platelet_count="100", inr="1.0")
    assert (patient.standing("lp"), safeguards(patient)["pregnancy"]) == ("recommended", "asks")
    patient.at("09:00").records(pregnant="true")
    assert patient.standing("lp") == "recommended"
    assert "pregnancy" in patient.warnings()


def test_rule_21_a_block_may_warn_while_unknown_where_delay_is_the_greater_harm() -> None:
    patient = guarded(platelet_count="100", inr="1.0")
    assert (patient.standing("lp"), safeguards(patient)["delay"]) == ("recommended", "warns")
    assert "delay" in patient.warnings()
    patient.at("09:00").records(sepsis="true")
    assert patient.standing("lp") == "blocked"


def test_rule_21_safeguards_judge_the_next_performance_never_a_past_deed() -> None:
    patient = guarded(platelet_count="100", inr="1.0")
    patient.at("09:00").does("lp")
    patient.at("10:00").records(platelet_count="20")
    assert patient.deeds("lp")[0].judged == "recommended"
    assert not any(one.startswith("done_while") for one in patient.warnings())
    assert patient.standing("lp") == "blocked"


def test_rule_21_an_expired_fact_holds_again() -> None:
    patient = guarded(platelet_count="100", inr="1.0")
    patient.waits_until("2026-03-02T08:00")
    assert patient.standing("lp") == "recommended"
    patient.waits_until("2026-03-02T08:00:01")
    assert patient.standing("lp") == "held"


# --- rule 22 ------------------------------------------------------------------------------------
def test_rule_22_a_deed_done_while_held_is_accepted_logged_and_raised() -> None:
    patient = guarded()
    patient.at("09:00").does("lp")
    assert [event.judged for event in patient.events if isinstance(event, ActionDone)] == ["held"]
    assert patient.value("lp_time") == "2026-03-01T09:00:00+00:00"
    assert "done_while_held" in patient.warnings()


def test_rule_22_a_deed_done_while_blocked_is_accepted_logged_and_raised() -> None:
    patient = guarded(platelet_count="39")
    patient.at("09:00").does("lp")
    assert [event.judged for event in patient.events if isinstance(event, ActionDone)] == ["blocked"]
    assert "done_while_blocked" in patient.warnings()
    assert patient.standing("lp") == "blocked"


def test_rule_22_it_is_so_when_a_fact_says_that_it_was_done() -> None:
    patient = guarded(platelet_count="39")
    patient.at("10:00").records(lp_time="2026-03-01T09:00")
    assert "done_while_blocked" in patient.warnings()


def test_rule_22_a_declined_action_is_logged_as_it_stood() -> None:
    patient = guarded(platelet_count="39")
    patient.at("09:00").declines("lp")
    assert [event.judged for event in patient.events if isinstance(event, ActionDeclined)] == ["blocked"]


def test_rule_22_the_mark_stands_for_good() -> None:
    patient = guarded()
    patient.at("09:00").does("lp")
    patient.at("10:00").records(platelet_count="100", inr="1.0", sepsis="false", pregnant="false")
    patient.at("11:00").records(go="true")
    patient.at("12:00").records(lp_time="2026-03-01T11:30")
    patient.waits_until("2026-04-01T08:00")
    assert "done_while_held" in patient.warnings()
    assert [deed.judged for deed in patient.deeds("lp")] == ["held", "recommended"]


@pytest.mark.parametrize("by_fact", [True, False])
def test_rule_22_correcting_the_deeds_time_does_not_wipe_out_the_mark(by_fact: bool) -> None:
    """The puncture was done with nothing known; that its time was mistyped does not change that."""
    patient = guarded()
    if by_fact:
        patient.at("09:00").records(lp_time="2026-03-01T09:00")
    else:
        patient.at("09:00").does("lp")
    patient.at("10:00").records(platelet_count="100", inr="1.0", sepsis="false")
    assert "done_while_held" in patient.warnings()
    patient.at("11:00").corrects(lp_time="2026-03-01T08:55")
    assert "done_while_held" in patient.warnings()


def test_rule_22_nor_does_correcting_the_fact_that_blocked() -> None:
    patient = guarded(platelet_count="39")
    patient.at("09:00").does("lp")
    patient.at("10:00").corrects(platelet_count="390")
    assert "done_while_blocked" in patient.warnings()


# --- rule 23 ------------------------------------------------------------------------------------
LOW = {"platelet_count": "30", "inr": "1.0", "sepsis": "false"}


def test_rule_23_an_override_lifts_what_stands_against_the_action_and_it_shows_so() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    found = patient.action("lp")
    assert found is not None
    assert (found.standing, found.overridden) == ("recommended", True)
    assert safeguards(patient)["low_platelets"] == "lifted"
    (event,) = [event for event in patient.events if isinstance(event, Overridden)]
    assert event.safeguards == ("low_platelets",)


def test_rule_23_a_held_action_can_be_overridden_too() -> None:
    patient = guarded(inr="1.0", sepsis="false")
    assert patient.standing("lp") == "held"
    patient.at("09:00").overrides("lp")
    assert patient.is_offered("lp")


def test_rule_23_only_safeguards_that_allow_it_are_lifted() -> None:
    patient = guarded(inr="1.5", platelet_count="30", sepsis="false")
    patient.at("09:00").overrides("lp")
    assert (safeguards(patient)["low_platelets"], safeguards(patient)["high_inr"]) == ("lifted", "blocks")
    assert patient.standing("lp") == "blocked"


def test_rule_23_what_nobody_may_override_is_refused() -> None:
    patient = guarded(inr="1.5", platelet_count="100", sepsis="false")
    assert patient.at("09:00").overrides("lp").refused
    assert patient.standing("lp") == "blocked"


def test_rule_23_a_safeguard_that_stands_up_later_is_not_lifted() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").records(sepsis="true")
    assert patient.standing("lp") == "blocked"


@pytest.mark.parametrize("count", ["25", "35", "100"])
def test_rule_23_until_a_fact_that_they_read_changes(count: str) -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").records(platelet_count=count)
    found = patient.action("lp")
    assert found is not None
    assert (found.standing, found.overridden) == ("recommended" if count == "100" else "blocked", False)


def test_rule_23_the_same_value_again_is_no_change() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").records(platelet_count="30.0")
    assert patient.is_offered("lp")


def test_rule_23_a_value_that_expires_has_changed() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.waits_until("2026-03-02T08:00")
    assert patient.is_offered("lp")
    patient.waits_until("2026-03-02T08:00:01")
    assert patient.standing("lp") == "held"


def test_rule_23_a_retracted_value_has_changed_even_when_it_comes_back() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").retracts("platelet_count")
    assert patient.standing("lp") == "held"
    patient.at("11:00").records(platelet_count="30")
    assert patient.standing("lp") == "blocked"


def test_rule_23_an_unknown_that_becomes_known_has_changed() -> None:
    patient = guarded(inr="1.0", sepsis="false")
    patient.at("09:00").overrides("lp")
    patient.at("10:00").records(platelet_count="30")
    assert patient.standing("lp") == "blocked"


def test_rule_23_another_fact_does_not_end_it() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").records(pregnant="false", inr="1.1")
    assert patient.is_offered("lp")


def test_rule_23_until_the_deed_is_done() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").does("lp")
    assert patient.deeds("lp")[0].judged == "recommended"
    assert not any(one.startswith("done_while") for one in patient.warnings())
    assert patient.standing("lp") == "blocked"


def test_rule_23_an_override_with_nothing_to_lift_is_refused() -> None:
    patient = guarded(platelet_count="100", inr="1.0", sepsis="false")
    assert patient.at("09:00").overrides("lp").refused
    assert not any(isinstance(event, Overridden) for event in patient.events)


def test_rule_23_an_undone_override_lifts_nothing() -> None:
    patient = guarded(**LOW)
    patient.at("09:00").overrides("lp")
    patient.at("10:00").undoes()
    assert patient.standing("lp") == "blocked"


def test_rule_23_a_transition_override_returns_a_track_to_a_state_it_has_been_in() -> None:
    patient = guarded(go="true", platelet_count="100", inr="1.0", sepsis="false")
    assert patient.state() == "there"
    patient.at("09:00").does("lp")
    patient.at("10:00").takes("over")
    assert not patient.at("11:00").returns("there").refused
    assert patient.state() == "there"
    last = [event for event in patient.events if isinstance(event, TransitionTaken)][-1]
    assert (last.source, last.to, last.cause) == ("over", "there", "override")


def test_rule_23_it_never_opens_a_guard_to_a_state_the_track_has_not_been_in() -> None:
    patient = guarded(go="true")
    assert patient.at("09:00").returns("over").refused
    assert patient.state() == "there"


def test_rule_23_what_fires_in_the_state_returned_to_fires() -> None:
    patient = guarded(go="true")
    patient.at("09:00").returns("here")
    assert patient.state() == "there"
    assert [step.cause for step in patient.path()] == ["auto", "override", "auto"]


def test_rule_23_an_override_says_why() -> None:
    patient = guarded(**LOW)
    moment = patient.at("09:00")
    with pytest.raises(EntryError, match="reason"):
        moment.commit(replace(moment.batch, overrides=(OverrideEntry(" ", action="lp"),)))


# --- rule 24 ------------------------------------------------------------------------------------
SAFE = {"platelet_count": "100", "inr": "1.0", "sepsis": "false"}


def test_rule_24_a_second_time_is_a_second_puncture() -> None:
    patient = guarded(**SAFE)
    patient.at("10:00").records(lp_time="2026-03-01T09:00")
    patient.at("12:00").records(lp_time="2026-03-01T11:00")
    assert [deed.at for deed in patient.deeds("lp")] == [instant("09:00"), instant("11:00")]


def test_rule_24_unless_it_carries_corrects() -> None:
    patient = guarded(**SAFE)
    patient.at("10:00").records(lp_time="2026-03-01T09:00")
    first = next(
        event.seq for event in patient.events if isinstance(event, FactRecorded) and event.fact == "lp_time"
    )
    patient.at("12:00").corrects(lp_time="2026-03-01T09:10")
    assert [deed.at for deed in patient.deeds("lp")] == [instant("09:10")]
    assert patient.value("lp_time") == "2026-03-01T09:10:00+00:00"
    last = [event for event in patient.events if isinstance(event, FactRecorded)][-1]
    assert last.corrects == first


def test_rule_24_correcting_the_time_of_a_deed_that_was_marked_done_is_no_second_puncture() -> None:
    patient = guarded(**SAFE)
    patient.at("10:00").does("lp", when="09:30")
    patient.at("12:00").corrects(lp_time="2026-03-01T09:40")
    assert [deed.at for deed in patient.deeds("lp")] == [instant("09:40")]


def test_rule_24_a_time_entered_in_error_takes_the_deed_with_it() -> None:
    for entry in ("fact", "deed"):
        patient = guarded(**SAFE)
        if entry == "fact":
            patient.at("10:00").records(lp_time="2026-03-01T09:30")
        else:
            patient.at("10:00").does("lp", when="09:30")
        patient.at("12:00").retracts("lp_time", "entry_error")
        assert patient.deeds("lp") == [], entry


def test_rule_24_marking_it_done_records_the_time_and_is_one_deed() -> None:
    patient = guarded(**SAFE)
    patient.at("10:00").does("lp", when="09:30")
    assert patient.value("lp_time") == "2026-03-01T09:30:00+00:00"
    assert [deed.at for deed in patient.deeds("lp")] == [instant("09:30")]


def test_rule_24_the_timeline_key_is_correct(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, timeline = tmp_path / "ward.yaml", tmp_path / "case.yaml"
    file.write_text(written(GUARDED), "utf-8")
    timeline.write_text(
        "timeline:\n"
        "  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:00}}\n"
        "  - {at: 2026-03-01T11:00, correct: {lp_time: 2026-03-01T09:10}}\n"
        "  - {at: 2026-03-01T12:00, facts: {lp_time: 2026-03-01T11:30}}\n",
        "utf-8",
    )
    assert main(["run", str(file), str(timeline), "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [[deed["at"] for deed in step["done"]] for step in steps[-3:]] == [
        ["2026-03-01T09:00:00+00:00"],
        ["2026-03-01T09:10:00+00:00"],
        ["2026-03-01T09:10:00+00:00", "2026-03-01T11:30:00+00:00"],
    ]
