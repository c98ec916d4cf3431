"""The exact boundaries at which a lumbar puncture is blocked and passes."""

from __future__ import annotations

import pytest

from tests.semantics.stepping import Patient, instant, patient_on

LP = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01, valid_for: 24 h}
  lmwh_time: {type: dateTime}
  therapy_start: {type: date}
actions:
  lp: {title: LP, type: procedure}
  stop: {title: Stop, type: medication}
safeguards:
  platelets: {action: lp, when: platelet_count < 40, effect: block}
  high_inr: {action: lp, when: inr > 1.4, effect: block}
  lmwh: {action: lp, when: time since lmwh_time < 12 h, effect: block}
  too_early: {action: stop, when: today < therapy_start + 12 mo, effect: block}
tracks: {care: {start: here, states: {here: {kind: action, do: [{action: lp}, {action: stop}]}}}}
"""
SAFE = {"platelet_count": "200", "inr": "1.0", "lmwh_time": "2026-02-20T08:00"}


def patient_with(at: str | int = "08:00", timezone: str = "UTC", **facts: str) -> Patient:
    patient = patient_on(LP, at, timezone)
    patient.at(at).records(**(SAFE | facts))
    return patient


@pytest.mark.parametrize(
    ("count", "standing"),
    [
        ("39", "blocked"),
        ("39.9", "blocked"),
        ("40", "recommended"),
        ("40.0", "recommended"),
        ("40.1", "recommended"),
    ],
)
def test_platelets_of_39_block_and_40_pass(count: str, standing: str) -> None:
    assert patient_with(platelet_count=count).standing("lp") == standing


@pytest.mark.parametrize(
    ("inr", "standing"),
    [("1.39", "recommended"), ("1.4", "recommended"), ("1.40", "recommended"), ("1.41", "blocked")],
)
def test_an_inr_of_1_4_passes_and_1_41_blocks(inr: str, standing: str) -> None:
    assert patient_with(inr=inr).standing("lp") == standing


@pytest.mark.parametrize(
    ("at", "standing"),
    [("19:59:59", "blocked"), ("20:00", "recommended"), ("20:00:01", "recommended")],
)
def test_lmwh_blocks_for_11_h_59_min_59_s_and_12_h_pass(at: str, standing: str) -> None:
    patient = patient_with(lmwh_time="2026-03-01T08:00")
    patient.waits_until(at)
    assert patient.standing("lp") == standing


def test_the_lmwh_block_falls_at_the_announced_second() -> None:
    patient = patient_with(lmwh_time="2026-03-01T08:00")
    assert patient.view.next_change_at == instant("20:00")


def test_lmwh_counts_elapsed_hours_through_the_night_of_the_clock_change() -> None:
    """In Berlin 20:00 to 09:00 on the night to 29 March 2026 are twelve hours, not thirteen."""
    patient = patient_with("2026-03-28T20:00", "Europe/Berlin", lmwh_time="2026-03-28T20:00")
    patient.waits_until("2026-03-29T08:59:59")
    assert patient.standing("lp") == "blocked"
    patient.waits_until("2026-03-29T09:00")
    assert patient.standing("lp") == "recommended"


def test_lmwh_counts_elapsed_hours_through_the_longer_night_of_autumn() -> None:
    patient = patient_with("2026-10-24T20:00", "Europe/Berlin", lmwh_time="2026-10-24T20:00")
    patient.waits_until("2026-10-25T06:59:59")
    assert patient.standing("lp") == "blocked"
    patient.waits_until("2026-10-25T07:00")
    assert patient.standing("lp") == "recommended"


def test_each_unknown_alone_holds() -> None:
    for missing in SAFE:
        patient = patient_on(LP)
        patient.at("08:00").records(**{name: value for name, value in SAFE.items() if name != missing})
        assert patient.standing("lp") == "held", missing


@pytest.mark.parametrize(
    "timezone", ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "-03:30"]
)
def test_twelve_calendar_months_end_at_local_midnight(timezone: str) -> None:
    patient = patient_with("2027-01-30T12:00", timezone, therapy_start="2026-01-31")
    patient.waits_until("2027-01-30T23:59:59")
    assert patient.standing("stop") == "blocked"
    assert patient.view.next_change_at == instant("2027-01-31T00:00", timezone)
    patient.waits_until("2027-01-31T00:00")
    assert patient.standing("stop") == "recommended"


def test_a_day_whose_midnight_the_clocks_skip_begins_at_its_first_second() -> None:
    """In Sao Paulo 4 November 2018 began at 01:00, one second after 23:59:59 of the third."""
    patient = patient_with("2018-11-03T12:00", "America/Sao_Paulo", therapy_start="2017-11-04")
    first = instant("2018-11-04T01:00", "America/Sao_Paulo")
    assert patient.view.next_change_at == first
    patient.waits_until(first - 1)
    assert patient.standing("stop") == "blocked"
    patient.waits_until(first)
    assert patient.standing("stop") == "recommended"


def test_the_29_of_february_comes_of_age_on_the_28() -> None:
    patient = patient_with("2025-02-27T23:59:59", therapy_start="2024-02-29")
    assert patient.standing("stop") == "blocked"
    patient.waits_until("2025-02-28T00:00")
    assert patient.standing("stop") == "recommended"
