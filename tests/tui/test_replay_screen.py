"""The replay screen by what a tester does at it: at both sizes, read only, in the log's own time."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pathway.cli.main import main
from pathway.engine.batch import Batch, DeclineEntry, FactEntry, OverrideEntry
from pathway.engine.case import case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, FactRecorded
from pathway.language.load import definition_from_text
from pathway.logs.chain import Header
from pathway.logs.jsonl import read_log, write_log
from tests.tui.support import DEMO, HOSTILE, NOON, EngineSession, demo
from tui.keymap import why_forbidden
from tui.replaying.app import ReplayApp
from tui.replaying.going import found, read_moment
from tui.replaying.judging import judged
from tui.replaying.layout import KEYS, PANELS
from tui.replaying.playing import Playing, advanced, shortened
from tui.replaying.recording import Recording, recording_of
from tui.replaying.screen import ReplayScreen
from tui.replaying.showing import panels_made
from tui.times import TimeError
from tui.widgets.panel import Panel

SMALL, WIDE = (80, 24), (160, 50)
SIZES = pytest.mark.parametrize("size", [SMALL, WIDE])
MINUTE, HOUR = 60, 3600
Scene = Callable[[Pilot[None]], Awaitable[None]]


def a_session(label: str | None = "bed 7") -> EngineSession:
    """Suspected at noon, in the workup at once; platelets after 20 minutes, a weight after an hour."""
    session = EngineSession(label=label)
    session.enter(facts={"suspected": "true"}, take=("care", "workup"))
    for after, fact, value in ((20 * MINUTE, "platelet_count", "39"), (HOUR, "weight_kg", "12")):
        at = NOON + after
        session.commit(Batch(at, "ms", at, facts=(FactEntry(fact, value),)))
    at = NOON + 2 * HOUR
    session.commit(Batch(at, "kr", at, declined=(DeclineEntry("lumbar_puncture", "platelets"),)))
    return session


def written(folder: Path, events: Sequence[Event], **header: object) -> Path:
    """The events as a log file of the demo pathway."""
    definition = demo()
    base = Header(
        pathway=definition.id, version=definition.version, digest=definition.digest, case="TEST-014"
    )
    path = folder / "case.jsonl"
    write_log(path, replace(base, **header), events)
    return path


def next_version(old: str = "platelet_count < 40", new: str = "platelet_count < 30") -> CompiledPathway:
    """The demo pathway as its next version has it."""
    assert old in DEMO
    return compile_pathway(definition_from_text(DEMO.replace(old, new).replace("1.0.0", "1.1.0")))


def replayed(path: Path, against: CompiledPathway | None = None) -> Recording:
    return recording_of(read_log(path, repair=True), compile_pathway(demo()), against)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return written(tmp_path, a_session().case.events)


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """The log with `suspected` turned to no, its chain made anew."""
    events = [
        replace(event, value="false", entered="false")
        if isinstance(event, FactRecorded) and event.fact == "suspected"
        else event
        for event in a_session().case.events
    ]
    return written(tmp_path, events)


def at_the_replay(
    recording: Recording, scene: Scene, size: tuple[int, int] = SMALL, pace: list[int] | None = None
) -> ReplayApp:
    """Play a scene on the screen of a log. `pace` holds the milliseconds of the clock; the scene moves it."""
    clock = pace if pace is not None else [0]
    app = ReplayApp(recording, lambda: clock[0], beat=3600.0)

    async def play() -> None:
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await scene(pilot)

    asyncio.run(play())
    return app


def screen(pilot: Pilot[None]) -> ReplayScreen:
    found = pilot.app.screen_stack[1]
    assert isinstance(found, ReplayScreen)
    return found


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def write(pilot: Pilot[None], text: str) -> None:
    names = {" ": "space", "+": "plus", ":": "colon", "-": "minus"}
    await pilot.press(*(names.get(character, character) for character in text), "enter")
    await pilot.pause()


def shown(pilot: Pilot[None]) -> str:
    app = pilot.app
    rows = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in row) for row in rows)


def flat(pilot: Pilot[None]) -> str:
    """The words on the screen without its line ends."""
    return " ".join(shown(pilot).split())


def rows(pilot: Pilot[None]) -> list[str]:
    return shown(pilot).splitlines()


# --- where it stands ------------------------------------------------------------------------------
@SIZES
def test_the_banner_says_read_only_which_case_which_version_and_that_it_is_a_draft(
    log: Path, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for key in ("home", "end", "a", "x", "e"):
            await press(pilot, key)
            head = rows(pilot)[:4]
            assert head[0].startswith(" REPLAY (read only)")
            assert head[0].rstrip().endswith("DRAFT: not approved for clinical use")
            assert "TEST-014  bed 7" in head[1]
            assert "log time 1 Mar 2026" in head[1]
            assert "demo@1.0.0" in head[2]

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_brackets_go_by_events_and_braces_by_decisions(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert "event 1 of 8, decision 0 of 4" in shown(pilot)
        await press(pilot, "right_square_bracket")
        assert "event 2 of 8, decision 1 of 4" in shown(pilot)
        await press(pilot, "right_curly_bracket")
        assert "event 3 of 8, decision 1 of 4" in shown(pilot)
        await press(pilot, "right_curly_bracket", "right_curly_bracket")
        assert "decision 3 of 4" in shown(pilot)
        assert "log time 1 Mar 2026 13:00 UTC" in shown(pilot)
        await press(pilot, "left_curly_bracket")
        assert "decision 2 of 4" in shown(pilot)
        await press(pilot, "left_square_bracket")
        assert "event 3 of 8" in shown(pilot)
        await press(pilot, "end")
        assert "event 8 of 8, decision 4 of 4" in shown(pilot)
        await press(pilot, "right_square_bracket", "right")
        assert "event 8 of 8" in shown(pilot)
        await press(pilot, "home", "left")
        assert "event 1 of 8" in shown(pilot)

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_each_position_shows_the_event_and_what_it_changed(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "right_curly_bracket")
        text = flat(pilot)
        assert "care moved from intake to workup, chosen" in text
        assert "Care is now at 2. Workup, as chosen." in text
        assert "By the whole entry, events 2 to 3" in text
        await press(pilot, "right_curly_bracket")
        text = flat(pilot)
        assert "platelet_count = 39 x10^9/L" in text
        assert "platelet_count: 39 x10^9/L (was UNKNOWN)" in text
        assert "Lumbar puncture: blocked" in text

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_actions_show_their_standing_and_dose_as_they_were_then(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "right_curly_bracket", "a")
        before = flat(pilot)
        assert "HELD until more is known" in before
        assert "1200 mg" not in before
        await press(pilot, "right_curly_bracket", "right_curly_bracket")
        after = flat(pilot)
        assert "BLOCKED" in after
        assert "1,200 mg" in after or "1200 mg" in after

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_facts_warnings_states_and_the_log_are_one_key_away(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        for key, name, words in (
            ("f", "facts", "39 x10^9/L"), ("exclamation_mark", "warnings", "No warnings."),
            ("s", "states", "2. Workup"), ("e", "events", "> 8"), ("t", "timers", "LATE by 1 h"),
            ("w", "reasons", "lp_platelets blocks"),
        ):  # fmt: skip
            await press(pilot, key)
            panel = pilot.app.screen.query_one(f"#panel-{name}", Panel)
            assert panel.display
            assert words in " ".join(line.plain for line in panel.lines)

    at_the_replay(replayed(log), scene, size)


def test_an_undo_shows_the_track_back_where_it_was(tmp_path: Path) -> None:
    session = EngineSession()
    session.enter(facts={"suspected": "true"}, take=("care", "workup"))
    session.commit(Batch(NOON + 60, "ms", NOON + 60, undo=True))

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        text = flat(pilot)
        assert "Care is at 1. Suspected infection again" in text
        assert "suspected: UNKNOWN (was yes)" in text

    at_the_replay(replayed(written(tmp_path, session.case.events)), scene)


# --- times ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "position", "clock"),
    [
        ("12:20", "event 4 of 8", "12:20"),
        ("2026-03-01T12:30", "event 4 of 8", "12:30"),
        ("+30 min", "event 4 of 8", "12:30"),
        ("+90 min", "decision 3 of 4", "13:30"),
    ],
)
def test_going_to_a_time_shows_the_case_as_it_stood_then(
    log: Path, typed: str, position: str, clock: str
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "g")
        await write(pilot, typed)
        assert position in shown(pilot)
        assert f"log time 1 Mar 2026 {clock} UTC" in shown(pilot)

    at_the_replay(replayed(log), scene)


def test_deadlines_run_on_the_logs_own_time_and_not_on_any_clock(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "right_curly_bracket", "t")
        assert "Ceftriaxone, child, ok, 1 h left" in flat(pilot)
        await press(pilot, "g")
        await write(pilot, "12:59")
        assert "1 min left" in flat(pilot)
        await press(pilot, "g")
        await write(pilot, "13:30")
        assert "LATE by 30 min" in flat(pilot)
        assert "t LATE" in shown(pilot)

    at_the_replay(replayed(log), scene)


def test_a_time_outside_the_log_goes_to_its_end_and_says_so(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "g")
        await write(pilot, "23:00")
        assert "event 8 of 8" in shown(pilot)
        assert "The log ends at 14:00." in shown(pilot)
        await press(pilot, "g")
        await write(pilot, "08:00")
        assert "event 1 of 8" in shown(pilot)
        assert "The log begins at 12:00." in shown(pilot)

    at_the_replay(replayed(log), scene)


def test_what_is_no_time_is_said_and_nothing_moves(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "g")
        await write(pilot, "teatime")
        assert "is not a time" in flat(pilot)
        await press(pilot, "escape")
        assert "event 1 of 8" in shown(pilot)
        await press(pilot, "g", "enter")
        assert "event 1 of 8" in shown(pilot)
        assert pilot.app.screen is screen(pilot)

    at_the_replay(replayed(log), scene)


def test_a_length_of_time_goes_on_from_where_the_replay_stands() -> None:
    assert read_moment("+90 min", NOON, "UTC") == NOON + 90 * MINUTE
    assert read_moment(" -20 min ", NOON, "UTC") == NOON - 20 * MINUTE
    assert read_moment("12:35", NOON, "UTC") == NOON + 35 * MINUTE
    for typed in ("", "+ soon", "+90 parsecs"):
        with pytest.raises(TimeError):
            read_moment(typed, NOON, "UTC")


# --- finding --------------------------------------------------------------------------------------
def test_words_are_found_on_both_sides_and_again(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n")
        assert "Nothing was looked for yet" in shown(pilot)
        await press(pilot, "slash")
        await write(pilot, "declined")
        assert "event 8 of 8" in shown(pilot) or "event 7 of 8" in shown(pilot)
        assert "lumbar_puncture declined" in shown(pilot)
        await press(pilot, "home", "slash")
        await write(pilot, "fact_recorded")
        assert "event 2 of 8" in shown(pilot)
        await press(pilot, "n")
        assert "event 4 of 8" in shown(pilot)
        await press(pilot, "p")
        assert "event 2 of 8" in shown(pilot)
        await press(pilot, "p")
        assert "No event before this one has 'fact_recorded'." in shown(pilot)
        await press(pilot, "slash")
        await write(pilot, "zebra")
        assert "no event has 'zebra'" in flat(pilot)

    at_the_replay(replayed(log), scene)


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


@SIZES
def test_space_plays_and_pauses_in_log_time(log: Path, size: tuple[int, int]) -> None:
    pace = [0]

    async def beat(pilot: Pilot[None], seconds: int) -> None:
        pace[0] += seconds * 1000
        screen(pilot).beat()
        await pilot.pause()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "right_curly_bracket", "3")
        assert "paused, 60x" in shown(pilot)
        await beat(pilot, 100)
        assert "event 3 of 8" in shown(pilot)
        await press(pilot, "space")
        assert "playing 60x of log time, gap of 20 min shortened" in shown(pilot)
        await beat(pilot, 2)
        assert "log time 1 Mar 2026 12:08 UTC" in shown(pilot)
        await press(pilot, "space")
        await beat(pilot, 60)
        assert "log time 1 Mar 2026 12:08 UTC" in shown(pilot)
        await press(pilot, "space")
        await beat(pilot, 3)
        assert "event 4 of 8" in shown(pilot)
        for _ in range(20):
            await beat(pilot, 1)
        assert "event 8 of 8" in shown(pilot)
        assert "paused" in shown(pilot)
        await press(pilot, "space")
        assert "This is the last event." in shown(pilot)

    at_the_replay(replayed(log), scene, size, pace)


def test_going_somewhere_pauses(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "space")
        assert "playing 10x" in shown(pilot)
        await press(pilot, "right_square_bracket")
        assert "paused, 10x" in shown(pilot)

    at_the_replay(replayed(log), scene)


# --- conformance ----------------------------------------------------------------------------------
@SIZES
def test_a_log_that_conforms_says_so(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert "Conforms: every move of the 8 events follows from the facts." in shown(pilot)
        await press(pilot, "x")
        assert "No event of this log diverges" in shown(pilot)
        assert "event 1 of 8" in shown(pilot)

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_x_goes_to_the_first_divergence_with_expected_logged_guard_and_values(
    forged: Path, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert "does not conform: event 3 of 8: guard not TRUE" in flat(pilot)
        await press(pilot, "end", "x")
        text = flat(pilot) if size == SMALL else shown(pilot)
        assert "event 3 of 8" in text
        assert "expected care" in text
        assert "logged care: intake -> workup (clinician)" in text
        assert "`suspected` is FALSE" in text
        assert "suspected = false" in text

    at_the_replay(replayed(forged), scene, size)


@SIZES
def test_a_tampered_line_is_told_and_the_part_before_it_shown(log: Path, size: tuple[int, int]) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b'"ms"', b'"xx"').replace(b'"pathway"', b'"pathwax"').replace(b"12", b"13", 1)
    log.write_bytes(b"".join(lines))

    async def scene(pilot: Pilot[None]) -> None:
        text = flat(pilot)
        assert "does not conform: the log is damaged, line 7: The chain breaks here." in text
        assert "Shown are the 5 events before it" in text
        await press(pilot, "end")
        assert "event 5 of 5" in shown(pilot)

    at_the_replay(replayed(log), scene, size)


def test_a_log_that_is_cut_off_is_told_and_shown_up_to_there(log: Path) -> None:
    log.write_bytes(log.read_bytes()[:-20])

    async def scene(pilot: Pilot[None]) -> None:
        assert "the log is cut off, line 9: The last line is cut off." in flat(pilot)
        assert "event 1 of 7" in shown(pilot)

    recording = replayed(log)
    at_the_replay(recording, scene)
    assert not judged(recording).conforms
    assert judged(recording).divergence is None


def test_a_log_of_another_version_says_so_and_is_shown_by_this_one(tmp_path: Path) -> None:
    path = written(tmp_path, a_session().case.events, version="0.9.0", digest="0" * 64)

    async def scene(pilot: Pilot[None]) -> None:
        text = flat(pilot)
        assert "other version: this log was written with version 0.9.0, and this is 1.0.0" in text
        assert "log of 0.9.0, shown with demo@1.0.0" in text
        await press(pilot, "end")
        assert "event 8 of 8" in shown(pilot)

    at_the_replay(replayed(path), scene)


def test_events_that_amount_to_no_case_are_told_and_the_states_before_stay(tmp_path: Path) -> None:
    events = a_session().case.events
    broken = [
        replace(event, source="finished") if event.type == "transition_taken" else event for event in events
    ]
    recording = replayed(written(tmp_path, broken))

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        text = flat(pilot)
        assert "CANNOT BE SHOWN: From event 3 on the events amount to no case" in text
        assert "The states shown are those before it." in text
        await press(pilot, "x")
        assert "event 3 of 8" in shown(pilot)

    at_the_replay(recording, scene)


# --- another version ------------------------------------------------------------------------------
@SIZES
def test_against_another_version_x_stops_where_the_two_first_differ(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "event 4 of 8" in shown(pilot)
        assert "demo@1.0.0  against 1.1.0 (draft)" in shown(pilot)
        assert "they differ for the first time at event 4" in shown(pilot)
        assert "Lumbar puncture (action)" in shown(pilot)
        text = shown(pilot)
        if size == WIDE:
            [row] = [row for row in rows(pilot) if " | " in row and "blocked" in row]
            left, right = row.split(" | ")
            assert "blocked by lp_platelets" in left
            assert "recommended" in right
        else:
            assert "log, 1.0.0: blocked by lp_platelets" in text
            assert "on 1.1.0: recommended" in text

    at_the_replay(replayed(log, next_version()), scene, size)


def test_a_dose_that_differs_stops_it_too(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "log time 1 Mar 2026 13:00 UTC" in shown(pilot)
        assert "Ceftriaxone, child (dose)" in shown(pilot)

    at_the_replay(replayed(log, next_version("100 mg/kg/d", "80 mg/kg/d")), scene)


def test_an_entry_that_the_other_version_refuses_is_a_difference(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "log time 1 Mar 2026 13:00 UTC" in shown(pilot)
        assert "not recorded: weight_kg" in flat(pilot)

    at_the_replay(
        replayed(log, next_version("unit: kg, range: [0, 300]", "unit: kg, range: [20, 300]")), scene
    )


def test_two_versions_that_never_differ_say_so(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "The two versions do not differ in this log." in shown(pilot)
        await press(pilot, "o")
        assert "they never differ in this log." in shown(pilot)

    same = next_version("title: Demo", "title: Demo, once more")
    at_the_replay(replayed(log, same), scene)


def test_without_another_version_there_is_no_panel_for_one(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "o")
        assert not pilot.app.screen.query("#panel-other")
        assert "o Other" not in shown(pilot)

    at_the_replay(replayed(log), scene)


# --- odd logs and windows -------------------------------------------------------------------------
@SIZES
def test_an_empty_log_is_shown_as_empty_whatever_is_pressed(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert "This log holds no event" in shown(pilot)
        assert "event 0 of 0, decision 0 of 0" in shown(pilot)
        assert "does not conform" in shown(pilot)
        for binding in KEYS:
            await press(pilot, binding.key)
        assert "event 0 of 0" in shown(pilot)

    at_the_replay(replayed(written(tmp_path, [])), scene, size)


@SIZES
def test_a_log_of_one_event_is_a_case_just_opened(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for key in ("right_square_bracket", "right_curly_bracket", "end", "left_curly_bracket", "space"):
            await press(pilot, key)
            assert "event 1 of 1, decision 0 of 0" in shown(pilot)
        assert "case opened (bed 7)" in shown(pilot)

    at_the_replay(replayed(written(tmp_path, EngineSession(label="bed 7").case.events)), scene, size)


@SIZES
def test_text_of_a_log_is_never_read_as_markup(tmp_path: Path, size: tuple[int, int]) -> None:
    session = a_session(label="[/b] [red]x")
    at = session.case.now
    session.commit(Batch(at, "[/b] [red]x", at, notes=(HOSTILE,)))
    session.commit(Batch(at, "ms", at, facts=(FactEntry("remark", "[/b] [red]x"),)))
    back = OverrideEntry("[/b] [red]x", track="care", to="workup")
    session.commit(Batch(at, "ms", at, overrides=(back,)))
    recording = replayed(written(tmp_path, session.case.events), next_version())

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        for key in ("c", "w", "s", "a", "t", "exclamation_mark", "f", "e", "o"):
            await press(pilot, key)
            for _ in range(3):
                await press(pilot, "left_square_bracket")
                assert "\x1b" not in shown(pilot)
                assert "TEST-014  [/b] [red]x" in shown(pilot)
            await press(pilot, "end")
        await press(pilot, "slash")
        await write(pilot, "note")
        assert "note: [/b] [red]x" in shown(pilot)

    at_the_replay(recording, scene, size)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10)])
def test_a_window_that_is_too_small_says_what_it_needs(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        text = flat(pilot)
        assert f"This window is {size[0]}x{size[1]}. A replay needs 80x24 or more." in text
        await press(pilot, "end", "q")

    assert at_the_replay(replayed(log), scene, size).return_code == 0


def test_nothing_that_is_pressed_changes_the_log(log: Path) -> None:
    before = log.read_bytes()

    async def scene(pilot: Pilot[None]) -> None:
        for key in (*string.ascii_lowercase.replace("q", ""), "enter", "backspace", "delete"):
            await pilot.press(key, "escape")
        await pilot.pause()
        assert pilot.app.screen is screen(pilot)
        assert "REPLAY (read only)" in shown(pilot)

    at_the_replay(replayed(log), scene)
    assert log.read_bytes() == before
    assert list(log.parent.iterdir()) == [log]


def test_no_row_is_wider_than_the_window(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end")
        for key in ("c", "w", "s", "a", "t", "exclamation_mark", "f", "e", "o", "x"):
            await press(pilot, key)
            assert {len(row) for row in rows(pilot)} == {80}

    at_the_replay(replayed(log, next_version()), scene)


def test_every_key_is_its_own_and_none_is_one_that_terminals_take() -> None:
    keys = [binding.key for binding in KEYS]
    ids = [binding.id for binding in KEYS]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)
    assert all(binding.description for binding in KEYS)
    assert [why_forbidden(key) for key in keys] == [None] * len(keys)
    assert {key for _, panels in PANELS for _, _, key in panels} == set("cwsat!fe")


def test_the_same_log_and_definition_give_the_same_lines(log: Path) -> None:
    def told() -> list[object]:
        recording = replayed(log)
        judgement = judged(recording)
        frames = [recording.frames.frame(number) for number in range(1, 9)]
        return [
            {name: made() for name, made in panels_made(recording, one, one.at, judgement, False).items()}
            for one in frames
        ]

    assert told() == told()
    assert case_from_events(compile_pathway(demo()), "x", read_log(log).events).events


# --- the command ----------------------------------------------------------------------------------
def test_a_log_of_a_pathway_that_is_not_there_says_how_to_give_it(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(log), "--screen"]) == 2
    told = capsys.readouterr().err
    assert "`demo`, which does not come with the program" in told
    assert "--pathway FILE" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--screen", "--json"], "--screen shows one log, without --json"),
        (["--against", "demo"], "Add --screen"),
        (["--screen"], "--screen needs a terminal"),
    ],
)
def test_what_cannot_be_done_together_is_one_message(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(DEMO, "utf-8")
    assert main(["replay", str(log), "--pathway", str(file), *options]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert len(told.splitlines()) == 1


def test_two_logs_do_not_fit_one_screen(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(log), str(log), "--screen"]) == 2
    assert "--screen shows one log" in capsys.readouterr().err


def test_an_empty_file_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_bytes(b"")
    assert main(["replay", str(file), "--screen"]) == 2
    assert "The file is empty" in capsys.readouterr().err
