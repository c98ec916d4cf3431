"""Cases at boundaries: every transition, safeguard, threshold and unknown fact has one, and it holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pathway.check.boundary_cases import BoundaryCase, WithoutCase, boundary_cases, write_cases
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.seeking import Seeker
from pathway.engine.compiling import assemble
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.vignettes.bench import Bench

ROOT = Path(__file__).parents[2]
CORRECT = sorted((ROOT / "tests" / "check" / "correct").glob("*.yaml"))
SEPSIS = ROOT / "definitions" / "sepsis_first_hours"

CLINIC = """\
pathway: clinic
version: 1.0.0
title: A clinic (made up for testing)
status: draft
layers: {made: Made up for testing}
sources:
  M1: {text: What is said here is said for testing., from: made}
facts:
  platelets: {ask: Platelets, type: quantity, unit: 10*9/L, range: [0, 2000], step: 1, cites: [M1]}
  inr: {ask: INR, type: quantity, unit: "1", range: [0.5, 20], step: 0.1, cites: [M1]}
  pain: {ask: Pain, type: quantity, unit: "1", range: [0, 10], cites: [M1]}
  onset: {ask: Onset, type: dateTime, cites: [M1]}
  birth: {ask: Date of birth, type: date, cites: [M1]}
  wish: {ask: Which way is wished?, type: code, values: {home: home, stay: to stay}, cites: [M1]}
  idle: {ask: "Is it idle?", type: boolean, cites: [M1]}
  old:
    type: boolean
    formula: months since birth >= 780 mo
    cites: [M1]
actions:
  puncture: {title: Puncture, type: procedure, cites: [M1]}
safeguards:
  few_platelets: {action: puncture, when: platelets < 40, effect: block, unknown: hold, cites: [M1]}
  thin_blood: {action: puncture, when: inr > 1.4, effect: warn, unknown: warn, cites: [M1]}
tracks:
  care:
    start: asking
    states:
      asking:
        kind: enquiry
        do:
          - {action: puncture, when: pain >= 2.5, cites: [M1]}
        next:
          - {to: early, when: time since onset <= 60 min, auto: true, cites: [M1]}
          - {to: late, when: time since onset > 60 min, auto: true, cites: [M1]}
        cites: [M1]
      early:
        kind: decision
        choice: true
        next:
          - {to: home, when: wish = home, cites: [M1]}
          - {to: stay, when: wish is known, cites: [M1]}
        cites: [M1]
      late: {kind: end, cites: [M1]}
      home: {kind: end, cites: [M1]}
      stay: {kind: end, cites: [M1]}
"""


def explored(definition: Definition) -> tuple[list[BoundaryCase], list[WithoutCase]]:
    explorer = Explorer.of(assemble(definition), Oracle())
    for _ in explorer.explore():
        pass
    found = list(boundary_cases(explorer, Seeker(explorer)))
    cases = [one for one in found if isinstance(one, BoundaryCase)]
    return cases, [one for one in found if isinstance(one, WithoutCase)]


def judged(definition: Definition, folder: Path, cases: list[BoundaryCase]) -> list[str]:
    """The files that do not hold when they are read back and judged, or that expect nothing."""
    write_cases(folder, cases)
    bench = Bench(definition)
    verdicts = {case.file: bench.judge(bench.read(folder / case.file)) for case in cases}
    return [file for file, one in verdicts.items() if not one.hold or one.judged == 0]


def expected(case: BoundaryCase) -> Any:
    return case.timeline["timeline"][-1]["expect"]


def of_triple(cases: list[BoundaryCase], name: str) -> dict[str, BoundaryCase]:
    sides = ("below", "at", "above")
    found = {case.file: case for case in cases}
    return {
        side: found[f"thresholds/{name}-{side}.yaml"]
        for side in sides
        if f"thresholds/{name}-{side}.yaml" in found
    }


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    file = tmp_path_factory.mktemp("clinic") / "clinic.yaml"
    file.write_text(CLINIC, encoding="utf-8")
    return load_definition(file)


@pytest.fixture(scope="module")
def found(clinic: Definition) -> tuple[list[BoundaryCase], list[WithoutCase]]:
    return explored(clinic)


Found = tuple[list[BoundaryCase], list[WithoutCase]]


@pytest.mark.parametrize("file", [*CORRECT, SEPSIS], ids=lambda file: file.stem)
def test_every_transition_and_safeguard_has_a_case_and_all_cases_hold(file: Path, tmp_path: Path) -> None:
    definition = load_definition(file)
    cases, without = explored(definition)
    assert judged(definition, tmp_path, cases) == []
    names = [case.file for case in cases]
    assert len({name.casefold() for name in names}) == len(names)
    ways = [way for track in definition.tracks.values() for one in track.states.values() for way in one.next]
    assert sum(name.startswith("transitions/") for name in names) == len(ways)
    guarded = sum(len(safeguard.actions) for safeguard in definition.safeguards.values())
    assert sum(name.startswith("safeguards/") for name in names) == 2 * guarded
    left_out = [one.why for one in without if not one.file.startswith("thresholds/")]
    assert set(left_out) <= {"Nothing reads it"}


@pytest.mark.parametrize("file", [*CORRECT, SEPSIS], ids=lambda file: file.stem)
def test_the_cases_at_a_threshold_do_not_all_show_the_same(file: Path) -> None:
    cases, without = explored(load_definition(file))
    groups: dict[str, list[Any]] = {}
    for case in cases:
        if case.file.startswith("thresholds/"):
            groups.setdefault(case.file.rpartition("-")[0], []).append(expected(case))
    assert groups
    assert [name for name, shown in groups.items() if all(one == shown[0] for one in shown)] == []
    beside = {one.file.rpartition("-")[0] for one in without if one.file.startswith("thresholds/")}
    assert [name for name, shown in groups.items() if len(shown) < 3 and name not in beside] == []


def test_a_transition_is_expected_to_be_taken(found: Found, clinic: Definition) -> None:
    case = next(case for case in found[0] if case.file == "transitions/care.asking-to-late.yaml")
    assert expected(case) == {"taken": ["care.late"], "states": {"care": "late"}}


def test_a_way_of_a_choice_is_taken_by_the_clinician(found: Found) -> None:
    case = next(case for case in found[0] if case.file == "transitions/care.early-to-home.yaml")
    assert case.timeline["timeline"][-1]["take"] == {"care": "home"}
    assert expected(case)["taken"] == ["care.home"]


def test_a_safeguard_blocks_in_one_case_and_holds_in_another(found: Found) -> None:
    shown = {case.file: expected(case) for case in found[0]}
    blocks, holds = (
        shown["safeguards/few_platelets-blocks.yaml"],
        shown["safeguards/few_platelets-holds.yaml"],
    )
    assert blocks["blocked"] == {"puncture": ["few_platelets"]}
    assert holds["held"] == {"puncture": ["few_platelets", "platelets"]}
    assert shown["safeguards/thin_blood-warns.yaml"]["warnings"] == ["thin_blood"]
    assert shown["safeguards/thin_blood-warns-unknown.yaml"]["warnings"] == ["thin_blood"]


def test_a_threshold_is_met_below_at_and_above_by_the_declared_step(found: Found) -> None:
    triple = of_triple(found[0], "platelets-40-few_platelets")
    entered = [case.timeline["timeline"][-1]["facts"]["platelets"] for case in triple.values()]
    assert entered == ["39", "40", "41"]
    assert ["blocked" in expected(case) for case in triple.values()] == [True, False, False]


def test_a_number_without_a_step_is_met_a_millionth_beside_the_threshold(found: Found) -> None:
    triple = of_triple(found[0], "pain-2.5-care.asking-calls-puncture")
    entered = [case.timeline["timeline"][-1]["facts"]["pain"] for case in triple.values()]
    assert entered == ["2.499999", "2.5", "2.500001"]
    assert len({str(expected(case)) for case in triple.values()}) == 2


def test_an_elapsed_time_is_met_one_second_around(found: Found) -> None:
    triple = of_triple(found[0], "time-since-onset-60-min-care.asking-to-late")
    ends = [case.timeline["timeline"][-1]["at"] for case in triple.values()]
    assert len(set(ends)) == 3
    assert [expected(case)["states"]["care"] for case in triple.values()] == ["early", "early", "late"]


def test_a_threshold_in_months_is_met_a_day_before_and_on_the_day(found: Found) -> None:
    triple = of_triple(found[0], "months-since-birth-780-mo-old")
    assert [expected(case)["facts"]["old"] for case in triple.values()] == ["false", "true", "true"]
    births = [case.timeline["timeline"][-1]["facts"]["birth"] for case in triple.values()]
    assert births[:2] == ["1961-03-02", "1961-03-01"]


def test_an_unknown_fact_shows_what_waits_for_it(found: Found) -> None:
    shown = {case.file: case for case in found[0]}
    platelets, onset = shown["unknown/platelets.yaml"], shown["unknown/onset.yaml"]
    assert platelets.timeline["timeline"][-1]["facts"]["platelets"] == "unknown"
    assert expected(platelets)["held"] == {"puncture": ["platelets"]}
    assert expected(onset)["waiting"] == {"care.early": ["onset"], "care.late": ["onset"]}


def test_what_has_no_case_is_listed_with_the_reason(found: Found) -> None:
    assert [(one.file, one.why) for one in found[1]] == [("unknown/idle.yaml", "Nothing reads it")]


def test_the_progress_ends_where_it_said_it_would(clinic: Definition) -> None:
    explorer = Explorer.of(assemble(clinic), Oracle())
    for _ in explorer.explore():
        pass
    told: list[tuple[int, int]] = []
    list(boundary_cases(explorer, Seeker(explorer), lambda done, of: told.append((done, of))))
    assert told[-1][0] == told[-1][1] == len(told)


# --- files --------------------------------------------------------------------------------------
def test_each_file_says_that_nobody_has_read_it_yet(found: Found, tmp_path: Path) -> None:
    write_cases(tmp_path, found[0])
    for case in found[0]:
        lines = (tmp_path / case.file).read_text(encoding="utf-8").splitlines()
        assert any(line.startswith("#") and "not yet read by anybody" in line for line in lines)
        assert "not yet read by anybody" in case.timeline["title"]


WRITING = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from test_boundary_cases import explored
from pathway.check.boundary_cases import write_cases
from pathway.language.load import load_definition
found = write_cases(Path(sys.argv[4]), explored(load_definition(Path(sys.argv[3])))[0])
print(len(found.written), len(found.unchanged), len(found.kept), len(found.left_over))
"""


@pytest.mark.parametrize("file", [CORRECT[0], SEPSIS], ids=lambda file: file.stem)
def test_the_second_run_changes_nothing(file: Path, tmp_path: Path) -> None:
    told: list[list[int]] = []
    for seed in ("1", "2"):
        words = [
            sys.executable,
            "-c",
            WRITING,
            str(ROOT),
            str(Path(__file__).parent),
            str(file),
            str(tmp_path),
        ]
        ran = subprocess.run(
            words, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        told.append([int(word) for word in ran.stdout.split()])
    (written, *none), (again, unchanged, *rest) = told
    assert written > 0
    assert (none, again, rest) == ([0, 0, 0], 0, [0, 0])
    assert unchanged == written


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_file_that_a_person_has_changed_is_kept(found: Found, tmp_path: Path, where: str) -> None:
    write_cases(tmp_path, found[0])
    file = tmp_path / found[0][0].file
    text = file.read_text(encoding="utf-8")
    changed = (
        text.replace("not yet read by anybody", "read by N. N.", 1) if where == "head" else text + "# read\n"
    )
    file.write_text(changed, encoding="utf-8")
    again = write_cases(tmp_path, found[0])
    assert again.kept == (found[0][0].file,)
    assert file.read_text(encoding="utf-8") == changed


def test_a_file_nobody_has_changed_follows_the_definition(found: Found, tmp_path: Path) -> None:
    first, second = found[0][:2]
    write_cases(tmp_path, [BoundaryCase(first.file, first.title, second.timeline), second])
    again = write_cases(tmp_path, [first])
    assert (again.written, again.kept) == ((first.file,), ())
    assert again.left_over == (second.file,)
