"""The three looks: every cell can be read in each, and no colour says what no word says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color_triplet import ColorTriplet
from textual import constants
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.cells import Cells, cells, child_in_trouble, rows
from tests.tui.support import NOON, EngineSession
from tui.app import CaseApp
from tui.case_screen import CaseScreen
from tui.doings import doings
from tui.settings import Settings
from tui.themes import DARK, HIGH_CONTRAST, LIGHT, NAMES, ascii_signs
from tui.widgets.line_view import ALARM, BAR, CHOSEN

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
WIDE_IN_CAMPAIGN = pytest.mark.parametrize(
    "size", [(80, 24), pytest.param((160, 50), marks=pytest.mark.campaign)], ids=["80x24", "160x50"]
)
LEAST = dict.fromkeys(NAMES, 4.5) | {HIGH_CONTRAST: 7.0}
LATER = NOON + 7200  # the antibiotic is LATE by then

# What is pressed one after the other, and a word that must then be on the screen.
SCENES = (
    (("1",), ">  1 Do:"),
    (("question_mark",), "Help"),
    (("escape", "ctrl+p", "d"), "Commands of this screen"),
    (("escape", "r", *"weight", "enter"), "kg"),
    (("x", "enter"), "x"),
    (("escape", *"nhi", "enter"), "Recorded"),
    (("ctrl+c",), "q leaves"),
)


def at_the_case(
    scene: Callable[[Pilot[None]], Awaitable[None]],
    settings: Settings | None = None,
    size: tuple[int, int] = (80, 24),
    session: EngineSession | None = None,
) -> None:
    """Play a scene at the flagship's case, two hours after it began."""

    async def play() -> None:
        app = CaseApp(session or child_in_trouble(), lambda: LATER, "ms", settings)
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            await scene(pilot)

    asyncio.run(play())


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    while not getattr(pilot.app.screen, "is_settled", True):
        await pilot.pause(0.05)


async def unreadable_in_every_theme(pilot: Pilot[None]) -> set[str]:
    """What of the present screen has too little contrast, in words, by theme."""
    found: set[str] = set()
    for theme in NAMES:
        pilot.app.theme = theme
        await pilot.pause()
        await pilot.pause()
        found |= {_told(theme, one) for one in cells(pilot.app) if one.contrast < LEAST[theme]}
    return found


def _told(theme: str, one: Cells) -> str:
    return (
        f"{theme}: {one.contrast:.2f} in row {one.row + 1}: {one.words.hex} on {one.ground.hex}: {one.text!r}"
    )


@WIDE_IN_CAMPAIGN
def test_every_cell_can_be_read_in_every_theme(size: tuple[int, int]) -> None:
    found: set[str] = set()

    async def scene(pilot: Pilot[None]) -> None:
        for keys, word in SCENES:
            await press(pilot, *keys)
            assert word in "\n".join(rows(pilot.app)), (keys, "\n".join(rows(pilot.app)))
            found.update(await unreadable_in_every_theme(pilot))

    at_the_case(scene, size=size)
    assert sorted(found) == []


@SIZES
@pytest.mark.campaign
def test_every_screen_that_a_key_of_the_case_opens_can_be_read_in_every_theme(size: tuple[int, int]) -> None:
    found: set[str] = set()
    opened: set[str] = set()

    async def scene(pilot: Pilot[None]) -> None:
        for one in doings(pilot.app.screen):
            key = one.keys
            is_seen = size[0] > 80 and one.group == "panel"  # a wide window shows all panels as it is
            if is_seen or len(key) > 1 or key in "q?!":
                continue
            await press(pilot, key)
            opened.add(type(pilot.app.screen).__name__)
            found.update(await unreadable_in_every_theme(pilot))
            while not isinstance(pilot.app.screen, CaseScreen):
                await press(pilot, "escape")

    at_the_case(scene, size=size)
    assert sorted(found) == []
    assert {"CaseScreen", "PickScreen", "EntryScreen"} < opened


def test_an_unreadable_cell_would_be_found() -> None:
    grey = ColorTriplet(0x77, 0x77, 0x77)
    assert Cells("dose", 0, grey, ColorTriplet(255, 255, 255)).contrast == pytest.approx(4.48, abs=0.01)
    assert Cells("dose", 0, ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)).contrast == pytest.approx(21)
    assert Cells("dose", 0, grey, ColorTriplet(0, 0, 0), is_dim=True).contrast == 1


def test_only_the_measured_themes_can_be_chosen() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert tuple(pilot.app.available_themes) == NAMES == (DARK, LIGHT, HIGH_CONTRAST)

    at_the_case(scene)


@pytest.mark.parametrize("theme", NAMES)
def test_a_warning_a_header_and_the_chosen_answer_look_the_same_in_every_theme(theme: str) -> None:
    fixed = {tuple(style.replace("bold ", "").split(" on ")) for style in (ALARM, BAR, CHOSEN)}

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1")
        found = {(one.words.hex.upper(), one.ground.hex.upper()) for one in cells(pilot.app)}
        assert fixed <= found

    at_the_case(scene, Settings(theme=theme))


def test_without_colour_every_tone_still_has_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1")
        assert all(len(set(one.words)) == len(set(one.ground)) == 1 for one in cells(pilot.app)), "grey only"
        shown = "\n".join(rows(pilot.app))
        for word in ("!! WARNING", "LATE by", ">  1 Do:", "BLOCKED:", "not approved for clinical use"):
            assert word in shown
        await press(pilot, "n", "x", "enter")
        assert "Recorded:" in "\n".join(rows(pilot.app))

    at_the_case(scene, size=(160, 50))


@SIZES
def test_nothing_blinks_and_nothing_moves_by_itself(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert pilot.app.animation_level == "none"
        await press(pilot, "r")
        await press(pilot, "w")
        assert not pilot.app.screen.query_one(Input).cursor_blink
        assert not [one for one in cells(pilot.app) if one.is_blinking]

    at_the_case(scene, size=size)


def test_who_asks_for_movement_gets_what_the_environment_allows() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert pilot.app.animation_level == constants.TEXTUAL_ANIMATIONS

    at_the_case(scene, Settings(animation=True))


@SIZES
def test_in_ascii_every_cell_is_ascii_where_the_pathways_words_are(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for keys in ((), ("1",), ("w",), ("question_mark",), ("escape", "ctrl+p"), ("escape", "1", "enter")):
            await press(pilot, *keys)
            shown = "\n".join(rows(pilot.app))
            assert shown.isascii(), [row for row in rows(pilot.app) if not row.isascii()]
        assert "+--" in shown

    session = EngineSession(label="bed 7")
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    at_the_case(scene, Settings(ascii=True), size, session)


@given(st.text())
def test_ascii_signs_are_as_wide_as_those_they_stand_for_and_change_no_other_word(text: str) -> None:
    shown = ascii_signs(text)
    assert len(shown) == len(text)
    assert shown == text or any(not one.isascii() for one in text)


def test_ascii_never_changes_what_a_number_means() -> None:
    for said in (
        "CSF \N{GREATER-THAN OR EQUAL TO} 5",
        "10\u00b2 cells",
        "2 \N{MICRO SIGN}g",
        "3\u20135 days",
    ):
        assert ascii_signs(said) == said
