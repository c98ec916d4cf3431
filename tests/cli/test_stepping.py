"""`pathway step` and `pathway cases`: a case is kept, taken up again, listed, exported and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathway.logs.jsonl import read_log
from tests.cli.conftest import Command
from tests.damaging import change_lines


@pytest.fixture
def opened(pathway: Command, demo_file: str) -> Command:
    """The command, with a case V-1 in the store in which suspicion was recorded."""
    talk = "fact suspected yes\nquit\n"
    outcome = pathway(
        "step", demo_file, "--case", "V-1", "--by", "ms", "--label", "bed 4", "--plain", stdin=talk
    )
    assert outcome.returncode == 0, outcome.stderr
    return pathway


def test_a_case_is_stepped_line_by_line_without_a_terminal(pathway: Command, demo_file: str) -> None:
    outcome = pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert outcome.returncode == 0, outcome.stderr
    assert "suspected" in outcome.stdout
    assert "everything recorded is kept" in outcome.stdout
    assert "opened the case V-1" in outcome.stderr


def test_a_case_is_taken_up_again_where_it_was_left(opened: Command, demo_file: str) -> None:
    outcome = opened("step", demo_file, "--case", "V-1", "--plain", stdin="facts\nquit\n")
    assert outcome.returncode == 0, outcome.stderr
    assert "opened" not in outcome.stderr
    [row] = json.loads(opened("cases", "--json").stdout)["cases"]
    assert (row["case"], row["label"], row["pathway"]) == ("V-1", "bed 4", "demo")
    assert row["events"] >= 2


def test_a_case_is_not_taken_up_on_another_pathway(opened: Command, rich_file: str) -> None:
    outcome = opened("step", rich_file, "--case", "V-1", "--plain", stdin="quit\n")
    assert outcome.returncode == 2
    assert "cannot be continued" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_case_that_is_not_there_needs_its_pathway(pathway: Command) -> None:
    outcome = pathway("step", "--case", "V-9", stdin="quit\n")
    assert outcome.returncode == 2
    assert "Name its pathway to open it" in outcome.stderr


def test_without_arguments_pathways_and_cases_are_shown(opened: Command) -> None:
    outcome = opened("step")
    assert outcome.returncode == 0
    assert "spinal-leptomeningeal-infection" in outcome.stdout
    assert "V-1  demo 1.0.0" in outcome.stdout
    assert "pathway step PATHWAY --case ID" in outcome.stdout


def test_an_unknown_time_zone_is_bad_input(pathway: Command, demo_file: str) -> None:
    outcome = pathway("step", demo_file, "--case", "V-1", "--timezone", "Europe/Berlim", stdin="quit\n")
    assert outcome.returncode == 2
    assert "Europe/Berlin" in outcome.stderr


def test_no_cases_are_no_fault(pathway: Command) -> None:
    assert (pathway("cases").returncode, pathway("cases", "verify").returncode) == (0, 0)


def test_a_case_is_exported_as_a_log_that_replays(opened: Command, demo_file: str, tmp_path: Path) -> None:
    assert opened("cases", "export", "V-1", "out.jsonl").returncode == 0
    assert read_log(tmp_path / "out.jsonl").header.case == "V-1"
    assert opened("replay", "out.jsonl", "--pathway", demo_file).returncode == 0


def test_a_case_that_is_not_there_cannot_be_exported_or_verified(pathway: Command) -> None:
    for task in (("export", "V-9", "out.jsonl"), ("verify", "V-9")):
        outcome = pathway("cases", *task)
        assert outcome.returncode == 2
        assert "V-9" in outcome.stderr


def test_whole_cases_are_verified_by_chain_and_replay(opened: Command, demo_file: str) -> None:
    outcome = opened("cases", "verify", "--pathway", demo_file)
    assert outcome.returncode == 0, outcome.stdout
    assert "V-1: chain whole, conforms" in outcome.stdout


def test_a_damaged_case_is_listed_and_found(opened: Command, tmp_path: Path) -> None:
    change_lines(tmp_path / "store", "V-1", lambda line: line.replace('"true"', '"fals"'))
    assert "V-1  DAMAGED" in opened("cases").stdout
    outcome = opened("cases", "verify", "--store", "store")
    assert outcome.returncode == 1
    assert "The chain breaks here" in outcome.stdout
