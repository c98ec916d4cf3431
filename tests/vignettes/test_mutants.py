"""Every small change of a definition is enumerated, and its cases either fail with it or it is told."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from pathway.engine.compiling import compile_pathway
from pathway.language import definition as written
from pathway.language import expression as ex
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError
from pathway.vignettes.bench import bench_of
from pathway.vignettes.finding import case_files
from pathway.vignettes.judging import judge
from pathway.vignettes.mutant_campaign import Campaign, run_campaign
from pathway.vignettes.mutant_elements import RULES, mutants
from pathway.vignettes.mutant_proof import is_equivalent
from pathway.vignettes.mutant_reasons import held_against, read_reasons
from pathway.vignettes.mutants import CHECK, Choice, Workshop
from pathway.vignettes.mutating import WHOLE, Mutant
from tests.vignettes.clinic import CASES, CLINIC, HEAD, write_clinic

LOW_PLATELETS = "safeguards.low_platelets.when"


@lru_cache
def clinic(text: str = CLINIC) -> Definition:
    return definition_from_text(text)


def of(element: str, text: str = CLINIC) -> list[Mutant]:
    return [one for one in mutants(clinic(text)) if one.element == element]


def said(element: str, text: str = CLINIC) -> set[str]:
    return {f"{one.kind}: {one.before} -> {one.after}" for one in of(element, text)}


def with_guard(guard: str, facts: str = "") -> str:
    """The clinic with another guard on the puncture, and further facts."""
    text = CLINIC.replace("when: platelet_count < 40,", f'when: "{guard}",')
    return text.replace("facts:\n", f"facts:\n{facts}")


def changed(guard: str, facts: str = "") -> set[str]:
    return said(LOW_PLATELETS, with_guard(guard, facts))


@pytest.fixture(scope="module")
def killed_all(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return run_campaign(write_clinic(tmp_path_factory.mktemp("clinic") / "all"))


# --- the enumeration ----------------------------------------------------------------------------
def test_a_threshold_is_moved_by_one_step_and_its_comparison_turned() -> None:
    assert said(LOW_PLATELETS) == {
        "comparison: platelet_count < 40 -> platelet_count <= 40",
        "comparison: platelet_count < 40 -> platelet_count >= 40",
        "literal: 40 -> 39 10*9/L",
        "literal: 40 -> 41 10*9/L",
    }


def test_every_connective_operand_and_negation_is_changed() -> None:
    assert changed("suspected and not (drugs includes aspirin or drugs is empty)") == {
        "connective: suspected and not (drugs includes aspirin or drugs is empty)"
        " -> suspected or not (drugs includes aspirin or drugs is empty)",
        "operand: suspected -> nothing",
        "operand: not (drugs includes aspirin or drugs is empty) -> nothing",
        "negation: suspected -> not suspected",
        "negation: not (drugs includes aspirin or drugs is empty)"
        " -> (drugs includes aspirin or drugs is empty)",
        "connective: (drugs includes aspirin or drugs is empty) -> drugs includes aspirin and drugs is empty",
        "operand: drugs includes aspirin -> nothing",
        "operand: drugs is empty -> nothing",
        "negation: drugs includes aspirin -> not (drugs includes aspirin)",
        "negation: drugs is empty -> not (drugs is empty)",
        "code: aspirin -> warfarin",
    }


def test_implications_and_counts_are_changed() -> None:
    assert "connective: suspected implies inr is known -> suspected and inr is known" in changed(
        "suspected implies inr is known", "  inr: {type: quantity, unit: '1'}\n"
    )
    counted = changed("at least 2 of (suspected, drugs is empty, inr)", "  inr: {type: boolean}\n")
    assert {"connective: at least 2 -> at least 1", "connective: at least 2 -> at least 3"} <= counted


@pytest.mark.parametrize(
    ("guard", "before", "after"),
    [
        ("time since seen < 12 h", "12 h", {"11 h 59 min 59 s", "12 h 1 s"}),
        ("today < start_date + 12 mo", "12 mo", {"11 mo", "13 mo"}),
        ("days since start_date < 42 d", "42 d", {"41 d", "43 d"}),
        ("hb < 7.5", "7.5", {"7.4 g/dL", "7.6 g/dL"}),
        ("platelet_count between 40 and 50", "40", {"39 10*9/L", "41 10*9/L"}),
    ],
)
def test_a_step_is_that_of_the_fact_the_clock_the_calendar_or_the_last_digit(
    guard: str, before: str, after: set[str]
) -> None:
    facts = "  seen: {type: dateTime}\n  hb: {type: quantity, unit: g/dL}\n"
    assert {f"literal: {before} -> {other}" for other in after} <= changed(guard, facts)


def test_doses_caps_schedules_and_deadlines_are_changed() -> None:
    everything = {f"{one.element}: {one.before} -> {one.after}" for one in mutants(clinic())}
    assert {
        "actions.antibiotic.dose.1.amount: 100 mg/kg/d -> 101 mg/kg/d",
        "actions.antibiotic.dose.1.cap: 4000 mg/d -> 3999 mg/d",
        "actions.antibiotic.dose.1.cap: 4000 mg/d -> nothing",
        "actions.antibiotic.dose.1.times: weight_kg -> nothing",
        "actions.drip.schedule.periods.1.times: 2 -> 3",
        "actions.drip.schedule.periods.1.lasts: 48 h -> 24 h",
        "tracks.care.work.do.puncture.within: 4 h -> 4 h 1 s",
        "tracks.care.work.do.puncture.within: 4 h -> nothing",
        "safeguards.low_platelets.effect: block -> warn",
        "safeguards.low_platelets.override: specialist -> nobody",
    } <= everything


def test_every_element_is_deleted_once() -> None:
    deleted = {one.element for one in mutants(clinic()) if one.kind == "deletion"}
    assert deleted == {
        "actions.antibiotic.dose.1", "actions.drip.schedule", "actions.drip.schedule.periods.1",
        "actions.drip.schedule.periods.2", "safeguards.low_platelets", "safeguards.blood_thinner",
        "safeguards.too_early", "tracks.care.intake.next.work", "tracks.care.intake.next.home",
        "tracks.care.work.do.puncture", "tracks.care.work.do.antibiotic", "tracks.care.work.do.drip",
        "tracks.care.work.do.stop", "tracks.care.work.next.home",
    }  # fmt: skip


def test_a_mutant_differs_from_the_original_in_one_member_of_one_section() -> None:
    original = clinic()
    for one in mutants(original):
        mutated = one.definition
        different = {
            (field.name, name)
            for field in fields(original)
            if field.name in ("facts", "actions", "safeguards", "notices", "tracks")
            for name in getattr(original, field.name)
            if getattr(mutated, field.name).get(name) != getattr(original, field.name)[name]
        }
        assert different == {(one.section, one.name)}, one.id


def test_ids_are_unique_and_the_same_every_time() -> None:
    ids = [one.id for one in mutants(clinic())]
    assert len(set(ids)) == len(ids)
    assert ids == [one.id for one in mutants(definition_from_text(CLINIC))]


def test_every_mutant_knows_the_place_of_its_element() -> None:
    lines = CLINIC.splitlines()
    for one in mutants(clinic()):
        assert one.place is not None
        assert lines[one.place.line - 1].strip()
    assert {one.place.line for one in of(LOW_PLATELETS) if one.place} == {
        1 + next(index for index, line in enumerate(lines) if "low_platelets:" in line)
    }


# A new kind of node, or a new field, has to be given a rule or a reason before this passes.
PARTS = [
    part for part in vars(written).values() if isinstance(part, type) and part.__module__ == written.__name__
]
EXEMPT_PARTS = {
    written.Source: "words and where they come from",
    written.Claim: "for the prover; no case runs it",
}


@pytest.mark.parametrize("part", [*ex.NODES, *PARTS])
def test_every_field_of_every_part_is_mutated_or_says_why_not(part: type[Any]) -> None:
    if part in EXEMPT_PARTS:
        assert part not in RULES
        return
    rules = RULES[part]
    assert set(rules) - {WHOLE} == {field.name for field in fields(part)}
    assert all(rule for rule in rules.values()), "a field has a rule, or the reason why there is none"


# --- running ------------------------------------------------------------------------------------
def test_good_cases_kill_every_mutant(killed_all: Campaign) -> None:
    assert killed_all.failing == ()
    assert [one.mutant.id for one in killed_all.survivors] == []
    assert killed_all.killed == len(killed_all.results) == len(killed_all.ids)


def test_without_the_case_on_the_boundary_its_mutants_survive(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic", without=("platelets_40",))
    found = run_campaign(main_file, Choice(only=LOW_PLATELETS))
    assert {f"{one.mutant.before} -> {one.mutant.after}" for one in found.survivors} == {
        "platelet_count < 40 -> platelet_count <= 40",
        "40 -> 41 10*9/L",
    }


def test_without_the_case_of_a_drug_its_place_in_the_list_survives(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic", without=("heparin",))
    found = run_campaign(main_file, Choice(only="safeguards.blood_thinner"))
    assert [f"{one.mutant.before} -> {one.mutant.after}" for one in found.survivors] == ["heparin -> nothing"]


@pytest.mark.parametrize("left_out", list(CASES))
def test_what_is_not_reached_would_not_fail(left_out: str, tmp_path: Path) -> None:
    """The soundness of skipping: a vignette that does not reach a mutant holds with it."""
    main_file = write_clinic(tmp_path / "clinic")
    files = [file for file in case_files(main_file) if file.stem == left_out]
    workshop = Workshop(bench_of(main_file), files, Choice())
    reached = workshop.reached(0)
    assert reached.holds
    for number, mutant in enumerate(workshop.mutants):
        if number not in reached.mutants:
            compiled = compile_pathway(mutant.definition)
            assert judge(compiled, workshop.vignettes[0]).hold, mutant.id


def test_several_processes_find_what_one_finds(killed_all: Campaign, tmp_path: Path) -> None:
    choice = Choice(only="safeguards")
    together = run_campaign(write_clinic(tmp_path / "clinic"), choice, jobs=2)
    of_safeguards = [one for one in killed_all.results if one.mutant.section == "safeguards"]
    alone = {one.mutant.id: one.fate.killer for one in of_safeguards}
    assert {one.mutant.id: one.fate.killer for one in together.results} == alone


def test_a_case_that_fails_on_the_definition_itself_judges_nothing(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic")
    wrong = HEAD + "  - {at: 2026-03-01T08:00, note: A, expect: {recommended: [stop]}}\n"
    (main_file.parent / "cases" / "wrong.yaml").write_text(wrong, "utf-8")
    found = run_campaign(main_file, Choice(only=LOW_PLATELETS))
    assert found.failing == ("wrong",)
    assert all(one.fate.killer in ("platelets_39", "platelets_40") for one in found.results)


def test_a_mutant_that_goes_round_in_a_circle_is_killed_by_check(tmp_path: Path) -> None:
    circle = """
  spin:
    start: here
    states:
      here: {kind: decision, next: [{to: there, when: 'true'}]}
      there: {kind: decision, next: [{to: here, when: 'false'}]}
"""
    main_file = write_clinic(tmp_path / "clinic", text=CLINIC.rstrip() + circle)
    found = run_campaign(main_file, Choice(only="tracks.spin.there.next.here.when"))
    assert [one.fate.killer for one in found.results] == [CHECK]


def test_an_unseen_deletion_is_told_apart(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic", without=("warfarin", "heparin"))
    found = run_campaign(main_file, Choice(only="safeguards.blood_thinner", kind="deletion"))
    assert [one.mutant.element for one in found.unseen_deletions] == ["safeguards.blood_thinner"]


# --- choosing -----------------------------------------------------------------------------------
def test_a_sample_is_drawn_by_its_seed() -> None:
    drawn = [[one.id for one in Choice(sample=10, seed=seed).of(mutants(clinic()))] for seed in (1, 1, 2)]
    assert [len(ids) for ids in drawn] == [10, 10, 10]
    assert drawn[0] == drawn[1] != drawn[2]
    every = [one.id for one in mutants(clinic())]
    assert drawn[0] == [name for name in every if name in drawn[0]]


def test_mutants_are_chosen_by_element_and_kind() -> None:
    chosen = Choice(only="safeguards.low_platelets", kind="literal").of(mutants(clinic()))
    assert [one.after for one in chosen] == ["39 10*9/L", "41 10*9/L"]
    assert Choice(only="safeguards.low").of(mutants(clinic())) == []


# --- proofs -------------------------------------------------------------------------------------
INR = "  inr: {type: quantity, unit: '1', range: [0, 20], step: 0.1}\n"


def proven(guard: str, facts: str = INR) -> set[str]:
    found = of(LOW_PLATELETS, with_guard(guard, facts))
    return {f"{one.before} -> {one.after}" for one in found if is_equivalent(one)}


def test_a_condition_that_another_one_implies_may_go_unnoticed() -> None:
    assert proven("inr > 2 and inr > 1") == {
        "inr > 1 -> nothing", "inr > 1 -> inr >= 1", "1 -> 0.9", "1 -> 1.1",
    }  # fmt: skip


def test_a_threshold_beyond_the_range_may_go_unnoticed() -> None:
    assert proven("inr > 20") == {"20 -> 20.1"}


@pytest.mark.parametrize(
    "guard",
    [
        "inr > 1.4", "suspected and inr > 1.4", "inr is known and inr > 1.4", "today < start_date + 42 d",
        "not suspected or drugs includes aspirin", "done(stop) and not declined(stop)",
    ],
)  # fmt: skip
def test_nothing_is_proven_of_what_a_patient_can_tell_apart(guard: str) -> None:
    assert proven(guard) == set()


def test_what_only_counts_while_true_may_be_unknown_instead_of_false() -> None:
    guard = "platelet_count is known and platelet_count > 5"
    assert proven(guard) == set()
    text = CLINIC.replace("{title: Stop, type: order}", f"{{title: Stop, type: order, evidence: {guard}}}")
    found = [one for one in of("actions.stop.evidence", text) if is_equivalent(one)]
    assert [one.before for one in found] == ["platelet_count is known"]


# --- reasons ------------------------------------------------------------------------------------
def test_a_survivor_with_a_reason_is_accepted_and_a_reason_for_none_is_told(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic", without=("platelets_40",))
    found = run_campaign(main_file, Choice(only=LOW_PLATELETS))
    first, second = (one.mutant.id for one in found.survivors)
    killed = next(one.mutant.id for one in found.results if not one.survives)
    other = of("safeguards.too_early.when")[0].id
    gone = "safeguards.gone.when.literal.0"
    lines = [f"{name}: The counter gives no 40" for name in (first, killed, other, gone)]
    (main_file.parent / "mutants.yaml").write_text("\n".join(lines), "utf-8")
    standing = held_against(found, read_reasons(main_file))
    assert [one.mutant.id for one in standing.unexplained] == [second]
    accepted = [(one.mutant.id, why.reason) for one, why in standing.accepted]
    assert accepted == [(first, "The counter gives no 40")]
    assert [name for name, _ in standing.no_longer] == [killed, gone]


def test_a_reason_that_says_nothing_is_refused(tmp_path: Path) -> None:
    main_file = write_clinic(tmp_path / "clinic")
    (main_file.parent / "mutants.yaml").write_text("safeguards.low_platelets.when.literal.1: ''\n", "utf-8")
    with pytest.raises(DefinitionError, match="may survive without a reason"):
        read_reasons(main_file)
