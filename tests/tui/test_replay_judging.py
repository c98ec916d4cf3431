"""What a replay says of a log: whether it conforms, where it breaks off, where another version differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.replay_support import (
    a_session,
    comparison_of,
    judgement_of,
    next_version,
    replayed,
    said,
    told,
    told_beside,
    written,
)
from tui.replaying.telling import pathway_row


def test_a_log_that_conforms_says_so(log: Path) -> None:
    judgement = judgement_of(replayed(log))
    assert said(judgement.lines) == "Conforms: every move of the 8 events follows from the facts."
    assert judgement.divergence is None


def test_the_first_divergence_is_told_with_expected_logged_guard_and_values(forged: Path) -> None:
    recording = replayed(forged)
    judgement = judgement_of(recording)
    assert "does not conform: event 3 of 8: guard not TRUE" in said(judgement.lines)
    assert judgement.divergence is not None
    assert judgement.divergence.seq == 3
    text = told(recording, 3, "reasons")
    for words in (
        "expected care", "logged care: intake -> workup (clinician)", "`suspected` is FALSE",
        "suspected = false",
    ):  # fmt: skip
        assert words in text


def test_a_tampered_line_is_told_and_the_part_before_it_counts(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b'"ms"', b'"xx"').replace(b'"pathway"', b'"pathwax"').replace(b"12", b"13", 1)
    log.write_bytes(b"".join(lines))
    recording = replayed(log)
    text = said(judgement_of(recording).lines)
    assert "does not conform: the log is damaged, line 7: The chain breaks here." in text
    assert "Shown are the 5 events before it" in text
    assert len(recording.frames) == 5


def test_a_log_that_is_cut_off_is_told_and_counts_up_to_there(log: Path) -> None:
    log.write_bytes(log.read_bytes()[:-20])
    recording = replayed(log)
    judgement = judgement_of(recording)
    assert "the log is cut off, line 9: The last line is cut off." in said(judgement.lines)
    assert len(recording.frames) == 7
    assert not judgement.conforms
    assert judgement.divergence is None


def test_a_log_of_another_version_says_so_and_is_shown_by_this_one(tmp_path: Path) -> None:
    recording = replayed(written(tmp_path, a_session().case.events, version="0.9.0", digest="0" * 64))
    text = said(judgement_of(recording).lines)
    assert "other version: this log was written with version 0.9.0, and this is 1.0.0" in text
    assert pathway_row(recording) == "log of 0.9.0, shown with demo@1.0.0"
    assert len(recording.frames) == 8


def test_events_that_amount_to_no_case_are_told_and_the_states_before_stay(tmp_path: Path) -> None:
    events = a_session().case.events
    broken = [
        replace(event, source="finished") if event.type == "transition_taken" else event for event in events
    ]
    recording = replayed(written(tmp_path, broken))
    text = told(recording, 8, "changed")
    assert "CANNOT BE SHOWN: From event 3 on the events amount to no case" in text
    assert "The states shown are those before it." in text
    divergence = judgement_of(recording).divergence
    assert divergence is not None
    assert divergence.seq == 3


# --- another version ------------------------------------------------------------------------------
def test_the_first_difference_to_another_version_is_told_side_by_side_where_there_is_room(log: Path) -> None:
    recording = replayed(log, next_version())
    assert comparison_of(recording).first == 4
    assert pathway_row(recording) == "demo@1.0.0  against 1.1.0 (draft)"
    small, wide = (told_beside(recording, 4, width) for width in (80, 160))
    assert any("they differ for the first time at event 4 (x goes there)" in line for line in small)
    assert "Lumbar puncture (action)" in small
    text = "\n".join(small)
    assert "log, 1.0.0: blocked by lp_platelets" in text
    assert "on 1.1.0: recommended" in text
    [row] = [line for line in wide if " | " in line and "blocked" in line]
    left, right = row.split(" | ")
    assert "blocked by lp_platelets" in left
    assert "recommended" in right


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("100 mg/kg/d", "80 mg/kg/d", "Ceftriaxone, child (dose)"),
        ("unit: kg, range: [0, 300]", "unit: kg, range: [20, 300]", "not recorded: weight_kg"),
    ],
)
def test_a_dose_that_differs_and_an_entry_that_is_refused_are_differences(
    log: Path, old: str, new: str, words: str
) -> None:
    recording = replayed(log, next_version(old, new))
    assert comparison_of(recording).first == 6
    assert words in " ".join(told_beside(recording, 6))


def test_two_versions_that_never_differ_say_so(log: Path) -> None:
    recording = replayed(log, next_version("title: Demo", "title: Demo, once more"))
    assert comparison_of(recording).first is None
    assert "they never differ in this log." in told_beside(recording, 8)
