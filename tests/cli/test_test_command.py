"""`pathway test` runs the cases beside a definition: what does not hold is told in a line, with why."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Command
from tests.cli.test_lazy_imports import modules_after
from tests.vignettes.ward import WARD, story

ADMIT = "at: 2026-03-01T08:00, facts: {suspected: true}"
HOLDS = story(f"{ADMIT}, expect: {{held: {{puncture: [inr]}}, states: {{care: workup}}}}")
FAILS = story(f"{ADMIT}, expect: {{recommended: [puncture], blocked: [puncture], done: [puncture]}}")


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """The ward with one case that holds."""
    folder = tmp_path / "ward"
    (folder / "cases").mkdir(parents=True)
    (folder / "pathway.yaml").write_text(WARD, "utf-8")
    (folder / "cases" / "holds.yaml").write_text(HOLDS, "utf-8")
    return folder


def add(ward: Path, name: str, text: str) -> None:
    (ward / "cases" / f"{name}.yaml").write_text(text, "utf-8")


def test_where_all_holds_the_count_is_told(pathway: Command, ward: Path) -> None:
    outcome = pathway("test", ward)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.splitlines() == [
        "ward 1.0.0: 1 case",
        "*** DRAFT: not approved for clinical use ***",
        "",
        "1 case, 2 expectations, all hold",
    ]


def test_each_expectation_that_does_not_hold_is_a_line_with_its_place_and_reason(
    pathway: Command, ward: Path
) -> None:
    add(ward, "fails", FAILS)
    outcome = pathway("test", ward)
    assert outcome.returncode == 1
    lines = [
        line for line in outcome.stdout.splitlines() if "fails.yaml:4: fails, What the ward shows, at" in line
    ]
    assert len(lines) == 3
    assert "expected puncture to be recommended; came not recommended" in lines[0]
    assert "high_inr, for `inr > 1.4` is UNKNOWN (inr is unknown: not recorded)" in lines[0]
    assert outcome.stdout.splitlines()[-1] == "2 cases, 5 expectations, 3 do not hold"


def test_one_case_may_be_run_by_the_name_of_its_file_or_its_own(pathway: Command, ward: Path) -> None:
    add(ward, "fails", f"case: not-held\n{FAILS}")
    assert pathway("test", ward, "--case", "holds").returncode == 0
    assert pathway("test", ward, "--case", "fails").returncode == 1
    assert pathway("test", ward, "--case", "not-held").returncode == 1


def test_a_case_that_is_not_there_is_told_with_the_nearest(pathway: Command, ward: Path) -> None:
    outcome = pathway("test", ward, "--case", "hold")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr == "--case: there is no case `hold`. Did you mean holds?\n"


def test_a_pathway_without_cases_is_told_so(pathway: Command, ward: Path) -> None:
    (ward / "cases" / "holds.yaml").unlink()
    outcome = pathway("test", ward)
    assert outcome.returncode == 0
    assert "no cases" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "0 cases, 0 expectations, nothing to judge"


def test_a_case_without_expectations_only_runs(pathway: Command, ward: Path) -> None:
    add(ward, "silent", f"timeline:\n  - {{{ADMIT}}}\n")
    outcome = pathway("test", ward)
    assert outcome.returncode == 0
    assert "silent expects nothing: it only runs" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "2 cases, 2 expectations (1 only runs), all hold"


def test_a_case_that_cannot_be_read_is_bad_input_and_the_others_are_judged(
    pathway: Command, ward: Path
) -> None:
    add(ward, "fails", FAILS)
    add(ward, "unread", FAILS.replace("recommended", "recomended"))
    outcome = pathway("test", ward)
    assert outcome.returncode == 2
    assert "unread.yaml:4:63: `expect` has no key `recomended`. Did you mean `recommended`?" in outcome.stderr
    assert outcome.stdout.splitlines()[-1] == "2 cases, 5 expectations, 3 do not hold, 1 could not be used"


def test_an_entry_that_cannot_be_recorded_is_bad_input(pathway: Command, ward: Path) -> None:
    add(ward, "outside", story("at: 2026-03-01T08:00, facts: {platelet_count: 5000}"))
    outcome = pathway("test", ward)
    assert outcome.returncode == 2
    assert "outside.yaml:4:36: platelet_count: 5000 is outside 0 to 3000" in outcome.stderr


def test_a_definition_that_cannot_be_loaded_is_bad_input_and_the_next_is_tested(
    pathway: Command, ward: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(WARD.replace("inr > 1.4", "inr > 4 mg"), "utf-8")
    outcome = pathway("test", broken, ward)
    assert outcome.returncode == 2
    assert "broken.yaml" in outcome.stderr
    assert "1 case, 2 expectations, 1 could not be used" in outcome.stdout


def test_the_json_document_holds_every_miss_with_its_place(pathway: Command, ward: Path) -> None:
    add(ward, "fails", FAILS)
    outcome = pathway("test", ward, "--json")
    document = json.loads(outcome.stdout)
    assert outcome.returncode == 1
    assert {key: document[key] for key in ("cases", "expectations", "misses", "problems")} == {
        "cases": 2, "expectations": 5, "misses": 3, "problems": 0,
    }  # fmt: skip
    (found,) = document["pathways"]
    assert (found["pathway"], found["status"]) == ("ward", "draft")
    fails, holds = found["cases"]
    assert (holds["case"], holds["hold"], holds["misses"]) == ("holds", True, [])
    assert (fails["title"], fails["cites"], fails["hold"]) == ("What the ward shows", ["S1"], False)
    first = fails["misses"][0]
    assert (first["line"], first["at"], first["what"]) == (
        4,
        "2026-03-01T08:00:00+00:00",
        "recommended puncture",
    )
    assert "held by low_platelets" in first["why"]


def test_the_json_document_holds_what_could_not_be_used(pathway: Command, ward: Path) -> None:
    add(ward, "unread", FAILS.replace("recommended", "recomended"))
    add(ward, "outside", story("at: 2026-03-01T08:00, facts: {platelet_count: 5000}"))
    document = json.loads(pathway("test", ward, "--json").stdout)
    (found,) = document["pathways"]
    assert document["problems"] == 2
    assert [(one["line"], one["column"]) for one in found["problems"]] == [(4, 63)]
    (outside,) = [one for one in found["cases"] if one["case"] == "outside"]
    assert (outside["hold"], outside["problems"][0]["line"]) == (False, 4)


def test_the_junit_file_is_for_build_servers(pathway: Command, ward: Path, tmp_path: Path) -> None:
    add(ward, "fails", FAILS)
    add(ward, "unread", FAILS.replace("recommended", "recomended"))
    pathway("test", ward, "--junit", tmp_path / "results.xml")
    (suite,) = ElementTree.parse(tmp_path / "results.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        "ward",
        "3",
        "1",
        "1",
    )
    texts = [failure.text or "" for failure in suite.iter("failure")]
    assert "expected puncture to be recommended" in texts[0]


def test_without_a_pathway_every_bundled_one_is_tested(pathway: Command) -> None:
    document = json.loads(pathway("test", "--case", "demo", "--json").stdout)
    assert "spinal-leptomeningeal-infection" in [one["pathway"] for one in document["pathways"]]


def test_expectations_do_not_disturb_a_run(pathway: Command, ward: Path) -> None:
    assert pathway("run", ward, ward / "cases" / "holds.yaml").returncode == 0


def test_no_bar_is_loaded_where_nobody_watches(ward: Path) -> None:
    assert modules_after("test", str(ward)).isdisjoint(("rich", "textual", "graphviz", "wasmtime", "pytest"))
