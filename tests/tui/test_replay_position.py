"""Where a replay stands: by events, decisions, times and words, and played in the log's own time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.batch import Batch
from tests.tui.replay_support import HOUR, MINUTE, Standing, replayed, told, written
from tests.tui.support import NOON, EngineSession
from tui.replaying.going import found, read_moment
from tui.replaying.playing import Playing, advanced, shortened
from tui.replaying.recording import Recording
from tui.replaying.telling import event_lines, panel_row, position_row
from tui.times import TimeError


@pytest.fixture
def recording(log: Path) -> Recording:
    return replayed(log)


@pytest.fixture
def standing(recording: Recording) -> Standing:
    return Standing(recording)


def test_each_event_and_each_decision_is_one_step_and_the_ends_hold(standing: Standing) -> None:
    places: list[int] = []
    for go, step in (
        (standing.action_event, 1), (standing.action_decision, 1), (standing.action_decision, 1),
        (standing.action_decision, 1), (standing.action_decision, -1), (standing.action_event, -1),
        (standing.action_event, -9), (standing.action_event, 99),
    ):  # fmt: skip
        go(step)
        places.append(standing.at[0])
    assert places == [2, 3, 4, 6, 4, 3, 1, 8]
    assert position_row(standing.recording, standing.playing)[0] == "event 8 of 8, decision 4 of 4"


def test_each_position_tells_the_event_and_what_it_changed(recording: Recording) -> None:
    event = event_lines(recording, recording.frames.frame(3))[0].plain
    assert "care moved from intake to workup, chosen" in event
    text = told(recording, 3, "changed")
    assert "Care is now at 2. Workup, as chosen." in text
    assert "By the whole entry, events 2 to 3" in text
    text = told(recording, 4, "changed")
    assert "platelet_count: 39 x10^9/L (was UNKNOWN)" in text
    assert "Lumbar puncture: blocked" in text


def test_actions_have_the_standing_and_dose_of_then(recording: Recording) -> None:
    before, after = told(recording, 3, "actions"), told(recording, 6, "actions")
    assert "HELD until more is known" in before
    assert "1,200 mg" not in before
    assert "BLOCKED" in after
    assert "1,200 mg" in after


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ("facts", "39 x10^9/L"), ("warnings", "No warnings."), ("states", "2. Workup"), ("events", "> 8"),
        ("timers", "LATE by 1 h"), ("reasons", "lp_platelets blocks"),
    ],
)  # fmt: skip
def test_every_panel_tells_the_case_as_it_was(recording: Recording, panel: str, words: str) -> None:
    assert words in told(recording, 8, panel)


def test_an_undo_shows_the_track_back_where_it_was(tmp_path: Path) -> None:
    session = EngineSession()
    session.enter(facts={"suspected": "true"}, take=("care", "workup"))
    session.commit(Batch(NOON + 60, "ms", NOON + 60, undo=True))
    recording = replayed(written(tmp_path, session.case.events))
    text = told(recording, len(recording.frames), "changed")
    assert "Care is at 1. Suspected infection again" in text
    assert "suspected: UNKNOWN (was yes)" in text


# --- times ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "number", "minutes"),
    [("12:20", 4, 20), ("2026-03-01T12:30", 4, 30), ("+30 min", 4, 30), ("+90 min", 6, 90)],
)
def test_going_to_a_time_shows_the_case_as_it_stood_then(
    standing: Standing, typed: str, number: int, minutes: int
) -> None:
    assert standing._go_to_time(typed) is None
    where, at = standing.at
    assert at == minutes * MINUTE
    assert where == standing.recording.frames.at_or_before(NOON + at) >= number


def test_deadlines_run_on_the_logs_own_time_and_not_on_any_clock(recording: Recording) -> None:
    for minutes, left in ((0, "ok, 1 h left"), (59, "1 min left"), (90, "LATE by 30 min")):
        assert left in told(recording, 3, "timers", NOON + minutes * MINUTE)
    view = recording.frames.frame(3, NOON + 90 * MINUTE).view
    assert "<timers> LATE" in panel_row(view, NOON + 90 * MINUTE, False, lambda name: f"<{name}>")


@pytest.mark.parametrize(
    ("typed", "number", "said"),
    [("23:00", 8, "The log ends at 14:00."), ("08:00", 1, "The log begins at 12:00.")],
)
def test_a_time_outside_the_log_goes_to_its_end_and_says_so(
    standing: Standing, typed: str, number: int, said: str
) -> None:
    standing._go_to_time(typed)
    assert (standing.at[0], standing.said) == (number, said)


def test_what_is_no_time_is_said_and_nothing_moves(standing: Standing) -> None:
    assert "is not a time" in (standing._go_to_time("teatime") or "")
    assert standing.at == (1, 0)


def test_a_length_of_time_goes_on_from_where_the_replay_stands() -> None:
    assert read_moment("+90 min", NOON, "UTC") == NOON + 90 * MINUTE
    assert read_moment(" -20 min ", NOON, "UTC") == NOON - 20 * MINUTE
    assert read_moment("12:35", NOON, "UTC") == NOON + 35 * MINUTE
    for typed in ("", "+ soon", "+90 parsecs"):
        with pytest.raises(TimeError):
            read_moment(typed, NOON, "UTC")


# --- finding --------------------------------------------------------------------------------------
def test_words_are_found_on_both_sides_and_again(standing: Standing) -> None:
    standing.action_again(1)
    assert standing.said == "Nothing was looked for yet: <find> finds words in the events."
    assert standing._find("fact_recorded") is None
    assert standing.said == "Event 2 has 'fact_recorded'; <again> finds the next one."
    standing.action_again(1)
    assert standing.at[0] == 4
    standing.action_again(-1)
    assert standing.at[0] == 2
    standing.action_again(-1)
    assert standing.said == "No event before this one has 'fact_recorded'."
    assert standing._find("zebra") == "no event has 'zebra'"


def test_a_new_search_begins_again_at_the_top_after_the_last_event(standing: Standing) -> None:
    standing.action_last()
    assert standing._find("opened") is None
    assert standing.at[0] == 1


def test_finding_looks_only_in_its_direction() -> None:
    texts = ("opened", "plt = 39", "inr", "PLT = 50")
    assert found("plt", texts, 2, 1) == 4
    assert found("plt", texts, 4, -1) == 2
    assert found("plt", texts, 4, 1) is None


# --- playing --------------------------------------------------------------------------------------
def test_the_logs_time_goes_on_as_fast_as_the_speed_says() -> None:
    instants = (0, 30, 60)
    playing = Playing(1, 0, 10, True)
    assert advanced(playing, instants, 1500) == Playing(1, 15_000, 10, True)
    assert advanced(playing, instants, 4000) == Playing(2, 40_000, 10, True)
    assert advanced(playing, instants, 9000) == Playing(3, 60_000, 10, False)
    assert advanced(replace(playing, is_running=False), instants, 9000).now == 0


def test_time_is_the_same_however_often_it_is_looked_at() -> None:
    instants = (0, 7, 7, 90_000, 90_001)
    at_once = stepwise = Playing(1, 0, 60, True)
    at_once = advanced(at_once, instants, 4000)
    for _ in range(40):
        stepwise = advanced(stepwise, instants, 100)
    assert at_once.number == stepwise.number == 3
    assert abs(at_once.moment - stepwise.moment) <= 100 * 18_000


def test_a_long_gap_takes_five_seconds_and_is_said() -> None:
    instants = (0, 10 * HOUR, 10 * HOUR + 1)
    playing = Playing(1, 0, 60, True)
    assert shortened(playing, instants) == 10 * HOUR
    assert advanced(playing, instants, 4999).number == 1
    assert advanced(playing, instants, 5000).number == 2
    assert shortened(advanced(playing, instants, 5000), instants) is None


def test_events_of_one_instant_come_together() -> None:
    assert advanced(Playing(1, 0, 1, True), (0, 2, 2, 2, 5), 2000).number == 4


def test_playing_goes_on_in_log_time_and_stands_still_while_paused(standing: Standing) -> None:
    def told() -> str:
        return position_row(standing.recording, standing.playing)[1]

    standing.action_decision(1)
    standing.action_speed(60)
    standing.wait(100)
    assert (standing.at, told()) == ((3, 0), "paused, 60x")
    standing.action_play()
    assert told() == "playing 60x of log time, gap of 20 min shortened"
    standing.wait(2)
    assert standing.at == (3, 8 * MINUTE)
    standing.action_play()
    standing.wait(60)
    assert standing.at == (3, 8 * MINUTE)
    standing.action_play()
    standing.wait(3)
    assert standing.at[0] == 4
    standing.wait(20)
    assert (standing.at[0], told()) == (8, "paused, 60x")
    standing.action_play()
    assert standing.said == "This is the last event. <first> goes to the first one."


def test_going_somewhere_pauses(standing: Standing) -> None:
    standing.action_speed(10)
    standing.action_play()
    standing.action_event(1)
    assert standing.playing == Playing(2, NOON * 1000, 10, False)
