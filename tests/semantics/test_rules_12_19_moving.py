"""SEMANTICS rules 12 to 19: firing, settling, batches, and time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.cli import main
from pathway.engine.batch import Batch, DeedEntry, FactEntry, OverrideEntry, Retraction
from pathway.engine.case import EntryError
from pathway.engine.events import TransitionTaken
from pathway.language.problems import DefinitionError
from pathway.language.verdict import Verdict
from tests.semantics.stepping import Patient, instant, patient_on, written

FORK = """facts: {{a: {{type: boolean}}, b: {{type: boolean}}, c: {{type: boolean}}}}
tracks:
  care:
    start: here
    states:
      here:
        kind: {kind}
        choice: {choice}
        next:
          - {{to: left, when: a}}
          - {{to: right, when: b}}
          {third}
      left: {{kind: end}}
      right: {{kind: end}}
      other: {{kind: end}}
"""


def fork(
    kind: str = "decision", choice: bool = False, third: str = "", confirm: str | None = None, **facts: str
) -> Patient:
    third = f"- {{to: other, when: {third}}}" if third else ""
    body = FORK.format(kind=kind, choice="true" if choice else "false", third=third)
    patient = patient_on(body, confirm=confirm)
    if facts:
        patient.at("09:00").records(**facts)
    return patient


# --- rule 12 ------------------------------------------------------------------------------------
def test_rule_12_a_transition_fires_when_true_with_every_sibling_false() -> None:
    assert fork(a="true", b="false").state() == "left"
    assert fork(a="false", b="true").state() == "right"


def test_rule_12_it_does_not_fire_when_false_or_unknown() -> None:
    assert fork().state() == "here"
    assert fork(a="false", b="false").state() == "here"


def test_rule_12_an_unknown_sibling_makes_it_wait() -> None:
    patient = fork(a="true")
    assert patient.state() == "here"
    patient.at("10:00").records(b="false")
    assert patient.state() == "left"


def test_rule_12_a_waiting_transition_cannot_be_taken_either() -> None:
    patient = fork(kind="enquiry", a="true")
    step = patient.at("10:00").takes("left")
    assert (patient.state(), len(step.refused)) == ("here", 1)


@pytest.mark.parametrize("confirm", [None, "timeline"])
@pytest.mark.parametrize("kind", ["decision", "enquiry"])
def test_rule_12_a_choice_moves_only_when_the_clinician_takes_one(kind: str, confirm: str | None) -> None:
    patient = fork(kind=kind, choice=True, confirm=confirm, a="true", b="false")
    assert patient.state() == "here"
    patient.at("10:00").takes("left")
    assert patient.state() == "left"


def test_rule_12_two_true_ones_are_no_conflict_where_there_is_a_choice() -> None:
    patient = fork(choice=True, a="true", b="true")
    assert [patient.way(to).standing for to in ("left", "right")] == ["open", "open"]
    patient.at("10:00").takes("right")
    assert patient.state() == "right"


def test_rule_12_only_a_true_one_can_be_chosen() -> None:
    patient = fork(choice=True, third="c", a="true", b="false")
    for to in ("right", "other"):
        assert patient.at("10:00").takes(to).refused
    assert patient.state() == "here"
    assert not patient.at("10:00").takes("left").refused


def test_rule_12_two_true_without_choice_are_a_conflict_that_stops_the_case_and_shows_both() -> None:
    patient = fork(a="true", b="true")
    assert patient.state() == "here"
    assert [patient.way(to).standing for to in ("left", "right")] == ["conflict", "conflict"]
    assert "conflict" in patient.warnings()


def test_rule_12_a_conflict_stops_a_run_too() -> None:
    assert fork(kind="enquiry", confirm="timeline", a="true", b="true").state() == "here"


def test_rule_12_a_conflict_ends_when_one_of_the_two_is_false() -> None:
    patient = fork(a="true", b="true")
    patient.at("10:00").records(b="false")
    assert patient.state() == "left"


# --- rule 13 ------------------------------------------------------------------------------------
def test_rule_13_each_way_is_open_waiting_closed_or_in_conflict() -> None:
    patient = fork(kind="enquiry", a="true", b="false")
    assert [patient.way(to).standing for to in ("left", "right")] == ["open", "closed"]


def test_rule_13_a_waiting_way_says_what_it_needs() -> None:
    patient = fork(kind="enquiry")
    assert [(patient.way(to).standing, patient.way(to).needs) for to in ("left", "right")] == [
        ("waiting", ("a",)),
        ("waiting", ("b",)),
    ]
    assert set(patient.needs()) == {"a", "b"}


def test_rule_13_a_true_way_beside_an_unknown_one_says_what_would_let_it_fire() -> None:
    patient = fork(kind="enquiry", a="true")
    assert patient.way("left").verdict is Verdict.TRUE
    assert (patient.way("left").standing, patient.way("left").needs) == ("waiting", ("b",))


def test_rule_13_a_closed_way_needs_nothing() -> None:
    assert fork(kind="enquiry", a="false").way("left").needs == ()


# --- rule 14 ------------------------------------------------------------------------------------
def test_rule_14_otherwise_opens_when_every_sibling_is_false() -> None:
    assert fork(third="otherwise", a="false", b="false").state() == "other"


def test_rule_14_otherwise_never_swallows_unknown() -> None:
    patient = fork(third="otherwise", a="false")
    assert patient.state() == "here"
    assert (patient.way("other").verdict, patient.way("other").needs) == (Verdict.UNKNOWN, ("b",))


def test_rule_14_otherwise_is_false_beside_a_true_sibling() -> None:
    patient = fork(kind="enquiry", third="otherwise", a="true")
    assert patient.way("other").verdict is Verdict.FALSE
    assert patient.way("other").standing == "closed"


def test_rule_14_at_most_one_otherwise_a_state() -> None:
    body = FORK.format(kind="decision", choice="false", third="- {to: other, when: otherwise}")
    with pytest.raises(DefinitionError, match="otherwise"):
        patient_on(body.replace("when: b", "when: otherwise"))


# --- rule 15 ------------------------------------------------------------------------------------
WARD = """facts:
  x: {type: integer, range: [0, 9]}
  y: {type: integer, range: [0, 9]}
  z: {type: integer, range: [0, 9]}
actions:
  lp: {title: LP, type: procedure}
  mri: {title: MRI, type: order}
  abx: {title: Antibiotic, type: medication}
safeguards:
  lp_x: {action: lp, when: x < 4, effect: block, override: specialist}
tracks:
  care:
    start: here
    states:
      here:
        kind: decision
        next:
          - {to: torn, when: (x = 2 and y = 1) or (x = 1 and y = 2)}
          - {to: both, when: x = 2 and y = 2}
      torn: {kind: end}
      both: {kind: enquiry, next: [{to: after, when: "true"}]}
      after: {kind: end}
"""


def test_rule_15_the_items_of_one_entry_are_one_batch_in_one_order() -> None:
    patient = patient_on(WARD)
    patient.at("08:30").records(z="1")
    patient.at("09:00").records(z="2")
    at = instant("10:00")
    step = patient.at("10:00").commit(
        Batch(
            at,
            "dr_b",
            at,
            facts=(FactEntry("y", "2"), FactEntry("x", "2")),
            retracted=(Retraction("z"),),
            done=(DeedEntry("mri"), DeedEntry("abx")),
            declined=(),
            overrides=(OverrideEntry("agreed", action="lp"),),
            undo=True,
        )
    )
    said = [
        (event.type, getattr(event, "fact", getattr(event, "action", getattr(event, "to", None))))
        for event in step.events
    ]
    assert said == [
        ("undone", None),
        ("fact_retracted", "z"),
        ("fact_recorded", "x"),
        ("fact_recorded", "y"),
        ("action_done", "abx"),
        ("action_done", "mri"),
        ("overridden", "lp"),
        ("transition_taken", "both"),
    ]
    assert len({event.batch for event in step.events}) == 1


def test_rule_15_declined_comes_after_done_and_before_overrides() -> None:
    patient = patient_on(WARD)
    step = patient.at("09:00").enters(facts={"x": "1"}, done=("mri",), declined=("abx",), override=("lp",))
    assert [event.type for event in step.events] == [
        "fact_recorded", "action_done", "action_declined", "overridden",
    ]  # fmt: skip


def test_rule_15_take_comes_after_settling_and_what_follows_settles_again() -> None:
    patient = patient_on(WARD)
    step = patient.at("09:00").enters(facts={"x": "2", "y": "2"}, take={"care": "after"})
    assert [(move.to, move.cause) for move in step.taken] == [("both", "auto"), ("after", "clinician")]
    assert not step.refused


def test_rule_15_guards_are_never_read_in_mid_batch() -> None:
    """Recorded one by one, the two values would lead to `torn` by way of the guard in between."""
    patient = patient_on(WARD)
    patient.at("09:00").records(x="1", y="1")
    patient.at("10:00").records(x="2", y="2")
    assert patient.state() == "both"


def test_rule_15_a_retraction_and_a_record_of_one_batch_are_read_together() -> None:
    patient = patient_on(WARD)
    patient.at("09:00").records(x="2", z="1")
    patient.at("10:00").enters(facts={"y": "1"}, unknown=("x",))
    assert patient.state() == "here"


def test_rule_15_a_deed_is_judged_with_the_facts_of_its_batch() -> None:
    patient = patient_on(WARD)
    patient.at("09:00").enters(facts={"x": "3"}, done=("lp",))
    assert patient.deeds("lp")[0].judged == "blocked"


def test_rule_15_a_take_that_is_not_open_is_refused_and_the_rest_recorded() -> None:
    patient = patient_on(WARD)
    step = patient.at("09:00").enters(facts={"x": "2"}, take={"care": "both"})
    assert len(step.refused) == 1
    assert (patient.state(), patient.value("x")) == ("here", "2")


def test_rule_15_a_take_that_no_transition_offers_is_refused() -> None:
    patient = patient_on(WARD)
    assert patient.at("09:00").takes("after").refused


def test_rule_15_the_command_line_says_refused_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, timeline = tmp_path / "ward.yaml", tmp_path / "case.yaml"
    file.write_text(written(WARD), "utf-8")
    timeline.write_text("timeline:\n  - {at: 2026-03-01T09:00, take: {care: both}}\n", "utf-8")
    assert main(["run", str(file), str(timeline), "--json"]) == 1
    assert '"refused"' in capsys.readouterr().out
    timeline.write_text(
        "timeline:\n  - {at: 2026-03-01T09:00, facts: {x: 2, y: 2}, take: {care: after}}\n", "utf-8"
    )
    assert main(["run", str(file), str(timeline), "--json"]) == 0


def test_rule_15_a_batch_with_a_bad_item_records_nothing() -> None:
    patient = patient_on(WARD)
    before = list(patient.events)
    with pytest.raises(EntryError):
        patient.at("09:00").enters(facts={"x": "2"}, done=("surgery",))
    assert patient.events == before


# --- rule 16 ------------------------------------------------------------------------------------
CHAIN = """facts: {{go: {{type: boolean}}}}
actions: {{lp: {{title: LP, type: procedure}}}}
tracks:
  care:
    start: one
    states:
      one: {{kind: {first}, next: [{{to: two, when: go}}]}}
      two: {{kind: {second}, do: [{{action: lp}}], next: [{{to: three, when: "true"}}]}}
      three: {{kind: {third}, next: [{{to: one, when: "{back}"}}]}}
  other:
    start: one
    states:
      one: {{kind: decision, next: [{{to: two, when: go}}]}}
      two: {{kind: end}}
"""


def chain(
    first: str = "decision", second: str = "decision", third: str = "decision", back: str = "false",
    confirm: str | None = None,
) -> Patient:  # fmt: skip
    body = CHAIN.format(first=first, second=second, third=third, back=back)
    return patient_on(body, confirm=confirm)


def test_rule_16_settling_goes_on_until_nothing_fires() -> None:
    patient = chain()
    patient.at("09:00").records(go="true")
    assert patient.state() == "three"


def test_rule_16_all_that_fires_on_one_snapshot_is_one_round() -> None:
    patient = chain()
    patient.at("09:00").records(go="true")
    rounds = [(e.track, e.to, e.round) for e in patient.events if isinstance(e, TransitionTaken)]
    assert rounds == [("care", "two", 1), ("other", "two", 1), ("care", "three", 2)]


def test_rule_16_the_screen_asks_before_a_confirmed_transition() -> None:
    patient = chain(second="enquiry")
    patient.at("09:00").records(go="true")
    assert (patient.state(), patient.way("three").standing) == ("two", "open")
    patient.waits_until("12:00")
    assert patient.state() == "two"


def test_rule_16_auto_true_makes_a_transition_of_another_state_automatic() -> None:
    body = CHAIN.format(first="enquiry", second="enquiry", third="end", back="false")
    body = body.replace(
        "when: go}]}\n      two: {kind: enquiry", "when: go, auto: true}]}\n      two: {kind: enquiry"
    )
    body = body.replace(', next: [{to: one, when: "false"}]', "")
    patient = patient_on(body)
    patient.at("09:00").records(go="true")
    assert patient.state() == "two"


def test_rule_16_a_run_takes_confirmed_transitions() -> None:
    patient = chain("enquiry", "enquiry", confirm="timeline")
    step = patient.at("09:00").records(go="true")
    assert patient.state() == "three"
    assert {move.cause for move in step.taken if move.track == "care"} == {"timeline"}


def test_rule_16_a_run_leaves_each_state_at_most_once_a_track_and_entry() -> None:
    patient = chain("enquiry", "enquiry", "enquiry", "true", confirm="timeline")
    for hour in ("09:00", "10:00", "11:00"):
        step = patient.at(hour).records(go="true")
        left = [(move.track, move.source) for move in step.taken]
        assert len(left) == len(set(left))
        assert left, "the entry moves the case at least once"


def test_rule_16_a_configuration_that_comes_back_within_one_settle_is_an_error_and_nothing_is_recorded() -> (
    None
):
    patient = chain(back="true")
    before = list(patient.events)
    with pytest.raises(EntryError, match="circle"):
        patient.at("09:00").records(go="true")
    assert patient.events == before
    assert (patient.state(), patient.value("go")) == ("one", None)
    patient.at("09:00").records(go="false")
    assert patient.value("go") == "false"


def test_rule_16_a_circle_from_the_start_is_refused_on_opening() -> None:
    body = """tracks:
  care:
    start: a
    states:
      a: {kind: decision, next: [{to: b, when: "true"}]}
      b: {kind: decision, next: [{to: a, when: "true"}]}
"""
    with pytest.raises((EntryError, DefinitionError)):
        patient_on(body)


# --- rule 17 ------------------------------------------------------------------------------------
WATCH = """facts:
  t: {type: dateTime}
  inr: {type: quantity, unit: "1", valid_for: 6 h}
actions: {lp: {title: LP, type: procedure}}
tracks:
  care:
    start: here
    states:
      here:
        kind: action
        do: [{action: lp, within: 4 h}]
        next: [{to: there, when: time since t >= 8 h, auto: true}]
      there: {kind: end}
"""


def test_rule_17_nothing_happens_between_events() -> None:
    patient = patient_on("facts: {t: {type: dateTime}}\n")
    patient.at("08:00").records(t="2026-03-01T08:00")
    before = list(patient.events)
    assert patient.view.next_change_at is None
    patient.waits_until("2026-05-01T08:00")
    assert patient.events == before


def test_rule_17_the_view_names_each_next_instant_and_time_passed_is_appended_there() -> None:
    """Soon after three quarters of four hours, late a second after due, expired after the last valid one."""
    patient = patient_on(WATCH)
    patient.at("08:00").records(t="2026-03-01T08:00", inr="1.1")
    expected = [instant(text) for text in ("11:00", "12:00:01", "14:00:01", "16:00")]
    for when in expected:
        assert patient.view.next_change_at == when
        patient.waits_until(when)
        assert patient.ticks()[-1] == when
    assert patient.ticks() == expected
    assert patient.state() == "there"


def test_rule_17_one_long_wait_is_the_same_as_many_short_ones() -> None:
    long, short = patient_on(WATCH), patient_on(WATCH)
    for patient in (long, short):
        patient.at("08:00").records(t="2026-03-01T08:00", inr="1.1")
    for minute in range(0, 24 * 60, 17):
        short.waits_until(instant("08:00") + 60 * minute)
    short.waits_until("2026-03-02T08:00")
    long.waits_until("2026-03-02T08:00")

    def ats(patient: Patient) -> list[tuple[str, int]]:
        return [(event.type, event.at) for event in patient.events]

    assert ats(long) == ats(short)
    assert long.view == short.view


def test_rule_17_an_entry_lets_the_time_before_it_pass_first() -> None:
    patient = patient_on(WATCH)
    patient.at("08:00").records(t="2026-03-01T08:00")
    patient.at("20:00").records(inr="1.1")
    assert patient.ticks() == [instant("11:00"), instant("12:00:01"), instant("16:00")]
    assert patient.path()[0].at == instant("16:00")


def test_rule_17_extra_ticks_change_nothing_but_their_own_lines() -> None:
    plain, ticked = patient_on(WATCH), patient_on(WATCH)
    for patient in (plain, ticked):
        patient.at("08:00").records(t="2026-03-01T08:00", inr="1.1")
    for hour in ("08:30", "11:30", "13:00", "15:59:59"):
        ticked.at(hour).enters()
    for patient in (plain, ticked):
        patient.at("17:00").does("lp")
    for look in (
        lambda one: one.state(),
        lambda one: one.entered_at(),
        lambda one: one.standing("lp"),
        lambda one: [(deed.at, deed.due, deed.urgency, deed.judged) for deed in one.deeds("lp")],
        lambda one: [(step.at, step.to) for step in one.path()],
        lambda one: one.value("inr"),
        lambda one: one.view.next_change_at,
        lambda one: one.view.can_undo,
    ):
        assert look(plain) == look(ticked)
    for patient in (plain, ticked):
        patient.at("18:00").undoes()
        patient.at("19:00").undoes()
        assert patient.value("t") is None


# --- rule 18 ------------------------------------------------------------------------------------
def test_rule_18_a_fact_is_valid_up_to_and_including_its_last_second() -> None:
    patient = patient_on(WATCH)
    patient.at("08:00").records(inr="1.1")
    patient.waits_until("14:00")
    assert patient.value("inr") == "1.1"
    patient.waits_until("14:00:01")
    assert patient.value("inr") is None


@pytest.mark.parametrize(("when", "urgency"), [("12:00", "met"), ("12:00:01", "late")])
def test_rule_18_done_at_exactly_due_is_met_and_after_it_late(when: str, urgency: str) -> None:
    patient = patient_on(WATCH)
    patient.at(when).does("lp")
    (deed,) = patient.deeds("lp")
    assert (deed.due, deed.urgency) == (instant("12:00"), urgency)


def test_rule_18_the_deeds_own_time_counts_not_when_it_was_written_down() -> None:
    patient = patient_on(WATCH)
    patient.at("15:00").does("lp", when="12:00")
    assert patient.deeds("lp")[0].urgency == "met"


@pytest.mark.parametrize(
    ("when", "urgency"),
    [("08:00", "ok"), ("10:59:59", "ok"), ("11:00:01", "soon"), ("12:00", "soon"), ("12:00:01", "late")],
)
def test_rule_18_soon_is_the_last_quarter_of_the_window(when: str, urgency: str) -> None:
    patient = patient_on(WATCH)
    patient.waits_until(when)
    found = patient.action("lp")
    assert found is not None
    assert (found.due, found.urgency) == (instant("12:00"), urgency)


@pytest.mark.parametrize(("when", "urgency"), [("11:29:59", "ok"), ("11:30:01", "soon")])
def test_rule_18_soon_may_be_declared(when: str, urgency: str) -> None:
    patient = patient_on(WATCH.replace("within: 4 h", "within: 4 h, soon: 30 min"))
    patient.waits_until(when)
    found = patient.action("lp")
    assert found is not None
    assert found.urgency == urgency


def test_rule_18_a_deadline_counts_from_entering_the_state() -> None:
    body = """facts: {go: {type: boolean}}
actions: {lp: {title: LP, type: procedure}}
tracks:
  care:
    start: here
    states:
      here: {kind: decision, next: [{to: there, when: go}]}
      there: {kind: action, do: [{action: lp, within: 4 h}]}
"""
    patient = patient_on(body)
    patient.at("09:30").records(go="true")
    found = patient.action("lp")
    assert found is not None
    assert found.due == instant("13:30")


def test_rule_18_a_deadline_of_a_fact_counts_from_it_and_needs_say_so_while_unknown() -> None:
    patient = patient_on(WATCH.replace("within: 4 h", "within: 4 h, of: t"))
    found = patient.action("lp")
    assert found is not None
    assert (found.called, found.due, found.urgency, found.due_needs) == (True, None, None, ("t",))
    assert "t" in patient.needs()
    patient.at("09:00").records(t="2026-03-01T07:00")
    found = patient.action("lp")
    assert found is not None
    assert (found.due, found.due_needs) == (instant("11:00"), ())


# --- rule 19 ------------------------------------------------------------------------------------
BLOOD = """facts: {inr: {type: quantity, unit: "1", valid_for: 6 h}, t: {type: dateTime}}
actions: {lp: {title: LP, type: procedure, records: [{fact: t}]}}
"""


def test_rule_19_the_current_value_is_the_one_with_the_greatest_at() -> None:
    patient = patient_on(BLOOD, "06:00")
    patient.at("09:00").records(inr="1.1")
    patient.at("10:00").records_of("08:00", inr="2.0")
    assert patient.value("inr") == "1.1"
    patient.at("10:00").records_of("09:30", inr="1.3")
    assert patient.value("inr") == "1.3"


def test_rule_19_then_the_one_with_the_greatest_seq() -> None:
    patient = patient_on(BLOOD)
    patient.at("09:00").records(inr="1.1")
    patient.at("09:00").records(inr="1.2")
    assert patient.value("inr") == "1.2"
    patient.at("10:00").records_of("09:00", inr="1.3")
    assert patient.value("inr") == "1.3"


def test_rule_19_an_older_value_has_its_own_shelf_life() -> None:
    patient = patient_on(BLOOD)
    patient.at("14:00").records_of("08:00", inr="1.1")
    assert patient.value("inr") == "1.1"
    patient.waits_until("14:00:01")
    assert patient.value("inr") is None
    patient.at("15:00").records_of("08:30", inr="1.2")
    assert patient.value("inr") is None


def test_rule_19_an_older_value_does_not_speak_against_a_later_unknown() -> None:
    patient = patient_on(BLOOD)
    patient.at("09:00").records(inr="1.1")
    patient.at("10:00").retracts("inr")
    patient.at("11:00").records_of("09:30", inr="1.2")
    assert patient.value("inr") is None


def test_rule_19_a_fact_acts_from_its_seq_on_and_past_decisions_are_not_rewritten() -> None:
    body = """facts: {inr: {type: quantity, unit: "1"}}
tracks:
  care:
    start: here
    states:
      here: {kind: decision, next: [{to: low, when: inr <= 1.4}, {to: high, when: inr > 1.4}]}
      low: {kind: end}
      high: {kind: end}
"""
    patient = patient_on(body)
    patient.at("10:00").records(inr="1.1")
    moved = patient.path()[0]
    patient.at("11:00").records_of("10:30", inr="2.0")
    patient.at("12:00").records_of("09:00", inr="3.0")
    assert patient.state() == "low"
    assert patient.path() == [moved]


def test_rule_19_batches_come_in_non_decreasing_time() -> None:
    patient = patient_on(BLOOD)
    patient.at("09:00").records(inr="1.1")
    patient.at("09:00").records(inr="1.2")
    with pytest.raises(EntryError):
        patient.at("08:59:59").records(inr="1.3")
    assert patient.value("inr") == "1.2"


def test_rule_19_deeds_in_the_future_are_refused() -> None:
    patient = patient_on(BLOOD)
    with pytest.raises(EntryError):
        patient.at("09:00").does("lp", when="09:00:01")
    with pytest.raises(EntryError):
        patient.at("09:00").records(t="2026-03-01T09:00:01")
    assert patient.deeds("lp") == []
    patient.at("09:00").records(t="2026-03-01T09:00")
    assert len(patient.deeds("lp")) == 1
