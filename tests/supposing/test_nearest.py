"""What would change it: the smallest sets of entries that open what is closed, each seen to do so."""

from __future__ import annotations

from pathway.engine.case import Case
from pathway.engine.events import TransitionTaken
from pathway.supposing.nearest import Nearest, nearest_changes
from pathway.supposing.needed import DeedNeeded
from pathway.supposing.subjects import Offer, Subject, WayOn, is_open
from tests.semantics.stepping import Patient, instant, patient_on
from tests.supposing.words import facts_of, sets_of

WARD = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  infected: {type: boolean}
  lmwh: {type: code, values: [none, prophylactic, therapeutic]}
  lmwh_time: {type: dateTime}
  suspected: {type: boolean}
  csf_glucose: {type: quantity, unit: mg/dL, range: [0, 500], step: 1}
  serum_glucose: {type: quantity, unit: mg/dL, range: [1, 500], step: 1}
  ratio: {type: quantity, unit: "1", formula: csf_glucose / serum_glucose}
  cause: {type: code, values: [tb, bacterial, fungal, other]}
  resolved: {type: boolean}
  start: {type: date}
  since_lmwh: {type: quantity, unit: h, formula: time since lmwh_time}
  lmwh_blocks:
    type: boolean
    cases: [{when: lmwh = none, value: "false"}, {when: since_lmwh < 12 h, value: "true"}]
    otherwise: "false"
actions:
  lp: {title: LP, type: procedure}
  stop: {title: Stop, type: procedure}
  scan: {title: Scan, type: order}
  dye: {title: Dye, type: procedure}
safeguards:
  platelets: {action: lp, when: platelet_count < 40, effect: block}
  high_inr: {action: lp, when: inr > 1.4, effect: block, override: specialist}
  infection: {action: lp, when: infected, effect: block}
  heparin: {action: lp, when: lmwh_blocks, effect: block}
  early: {action: stop, when: months since start < 12 mo, effect: block}
tracks:
  care:
    start: intake
    states:
      intake:
        kind: enquiry
        asks: [suspected]
        next: [{to: workup, when: suspected, auto: true}, {to: home, when: not suspected, auto: true}]
      workup:
        kind: action
        do: [{action: lp, within: 4 h}, {action: dye, when: ratio < 0.4}]
        next:
          - {to: result, when: done(lp)}
          - {to: treatment, when: "cause is one of (tb, bacterial)"}
          - {to: home, when: declined(lp) and not done(lp) and cause = other}
      result: {kind: end}
      treatment:
        kind: action
        do: [{action: stop}]
        next: [{to: home, when: resolved recorded since entry and resolved}]
      home: {kind: end}
"""
SAFE = {"platelet_count": "150", "inr": "1.0", "infected": "false", "lmwh": "none"}


def in_workup(**facts: str) -> Patient:
    """A patient in the workup at 08:00 with these facts."""
    found = patient_on(WARD)
    found.at("08:00").records(suspected="true", **facts)
    return found


def opens(case: Case, subject: Subject, found: Nearest) -> bool:
    """Whether every change found, entered by hand on a fork, leaves the subject open or taken."""
    return all(_opens(case.fork(), subject, found, place) for place in range(len(found.changes)))


def _opens(fork: Case, subject: Subject, found: Nearest, place: int) -> bool:
    change = found.changes[place]
    before = len(fork.events)
    fork.enter(change.batch(fork.now, "ms", fork.now))
    if change.from_at is not None:
        fork.pass_time(change.from_at, change.from_at)
    moves = [(event.track, event.to) for event in fork.events[before:] if isinstance(event, TransitionTaken)]
    taken = isinstance(subject, WayOn) and (subject.track, subject.to) in moves
    return taken or is_open(subject, fork.view)


def test_thirty_nine_platelets_need_forty() -> None:
    found = nearest_changes(in_workup(**SAFE | {"platelet_count": "39"}).case, Offer("lp"))
    assert found.outcome == "found"
    assert [facts_of(change) for change in found.changes] == [{"platelet_count": ("at_least", "40")}]
    assert found.changes[0].facts[0].present == "39"
    assert found.changes[0].facts[0].unit == "10*9/L"


def test_an_unknown_inr_is_to_be_at_most_1_4() -> None:
    case = in_workup(platelet_count="150", infected="false", lmwh="none").case
    found = nearest_changes(case, Offer("lp"))
    assert [facts_of(change) for change in found.changes] == [{"inr": ("at_most", "1.4")}]
    assert found.changes[0].facts[0].present is None


def test_all_safeguards_that_stand_are_cleared_together() -> None:
    patient = in_workup(platelet_count="39", inr="2")
    found = nearest_changes(patient.case, Offer("lp"))
    assert facts_of(found.changes[0]) == {
        "platelet_count": ("at_least", "40"),
        "inr": ("at_most", "1.4"),
        "infected": ("value", "false"),
        "lmwh": ("value", "none"),
    }
    assert opens(patient.case, Offer("lp"), found)


def test_where_only_time_stands_against_it_the_time_is_told() -> None:
    patient = in_workup(**SAFE | {"lmwh": "prophylactic", "lmwh_time": "2026-02-28T20:35"})
    found = nearest_changes(patient.case, Offer("lp"))
    assert [(change.facts, change.deeds) for change in found.changes] == [((), ())]
    assert found.changes[0].from_at == instant("08:35")
    assert opens(patient.case, Offer("lp"), found)


def test_a_value_is_needed_and_time_has_to_pass_as_well() -> None:
    patient = in_workup(inr="1.0", infected="false", lmwh="prophylactic", lmwh_time="2026-02-28T20:35")
    found = nearest_changes(patient.case, Offer("lp"))
    assert [(facts_of(one), one.from_at) for one in found.changes if one.known == 0] == [
        ({"platelet_count": ("at_least", "40")}, instant("08:35"))
    ]
    assert opens(patient.case, Offer("lp"), found)


def test_the_known_time_of_what_has_happened_is_no_lever() -> None:
    patient = in_workup(
        **SAFE | {"lmwh": "prophylactic", "lmwh_time": "2026-02-28T20:35", "infected": "true"}
    )
    assert all("lmwh_time" not in names for names in sets_of(nearest_changes(patient.case, Offer("lp"))))


def test_an_unknown_time_lies_far_enough_back() -> None:
    patient = in_workup(**SAFE | {"lmwh": "prophylactic"})
    first = nearest_changes(patient.case, Offer("lp")).changes[0]
    assert facts_of(first) == {"lmwh_time": ("at_most", "2026-02-28T20:00:00+00:00")}


def test_a_minimum_in_months_is_waited_for_by_the_calendar() -> None:
    patient = in_workup(cause="tb", start="2025-03-31")
    patient.at("08:00").takes("treatment")
    found = nearest_changes(patient.case, Offer("stop"))
    assert found.changes[0].from_at == instant("2026-03-31T00:00")


def test_a_way_by_codes_names_each_that_opens_it() -> None:
    found = nearest_changes(in_workup().case, WayOn("care", "treatment"))
    needed = found.changes[0].facts[0]
    assert (needed.fact, {needed.value, *needed.others}) == ("cause", {"tb", "bacterial"})


def test_a_deed_is_named_only_with_what_clears_it() -> None:
    patient = in_workup(**SAFE | {"platelet_count": "39", "cause": "fungal"})
    found = nearest_changes(patient.case, WayOn("care", "result"))
    assert facts_of(found.changes[0]) == {"platelet_count": ("at_least", "40")}
    assert found.changes[0].deeds == (DeedNeeded("lp", declined=False),)
    assert opens(patient.case, WayOn("care", "result"), found)


def test_a_refusal_can_be_what_is_needed() -> None:
    found = nearest_changes(in_workup(**SAFE).case, WayOn("care", "home"))
    assert facts_of(found.changes[0]) == {"cause": ("value", "other")}
    assert found.changes[0].deeds == (DeedNeeded("lp", declined=True),)


def test_a_value_recorded_before_the_state_is_to_be_recorded_anew() -> None:
    patient = in_workup(resolved="true")
    patient.at("09:00").enters({"cause": "tb", "start": "2026-03-01"}, take={"care": "treatment"})
    found = nearest_changes(patient.case, WayOn("care", "home"))
    assert facts_of(found.changes[0]) == {"resolved": ("anew", "true")}


def test_a_value_that_counts_by_a_calculation_is_brought_to_its_limit() -> None:
    patient = in_workup(csf_glucose="80", serum_glucose="100")
    found = nearest_changes(patient.case, Offer("dye"))
    by_fact = {name: needed for change in found.changes for name, needed in facts_of(change).items()}
    assert by_fact["csf_glucose"] == ("such_as", "39")
    assert by_fact["serum_glucose"] == ("such_as", "201")
    assert opens(patient.case, Offer("dye"), found)


def test_a_value_that_expired_is_asked_for_like_any_unknown_one() -> None:
    patient = in_workup(**SAFE)
    patient.waits_until("2026-03-02T09:00")
    found = nearest_changes(patient.case, Offer("lp"))
    assert [facts_of(change) for change in found.changes] == [{"platelet_count": ("at_least", "40")}]


def test_what_is_open_needs_nothing_and_what_nothing_leads_to_is_said_to_have_no_change() -> None:
    case = in_workup(**SAFE).case
    assert nearest_changes(case, Offer("lp")).outcome == "open"
    assert nearest_changes(case, Offer("scan")).outcome == "none"


def test_with_too_few_tries_it_says_that_it_gave_up() -> None:
    case = in_workup(platelet_count="39").case
    assert nearest_changes(case, Offer("lp"), most=5).outcome == "gave_up"


def test_a_closed_case_has_nothing_to_change() -> None:
    patient = in_workup()
    patient.at("09:00").enters(close="transferred")
    assert nearest_changes(patient.case, Offer("lp")).outcome == "closed"


def test_a_way_that_was_taken_at_once_was_open() -> None:
    found = nearest_changes(patient_on(WARD).case, WayOn("care", "workup"))
    assert [facts_of(change) for change in found.changes] == [{"suspected": ("value", "true")}]


def test_the_case_itself_is_only_read() -> None:
    patient = in_workup(platelet_count="39")
    events, view = list(patient.case.events), patient.case.view
    nearest_changes(patient.case, Offer("lp"))
    nearest_changes(patient.case, WayOn("care", "result"))
    assert patient.case.events == events
    assert patient.case.view == view
    assert patient.case.now == view.at
