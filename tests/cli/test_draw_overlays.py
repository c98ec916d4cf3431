"""`pathway draw` with what a log, the cases or a check say marked on the chart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command

TIMELINE = """
pathway: demo
case: TEST-014
timezone: Europe/Berlin
timeline:
  - {at: 2026-03-01T09:00, facts: {suspected: true}}
  - {at: 2026-03-01T09:30, declined: {lumbar_puncture: no needle}}
"""


@pytest.fixture
def log(pathway: Command, demo_file: str, tmp_path: Path) -> Path:
    (tmp_path / "case.yaml").write_text(TIMELINE, "utf-8")
    ran = pathway("run", demo_file, "case.yaml", "--write-log", "case.jsonl")
    assert ran.returncode == 0, ran.stderr
    return tmp_path / "case.jsonl"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--log", "case.jsonl"], "The path of a case: 2 steps, as of 2026-03-01 09:30"),
        (["--log", "case.jsonl", "--name-case"], "The path of the case TEST-014: 2 steps"),
        (["--log", "case.jsonl", "--standing", "--name-case"], "What can still come for the case TEST-014"),
        (["--log", "case.jsonl", "--coverage"], "What 1 case reached: one log"),
        (["--log", "case.jsonl", "--flow"], "1 · 30 min"),
        (["--findings"], "Findings of the check"),
    ],
)
@pytest.mark.usefixtures("log")
def test_each_overlay_is_drawn_with_the_stamp(
    pathway: Command, demo_file: str, tmp_path: Path, options: list[str], shown: str
) -> None:
    drawn = pathway("draw", demo_file, *options, "-o", "chart.svg")
    assert drawn.returncode == 0, drawn.stderr
    svg = (tmp_path / "chart.svg").read_text("utf-8")
    assert shown in svg
    assert ("TEST-014" in svg) == ("--name-case" in options), "no id unless it was asked for"
    assert "DRAFT: not approved for clinical use" in svg


def test_without_logs_the_cases_beside_the_pathway_are_counted_in_silence(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    shutil.copy(demo_file, tmp_path / "pathway.yaml")
    (tmp_path / "cases").mkdir()
    for name in ("first", "second", "third"):
        (tmp_path / "cases" / f"{name}.yaml").write_text(TIMELINE, "utf-8")
    drawn = pathway("draw", tmp_path / "pathway.yaml", "--coverage", "-o", "chart.svg")
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stderr.count("\n") == 3  # the two files and the status: no bar without a person who waits
    assert "What 3 cases reached: the cases beside the pathway" in (tmp_path / "chart.svg").read_text("utf-8")


def test_the_log_of_another_version_is_not_drawn_on_this_chart(
    pathway: Command, demo_file: str, tmp_path: Path, log: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(Path(demo_file).read_text("utf-8").replace("version: ", "version: 9"), "utf-8")
    drawn = pathway("draw", other, "--log", log, "-o", "chart.svg")
    assert (drawn.returncode, (tmp_path / "chart.svg").exists()) == (2, False)
    assert "Draw the pathway it was written on" in drawn.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--flow"], "--flow counts logs"),
        (["--standing"], "Give one --log FILE"),
        (["--coverage"], "There are no cases beside this pathway"),
        (["--findings", "-o", "x.html"], "Overlays are drawn on the whole chart"),
        (["--findings", "--pages"], "--pages and --findings draw different things"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    pathway: Command, demo_file: str, options: list[str], told: str
) -> None:
    drawn = pathway("draw", demo_file, *options)
    assert drawn.returncode == 2
    assert told in drawn.stderr
