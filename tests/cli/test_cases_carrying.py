"""`pathway cases`: carried out and in, checked, copied, saved from damage, moved to another version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathway.engine.batch import Batch
from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.logs.jsonl import read_log
from pathway.store.places import open_store
from pathway.store.session import Session
from tests.cli.conftest import Command
from tests.damaging import asked, change_lines


@pytest.fixture
def ward(pathway: Command, demo_file: str) -> Command:
    """The command, with two cases in the store; in the first suspicion was recorded."""
    long = "fact suspected yes\ntake workup !\nnote slept well\nquit\n"
    for case, talk in (("V-1", long), ("Ann B", "quit\n")):
        outcome = pathway(
            "step", demo_file, "--case", case, "--by", "ms", "--label", "bed 4", "--plain", stdin=talk
        )
        assert outcome.returncode == 0, outcome.stderr
    return pathway


@pytest.fixture
def stricter(demo_file: str, tmp_path: Path) -> str:
    """The demo pathway in a later version, that knows no notes of suspicion denied."""
    file = tmp_path / "stricter.yaml"
    text = Path(demo_file).read_text("utf-8")
    file.write_text(
        text.replace("version: 1.0.0", "version: 1.1.0").replace("within: 4 h", "within: 2 h"), "utf-8"
    )
    return str(file)


def done(outcome: object, code: int = 0) -> str:
    assert getattr(outcome, "returncode", None) == code, outcome
    return f"{getattr(outcome, 'stdout', '')}{getattr(outcome, 'stderr', '')}"


def test_all_cases_are_carried_into_another_store_word_for_word(ward: Command, tmp_path: Path) -> None:
    done(ward("cases", "export", "--all", "out"))
    names = sorted(str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*.js*"))
    assert names[:3] == ["case-000001.jsonl", "case-000002.jsonl", "checkpoint.json"], "no id in a name"
    assert "V-1: new (" in done(ward("cases", "import", "out", "--store", "other"))
    here, there = open_store(tmp_path / "store"), open_store(tmp_path / "other")
    assert [here.lines(one.case) for one in here.entries()] == [
        there.lines(one.case) for one in there.entries()
    ]
    assert there.definition(there.load("V-1").header.digest) is not None
    assert done(ward("cases", "import", "out", "--store", "other")).count("already there") == 2
    assert "conforms" in done(ward("cases", "verify", "--store", "other"))
    assert "is not empty" in done(ward("cases", "export", "--all", "out"), 2)


def test_what_is_new_in_a_log_is_taken_and_another_case_of_the_id_is_not(
    ward: Command, demo_file: str, tmp_path: Path
) -> None:
    done(ward("cases", "export", "V-1", "early.jsonl"))
    done(ward("step", "--case", "V-1", "--by", "ms", "--plain", stdin="note ate well\nquit\n"))
    done(ward("cases", "export", "V-1", "late.jsonl"))
    done(ward("cases", "import", "early.jsonl", "--store", "other"))
    assert "V-1: continued (1 events)" in done(
        ward("cases", "import", "late.jsonl", "early.jsonl", "--store", "other")
    )
    ward("step", demo_file, "--case", "V-1", "--by", "kn", "--store", "third", stdin="quit\n")
    (tmp_path / "bad.jsonl").write_text("{}\n", "utf-8")
    told = done(ward("cases", "import", "bad.jsonl", "late.jsonl", "--store", "third"), 1)
    assert "has another case of the id 'V-1'" in told
    assert "bad.jsonl: not taken" in told
    (tmp_path / "none").mkdir()
    assert "There is no log" in done(ward("cases", "import", "none"), 2)


def test_a_store_is_held_against_a_checkpoint_and_the_heads_noted_elsewhere(
    ward: Command, tmp_path: Path
) -> None:
    done(ward("cases", "checkpoint", "head.json"))
    done(ward("step", "--case", "V-1", "--by", "ms", "--plain", stdin="note ate well\nquit\n"))
    told = done(ward("cases", "verify", "--against", "head.json"))
    assert "steps, whole and unchanged" in told
    asked(tmp_path / "store", "DELETE FROM line WHERE course = 1 AND seq > 2")
    last = asked(tmp_path / "store", "SELECT max(number) FROM step")[0][0]
    asked(tmp_path / "store", "DELETE FROM step WHERE number = ?", last)
    told = done(ward("cases", "verify", "--json"), 1)
    assert "The end of the store is missing" in {one["what"] for one in json.loads(told)["store"]}
    (tmp_path / "head.json").write_text("[]", "utf-8")
    assert "is no checkpoint" in done(ward("cases", "verify", "--against", "head.json"), 2)


def test_a_backup_is_a_store_and_never_replaces_a_file(ward: Command, tmp_path: Path) -> None:
    done(ward("cases", "backup", "copy.sqlite"))
    assert (tmp_path / "copy.sqlite").stat().st_mode & 0o077 == 0
    assert "whole and unchanged" in done(ward("cases", "verify", "--store", "copy.sqlite"))
    assert "a file of that name is in the way" in done(ward("cases", "backup", "copy.sqlite"), 2)
    assert "is not there" in done(ward("cases", "backup", "b.sqlite", "--store", "none"), 2)


def test_the_good_part_of_a_damaged_store_is_saved_and_what_is_missing_is_said(
    ward: Command, tmp_path: Path
) -> None:
    change_lines(tmp_path / "store", "V-1", lambda line: line.replace("slept well", "slept ill"))
    told = done(ward("cases", "rescue", "saved"), 1)
    assert "V-1: 3 of 4 events saved" in told
    assert "MISSING: " in told
    assert "Ann B: 1 of 1 events saved" in told
    assert len(read_log(tmp_path / "saved" / "case-000001.jsonl").events) == 3
    assert "V-1: new (3 events)" in done(ward("cases", "import", "saved", "--store", "new"))


def test_a_case_moves_to_another_version_and_keeps_its_earlier_log(
    ward: Command, stricter: str, tmp_path: Path
) -> None:
    told = done(ward("cases", "move", "V-1", "--to", stricter))
    assert "DRAFT: not approved for clinical use" in told
    assert "1.1.0:" in told, "what changes is shown first"
    assert "Nothing was moved" in told
    store = open_store(tmp_path / "store")
    assert len(store.courses("V-1")) == 1
    done(ward("cases", "move", "V-1", "--to", stricter, "--yes", "--by", "dr k"))
    before, after = store.courses("V-1")
    assert (before.closed, after.closed) == (True, False)
    assert (before.events[-1].by, after.header.continues) == ("dr k", before.head)
    assert [one.version for one in (before.header, after.header)] == ["1.0.0", "1.1.0"]
    assert {one.by for one in after.events} >= {"ms"}, "who recorded stands as it was"
    assert "conforms" in done(ward("cases", "verify", "V-1"))
    assert "goes on" in done(
        ward("step", "--case", "V-1", "--by", "ms", "--plain", stdin="note goes on\nquit\n")
    )
    assert "is on demo 1.1.0" in done(ward("cases", "move", "V-1", "--to", stricter), 2)
    done(ward("cases", "export", "--all", "out"))
    assert "V-1: continued" in done(ward("cases", "import", "out", "--store", "other"))
    assert [log.head for log in open_store(tmp_path / "other").courses("V-1")] == [
        log.head for log in store.courses("V-1")
    ]


def test_an_export_under_pseudonyms_names_nobody_and_replays(
    ward: Command, demo_file: str, tmp_path: Path
) -> None:
    done(ward("cases", "key", "secret.key"))
    told = done(ward("cases", "export", "--all", "out", "--pseudonymise", "secret.key"))
    texts = told + "".join(file.read_text("utf-8") for file in (tmp_path / "out").glob("*.json*"))
    for name in ("V-1", "Ann B", "bed 4", '"ms"', "slept well"):
        assert name not in texts
    logs = [str(file) for file in sorted((tmp_path / "out").glob("*.jsonl"))]
    done(ward("replay", *logs, "--pathway", demo_file))


def test_a_case_of_the_store_is_exported_as_fhir_and_replayed_by_its_id(
    ward: Command, demo_file: str, tmp_path: Path
) -> None:
    done(ward("cases", "export", "V-1", "trail.json", "--fhir"))
    bundle = json.loads((tmp_path / "trail.json").read_text("utf-8"))
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds.count("AuditEvent") == 4
    assert "Provenance" in kinds
    report = json.loads(ward("cases", "replay", "V-1", "--pathway", demo_file, "--json").stdout)
    assert (report["logs"], report["conforming"]) == (1, 1)
    for wrong in (
        ["export", "V-1"],
        ["export", "--all", "o", "--fhir"],
        ["export", "V-1", "f", "--all", "o"],
    ):
        assert done(ward("cases", *wrong), 2)


def test_a_table_of_logs_is_exported_under_pseudonyms_too(
    ward: Command, demo_file: str, tmp_path: Path
) -> None:
    done(ward("cases", "key", "secret.key"))
    options = ["--pathway", demo_file, "--export", "log.csv", "--pseudonymise", "secret.key"]
    done(ward("cases", "replay", "V-1", *options))
    table = (tmp_path / "log.csv").read_text("utf-8")
    assert "case-" in table
    assert not [name for name in ("V-1", "bed 4", "slept well") if name in table]
    done(ward("replay", "log.csv", "--pathway", demo_file))
    assert "belongs to" in done(ward("replay", "log.csv", "--keep-text"), 2)


HOSTILE = "x\x1b[2J\x9b31m\u202egnol\x07\r\n*** APPROVED ***\t[red]=1+1"


def test_no_word_of_a_case_acts_on_the_terminal_whatever_is_done_with_it(
    ward: Command, demo_file: str, stricter: str, tmp_path: Path
) -> None:
    session, _ = Session.open_new(
        open_store(tmp_path / "store"), compile_pathway(load_definition(Path(demo_file))), HOSTILE,
        at=1, by=HOSTILE, recorded_at=1, label=HOSTILE,
    )  # fmt: skip
    session.commit(Batch(1, HOSTILE, 1, notes=(HOSTILE,)))
    outcomes = [
        ward("cases", *words)
        for words in (
            [], ["--json"], ["verify"], ["verify", "none" + HOSTILE], ["export", HOSTILE, "o.jsonl"],
            ["export", HOSTILE, "o.json", "--fhir"], ["move", HOSTILE, "--to", stricter], ["rescue", "r"],
            ["replay", HOSTILE, "--pathway", demo_file], ["import", "o.jsonl", "--store", "s2"],
            ["import", "o.jsonl", "--store", "s2"], ["handover", HOSTILE, "--pathway", demo_file],
        )
    ]  # fmt: skip
    change_lines(tmp_path / "store", HOSTILE, lambda line: line.replace("APPROVED", "REFUSED"))
    outcomes += [ward("cases"), ward("cases", "verify"), ward("cases", "rescue", "r2")]
    for outcome in outcomes:
        said = outcome.stdout + outcome.stderr
        assert not [sign for sign in "\x1b\x9b\u202e\x07\r" if sign in said], said
        assert "\n*** APPROVED ***" not in said, said
