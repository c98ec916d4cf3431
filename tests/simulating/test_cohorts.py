"""Simulated cohorts: the same bytes anywhere, conforming, reaching every branch, told apart from patients."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from pathway.engine import events as ev
from pathway.engine.case import Case
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.language.numbers import parse_exact
from pathway.language.values import read_value
from pathway.replay.conformance import conformance
from pathway.replay.report.cases import cases_in
from pathway.simulating.cases import Simulator
from pathway.simulating.chance import Chance
from pathway.simulating.cohort import Cohort, cohort_files, write_cohort
from pathway.simulating.values import Values

RICH = load_definition(Path(__file__).parents[1] / "replay" / "rich.yaml")
CASES = 20


@pytest.fixture(scope="module")
def sepsis() -> Definition:
    return load_definition(find_pathway("sepsis_first_hours"))


@pytest.fixture(scope="module")
def septic(sepsis: Definition) -> list[Case]:
    """Cases of the bundled pathway of sepsis."""
    simulator = Simulator(compile_pathway(sepsis), 1, 10)
    return [simulator.case(number) for number in range(1, 121)]


def events_of(cases: list[Case], kind: type[ev.EventBase]) -> list[ev.Event]:
    return [event for case in cases for event in case.events if isinstance(event, kind)]


# --- the same bytes -------------------------------------------------------------------------------
def test_a_cohort_is_the_same_bytes_in_one_file_or_several_by_one_process_or_two(tmp_path: Path) -> None:
    cohort = Cohort(RICH, CASES, 7, 10)
    whole = write_cohort(cohort, [tmp_path / "all.jsonl"])
    parts = write_cohort(cohort, cohort_files(tmp_path, "part", 4), workers=2)
    joined = b"".join(file.read_bytes() for file in parts.files)
    assert joined == whole.files[0].read_bytes()
    assert (whole.cases, whole.events) == (parts.cases, parts.events)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "all.jsonl", "part-1.jsonl", "part-2.jsonl", "part-3.jsonl", "part-4.jsonl",
    ]  # fmt: skip


def test_a_case_depends_on_the_seed_and_its_number_alone() -> None:
    simulator = Simulator(compile_pathway(RICH), 7, 10)
    before = simulator.log(5)
    simulator.log(4)
    assert simulator.log(5) == before
    assert Simulator(compile_pathway(RICH), 8, 10).log(5) != before
    assert simulator.log(6) != before


def test_chance_comes_out_the_same_on_every_machine() -> None:
    chance = Chance("7/1")
    assert [chance.below(1000) for _ in range(6)] == [495, 773, 156, 711, 974, 538]


# --- what is in it --------------------------------------------------------------------------------
def test_every_simulated_log_is_read_and_conforms(tmp_path: Path, sepsis: Definition) -> None:
    for definition in (RICH, sepsis):
        [file] = write_cohort(Cohort(definition, CASES, 2, 20), [tmp_path / "logs.jsonl"]).files
        found = list(cases_in(file))
        assert len(found) == CASES
        for one in found:
            assert one.log is not None
            assert conformance(one.log, compile_pathway(definition)).divergence is None


def test_cases_go_every_way_of_their_pathway(septic: list[Case], sepsis: Definition) -> None:
    written = {
        (way.track, way.source, way.to)
        for track in sepsis.tracks.values()
        for state in track.states.values()
        for way in state.next
    }
    moves = [one for one in events_of(septic, ev.TransitionTaken) if isinstance(one, ev.TransitionTaken)]
    taken = {(one.track, one.source, one.to) for one in moves if one.cause != "override"}
    assert taken == written


def test_facts_stay_unknown_deeds_are_declined_late_and_written_down_later(septic: list[Case]) -> None:
    retracted = events_of(septic, ev.FactRetracted)
    assert {one.reason for one in retracted if isinstance(one, ev.FactRetracted)} == {
        "asked_unknown", "refused", "pending",
    }  # fmt: skip
    done = [one for one in events_of(septic, ev.ActionDone) if isinstance(one, ev.ActionDone)]
    assert any(one.done_at < one.recorded_at for one in done)
    assert events_of(septic, ev.ActionDeclined)
    deeds = [deed for case in septic for deed in case.view.done]
    assert {"met", "late"} <= {deed.urgency for deed in deeds}


def test_the_share_of_missing_facts_is_as_asked_for(sepsis: Definition) -> None:
    compiled = compile_pathway(sepsis)
    complete = [Simulator(compiled, 1, 0).case(number) for number in range(1, 11)]
    empty = [Simulator(compiled, 1, 100).case(number) for number in range(1, 11)]
    assert not events_of(complete, ev.FactRetracted)
    deeds = {row.fact for action in sepsis.actions.values() for row in action.records}
    recorded = [one.fact for one in events_of(empty, ev.FactRecorded) if isinstance(one, ev.FactRecorded)]
    assert set(recorded) <= deeds


def test_nobody_takes_a_simulated_log_for_a_patient(septic: list[Case]) -> None:
    for case in septic:
        assert case.id.startswith("simulated-1-")
        assert case.view.label == "SIMULATED: no patient"
        assert {event.by for event in case.events} <= {"simulation", "pathway"}


# --- values ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["sepsis_first_hours", "spinal_leptomeningeal_infection"])
def test_every_value_that_is_drawn_can_be_entered(name: str) -> None:
    definition, zone = load_definition(find_pathway(name)), parse_zone("Europe/Berlin")
    values, chance = Values(definition), Chance("values")
    for fact in definition.facts.values():
        for _ in range(12 if fact.recordable else 0):
            read_value(fact, values.draw(fact.name, 1_772_352_000, zone, chance), zone)


def test_numbers_lie_below_at_and_above_the_thresholds_of_guards() -> None:
    values, chance, zone = Values(RICH), Chance("near"), parse_zone()
    drawn = {str(values.draw("platelet_count", 0, zone, chance)) for _ in range(60)}
    step = RICH.facts["platelet_count"].step or Fraction(1, 100)
    assert {Fraction(40) - step, Fraction(40), Fraction(40) + step} <= set(map(parse_exact, drawn))


def test_without_a_range_and_a_step_numbers_are_still_drawn() -> None:
    fact = replace(RICH.facts["platelet_count"], low=None, high=None, step=None)
    values = Values(replace(RICH, facts={**RICH.facts, fact.name: fact}))
    chance, zone = Chance("free"), parse_zone()
    assert len({values.draw(fact.name, 0, zone, chance) for _ in range(40)}) > 10
