"""Contract, the JSON of `pathway run` and `pathway eval`, and the log of a run: shapes, exit codes, streams."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pathway.cli import main
from tests.flagship.outside import PATHWAY, SAFE, SUSPECTED, at, flagship, last, now, steps, timeline

STEP_KEYS = {
    "at",
    "states",
    "phases",
    "taken",
    "open",
    "waiting",
    "conflicts",
    "refused",
    "recommended",
    "held",
    "blocked",
    "done",
    "warnings",
    "doses",
    "facts",
    "needs",
}
STORY = (
    at("08:00", SUSPECTED | {"bacterial_meningitis_suspected": "true", "severe_sepsis_signs": "true",
                             "presentation_time": "2026-03-01T07:45", "age_years": "9"}),
    at("08:20", {"calcium_iv_concurrent": "true", "weight_kg": "45"}, done="[empiric_iv_antibiotic]"),
    at("09:00", SAFE | {"inr": "unknown"}),
    at("09:30", {"inr": "1.1"}, declined={"lumbar_puncture": "the family refuses"}),
    at("10:00"),
)  # fmt: skip


def _process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pathway", *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "timeline.yaml"
    path.write_text(timeline(*STORY), encoding="utf-8")
    return path


# --- a run as a process ---------------------------------------------------------------------------------------
def test_a_run_prints_one_json_document_and_nothing_else(file: Path) -> None:
    done = _process("run", PATHWAY, str(file), "--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert {"pathway", "version", "digest", "status", "steps"} <= set(document)
    assert document["pathway"] == PATHWAY
    assert document["status"] == "under-review"
    assert len(document["digest"]) == 64
    assert len(document["steps"]) == len(STORY)
    for step in document["steps"]:
        assert set(step) >= STEP_KEYS


def test_two_runs_print_the_same_bytes(file: Path) -> None:
    first, second = (_process("run", PATHWAY, str(file), "--json").stdout for _ in range(2))
    assert first == second


def test_a_timeline_may_be_json(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    entries: list[dict[str, Any]] = [
        {"at": "2026-03-01T08:00", "facts": {"platelet_count": 39, "inr": "unknown", "coagulopathy": True,
                                             "current_drugs": ["isoniazid"]}},
        {"at": "2026-03-01T09:00", "done": ["empiric_iv_antibiotic"]},
    ]  # fmt: skip
    path.write_text(json.dumps({"pathway": PATHWAY, "case": "j", "timeline": entries}), encoding="utf-8")
    done = _process("run", PATHWAY, str(path), "--json")
    assert done.returncode == 0
    step = json.loads(done.stdout)["steps"][0]
    assert step["facts"]["lp_decision"] == {"value": "blocked"}
    assert step["facts"]["platelet_count"] == {"value": "39", "unit": "10*9/L"}


def test_bad_input_is_exit_2_with_one_message_on_stderr_and_nothing_on_stdout(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(timeline(at("08:00"), at("09:00", {"inr": "high"})), encoding="utf-8")
    done = _process("run", PATHWAY, str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    for word in ("wrong.yaml:5", "inr"):
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_input_in_a_late_entry_prints_nothing_of_the_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(timeline(*STORY, at("2026-03-02", {"kps": "65"})), encoding="utf-8")
    done = _process("run", PATHWAY, str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "kps" in done.stderr


@pytest.mark.parametrize("pathway", ["no-such-pathway", "./nowhere"])
def test_a_pathway_that_does_not_exist_is_exit_2(file: Path, pathway: str) -> None:
    done = _process("run", pathway, str(file), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_folder_name_and_the_id_name_the_same_pathway(file: Path) -> None:
    root = Path(__file__).parents[2]
    by_folder = _process("run", str(root / "definitions" / "spinal_leptomeningeal_infection"), str(file), "--json")
    assert json.loads(by_folder.stdout) == json.loads(_process("run", PATHWAY, str(file), "--json").stdout)


# --- the steps ------------------------------------------------------------------------------------------------
def test_each_part_of_a_step_has_the_keys_of_the_contract() -> None:
    keys = {
        "taken": {"track", "from", "to", "cites"},
        "waiting": {"track", "to", "needs"},
        "recommended": {"action", "due", "urgency", "outstanding"},
        "held": {"action", "safeguards", "needs"},
        "blocked": {"action", "safeguards", "cites", "layer"},
        "done": {"action", "at", "due", "urgency"},
        "warnings": {"id", "severity", "layer", "cites", "text"},
        "needs": {"fact", "for"},
    }
    met: set[str] = set()
    for one in steps(*STORY):
        for part, wanted in keys.items():
            for entry in one.step[part]:
                met.add(part)
                assert set(entry) >= wanted, part
        for fact in one.step["facts"].values():
            assert "value" in fact
    assert met == set(keys)


def test_states_and_phases_are_by_track_and_care_is_one() -> None:
    step = now(SUSPECTED).step
    assert step["phases"]["care"] == "imaging-lp"
    assert set(step["phases"]) <= set(step["states"])


def test_a_deed_shows_its_time_its_due_time_and_whether_it_was_met() -> None:
    deed = steps(*STORY)[1].deeds("empiric_iv_antibiotic")[0]
    assert (deed["at"], deed["due"], deed["urgency"]) == (
        "2026-03-01T08:20:00+00:00",
        "2026-03-01T08:45:00+00:00",
        "met",
    )


def test_a_deed_without_a_deadline_has_no_due_time() -> None:
    shown = last(at("08:00", SUSPECTED), at("09:00", done="{mri_whole_spine_gadolinium: 2026-03-01T08:30}"))
    deed = shown.deeds("mri_whole_spine_gadolinium")[0]
    assert (deed["at"], deed["due"]) == ("2026-03-01T08:30:00+00:00", None)


def test_a_declined_action_leaves_recommended_held_and_the_needs() -> None:
    after = steps(*STORY)[-1]
    assert after.stands("lumbar_puncture") == "none"
    assert not after.needs("lumbar_puncture")
    assert not after.deeds("lumbar_puncture")


def test_what_a_held_action_lacks_stands_in_needs_for_it() -> None:
    shown = steps(*STORY)[2]
    assert shown.entry("held", "lumbar_puncture")["safeguards"] == ["lp_inr"]
    assert shown.entry("held", "lumbar_puncture")["needs"] == ["inr"]
    assert {"fact": "inr", "for": ["lumbar_puncture"]} in shown.step["needs"]


def test_what_was_said_to_be_unknown_is_not_among_the_facts() -> None:
    assert not steps(*STORY)[2].knows("inr")


def test_needs_name_the_most_useful_fact_first() -> None:
    """A fact that several things wait for comes before one that a single thing waits for."""
    shown = now({"etiology": "malignant"} | SUSPECTED)
    counts = [len(need["for"]) for need in shown.step["needs"]]
    assert counts[0] == max(counts)


def test_every_cite_of_a_step_is_a_source() -> None:
    sources = set(flagship().definition.sources)
    for one in steps(*STORY):
        cited = {cite for part in ("taken", "blocked", "warnings") for entry in one.step[part] for cite in entry["cites"]}
        assert cited <= sources


def test_blocked_lists_actions_that_no_state_calls_for() -> None:
    shown = now({"calcium_iv_concurrent": "true", "platelet_count": "20"})
    assert {"calcium_iv", "lumbar_puncture", "repeat_lumbar_puncture"} <= set(shown.actions("blocked"))


def test_a_choice_that_is_not_open_is_refused(tmp_path: Path) -> None:
    """Rule 15: exit 1, and the run goes on."""
    path = tmp_path / "take.yaml"
    path.write_text(timeline(at("08:00", SUSPECTED), at("09:00", take={"care": "tb"})), encoding="utf-8")
    done = _process("run", PATHWAY, str(path), "--json")
    assert done.returncode == 1
    refused = json.loads(done.stdout)["steps"][1]["refused"]
    assert len(refused) == 1
    assert "tb" in json.dumps(refused)


def test_the_clinicians_choice_moves_the_track() -> None:
    """The end of follow-up is confirmed by the clinician."""
    story = (
        at("2025-01-14", {"etiology": "tb", "therapy_start_date": "2025-01-14"}),
        at("2026-03-01", {"planned_stop_date": "2026-03-01"}),
        at("2026-03-01", done="[stop_therapy]"),
        at("2026-06-01", {"clinical_response": "resolved"}),
    )
    moved = [entry for one in steps(*story) for entry in one.step["taken"] if entry["track"] == "care"]
    for before, after in zip(moved, moved[1:], strict=False):
        assert before["to"] == after["from"]
    assert steps(*story)[-1].step["states"]["care"] == moved[-1]["to"]


# --- the log --------------------------------------------------------------------------------------------------
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


def test_each_line_of_the_log_has_the_fields_of_its_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _log(tmp_path, capsys)[1:]
    assert {line["type"] for line in lines} >= {"case_opened", "fact_recorded", "fact_retracted", "action_done"}
    for line in lines:
        assert {"seq", "at", "recorded_at", "by", "batch", "type", "prev", "hash"} <= set(line)
        assert FIELDS.get(line["type"], set()) <= set(line), line["type"]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    weight = next(line for line in lines if line.get("fact") == "weight_kg")
    assert (weight["value"], weight["unit"], weight["entered"]) == ("45", "kg", "45")


def test_each_hash_covers_the_line_and_the_one_before_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _log(tmp_path, capsys)
    for before, line in zip(lines, lines[1:], strict=False):
        assert line["prev"] == before["hash"]
        assert len(line["hash"]) == len(hashlib.sha256().hexdigest())


def test_the_log_says_how_the_puncture_and_the_antibiotic_stood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _log(tmp_path, capsys)
    stood = {line["action"]: line["while"] for line in lines if line["type"] in ("action_done", "action_declined")}
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


# --- eval -----------------------------------------------------------------------------------------------------
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
        ("symptomatic_lesion_types includes nodular", "symptomatic_lesion_types=nodular|cord_compression", "TRUE"),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=50,serum_glucose=100", "FALSE"),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=49.9,serum_glucose=100", "TRUE"),
    ],
)
def test_eval_at_the_boundaries(capsys: pytest.CaptureFixture[str], guard: str, facts: str, value: str) -> None:
    assert _eval(capsys, guard, *(["--facts", facts] if facts else []))["value"] == value


@pytest.mark.parametrize(("clock", "value"), [("2026-03-01T19:59:59", "TRUE"), ("2026-03-01T20:00:00", "FALSE")])
def test_eval_at_a_time_sets_the_clock(capsys: pytest.CaptureFixture[str], clock: str, value: str) -> None:
    """S92."""
    found = _eval(capsys, "hours_since_lmwh < 12 h", "--facts", "lmwh_last_dose_time=2026-03-01T08:00:00", "--at", clock)
    assert found["value"] == value


def test_eval_of_a_number_gives_its_value_and_unit(capsys: pytest.CaptureFixture[str]) -> None:
    found = _eval(capsys, "csf_glucose / serum_glucose", "--facts", "csf_glucose=30,serum_glucose=100")
    assert (found["value"], found["unit"]) == ("0.3", "1")


def test_eval_reads_facts_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("platelet_count: 39\ncurrent_drugs: [ceftriaxone]\n", encoding="utf-8")
    found = _eval(capsys, "platelet_count < 40 and current_drugs includes ceftriaxone", "--facts-file", str(path))
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


def test_eval_as_a_process() -> None:
    done = _process("eval", PATHWAY, "inr > 1.4", "--facts", "inr=1.41", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["value"] == "TRUE"
