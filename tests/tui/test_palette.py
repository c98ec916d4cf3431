"""The command palette: everything by name, with its key; a pathway's words in it are never markup."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from pathway.language.load import definition_from_text
from tests.tui.scenes import SIZES, SMALL, Scene, at_the_screen, press, shown
from tests.tui.support import DEMO, EngineSession
from tui.case_screen import CaseScreen
from tui.doings import doings
from tui.entry_screen import EntryScreen
from tui.help_screen import HelpScreen
from tui.palette import PaletteScreen, commands
from tui.themes import NAMES


def at_the_case(scene: Scene, session: EngineSession | None = None, size: tuple[int, int] = SMALL) -> None:
    at_the_screen(session or EngineSession(label="bed 7"), scene, size)


async def say(pilot: Pilot[None], words: str) -> None:
    """Open the palette, narrow it by words and choose what is left."""
    await press(pilot, "ctrl+p")
    await press(pilot, *("space" if letter == " " else letter for letter in words), "enter")
    await pilot.pause()


@SIZES
def test_it_lists_every_command_of_the_screen_with_its_key(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        listed = {(one.keys, one.words) for one in commands(pilot.app, pilot.app.screen)}
        for one in doings(pilot.app.screen):
            assert one.is_digit or (one.keys, one.about or one.words) in listed
        await press(pilot, "ctrl+p")
        assert isinstance(pilot.app.screen, PaletteScreen)
        await press(pilot, *"under")
        assert "No name contains that" in shown(pilot)

    at_the_case(scene, size=size)


@pytest.mark.parametrize("theme", NAMES)
def test_every_theme_can_be_chosen_in_it(theme: str) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await say(pilot, f"theme {theme.split('-')[0]}")
        assert pilot.app.theme == theme
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_case(scene)


def test_a_panel_is_shown_by_name() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await say(pilot, "missing")
        assert "What is missing (m)" in shown(pilot)

    at_the_case(scene)


def test_any_fact_is_recorded_by_name() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await say(pilot, "record platelet")
        assert isinstance(pilot.app.screen, EntryScreen)
        assert "platelet" in shown(pilot).lower()

    at_the_case(scene)


def test_help_is_found_by_name_where_question_marks_are_typed() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await say(pilot, "help")
        assert isinstance(pilot.app.screen, HelpScreen)

    at_the_case(scene)


def test_it_opens_while_a_field_has_the_focus_and_only_once() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n", "ctrl+p", "ctrl+p")
        assert [type(screen) for screen in pilot.app.screen_stack[-2:]] == [EntryScreen, PaletteScreen]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EntryScreen)

    at_the_case(scene)


def test_leaving_it_does_nothing() -> None:
    session = EngineSession()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "ctrl+p", "escape")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_case(scene, session)
    assert session.kinds() == ["case_opened"]


def test_what_a_pathway_says_is_shown_as_it_is_written() -> None:
    hostile = DEMO.replace("ask: Platelet count,", 'ask: Platelet count, label: "[/b] [red]x",')
    assert hostile != DEMO

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "ctrl+p", *"platelet")
        assert "Record: [/b] [red]x (platelet_count)" in shown(pilot)

    at_the_case(scene, EngineSession(definition_from_text(hostile)))
