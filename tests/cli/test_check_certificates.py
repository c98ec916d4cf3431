"""`pathway check --certificates` writes what proofs rest on, so that another solver can be asked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.second_solver import second_opinion
from tests.cli.conftest import Command
from tests.cli.test_check_command import HOLE, REFUTED, SOUND

FILES = [
    "claims/never_in_allergy-001.smt2",
    "decisions/care.deciding-gap-001.smt2",
    "decisions/care.deciding-overlap-001.smt2",
]


def written(folder: Path, text: str) -> Path:
    (folder / "mine.yaml").write_text(text, "utf-8")
    return folder / "mine.yaml"


def files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.smt2"))


def test_each_certificate_is_a_file_that_a_second_solver_confirms(pathway: Command, tmp_path: Path) -> None:
    outcome = pathway("check", written(tmp_path, SOUND), "--certificates", "kept")
    assert (outcome.returncode, outcome.stderr) == (0, "wrote 3 certificates to kept\n")
    assert files(tmp_path / "kept") == FILES
    for file in FILES:
        assert second_opinion((tmp_path / "kept" / file).read_text("utf-8")) == "unsat"


def test_a_certificate_says_what_it_is_about(pathway: Command, tmp_path: Path) -> None:
    pathway("check", written(tmp_path, SOUND), "--certificates", "kept")
    claim, gap, _ = ((tmp_path / "kept" / file).read_text("utf-8") for file in FILES)
    head = [line for line in claim.splitlines() if line.startswith("; ")][:7]
    assert head[0] == "; A certificate of `pathway check`"
    assert head[1].startswith("; pathway pressure 1.0.0, digest ")
    assert head[2] == "; DRAFT: not approved for clinical use"
    assert head[3].startswith("; claim never_in_allergy: drug only when not allergy (")
    assert head[4] == "; Answer 1 of 1 that its proof rests on."
    assert head[5].startswith("; unsat: no patient is as the question says")
    assert "; no gap in care.deciding: answer 1 of 1" in gap


def test_the_list_names_what_is_proved_and_how_to_ask_again(pathway: Command, tmp_path: Path) -> None:
    pathway("check", written(tmp_path, SOUND), "--certificates", "kept")
    lines = (tmp_path / "kept" / "certificates.txt").read_text("utf-8").splitlines()
    assert '    for file in */*.smt2; do cvc5 "$file"; done' in lines
    assert lines[lines.index("claims proved") + 1] == "  never_in_allergy: 1 certificate"
    assert lines[lines.index("decisions proved") + 1 :] == [
        "  care.deciding, no overlap: 1 certificate",
        "  care.deciding, no gap: 1 certificate",
    ]


def test_what_is_not_proved_has_no_certificate_and_loses_the_one_it_had(
    pathway: Command, tmp_path: Path
) -> None:
    pathway("check", written(tmp_path, SOUND), "--certificates", "kept")
    (tmp_path / "kept" / "claims" / "of_mine.smt2").write_text("(check-sat)\n", "utf-8")
    outcome = pathway("check", written(tmp_path, REFUTED), "--certificates", "kept")
    assert outcome.returncode == 1
    assert files(tmp_path / "kept") == ["claims/of_mine.smt2", *FILES[1:]]
    pathway("check", written(tmp_path, HOLE), "--certificates", "kept")
    assert FILES[1] not in files(tmp_path / "kept")
    assert FILES[2] in files(tmp_path / "kept")


def test_what_a_text_of_the_definition_says_stays_in_the_comment(pathway: Command, tmp_path: Path) -> None:
    text = SOUND.replace("{only: drug, when: not allergy,", '{only: drug, when: "not\\n\\n allergy",')
    pathway("check", written(tmp_path, text), "--certificates", "kept")
    claim = (tmp_path / "kept" / FILES[0]).read_text("utf-8")
    before = claim.partition("(set-info")[0].splitlines()
    assert all(line.startswith("; ") for line in before)
    assert second_opinion(claim) == "unsat"


def test_several_pathways_have_a_folder_of_certificates_each(pathway: Command, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(SOUND.replace("pathway: pressure", "pathway: other"), "utf-8")
    pathway("check", written(tmp_path, SOUND), tmp_path / "other.yaml", "--certificates", "kept")
    folders = {Path(file).parts[0] for file in files(tmp_path / "kept")}
    assert folders == {"pressure", "other"}


@pytest.mark.parametrize("option", ["--certificates", "--witnesses"])
def test_a_file_where_a_folder_is_needed_is_said_before_the_check(
    pathway: Command, tmp_path: Path, option: str
) -> None:
    (tmp_path / "kept").write_text("", "utf-8")
    outcome = pathway("check", written(tmp_path, SOUND), option, "kept")
    assert outcome.returncode == 2
    assert f"{option}: kept is a file, and a folder is needed." in outcome.stderr
