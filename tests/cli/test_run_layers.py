"""A run switches off the layers that its case file leaves out, as `pathway test` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.logs.jsonl import read_log
from tests.cli.conftest import Command
from tests.cli.test_run_sources import PATHWAY, TIMELINE


@pytest.fixture
def layered(tmp_path: Path) -> Path:
    file = tmp_path / "layered.yaml"
    file.write_text(PATHWAY, "utf-8")
    return file


def case_file(folder: Path, layers: str) -> Path:
    file = folder / "case.yaml"
    file.write_text(f"layers: {layers}\n{TIMELINE}", "utf-8")
    return file


def test_what_a_case_file_leaves_out_is_off_and_the_output_and_the_log_say_so(
    pathway: Command, layered: Path, tmp_path: Path
) -> None:
    case = case_file(tmp_path, "[article, ours]")
    told = pathway("run", layered, case, "--write-log", "run.jsonl")
    assert told.returncode == 0, told.stderr
    assert "layers switched off: supplement; only their safety warnings stay" in told.stdout
    assert "Half of it" not in told.stdout
    assert read_log(tmp_path / "run.jsonl").header.without_layers == ("supplement",)


def test_the_option_goes_before_the_case_file(pathway: Command, layered: Path, tmp_path: Path) -> None:
    told = pathway("run", layered, case_file(tmp_path, "article"), "--layers", "article,supplement,ours")
    assert "switched off" not in told.stdout
    assert "Half of it" in told.stdout


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ("[artcle]", "case.yaml:1:10: layered has no layer `artcle`. Did you mean `article`?"),
        ("[article, zzz]", "has no layer `zzz`. It has: article, supplement, ours"),
        ("[]", "`layers:` names no layer"),
        ("{article: true}", "`layers:` takes a list of layers"),
        ("", "`layers:` takes a list of layers"),
    ],
)
def test_layers_that_are_none_are_refused(
    layers: str, words: str, pathway: Command, layered: Path, tmp_path: Path
) -> None:
    told = pathway("run", layered, case_file(tmp_path, layers))
    assert (told.returncode, told.stdout) == (2, "")
    assert words in told.stderr
