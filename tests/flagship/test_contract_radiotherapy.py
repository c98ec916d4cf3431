"""Contract, "Radiotherapy, shunt, sarcoid", and the strata of malignant disease."""

from __future__ import annotations

from typing import Any

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
)

POOR: dict[str, Written] = {"etiology": "malignant", "kps": "60", "life_expectancy": "6"}
IT = "intrathecal_methotrexate"


def _without(facts: Facts, *names: str) -> dict[str, Written]:
    return {name: value for name, value in facts.items() if name not in names}


# --- strata ---
def test_the_active_stratum_gets_systemic_therapy_first() -> None:
    """S56, S57."""
    assert now(ACTIVE).recommends("systemic_cns_therapy")
    assert not now(ACTIVE).recommends("best_supportive_care")


def test_the_poor_stratum_gets_supportive_care_and_no_treatment_of_the_disease() -> None:
    """S71, S72."""
    shown = now(POOR)
    assert shown.recommends("best_supportive_care")
    assert shown.stands("systemic_cns_therapy") == "none"


@pytest.mark.parametrize(
    "facts", [{"kps": "80", "life_expectancy": "1"}, {"kps": "80"}, {"life_expectancy": "3"}, {}]
)
def test_between_the_strata_or_with_data_missing_neither_is_chosen(facts: Facts) -> None:
    """A13."""
    shown = now({"etiology": "malignant"} | facts)
    called = set(shown.actions("recommended") + shown.actions("held"))
    assert not {"systemic_cns_therapy", "best_supportive_care", IT, "focal_radiotherapy"} & called
    assert shown.warnings("A13")


@pytest.mark.parametrize("missing", [("kps",), ("life_expectancy",), ("kps", "life_expectancy")])
def test_what_the_stratum_lacks_is_asked_for(missing: tuple[str, ...]) -> None:
    assert set(missing) <= now(_without(ACTIVE, *missing)).asked()


def test_a_new_karnofsky_moves_the_case_to_its_new_stratum() -> None:
    shown = last(at("08:00", ACTIVE), at("2026-04-01", {"kps": "50"}))
    assert shown.recommends("best_supportive_care")
    assert not shown.recommends("systemic_cns_therapy")


TARGETED = [
    ("breast", "her2_positive", "her2_therapy"),
    ("lung", "egfr_mutated", "egfr_therapy"),
    ("melanoma", "braf_mutated", "braf_mek_therapy"),
]


@pytest.mark.parametrize(("tumour", "marker", "action"), TARGETED)
def test_a_targeted_drug_takes_tumour_and_marker(tumour: str, marker: str, action: str) -> None:
    """S58 to S60, A39."""
    assert now(ACTIVE | {"tumour_primary": tumour, marker: "true"}).recommends(action)
    for facts in ({"tumour_primary": tumour, marker: "false"}, {"tumour_primary": "other", marker: "true"}):
        assert now(ACTIVE | facts).stands(action) == "none"
    for facts in ({"tumour_primary": tumour}, {marker: "true"}):
        assert not now(ACTIVE | facts).recommends(action)
    assert now(POOR | {"tumour_primary": tumour, marker: "true"}).stands(action) == "none"


# --- radiotherapy ---
@pytest.mark.parametrize("lesion", ["cranial_neuropathy", "cord_compression", "nodular"])
def test_a_symptomatic_lesion_gets_focal_radiotherapy_in_the_active_stratum_only(lesion: str) -> None:
    """S68."""
    facts: dict[str, Written] = {"symptomatic_lesion_types": f"[{lesion}]"}
    assert now(ACTIVE | facts).recommends("focal_radiotherapy")
    assert now(POOR | facts).stands("focal_radiotherapy") == "none"
    assert now(POOR | facts | {"csf_flow_status": "obstructed"}).stands("focal_radiotherapy") == "none"


def test_no_focal_radiotherapy_without_a_symptomatic_lesion_or_obstruction() -> None:
    assert now(ACTIVE | {"symptomatic_lesion_types": "[]"}).stands("focal_radiotherapy") == "none"
    assert not now(ACTIVE).recommends("focal_radiotherapy")


def test_the_poor_stratum_has_palliative_radiotherapy_only_when_its_benefit_is_clear() -> None:
    """S73."""
    assert now(POOR | {"rt_benefit_exceeds_toxicity": "true"}).recommends("palliative_radiotherapy")
    for benefit in ("false", "unknown"):
        assert not now(POOR | {"rt_benefit_exceeds_toxicity": benefit}).recommends("palliative_radiotherapy")
    assert now(ACTIVE | {"rt_benefit_exceeds_toxicity": "true"}).stands("palliative_radiotherapy") == "none"


CHEMOTHERAPY = ["it_methotrexate", "it_other", "systemic_methotrexate", "systemic_other"]


@pytest.mark.parametrize("drug", CHEMOTHERAPY)
def test_a_craniospinal_field_with_any_chemotherapy_blocks_craniospinal_radiotherapy(drug: str) -> None:
    """S93, S94."""
    shown = now(ACTIVE | {"rt_field": "craniospinal", "concurrent_chemotherapy": f"[{drug}]"})
    entry = shown.entry("blocked", "craniospinal_radiotherapy")
    assert {"S93", "S94"} & set(entry["cites"])
    assert entry["layer"] == "article"
    assert ("S95" in entry["cites"]) is ("methotrexate" in drug)


def test_a_craniospinal_field_after_intrathecal_methotrexate_was_given_is_blocked() -> None:
    """S93, S95: deeds are checked like plans."""
    shown = last(
        at("08:00", INTRATHECAL), at("09:00", done=f"[{IT}]"), at("10:00", {"rt_field": "craniospinal"})
    )
    assert {"S93", "S95"} <= set(shown.entry("blocked", "craniospinal_radiotherapy")["cites"])


def test_a_craniospinal_field_beside_methotrexate_among_the_current_drugs_is_blocked() -> None:
    """S94, S95."""
    shown = now(ACTIVE | {"rt_field": "craniospinal", "current_drugs": "[methotrexate]"})
    assert shown.blocks("craniospinal_radiotherapy")


@pytest.mark.parametrize(
    "plan", [{"facts": {"rt_field": "craniospinal"}}, {"done": "[craniospinal_radiotherapy]"}]
)
def test_chemotherapy_beside_craniospinal_radiation_planned_or_given_is_warned_of(
    plan: dict[str, Any],
) -> None:
    """S93, S94."""
    shown = last(at("08:00", INTRATHECAL), at("09:00", **plan))
    assert {warning.get("action") for warning in shown.warnings("S93")} >= {IT, "systemic_cns_therapy"}


@pytest.mark.parametrize("field", ["focal", "whole_brain"])
def test_other_fields_with_chemotherapy_do_not(field: str) -> None:
    shown = now(ACTIVE | {"rt_field": field, "concurrent_chemotherapy": "[systemic_other]"})
    assert not shown.blocks("craniospinal_radiotherapy")


@pytest.mark.parametrize("drug", ["osimertinib", "trastuzumab_deruxtecan", "tucatinib", "almonertinib"])
def test_a_targeted_agent_beside_a_craniospinal_field_only_warns(drug: str) -> None:
    """A17."""
    shown = now(ACTIVE | {"rt_field": "craniospinal", "current_drugs": f"[{drug}]"})
    assert not shown.blocks("craniospinal_radiotherapy")
    assert shown.warnings("A17")


@pytest.mark.parametrize(
    ("gray", "fractions", "warned"),
    [("30", "10", False), ("36", "12", False), ("36", "10", True), ("30", "12", True), ("33", "11", False)],
)
def test_a_dose_per_fraction_other_than_3_gray_is_shown(gray: str, fractions: str, warned: bool) -> None:
    """S69, A18."""
    shown = now(ACTIVE | {"rt_field": "focal", "rt_total_dose": gray, "rt_fractions": fractions})
    assert bool(shown.warnings("A18")) is warned


# --- shunt (S75, A15) ---
BOTH: dict[str, Written] = {"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}


@pytest.mark.parametrize(
    "cause",
    [
        "tb",
        "cryptococcus",
        "coccidioides",
        "bacterial",
        "neurosarcoidosis",
        "malignant",
        "other",
        "undetermined",
    ],
)
def test_a_shunt_is_recommended_in_any_etiology_with_hydrocephalus_and_pressure(cause: str) -> None:
    assert now({"etiology": cause} | BOTH).recommends("vp_shunt")
    assert now({"etiology": cause} | BOTH | SAFE).recommends("vp_shunt")


@pytest.mark.parametrize(
    "cause", ["tb", "cryptococcus", "coccidioides", "histoplasma", "aspergillus", "bacterial"]
)
def test_in_infection_the_text_reads_consider_neurosurgery(cause: str) -> None:
    assert "consider neurosurgery" in now({"etiology": cause} | BOTH).entry("recommended", "vp_shunt")["text"]


def test_pressure_unknown_holds_the_shunt_and_is_asked_for() -> None:
    shown = now({"etiology": "tb", "hydrocephalus_symptomatic": "true"})
    assert shown.holds("vp_shunt")
    assert "icp_elevated" in shown.entry("held", "vp_shunt")["needs"]
    assert "icp_elevated" in shown.needs("vp_shunt")


def test_no_shunt_without_raised_pressure_or_without_hydrocephalus() -> None:
    assert not now({"hydrocephalus_symptomatic": "true", "icp_elevated": "false"}).recommends("vp_shunt")
    shown = now({"hydrocephalus_symptomatic": "false", "icp_elevated": "true"})
    assert shown.stands("vp_shunt") == "none"
    assert shown.warnings("A15")


# --- sarcoid (S53, A37) ---
CLEAR: dict[str, Written] = {
    "csf_afb_smear": "negative",
    "csf_afb_culture": "negative",
    "csf_fungal_culture": "negative",
    "csf_bacterial_culture": "negative",
    "csf_cryptococcal_ag": "negative",
    "csf_vdrl": "nonreactive",
    "csf_cytology": "negative",
}
SARCOID: dict[str, Written] = {"etiology": "neurosarcoidosis", "weight_kg": "70.5", **CLEAR}


def test_the_sarcoid_steroid_clears_when_infection_and_tumour_are_excluded() -> None:
    shown = now(SARCOID)
    assert shown.recommends("prednisone")
    assert (shown.dose("prednisone")["amount"], shown.dose("prednisone")["unit"]) == ("70.5", "mg/d")
    assert shown.recommends("steroid_sparing_agent")


@pytest.mark.parametrize("test", CLEAR)
@pytest.mark.parametrize("result", ["unknown", "pending", "not_done", "positive"])
def test_each_of_the_seven_tests_keeps_it_back(test: str, result: str) -> None:
    entered = "reactive" if (test, result) == ("csf_vdrl", "positive") else result
    shown = now(SARCOID | {test: entered})
    assert shown.stands("prednisone") in ("held", "blocked")
    if result == "unknown":
        assert shown.holds("prednisone")
        assert test in shown.entry("held", "prednisone")["needs"]


def test_an_equivocal_cytology_keeps_it_back_too() -> None:
    assert not now(SARCOID | {"csf_cytology": "equivocal"}).recommends("prednisone")


@pytest.mark.parametrize(
    "facts", [{"etiology": "neurosarcoidosis", "weight_kg": "70"}, SARCOID | {"csf_vdrl": "pending"}]
)
def test_a_recorded_override_clears_it(facts: Facts) -> None:
    shown = last(at("08:00", facts), at("09:00", override={"prednisone": "biopsy proven"}))
    assert shown.recommends("prednisone")
    assert shown.entry("recommended", "prednisone")["overridden"] is True


def test_the_steroid_of_tuberculosis_waits_for_none_of_this() -> None:
    """S35."""
    shown = now({"etiology": "tb", "weight_kg": "70"})
    assert shown.recommends("prednisone")
    assert shown.dose("prednisone")["amount"] == "70"


@pytest.mark.parametrize(("weight", "amount"), [("3.5", "3.5"), ("70.1", "70.1"), ("140", "140")])
def test_prednisone_is_1_mg_per_kg_without_a_cap(weight: str, amount: str) -> None:
    """S35, S53, A22."""
    for facts in ({"etiology": "tb"}, SARCOID):
        dose = now({**facts, "weight_kg": weight}).dose("prednisone")
        assert (dose["amount"], dose["unit"], dose["capped"]) == (amount, "mg/d", False)


def test_prednisone_without_a_weight_needs_it() -> None:
    assert now({"etiology": "tb"}).dose("prednisone") == {"needs": ["weight_kg"]}


@pytest.mark.parametrize("cause", ["cryptococcus", "histoplasma", "coccidioides", "aspergillus", "bacterial"])
def test_no_steroid_action_in_other_infections_but_a_notice_of_the_ambiguity(cause: str) -> None:
    """A1, S09."""
    shown = now({"etiology": cause, "weight_kg": "70"})
    assert shown.stands("prednisone") == "none"
    assert shown.warnings("A1")


def test_a_suspected_case_is_offered_no_treatment_of_a_cause() -> None:
    """S07."""
    assert set(now(SUSPECTED | SAFE).actions("recommended")) == {
        "mri_whole_spine_gadolinium",
        "lumbar_puncture",
    }
