"""Keys: each has an id, none is one that terminals keep for themselves, and users bind their own."""

from __future__ import annotations

from collections import defaultdict

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.scenes import SIZES, at_the_screen, press, shown
from tests.tui.support import EngineSession
from tui.app import PathwayApp
from tui.case_screen import CaseScreen
from tui.keymap import ESCAPE, Bound, every_binding, is_key, judged, key_words, split_keys, why_forbidden
from tui.lines import columns
from tui.pick_screen import PickScreen
from tui.settings import Settings

BOUND = [
    Bound(PathwayApp, Binding("question_mark", "help", "Help", id="app.help")),
    Bound(CaseScreen, Binding("w", "panel('why')", "Why", id="panel.why")),
    Bound(CaseScreen, Binding("m", "panel('missing')", "Missing", id="panel.missing")),
    Bound(CaseScreen, Binding("enter", "commit", "Commit", id="case.commit", priority=True)),
    Bound(PickScreen, Binding("escape,ctrl+g", "dismiss", "Back", id="pick.back")),
    Bound(PickScreen, Binding("x", "drop", "Drop", id="pick.drop")),
]


def taken(**keys: str) -> dict[str, str]:
    """The keys that are taken of those a user writes; `panel__why` stands for `panel.why`."""
    return judged({name.replace("__", "."): key for name, key in keys.items()}, BOUND, "my.toml")[0]


def refused(**keys: str) -> str:
    """The only notice about what a user writes."""
    (notice,) = judged({name.replace("__", "."): key for name, key in keys.items()}, BOUND, "my.toml")[1]
    return notice


def with_keys(keys: dict[str, str], *pressed: str) -> str:
    """The screen of a case after some keys, for a user who has bound others."""
    seen: list[str] = []

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, *pressed)
        seen.append(shown(pilot))

    at_the_screen(EngineSession(label="bed 7"), scene, settings=Settings(keys=keys))
    return seen[0]


def test_every_binding_has_an_id_and_an_id_means_one_thing() -> None:
    bound = every_binding()
    nameless = [
        f"{one.owner.__module__}.{one.owner.__name__}: {one.binding.key}" for one in bound if not one.id
    ]
    assert nameless == []
    meanings: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in bound:
        meanings[one.id].add((one.binding.key, one.binding.action.removeprefix("app.")))
    assert {id: found for id, found in meanings.items() if len(found) > 1} == {}


def test_no_key_is_bound_that_a_terminal_keeps_for_itself() -> None:
    kept = [(one.id, key) for one in every_binding() for key in one.keys if why_forbidden(key) is not None]
    assert kept == [("app.in_doubt", "ctrl+c")]


def test_escape_is_never_the_only_key_for_what_it_does() -> None:
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in every_binding():
        keys[one.owner.__qualname__, one.binding.action] |= set(one.keys)
    assert [where for where, found in keys.items() if found == {ESCAPE}] == []


def test_no_class_binds_a_key_twice() -> None:
    counted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in every_binding():
        for key in one.keys:
            counted[one.owner.__qualname__, key].add(one.id)
    assert {where: ids for where, ids in counted.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    "key", ["ctrl+s", "ctrl+q", "ctrl+z", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h", "ctrl+a"]
)
def test_control_keys_that_terminals_take_are_forbidden(key: str) -> None:
    assert why_forbidden(key)
    assert "cannot be bound" in refused(panel__why=key)


@pytest.mark.parametrize("key", ["f1", "f12", "shift+f3", "alt+w", "ctrl+b", "ctrl+c"])
def test_function_and_alt_keys_are_forbidden(key: str) -> None:
    assert "cannot be bound" in refused(panel__why=key)


@pytest.mark.parametrize("key", ["x", "?", "ctrl+u", "PgUp", "space", "/", "["])
def test_other_keys_may_be_bound(key: str) -> None:
    assert is_key(split_keys(key)[0])
    assert taken(panel__missing=key) == ({"panel.missing": split_keys(key)[0]} if key != "?" else {})


def test_keys_are_printed_as_they_are_pressed() -> None:
    shown = [key_words(key) for key in split_keys("?, !, enter, pageup, ctrl+p, escape, /, comma, x")]
    assert shown == ["?", "!", "Enter", "PgUp", "ctrl+p", "Esc", "/", ",", "x"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"panel__whi": "y"}, "no key has this id; did you mean panel.why."),
        ({"panel__why": "hyper"}, "there is no key 'hyper'."),
        ({"panel__why": ""}, "it names no key."),
        ({"panel__why": "m"}, "m is Missing (panel.missing) there."),
        ({"panel__why": "?"}, "? is Help (app.help) there."),
        ({"pick__back": "escape"}, "Esc is slow in many terminals and cannot be the only key"),
        ({"pick__back": "b, ctrl+u"}, "so one of its keys must not be a key of typing."),
        ({"case__commit": "y"}, "it works while text is typed, so its key must not be a character."),
    ],
)
def test_a_key_that_cannot_be_bound_is_told_and_keeps_its_default(keys: dict[str, str], words: str) -> None:
    assert words in refused(**keys)
    assert refused(**keys).startswith('my.toml: keys: "')
    assert taken(**keys) == {}


def test_two_keys_may_be_swapped_and_two_screens_may_have_the_same() -> None:
    swapped = {"panel__why": "m", "panel__missing": "w"}
    assert taken(**swapped) == {"panel.why": "m", "panel.missing": "w"}
    assert taken(panel__why="x") == {"panel.why": "x"}


def test_the_same_key_for_two_on_one_screen_is_refused_for_one_of_them() -> None:
    assert len(taken(panel__why="y", panel__missing="y")) == 1


def test_a_bound_key_works_the_old_one_does_not_and_the_last_row_says_it() -> None:
    assert "─Why (w)" not in with_keys({"panel.why": "z"}, "w")
    shown = with_keys({"panel.why": "z"}, "z")
    assert "Why (" in shown
    assert shown.splitlines()[-1].startswith("z Why m Missing")


def test_swapped_keys_are_swapped_on_the_screen() -> None:
    keys = {"panel.why": "m", "panel.missing": "w"}
    assert "What is missing" in with_keys(keys, "w")
    assert "What is missing" not in with_keys(keys, "m")


def test_a_bad_key_in_the_settings_is_told_on_the_screen() -> None:
    assert "! NOTICE" in with_keys({"panel.why": "ctrl+s"})
    assert "many terminals" in with_keys({"panel.why": "ctrl+s"})


@SIZES
def test_the_last_row_fits_and_always_says_help_and_leaving(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        last = shown(pilot).splitlines()[-1]
        assert columns(last.rstrip()) <= size[0]
        assert last.rstrip().endswith("? Help q Quit")

    at_the_screen(EngineSession(), scene, size)


def test_letters_are_text_while_a_field_has_the_focus() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        letters = "wmfaltcroukeqx?!"
        await press(pilot, "n")
        await pilot.press(*letters)
        await pilot.pause()
        assert pilot.app.screen.query_one(Input).value == letters

    app = at_the_screen(EngineSession(), scene)
    assert app.return_code is None or app.return_code == 0
