"""Contract, "Plans are checked", "What an unrecorded fact may hold" and "Courses"."""

from __future__ import annotations

import pytest

from tests.flagship.outside import (
    ACTIVE,
    INTRATHECAL,
    SAFE,
    SUSPECTED,
    Facts,
    Written,
    at,
    last,
    now,
    steps,
)

# --- plans are checked, not only deeds ---
PLANS: list[tuple[dict[str, Written], str]] = [
    ({"it_chemo_planned": "true", "csf_flow_status": "obstructed"}, "intrathecal_methotrexate"),
    ({"it_chemo_planned": "true", "patient_dying": "true"}, "intrathecal_methotrexate"),
    (
        {"it_chemo_planned": "true", "hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"},
        "intrathecal_methotrexate",
    ),
    ({"rt_field": "craniospinal", "it_chemo_planned": "true"}, "craniospinal_radiotherapy"),
    ({"rt_field": "craniospinal", "concurrent_chemotherapy": "[it_other]"}, "craniospinal_radiotherapy"),
    (
        {"rt_field": "craniospinal", "concurrent_chemotherapy": "[systemic_other]"},
        "craniospinal_radiotherapy",
    ),
    ({"calcium_iv_concurrent": "true"}, "calcium_iv"),
    (
        {"etiology": "tb", "therapy_start_date": "2026-01-14", "planned_stop_date": "2026-12-31"},
        "stop_therapy",
    ),
]


@pytest.mark.parametrize(("plan", "action"), PLANS)
def test_a_plan_that_violates_a_safeguard_shows_its_action_as_blocked_at_once(
    plan: Facts, action: str
) -> None:
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


# --- a plan that is not recorded holds nothing ---
def test_intrathecal_treatment_is_not_held_for_an_unrecorded_plan() -> None:
    assert now(INTRATHECAL).recommends("intrathecal_methotrexate")


def test_stabilisation_is_not_held_for_unrecorded_hardware() -> None:
    assert now({"vertebral_involvement": "true", "spinal_instability": "true"}).recommends(
        "spinal_stabilisation"
    )


def test_an_unrecorded_field_or_chemotherapy_blocks_no_radiotherapy() -> None:
    for facts in ({"rt_field": "craniospinal"}, {"concurrent_chemotherapy": "[systemic_other]"}, ACTIVE):
        assert now(facts).stands("craniospinal_radiotherapy") == "none"


def test_an_unrecorded_stop_date_holds_no_stop() -> None:
    facts = {"etiology": "tb", "therapy_start_date": "2025-01-14", "signs_symptoms_resolved": "true"}
    assert now(facts).recommends("stop_therapy")


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


# --- courses ---
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
    (
        {"etiology": "malignant", "kps": "50", "rt_benefit_exceeds_toxicity": "true"},
        "palliative_radiotherapy",
    ),
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
        (
            {"etiology": "malignant", "kps": "50", "rt_benefit_exceeds_toxicity": "true"},
            "palliative_radiotherapy",
            "consider",
        ),
        (ACTIVE | {"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}, "vp_shunt", "offer"),
        (
            {"vertebral_involvement": "true", "spinal_instability": "true"},
            "spinal_stabilisation",
            "may be required",
        ),
    ],
)
def test_consider_offer_and_may_be_required_are_recommended_with_the_articles_word(
    facts: Facts, action: str, word: str
) -> None:
    assert word in now(facts).entry("recommended", action)["text"].lower()
