"""`pathway test --mutants` tells which small changes of a definition no case notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.vignettes.clinic import write_clinic

ONLY = ("--mutants", "--only", "safeguards.low_platelets.when", "--jobs", "1")


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """The clinic without the case on the boundary of its platelets."""
    return write_clinic(tmp_path / "clinic", without=("platelets_40",)).parent


def test_survivors_are_told_with_their_place_and_what_was_changed(pathway: Command, clinic: Path) -> None:
    outcome = pathway("test", clinic, *ONLY)
    assert (outcome.returncode, outcome.stderr) == (1, "")
    head, stamp, first, _, kinds, last = outcome.stdout.splitlines()
    assert head == "clinic 1.0.0: 4 mutants, 11 cases"
    assert stamp == "*** DRAFT: not approved for clinical use ***"
    assert "pathway.yaml:27: safeguards.low_platelets.when: comparison: platelet_count < 40 -> " in first
    assert kinds == "survivors by kind: comparison 1, literal 1"
    assert last == (
        "4 mutants: 2 killed (50.0 % of all, 50.0 % of those that some patient can tell apart), "
        "0 proven equivalent, 0 survive with a reason, 2 without"
    )


def test_survivors_with_reasons_are_fine(pathway: Command, clinic: Path) -> None:
    document = json.loads(pathway("test", clinic, *ONLY, "--json").stdout)["pathways"][0]
    assert [one["killer"] for one in document["mutants"]] == [None, "platelets_39", "platelets_39", None]
    lines = [f"{name}: No counter here gives exactly 40" for name in document["unexplained"]]
    (clinic / "mutants.yaml").write_text("\n".join(lines), "utf-8")
    outcome = pathway("test", clinic, *ONLY)
    assert outcome.returncode == 0
    assert outcome.stdout.count("accepted: No counter here gives exactly 40") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--mutants", "--only", "safeguards.low_platelet"), "Did you mean safeguards.low_platelets?"),
        (("--mutants", "--kind", "comparisons"), "Did you mean comparison?"),
        (("--mutants", "--case", "dose"), "--case does not go with --mutants"),
        (("--sample", "3"), "--sample goes with --mutants"),
    ],
)
def test_what_cannot_be_chosen_is_told(
    pathway: Command, clinic: Path, arguments: tuple[str, ...], said: str
) -> None:
    outcome = pathway("test", clinic, *arguments)
    assert outcome.returncode == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_sample_of_a_bundled_pathway_is_run(pathway: Command) -> None:
    outcome = pathway("test", "sepsis-first-hours", "--mutants", "--sample", "8", "--jobs", "1", "--json")
    assert outcome.returncode in (0, 1), outcome.stderr
    assert len(json.loads(outcome.stdout)["pathways"][0]["mutants"]) == 8
