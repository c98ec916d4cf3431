"""`pathway diff` as it is called: what it prints, and by which exit code a script can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathway.cli.main import main
from tests.comparing.versions import FILE, edited


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A newer version in a folder of its own."""
    text = edited(("< 40, effect", "<= 50, effect"), ("text: Bleeding", "text: Bleeds"))
    (tmp_path / "pathway.yaml").write_text(text, "utf-8")
    return tmp_path


def test_what_differs_is_printed_by_place_and_makes_exit_one(
    newer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", str(FILE), str(newer)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("old: puncture-demo 1.0.0, digest ")
    assert lines[1].endswith("DRAFT: not approved for clinical use")
    assert lines[2] == "2 differences: 1 clinically significant, 1 of wording only"
    assert lines[3] == "Both say that they are version 1.0.0. Raise it with what it says."
    assert lines[5:7] == [
        "safeguard low_platelets",
        "  clinical  ≠ platelets: Puncture blocked when at most 50, was below 40",
    ]


def test_json_holds_both_versions_and_every_difference(
    newer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", str(FILE), str(newer), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"clinical": 1, "content": 0, "wording": 1}
    assert found["old"]["digest"] != found["new"]["digest"]
    first = found["differences"][0]
    assert (first["kind"], first["path"], first["old"], first["new"]) == (
        "changed", "safeguards.low_platelets", "platelets below 40", "platelets at most 50",
    )  # fmt: skip


def test_no_difference_is_exit_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(FILE), str(FILE)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no differences"


def test_a_version_that_is_not_there_is_exit_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(FILE), "sepsis-first-hour"]) == 2
    assert "sepsis-first-hours" in capsys.readouterr().err
