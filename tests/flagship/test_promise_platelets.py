"""A case whose platelets are unknown is never offered the puncture, by any order of events (S90, S14).

And a puncture done all the same is marked so for good (rule 22).
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flagship.outside import SAFE, SUSPECTED, Shown, Written, at, last, now, steps

PUNCTURES = ("lumbar_puncture", "repeat_lumbar_puncture")
MARKS = {"done_while_held", "done_while_blocked"}
# Whatever may be entered beside a platelet count, in any order.
EVENTS: tuple[dict[str, Written], ...] = (
    SUSPECTED,
    {"leptomeningitis_suspected": "false"},
    {"inr": "1.0", "coagulopathy": "false", "lp_site_infection": "false"},
    {"severe_sepsis_signs": "false", "lmwh_intent": "none"},
    {"severe_sepsis_signs": "true"},
    {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-02-27"},
    {"ct_first_signs": "false", "other_anticoagulant_active": "false", "brain_shift_excluded": "true"},
    {"bacterial_meningitis_suspected": "true", "age_years": "46"},
    {"mri_spine_gad_status": "done"},
    {"mri_spine_gad_status": "contraindicated"},
    {"etiology": "undetermined"},
    {"etiology": "tb"},
    {"etiology": "malignant", "kps": "80", "life_expectancy": "6"},
    {"etiology": "neurosarcoidosis"},
    {"csf_cytology": "negative", "csf_cytology_count": "1", "malignancy_suspicion_high": "true"},
    {"csf_volume": "8"},
    {"csf_volume": "unknown", "csf_cytology": "unknown"},
    {"platelet_count": "unknown"},
    {"signs_symptoms_resolved": "true"},
)
DEEDS = ("empiric_iv_antibiotic", "mri_whole_spine_gadolinium", "send_csf_panel", "stop_therapy", *PUNCTURES)


@st.composite
def _stories(draw: st.DrawFn) -> list[str]:
    """Entries in order of time that never carry a platelet count."""
    found: list[str] = []
    day = 1
    for _ in range(draw(st.integers(2, 8))):
        day += draw(st.sampled_from([0, 0, 1, 3]))
        facts: dict[str, Written] = {}
        for event in draw(st.lists(st.sampled_from(EVENTS), max_size=4)):
            facts |= event
        more: dict[str, Any] = {}
        if draw(st.integers(0, 3)) == 0:
            more["done"] = f"[{draw(st.sampled_from(DEEDS))}]"
        if draw(st.integers(0, 5)) == 0:
            more["declined"] = {draw(st.sampled_from(PUNCTURES)): "no"}
        if draw(st.integers(0, 3)) == 0:
            more["override"] = {draw(st.sampled_from(PUNCTURES)): "senior advice"}
        found.append(at(f"2026-03-{day:02d}", facts, **more))
    return found


@given(_stories())
def test_with_platelets_never_known_no_order_of_events_offers_a_puncture(story: list[str]) -> None:
    _never_offered_and_marked(steps(*story))


def _never_offered_and_marked(shown: list[Shown]) -> None:
    marked: set[str] = set()
    for one in shown:
        for puncture in PUNCTURES:
            assert not one.recommends(puncture)
            if any(deed["at"] is not None for deed in one.deeds(puncture)):
                marked.add(puncture)
        found = {warning.get("action") for warning in one.step["warnings"] if warning["id"] in MARKS}
        assert marked <= found


def test_every_order_of_the_other_tests_leaves_the_puncture_held() -> None:
    pieces = [{name: value} for name, value in SAFE.items() if name != "platelet_count"]
    for order in itertools.permutations(pieces):
        shown = steps(at("08:00", SUSPECTED), *(at("08:00", piece) for piece in order))
        assert [one.stands("lumbar_puncture") for one in shown] == ["held"] * len(shown)
        assert "platelet_count" in shown[-1].entry("held", "lumbar_puncture")["needs"]


@pytest.mark.parametrize(
    "way", ["never recorded", "retracted", "expired", "retracted before", "corrected away"]
)
def test_however_the_count_came_to_be_unknown_the_puncture_is_held(way: str) -> None:
    others = {name: value for name, value in SAFE.items() if name != "platelet_count"}
    stories = {
        "never recorded": [at("08:00", SUSPECTED | others)],
        "retracted": [at("08:00", SUSPECTED | SAFE), at("09:00", {"platelet_count": "unknown"})],
        "retracted before": [
            at("08:00", SUSPECTED | others | {"platelet_count": "210"}),
            at("09:00", {"platelet_count": "unknown"}),
            at("10:00", {"inr": "1.1"}),
        ],
        "expired": [at("08:00:00", SUSPECTED | SAFE), at("2026-03-02T08:00:01", others)],
        "corrected away": [at("08:00", SUSPECTED | SAFE), at("09:00", correct={"platelet_count": "unknown"})],
    }
    shown = last(*stories[way])
    assert shown.holds("lumbar_puncture")
    assert shown.value("lp_decision") == "cannot_clear"


def test_retracting_a_count_does_not_revive_an_older_one() -> None:
    """Rule 25."""
    shown = last(
        at("08:00", SUSPECTED | SAFE),
        at("09:00", {"platelet_count": "190"}),
        at("10:00", {"platelet_count": "unknown"}),
    )
    assert shown.holds("lumbar_puncture")


LATER = [
    at("2026-03-02", {"platelet_count": "250"}),
    at("2026-03-03", {"etiology": "tb"}),
    at("2026-03-04", SAFE),
    at("2027-06-01", {"planned_stop_date": "2027-06-01"}),
    at("2027-06-01", done="[stop_therapy]"),
    at("2028-01-01"),
]


@pytest.mark.parametrize("deed", [{"done": "[lumbar_puncture]"}, {"facts": {"lp_time": "2026-03-01T09:00"}}])
def test_a_puncture_done_while_the_count_is_unknown_is_accepted_and_marked_for_good(
    deed: dict[str, Any],
) -> None:
    others = {name: value for name, value in SAFE.items() if name != "platelet_count"}
    shown = steps(at("08:00", SUSPECTED | others), at("09:00", **deed), *LATER)[1:]
    for one in shown:
        marks = {(warning["id"], warning.get("action")) for warning in one.step["warnings"]}
        assert ("done_while_held", "lumbar_puncture") in marks
        assert one.deeds("lumbar_puncture")[0]["while"] == "held"


def test_a_puncture_done_while_blocked_is_marked_so_for_good() -> None:
    shown = steps(
        at("08:00", SUSPECTED | SAFE | {"platelet_count": "39.9"}),
        at("09:00", done="[lumbar_puncture]"),
        *LATER,
    )[1:]
    for one in shown:
        marks = {(warning["id"], warning.get("action")) for warning in one.step["warnings"]}
        assert ("done_while_blocked", "lumbar_puncture") in marks
        assert one.deeds("lumbar_puncture")[0]["while"] == "blocked"


def test_a_count_recorded_in_the_same_entry_as_the_puncture_counts_before_it() -> None:
    """Rule 15: within one batch the facts come before the deeds."""
    shown = now(SUSPECTED | SAFE, done="[lumbar_puncture]")
    assert not MARKS & shown.warning_ids()
    assert shown.deeds("lumbar_puncture")[0]["while"] == "recommended"


def test_a_second_puncture_without_a_count_is_marked_as_well() -> None:
    others = {name: value for name, value in SAFE.items() if name != "platelet_count"}
    shown = last(
        at("08:00", SUSPECTED | SAFE),
        at("09:00", done="[lumbar_puncture]"),
        at("2026-03-05", others),
        at("2026-03-05", done="[repeat_lumbar_puncture]"),
        at("2026-03-06", SAFE),
    )
    marks = [warning for warning in shown.step["warnings"] if warning["id"] in MARKS]
    assert [mark["action"] for mark in marks] == ["repeat_lumbar_puncture"]


def test_a_later_count_does_not_rewrite_how_the_puncture_stood() -> None:
    """Rule 19: a fact acts from when it is recorded on."""
    others = {name: value for name, value in SAFE.items() if name != "platelet_count"}
    shown = last(
        at("08:00", SUSPECTED | others),
        at("09:00", done="[lumbar_puncture]"),
        at("10:00", {"platelet_count": "{value: 250, at: 2026-03-01T07:30}"}),
    )
    assert "done_while_held" in shown.warning_ids()


@pytest.mark.parametrize("puncture", PUNCTURES)
def test_no_override_stands_in_for_a_platelet_count(puncture: str) -> None:
    """The promise has no exception: what is not known cannot be waived."""
    others = {name: value for name, value in SAFE.items() if name != "platelet_count"}
    called = {"csf_cytology": "negative", "csf_cytology_count": "1", "malignancy_suspicion_high": "true"}
    facts = SUSPECTED | others | (called if puncture.startswith("repeat") else {})
    shown = steps(at("08:00", facts), at("09:00", override={puncture: "no time"}))
    assert not any(one.recommends(puncture) for one in shown)
