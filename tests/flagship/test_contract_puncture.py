"""Contract, `lp_decision` and `lp_allowed_from`: one gate of six tests before lumbar puncture."""

from __future__ import annotations

import itertools

import pytest

from tests.flagship.outside import (
    SAFE,
    SUSPECTED,
    Facts,
    Written,
    at,
    last,
    now,
    steps,
)

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


# --- lp_decision: one gate of six tests (S14 to S17, S90 to S92, A8, A9) ---
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


@pytest.mark.parametrize(
    ("platelets", "decision"), [("39", "blocked"), ("39.9", "blocked"), ("40", "proceed")]
)
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


# --- lp_allowed_from ---
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
