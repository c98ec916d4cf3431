"""Contract, "Intrathecal": when it is called for, its safeguards, dose and schedule (S61 to S67, S98)."""

from __future__ import annotations

import pytest

from tests.flagship.outside import (
    INTRATHECAL,
    Facts,
    Written,
    at,
    last,
    now,
    steps,
)

POOR: dict[str, Written] = {"etiology": "malignant", "kps": "60", "life_expectancy": "6"}
IT = "intrathecal_methotrexate"


def _without(facts: Facts, *names: str) -> dict[str, Written]:
    return {name: value for name, value in facts.items() if name not in names}


# --- intrathecal: when it is called for ---
def test_thin_linear_deposits_with_open_flow_in_the_active_stratum_get_intrathecal_methotrexate() -> None:
    """S61."""
    assert now(INTRATHECAL).recommends(IT)
    assert now(INTRATHECAL | {"it_chemo_planned": "true"}).recommends(IT)


@pytest.mark.parametrize(
    "other",
    [
        {"it_chemo_planned": "false"},
        {"lm_mri_pattern": "nodular"},
        {"lm_mri_pattern": "mixed"},
        {"lm_mri_pattern": "none"},
        {"lm_mri_pattern": "unknown"},
        {"kps": "60"},
        {"life_expectancy": "1"},
        {"etiology": "tb"},
    ],
)
def test_it_is_not_called_for_otherwise(other: Facts) -> None:
    """S61, A16."""
    assert now(INTRATHECAL | other).stands(IT) == "none"


# --- intrathecal: safeguards ---
@pytest.mark.parametrize(
    "facts",
    [
        {"csf_flow_status": "obstructed"},
        {"patient_dying": "true"},
        {"hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"},
    ],
)
def test_obstruction_dying_and_a_needed_shunt_block_it(facts: Facts) -> None:
    """S66, S99; S74; S98."""
    shown = now(INTRATHECAL | facts)
    assert shown.blocks(IT)
    assert shown.entry("blocked", IT)["layer"] == "article"


def test_a_shunt_in_place_blocks_it_also_when_hydrocephalus_is_gone() -> None:
    """S98, A15."""
    shown = steps(
        at("08:00", INTRATHECAL | {"hydrocephalus_symptomatic": "true", "icp_elevated": "true"}),
        at("09:00", done="[vp_shunt]"),
        at("2026-04-01", {"hydrocephalus_symptomatic": "false", "vp_shunt_required": "false"}),
    )
    assert shown[1].blocks(IT)
    assert shown[2].blocks(IT)
    assert "S98" in shown[2].entry("blocked", IT)["cites"]


@pytest.mark.parametrize(
    ("missing", "asked"),
    [
        (("csf_flow_status",), "csf_flow_status"),
        (("patient_dying",), "patient_dying"),
        (("hydrocephalus_symptomatic", "vp_shunt_required"), "hydrocephalus_symptomatic"),
    ],
)
def test_flow_dying_and_hydrocephalus_unknown_hold_it_and_are_asked_for(
    missing: tuple[str, ...], asked: str
) -> None:
    shown = now(_without(INTRATHECAL, *missing))
    assert shown.holds(IT)
    assert asked in shown.entry("held", IT)["needs"]


def test_hydrocephalus_that_needs_no_shunt_does_not_block_it() -> None:
    shown = now(INTRATHECAL | {"hydrocephalus_symptomatic": "true", "vp_shunt_required": "false"})
    assert shown.recommends(IT)
    assert now(INTRATHECAL | {"vp_shunt_required": "true"}).recommends(IT)


# --- intrathecal: obstruction and reopening ---
OBSTRUCTED: dict[str, Written] = {**INTRATHECAL, "csf_flow_status": "obstructed"}


def test_obstruction_calls_for_focal_radiotherapy_without_a_symptomatic_lesion() -> None:
    """S67."""
    assert now(OBSTRUCTED).recommends("focal_radiotherapy")
    assert now(OBSTRUCTED | {"symptomatic_lesion_types": "[]"}).recommends("focal_radiotherapy")


def test_finished_radiotherapy_does_not_reopen_the_gate_and_asks_for_the_flow() -> None:
    """S67, A14."""
    shown = last(at("08:00", OBSTRUCTED), at("2026-03-20", done="[focal_radiotherapy]"))
    assert shown.blocks(IT)
    assert shown.recommends("csf_flow_recheck")
    assert not shown.deeds("csf_flow_recheck")


@pytest.mark.parametrize("radiotherapy", [True, False])
def test_documented_open_flow_reopens_the_gate_by_itself_and_counts_as_the_recheck(
    radiotherapy: bool,
) -> None:
    treated = at("2026-03-20", done="[focal_radiotherapy]") if radiotherapy else at("2026-03-20")
    shown = last(
        at("08:00", OBSTRUCTED),
        treated,
        at("2026-03-25", {"csf_flow_status": "unobstructed"}),
    )
    assert shown.recommends(IT)
    assert len(shown.deeds("csf_flow_recheck")) == 1
    assert not shown.recommends("csf_flow_recheck")


def test_flow_that_closes_again_blocks_again() -> None:
    shown = last(
        at("08:00", OBSTRUCTED),
        at("2026-03-20", {"csf_flow_status": "unobstructed"}),
        at("2026-04-20", {"csf_flow_status": "obstructed"}),
    )
    assert shown.blocks(IT)
    assert shown.recommends("focal_radiotherapy")


@pytest.mark.parametrize("feasible", [{}, {"ommaya_feasible": "true"}])
def test_a_reservoir_is_called_for_with_it_unless_it_is_not_feasible(feasible: Facts) -> None:
    """S64."""
    assert now(INTRATHECAL | feasible).recommends("ommaya_reservoir")
    assert now(INTRATHECAL | {"ommaya_feasible": "false"}).stands("ommaya_reservoir") == "none"
    assert now(INTRATHECAL | {"ommaya_feasible": "false"}).recommends(IT)


@pytest.mark.parametrize(
    "against",
    [
        {"csf_flow_status": "obstructed"},
        {"patient_dying": "true"},
        {"hydrocephalus_symptomatic": "true", "vp_shunt_required": "true"},
    ],
)
def test_what_stands_against_it_does_not_take_back_that_it_is_called_for(against: Facts) -> None:
    """Flow, dying and shunt are its safeguards: it is called for and blocked, its dose shown and marked."""
    for shown in (now(INTRATHECAL | against), last(at("08:00", INTRATHECAL), at("09:00", against))):
        assert shown.blocks(IT)
        assert shown.dose(IT)["standing"] == "blocked"
        assert shown.recommends("ommaya_reservoir")


def test_obstruction_does_not_call_for_it_where_it_is_not_planned_or_the_pattern_is_another() -> None:
    for other in (
        {"it_chemo_planned": "false"},
        {"lm_mri_pattern": "nodular"},
        {"lm_mri_pattern": "unknown"},
    ):
        shown = now(OBSTRUCTED | other)
        assert IT not in shown.step["doses"]
        assert shown.stands("ommaya_reservoir") == "none"
        assert shown.recommends("focal_radiotherapy")


def test_no_reservoir_where_intrathecal_treatment_is_not_called_for() -> None:
    assert now(INTRATHECAL | {"it_chemo_planned": "false"}).stands("ommaya_reservoir") == "none"
    assert now(POOR | {"ommaya_feasible": "true"}).stands("ommaya_reservoir") == "none"


# --- intrathecal: dose and schedule (S62, S63, A19) ---
def test_each_intrathecal_dose_is_15_mg_at_any_weight() -> None:
    for weight in ("3.5", "70", "140"):
        dose = now(INTRATHECAL | {"weight_kg": weight}).dose(IT)
        assert (dose["amount"], dose["unit"]) == ("15", "mg")


def _schedule(day: str, given: int = 1) -> dict[str, object]:
    begun = at("2026-03-02", INTRATHECAL), *(at("2026-03-02", done=f"[{IT}]") for _ in range(given))
    return last(*begun, at(day)).step["schedules"][IT]


@pytest.mark.parametrize(
    ("day", "start", "end", "planned"),
    [
        ("2026-03-02", "2026-03-02", "2026-03-09", 2),
        ("2026-03-08T23:59:59", "2026-03-02", "2026-03-09", 2),
        ("2026-03-09", "2026-03-09", "2026-03-16", 2),
        ("2026-03-29T23:59:59", "2026-03-23", "2026-03-30", 2),
        ("2026-03-30", "2026-03-30", "2026-04-06", 1),
        ("2026-04-26T23:59:59", "2026-04-20", "2026-04-27", 1),
        ("2026-04-27", "2026-04-27", "2026-05-27", 1),
        ("2026-05-27", "2026-05-27", "2026-06-27", 1),
    ],
)
def test_methotrexate_is_twice_weekly_for_4_weeks_weekly_for_4_then_monthly(
    day: str, start: str, end: str, planned: int
) -> None:
    found = _schedule(day)
    assert str(found["from"]).startswith(start)
    assert str(found["to"]).startswith(end)
    assert found["planned"] == planned


def test_the_fixed_part_is_12_doses_and_180_mg_without_an_end_after_it() -> None:
    found = _schedule("2026-03-02")
    assert found["planned_in_fixed_periods"] == 12
    assert str(found["amount_in_fixed_periods"]).startswith("180")
    assert found["open_ended"] is True


def test_intrathecal_treatment_stays_recommended_through_its_schedule() -> None:
    shown = last(at("2026-03-02", INTRATHECAL), at("2026-03-02", done=f"[{IT}]"), at("2026-07-01"))
    assert shown.recommends(IT)


@pytest.mark.parametrize("dose", ["12", "15.5"])
def test_another_intrathecal_dose_than_15_mg_is_shown(dose: str) -> None:
    """S62."""
    assert now(INTRATHECAL | {"it_drug": "methotrexate", "it_dose": dose}).warnings("S62")
    assert not now(INTRATHECAL | {"it_drug": "methotrexate", "it_dose": "15"}).warnings("S62")
