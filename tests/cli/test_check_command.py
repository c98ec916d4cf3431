"""`pathway check` says what is proved, shows a case for what is not, and is never fine about the rest."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from pathway.check.codes import CODES
from pathway.check.findings import ERROR, Finding
from pathway.check.proofs.claims import Proved
from pathway.check.proving import Proofs
from pathway.check.witness import Witness
from pathway.cli import check_command
from pathway.cli.check_report import report_lines, witness_lines
from pathway.cli.check_run import CheckedPathway, check_pathway
from pathway.cli.check_watch import SECOND, Watch, watching
from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from tests.cli.conftest import CHECKOUT, Command, in_a_process

SOUND = """\
pathway: pressure
version: 1.0.0
title: Blood pressure
status: draft
layers: {made: Made up for testing}
sources:
  M1: {text: Treat from 140 on., from: made}
facts:
  pressure: {ask: Systolic pressure, type: quantity, unit: "mm[Hg]", range: [0, 300], step: 1, cites: [M1]}
  allergy: {ask: "Allergic to the drug?", type: boolean, cites: [M1]}
actions:
  measure: {title: Measure the pressure, type: measure, evidence: pressure is known, cites: [M1]}
  drug: {title: Drug, type: medication, cites: [M1]}
safeguards:
  no_allergy: {action: drug, when: allergy, effect: block, cites: [M1]}
tracks:
  care:
    start: measuring
    states:
      measuring:
        kind: enquiry
        do: [{action: measure, within: 1 h, cites: [M1]}]
        next: [{to: deciding, when: pressure is known, auto: true, cites: [M1]}]
        cites: [M1]
      deciding:
        kind: decision
        next:
          - {to: treated, when: pressure >= 140, cites: [M1]}
          - {to: healthy, when: pressure < 140, cites: [M1]}
        cites: [M1]
      treated: {kind: action, do: [{action: drug, cites: [M1]}], cites: [M1],
                next: [{to: closed, when: done(drug) or declined(drug), cites: [M1]}]}
      healthy: {kind: end, cites: [M1]}
      closed: {kind: end, cites: [M1]}
claims:
  never_in_allergy: {only: drug, when: not allergy, cites: [M1]}
"""
HOLE = SOUND.replace("when: pressure >= 140", "when: pressure > 140")
OVERLAP = SOUND.replace("when: pressure < 140", "when: pressure <= 140")
REFUTED = SOUND.replace("when: not allergy", "when: not allergy and pressure > 140")
LINE_OF_DECIDING = SOUND.splitlines().index("      deciding:") + 1


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Writes a definition into a file of its own."""

    def write(text: str, name: str = "mine.yaml") -> Path:
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write


def checked(file: Path) -> CheckedPathway:
    with watching(lambda: 0, None) as watch:
        return check_pathway(str(file), False, watch)


# --- what is said -------------------------------------------------------------------------------
def test_a_sound_pathway_says_what_was_proved(pathway: Command, written: Any) -> None:
    outcome = pathway("check", written(SOUND))
    assert (outcome.returncode, outcome.stderr) == (0, ""), outcome.stdout
    head, stamp, claims, proved, *_ = outcome.stdout.splitlines()
    assert head.startswith("pressure 1.0.0: 1 track, 5 states, 1 of 1 statement accounted for")
    assert stamp == "*** DRAFT: not approved for clinical use ***"
    assert claims == "1 claim proved, 0 refuted, 0 not decided"
    told = (
        "proved: with every layer switched on, some case comes to each of 5 states and takes each of 4 ways; "
    )
    assert proved.startswith(told)
    assert outcome.stdout.endswith("\nno open finding, nothing undecided\n\n")


@pytest.mark.parametrize(("text", "code"), [(HOLE, "gap"), (OVERLAP, "overlap")])
def test_a_wrong_decision_is_shown_with_a_patient_and_where_the_case_ends(
    pathway: Command, written: Any, text: str, code: str
) -> None:
    file = written(text)
    outcome = pathway("check", file)
    assert outcome.returncode == 1
    lines = outcome.stdout.splitlines()
    at = lines.index("errors") + 1
    assert lines[at].startswith(f"{file}:{LINE_OF_DECIDING}:")
    assert ": error: " in lines[at]
    assert lines[at].endswith(f". [{code}]")
    shown = lines[at + 1 :]
    assert shown[0] == "    2026-03-01 08:00 UTC  the case opens"
    ends = next(number for number, line in enumerate(shown) if line.startswith("    ends: "))
    assert any("pressure = 140" in line for line in shown[:ends])
    assert all(line.startswith("    +") for line in shown[1:ends])
    assert "care" in shown[ends] or "deciding" in shown[ends]
    assert "To step through these cases: `--witnesses DIR`" in outcome.stdout
    assert "proved:" not in outcome.stdout
    assert lines[-2] == "1 error, 1 warning, nothing undecided"  # resting there, it can lose what it needs


def test_errors_stand_before_warnings_and_notes(pathway: Command, written: Any) -> None:
    text = HOLE.replace("facts:\n", "facts:\n  weight: {ask: Weight, type: integer, cites: [M1]}\n")
    text = text.replace("actions:\n", "actions:\n  other: {title: Other, type: order, cites: [M1]}\n")
    lines = pathway("check", written(text)).stdout.splitlines()
    headings = [line for line in lines if line in ("errors", "warnings", "notes")]
    assert headings == ["errors", "warnings", "notes"]
    assert lines[-2] == "1 error, 2 warnings, 1 note, nothing undecided"


def test_a_refuted_claim_is_counted_and_shown(pathway: Command, written: Any) -> None:
    outcome = pathway("check", written(REFUTED))
    assert outcome.returncode == 1
    assert "0 claims proved, 1 refuted, 0 not decided" in outcome.stdout
    assert "claim never_in_allergy does not hold" in outcome.stdout


# --- the same as JSON ---------------------------------------------------------------------------
def test_json_has_the_shape_that_scripts_rely_on(pathway: Command, written: Any) -> None:
    file = written(HOLE)
    outcome = pathway("check", file, "--json")
    assert outcome.returncode == 1
    document = json.loads(outcome.stdout)
    assert (document["pathway"], document["undecided"], document["allowed"]) == ("pressure", [], [])
    assert [one["claim"] for one in document["proved"]] == ["never_in_allergy"]
    assert document["coverage"]["statements"] == 1
    assert document["cases_run"] > 3
    finding, stuck = document["findings"]
    assert (stuck["code"], stuck["severity"]) == ("input-never-arrives", "warning")
    assert {"code", "severity", "where", "text", "witness"} <= finding.keys()
    assert (finding["code"], finding["severity"]) == ("gap", "error")
    where = {"file": str(file), "line": LINE_OF_DECIDING, "state": "care.deciding"}
    assert finding["where"] | where == finding["where"]
    assert finding["witness"]["pathway"] == "pressure"


def test_the_case_of_a_finding_is_a_timeline_that_a_run_steps(
    pathway: Command, written: Any, tmp_path: Path
) -> None:
    file = written(HOLE)
    finding, _ = json.loads(pathway("check", file, "--json").stdout)["findings"]
    (tmp_path / "case.json").write_text(json.dumps(finding["witness"]), "utf-8")
    outcome = pathway("run", file, "case.json", "--json")
    assert outcome.returncode == 0, outcome.stderr
    last = json.loads(outcome.stdout)["steps"][-1]
    assert last["states"] == {"care": "deciding"}
    assert (last["open"], last["waiting"]) == ([], [])


def test_several_pathways_are_one_list(pathway: Command, written: Any) -> None:
    files = written(SOUND), written(HOLE.replace("pathway: pressure", "pathway: hole"), "hole.yaml")
    outcome = pathway("check", *files, "--json")
    assert outcome.returncode == 1
    assert [one["pathway"] for one in json.loads(outcome.stdout)] == ["pressure", "hole"]


# --- counter-examples as files ------------------------------------------------------------------
STUCK = "02-input-never-arrives-care.deciding.yaml"


@pytest.mark.parametrize(("text", "names"), [
    (HOLE, ["01-gap-care.deciding.yaml", STUCK]),
    (OVERLAP, ["01-overlap-care.deciding.yaml", STUCK]),
    (REFUTED, ["01-claim-refuted-never_in_allergy.yaml"]),
])  # fmt: skip
def test_counter_examples_are_written_and_the_lines_to_replay_them_work(
    pathway: Command, written: Any, tmp_path: Path, text: str, names: list[str]
) -> None:
    outcome = pathway("check", written(text, "my own.yaml"), "--witnesses", "shown")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"wrote {len(names)} counter-example")
    assert sorted(file.name for file in (tmp_path / "shown").iterdir()) == names
    replays = [line.strip() for line in outcome.stdout.splitlines() if line.startswith("    replay: ")]
    for replay, name in zip(replays, names, strict=True):
        command = shlex.split(replay.removeprefix("replay: "))
        assert (command[0], Path(command[-1]).name) == ("pathway", name)
        ran = pathway(*command[1:])
        assert ran.returncode == 0, ran.stderr
    assert "To step through these cases" not in outcome.stdout


def test_the_file_of_a_counter_example_says_what_it_shows(
    pathway: Command, written: Any, tmp_path: Path
) -> None:
    outcome = pathway("check", written(HOLE), "--witnesses", "shown")
    file, _ = sorted((tmp_path / "shown").iterdir())
    first, second, *_ = file.read_text("utf-8").splitlines()
    assert first.removeprefix("# ") in outcome.stdout
    assert f"    {second.removeprefix('# ')}." in outcome.stdout
    assert yaml.safe_load(file.read_text("utf-8"))["pathway"] == "pressure"


def test_where_nothing_is_found_no_folder_is_made(pathway: Command, written: Any, tmp_path: Path) -> None:
    outcome = pathway("check", written(SOUND), "--witnesses", "shown")
    assert (outcome.returncode, outcome.stderr) == (0, "no counter-examples to write\n")
    assert not (tmp_path / "shown").exists()


def test_several_pathways_have_a_folder_each(pathway: Command, written: Any, tmp_path: Path) -> None:
    other = written(OVERLAP.replace("pathway: pressure", "pathway: twice"), "twice.yaml")
    pathway("check", written(HOLE), other, "--witnesses", "shown")
    files = sorted(file.relative_to(tmp_path).as_posix() for file in (tmp_path / "shown").rglob("*.yaml"))
    assert files == [
        "shown/pressure/01-gap-care.deciding.yaml",
        f"shown/pressure/{STUCK}",
        "shown/twice/01-overlap-care.deciding.yaml",
        f"shown/twice/{STUCK}",
    ]


def test_two_versions_of_a_pathway_do_not_share_a_folder(
    pathway: Command, written: Any, tmp_path: Path
) -> None:
    pathway("check", written(HOLE), written(REFUTED, "other.yaml"), "--witnesses", "shown")
    assert sorted(folder.name for folder in (tmp_path / "shown").iterdir()) == ["pressure", "pressure-2"]


# --- allowing -----------------------------------------------------------------------------------
ALLOWED = HOLE.replace(
    "      deciding:\n",
    "      # allow: gap exactly 140 is measured again\n"
    "      deciding:  # allow: input-never-arrives the clinic asks again at every visit\n",
)


def test_an_allowed_finding_is_told_with_its_reason_and_is_not_open(pathway: Command, written: Any) -> None:
    file = written(ALLOWED)
    outcome = pathway("check", file)
    assert outcome.returncode == 0
    lines, place = outcome.stdout.splitlines(), f"{file}:{LINE_OF_DECIDING + 1}:7"
    assert lines[lines.index("allowed") + 1 :][:2] == [
        f"{place}: allowed: exactly 140 is measured again. [gap]",
        f"{place}: allowed: the clinic asks again at every visit. [input-never-arrives]",
    ]
    assert "proved, apart from what is allowed below: " in outcome.stdout
    assert outcome.stdout.endswith("\nno open finding, nothing undecided\n\n")
    document = json.loads(pathway("check", file, "--json").stdout)
    assert document["findings"] == []
    allowed, _ = document["allowed"]
    assert (allowed["code"], allowed["reason"]) == ("gap", "exactly 140 is measured again")
    assert allowed["allow"]["line"] == LINE_OF_DECIDING
    assert allowed["witness"]["timeline"]


def test_an_allow_that_silences_nothing_is_a_warning(pathway: Command, written: Any) -> None:
    file = written(ALLOWED.replace("pressure > 140", "pressure >= 140"))
    outcome = pathway("check", file)
    assert outcome.returncode == 0
    assert f"{file}:{LINE_OF_DECIDING}:7: warning: `# allow: gap` silences nothing" in outcome.stdout
    assert outcome.stdout.endswith("\n2 warnings, nothing undecided\n\n")


def test_an_allow_without_a_reason_is_bad_input(pathway: Command, written: Any) -> None:
    outcome = pathway("check", written(ALLOWED.replace(" exactly 140 is measured again", "")))
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert f"mine.yaml:{LINE_OF_DECIDING}:7: This comment allows `gap` without a reason" in outcome.stderr


def test_when_strict_a_warning_is_grave_and_a_note_is_not(pathway: Command, written: Any) -> None:
    noted = SOUND.replace("facts:\n", "facts:\n  weight: {ask: Weight, type: integer, cites: [M1]}\n")
    warned = SOUND.replace("actions:\n", "actions:\n  other: {title: Other, type: order, cites: [M1]}\n")
    assert pathway("check", written(noted), "--strict").returncode == 0
    file = written(warned)
    assert pathway("check", file).returncode == 0
    assert pathway("check", file, "--strict").returncode == 1


# --- time ---------------------------------------------------------------------------------------
def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    check_command.arguments(parser)
    return parser.parse_args(list(words))


def clock(step: int) -> Any:
    """A clock that goes on by so many seconds whenever it is read."""
    read = iter(range(0, 10**9 * SECOND, step * SECOND))
    return lambda: next(read)


@pytest.mark.parametrize("text", [SOUND, ALLOWED, OVERLAP])
def test_what_is_not_done_in_time_is_not_decided_and_never_fine(
    written: Any, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert check_command.run(options(str(written(text)), "--timeout", "5"), clock(6)) == 1
    said = capsys.readouterr().out
    assert "0 claims proved, 0 refuted, 1 not decided" in said
    assert "not decided: the rest of: claims" in said
    assert "proved:" not in said
    assert "unused-allow" not in said
    assert "no open finding, nothing undecided" not in said
    assert said.splitlines()[-2].endswith(" not decided")


def test_whenever_the_time_is_used_up_nothing_wrong_is_called_fine(
    written: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(written(HOLE)), str(written(SOUND, "sound.yaml"))]
    codes: list[tuple[int, ...]] = []
    for seconds in (1, 10, 20, 30, 50, 80, 1000):
        codes.append(tuple(
            check_command.run(options(file, "--timeout", str(seconds)), clock(1)) for file in files
        ))  # fmt: skip
    capsys.readouterr()
    assert {wrong for wrong, _ in codes} == {1}
    assert codes[0] == (1, 1)
    assert codes[-1] == (1, 0)


def test_enough_time_changes_nothing(pathway: Command, written: Any) -> None:
    file = written(HOLE)
    whole = pathway("check", file)
    assert pathway("check", file, "--timeout", "3000.5") == whole


@pytest.mark.parametrize("text", ["0", "-3", "soon", "nan", "inf", "1e400", ""])
def test_a_time_that_is_none_is_refused(pathway: Command, written: Any, text: str) -> None:
    outcome = pathway("check", written(SOUND), f"--timeout={text}")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert f"--timeout: {text!r} is no number of seconds above 0, such as 30 or 0.5" in outcome.stderr


def test_a_claim_of_which_nothing_was_said_is_not_decided(written: Any) -> None:
    whole = checked(written(SOUND))
    nothing = Proofs((), (), (), 0, 0)
    silent = CheckedPathway(whole.name, whole.definition, whole.coverage, (), (), nothing)
    assert (whole.claims.proved, whole.is_fine(True)) == (1, True)
    assert (silent.claims.undecided, silent.is_fine(False)) == (1, False)
    assert list(report_lines(silent, {}))[-2] == "no open finding, 1 not decided"
    assert not any(line.startswith("proved") for line in report_lines(silent, {}))


def test_a_claim_that_is_both_proved_and_refuted_is_refuted(written: Any) -> None:
    whole = checked(written(SOUND))
    [claim] = whole.definition.claims.values()
    finding = Finding("claim-refuted", ERROR, "text", "fix", claim.place)
    proofs = Proofs((), (Proved(claim.name, None),), (), 0, 0)
    both = CheckedPathway(whole.name, whole.definition, whole.coverage, (finding,), (), proofs)
    assert (both.claims.proved, both.claims.refuted) == (0, 1)


# --- SARIF --------------------------------------------------------------------------------------
def test_sarif_is_written_for_all_pathways_of_the_call(
    pathway: Command, written: Any, tmp_path: Path
) -> None:
    other = written(OVERLAP.replace("pathway: pressure", "pathway: twice"), "twice.yaml")
    outcome = pathway("check", written(ALLOWED), other, "--sarif", "found.sarif")
    assert (outcome.returncode, outcome.stderr) == (1, "wrote found.sarif\n")
    assert "1 error, 1 warning, nothing undecided" in outcome.stdout
    [run] = json.loads((tmp_path / "found.sarif").read_text("utf-8"))["runs"]
    told = [(result["ruleId"], len(result["suppressions"])) for result in run["results"]]
    stuck = "input-never-arrives"
    assert told == [("gap", 1), (stuck, 1), (stuck, 0), ("overlap", 0)]
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert uris == ["mine.yaml", "mine.yaml", "twice.yaml", "twice.yaml"]


def test_sarif_on_standard_output_leaves_out_the_text(pathway: Command, written: Any) -> None:
    outcome = pathway("check", written(HOLE), "--sarif", "-")
    assert outcome.returncode == 1
    result, _ = json.loads(outcome.stdout)["runs"][0]["results"]
    assert result["ruleId"] == "gap"
    assert "pressure = 140" in result["message"]["text"]


def test_sarif_tells_what_was_not_decided(written: Any, capsys: pytest.CaptureFixture[str]) -> None:
    check_command.run(options(str(written(SOUND)), "--timeout", "5", "--sarif", "-"), clock(6))
    [invocation] = json.loads(capsys.readouterr().out)["runs"][0]["invocations"]
    told = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert any("not decided: the rest of: claims" in text for text in told)


def test_no_sarif_is_written_where_a_definition_cannot_be_loaded(
    pathway: Command, written: Any, tmp_path: Path
) -> None:
    broken = written(SOUND.replace("start: measuring", "start: measure"), "broken.yaml")
    outcome = pathway("check", broken, written(HOLE), "--sarif", "found.sarif")
    assert outcome.returncode == 2
    assert "no SARIF was written: a definition above cannot be loaded." in outcome.stderr
    assert "[gap]" in outcome.stdout
    assert not (tmp_path / "found.sarif").exists()


def test_two_documents_do_not_share_standard_output(pathway: Command, written: Any) -> None:
    outcome = pathway("check", written(SOUND), "--sarif", "-", "--json")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "Give --sarif a file name." in outcome.stderr


@pytest.mark.parametrize("option", ["--witnesses", "--write-cases"])
def test_a_file_in_place_of_a_folder_is_refused_before_the_check(
    pathway: Command, written: Any, option: str
) -> None:
    file = written(HOLE)
    outcome = pathway("check", file, option, file)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert f"{option}: {file} is a file, and a folder is needed." in outcome.stderr


# --- boundary cases -----------------------------------------------------------------------------
def test_cases_at_the_boundaries_are_written_once(pathway: Command, written: Any, tmp_path: Path) -> None:
    file = written(SOUND)
    outcome = pathway("check", file, "--write-cases", "cases")
    assert outcome.returncode == 0, outcome.stderr
    names = {path.relative_to(tmp_path / "cases").as_posix() for path in (tmp_path / "cases").rglob("*.yaml")}
    assert "safeguards/no_allergy-blocks.yaml" in names
    assert outcome.stderr.startswith(f"test cases in cases: {len(names)} written")
    again = pathway("check", file, "--write-cases", "cases")
    assert again.stderr.startswith(f"test cases in cases: {len(names)} unchanged")


def test_boundaries_out_of_time_write_nothing_and_are_not_fine(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = options(str(written(SOUND)), "--timeout", "5", "--write-cases", "cases")
    assert check_command.run(given, clock(6)) == 1
    assert "no test cases were written: the time given with --timeout was used up" in capsys.readouterr().err
    assert not (tmp_path / "cases").exists()


# --- a person at a terminal ---------------------------------------------------------------------
class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_shown_once_a_check_takes_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, now = Terminal(), [0]
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with watching(lambda: now[0], None) as watch:
        watch.progress("running cases", 0)
        now[0] = SECOND - 1
        assert not watch.out_of_time()
        assert screen.getvalue() == ""
        now[0] = SECOND
        assert not watch.out_of_time()
        assert "running cases" in screen.getvalue()
        watch.progress("decisions", 40)
    assert "decisions" in screen.getvalue()
    assert screen.getvalue().endswith(("\x1b[2K", "\x1b[?25h\r\x1b[1A\x1b[2K"))


def test_nobody_sees_a_bar_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, now = io.StringIO(), [0]
    monkeypatch.setattr("sys.stderr", pipe)
    watch = Watch(lambda: now[0])
    now[0] = 60 * SECOND
    watch.progress("decisions", 40)
    assert not watch.out_of_time()
    watch.close()
    assert pipe.getvalue() == ""


def test_an_interrupted_check_ends_as_interrupted(
    pathway: Command, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Proofs:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathway.check.proving.prove", interrupted)
    outcome = pathway("check", written(SOUND))
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (130, "", "interrupted\n")


def test_long_lines_are_folded_and_places_stay_in_one_piece(written: Any) -> None:
    file = written(HOLE, "a file with blanks in its name.yaml")
    found = checked(file)
    whole, folded = list(report_lines(found, {})), list(report_lines(found, {}, 80))
    assert len(folded) > len(whole)
    place = f"{file}:{LINE_OF_DECIDING}:"
    assert any(line.startswith(place) for line in folded)
    assert all(len(line) <= 80 or line.startswith(place) for line in folded)
    assert "".join("".join(folded).split()) == "".join("".join(whole).split())


def test_a_case_is_told_entry_by_entry() -> None:
    start, by = 1_772_352_000, "check"
    entries = (
        Batch(start, by, start),
        Batch(start + 300, by, start, facts=(FactEntry("inr", "1.5"), FactEntry("drugs", ("a", "b")))),
        Batch(start + 90_000, by, start, retracted=(Retraction("inr"),), done=(DeedEntry("mri"),)),
        Batch(start + 90_001, by, start, declined=(DeclineEntry("lp", "refused"),)),
        Batch(start + 90_060, by, start, overrides=(OverrideEntry("advice", action="lp"),)),
        Batch(start + 93_600, by, start, take=(TakeEntry("care", "imaging"),)),
        Batch(start + 93_601, by, start),
    )
    assert list(witness_lines(Witness("demo", entries, "care stays in \x1b[31mimaging"))) == [
        "    2026-03-01 08:00 UTC  the case opens",
        "    +5 min                inr = 1.5, drugs = [a, b]",
        "    +1 d 1 h              inr = unknown; done: mri",
        "    +1 d 1 h 1 s          declined: lp (refused)",
        "    +1 d 1 h 1 min        overridden: lp (advice)",
        "    +1 d 2 h              take: care to imaging",
        "    +1 d 2 h 1 s          time passes",
        r"    ends: care stays in \x1b[31mimaging.",
    ]


def test_a_pipe_without_the_letters_of_a_pathway_gets_what_it_can_show(written: Any) -> None:
    file = written(ALLOWED.replace("exactly 140", "≥ 140"), "drücke.yaml")
    plain = in_a_process("check", file, PYTHONIOENCODING="ascii")
    assert plain.returncode == 0, plain.stderr
    assert rb"dr\u00fccke.yaml" in plain.stdout
    assert b">= 140" in plain.stdout
    document = json.loads(in_a_process("check", file, "--json", PYTHONIOENCODING="ascii").stdout)
    assert document["allowed"][0]["reason"] == "≥ 140 is measured again"


# --- the guide ----------------------------------------------------------------------------------
GUIDE = (CHECKOUT / "docs" / "writing-a-pathway.md").read_text("utf-8")


def test_the_guide_has_a_row_for_every_code_with_its_severity() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning|info) \| ", GUIDE, re.MULTILINE)
    assert dict(rows) == {code.name: code.severity for code in CODES.values()}


def test_the_guides_counter_example_is_what_is_said(pathway: Command, written: Any, tmp_path: Path) -> None:
    [complete] = re.findall(r"```yaml\n(pathway: demo\nversion.*?)```", GUIDE, re.DOTALL)
    [shown] = re.findall(r"```text\n(0 claims proved.*?)```", GUIDE, re.DOTALL)
    assert pathway("check", written(complete)).returncode == 0
    written(complete.replace("platelet_count < 40", "platelet_count < 39"))
    assert shown in pathway("check", "mine.yaml", "--witnesses", "DIR").stdout
    [replay] = re.findall(r"`pathway (run mine.yaml DIR/[^`]+)`", GUIDE)
    assert pathway(*replay.split()).returncode == 0
