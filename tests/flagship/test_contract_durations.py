"""Contract, derived facts: `lmd_stratum`, elapsed therapy and `earliest_stop`."""

from __future__ import annotations

import pytest

from tests.flagship.outside import (
    Facts,
    Written,
    at,
    last,
    now,
    steps,
)


# --- lmd_stratum (S56, S71, A13) ---
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


# --- length of therapy (S34, S80, S81) ---
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
    entry = (
        at("2026-03-11T23:30", {"etiology": "tb", "therapy_start_date": "2026-03-01"}),
        at("2026-03-12T00:30"),
    )
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
    assert (
        last(at("2026-01-20", {"therapy_start_date": "2026-01-14", **facts})).value("earliest_stop") == stop
    )


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
