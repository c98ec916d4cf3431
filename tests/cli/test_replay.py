"""`pathway replay` tells conforming, diverging and damaged logs apart, by text, JSON and exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.events import Event, FactRecorded, TransitionTaken
from pathway.logs.jsonl import read_log, write_log
from tests.cli.conftest import Command, in_a_process


@pytest.fixture
def log(pathway: Command, timeline: Path, demo_file: str, tmp_path: Path) -> Path:
    """A log that `pathway run` wrote."""
    file = tmp_path / "run.jsonl"
    outcome = pathway("run", demo_file, timeline, "--write-log", file)
    assert outcome.returncode == 0, outcome.stderr
    return file


def rewritten(log: Path, name: str, events: list[Event]) -> Path:
    """A log with other events whose whole chain was made anew, as a forger would."""
    file = log.with_name(name)
    write_log(file, read_log(log).header, [replace(event, seq=seq) for seq, event in enumerate(events, 1)])
    return file


@pytest.fixture
def forged(log: Path) -> Path:
    """The log with `suspected` turned to false, rehashed."""
    events = [
        replace(event, value="false", entered="false")
        if isinstance(event, FactRecorded) and event.fact == "suspected"
        else event
        for event in read_log(log).events
    ]
    return rewritten(log, "forged.jsonl", events)


def test_a_log_that_run_wrote_conforms(pathway: Command, log: Path, demo_file: str) -> None:
    outcome = pathway("replay", log, "--pathway", demo_file)
    assert outcome.returncode == 0, outcome.stderr
    assert f"{log}: conforms (6 events)" in outcome.stdout
    assert "lumbar_puncture: 1 met, 0 late, 0 never" in outcome.stdout
    assert "not approved for clinical use" in outcome.stdout


def test_the_json_document_has_the_agreed_shape(
    pathway: Command, log: Path, forged: Path, demo_file: str
) -> None:
    outcome = pathway("replay", log, forged, "--pathway", demo_file, "--json")
    assert outcome.returncode == 1
    document = json.loads(outcome.stdout)
    assert {key: document[key] for key in ("logs", "events", "conforming", "divergent")} == {
        "logs": 2, "events": 12, "conforming": 1, "divergent": 1,
    }  # fmt: skip
    [divergence] = document["divergences"]
    assert set(divergence) >= {"log", "seq", "expected", "logged", "class", "why"}
    assert (divergence["log"], divergence["seq"], divergence["class"]) == (str(forged), 4, "guard not TRUE")
    assert divergence["logged"] == "care: intake -> workup (timeline)"
    assert "`suspected` is FALSE (suspected = false, event 3)" in divergence["why"]
    assert document["deadlines"] == [{"action": "lumbar_puncture", "met": 2, "late": 0, "never": 0}]


def test_a_forged_log_is_told_in_words(pathway: Command, forged: Path, demo_file: str) -> None:
    outcome = pathway("replay", forged, "--pathway", demo_file)
    assert outcome.returncode == 1
    assert "DIVERGES at event 4: guard not TRUE" in outcome.stdout
    assert "suspected = false" in outcome.stdout


def test_a_dropped_move_is_found_although_the_chain_is_whole(
    pathway: Command, log: Path, demo_file: str
) -> None:
    events = [
        event
        for event in read_log(log).events
        if not (isinstance(event, TransitionTaken) and event.to == "workup")
    ]
    outcome = pathway("replay", rewritten(log, "dropped.jsonl", events), "--pathway", demo_file)
    assert outcome.returncode == 1
    assert "care is in intake, not in workup" in outcome.stdout


@pytest.mark.parametrize("line", [1, 2, 4, 7])
def test_a_flipped_byte_breaks_the_chain_at_its_line(
    pathway: Command, log: Path, demo_file: str, line: int
) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    place = lines[line - 1].index(b'"by"' if line > 1 else b'"case"') + 8
    lines[line - 1] = (
        lines[line - 1][:place] + bytes([lines[line - 1][place] ^ 1]) + lines[line - 1][place + 1 :]
    )
    broken = log.with_name("broken.jsonl")
    broken.write_bytes(b"".join(lines))
    outcome = pathway("replay", broken, log, "--pathway", demo_file, "--json")
    assert outcome.returncode == 2
    assert f"broken.jsonl:{line}: The chain breaks here" in outcome.stderr
    document = json.loads(outcome.stdout)
    assert (document["logs"], document["conforming"], document["divergent"]) == (2, 1, 1)
    [divergence] = document["divergences"]
    assert (divergence["seq"], divergence["class"]) == (line - 1, "tampered")


def test_a_cut_off_log_is_refused_and_the_others_are_still_reported(
    pathway: Command, log: Path, demo_file: str
) -> None:
    torn = log.with_name("torn.jsonl")
    torn.write_bytes(log.read_bytes()[:-20])
    outcome = pathway("replay", torn, log, "--pathway", demo_file)
    assert outcome.returncode == 2
    assert "torn.jsonl:7: The last line is cut off" in outcome.stderr
    assert f"{log}: conforms" in outcome.stdout
    assert "Traceback" not in outcome.stderr


def test_a_log_of_another_content_of_the_pathway_is_another_version(
    pathway: Command, log: Path, demo_file: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        Path(demo_file).read_text("utf-8").replace("< 40", "< 50").replace("1.0.0", "1.1.0"), "utf-8"
    )
    outcome = pathway("replay", log, "--pathway", other, "--json")
    assert outcome.returncode == 1
    [divergence] = json.loads(outcome.stdout)["divergences"]
    assert (divergence["seq"], divergence["class"]) == (0, "other version")
    assert divergence["why"] == "this log was written with version 1.0.0, and this is 1.1.0"


def test_a_log_of_a_pathway_that_is_not_bundled_asks_for_it(pathway: Command, log: Path) -> None:
    outcome = pathway("replay", log)
    assert outcome.returncode == 2
    assert "`demo`, which does not come with the program" in outcome.stderr
    assert "conforms" not in outcome.stdout


def test_a_missing_log_is_one_clear_message(pathway: Command) -> None:
    outcome = pathway("replay", "missing.jsonl")
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("missing.jsonl: This log cannot be read.")
    assert len(outcome.stderr.splitlines()) == 1


def test_a_log_with_a_layer_switched_off_is_replayed_without_it(
    pathway: Command, rich_file: str, tmp_path: Path
) -> None:
    timeline, log = tmp_path / "t.yaml", tmp_path / "l.jsonl"
    timeline.write_text(
        "timeline:\n"
        "  - {at: 2026-03-01T08:00, facts: {drugs: calcium}}\n"
        "  - {at: 2026-03-01T09:00, done: [therapy]}\n",
        "utf-8",
    )
    assert pathway("run", rich_file, timeline, "--layers", "article", "--write-log", log).returncode == 0
    assert pathway("replay", log, "--pathway", rich_file).returncode == 0


def test_the_same_timeline_gives_the_same_bytes_in_any_process(
    timeline: Path, demo_file: str, rich_file: str, tmp_path: Path
) -> None:
    long = tmp_path / "long.yaml"
    long.write_text(
        "timeline:\n"
        "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"
        "  - {at: 2026-03-01T09:00, facts: {platelet_count: 210, inr: 1.2, drugs: [b, a]}}\n"
        "  - {at: 2026-03-01T09:05, done: [antibiotic]}\n"
        "  - {at: 2026-03-02T19:00, facts: {lp_time: 2026-03-02T18:00, etiology: tb}}\n",
        "utf-8",
    )
    for file, definition in ((timeline, demo_file), (long, rich_file)):
        written: list[bytes] = []
        for seed, zone in (("1", "Pacific/Apia"), ("2", "America/New_York")):
            log = tmp_path / f"{seed}.jsonl"
            command = ("run", definition, file, "--json", "--write-log", log)
            written.append(in_a_process(*command, PYTHONHASHSEED=seed, TZ=zone).stdout + log.read_bytes())
        assert written[0] == written[1]
        assert len(written[0]) > 2000
