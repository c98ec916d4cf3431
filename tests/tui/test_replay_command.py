"""`pathway replay --screen` before any screen: what cannot be shown is one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.cli.main import main
from tests.tui.support import DEMO


def test_a_log_of_a_pathway_that_is_not_there_says_how_to_give_it(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(log), "--screen"]) == 2
    told = capsys.readouterr().err
    assert "`demo`, which does not come with the program" in told
    assert "--pathway FILE" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--screen", "--json"], "--screen shows one log, without --json"),
        (["--screen"], "--screen needs a terminal"),
    ],
)
def test_what_cannot_be_done_together_is_one_message(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(DEMO, "utf-8")
    assert main(["replay", str(log), "--pathway", str(file), *options]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert len(told.splitlines()) == 1


def test_two_logs_do_not_fit_one_screen(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(log), str(log), "--screen"]) == 2
    assert "--screen shows one log" in capsys.readouterr().err


def test_an_empty_file_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_bytes(b"")
    assert main(["replay", str(file), "--screen"]) == 2
    assert "The file is empty" in capsys.readouterr().err
