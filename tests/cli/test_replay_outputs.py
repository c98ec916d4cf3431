"""What `pathway replay` writes takes the place of no log, and what could not be replayed is no success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PATHWAYS, Command

MAPPING = """
pathway: demo
case: Case
activity: What
time: {column: When, timezone: UTC}
activities: {Suspected: {facts: {suspected: true}}}
ignore: [Lunch]
"""
HEAD = "Case,What,When\n"
ROWS = "A,Suspected,2026-03-01T08:00\nA,Lunch,2026-03-01T09:00\n"


@pytest.fixture
def log(pathway: Command, timeline: Path, demo_file: str, tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    file = tmp_path / "logs" / "a.jsonl"
    assert pathway("run", demo_file, timeline, "--write-log", file).returncode == 0
    return file


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "map.yaml"
    file.write_text(MAPPING, "utf-8")
    return file


@pytest.mark.parametrize("option", ["--csv", "--html", "--freeze -o", "--minimise -o"])
def test_no_report_takes_the_place_of_a_log(pathway: Command, log: Path, demo_file: str, option: str) -> None:
    before = log.read_bytes()
    link = log.parent.parent / "link.csv"
    link.symlink_to(log)
    for read, written in ((log, log), (log.parent, log), (log, link)):
        outcome = pathway("replay", read, "--pathway", demo_file, *option.split(), written)
        assert (outcome.returncode, outcome.stdout) == (2, "")
        assert "would be replaced. Name another file." in outcome.stderr
    assert log.read_bytes() == before


def test_one_file_is_not_written_twice_and_a_log_without_a_name_is_refused(
    pathway: Command, log: Path, demo_file: str
) -> None:
    outcome = pathway("replay", log, "--pathway", demo_file, "--csv", "o", "--html", "./o")
    assert (outcome.returncode, "--html: ./o is written by --csv" in outcome.stderr) == (2, True)
    assert "A LOG without a name" in pathway("replay", "", "--pathway", demo_file).stderr


def test_what_could_not_be_compared_is_no_success(pathway: Command, log: Path, demo_file: str) -> None:
    outcome = pathway("replay", log, "--against", PATHWAYS / "rich.yaml", "--pathway", demo_file)
    assert outcome.returncode == 1
    assert "not compared: " in outcome.stdout
    twice = pathway("replay", log, log, "--against", demo_file, "--pathway", demo_file)
    assert twice.returncode == 0


def test_coverage_counts_a_log_that_is_given_twice_once(pathway: Command, log: Path, demo_file: str) -> None:
    twice = pathway("replay", log, log, "--coverage", "--pathway", demo_file, "--json")
    assert (json.loads(twice.stdout)["cases"], "counted once" in twice.stderr) == (1, True)


def test_a_foreign_log_without_rows_or_given_twice_is_told(
    pathway: Command, mapping: Path, demo_file: str, tmp_path: Path
) -> None:
    ward = tmp_path / "ward.csv"
    ward.write_text(HEAD, "utf-8")
    empty = pathway("replay", ward, "--map", mapping, "--pathway", demo_file)
    assert (empty.returncode, "This log is empty" in empty.stderr) == (2, True)
    ward.write_text(HEAD + ROWS, "utf-8")
    twice = pathway("replay", ward, "ward.csv", "--map", mapping, "--pathway", demo_file, "--json")
    document = json.loads(twice.stdout)
    assert (twice.returncode, document["conforming"]) == (2, 1)
    assert [one["class"] for one in document["divergences"]] == ["duplicated"]
    [rows] = document["rows"]
    assert (rows["rows"], rows["entered"], rows["ignored"]) == (2, 1, {"Lunch": 1})
