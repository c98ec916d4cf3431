"""Contract, "Output": facts, doses and warnings of a step, and what `--layers article` leaves."""

from __future__ import annotations

import pytest

from tests.flagship.outside import ACTIVE, INTRATHECAL, SAFE, SUSPECTED, Facts, Written, flagship, now

BACTERIAL: dict[str, Written] = {"bacterial_meningitis_suspected": "true"}
ADULT: dict[str, Written] = {**BACTERIAL, "age_years": "46", "weight_kg": "70"}
CHILD: dict[str, Written] = {"age_years": "9", "weight_kg": "30"}
START: dict[str, Written] = {"therapy_start_date": "2026-01-14", "signs_symptoms_resolved": "true"}
CLEAR: dict[str, Written] = {
    "csf_afb_smear": "negative",
    "csf_afb_culture": "negative",
    "csf_fungal_culture": "negative",
    "csf_bacterial_culture": "negative",
    "csf_cryptococcal_ag": "negative",
    "csf_cytology": "negative",
    "csf_vdrl": "nonreactive",
}
SHUNT: dict[str, Written] = {"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}
STAGE: dict[str, Written] = {"vertebral_involvement": "true", "spinal_instability": "true"}

# Where each item of the supplement has to be cited: beside what the step recommends, holds, blocks, or
# names as present arm or stratum.
NOTICES: list[tuple[str, dict[str, Written]]] = [
    ("A1", {"etiology": "bacterial"}),
    ("A1", {"etiology": "cryptococcus"}),
    ("A1", {"etiology": "histoplasma"}),
    ("A2", ADULT),
    ("A3", {"etiology": "bacterial", **START}),
    ("A4", {"csf_volume": "4.9"}),
    ("A4", {"csf_volume": "9.9"}),
    ("A5", {"csf_wbc": "900", "csf_lymphocyte_pct": "10"}),
    ("A6", {"csf_opening_pressure": "27"}),
    ("A7", {"csf_glucose": "30"}),
    ("A8", SUSPECTED),
    ("A9", SUSPECTED),
    ("A10", {"antibiotic_first_dose_time": "2026-03-01T01:00", "lp_time": "2026-03-01T07:00"}),
    ("A11", BACTERIAL | {"ct_pending": "true", "severe_sepsis_signs": "true"}),
    ("A12", {"etiology": "tb"}),
    ("A13", {"etiology": "malignant", "kps": "80", "life_expectancy": "1"}),
    ("A14", INTRATHECAL | {"csf_flow_status": "obstructed"}),
    ("A15", SHUNT | {"etiology": "tb"}),
    ("A15", INTRATHECAL | {"hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"}),
    ("A16", {"etiology": "malignant", "kps": "60"}),
    ("A17", ACTIVE | {"rt_field": "craniospinal", "current_drugs": "[osimertinib]"}),
    ("A18", ACTIVE | {"rt_field": "focal", "rt_total_dose": "36", "rt_fractions": "10"}),
    ("A19", INTRATHECAL),
    ("A20", STAGE),
    ("A21", {"etiology": "tb"}),
    ("A22", {"etiology": "tb"}),
    ("A22", {"etiology": "neurosarcoidosis"}),
    ("A23", {"etiology": "coccidioides"}),
    ("A23", {"etiology": "aspergillus", **START}),
    ("A24", {"csf_volume": "10"}),
    ("A25", BACTERIAL | {"severe_sepsis_signs": "true"}),
    ("A25", STAGE),
    ("A26", BACTERIAL),
    ("A27", BACTERIAL | {"age_days": "10", "weight_kg": "3.5"}),
    ("A27", {"calcium_iv_concurrent": "true"}),
    ("A28", {"etiology": "tb"}),
    ("A29", STAGE),
    ("A30", ADULT),
    ("A31", {"vertebral_involvement": "true"}),
    ("A32", SUSPECTED),
    ("A33", SUSPECTED | {"mri_spine_gad_status": "contraindicated"}),
    ("A34", {"etiology": "tb"}),
    ("A35", {"etiology": "other"}),
    ("A35", {"csf_vdrl": "reactive"}),
    ("A36", {"etiology": "undetermined"}),
    ("A37", {"etiology": "neurosarcoidosis"}),
    ("A38", {"etiology": "tb", **CHILD}),
    ("A39", ACTIVE),
    ("A40", BACTERIAL),
    ("C1", ADULT),
    ("C2", ADULT),
    ("C2", {"etiology": "bacterial", "age_years": "46"}),
    ("C3", BACTERIAL | {"age_years": "61"}),
    ("C4", ADULT),
    ("C5", {"etiology": "bacterial", "vertebral_involvement": "false", **START}),
    ("C6", SUSPECTED),
    ("C7", SUSPECTED | {"lmwh_intent": "therapeutic"}),
    ("C7", SUSPECTED | {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-03-01T07:00"}),
    ("C8", SUSPECTED),
    ("C9", {"csf_wbc": "900", "csf_protein": "300"}),
    ("C10", {"etiology": "cryptococcus", "csf_opening_pressure": "30"}),
    ("C11", {"etiology": "cryptococcus"}),
    ("C12", {"etiology": "cryptococcus", "current_drugs": "[amphotericin_b, flucytosine]"}),
    ("C13", {"etiology": "coccidioides"}),
    ("C14", {"etiology": "histoplasma"}),
    ("C15", {"etiology": "aspergillus"}),
    ("C16", {"etiology": "tb"}),
    ("C16", {"etiology": "tb", **CHILD}),
    ("C17", {"etiology": "tb", **CHILD}),
    ("C18", {"etiology": "tb", **CHILD}),
    ("C19", {"etiology": "tb", "age_years": "46"}),
    ("C20", {"vertebral_involvement": "true"}),
    ("C21", {"vertebral_involvement": "true", "etiology": "bacterial"}),
    ("C22", BACTERIAL | {"age_days": "10", "weight_kg": "3.5"}),
    ("C23", {"etiology": "malignant", "kps": "60", "life_expectancy": "6"}),
    ("C24", ACTIVE | {"rt_field": "craniospinal"}),
    ("C25", INTRATHECAL | {"hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"}),
    ("C26", {"csf_cytology": "equivocal", "malignancy_suspicion_high": "true"}),
    ("C27", {"etiology": "neurosarcoidosis"}),
    ("C28", INTRATHECAL | {"rt_field": "whole_brain"}),
    ("C29", ACTIVE),
]
GRADE_2 = ("C1", "C4", "C5", "C8", "C14", "C18", "C23", "C26")


# --- warnings ---
@pytest.mark.parametrize(("item", "facts"), NOTICES)
def test_each_item_of_the_supplement_is_shown_where_it_qualifies_the_step(item: str, facts: Facts) -> None:
    shown = now(facts).warnings(item)
    assert shown
    assert all(warning["text"] for warning in shown)


@pytest.mark.parametrize("item", GRADE_2)
def test_items_of_grade_2_are_shown_as_information(item: str) -> None:
    facts = dict(next(facts for name, facts in NOTICES if name == item))
    own = [warning for warning in now(facts).warnings(item) if warning["cites"] == [item]]
    assert own
    assert {warning["severity"] for warning in own} == {"info"}
    assert "source" in own[0]["text"].lower()


@pytest.mark.parametrize("facts", [facts for _, facts in NOTICES])
def test_every_warning_has_its_shape_and_a_source_that_exists(facts: Facts) -> None:
    known = set(flagship().definition.sources)
    for warning in now(facts).step["warnings"]:
        assert set(warning) >= {"id", "severity", "layer", "cites", "text"}
        assert set(warning["cites"]) <= known
        assert warning["severity"] in ("info", "low", "medium", "high")


@pytest.mark.parametrize(
    ("facts", "absent"),
    [
        ({"etiology": "tb"}, ("C13", "C14", "C15", "C10", "C27", "A37", "A2")),
        ({"etiology": "malignant", "kps": "50"}, ("C23", "C13", "A21", "A19")),
        (SUSPECTED, ("C13", "A21", "A37", "C23", "A19", "A2", "C22", "A33", "A35")),
        ({"etiology": "tb", "age_years": "46"}, ("C17", "A38")),
        (ADULT, ("C22", "A27")),
        (BACTERIAL | {"age_days": "10"}, ("C2",)),
    ],
)
def test_no_notice_is_shown_where_it_qualifies_nothing(facts: Facts, absent: tuple[str, ...]) -> None:
    assert not set(absent) & now(facts).cited()


# --- the layers ---
@pytest.mark.parametrize("facts", [facts for _, facts in NOTICES])
def test_without_the_supplement_layer_only_its_safety_warnings_stay(facts: Facts) -> None:
    full, article = now(facts), now(facts, layers="article")
    assert article.warning_ids() <= full.warning_ids()
    left = [warning for warning in article.step["warnings"] if warning["layer"] == "supplement"]
    safety = {name for name, notice in flagship().definition.notices.items() if notice.safety}
    guards = {name for name, guard in flagship().definition.safeguards.items() if guard.safety}
    assert {warning["id"] for warning in left} <= safety | guards


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        ("A2", ADULT),
        ("A27", BACTERIAL | {"age_days": "10", "weight_kg": "3.5"}),
        ("A27", {"calcium_iv_concurrent": "true"}),
        ("A23", {"etiology": "coccidioides"}),
        ("A1", {"etiology": "cryptococcus"}),
        ("A37", {"etiology": "neurosarcoidosis"}),
    ],
)
def test_safety_warnings_stay_when_the_supplement_layer_is_off(item: str, facts: Facts) -> None:
    assert now(facts, layers="article").warnings(item)


@pytest.mark.parametrize(
    "item", ["C4", "C8", "C9", "C10", "C14", "C15", "C16", "C21", "C24", "C29", "A12", "A21"]
)
def test_other_supplement_notices_go_when_the_layer_is_off(item: str) -> None:
    facts = next(facts for name, facts in NOTICES if name == item)
    assert not now(facts, layers="article").warnings(item)


def test_the_articles_own_rules_are_the_same_without_the_supplement_layer() -> None:
    for facts in (SUSPECTED | SAFE, SUSPECTED, SUSPECTED | SAFE | {"platelet_count": "39"}, INTRATHECAL):
        full, article = now(facts), now(facts, layers="article")
        for action in ("lumbar_puncture", "intrathecal_methotrexate", "mri_whole_spine_gadolinium"):
            assert full.stands(action) == article.stands(action)
        assert full.step["states"] == article.step["states"]


# --- facts and doses ---
@pytest.mark.parametrize("cause", ["tb", "bacterial", "malignant", "other", "undetermined", "unknown"])
def test_derived_facts_are_listed_in_any_state(cause: str) -> None:
    facts: dict[str, Written] = {
        "etiology": cause,
        "csf_volume": "8",
        "csf_glucose": "30",
        "serum_glucose": "100",
        "csf_collection_time": "2026-03-01T06:00",
        "csf_processing_start_time": "2026-03-01T06:20",
        "lp_time": "2026-03-01T06:00",
        "antibiotic_first_dose_time": "2026-03-01T01:00",
        "lmwh_last_dose_time": "2026-02-28T20:00",
        "kps": "80",
        "life_expectancy": "6",
        "therapy_start_date": "2026-02-01",
    }
    shown = now(facts)
    expected = {
        "csf_volume_class": "suboptimal",
        "csf_serum_glucose_ratio": "0.3",
        "csf_processing_delay": "20",
        "hours_antibiotic_to_lp": "5",
        "culture_yield_pct": "11",
        "hours_since_lmwh": "12",
        "therapy_elapsed_days": "28",
        "therapy_elapsed_months": "1",
        "lmd_stratum": "active",
        "lp_decision": "cannot_clear",
    }
    assert {name: shown.value(name) for name in expected} == expected


def test_numbers_of_clinical_meaning_are_decimal_text() -> None:
    shown = now(ADULT | {"csf_glucose": "30", "serum_glucose": "90"})
    assert all(isinstance(fact["value"], str | bool | list) for fact in shown.step["facts"].values())
    assert isinstance(shown.dose("ceftriaxone_adult")["amount"], str)


def test_no_dose_is_listed_that_the_case_does_not_call_for() -> None:
    assert now(SUSPECTED | {"age_years": "9", "weight_kg": "30"}).step["doses"] == {}
    assert set(now({"etiology": "tb", "weight_kg": "70"}).step["doses"]) == {"prednisone"}


@pytest.mark.parametrize(
    ("facts", "action", "standing"),
    [
        (INTRATHECAL, "intrathecal_methotrexate", "recommended"),
        (INTRATHECAL | {"patient_dying": "unknown"}, "intrathecal_methotrexate", "held"),
        (INTRATHECAL | {"patient_dying": "true"}, "intrathecal_methotrexate", "blocked"),
        ({"etiology": "neurosarcoidosis", "weight_kg": "70"}, "prednisone", "held"),
        (
            {"etiology": "neurosarcoidosis", "weight_kg": "70", "csf_vdrl": "reactive"},
            "prednisone",
            "blocked",
        ),
        ({"etiology": "neurosarcoidosis", "weight_kg": "70", **CLEAR}, "prednisone", "recommended"),
    ],
)
def test_each_dosed_action_that_is_called_for_is_listed_with_its_standing(
    facts: Facts, action: str, standing: str
) -> None:
    dose = now(facts).dose(action)
    assert dose["amount"] in ("15", "70")
    assert dose["standing"] == standing
