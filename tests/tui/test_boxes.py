"""Boxes in front of a screen: made ahead, painted where they stand, and nothing outlives its question."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.scenes import SIZES, SMALL, WIDE, at_the_screen, flat, press, shown, write
from tests.tui.support import NOON, EngineSession
from tests.tui.terminal import Watched
from tui.app import PathwayApp
from tui.case_screen import CaseScreen
from tui.entry_screen import EntryScreen
from tui.help_screen import HelpScreen
from tui.palette import PaletteScreen
from tui.pick_screen import PickScreen
from tui.widgets.numbered import Numbered

KINDS = (EntryScreen, PickScreen, HelpScreen, PaletteScreen)
LEFT = ("escape",)
# Forms that grow, shrink, follow one another, lie over each other, and what happens meanwhile.
SCENES = (
    ("1", "enter"), ("7",), ("backspace",), ("y",), LEFT,
    ("1", "enter"), ("u",), ("enter",), ("1",), LEFT, ("r",), ("p", "l"), ("backspace",), ("backspace",),
    ("1", "2"), ("enter",), ("1", "3", "0"), ("ctrl+p",), ("h",), LEFT, ("enter",), LEFT,
    ("question_mark",), LEFT, ("n",), ("a", "b"), ("ctrl+c",), LEFT, ("w",), ("c",), LEFT, ("ctrl+p",), LEFT,
    ("e",), ("x", "enter"), LEFT, LEFT, ("g",), ("1", "enter"), ("y", "enter"), ("enter",), ("u",), LEFT,
)  # fmt: skip


async def made_ahead(pilot: Pilot[None]) -> None:
    """Wait until the application has a box of each kind, as it has in a terminal."""
    assert isinstance(pilot.app, PathwayApp)
    pilot.app.kept_ahead.keep(*KINDS)
    await pilot.app.workers.wait_for_complete()


@pytest.mark.parametrize(("size", "is_ahead"), [(SMALL, True), (WIDE, False)])
def test_the_terminal_shows_what_the_screen_is_whatever_opened_and_closed(
    size: tuple[int, int], is_ahead: bool
) -> None:
    now = [NOON]

    async def scene(pilot: Pilot[None]) -> None:
        terminal = Watched(pilot.app)
        pilot.app.screen.refresh()
        if is_ahead:
            await made_ahead(pilot)
        for turn, keys in enumerate(SCENES):
            now[0] += 20 * (turn % 2)
            await press(pilot, *keys)
            await pilot.pause(0.02)
            assert terminal.wrong() == [], (turn, keys)

    at_the_screen(EngineSession(label="bed 7"), scene, size, now)


@SIZES
def test_opening_and_closing_a_form_sends_the_form_and_not_the_screen(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await made_ahead(pilot)
        terminal = Watched(pilot.app)
        await press(pilot, "n")
        await pilot.pause(0.02)
        assert isinstance(pilot.app.screen, EntryScreen)
        form = pilot.app.screen.query_one(".box").region.area
        assert form <= terminal.count() < 1.4 * form
        await press(pilot, "escape")
        await pilot.pause(0.02)
        assert form <= terminal.count() < 1.4 * form

    at_the_screen(EngineSession(), scene, size)


def test_of_two_boxes_that_close_at_once_nothing_stays_on_the_terminal() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        terminal = Watched(pilot.app)
        pilot.app.screen.refresh()
        await press(pilot, "n", "ctrl+p")
        for _ in range(2):
            pilot.app.pop_screen()
        await pilot.pause(0.05)
        assert isinstance(pilot.app.screen, CaseScreen)
        assert terminal.wrong() == []

    at_the_screen(EngineSession(), scene)


def test_a_window_that_changes_its_size_behind_a_form_is_laid_out_for_the_new_one() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await made_ahead(pilot)
        terminal = Watched(pilot.app)
        await press(pilot, "1", "enter")
        for size in (WIDE, SMALL, WIDE):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.05)
            assert terminal.wrong() == [], size
        await press(pilot, "escape", "n")  # this one was made for the small window
        await pilot.pause(0.02)
        assert terminal.wrong() == []
        assert pilot.app.screen.has_class("-wide")
        assert pilot.app.screen.query_one(".box").region.bottom == WIDE[1]

    at_the_screen(EngineSession(), scene)


def test_a_form_has_the_colours_of_the_theme_that_was_chosen_after_it_was_made() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await made_ahead(pilot)
        pilot.app.theme = "light"
        await pilot.pause()
        await press(pilot, "n")
        assert pilot.app.screen.query_one(".box").styles.background.hex == "#F1F4F7"

    at_the_screen(EngineSession(), scene)


async def leave(pilot: Pilot[None]) -> None:
    await press(pilot, "escape")


async def leave_and_go_on_typing(pilot: Pilot[None]) -> None:
    for key in ("escape", "9", "9"):
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def leave_after_a_refusal(pilot: Pilot[None]) -> None:
    await press(pilot, "enter")
    await write(pilot, "nonsense")
    await press(pilot, "enter", "escape")


async def record(pilot: Pilot[None]) -> None:
    await press(pilot, "enter", "enter")


def test_nothing_of_a_question_is_left_in_the_next_one() -> None:
    """Each question has a box of its own, however the last was closed and whatever was typed into it."""
    session = EngineSession()
    opened: list[object] = []

    async def asked(pilot: Pilot[None]) -> None:
        await made_ahead(pilot)
        await press(pilot, "r")
        picks = pilot.app.screen
        assert isinstance(picks, PickScreen)
        assert (picks.query_one(Input).value, picks.query_one("#picks", Numbered).highlighted) == ("", None)
        await write(pilot, "weight")
        await press(pilot, "1", "enter")
        form = pilot.app.screen
        assert isinstance(form, EntryScreen)
        assert not {picks, form} & set(opened)
        opened.extend((picks, form))
        assert [(box.value, box.disabled) for box in form.query(Input)] == [("", False)] * 2
        assert form.focused is form.query_one("#field-0")
        assert not {"records:", "yet:", "Too"} & set(flat(shown(pilot)).split())
        await press(pilot, "enter", "enter")
        assert pilot.app.screen is form, "nothing is taken for an answer"

    async def scene(pilot: Pilot[None]) -> None:
        for close in (leave, leave_and_go_on_typing, leave_after_a_refusal, record, leave):
            await asked(pilot)
            await write(pilot, "70")
            await close(pilot)
            assert isinstance(pilot.app.screen, CaseScreen), close

    at_the_screen(session, scene)
    assert session.kinds() == ["case_opened", "fact_recorded"]


def test_enter_does_not_overtake_the_key_that_leaves() -> None:
    """On a slow line both arrive at once: what was left is not recorded."""
    session = EngineSession()

    async def scene(pilot: Pilot[None]) -> None:
        for left in ("escape", "ctrl+g"):
            await press(pilot, "n")
            await write(pilot, "abc")
            for key in (left, "enter"):
                pilot.app.post_message(Key(key, None))
            await pilot.pause(0.05)
            assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(session, scene)
    assert session.kinds() == ["case_opened"]


def test_a_form_that_asks_less_shows_nothing_of_what_another_asks() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await made_ahead(pilot)
        await press(pilot, "1", "enter")
        assert {"Value", "When"} <= set(flat(shown(pilot)).split())
        await write(pilot, "u")
        await press(pilot, "enter")
        assert "Why is it not known?" in shown(pilot)
        assert "When" not in shown(pilot)
        await press(pilot, "tab")
        assert pilot.app.screen.focused is pilot.app.screen.query_one("#field-0")

    at_the_screen(EngineSession(), scene)
