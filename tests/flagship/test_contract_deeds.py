"""Contract, "Age", "Shelf life" and "Facts that say an action was done"."""

from __future__ import annotations

import pytest

from tests.flagship.outside import SAFE, SUSPECTED, Facts, Written, at, last, now, steps


# --- age (ours) ---
@pytest.mark.parametrize(
    ("facts", "child"),
    [
        ({"age_years": "17"}, True),
        ({"age_years": "17.99"}, True),
        ({"age_years": "18"}, False),
        ({"age_years": "0"}, True),
        ({"age_years": "46", "is_child": "true"}, True),
        ({"age_years": "9", "is_child": "false"}, False),
        ({"is_child": "true"}, True),
    ],
)
def test_below_18_years_is_a_child_and_a_recorded_value_wins(facts: Facts, child: bool) -> None:
    assert now(facts).value("is_child") is child


@pytest.mark.parametrize(
    ("facts", "neonate"),
    [
        ({"age_days": "0"}, True),
        ({"age_days": "28"}, True),
        ({"age_days": "29"}, False),
        ({"age_days": "29", "is_neonate": "true"}, True),
        ({"age_days": "5", "is_neonate": "false"}, False),
    ],
)
def test_up_to_28_days_is_a_neonate_and_a_recorded_value_wins(facts: Facts, neonate: bool) -> None:
    assert now(facts).value("is_neonate") is neonate


def test_with_neither_age_nor_record_no_age_specific_dose_is_computed() -> None:
    shown = now({"bacterial_meningitis_suspected": "true", "weight_kg": "30"})
    assert not shown.knows("is_child")
    for action in ("ceftriaxone_child", "ceftriaxone_adult"):
        assert "amount" not in shown.step["doses"].get(action, {})
    assert shown.asked() & {"is_child", "age_years"}
    assert shown.recommends("empiric_iv_antibiotic")


# --- shelf life (ours) ---
@pytest.mark.parametrize("fact", ["platelet_count", "inr", "severe_sepsis_signs"])
def test_three_facts_expire_after_24_hours_to_the_second(fact: str) -> None:
    value = {"platelet_count": "210", "inr": "1.0", "severe_sepsis_signs": "false"}[fact]
    valid, expired = steps(
        at("08:00:00", {fact: value}), at("2026-03-02T08:00:00"), at("2026-03-02T08:00:01")
    )[1:]
    assert valid.knows(fact)
    assert not expired.knows(fact)


def test_no_other_fact_of_the_dictionary_expires() -> None:
    from tests.flagship.dictionary import DICTIONARY

    lasting = {
        item.name: item.entered
        for item in DICTIONARY
        if item.entered and item.name not in ("platelet_count", "inr", "severe_sepsis_signs")
    }
    assert set(lasting) <= set(last(at("08:00", lasting), at("2036-03-01")).step["facts"])


@pytest.mark.parametrize("fact", ["platelet_count", "inr", "severe_sepsis_signs"])
def test_an_expired_test_holds_the_puncture_that_it_cleared(fact: str) -> None:
    others = {name: value for name, value in SAFE.items() if name != fact}
    shown = steps(
        at("08:00:00", SUSPECTED | SAFE),
        at("2026-03-02T08:00:00", others),
        at("2026-03-02T08:00:01"),
    )
    assert [one.stands("lumbar_puncture") for one in shown] == ["recommended", "recommended", "held"]
    assert shown[-1].value("lp_decision") == "cannot_clear"


# --- facts that say an action was done ---
SAYING = [
    ("antibiotic_first_dose_time", "empiric_iv_antibiotic"),
    ("lp_time", "lumbar_puncture"),
]


@pytest.mark.parametrize(("fact", "action"), SAYING)
def test_recording_the_time_counts_as_the_action_done_at_that_time(fact: str, action: str) -> None:
    shown = now({fact: "2026-03-01T06:30"})
    assert [deed["at"] for deed in shown.deeds(action)] == ["2026-03-01T06:30:00+00:00"]


@pytest.mark.parametrize(("fact", "action"), SAYING)
def test_marking_the_action_done_records_the_time(fact: str, action: str) -> None:
    shown = now(SUSPECTED, done=f"[{action}]")
    assert shown.value(fact) == "2026-03-01T08:00:00+00:00"
    assert now(SUSPECTED, done=f"{{{action}: 2026-03-01T07:15}}").value(fact) == "2026-03-01T07:15:00+00:00"


def test_a_second_puncture_time_is_a_repeat_puncture() -> None:
    shown = last(at("08:00", {"lp_time": "2026-03-01T07:00"}), at("12:00", {"lp_time": "2026-03-01T11:30"}))
    assert [deed["at"] for deed in shown.deeds("lumbar_puncture")] == ["2026-03-01T07:00:00+00:00"]
    assert [deed["at"] for deed in shown.deeds("repeat_lumbar_puncture")] == ["2026-03-01T11:30:00+00:00"]


def test_a_corrected_puncture_time_is_no_second_puncture() -> None:
    """Rule 24."""
    shown = last(
        at("08:00", {"lp_time": "2026-03-01T07:00"}), at("12:00", correct={"lp_time": "2026-03-01T07:30"})
    )
    assert len(shown.deeds("lumbar_puncture")) == 1
    assert not shown.deeds("repeat_lumbar_puncture")
    assert shown.value("lp_time") == "2026-03-01T07:30:00+00:00"


def test_marking_the_repeat_puncture_done_records_its_time() -> None:
    shown = last(at("08:00", {"lp_time": "2026-03-01T07:00"}), at("12:00", done="[repeat_lumbar_puncture]"))
    assert shown.value("lp_time") == "2026-03-01T12:00:00+00:00"
    assert len(shown.deeds("lumbar_puncture")) == 1


def test_mri_status_done_is_the_mri_done_and_the_mri_done_is_the_status() -> None:
    assert len(now({"mri_spine_gad_status": "done"}).deeds("mri_whole_spine_gadolinium")) == 1
    assert now(SUSPECTED, done="[mri_whole_spine_gadolinium]").value("mri_spine_gad_status") == "done"


@pytest.mark.parametrize("status", ["not_done", "ordered", "contraindicated"])
def test_no_other_mri_status_is_a_deed(status: str) -> None:
    assert not now({"mri_spine_gad_status": status}).deeds("mri_whole_spine_gadolinium")


ARMS: list[tuple[dict[str, Written], str]] = [
    ({"etiology": "tb"}, "antituberculous_therapy"),
    ({"etiology": "cryptococcus"}, "antifungal_therapy"),
    ({"etiology": "histoplasma"}, "antifungal_therapy"),
    ({"etiology": "coccidioides"}, "antifungal_therapy"),
    ({"etiology": "aspergillus"}, "antifungal_therapy"),
    ({"etiology": "neurosarcoidosis"}, "prednisone"),
    ({"etiology": "malignant", "kps": "80", "life_expectancy": "6"}, "systemic_cns_therapy"),
]


@pytest.mark.parametrize(("arm", "therapy"), ARMS)
def test_the_start_of_therapy_is_the_start_of_the_arms_therapy(arm: Facts, therapy: str) -> None:
    shown = last(at("2026-01-20", arm), at("2026-01-21", {"therapy_start_date": "2026-01-14"}))
    assert len(shown.deeds(therapy)) == 1
    assert shown.deeds(therapy)[0]["at"].startswith("2026-01-14")


@pytest.mark.parametrize(("arm", "therapy"), ARMS)
def test_it_is_so_too_when_the_start_was_recorded_before_the_cause(arm: Facts, therapy: str) -> None:
    shown = last(at("2026-01-20", {"therapy_start_date": "2026-01-14"}), at("2026-01-21", arm))
    assert [deed["at"][:10] for deed in shown.deeds(therapy)] == ["2026-01-14"]


@pytest.mark.parametrize(("arm", "therapy"), ARMS)
def test_marking_the_arms_therapy_done_records_the_start_of_therapy(arm: Facts, therapy: str) -> None:
    shown = last(at("2026-01-20", arm), at("2026-01-21", done=f"[{therapy}]"))
    assert shown.value("therapy_start_date") == "2026-01-21"


def test_the_antibiotic_on_its_own_is_not_the_start_of_a_tuberculosis_course() -> None:
    shown = last(at("08:00", {"etiology": "tb"}, done="[empiric_iv_antibiotic]"))
    assert not shown.knows("therapy_start_date")
    assert not shown.deeds("antituberculous_therapy")
