"""Every place that names a key names the one in force: told on screens of a user who has rebound them all."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from textual.pilot import Pilot

import tui
from tests.tui.cases_support import Ward
from tests.tui.cases_support import press as press_there
from tests.tui.replay_support import next_version, replayed
from tests.tui.scenes import SIZES, at_the_screen, played, press, settled, shown, write
from tests.tui.supposing import in_the_workup
from tui.case_screen import CaseScreen
from tui.cases.app import CasesApp
from tui.keymap import Bound, _leaves_typing, _meet, every_binding, is_character, judged
from tui.replaying.app import ReplayApp
from tui.settings import Settings
from tui.what_if.screen import WhatIfScreen

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ$%&;<>_~^|@`"
CONTROLS = [f"ctrl+{letter}" for letter in "ynlortdefkuvwx"]  # a field takes those from d on
# A default key in words, alone in brackets, or as the first word of a hint: `x leaves`, `r Record`.
NAMED = re.compile(
    r"\b(?:Enter|Esc|Escape|PgDn|PgUp|Backspace|ctrl\+[gp])\b|\([a-z!?/\[\]{}]\)"
    r"|(?<![\w'.,%/+-])[b-z!?/] (?:leaves|goes|closes|compares|records|corrects|finds|supposes|says|"
    r"[A-Z][a-z]+)"
)
PLAIN = {"plain.py", "plain_talk.py", "plain_answers.py", "commands.py", "keymap.py", "keys.py"}


@cache
def all_rebound() -> dict[str, str]:
    """A key of its own, and none of the defaults, for each binding that may meet it on a screen."""
    bound = [one for one in every_binding() if one.id and not one.binding.action.startswith("digit(")]
    keys: dict[str, str] = {}
    for one in sorted(bound, key=_leaves_typing, reverse=True):
        if one.id in keys:
            continue
        own = [other for other in bound if other.id == one.id]
        taken = {keys[other.id] for other in bound if other.id in keys and meets(other, own)}
        keys[one.id] = next(key for key in candidates(own) if key not in taken)
    return keys


def meets(other: Bound, own: list[Bound]) -> bool:
    return any(_meet(mine.owner, other.owner) for mine in own)


def candidates(own: list[Bound]) -> list[str]:
    """Keys that are none of its defaults; where text may be typed, no character."""
    is_typed = any(not any(map(is_character, one.keys)) for one in own)
    return CONTROLS if is_typed else [*CHARACTERS, *CONTROLS]


def key(id: str) -> str:
    return all_rebound()[id]


def names_no_default(pilot: Pilot[None]) -> None:
    assert NAMED.findall(shown(pilot)) == []


SETTINGS = Settings(keys=all_rebound())


def test_every_key_can_be_another_one() -> None:
    taken, notices = judged(all_rebound(), every_binding(), "my.toml")
    assert notices == []
    assert len(taken) > 100


# --- on the screens -------------------------------------------------------------------------------
PANELS = [
    f"panel.{name}" for name in ("why", "missing", "facts", "log", "timers", "warnings", "actions", "map")
]


@SIZES
def test_the_screen_of_a_case_and_its_boxes(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        names_no_default(pilot)
        assert f"Actions ({key('panel.actions')})" in shown(pilot)
        assert f"A number, then {key('case.commit')}" in shown(pilot)
        for id in PANELS:
            await press(pilot, key(id))
            names_no_default(pilot)
        for id, back in (
            ("case.record", "pick.back"), ("case.nearest", "pick.back"), ("case.note", "entry.back"),
            ("app.help", "page.back"), ("app.palette", "pick.back"), ("case.browse", "browse.leave"),
        ):  # fmt: skip
            await press(pilot, key(id))
            assert not isinstance(pilot.app.screen, CaseScreen), id
            names_no_default(pilot)
            await press(pilot, key(back))
            assert isinstance(pilot.app.screen, CaseScreen), id

    at_the_screen(in_the_workup(), scene, size, settings=SETTINGS)


def test_what_has_no_way_back_is_confirmed_and_a_closed_case_is_left() -> None:
    session = in_the_workup()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, key("case.close"))
        await write(pilot, "treated")
        await press(pilot, key("entry.next"))
        assert f"{key('entry.next')} records exactly this. {key('entry.back')} goes back." in shown(pilot)
        names_no_default(pilot)
        await settled(pilot)
        await press(pilot, key("entry.next"))
        assert session.view.closed
        assert f"{key('app.leave')} leaves." in " ".join(shown(pilot).split())
        names_no_default(pilot)
        await pilot.resize_terminal(70, 20)
        await pilot.pause()
        names_no_default(pilot)

    at_the_screen(session, scene, settings=SETTINGS)


@SIZES
def test_what_if(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, key("case.what_if"))
        assert isinstance(pilot.app.screen, WhatIfScreen)
        assert f"{key('what_if.suppose')} supposes any fact" in shown(pilot)
        assert shown(pilot).splitlines()[-1].startswith(f" {key('what_if.suppose')} Suppose")
        for id in ("what_if.actions", "what_if.why", "what_if.difference"):
            await press(pilot, key(id))
            names_no_default(pilot)

    at_the_screen(in_the_workup(), scene, size, settings=SETTINGS)


def test_the_list_of_cases(tmp_path: Path) -> None:
    ward = Ward(tmp_path)

    async def scene(pilot: Pilot[None]) -> None:
        names_no_default(pilot)
        assert f"A number, then {key('cases.open')}" in shown(pilot)
        await press_there(pilot, key("cases.new"), "1", key("pick.choose"))
        assert f"{key('new_case.next')} goes on" in shown(pilot)
        names_no_default(pilot)
        await press_there(pilot, *[key("new_case.next")] * 3)
        assert isinstance(pilot.app.screen, CaseScreen)
        await press_there(pilot, key("app.leave"))
        names_no_default(pilot)

    played(CasesApp(ward.desk(), lambda: ward.now[0], "ms", SETTINGS), scene)


def test_a_replay(forged: Path) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        names_no_default(pilot)
        assert f"({key('replay.nonconforming')} goes there)" in " ".join(shown(pilot).split())
        for id in (
            "replay.again",
            "replay.diverge",
            "replay.other",
            "replay.last",
            "replay.play",
            "replay.find",
        ):
            await press(pilot, key(id))
            names_no_default(pilot)

    recording = replayed(forged, next_version())
    played(ReplayApp(recording, lambda: 0, SETTINGS, beat=3600.0), scene)


# --- in the source --------------------------------------------------------------------------------
def test_no_sentence_of_the_screens_has_a_key_written_into_it() -> None:
    files = [file for file in Path(tui.__path__[0]).rglob("*.py") if file.name not in PLAIN]
    found = [f"{file.name}:{line}: {words}" for file in files for line, words in sentences(file)]
    assert [words for words in found if NAMED.search(words.partition(": ")[2].lstrip("? "))] == []
    assert len(found) > 300


def sentences(file: Path) -> list[tuple[int, str]]:
    """The texts of a module that have more than one word, without its docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return [(node.lineno, node.value) for node in texts if isinstance(node.value, str) and " " in node.value]
