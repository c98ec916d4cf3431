"""Handing a case over at the screen: it is read, copied and saved, and nothing is overwritten unasked."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pathway.engine.case import Case
from pathway.handover.content import Handover, HandoverError
from pathway.handover.markdown import markdown_of
from tests.handover.ward import EIGHT, busy, opened
from tui.app import PathwayApp
from tui.handover_screen import HandoverScreen, Save

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)])
Scene = Callable[[Pilot[None], HandoverScreen], Awaitable[None]]
NOW = EIGHT + 3600


class Desk(PathwayApp):
    """Something below the hand-over to go back to."""

    def __init__(self, screen: HandoverScreen) -> None:
        super().__init__()
        self._first = screen

    def on_mount(self) -> None:
        self.push_screen(self._first)


class Folder:
    """Saves as the command line does, and can be told to fail; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, bool]] = []
        self.failure: Exception | None = None
        self.thread: int | None = None

    def save(self, handover: Handover, folder: Path, over: bool) -> Sequence[Path]:
        self.asked.append((folder, over))
        self.thread = threading.get_ident()
        if self.failure is not None:
            raise self.failure
        file = folder / f"{handover.file_stem}.md"
        if file.exists() and not over:
            raise FileExistsError(errno.EEXIST, "there", str(file))
        file.write_text(markdown_of(handover), "utf-8")
        return [file]


def at_the_desk(scene: Scene, save: Save, case: Case | None = None, size: tuple[int, int] = (80, 24)) -> None:
    """Play a scene at the hand-over of a case."""
    case = case or busy(opened())
    screen = HandoverScreen(case.compiled.definition, case.view, case.events, NOW, save, "dr")

    async def play() -> None:
        async with Desk(screen).run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            await scene(pilot, screen)

    asyncio.run(play())


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return " ".join(" ".join(strip.text for strip in strips).split())


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def save_to(pilot: Pilot[None], folder: Path | str) -> None:
    await press(pilot, "s")
    pilot.app.screen.query_one(Input).value = str(folder)
    await press(pilot, "enter")


@pytest.fixture
def folder() -> Folder:
    return Folder()


@SIZES
def test_it_shows_whose_case_the_status_and_the_text(folder: Folder, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        words = shown(pilot)
        assert "Hand-over of bed 7 TEST-014" in words
        assert "DRAFT: not approved for clinical use" in words
        assert "- **Case**: TEST-014" in words
        assert "q Back" in words

    at_the_desk(scene, folder.save, size=size)


@SIZES
def test_it_is_read_to_its_end_with_page_down(folder: Folder, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await pilot.press(*["pagedown"] * 40)
        await pilot.pause()
        assert "## Not in this hand-over" in shown(pilot) or "For teaching." in shown(pilot)

    at_the_desk(scene, folder.save, size=size)


def test_y_hands_the_text_to_the_terminal_and_says_that_it_may_refuse(folder: Folder) -> None:
    async def scene(pilot: Pilot[None], screen: HandoverScreen) -> None:
        await press(pilot, "y")
        assert pilot.app.clipboard == screen.markdown
        assert "It may refuse without a word" in shown(pilot)

    at_the_desk(scene, folder.save)


@pytest.mark.parametrize("key", ["q", "backspace", "escape", "ctrl+g"])
def test_it_is_left_with_more_keys_than_one(folder: Folder, key: str) -> None:
    async def scene(pilot: Pilot[None], screen: HandoverScreen) -> None:
        await press(pilot, key)
        assert pilot.app.screen is not screen
        assert folder.asked == []

    at_the_desk(scene, folder.save)


def test_s_saves_into_the_folder_typed_and_says_where(folder: Folder, tmp_path: Path) -> None:
    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await save_to(pilot, tmp_path)
        assert "saved" in shown(pilot)
        assert folder.thread != threading.get_ident()

    at_the_desk(scene, folder.save)
    (file,) = tmp_path.iterdir()
    assert file.name == "handover-20260301-090000.md"
    assert "TEST-014" in file.read_text("utf-8")


def test_letters_are_letters_while_a_folder_is_typed(folder: Folder) -> None:
    async def scene(pilot: Pilot[None], screen: HandoverScreen) -> None:
        await press(pilot, "s", *"sqy")
        assert pilot.app.screen is screen
        assert screen.query_one(Input).value == "sqy"
        await press(pilot, "backspace")
        assert screen.query_one(Input).value == "sq"

    at_the_desk(scene, folder.save)


def test_a_file_that_is_there_is_kept_unless_enter_is_pressed_again(folder: Folder, tmp_path: Path) -> None:
    file = tmp_path / "handover-20260301-090000.md"
    file.write_text("of yesterday", "utf-8")

    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await save_to(pilot, tmp_path)
        assert "is there already. Nothing was saved. Enter replaces it, Esc keeps it." in shown(pilot)
        await press(pilot, "escape")
        assert file.read_text("utf-8") == "of yesterday"
        await save_to(pilot, tmp_path)
        assert file.read_text("utf-8") == "of yesterday"
        await press(pilot, "enter")

    at_the_desk(scene, folder.save)
    assert folder.asked == [(tmp_path, False), (tmp_path, False), (tmp_path, True)]
    assert "TEST-014" in file.read_text("utf-8")


def test_leave_to_replace_does_not_hold_for_another_folder(folder: Folder, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for one in (here, there):
        one.mkdir()
        (one / "handover-20260301-090000.md").write_text("of yesterday", "utf-8")

    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await save_to(pilot, here)
        pilot.app.screen.query_one(Input).value = str(there)
        await press(pilot, "enter")

    at_the_desk(scene, folder.save)
    assert folder.asked == [(here, False), (there, False)]


@pytest.mark.parametrize("typed", ["", "no/such/folder"])
def test_a_folder_that_is_not_there_is_asked_for_again(folder: Folder, typed: str) -> None:
    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await save_to(pilot, typed)
        assert "Nothing was saved. Type one" in shown(pilot)

    at_the_desk(scene, folder.save)
    assert folder.asked == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/there"),
            "Cannot write /there: Permission denied",
        ),
        (HandoverError("The chart cannot be drawn. Install dot."), "The chart cannot be drawn. Install dot."),
    ],
)
def test_what_could_not_be_saved_says_why_and_can_be_tried_again(
    folder: Folder, tmp_path: Path, failure: Exception, words: str
) -> None:
    folder.failure = failure

    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await save_to(pilot, tmp_path)
        assert f"!! NOT SAVED: {words}" in shown(pilot)
        folder.failure = None
        await press(pilot, "enter")
        assert "saved" in shown(pilot)

    at_the_desk(scene, folder.save)


def test_while_files_are_written_nobody_is_told_that_nothing_was_saved(tmp_path: Path) -> None:
    go_on = threading.Event()
    folder = Folder()

    def slowly(handover: Handover, where: Path, over: bool) -> Sequence[Path]:
        go_on.wait(10)
        return folder.save(handover, where, over)

    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        await press(pilot, "s")
        pilot.app.screen.query_one(Input).value = str(tmp_path)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape", "enter")
        await pilot.pause()
        assert "Saving" in shown(pilot)
        assert "Nothing was saved" not in shown(pilot)
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "saved" in shown(pilot)

    at_the_desk(scene, slowly)
    assert folder.asked == [(tmp_path, False)]


def test_a_window_too_small_says_one_sentence_and_is_only_left(folder: Folder) -> None:
    async def scene(pilot: Pilot[None], screen: HandoverScreen) -> None:
        await press(pilot, "y", "s")
        assert "This window is 60x20. A hand-over needs 80x24 or more." in shown(pilot)
        assert pilot.app.clipboard == ""
        await press(pilot, "q")
        assert pilot.app.screen is not screen

    at_the_desk(scene, folder.save, size=(60, 20))


def test_text_of_a_case_is_never_read_as_markup(folder: Folder) -> None:
    case = opened(label="[/b] [red]x \x1b[31mred \u202egnol")

    async def scene(pilot: Pilot[None], _: HandoverScreen) -> None:
        assert "[/b] [red]x \\x1b[31mred" in shown(pilot)
        assert "\x1b" not in shown(pilot)

    at_the_desk(scene, folder.save, case, (160, 50))
