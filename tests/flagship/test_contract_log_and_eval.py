"""Contract, the log of a run and the JSON of `pathway eval`."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from pathway.cli import main
from tests.flagship.outside import PATHWAY, STORY, flagship, process, timeline


# --- the log ---
def _log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    path, log = tmp_path / "t.yaml", tmp_path / "run.jsonl"
    path.write_text(timeline(*STORY), encoding="utf-8")
    assert main(["run", PATHWAY, str(path), "--json", "--write-log", str(log)]) == 0
    capsys.readouterr()
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_the_log_opens_with_its_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = _log(tmp_path, capsys)[0]
    assert header["type"] == "header"
    assert {"pathway", "version", "digest", "case", "schema"} <= set(header)
    assert header["pathway"] == PATHWAY
    assert header["case"] == "outside"
    assert header["digest"] == flagship().definition.digest


FIELDS = {
    "fact_recorded": {"fact", "value", "entered"},
    "fact_retracted": {"fact", "reason"},
    "transition_taken": {"track", "from", "to", "cause", "guard", "basis"},
    "action_done": {"action", "while"},
    "action_declined": {"action", "reason", "while"},
    "time_passed": {"to"},
    "case_opened": {"timezone"},
}


def test_each_line_of_the_log_has_the_fields_of_its_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _log(tmp_path, capsys)[1:]
    assert {line["type"] for line in lines} >= {
        "case_opened",
        "fact_recorded",
        "fact_retracted",
        "action_done",
    }
    for line in lines:
        assert {"seq", "at", "recorded_at", "by", "batch", "type", "prev", "hash"} <= set(line)
        assert FIELDS.get(line["type"], set()) <= set(line), line["type"]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    weight = next(line for line in lines if line.get("fact") == "weight_kg")
    assert (weight["value"], weight["unit"], weight["entered"]) == ("45", "kg", "45")


def test_each_hash_covers_the_line_and_the_one_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _log(tmp_path, capsys)
    for before, line in itertools.pairwise(lines):
        assert line["prev"] == before["hash"]
        assert len(line["hash"]) == len(hashlib.sha256().hexdigest())


def test_the_log_says_how_the_puncture_and_the_antibiotic_stood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _log(tmp_path, capsys)
    stood = {
        line["action"]: line["while"] for line in lines if line["type"] in ("action_done", "action_declined")
    }
    assert stood == {"empiric_iv_antibiotic": "recommended", "lumbar_puncture": "recommended"}


def test_the_same_timeline_gives_the_same_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert _log(tmp_path / "a", capsys) == _log(tmp_path / "b", capsys)


def test_the_log_replays_without_divergence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _log(tmp_path, capsys)
    assert main(["replay", str(tmp_path / "run.jsonl"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"logs", "events", "conforming", "divergent", "divergences", "deadlines"} <= set(report)
    assert (report["logs"], report["conforming"], report["divergent"]) == (1, 1, 0)


# --- eval ---
def _eval(capsys: pytest.CaptureFixture[str], guard: str, *options: str) -> dict[str, Any]:
    code = main(["eval", PATHWAY, guard, "--json", *options])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def test_eval_says_value_needs_atoms_and_english(capsys: pytest.CaptureFixture[str]) -> None:
    found = _eval(capsys, "inr > 1.4 or platelet_count < 40", "--facts", "platelet_count=40")
    assert found["value"] == "UNKNOWN"
    assert found["needs"] == ["inr"]
    assert {(atom["text"], atom["value"]) for atom in found["atoms"]} == {
        ("inr > 1.4", "UNKNOWN"),
        ("platelet_count < 40", "FALSE"),
    }
    assert found["english"]


@pytest.mark.parametrize(
    ("guard", "facts", "value"),
    [
        ("platelet_count < 40", "platelet_count=39.9", "TRUE"),
        ("platelet_count < 40", "platelet_count=40", "FALSE"),
        ("platelet_count < 40", "platelet_count=40 10*9/L", "FALSE"),
        ("inr > 1.4", "inr=1.41", "TRUE"),
        ("inr > 1.4", "inr=1.4", "FALSE"),
        ("inr > 1.4", "", "UNKNOWN"),
        ("inr > 1.4", "inr=unknown", "UNKNOWN"),
        ("csf_protein > 150", "csf_protein=1.5 g/L", "FALSE"),
        ("csf_protein > 150 mg/dL", "csf_protein=1.51 g/L", "TRUE"),
        (
            "symptomatic_lesion_types includes nodular",
            "symptomatic_lesion_types=nodular|cord_compression",
            "TRUE",
        ),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=50,serum_glucose=100", "FALSE"),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=49.9,serum_glucose=100", "TRUE"),
    ],
)
def test_eval_at_the_boundaries(
    capsys: pytest.CaptureFixture[str], guard: str, facts: str, value: str
) -> None:
    assert _eval(capsys, guard, *(["--facts", facts] if facts else []))["value"] == value


@pytest.mark.parametrize(
    ("clock", "value"), [("2026-03-01T19:59:59", "TRUE"), ("2026-03-01T20:00:00", "FALSE")]
)
def test_eval_at_a_time_sets_the_clock(capsys: pytest.CaptureFixture[str], clock: str, value: str) -> None:
    """S92."""
    found = _eval(
        capsys, "hours_since_lmwh < 12 h", "--facts", "lmwh_last_dose_time=2026-03-01T08:00:00", "--at", clock
    )
    assert found["value"] == value


def test_eval_of_a_number_gives_its_value_and_unit(capsys: pytest.CaptureFixture[str]) -> None:
    found = _eval(capsys, "csf_glucose / serum_glucose", "--facts", "csf_glucose=30,serum_glucose=100")
    assert (found["value"], found["unit"]) == ("0.3", "1")


def test_eval_reads_facts_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("platelet_count: 39\ncurrent_drugs: [ceftriaxone]\n", encoding="utf-8")
    found = _eval(
        capsys, "platelet_count < 40 and current_drugs includes ceftriaxone", "--facts-file", str(path)
    )
    assert found["value"] == "TRUE"


@pytest.mark.parametrize(
    ("guard", "facts"),
    [
        ("inr > tb", ""),
        ("platelet_count < 40 mg", ""),
        ("platelet_count", "platelet_count=4 kg"),
        ("platelet_count < ", ""),
        ("no_such_fact > 1", ""),
        ("platelet_count < 40", "platelet_count=many"),
        ("platelet_count < 40", "platelet_cout=40"),
    ],
)
def test_a_type_or_unit_error_is_exit_2_without_output(
    capsys: pytest.CaptureFixture[str], guard: str, facts: str
) -> None:
    code = main(["eval", PATHWAY, guard, "--json", *(["--facts", facts] if facts else [])])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_eval_as_aprocess() -> None:
    done = process("eval", PATHWAY, "inr > 1.4", "--facts", "inr=1.41", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["value"] == "TRUE"
