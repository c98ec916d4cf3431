"""Help: made from the keys a screen really has, so it names each of them, and nothing else; on 24 rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.cells import child_in_trouble, rows
from tests.tui.scenes import SIZES, SMALL, Scene, at_the_screen, press
from tests.tui.support import EngineSession
from tui.app import PathwayApp
from tui.case_screen import CaseScreen
from tui.doings import Doing, doings
from tui.help_screen import COLUMN, ENTERING, ROWS, HelpScreen, help_columns
from tui.keymap import Bound, every_binding, key_words
from tui.lines import Line, all_wrapped
from tui.settings import Settings


def at_the_case(
    scene: Scene,
    size: tuple[int, int] = SMALL,
    settings: Settings | None = None,
    session: EngineSession | None = None,
) -> None:
    at_the_screen(session or child_in_trouble(), scene, size, settings=settings)


def said(lines: Sequence[Line]) -> list[str]:
    return [" ".join(line.plain.split()) for line in lines]


def bindings_by_screen() -> dict[str, list[Bound]]:
    """What each screen class binds, with what the application binds everywhere."""
    everywhere = [one for one in every_binding() if one.owner is PathwayApp]
    found: dict[str, list[Bound]] = defaultdict(list)
    for one in every_binding():
        if issubclass(one.owner, Screen):
            found[one.owner.__qualname__].append(one)
    return {name: [*own, *everywhere] for name, own in found.items()}


def as_doings(bound: Sequence[Bound]) -> list[Doing]:
    """What the help would say of them; the digits stand together as one."""
    found: dict[str, Doing] = {}
    for one in bound:
        if one.binding.description:
            doing = _doing(one.binding, one.owner)
            found[doing.id] = doing
    return list(found.values())


def _doing(binding: Binding, owner: type[DOMNode]) -> Doing:
    keys = " ".join(key_words(key) for key in binding.key.split(","))
    id = "case.digits" if binding.action.startswith("digit(") else binding.id or binding.action
    return Doing(id, keys, binding.description, binding.tooltip, binding.action, Screen(), False)


@SIZES
def test_help_names_every_key_that_the_screen_answers_and_no_other(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        case = pilot.app.screen
        own = [one for one in CaseScreen.BINDINGS if isinstance(one, Binding) and not one.key.isdigit()]
        answered = [one for one in own if case.check_action(one.action.partition("(")[0], ()) is not False]
        keys = {" ".join(map(key_words, one.key.split(","))) for one in answered} | {
            "0-9",
            "ctrl+p",
            "Up",
            "Down",
        }
        assert len(keys) > 15
        assert {one.keys for one in doings(case)} == keys
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        shown = " ".join("\n".join(rows(pilot.app)).replace("│", " ").split())
        for one in doings(case):
            assert f"{one.keys} {one.about or one.words}" in shown or f"{one.keys} {one.words}" in shown

    at_the_case(scene, size)


def test_help_says_the_users_own_key() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        shown = "\n".join(rows(pilot.app))
        assert "z    Why" in shown
        assert "w    Why" not in shown

    at_the_case(scene, settings=Settings(keys={"panel.why": "z"}))


def test_help_leaves_out_what_the_screen_does_not_answer_now() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert [one.words for one in doings(pilot.app.screen) if one.group != "app"] == ["Up", "Down"]

    at_the_case(scene, size=(70, 20))


@pytest.mark.parametrize("name", sorted(bindings_by_screen()))
def test_the_keys_of_every_screen_fit_on_one_page_of_24_rows(name: str) -> None:
    found = as_doings(bindings_by_screen()[name])
    below = len(ENTERING) if any(one.group == "case" for one in found) else 0
    columns = help_columns(found, ROWS - below)
    for column in columns:
        assert len(all_wrapped(column, COLUMN)) <= ROWS - below
    told = " | ".join(part for column in columns for part in said(column))
    assert all(one.words in told or one.about in told for one in found)


def test_long_words_give_way_to_short_ones_where_there_is_no_room() -> None:
    case = Screen[None]()
    many = [
        Doing(f"case.{number}", "x", f"short {number}", "at great length " * 6, "do", case, False)
        for number in range(25)
    ]
    shown = [part for column in help_columns(many) for part in said(column)]
    assert "x short 7" in shown
    few = [replace(one, about="at some length") for one in many[:3]]
    assert "x at some length" in [part for column in help_columns(few) for part in said(column)]


def test_case_and_stamp_stay_on_show_beside_the_help() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        shown = "\n".join(rows(pilot.app))
        assert "TEST-014" in shown
        assert "not approved for clinical use" in shown

    at_the_case(scene)


@pytest.mark.parametrize("key", ["enter", "escape", "q", "space", "question_mark", "ctrl+g"])
def test_any_usual_key_closes_the_help(key: str) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark", key)
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_case(scene, session=EngineSession())
