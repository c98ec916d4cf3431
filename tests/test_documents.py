"""What the documents promise holds: the example can be copied, the README's lines do what it says of them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pathway.cli.main import main
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "writing-a-pathway.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS: list[str] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
COMPLETE = next(block for block in BLOCKS if "pathway: demo" in block)


def commands(name: str) -> list[list[str]]:
    """The README's lines that call a command of `pathway`."""
    lines = re.findall(rf"^pathway {name} .*$", README, re.MULTILINE)
    return [shlex.split(line.split("   #")[0])[1:] for line in lines]


def test_the_guides_complete_example_can_be_copied() -> None:
    definition = definition_from_text(COMPLETE)
    assert definition.id == "demo"
    assert [claim.form for claim in definition.claims.values()] == ["only"]


def test_a_misspelling_in_it_is_met_with_the_nearest_right_word() -> None:
    with pytest.raises(DefinitionError, match="Did you mean `platelet_count`"):
        definition_from_text(COMPLETE.replace("when: platelet_count < 40", "when: platelet_cuont < 40"))


def test_the_readmes_question_is_unknown_and_inr_could_change_it(capsys: pytest.CaptureFixture[str]) -> None:
    (question,) = commands("eval")
    assert main(question) == 0
    answer = capsys.readouterr().out
    assert answer.startswith("UNKNOWN")
    assert "platelet_count < 40" in answer
    assert answer.rstrip().endswith("could still be changed by: inr")


def test_the_readmes_tester_runs_a_case_keeps_its_log_and_finds_that_it_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = ROOT / "definitions" / "spinal_leptomeningeal_infection" / "cases"
    monkeypatch.chdir(tmp_path)
    run = [word.replace("$cases", str(cases)) for word in commands("run")[0]]
    assert main(run) == 0
    assert main(commands("replay")[0]) == 0
    assert "conform" in capsys.readouterr().out


def test_the_two_commands_stand_first_in_the_readme() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert [line.split("#")[0].strip() for line in block[1].splitlines()] == ["make demo", "make test"]


def test_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) >= 2
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture
