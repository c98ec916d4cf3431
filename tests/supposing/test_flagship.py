"""The flagship in the middle of a case: what opens the puncture, and which questions still matter."""

from __future__ import annotations

import pytest

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.supposing.nearest import nearest_changes
from pathway.supposing.questions import Weight, questions
from pathway.supposing.subjects import Offer
from tests.semantics.stepping import Patient, admitted
from tests.supposing.words import facts_of

SAFE = {
    "platelet_count": "210", "inr": "1.0", "coagulopathy": "false", "lp_site_infection": "false",
    "severe_sepsis_signs": "false", "lmwh_intent": "none",
}  # fmt: skip


@pytest.fixture(scope="module")
def flagship() -> CompiledPathway:
    return compile_pathway(load_definition(find_pathway("spinal-leptomeningeal-infection")))


def suspected(flagship: CompiledPathway, **facts: str) -> Patient:
    patient = admitted(flagship)
    patient.at("08:00").records(leptomeningitis_suspected="true", age_years="46", **facts)
    return patient


def test_platelets_of_39_need_40_and_an_unknown_inr_at_most_1_4(flagship: CompiledPathway) -> None:
    patient = suspected(flagship, **SAFE | {"platelet_count": "39", "inr": "unknown"})
    found = nearest_changes(patient.case, Offer("lumbar_puncture"))
    assert [facts_of(change) for change in found.changes] == [
        {"platelet_count": ("at_least", "40"), "inr": ("at_most", "1.4")}
    ]


def test_all_six_tests_are_cleared_within_the_budget(flagship: CompiledPathway) -> None:
    patient = suspected(flagship, platelet_count="39")
    found = nearest_changes(patient.case, Offer("lumbar_puncture"))
    assert set(facts_of(found.changes[0])) == set(SAFE)
    assert found.tried < 300


def test_twelve_hours_after_the_heparin_the_puncture_opens_by_itself(flagship: CompiledPathway) -> None:
    heparin = {"lmwh_intent": "prophylactic", "lmwh_last_dose_time": "2026-02-28T20:35"}
    patient = suspected(flagship, **SAFE | heparin)
    (change,) = nearest_changes(patient.case, Offer("lumbar_puncture")).changes
    assert (change.facts, change.deeds) == ((), ())
    assert change.from_at == patient.case.now + 35 * 60


def test_the_last_missing_test_can_change_the_next_step(flagship: CompiledPathway) -> None:
    patient = suspected(flagship, **SAFE | {"inr": "unknown"})
    ranked = {rank.fact: rank for rank in questions(patient.case)}
    assert ranked["inr"].weight is Weight.COURSE
    assert ranked["lm_mri_pattern"].weight is Weight.NOTHING
    assert all(rank.tried for rank in ranked.values())


def test_the_aptt_matters_only_until_no_heparin_is_given(flagship: CompiledPathway) -> None:
    asked = {rank.fact: rank.weight for rank in questions(suspected(flagship).case)}
    assert asked["aptt_ratio"] is Weight.WITH_OTHERS
    without = suspected(flagship, **SAFE | {"other_antithrombotic": "none"})
    assert {rank.fact: rank.weight for rank in questions(without.case)}["aptt_ratio"] is Weight.NOTHING
