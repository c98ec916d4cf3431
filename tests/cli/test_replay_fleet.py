"""`pathway replay FOLDER --workers N --results FOLDER`: many files, the same figures, resumed, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def cohort(pathway: Command, demo_file: str) -> Path:
    """Simulated cases in three files, with a file among them that is no log."""
    told = pathway("simulate", demo_file, "--cases", "9", "--files", "3", "-o", "cohort")
    assert told.returncode == 0, told.stderr
    Path("cohort", "broken.jsonl").write_text("no log\n", "utf-8")
    return Path("cohort")


def test_a_folder_is_replayed_by_processes_and_resumed_with_the_figures_of_a_single_call(
    pathway: Command, demo_file: str, cohort: Path
) -> None:
    single = json.loads(pathway("replay", cohort, "--pathway", demo_file, "--json").stdout)
    words = ("replay", cohort, "--pathway", demo_file, "--workers", "2", "--results", "kept")
    first, again = pathway(*words, "--json"), pathway(*words)
    assert first.returncode == again.returncode == 2
    document = json.loads(first.stdout)
    for name in ("logs", "events", "conforming", "divergent"):
        assert document[name] == single[name]
    assert document["pathways"][0]["fitness"] == single["pathways"][0]["fitness"]
    assert document["divergent_files"] == [{"file": str(cohort / "broken.jsonl"), "logs": 1, "divergent": 1}]
    assert "not approved for clinical use" in again.stdout
    assert "4 files replayed, 4 of them by an earlier run" in again.stdout


def test_results_of_another_pathway_are_refused(pathway: Command, demo_file: str, cohort: Path) -> None:
    (cohort / "broken.jsonl").unlink()
    words = ("replay", cohort, "--results", "kept")
    assert pathway(*words, "--pathway", demo_file).returncode == 0
    other = pathway(*words, "--pathway", "sepsis_first_hours")
    assert other.returncode == 2
    assert "kept holds another replay. Results of different replays would mix." in other.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--workers", "0"], "--workers: 0 is not possible. Give a number from 1 to 1000."),
        (["--scheduler", "tcp://x:1"], "Add --on dask."),
        (["--workers", "2", "--html", "x.html"], "--html belongs to the report, not to a replay of many"),
        (
            ["--results", "kept", "--coverage"],
            "--results belongs to --bulk or a replay of many files, not to",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(pathway: Command, words: list[str], told: str) -> None:
    outcome = pathway("replay", "cohort", *words)
    assert outcome.returncode == 2
    assert told in outcome.stderr
