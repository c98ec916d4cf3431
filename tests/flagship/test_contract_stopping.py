"""Contract, "`stop_therapy`": 12 months in tuberculosis, 42 days in the spine, never for Coccidioides."""

from __future__ import annotations

import itertools

import pytest

from tests.flagship.outside import ACTIVE, Facts, Shown, Written, at, last, steps

START = "2026-01-14"
TB: dict[str, Written] = {"etiology": "tb", "therapy_start_date": START}
SPINE: dict[str, Written] = {
    "etiology": "bacterial",
    "therapy_start_date": START,
    "vertebral_involvement": "true",
}
RESOLVED: dict[str, Written] = {"signs_symptoms_resolved": "true"}
CAUSES = ["tb", "cryptococcus", "histoplasma", "coccidioides", "aspergillus", "bacterial", "neurosarcoidosis"]


def _stop(day: str, facts: Facts) -> str:
    return last(at(day, facts)).stands("stop_therapy")


# --- when it is called for ---
@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize(
    "state",
    [
        {},
        {"signs_symptoms_resolved": "false"},
        {"clinical_response": "improving"},
        {"csf_parameter_trend": "normalised"},
    ],
)
def test_before_a_plan_or_recovery_stopping_is_neither_recommended_nor_held(cause: str, state: Facts) -> None:
    shown = last(at("2030-01-01", {"etiology": cause, "therapy_start_date": START, **state}))
    assert not shown.recommends("stop_therapy")
    assert not shown.holds("stop_therapy")


@pytest.mark.parametrize(
    "reason",
    [
        {"planned_stop_date": "2027-02-01"},
        {"signs_symptoms_resolved": "true"},
        {"clinical_response": "resolved"},
    ],
)
def test_a_plan_or_recovery_calls_for_the_stop(reason: Facts) -> None:
    assert _stop("2027-02-01", TB | reason) == "recommended"


# --- tuberculosis: 12 calendar months (S34, S80) ---
@pytest.mark.parametrize(
    ("day", "plan", "stands"),
    [
        ("2027-01-13", None, "blocked"),
        ("2027-01-14", None, "recommended"),
        ("2027-01-13T23:59:59", None, "blocked"),
        ("2027-01-14T00:00:00", None, "recommended"),
        ("2027-01-14", "2027-01-13", "blocked"),
        ("2027-01-13", "2027-01-14", "blocked"),
        ("2027-01-14", "2027-01-14", "recommended"),
        ("2028-01-01", "2026-12-31", "blocked"),
        ("2026-03-01", "2027-06-01", "blocked"),
    ],
)
def test_a_day_short_of_12_months_blocks_now_or_as_planned(day: str, plan: str | None, stands: str) -> None:
    facts = TB | RESOLVED | ({"planned_stop_date": plan} if plan else {})
    shown = last(at(day, facts))
    assert shown.stands("stop_therapy") == stands
    if stands == "blocked":
        entry = shown.entry("blocked", "stop_therapy")
        assert {"S34", "S80"} & set(entry["cites"])
        assert entry["layer"] == "article"


@pytest.mark.parametrize(
    ("start", "day", "stands"),
    [("2024-02-29", "2025-02-27", "blocked"), ("2024-02-29", "2025-02-28", "recommended")],
)
def test_twelve_months_from_a_leap_day_end_on_the_last_of_february(start: str, day: str, stands: str) -> None:
    assert _stop(day, {"etiology": "tb", "therapy_start_date": start} | RESOLVED) == stands


def test_without_a_start_of_therapy_the_stop_is_never_cleared_in_tuberculosis() -> None:
    assert _stop("2030-01-01", {"etiology": "tb"} | RESOLVED) == "held"


def test_vertebral_involvement_does_not_shorten_tuberculosis_to_6_weeks() -> None:
    """The 6 weeks are for bacterial disease only."""
    assert _stop("2026-04-01", TB | RESOLVED | {"vertebral_involvement": "true"}) == "blocked"
    assert _stop("2027-01-14", TB | RESOLVED) == "recommended"


# --- bacterial disease: 42 days with the spine (S81, S83, A3) ---
@pytest.mark.parametrize(
    ("day", "plan", "stands"),
    [
        ("2026-02-24", None, "blocked"),
        ("2026-02-25", None, "recommended"),
        ("2026-02-25", "2026-02-24", "blocked"),
        ("2026-02-24", "2026-02-25", "blocked"),
        ("2026-02-25", "2026-02-25", "recommended"),
    ],
)
def test_vertebral_involvement_means_42_days_now_and_as_planned(
    day: str, plan: str | None, stands: str
) -> None:
    facts = SPINE | RESOLVED | ({"planned_stop_date": plan} if plan else {})
    shown = last(at(day, facts))
    assert shown.stands("stop_therapy") == stands
    if stands == "blocked":
        assert "S81" in shown.entry("blocked", "stop_therapy")["cites"]


def test_the_42_days_count_from_the_first_dose_where_no_start_is_recorded() -> None:
    facts = RESOLVED | {
        "etiology": "bacterial",
        "vertebral_involvement": "true",
        "antibiotic_first_dose_time": f"{START}T23:00",
    }
    assert _stop("2026-02-24", facts) == "blocked"
    assert _stop("2026-02-25", facts) == "recommended"


@pytest.mark.parametrize("day", ["2026-01-20", "2026-02-25", "2028-01-01"])
@pytest.mark.parametrize("more", [{}, {"pathogen_minimum_met": "true"}])
def test_unknown_vertebral_involvement_holds_the_stop_and_is_asked_for(day: str, more: Facts) -> None:
    """A3: unknown, no stop advice."""
    facts = {"etiology": "bacterial", "therapy_start_date": START} | RESOLVED | more
    shown = last(at(day, facts))
    assert shown.holds("stop_therapy")
    assert "vertebral_involvement" in shown.needs("stop_therapy")


def test_without_the_spine_the_stop_waits_for_a_pathogen_minimum() -> None:
    """A3: 4 days are no permission; the article gives no minimum."""
    facts = {
        "etiology": "bacterial",
        "therapy_start_date": START,
        "vertebral_involvement": "false",
    } | RESOLVED
    for day in ("2026-01-18", "2026-01-28", "2027-01-01"):
        shown = last(at(day, facts))
        assert not shown.recommends("stop_therapy")
        assert shown.stands("stop_therapy") in ("held", "blocked")
        assert shown.warnings("A3")


def test_a_met_pathogen_minimum_clears_the_stop_without_the_spine() -> None:
    facts = {
        "etiology": "bacterial",
        "therapy_start_date": START,
        "vertebral_involvement": "false",
    } | RESOLVED
    assert _stop("2026-01-28", facts | {"pathogen_minimum_met": "true"}) == "recommended"
    assert _stop("2026-01-28", facts | {"pathogen_minimum_met": "false"}) != "recommended"


def test_without_the_spine_the_stop_takes_recovery_as_well_as_the_minimum() -> None:
    """A3, S83: the plan alone is not enough."""
    facts: dict[str, Written] = {
        "etiology": "bacterial",
        "therapy_start_date": START,
        "vertebral_involvement": "false",
        "pathogen_minimum_met": "true",
        "planned_stop_date": "2026-01-28",
    }
    planned = last(at("2026-01-28", facts))
    assert planned.holds("stop_therapy")
    assert "signs_symptoms_resolved" in planned.needs("stop_therapy")
    assert _stop("2026-01-28", facts | {"signs_symptoms_resolved": "false"}) == "blocked"
    assert _stop("2026-01-28", facts | {"clinical_response": "resolved"}) == "recommended"


@pytest.mark.parametrize("reason", [RESOLVED, {"planned_stop_date": "2026-01-28"}])
def test_an_override_clears_the_stop_without_the_spine(reason: Facts) -> None:
    facts = {"etiology": "bacterial", "therapy_start_date": START, "vertebral_involvement": "false", **reason}
    shown = last(at("2026-01-28", facts), at("2026-01-28", override={"stop_therapy": "agreed with ID"}))
    assert shown.recommends("stop_therapy")


def test_the_longer_of_two_minima_wins_in_the_spine() -> None:
    """Past 42 days, but the minimum for the pathogen (Brucella: 3 months) is known not to be met."""
    facts = SPINE | RESOLVED | {"pathogen_minimum_met": "false"}
    assert _stop("2026-02-26", facts) != "recommended"
    assert _stop("2026-02-20", SPINE | RESOLVED | {"pathogen_minimum_met": "true"}) == "blocked"


def test_unresolved_signs_keep_bacterial_treatment_going() -> None:
    """S83: until signs and symptoms have gone."""
    facts = SPINE | {"signs_symptoms_resolved": "false", "planned_stop_date": "2026-03-10"}
    assert _stop("2026-03-10", facts) == "blocked"


# --- fungi (A23) ---
COCCI: dict[str, Written] = {"etiology": "coccidioides", "therapy_start_date": START}


@pytest.mark.parametrize("day", ["2026-02-01", "2027-02-01", "2036-02-01"])
def test_coccidioides_never_has_a_stop_recommended_whatever_is_recorded(day: str) -> None:
    """A23."""
    reasons: list[dict[str, Written]] = [
        {"planned_stop_date": "2026-02-01"},
        {"signs_symptoms_resolved": "true"},
        {"clinical_response": "resolved"},
        {"csf_parameter_trend": "normalised"},
        {"pathogen_minimum_met": "true"},
        {"vertebral_involvement": "false"},
    ]
    for count in range(len(reasons) + 1):
        for chosen in itertools.combinations(reasons, count):
            facts = dict(COCCI)
            for reason in chosen:
                facts |= reason
            assert not last(at(day, facts)).recommends("stop_therapy")


def test_no_override_and_no_second_try_clears_a_stop_in_coccidioides() -> None:
    shown = steps(
        at("2027-02-01", COCCI | RESOLVED),
        at("2027-02-02", override={"stop_therapy": "patient asks"}),
        at("2027-02-03", {"planned_stop_date": "2027-02-03"}, override={"stop_therapy": "patient asks"}),
        at("2027-02-04", declined={"stop_therapy": "not now"}),
        at("2027-02-05", {"clinical_response": "resolved"}),
    )
    assert not any(one.recommends("stop_therapy") for one in shown)


@pytest.mark.parametrize("cause", ["cryptococcus", "histoplasma", "aspergillus"])
def test_other_fungi_may_stop_by_a_specialists_decision_shown_beside_it(cause: str) -> None:
    """S41, A23."""
    shown = last(at("2027-02-01", {"etiology": cause, "therapy_start_date": START} | RESOLVED))
    assert shown.stands("stop_therapy") == "recommended"
    assert shown.warnings("A23")


@pytest.mark.parametrize("facts", [{"etiology": "neurosarcoidosis"}, ACTIVE])
def test_causes_without_a_minimum_are_not_held_by_one(facts: Facts) -> None:
    assert _stop("2027-02-01", facts | {"therapy_start_date": START} | RESOLVED) == "recommended"


# --- after the stop ---
def _stopped() -> list[Shown]:
    return steps(
        at("2026-01-14", {"etiology": "tb", "weight_kg": "70"}),
        at("2026-01-14", done="[antituberculous_therapy, prednisone]"),
        at("2027-01-14", {"planned_stop_date": "2027-01-14"}),
        at("2027-01-14", done="[stop_therapy]"),
    )


def test_stopping_ends_the_courses_and_leads_to_monitoring() -> None:
    shown = _stopped()[-1]
    assert shown.phase() == "monitoring"
    for course in ("antituberculous_therapy", "prednisone", "stop_therapy"):
        assert not shown.recommends(course)
    assert shown.recommends("serial_mri")


def test_a_stop_done_too_early_is_accepted_and_marked_for_good() -> None:
    """Rule 22."""
    shown = steps(
        at("2026-01-14", {"etiology": "tb", "therapy_start_date": "2026-01-14"}),
        at("2026-06-01", {"planned_stop_date": "2026-06-01"}),
        at("2026-06-01", done="[stop_therapy]"),
        at("2028-06-01", RESOLVED),
    )
    for one in shown[2:]:
        assert "done_while_blocked" in one.warning_ids()
        assert one.deeds("stop_therapy")[0]["while"] == "blocked"
