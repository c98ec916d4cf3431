"""Contract, "Action ids", "Phases", "Source ids" and "Entry"."""

from __future__ import annotations

import pytest

from tests.flagship.outside import (
    ACTIVE,
    PATHWAY,
    SAFE,
    SUSPECTED,
    Facts,
    Written,
    at,
    flagship,
    last,
    now,
    steps,
)

ACTIONS = [
    "mri_whole_spine_gadolinium",
    "lumbar_puncture",
    "repeat_lumbar_puncture",
    "send_csf_panel",
    "empiric_iv_antibiotic",
    "ceftriaxone_adult",
    "ceftriaxone_child",
    "calcium_iv",
    "antituberculous_therapy",
    "prednisone",
    "antifungal_therapy",
    "steroid_sparing_agent",
    "systemic_cns_therapy",
    "her2_therapy",
    "egfr_therapy",
    "braf_mek_therapy",
    "intrathecal_methotrexate",
    "ommaya_reservoir",
    "focal_radiotherapy",
    "craniospinal_radiotherapy",
    "palliative_radiotherapy",
    "csf_flow_recheck",
    "best_supportive_care",
    "vp_shunt",
    "spinal_stabilisation",
    "serial_mri",
    "stop_therapy",
]
PHASES = ["suspected-infection", "imaging-lp", "etiology", "treatment", "monitoring"]
# The therapy by which each arm is recognised (S33, S39, S53, S57, S72).
ARMS: dict[str, tuple[dict[str, Written], str]] = {
    "tb": ({"etiology": "tb"}, "antituberculous_therapy"),
    "cryptococcus": ({"etiology": "cryptococcus"}, "antifungal_therapy"),
    "histoplasma": ({"etiology": "histoplasma"}, "antifungal_therapy"),
    "coccidioides": ({"etiology": "coccidioides"}, "antifungal_therapy"),
    "aspergillus": ({"etiology": "aspergillus"}, "antifungal_therapy"),
    "active": (ACTIVE, "systemic_cns_therapy"),
    "poor": ({"etiology": "malignant", "kps": "50"}, "best_supportive_care"),
}
CAUSES = [
    "tb",
    "cryptococcus",
    "histoplasma",
    "coccidioides",
    "aspergillus",
    "bacterial",
    "neurosarcoidosis",
    "malignant",
]


# --- names ---
def test_the_pathway_has_its_id_and_a_status_that_is_not_approved() -> None:
    """S03, S04, A30."""
    assert flagship().definition.id == PATHWAY
    assert flagship().definition.status == "under-review"


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_id_can_be_marked_done(action: str) -> None:
    assert now(SUSPECTED, done=f"[{action}]").deeds(action)


def test_the_five_phases_stand_in_order() -> None:
    assert list(flagship().definition.phases) == PHASES


def test_every_phase_that_is_shown_is_one_of_the_five() -> None:
    for facts, _ in ARMS.values():
        assert set(now(facts).step["phases"].values()) <= set(PHASES)


def test_care_goes_through_the_phases_in_order() -> None:
    shown = steps(
        at("08:00", {"age_years": "46"}),
        at("08:10", SUSPECTED | SAFE),
        at("09:00", {"mri_spine_gad_status": "done"}, done="[lumbar_puncture]"),
        at("09:30", {"csf_volume": "10"}, done="[send_csf_panel]"),
        at("2026-03-04", {"etiology": "tb"}),
        at("2026-03-05", done="[antituberculous_therapy, prednisone]"),
        at("2027-03-05", {"planned_stop_date": "2027-03-05", "signs_symptoms_resolved": "true"}),
        at("2027-03-05", done="[stop_therapy]"),
    )
    met = [one.phase() for one in shown]
    assert [phase for phase in PHASES if phase in met] == PHASES
    places = [PHASES.index(phase) for phase in met if phase is not None]
    assert places == sorted(places)
    assert len(places) == len(met)


def test_the_article_is_cited_by_its_111_statements_and_the_supplement_by_its_items() -> None:
    sources = flagship().definition.sources
    assert {f"S{number:02d}" for number in range(1, 112)} <= set(sources)
    items = {f"A{number}" for number in range(1, 41)} | {f"C{number}" for number in range(1, 30)}
    assert items <= set(sources)
    assert {sources[item].layer for item in items} == {"supplement"}
    assert {sources[f"S{number:02d}"].layer for number in range(1, 112)} == {"article"}


# --- entry: a recorded cause ---
@pytest.mark.parametrize("suspicion", [{}, {"leptomeningitis_suspected": "false"}, SUSPECTED])
@pytest.mark.parametrize("cause", CAUSES)
def test_a_recorded_cause_admits_the_case_in_the_same_step(cause: str, suspicion: Facts) -> None:
    shown = now({"etiology": cause, **suspicion})
    assert shown.phase() == "treatment"


@pytest.mark.parametrize("arm", ARMS)
def test_a_transfer_reaches_its_arm_or_stratum_in_the_same_step(arm: str) -> None:
    facts, therapy = ARMS[arm]
    assert now(facts).recommends(therapy)
    assert now(facts | {"leptomeningitis_suspected": "false"}).recommends(therapy)


@pytest.mark.parametrize("cause", CAUSES)
def test_after_a_transfer_mri_puncture_and_tests_stay_listed_as_outstanding(cause: str) -> None:
    shown = now({"etiology": cause, "kps": "80", "life_expectancy": "6"})
    assert shown.entry("recommended", "mri_whole_spine_gadolinium")["outstanding"] is True
    assert shown.entry("held", "lumbar_puncture")["outstanding"] is True
    assert shown.entry("recommended", "send_csf_panel")["outstanding"] is True


def test_what_is_known_to_be_done_is_not_outstanding_after_a_transfer() -> None:
    panel = {
        name: "negative"
        for name in (
            "csf_afb_smear",
            "csf_afb_culture",
            "csf_fungal_culture",
            "csf_bacterial_culture",
            "csf_cryptococcal_ag",
            "csf_cytology",
        )
    }
    shown = now({"etiology": "tb", "mri_spine_gad_status": "done", "csf_vdrl": "nonreactive", **panel})
    for action in ("mri_whole_spine_gadolinium", "lumbar_puncture", "send_csf_panel"):
        assert shown.stands(action) in ("none", "blocked")


def test_a_transfer_after_imaging_and_puncture_keeps_the_outstanding_tests_only() -> None:
    shown = last(
        at("08:00", {"etiology": "tb", "lp_time": "2026-02-27T10:00", "mri_spine_gad_status": "done"})
    )
    assert not shown.recommends("mri_whole_spine_gadolinium")
    assert shown.stands("lumbar_puncture") == "none"
    assert shown.recommends("send_csf_panel")


RESULTS: list[dict[str, Written]] = [
    {"csf_volume": "8"},
    {"csf_glucose": "30"},
    {"csf_protein": "90"},
    {"csf_wbc": "10"},
    {"csf_lymphocyte_pct": "80"},
    {"csf_opening_pressure": "20"},
    {"csf_afb_smear": "negative"},
    {"csf_afb_culture": "positive"},
    {"csf_fungal_culture": "negative"},
    {"csf_bacterial_culture": "negative"},
    {"csf_cryptococcal_ag": "positive"},
    {"csf_vdrl": "reactive"},
    {"csf_cytology": "equivocal"},
]


@pytest.mark.parametrize("facts", RESULTS)
def test_a_csf_result_is_a_puncture_at_an_unknown_time_and_brings_the_decision_on_the_cause(
    facts: Facts,
) -> None:
    for suspicion in ({}, SUSPECTED, {"leptomeningitis_suspected": "false"}):
        shown = now({**facts, **suspicion})
        assert [deed["at"] for deed in shown.deeds("lumbar_puncture")] == [None]
        assert shown.phase() == "etiology"
        assert shown.stands("lumbar_puncture") == "none"


@pytest.mark.parametrize("result", ["pending", "not_done"])
def test_a_test_without_result_says_nothing_of_a_puncture(result: str) -> None:
    shown = now(SUSPECTED | {"csf_bacterial_culture": result})
    assert not shown.deeds("lumbar_puncture")
    assert shown.phase() == "imaging-lp"


@pytest.mark.parametrize("suspicion", [{}, {"leptomeningitis_suspected": "false"}, SUSPECTED])
def test_an_undetermined_cause_brings_care_to_the_decision_on_the_cause(suspicion: Facts) -> None:
    """A36."""
    shown = now({"etiology": "undetermined", **suspicion})
    assert shown.phase() == "etiology"
    assert shown.warnings("A36")
    assert not {"antituberculous_therapy", "antifungal_therapy", "prednisone"} & set(
        shown.actions("recommended")
    )


def test_no_definitive_arm_opens_while_the_cause_is_undetermined_or_other() -> None:
    """S07, A35."""
    definitive = {therapy for _, therapy in ARMS.values()} | {"prednisone"}
    for cause in ("undetermined", "other"):
        shown = now({"etiology": cause, "kps": "80", "life_expectancy": "6"})
        assert not definitive & set(shown.actions("recommended") + shown.actions("held"))
    assert now({"etiology": "other"}).warnings("A35")


def test_a_case_without_suspicion_or_cause_is_offered_nothing() -> None:
    """S01."""
    assert now({"leptomeningitis_suspected": "false"} | SAFE).actions("recommended") == []


SECOND = {"csf_cytology": "negative", "csf_cytology_count": "1", "malignancy_suspicion_high": "true"}
CALLS: dict[str, tuple[dict[str, Written], str]] = {
    "second puncture": ({**SECOND, **SAFE}, "repeat_lumbar_puncture"),
    "shunt": ({"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}, "vp_shunt"),
    "spine": ({"vertebral_involvement": "true", "spinal_instability": "true"}, "spinal_stabilisation"),
}
STATES: dict[str, dict[str, Written]] = {
    "nothing said": {},
    "not suspected": {"leptomeningitis_suspected": "false"},
    "suspected": SUSPECTED,
    "undetermined": {"etiology": "undetermined"},
    "other": {"etiology": "other"},
    **{cause: {"etiology": cause} for cause in CAUSES},
    "poor": {"etiology": "malignant", "kps": "50"},
    "active": ACTIVE,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("state", STATES)
def test_a_result_that_calls_for_an_action_calls_for_it_in_any_care_state(state: str, call: str) -> None:
    facts, action = CALLS[call]
    assert now(STATES[state] | facts).recommends(action)
    assert last(at("08:00", STATES[state]), at("09:00", facts)).recommends(action)


@pytest.mark.parametrize("call", CALLS)
def test_it_calls_for_it_after_therapy_was_stopped_too(call: str) -> None:
    facts, action = CALLS[call]
    shown = last(
        at("2025-01-14", {"etiology": "tb", "therapy_start_date": "2025-01-14"}),
        at("2026-03-01", {"planned_stop_date": "2026-03-01"}),
        at("2026-03-01", done="[stop_therapy]"),
        at("2026-03-02", facts),
    )
    assert shown.recommends(action)


@pytest.mark.parametrize(
    "missing",
    [{"csf_cytology": "positive"}, {"csf_cytology_count": "2"}, {"malignancy_suspicion_high": "false"}],
)
def test_a_second_puncture_takes_a_negative_first_cytology_and_persisting_suspicion(missing: Facts) -> None:
    """S31."""
    assert now({**SECOND, **SAFE, **missing}).stands("repeat_lumbar_puncture") == "none"


def test_the_second_puncture_goes_through_the_same_safety_tests() -> None:
    """S31."""
    assert now(SECOND).holds("repeat_lumbar_puncture")
    assert now({**SECOND, **SAFE, "platelet_count": "39.9"}).blocks("repeat_lumbar_puncture")
