"""The report of `pathway replay`: folders and files of many cases, its table, its page, its exit codes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.logs.jsonl import read_log, write_log
from tests.cli.conftest import Command

SCRIPT = '=cmd|"</td><script>alert(1)</script>'
TIMELINE = """
pathway: demo
timeline:
  - {at: 2026-03-01T08:00, facts: {suspected: true, platelet_count: 30}}
  - {at: 2026-03-01T13:00:01, done: [lumbar_puncture]}
"""


@pytest.fixture
def folder(pathway: Command, timeline: Path, demo_file: str, tmp_path: Path) -> Path:
    """A folder with a good case, and a file in which a hostile and a damaged case stand before a good one."""
    logs = tmp_path / "logs"
    logs.mkdir()
    assert pathway("run", demo_file, timeline, "--write-log", logs / "a.jsonl").returncode == 0
    late = tmp_path / "late.yaml"
    late.write_text(TIMELINE, "utf-8")
    assert pathway("run", demo_file, late, "--write-log", tmp_path / "late.jsonl").returncode == 0
    log = read_log(tmp_path / "late.jsonl")
    for case in (SCRIPT, "good"):
        write_log(tmp_path / f"{len(case)}.jsonl", replace(log.header, case=case), log.events)
    hostile, good = ((tmp_path / f"{len(case)}.jsonl").read_bytes() for case in (SCRIPT, "good"))
    (logs / "many.jsonl").write_bytes(hostile + good.replace(b'"30"', b'"90"') + good)
    return logs


def test_a_good_case_beside_damaged_ones_is_still_reported(
    pathway: Command, folder: Path, demo_file: str
) -> None:
    outcome = pathway("replay", folder, "--pathway", demo_file, "--json")
    document = json.loads(outcome.stdout)
    assert outcome.returncode == 2
    assert (document["logs"], document["conforming"], document["divergent"]) == (4, 3, 1)
    [damaged] = document["divergences"]
    assert (damaged["class"], damaged["log"]) == ("tampered", str(folder / "many.jsonl"))
    assert document["deadlines"] == [{"action": "lumbar_puncture", "met": 1, "late": 2, "never": 0}]
    assert {one["class"] for one in document["departures"]} == {"deadline missed", "safeguard violated"}
    assert {one["late"] for one in document["departures"]} == {None, 3601}
    [of] = document["pathways"]
    assert (of["fitness"]["share"], of["damaged"], of["status"]) == ("1.0000", 1, "draft")
    workup = next(one for one in of["stays"] if one["state"] == "workup")
    assert (workup["count"], workup["min"], workup["median"], workup["max"]) == (3, 10800, 18001, 18001)


def test_the_table_has_a_row_for_every_finding_and_no_formula(
    pathway: Command, folder: Path, demo_file: str, tmp_path: Path
) -> None:
    pathway("replay", folder, "--pathway", demo_file, "--csv", tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == [
        "conforms", "conforms", "departure", "departure", "divergence", "conforms", "departure", "departure",
    ]  # fmt: skip
    assert {row["status"] for row in rows} == {"draft"}
    assert f"'{SCRIPT}" in {row["case"] for row in rows}
    violated = next(row for row in rows if row["class"] == "safeguard violated")
    assert (violated["guard"], violated["verdict"]) == ("lp_platelets: platelet_count < 40", "TRUE")
    assert violated["values"] == "platelet_count = 30 10*9/L"


def test_the_page_needs_nothing_else_and_holds_the_flow(
    pathway: Command, folder: Path, demo_file: str, tmp_path: Path
) -> None:
    outcome = pathway("replay", folder, "--pathway", demo_file, "--html", tmp_path / "o.html")
    page = (tmp_path / "o.html").read_text("utf-8")
    assert "wrote" in outcome.stderr
    assert "The flow of 3 cases" in page
    assert "DRAFT: not approved for clinical use" in page
    assert "&lt;script&gt;alert(1)" in page
    assert not [word for word in ("<script", "http://", "https://", "src=") if word in page.replace(
        'xmlns="http://www.w3.org/2000/svg"', ""
    )]  # fmt: skip


def test_departures_make_the_exit_code_1_only_where_that_is_asked_for(
    pathway: Command, folder: Path, demo_file: str
) -> None:
    log = folder.parent / "late.jsonl"
    assert pathway("replay", log, "--pathway", demo_file).returncode == 0
    outcome = pathway("replay", log, "--pathway", demo_file, "--strict")
    assert outcome.returncode == 1
    assert "departs at event 7: safeguard violated" in outcome.stdout
    assert "done 1 h 1 s after that" in outcome.stdout


def test_a_log_that_is_given_twice_is_counted_once(pathway: Command, folder: Path, demo_file: str) -> None:
    log = folder / "a.jsonl"
    outcome = pathway("replay", log, folder / "a.jsonl", "--pathway", demo_file, "--json")
    document = json.loads(outcome.stdout)
    assert [one["class"] for one in document["divergences"]] == ["duplicated"]
    assert document["deadlines"] == [{"action": "lumbar_puncture", "met": 1, "late": 0, "never": 0}]


def test_in_a_file_of_several_pathways_those_of_another_one_are_a_class_of_their_own(
    pathway: Command, folder: Path, demo_file: str, tmp_path: Path
) -> None:
    log = read_log(folder / "a.jsonl")
    write_log(tmp_path / "other.jsonl", replace(log.header, pathway="rich"), log.events)
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_bytes((tmp_path / "other.jsonl").read_bytes() + (folder / "a.jsonl").read_bytes())
    outcome = pathway("replay", mixed, "--pathway", demo_file, "--json")
    document = json.loads(outcome.stdout)
    assert (outcome.returncode, document["conforming"]) == (1, 1)
    [divergence] = document["divergences"]
    assert (divergence["class"], divergence["why"]) == (
        "other pathway", "this log is of the pathway rich, not of demo",
    )  # fmt: skip


def test_what_cannot_be_written_is_said_before_the_replay(
    pathway: Command, folder: Path, demo_file: str
) -> None:
    outcome = pathway("replay", folder, "--pathway", demo_file, "--html", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "--html: " in outcome.stderr


# --- another version ------------------------------------------------------------------------------
def test_another_version_is_compared_over_many_files(
    pathway: Command, folder: Path, demo_file: str, tmp_path: Path
) -> None:
    new = tmp_path / "new.yaml"
    text = (
        Path(demo_file)
        .read_text("utf-8")
        .replace("when: suspected}", "when: suspected and platelet_count >= 50}")
    )
    new.write_text(text.replace("1.0.0", "1.1.0"), "utf-8")
    outcome = pathway("replay", folder, "--against", new, "--pathway", demo_file)
    assert outcome.returncode == 2  # one of them is damaged, and the others are compared
    assert "2 cases at care.intake: went to workup, now stays" in outcome.stdout
    assert "was `suspected`, now `suspected and platelet_count >= 50`" in outcome.stdout
    single = pathway("replay", folder / "a.jsonl", "--against", new, "--json")
    assert (single.returncode, json.loads(single.stdout)["same"]) == (0, 1)
    other = pathway("replay", tmp_path / "late.jsonl", "--against", new, "--json")
    assert (other.returncode, json.loads(other.stdout)["apart"]) == (1, 1)


def test_what_belongs_to_the_report_is_refused_beside_another_version(
    pathway: Command, folder: Path, demo_file: str
) -> None:
    outcome = pathway("replay", folder, "--against", demo_file, "--csv", "o.csv")
    assert outcome.returncode == 2
    assert "--csv" in outcome.stderr
