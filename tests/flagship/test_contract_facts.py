"""Contract, "Fact names", "Derived facts" and "Output": what is recorded and what follows from it."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from tests.flagship.dictionary import DICTIONARY, Item
from tests.flagship.outside import (
    SAFE,
    SUSPECTED,
    Facts,
    Shown,
    Written,
    at,
    flagship,
    last,
    now,
    steps,
)

ENTERED = [item for item in DICTIONARY if item.entered]
CODED = [(item.name, code, item.type) for item in ENTERED for code in item.codes]
TESTS: dict[str, tuple[Facts, Facts]] = {
    "platelets": ({"platelet_count": "40"}, {"platelet_count": "39.9"}),
    "inr": ({"inr": "1.4"}, {"inr": "1.41"}),
    "coagulopathy": ({"coagulopathy": "false"}, {"coagulopathy": "true"}),
    "site": ({"lp_site_infection": "false"}, {"lp_site_infection": "true"}),
    "sepsis": ({"severe_sepsis_signs": "false"}, {"severe_sepsis_signs": "true"}),
    "lmwh": (
        {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-02-28T20:00"},
        {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-02-28T20:00:01"},
    ),
}


# --- fact names -------------------------------------------------------------------------------------
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


# --- lp_decision: one gate of six tests (S14 to S17, S90 to S92, A8, A9) -------------------------------
def _lp_facts(choice: tuple[int | None, ...]) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for (safe, unsafe), picked in zip(TESTS.values(), choice, strict=True):
        names = {*safe, *unsafe}
        entered = {name: "unknown" for name in names} if picked is None else (safe, unsafe)[picked]
        found |= entered
    return found


def _expected(choice: tuple[int | None, ...]) -> str:
    if 1 in choice:
        return "blocked"
    return "cannot_clear" if None in choice else "proceed"


def test_lp_decision_over_every_combination_of_safe_unsafe_and_unknown() -> None:
    choices = list(itertools.product((0, 1, None), repeat=len(TESTS)))
    shown = steps(*(at("08:00", SUSPECTED | _lp_facts(choice)) for choice in choices))
    stands = {"blocked": "blocked", "cannot_clear": "held", "proceed": "recommended"}
    for choice, one in zip(choices, shown, strict=True):
        assert one.value("lp_decision") == _expected(choice), choice
        assert one.stands("lumbar_puncture") == stands[_expected(choice)], choice


@pytest.mark.parametrize("test", TESTS)
def test_one_proven_contraindication_blocks_with_all_else_missing(test: str) -> None:
    shown = now(SUSPECTED | TESTS[test][1])
    assert shown.value("lp_decision") == "blocked"
    assert shown.blocks("lumbar_puncture")


@pytest.mark.parametrize("test", TESTS)
def test_one_missing_test_holds_the_puncture_and_is_asked_for(test: str) -> None:
    safe = {name: value for pair, _ in TESTS.values() for name, value in pair.items()}
    left = {name: value for name, value in safe.items() if name not in TESTS[test][0]}
    shown = now(SUSPECTED | left)
    assert shown.value("lp_decision") == "cannot_clear"
    held = shown.entry("held", "lumbar_puncture")
    assert set(held["needs"]) & set(TESTS[test][0])
    assert shown.needs("lumbar_puncture") & set(TESTS[test][0])


def test_lp_decision_is_listed_in_any_state_and_before_anything_is_known() -> None:
    assert now({"leptomeningitis_suspected": "false"}).value("lp_decision") == "cannot_clear"
    assert now({"ct_pending": "true"}).value("lp_decision") == "cannot_clear"


@pytest.mark.parametrize(("platelets", "decision"), [("39", "blocked"), ("39.9", "blocked"), ("40", "proceed")])
def test_platelets_of_40_pass_and_anything_below_blocks(platelets: str, decision: str) -> None:
    """S90, A9."""
    assert now(SAFE | {"platelet_count": platelets}).value("lp_decision") == decision


@pytest.mark.parametrize(("inr", "decision"), [("1.4", "proceed"), ("1.40", "proceed"), ("1.41", "blocked")])
def test_an_inr_of_1_4_passes_and_1_41_blocks(inr: str, decision: str) -> None:
    """S91, A9."""
    assert now(SAFE | {"inr": inr}).value("lp_decision") == decision


def test_lmwh_11_59_59_ago_blocks_and_12_00_00_ago_passes() -> None:
    """S92, A9."""
    lmwh: dict[str, Written] = {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-03-01T08:00:00"}
    before, after = steps(at("08:00", SUSPECTED | SAFE | lmwh), at("19:59:59"), at("20:00:00"))[1:]
    assert before.value("lp_decision") == "blocked"
    assert before.entry("blocked", "lumbar_puncture")["cites"][0] == "S92"
    assert after.value("lp_decision") == "proceed"
    assert after.recommends("lumbar_puncture")


@pytest.mark.parametrize("intent", ["prophylactic", "therapeutic"])
def test_lmwh_at_an_unknown_time_does_not_pass(intent: str) -> None:
    """S92: an unknown time does not pass."""
    assert now(SAFE | {"lmwh_intent": intent}).value("lp_decision") == "cannot_clear"


# --- lp_allowed_from ----------------------------------------------------------------------------------
LMWH: dict[str, Written] = {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-03-01T06:00"}


def test_lp_allowed_from_is_12_hours_after_the_dose_when_only_time_blocks() -> None:
    shown = now(SAFE | LMWH)
    assert shown.value("lp_decision") == "blocked"
    assert shown.value("lp_allowed_from") == "2026-03-01T18:00:00+00:00"


@pytest.mark.parametrize("test", [name for name in TESTS if name != "lmwh"])
def test_lp_allowed_from_is_absent_when_more_than_time_blocks(test: str) -> None:
    assert not now(SAFE | LMWH | TESTS[test][1]).knows("lp_allowed_from")


@pytest.mark.parametrize("fact", [name for name in SAFE if name != "lmwh_intent"])
def test_lp_allowed_from_promises_nothing_while_another_test_is_missing(fact: str) -> None:
    facts = {name: value for name, value in (SAFE | LMWH).items() if name != fact}
    assert not now(facts).knows("lp_allowed_from")


def test_lp_allowed_from_is_absent_once_nothing_blocks() -> None:
    assert not last(at("08:00", SAFE | LMWH), at("18:00")).knows("lp_allowed_from")
    assert not now(SAFE).knows("lp_allowed_from")


# --- cerebrospinal fluid ----------------------------------------------------------------------------
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
        at("09:00", {"csf_collection_time": "2026-03-01T08:00", "csf_processing_start_time": f"2026-03-01T{start}"})
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


# --- hours, and the yield of culture (S49 to S51, A9) ---------------------------------------------------
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


# --- lmd_stratum (S56, S71, A13) --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kps", "months", "stratum"),
    [
        ("70", "1.1", "active"),
        ("100", "12", "active"),
        ("70", "1", "indeterminate"),
        ("90", "1.0", "indeterminate"),
        ("70", "0.9", "poor"),
        ("60", "0.9", "poor"),
        ("60", "1", "poor"),
        ("60", "1.1", "poor"),
        ("60", None, "poor"),
        (None, "0.9", "poor"),
        (None, "1", None),
        (None, "1.1", None),
        ("70", None, None),
        (None, None, None),
    ],
)
def test_the_stratum_by_karnofsky_and_life_expectancy(
    kps: str | None, months: str | None, stratum: str | None
) -> None:
    facts: dict[str, Written] = {"etiology": "malignant"}
    facts |= {"kps": kps} if kps else {}
    facts |= {"life_expectancy": months} if months else {}
    shown = now(facts)
    assert shown.knows("lmd_stratum") is (stratum is not None)
    if stratum is not None:
        assert shown.value("lmd_stratum") == stratum


# --- length of therapy (S34, S80, S81) ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "day", "days", "months"),
    [
        ("2026-01-14", "2026-01-14", "0", "0"),
        ("2026-01-14", "2027-01-13", "364", "11"),
        ("2026-01-14", "2027-01-14", "365", "12"),
        ("2026-01-31", "2026-02-27", "27", "0"),
        ("2026-01-31", "2026-02-28", "28", "1"),
        ("2024-02-29", "2025-02-27", "364", "11"),
        ("2024-02-29", "2025-02-28", "365", "12"),
    ],
)
def test_elapsed_days_and_calendar_months(start: str, day: str, days: str, months: str) -> None:
    shown = last(at(day, {"etiology": "tb", "therapy_start_date": start}))
    assert (shown.value("therapy_elapsed_days"), shown.unit("therapy_elapsed_days")) == (days, "d")
    assert (shown.value("therapy_elapsed_months"), shown.unit("therapy_elapsed_months")) == (months, "mo")


def test_days_of_therapy_are_counted_in_the_zone_of_the_case() -> None:
    entry = at("2026-03-11T23:30", {"etiology": "tb", "therapy_start_date": "2026-03-01"}), at("2026-03-12T00:30")
    assert [one.value("therapy_elapsed_days") for one in steps(*entry, timezone="Asia/Tokyo")] == ["10", "11"]


@pytest.mark.parametrize(
    ("facts", "stop"),
    [
        ({"etiology": "tb"}, "2027-01-14"),
        ({"etiology": "tb", "vertebral_involvement": "true"}, "2027-01-14"),
        ({"etiology": "bacterial", "vertebral_involvement": "true"}, "2026-02-25"),
    ],
)
def test_the_earliest_stop_is_12_months_or_42_days_after_the_start(facts: Facts, stop: str) -> None:
    """S34, S80, S81; the 6 weeks are for bacterial disease only, and the longer minimum wins."""
    assert last(at("2026-01-20", {"therapy_start_date": "2026-01-14", **facts})).value("earliest_stop") == stop


@pytest.mark.parametrize(
    "facts",
    [
        {"etiology": "bacterial", "vertebral_involvement": "false"},
        {"etiology": "bacterial"},
        {"etiology": "cryptococcus", "vertebral_involvement": "true"},
        {"etiology": "histoplasma"},
        {"etiology": "aspergillus"},
        {"etiology": "coccidioides"},
        {"etiology": "neurosarcoidosis"},
        {"etiology": "malignant"},
        {"etiology": "other"},
        {"etiology": "undetermined"},
    ],
)
def test_there_is_no_earliest_stop_where_the_article_gives_no_minimum(facts: Facts) -> None:
    assert not last(at("2026-01-20", {"therapy_start_date": "2026-01-14", **facts})).knows("earliest_stop")


def test_there_is_no_earliest_stop_without_a_start() -> None:
    assert not now({"etiology": "tb"}).knows("earliest_stop")


def test_without_a_start_of_therapy_the_antibacterial_clock_starts_at_the_first_dose() -> None:
    facts = {
        "etiology": "bacterial",
        "vertebral_involvement": "true",
        "antibiotic_first_dose_time": "2026-01-14T22:00",
    }
    shown = last(at("2026-01-20", facts))
    assert shown.value("therapy_elapsed_days") == "6"
    assert shown.value("earliest_stop") == "2026-02-25"


def test_the_antibiotic_starts_no_other_clock_than_the_antibacterial_one() -> None:
    shown = last(at("2026-01-20", {"etiology": "tb", "antibiotic_first_dose_time": "2026-01-14T22:00"}))
    assert not shown.knows("therapy_elapsed_days")
    assert not shown.knows("earliest_stop")


def test_a_recorded_start_of_therapy_wins_over_the_first_dose() -> None:
    facts = {
        "etiology": "bacterial",
        "vertebral_involvement": "true",
        "antibiotic_first_dose_time": "2026-01-10T22:00",
        "therapy_start_date": "2026-01-14",
    }
    assert last(at("2026-01-20", facts)).value("earliest_stop") == "2026-02-25"
