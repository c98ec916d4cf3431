"""The replay screen: what its keys do, that it is read only, odd logs and windows."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pathway.engine.batch import Batch, FactEntry, OverrideEntry
from tests.tui.replay_support import (
    a_session,
    at_the_replay,
    enter,
    judgement_of,
    next_version,
    replayed,
    screen,
    words,
    written,
)
from tests.tui.scenes import SIZES, press, shown
from tests.tui.support import HOSTILE, EngineSession
from tui.keymap import why_forbidden
from tui.replaying.layout import KEYS, PANELS
from tui.replaying.showing import panels_made
from tui.widgets.panel import Panel


@SIZES
def test_the_banner_says_read_only_which_case_which_version_and_that_it_is_a_draft(
    log: Path, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for key in ("home", "end", "a", "x", "e"):
            await press(pilot, key)
            head = shown(pilot).splitlines()[:4]
            assert head[0].startswith(" REPLAY (read only)")
            assert head[0].rstrip().endswith("DRAFT: not approved for clinical use")
            assert "bed 7  TEST-014" in head[1]
            assert "log time 1 Mar 2026" in head[1]
            assert "demo@1.0.0" in head[2]

    at_the_replay(replayed(log), scene, size)


@SIZES
def test_brackets_go_by_events_braces_by_decisions_and_letters_to_panels(
    log: Path, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for key, position in (
            ("right_square_bracket", "event 2 of 8, decision 1 of 4"),
            ("right_curly_bracket", "event 3 of 8, decision 1 of 4"),
            ("right_curly_bracket", "event 4 of 8, decision 2 of 4"),
            ("left_curly_bracket", "event 3 of 8, decision 1 of 4"), ("left", "event 2 of 8"),
            ("end", "event 8 of 8, decision 4 of 4"), ("left_square_bracket", "event 7 of 8"),
        ):  # fmt: skip
            await press(pilot, key)
            assert position in shown(pilot), key
        for key, name in (("f", "facts"), ("exclamation_mark", "warnings"), ("s", "states"), ("e", "events")):
            await press(pilot, key)
            panel = pilot.app.screen.query_one(f"#panel-{name}", Panel)
            assert panel.display
            assert panel.lines

    at_the_replay(replayed(log), scene, size)


def test_times_and_words_are_typed_and_leaving_the_line_goes_nowhere(log: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "g")
        await enter(pilot, "+90 min")
        assert "log time 1 Mar 2026 13:30 UTC" in shown(pilot)
        await press(pilot, "g")
        await enter(pilot, "teatime")
        assert "is not a time" in words(pilot)
        await press(pilot, "escape", "slash")
        await enter(pilot, "declined")
        assert "lumbar_puncture declined" in shown(pilot)
        await press(pilot, "home", "g", "enter")
        assert pilot.app.screen is screen(pilot)
        assert "event 1 of 8" in shown(pilot)
        await press(pilot, "3", "space")
        assert "playing 60x of log time" in shown(pilot)

    at_the_replay(replayed(log), scene)


def test_x_goes_to_the_first_divergence_and_opens_its_reasons(forged: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "end", "x")
        assert "event 3 of 8" in shown(pilot)
        assert "logged care: intake -> workup (clinician)" in words(pilot)

    at_the_replay(replayed(forged), scene)


@SIZES
def test_against_another_version_x_stops_where_the_two_first_differ(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "event 4 of 8" in shown(pilot)
        assert "demo@1.0.0  against 1.1.0 (draft)" in shown(pilot)
        assert "they differ for the first time at event 4 (x goes there)" in shown(pilot)
        assert "blocked by lp_platelets" in shown(pilot)

    at_the_replay(replayed(log, next_version()), scene, size)


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
            assert "\x1b" not in shown(pilot)
            assert "[/b] [red]x" in shown(pilot)
        await press(pilot, "slash")
        await enter(pilot, "note")
        assert "note: [/b] [red]x" in shown(pilot)

    at_the_replay(recording, scene, size)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10)])
def test_a_window_that_is_too_small_says_what_it_needs(log: Path, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        text = words(pilot)
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
            assert {len(row) for row in shown(pilot).splitlines()} == {80}

    at_the_replay(replayed(log, next_version()), scene)


def test_every_key_is_its_own_and_none_is_one_that_terminals_take() -> None:
    keys = [binding.key for binding in KEYS]
    ids = [binding.id for binding in KEYS]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)
    assert all(binding.description for binding in KEYS)
    assert [why_forbidden(key) for key in keys] == [None] * len(keys)
    assert {binding for _, panels in PANELS for _, _, binding in panels} <= set(ids)


def test_the_same_log_and_definition_give_the_same_lines(log: Path) -> None:
    def told() -> list[object]:
        recording = replayed(log)
        judgement = judgement_of(recording)
        frames = [recording.frames.frame(number) for number in range(1, 9)]
        made = [panels_made(recording, one, one.at, judgement, False, "s") for one in frames]
        return [{name: lines() for name, lines in one.items()} for one in made]

    assert told() == told()
