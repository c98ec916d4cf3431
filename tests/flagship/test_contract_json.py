"""Contract, the JSON of `pathway run`: shapes, exit codes, streams."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.flagship.outside import (
    PATHWAY,
    STORY,
    SUSPECTED,
    at,
    flagship,
    last,
    now,
    process,
    steps,
    timeline,
)

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


# --- a run as a process ---
def test_a_run_prints_one_json_document_and_nothing_else(file: Path) -> None:
    done = process("run", PATHWAY, str(file), "--json")
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
    first, second = (process("run", PATHWAY, str(file), "--json").stdout for _ in range(2))
    assert first == second


def test_a_timeline_may_be_json(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    entries: list[dict[str, Any]] = [
        {
            "at": "2026-03-01T08:00",
            "facts": {
                "platelet_count": 39,
                "inr": "unknown",
                "coagulopathy": True,
                "current_drugs": ["isoniazid"],
            },
        },
        {"at": "2026-03-01T09:00", "done": ["empiric_iv_antibiotic"]},
    ]
    path.write_text(json.dumps({"pathway": PATHWAY, "case": "j", "timeline": entries}), encoding="utf-8")
    done = process("run", PATHWAY, str(path), "--json")
    assert done.returncode == 0
    step = json.loads(done.stdout)["steps"][0]
    assert step["facts"]["lp_decision"] == {"value": "blocked"}
    assert step["facts"]["platelet_count"] == {"value": "39", "unit": "10*9/L"}


def test_bad_input_is_exit_2_with_one_message_on_stderr_and_nothing_on_stdout(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(timeline(at("08:00"), at("09:00", {"inr": "high"})), encoding="utf-8")
    done = process("run", PATHWAY, str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    for word in ("wrong.yaml:5", "inr"):
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_input_in_a_late_entry_prints_nothing_of_the_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(timeline(*STORY, at("2026-03-02", {"kps": "65"})), encoding="utf-8")
    done = process("run", PATHWAY, str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "kps" in done.stderr


@pytest.mark.parametrize("pathway", ["no-such-pathway", "./nowhere"])
def test_a_pathway_that_does_not_exist_is_exit_2(file: Path, pathway: str) -> None:
    done = process("run", pathway, str(file), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_folder_name_and_the_id_name_the_same_pathway(file: Path) -> None:
    root = Path(__file__).parents[2]
    by_folder = process(
        "run", str(root / "definitions" / "spinal_leptomeningeal_infection"), str(file), "--json"
    )
    assert json.loads(by_folder.stdout) == json.loads(process("run", PATHWAY, str(file), "--json").stdout)


# --- the steps ---
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
        cited = {
            cite
            for part in ("taken", "blocked", "warnings")
            for entry in one.step[part]
            for cite in entry["cites"]
        }
        assert cited <= sources


def test_blocked_lists_actions_that_no_state_calls_for() -> None:
    shown = now({"calcium_iv_concurrent": "true", "platelet_count": "20"})
    assert {"calcium_iv", "lumbar_puncture", "repeat_lumbar_puncture"} <= set(shown.actions("blocked"))


def test_a_choice_that_is_not_open_is_refused(tmp_path: Path) -> None:
    """Rule 15: exit 1, and the run goes on."""
    path = tmp_path / "take.yaml"
    path.write_text(
        timeline(at("08:00", SUSPECTED), at("09:00", take={"care": "treatment"})), encoding="utf-8"
    )
    done = process("run", PATHWAY, str(path), "--json")
    assert done.returncode == 1
    refused = json.loads(done.stdout)["steps"][1]["refused"]
    assert len(refused) == 1
    assert "treatment" in json.dumps(refused)


def test_the_clinicians_choice_moves_the_track() -> None:
    """The end of follow-up is confirmed by the clinician."""
    story = (
        at("2025-01-14", {"etiology": "tb", "therapy_start_date": "2025-01-14"}),
        at("2026-03-01", {"planned_stop_date": "2026-03-01"}),
        at("2026-03-01", done="[stop_therapy]"),
        at("2026-06-01", {"clinical_response": "resolved"}),
    )
    moved = [entry for one in steps(*story) for entry in one.step["taken"] if entry["track"] == "care"]
    for before, after in itertools.pairwise(moved):
        assert before["to"] == after["from"]
    assert steps(*story)[-1].step["states"]["care"] == moved[-1]["to"]
