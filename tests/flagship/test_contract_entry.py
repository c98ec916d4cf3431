"""Contract, "Action ids", "Phases", "Source ids", "Entry", "Plans are checked" and "Courses"."""

from __future__ import annotations

import pytest

from tests.flagship.outside import (
    ACTIVE,
    INTRATHECAL,
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

ACTIONS = """
    mri_whole_spine_gadolinium lumbar_puncture repeat_lumbar_puncture send_csf_panel empiric_iv_antibiotic
    ceftriaxone_adult ceftriaxone_child calcium_iv antituberculous_therapy prednisone antifungal_therapy
    steroid_sparing_agent systemic_cns_therapy her2_therapy egfr_therapy braf_mek_therapy intrathecal_methotrexate
    ommaya_reservoir focal_radiotherapy craniospinal_radiotherapy palliative_radiotherapy csf_flow_recheck
    best_supportive_care vp_shunt spinal_stabilisation serial_mri stop_therapy
""".split()
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


# --- names ------------------------------------------------------------------------------------------------
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
    assert met == sorted(met, key=PHASES.index)


def test_the_article_is_cited_by_its_111_statements_and_the_supplement_by_its_items() -> None:
    sources = flagship().definition.sources
    assert {f"S{number:02d}" for number in range(1, 112)} <= set(sources)
    items = {f"A{number}" for number in range(1, 41)} | {f"C{number}" for number in range(1, 30)}
    assert items <= set(sources)
    assert {sources[item].layer for item in items} == {"supplement"}
    assert {sources[f"S{number:02d}"].layer for number in range(1, 112)} == {"article"}


# --- entry: a recorded cause --------------------------------------------------------------------------------
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
    shown = last(at("08:00", {"etiology": "tb", "lp_time": "2026-02-27T10:00", "mri_spine_gad_status": "done"}))
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
def test_a_csf_result_is_a_puncture_at_an_unknown_time_and_brings_the_decision_on_the_cause(facts: Facts) -> None:
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
    assert not {"antituberculous_therapy", "antifungal_therapy", "prednisone"} & set(shown.actions("recommended"))


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


# --- plans are checked, not only deeds ------------------------------------------------------------------------
PLANS: list[tuple[dict[str, Written], str]] = [
    ({"it_chemo_planned": "true", "csf_flow_status": "obstructed"}, "intrathecal_methotrexate"),
    ({"it_chemo_planned": "true", "patient_dying": "true"}, "intrathecal_methotrexate"),
    (
        {"it_chemo_planned": "true", "hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"},
        "intrathecal_methotrexate",
    ),
    ({"rt_field": "craniospinal", "it_chemo_planned": "true"}, "craniospinal_radiotherapy"),
    ({"rt_field": "craniospinal", "concurrent_chemotherapy": "[it_other]"}, "craniospinal_radiotherapy"),
    ({"rt_field": "craniospinal", "concurrent_chemotherapy": "[systemic_other]"}, "craniospinal_radiotherapy"),
    ({"calcium_iv_concurrent": "true"}, "calcium_iv"),
    ({"etiology": "tb", "therapy_start_date": "2026-01-14", "planned_stop_date": "2026-12-31"}, "stop_therapy"),
]


@pytest.mark.parametrize(("plan", "action"), PLANS)
def test_a_plan_that_violates_a_safeguard_shows_its_action_as_blocked_at_once(plan: Facts, action: str) -> None:
    shown = now(plan)
    assert shown.blocks(action)
    assert shown.entry("blocked", action)["cites"]


@pytest.mark.parametrize(("plan", "action"), PLANS)
def test_a_plan_never_marks_an_action_done(plan: Facts, action: str) -> None:
    assert not now(plan).deeds(action)
    assert not now({"hardware_planned": "true", "rt_field": "focal"}).step["done"]


def test_planned_hardware_of_another_material_shows_the_preference_and_blocks_nothing() -> None:
    """S78, S79, A29."""
    shown = now(
        {
            "vertebral_involvement": "true",
            "spinal_instability": "true",
            "hardware_planned": "true",
            "hardware_material": "other",
            "field_sterilised": "false",
        }
    )
    assert shown.recommends("spinal_stabilisation")
    assert shown.warnings("S78")


# --- a plan that is not recorded holds nothing ----------------------------------------------------------------
def test_intrathecal_treatment_is_not_held_for_an_unrecorded_plan() -> None:
    assert now(INTRATHECAL).recommends("intrathecal_methotrexate")


def test_stabilisation_is_not_held_for_unrecorded_hardware() -> None:
    assert now({"vertebral_involvement": "true", "spinal_instability": "true"}).recommends("spinal_stabilisation")


def test_an_unrecorded_field_or_chemotherapy_blocks_no_radiotherapy() -> None:
    for facts in ({"rt_field": "craniospinal"}, {"concurrent_chemotherapy": "[systemic_other]"}, ACTIVE):
        assert now(facts).stands("craniospinal_radiotherapy") == "none"


def test_an_unrecorded_stop_date_holds_no_stop() -> None:
    facts = {"etiology": "tb", "therapy_start_date": "2025-01-14", "signs_symptoms_resolved": "true"}
    assert now(facts).recommends("stop_therapy")


SUPPLEMENT_ONLY = ("ct_first_signs", "brain_shift_excluded", "other_anticoagulant_active")


def test_a_supplement_safeguard_that_is_unknown_is_asked_and_holds_nothing_the_article_clears() -> None:
    shown = now(SUSPECTED | SAFE)
    assert shown.recommends("lumbar_puncture")
    assert shown.needs("lumbar_puncture") or shown.warnings("C6")


def test_a_supplement_safeguard_blocks_when_it_is_true() -> None:
    """C7: LMWH in treatment dose within 24 hours."""
    lmwh: dict[str, Written] = {"lmwh_intent": "therapeutic", "lmwh_last_dose_time": "2026-02-28T09:00"}
    shown = now(SUSPECTED | SAFE | lmwh)
    assert shown.blocks("lumbar_puncture")
    assert "C7" in shown.entry("blocked", "lumbar_puncture")["cites"]
    assert shown.entry("blocked", "lumbar_puncture")["layer"] == "supplement"


@pytest.mark.parametrize("day", ["2026-02-28T23:00", "2026-02-28T07:00", "2026-02-27T07:00", "2026-01-01"])
def test_lmwh_with_therapeutic_intent_leaves_its_test_unknown_at_any_interval(day: str) -> None:
    """A8; C7 stands beside it."""
    lmwh: dict[str, Written] = {"lmwh_intent": "therapeutic", "lmwh_last_dose_time": day}
    shown = now(SUSPECTED | SAFE | lmwh)
    assert shown.value("lp_decision") == "cannot_clear"
    assert not shown.recommends("lumbar_puncture")
    assert shown.warnings("C7")


def test_lp_decision_reads_the_six_tests_of_the_article_only() -> None:
    shown = now(SUSPECTED | SAFE | {"ct_first_signs": "true", "brain_shift_excluded": "false"})
    assert shown.value("lp_decision") == "proceed"


# --- courses ------------------------------------------------------------------------------------------------
COURSES = [
    ({"etiology": "tb"}, "antituberculous_therapy"),
    ({"etiology": "tb"}, "prednisone"),
    ({"etiology": "cryptococcus"}, "antifungal_therapy"),
    (ACTIVE, "systemic_cns_therapy"),
    (ACTIVE | {"tumour_primary": "breast", "her2_positive": "true"}, "her2_therapy"),
    (ACTIVE | {"tumour_primary": "lung", "egfr_mutated": "true"}, "egfr_therapy"),
    (ACTIVE | {"tumour_primary": "melanoma", "braf_mutated": "true"}, "braf_mek_therapy"),
    ({"etiology": "malignant", "kps": "50"}, "best_supportive_care"),
    ({"etiology": "tb"}, "serial_mri"),
]


@pytest.mark.parametrize(("arm", "course"), COURSES)
def test_a_course_stays_recommended_after_its_start(arm: Facts, course: str) -> None:
    shown = steps(at("08:00", arm), at("09:00", done=f"[{course}]"), at("2026-06-01"))
    assert [one.recommends(course) for one in shown] == [True, True, True]


@pytest.mark.parametrize(("arm", "course"), COURSES[:-1])
def test_a_course_ends_when_the_arm_no_longer_calls_for_it(arm: Facts, course: str) -> None:
    shown = last(
        at("08:00", arm), at("09:00", done=f"[{course}]"), at("2026-06-01", {"etiology": "neurosarcoidosis"})
    )
    if course != "prednisone":
        assert shown.stands(course) == "none"
    assert not shown.recommends(course)


ONE_OFF = [
    (SUSPECTED, "mri_whole_spine_gadolinium"),
    (SUSPECTED | SAFE, "lumbar_puncture"),
    ({"csf_volume": "10"}, "send_csf_panel"),
    ({"bacterial_meningitis_suspected": "true"}, "empiric_iv_antibiotic"),
    (ACTIVE | {"symptomatic_lesion_types": "[nodular]"}, "focal_radiotherapy"),
    (INTRATHECAL, "ommaya_reservoir"),
    ({"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}, "vp_shunt"),
    ({"vertebral_involvement": "true", "spinal_instability": "true"}, "spinal_stabilisation"),
    ({"etiology": "malignant", "kps": "50", "rt_benefit_exceeds_toxicity": "true"}, "palliative_radiotherapy"),
]


@pytest.mark.parametrize(("facts", "action"), ONE_OFF)
def test_a_one_off_action_leaves_recommended_when_done(facts: Facts, action: str) -> None:
    before, after = steps(at("08:00", facts), at("09:00", done=f"[{action}]"))
    assert before.recommends(action)
    assert not after.recommends(action)
    assert after.deeds(action)


@pytest.mark.parametrize(
    ("facts", "action", "word"),
    [
        ({"etiology": "malignant", "kps": "50", "rt_benefit_exceeds_toxicity": "true"}, "palliative_radiotherapy", "consider"),
        (ACTIVE | {"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}, "vp_shunt", "offer"),
        ({"vertebral_involvement": "true", "spinal_instability": "true"}, "spinal_stabilisation", "may be required"),
    ],
)  # fmt: skip
def test_consider_offer_and_may_be_required_are_recommended_with_the_articles_word(
    facts: Facts, action: str, word: str
) -> None:
    assert word in now(facts).entry("recommended", action)["text"].lower()
