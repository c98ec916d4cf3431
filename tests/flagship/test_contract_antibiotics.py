"""Contract, "Ceftriaxone and calcium", and the article on the first dose (S42 to S48, S88, S96, S97)."""

from __future__ import annotations

import pytest

from tests.flagship.outside import SAFE, SUSPECTED, Facts, Written, at, last, now, steps

BACTERIAL: dict[str, Written] = {"bacterial_meningitis_suspected": "true"}
NEONATE: dict[str, Written] = {**BACTERIAL, "age_days": "10", "weight_kg": "3.5"}
CHILD: dict[str, Written] = {**BACTERIAL, "age_years": "9", "weight_kg": "30"}
ADULT: dict[str, Written] = {**BACTERIAL, "age_years": "46", "weight_kg": "70"}


# --- the first dose ---
def test_suspected_bacterial_meningitis_calls_for_the_antibiotic_at_once_whatever_else_is_missing() -> None:
    """S42."""
    for more in ({}, SUSPECTED, {"leptomeningitis_suspected": "false"}, {"age_years": "46"}):
        assert now(BACTERIAL | more).recommends("empiric_iv_antibiotic")


def test_vertebral_infection_alone_does_not_call_for_it() -> None:
    """A31."""
    shown = now(SUSPECTED | {"vertebral_involvement": "true", "bacterial_meningitis_suspected": "false"})
    assert shown.stands("empiric_iv_antibiotic") == "none"
    assert shown.warnings("A31")


@pytest.mark.parametrize("sign", ["severe_sepsis_signs", "rapidly_evolving_rash"])
def test_with_sepsis_or_rash_it_waits_for_neither_imaging_nor_puncture(sign: str) -> None:
    """S47, S48, S88."""
    shown = now(BACTERIAL | SUSPECTED | {sign: "true", "ct_pending": "true"})
    assert shown.recommends("empiric_iv_antibiotic")
    assert shown.warnings("S88") or shown.warnings("S47")


SEPSIS: dict[str, Written] = {
    **BACTERIAL,
    "severe_sepsis_signs": "true",
    "presentation_time": "2026-03-01T07:30",
}


RASH = {name: value for name, value in SEPSIS.items() if name != "severe_sepsis_signs"} | {
    "rapidly_evolving_rash": "true"
}


@pytest.mark.parametrize("facts", [SEPSIS, RASH, SEPSIS | RASH])
def test_with_sepsis_or_rash_it_is_due_within_the_hour_from_presentation(facts: Facts) -> None:
    """S43, A26."""
    assert now(facts).entry("recommended", "empiric_iv_antibiotic")["due"] == "2026-03-01T08:30:00+00:00"


@pytest.mark.parametrize(
    ("given", "urgency"),
    [("08:29:59", "met"), ("08:30:00", "met"), ("08:30:01", "late"), ("09:00:00", "late")],
)
def test_a_dose_at_exactly_60_minutes_is_met_and_a_second_later_late(given: str, urgency: str) -> None:
    """S43, rule 18."""
    shown = last(at("07:45", SEPSIS), at(given, done="[empiric_iv_antibiotic]"))
    assert shown.deeds("empiric_iv_antibiotic")[0]["urgency"] == urgency


@pytest.mark.parametrize(
    ("when", "urgency"), [("08:14:59", "ok"), ("08:20", "soon"), ("08:30:00", "soon"), ("08:30:01", "late")]
)
def test_the_last_quarter_of_the_hour_is_soon_and_after_it_late(when: str, urgency: str) -> None:
    shown = last(at("07:45", SEPSIS), at(when))
    assert shown.entry("recommended", "empiric_iv_antibiotic")["urgency"] == urgency


def test_without_a_time_of_presentation_there_is_no_due_time_and_it_is_asked_for() -> None:
    shown = now(BACTERIAL | {"severe_sepsis_signs": "true"})
    assert shown.entry("recommended", "empiric_iv_antibiotic")["due"] is None
    assert "presentation_time" in shown.asked()


def test_severe_sepsis_blocks_the_puncture_and_never_the_antibiotic() -> None:
    """S17, S47."""
    shown = now(BACTERIAL | SUSPECTED | SAFE | {"severe_sepsis_signs": "true"})
    assert shown.blocks("lumbar_puncture")
    assert shown.recommends("empiric_iv_antibiotic")


# --- ceftriaxone in children (S45, S46) ---
@pytest.mark.parametrize(
    ("weight", "amount", "capped"),
    [
        ("3.5", "350", False),
        ("30", "3000", False),
        ("39.9", "3990", False),
        ("40", "4000", None),
        ("40.1", "4000", True),
        ("45", "4000", True),
    ],
)
def test_a_child_gets_100_mg_per_kg_and_no_more_than_4_g_a_day(
    weight: str, amount: str, capped: bool | None
) -> None:
    dose = now(CHILD | {"weight_kg": weight}).dose("ceftriaxone_child")
    assert (dose["amount"], dose["unit"], dose["route"]) == (amount, "mg/d", "IV")
    if capped is not None:
        assert dose["capped"] is capped


def test_without_a_weight_the_dose_needs_it_and_the_antibiotic_is_recommended_all_the_same() -> None:
    shown = now(BACTERIAL | {"age_years": "9"})
    assert shown.dose("ceftriaxone_child") == {"needs": ["weight_kg"]}
    assert "weight_kg" in shown.asked()
    assert shown.recommends("empiric_iv_antibiotic")


@pytest.mark.parametrize(
    "child", [{"is_child": "true"}, {"age_years": "17.99"}, {"age_days": "10"}, {"is_neonate": "true"}]
)
def test_a_childs_ceftriaxone_is_called_for_with_the_empiric_antibiotic_neonates_included(
    child: Facts,
) -> None:
    shown = now(BACTERIAL | child | {"weight_kg": "4", "calcium_iv_concurrent": "false"})
    assert shown.recommends("empiric_iv_antibiotic")
    assert shown.recommends("ceftriaxone_child")
    assert shown.dose("ceftriaxone_child")["amount"] == "400"


@pytest.mark.parametrize(
    "adult", [{"age_years": "18"}, {"is_child": "false"}, {"age_years": "9", "is_child": "false"}]
)
def test_no_childs_dose_for_an_adult(adult: Facts) -> None:
    shown = now(BACTERIAL | adult | {"weight_kg": "30"})
    assert shown.stands("ceftriaxone_child") == "none"
    assert "ceftriaxone_child" not in shown.step["doses"]


@pytest.mark.parametrize("suspicion", [{}, {"bacterial_meningitis_suspected": "true"}])
def test_the_bacterial_arm_calls_for_both_where_no_dose_was_given_yet(suspicion: Facts) -> None:
    """A transfer: the cause is recorded, the suspicion is not."""
    arm: dict[str, Written] = {"etiology": "bacterial", **suspicion}
    child = now(arm | {"age_years": "9", "weight_kg": "30"})
    assert child.recommends("empiric_iv_antibiotic")
    assert child.recommends("ceftriaxone_child")
    assert child.dose("ceftriaxone_child")["amount"] == "3000"
    neonate = now(arm | {"age_days": "10", "weight_kg": "3"})
    assert neonate.recommends("empiric_iv_antibiotic")
    assert neonate.holds("ceftriaxone_child")
    adult = now(arm | {"age_years": "46"})
    assert adult.dose("ceftriaxone_adult")["amount"] == "2000"
    assert adult.warnings("A2")
    assert not adult.recommends("ceftriaxone_adult")


def test_no_childs_ceftriaxone_without_suspected_bacterial_meningitis() -> None:
    assert now(SUSPECTED | {"age_years": "9", "weight_kg": "30"}).stands("ceftriaxone_child") == "none"


# --- ceftriaxone in adults (S44, A2) ---
@pytest.mark.parametrize(
    "facts",
    [
        ADULT,
        ADULT | {"etiology": "bacterial"},
        ADULT | {"severe_sepsis_signs": "true"},
        ADULT | SAFE | SUSPECTED,
    ],
)
@pytest.mark.parametrize("layers", [None, "article"])
def test_the_adult_dose_is_never_recommended(facts: Facts, layers: str | None) -> None:
    shown = steps(
        at("08:00", facts), at("09:00", done="[empiric_iv_antibiotic]"), at("2026-03-03"), layers=layers
    )
    assert not any(one.recommends("ceftriaxone_adult") for one in shown)


def test_an_override_does_not_make_the_adult_dose_an_order() -> None:
    shown = steps(at("08:00", ADULT), at("08:05", {"age_years": "47"}))
    assert not any(one.recommends("ceftriaxone_adult") for one in shown)


@pytest.mark.parametrize("layers", [None, "article"])
def test_the_adult_dose_is_the_articles_figure_beside_its_warning(layers: str | None) -> None:
    """A2: a mandatory warning of high severity; it stays without the supplement layer."""
    shown = now(ADULT, layers=layers)
    dose = shown.dose("ceftriaxone_adult")
    assert (dose["amount"], dose["unit"]) == ("2000", "mg/d")
    assert {(part["amount"], part["every"]) for part in dose["divided"]} == {
        ("2000", "24 h"),
        ("1000", "12 h"),
    }
    assert [warning["severity"] for warning in shown.warnings("A2")] == ["high"]


# --- calcium (S96, S97, A27) ---
CALCIUM: dict[str, Written] = {"calcium_iv_concurrent": "true"}


@pytest.mark.parametrize(
    "patient", [{}, {"age_days": "10"}, {"age_years": "9"}, {"age_years": "46"}, NEONATE, ADULT]
)
def test_calcium_beside_ceftriaxone_is_blocked_at_any_age(patient: Facts) -> None:
    shown = now(patient | CALCIUM)
    assert shown.blocks("calcium_iv")
    assert "S96" in shown.entry("blocked", "calcium_iv")["cites"]
    assert shown.entry("blocked", "calcium_iv")["layer"] == "article"


@pytest.mark.parametrize(
    "patient", [NEONATE, NEONATE | {"age_days": "28"}, BACTERIAL | {"is_neonate": "true"}]
)
def test_calcium_blocks_a_neonates_ceftriaxone_too_and_never_the_antibiotic(patient: Facts) -> None:
    shown = now(patient | CALCIUM)
    assert shown.blocks("ceftriaxone_child")
    assert {"S97"} <= set(shown.entry("blocked", "ceftriaxone_child")["cites"])
    assert shown.recommends("empiric_iv_antibiotic")
    assert shown.warnings("A27")


@pytest.mark.parametrize("patient", [NEONATE, BACTERIAL | {"is_neonate": "true"}])
def test_an_unknown_drip_holds_a_neonates_ceftriaxone_and_never_the_antibiotic(patient: Facts) -> None:
    shown = now(patient)
    assert shown.holds("ceftriaxone_child")
    assert "calcium_iv_concurrent" in shown.entry("held", "ceftriaxone_child")["needs"]
    assert shown.recommends("empiric_iv_antibiotic")


@pytest.mark.parametrize("calcium", [{}, CALCIUM, {"calcium_iv_concurrent": "false"}])
def test_beyond_28_days_the_drip_does_not_hold_the_childs_ceftriaxone(calcium: Facts) -> None:
    for age in ({"age_days": "29"}, {"age_years": "9"}, {"is_child": "true", "is_neonate": "false"}):
        shown = now(BACTERIAL | {"weight_kg": "30", "age_years": "9"} | age | calcium)
        assert shown.recommends("ceftriaxone_child")


def test_a_child_of_29_days_is_no_neonate_and_one_of_28_is() -> None:
    infant: dict[str, Written] = {**BACTERIAL, "weight_kg": "4", "is_child": "true", **CALCIUM}
    assert now(infant | {"age_days": "29"}).recommends("ceftriaxone_child")
    assert now(infant | {"age_days": "28"}).blocks("ceftriaxone_child")


def test_a_child_who_may_be_a_neonate_is_not_cleared_beside_a_running_drip() -> None:
    for age in ({"is_child": "true"}, {"age_years": "0"}):
        assert not now(BACTERIAL | age | {"weight_kg": "4"} | CALCIUM).recommends("ceftriaxone_child")


def test_without_a_drip_a_neonates_ceftriaxone_is_cleared_with_a_warning_beside_the_dose() -> None:
    """A27: no dose for neonates without a warning."""
    shown = now(NEONATE | {"calcium_iv_concurrent": "false"})
    assert shown.recommends("ceftriaxone_child")
    assert shown.dose("ceftriaxone_child")["amount"] == "350"
    assert shown.warnings("A27")


def test_held_and_blocked_doses_are_listed_and_marked() -> None:
    held, blocked = now(NEONATE).dose("ceftriaxone_child"), now(NEONATE | CALCIUM).dose("ceftriaxone_child")
    assert (held["amount"], held["standing"]) == ("350", "held")
    assert (blocked["amount"], blocked["standing"]) == ("350", "blocked")
