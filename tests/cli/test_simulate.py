"""`pathway simulate`: what it writes, what it says, and what it refuses before it writes anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_the_command_writes_files_and_says_the_status_on_standard_error(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    outcome = pathway("simulate", demo_file, "--cases", "5", "--seed", "3", "-o", "many", "--files", "2")
    assert outcome.returncode == 0, outcome.stderr
    assert "wrote 5 simulated cases" in outcome.stdout
    assert "2 files in many" in outcome.stdout
    assert "not approved for clinical use" in outcome.stderr
    assert pathway("simulate", demo_file, "--cases", "5", "--seed", "3", "-o", "one.jsonl").returncode == 0
    parts = sorted((tmp_path / "many").glob("*.jsonl"))
    assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "one.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--cases", "0", "-o", "x.jsonl"], "--cases: 0 is not possible"),
        (["--cases", "1", "-o", "x.jsonl", "--missing", "101"], "Give a number from 0 to 100"),
        (["--cases", "1", "-o", "none/x.jsonl"], "there is no folder none"),
        (["--cases", "1", "-o", "taken.jsonl", "--files", "2"], "is a file"),
        (["--cases", "1", "-o", "full"], "holds logs already"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    pathway: Command, demo_file: str, tmp_path: Path, words: list[str], told: str
) -> None:
    (tmp_path / "taken.jsonl").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.jsonl").touch()
    outcome = pathway("simulate", demo_file, *words)
    assert outcome.returncode == 2
    assert told in outcome.stderr
    assert not (tmp_path / "x.jsonl").exists()
