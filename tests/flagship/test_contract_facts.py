"""Contract, "Fact names" and the derived facts of the cerebrospinal fluid."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.flagship.dictionary import DICTIONARY, Item
from tests.flagship.outside import (
    Shown,
    at,
    flagship,
    last,
    now,
    steps,
)

ENTERED = [item for item in DICTIONARY if item.entered]
CODED = [(item.name, code, item.type) for item in ENTERED for code in item.codes]


# --- fact names ---
def test_the_dictionary_has_102_items_and_each_is_a_fact_of_the_flagship() -> None:
    assert len(DICTIONARY) == 102
    assert {item.name for item in DICTIONARY} <= set(flagship().definition.facts)


@pytest.mark.parametrize("item", ENTERED, ids=lambda item: item.name)
def test_each_item_of_the_dictionary_can_be_recorded_and_is_listed(item: Item) -> None:
    shown = now({item.name: item.entered})
    assert shown.knows(item.name)
    if item.unit and item.type == "number":
        assert shown.unit(item.name) == item.unit


@pytest.mark.parametrize(("name", "code", "kind"), CODED)
def test_each_code_of_the_dictionary_is_taken_as_it_is_printed(name: str, code: str, kind: str) -> None:
    many = kind.startswith("list")
    shown = now({name: f"[{code}]" if many else code})
    assert shown.value(name) == ([code] if many else code)


@pytest.mark.parametrize("item", [item for item in DICTIONARY if item.loinc], ids=lambda item: item.name)
def test_the_loinc_codes_are_those_of_the_dictionary(item: Item) -> None:
    assert flagship().definition.facts[item.name].code == {"loinc": item.loinc}


def test_a_list_is_a_yaml_list_and_an_empty_one_is_known() -> None:
    shown = now({"current_drugs": "[isoniazid, rifampin]", "symptomatic_lesion_types": "[]"})
    assert shown.value("current_drugs") == ["isoniazid", "rifampin"]
    assert shown.value("symptomatic_lesion_types") == []


def test_a_date_time_without_offset_is_utc_unless_the_case_says_otherwise() -> None:
    facts = {"presentation_time": "2026-03-01T07:30"}
    assert last(at("08:00", facts)).value("presentation_time") == "2026-03-01T07:30:00+00:00"
    berlin = last(at("08:00", facts), timezone="Europe/Berlin")
    assert berlin.value("presentation_time") == "2026-03-01T07:30:00+01:00"
    assert berlin.step["at"] == "2026-03-01T08:00:00+01:00"


def test_a_date_time_with_an_offset_means_that_instant() -> None:
    shown = now({"presentation_time": "2026-03-01T08:30+01:00"})
    assert shown.value("presentation_time") == "2026-03-01T07:30:00+00:00"


def test_recorded_facts_are_listed_in_any_state() -> None:
    facts = {item.name: item.entered for item in ENTERED if item.name not in ("is_child", "is_neonate")}
    assert set(facts) <= set(now(facts | {"leptomeningitis_suspected": "false"}).step["facts"])


def test_an_unknown_fact_is_absent() -> None:
    shown = last(at("08:00", {"inr": "1.2"}), at("09:00", {"inr": "unknown"}))
    assert not shown.knows("inr")
    assert not shown.knows("platelet_count")


# --- cerebrospinal fluid ---
def test_the_glucose_ratio_is_a_decimal_of_unit_1() -> None:
    """S21."""
    shown = now({"csf_glucose": "30", "serum_glucose": "100"})
    assert (shown.value("csf_serum_glucose_ratio"), shown.unit("csf_serum_glucose_ratio")) == ("0.3", "1")


def test_the_glucose_ratio_is_unknown_without_its_pair_or_with_a_zero_serum_value() -> None:
    """A7: a missing serum value is unknown, not normal."""
    assert not now({"csf_glucose": "30"}).knows("csf_serum_glucose_ratio")
    assert not now({"serum_glucose": "100"}).knows("csf_serum_glucose_ratio")
    assert not now({"csf_glucose": "30", "serum_glucose": "0"}).knows("csf_serum_glucose_ratio")


def test_both_glucoses_in_mmol_have_the_same_ratio_exactly() -> None:
    shown = now({"csf_glucose": "3 mmol/L", "serum_glucose": "6 mmol/L"})
    assert shown.value("csf_serum_glucose_ratio") == "0.5"
    assert not [w for w in shown.step["warnings"] if "less than half" in w["text"]]


@pytest.mark.parametrize(
    ("start", "minutes", "warned"),
    [("08:20", "20", False), ("08:30:00", "30", False), ("08:30:30", "30.5", True), ("08:31", "31", True)],
)
def test_processing_warns_only_after_more_than_30_minutes(start: str, minutes: str, warned: bool) -> None:
    """S19, A9."""
    shown = last(
        at(
            "09:00",
            {"csf_collection_time": "2026-03-01T08:00", "csf_processing_start_time": f"2026-03-01T{start}"},
        )
    )
    assert shown.value("csf_processing_delay") == minutes
    assert shown.unit("csf_processing_delay") == "min"
    assert bool(shown.warnings("S19")) is warned


def test_processing_one_second_over_30_minutes_warns() -> None:
    """S19, A9."""
    facts = {"csf_collection_time": "2026-03-01T08:00:00", "csf_processing_start_time": "2026-03-01T08:30:01"}
    assert last(at("09:00", facts)).warnings("S19")


@pytest.mark.parametrize(("minutes", "warned"), [("30", False), ("31", True)])
def test_the_processing_delay_may_be_recorded_instead(minutes: str, warned: bool) -> None:
    shown = now({"csf_processing_delay": minutes})
    assert shown.value("csf_processing_delay") == minutes
    assert bool(shown.warnings("S19")) is warned


@pytest.mark.parametrize(
    ("volume", "name"),
    [
        ("0", "inadequate"),
        ("4.9", "inadequate"),
        ("5", "suboptimal"),
        ("9.9", "suboptimal"),
        ("10", "adequate"),
        ("12", "adequate"),
    ],
)
def test_csf_volume_under_5_is_inadequate_and_from_10_adequate(volume: str, name: str) -> None:
    """S18, A4."""
    shown = now({"csf_volume": volume})
    assert shown.value("csf_volume_class") == name
    assert bool(shown.warnings("A4")) is (name != "adequate")


# --- hours, and the yield of culture (S49 to S51, A9) ---
def test_hours_since_lmwh_count_to_the_second() -> None:
    dose = {"lmwh_last_dose_time": "2026-03-01T08:00:00"}
    shown = steps(at("08:00", dose), at("19:30"), at("19:59:51"), at("20:00:00"))
    assert [one.value("hours_since_lmwh") for one in shown] == ["0", "11.5", "11.9975", "12"]
    assert shown[0].unit("hours_since_lmwh") == "h"


def test_a_second_short_of_12_hours_never_reads_as_12() -> None:
    shown = last(at("08:00", {"lmwh_last_dose_time": "2026-03-01T08:00:00"}), at("19:59:59"))
    assert shown.value("hours_since_lmwh").startswith("11.99")


def _punctured(after: timedelta) -> Shown:
    given = datetime(2026, 3, 1, 8)
    facts = {
        "antibiotic_first_dose_time": given.isoformat(),
        "lp_time": (given + after).isoformat(),
    }
    return last(at("2026-03-02", facts))


@pytest.mark.parametrize(
    ("seconds", "percent"),
    [
        (0, "73"),
        (4 * 3600 - 1, "73"),
        (4 * 3600, "73"),
        (4 * 3600 + 1, "11"),
        (8 * 3600, "11"),
        (8 * 3600 + 1, "0"),
        (15 * 3600, "0"),
    ],
)
def test_the_yield_is_73_to_4_hours_11_to_8_hours_and_0_after(seconds: int, percent: str) -> None:
    shown = _punctured(timedelta(seconds=seconds))
    assert (shown.value("culture_yield_pct"), shown.unit("culture_yield_pct")) == (percent, "%")


def test_hours_from_antibiotic_to_puncture() -> None:
    shown = _punctured(timedelta(hours=4, minutes=30))
    assert (shown.value("hours_antibiotic_to_lp"), shown.unit("hours_antibiotic_to_lp")) == ("4.5", "h")


def test_no_yield_is_given_without_both_times_or_for_a_puncture_before_the_antibiotic() -> None:
    assert not now({"lp_time": "2026-03-01T07:00"}).knows("culture_yield_pct")
    assert not now({"antibiotic_first_dose_time": "2026-03-01T07:00"}).knows("culture_yield_pct")
    assert not _punctured(timedelta(minutes=-1)).knows("culture_yield_pct")
