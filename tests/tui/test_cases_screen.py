"""The list of cases by what a clinician does at it, over a real store, with a clock that stands still."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pathway.engine.batch import Batch
from pathway.engine.events import CaseOpened
from tests.damaging import asked, change_lines
from tests.tui.cases_support import (
    HOUR,
    SMALL,
    STRICTER,
    WIDE,
    Ward,
    at_the_list,
    enter,
    press,
    read,
    row_of,
    shown,
    write,
)
from tests.tui.scenes import go_on
from tests.tui.support import HOSTILE, NOON
from tui.case_screen import CaseScreen
from tui.cases.cases_screen import CasesScreen
from tui.cases.compare_screen import CompareScreen
from tui.cases.comparing import comparison_lines
from tui.cases.rows import count_words, due_words, in_order
from tui.cases.table import CaseTable
from tui.pick_screen import PickScreen
from tui.session import ListedCase

SIZES = pytest.mark.parametrize("size", [SMALL, WIDE])


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


def order(pilot: Pilot[None]) -> list[str]:
    table = pilot.app.screen.query_one(CaseTable)
    return [str(table.get_row_at(index)[0]) for index in range(table.row_count)]


def known(ward: Ward) -> list[ListedCase]:
    """All cases of the ward, read to their end."""
    desk = ward.desk()
    return [desk.with_standing(one, ward.now[0]) for one in desk.cases()]


def flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@SIZES
def test_a_row_tells_both_identifiers_pathway_state_next_due_warnings_and_whether_it_is_open(
    ward: Ward, size: tuple[int, int]
) -> None:
    ward.in_workup("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        row = row_of(pilot, "v-1")
        for words in ("bed 7", "demo@1.0.0", "2 Workup", "ok, 1 h left", "open"):
            assert words in row, words
        assert "DRAFT demo" in shown(pilot)
        await press(pilot, "down")
        assert "DRAFT: not approved for clinical use" in shown(pilot)
        assert "13:00 Ceftriaxone, child, ok, 1 h left" in shown(pilot)

    at_the_list(ward, scene, size)


def test_late_cases_come_first_then_the_next_due_then_the_last_written_and_closed_ones_at_the_end(
    ward: Ward,
) -> None:
    closed = ward.case("closed")
    enter(closed, facts={"suspected": "true"})
    closed.commit(Batch(NOON, "ms", NOON, close="moved away"))
    for index, name in enumerate(("written-first", "written-last")):
        ward.case(name, at=NOON - 3600 + index)
    for name, before in (("due", 60), ("due-sooner", 600), ("late", 2 * HOUR)):
        ward.in_workup(name, at=NOON - before)
    cases = in_order(known(ward), NOON)
    assert [one.case for one in cases] == [
        "late", "due-sooner", "due", "written-last", "written-first", "closed",
    ]  # fmt: skip
    assert due_words(cases[0], NOON) == "LATE by 1 h"
    assert count_words(cases, 6, 6, NOON) == "6 cases, 1 LATE"


def test_a_case_becomes_late_before_the_eyes(ward: Ward) -> None:
    ward.in_workup("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        assert "ok, 1 h left" in row_of(pilot, "v-1")
        screen = pilot.app.screen
        assert isinstance(screen, CasesScreen)
        ward.now[0] = NOON + HOUR + 300
        screen._tick()
        await read(pilot)
        assert "LATE by 5 min" in row_of(pilot, "v-1")

    at_the_list(ward, scene)


def test_nothing_is_highlighted_at_first_and_enter_opens_nothing(ward: Ward) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CasesScreen)
        assert "Highlight a case first" in shown(pilot)

    at_the_list(ward, scene)


@SIZES
def test_a_case_is_opened_and_left_back_to_the_list_which_shows_what_was_recorded(
    ward: Ward, size: tuple[int, int]
) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, CaseScreen)
        assert "bed 7  v-1" in shown(pilot)
        await press(pilot, "1", "enter", "n", "enter", "enter")
        await pilot.pause(0.4)
        await go_on(pilot, "1")
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, CasesScreen)
        assert "3 Not suspect" in shown(pilot)
        await press(pilot, "q")

    app = at_the_list(ward, scene, size)
    assert app.return_code == 0


def test_the_highlight_stays_with_its_case_when_another_one_moves(ward: Ward) -> None:
    ward.case("v-1")
    ward.case("v-2", at=NOON - 60)

    async def scene(pilot: Pilot[None]) -> None:
        assert order(pilot) == ["v-1", "v-2"]
        await press(pilot, "down", "down")
        ward.in_workup("v-3", at=NOON - 2 * HOUR)
        screen = pilot.app.screen
        assert isinstance(screen, CasesScreen)
        screen._look()
        await read(pilot)
        assert order(pilot) == ["v-3", "v-1", "v-2"]
        await press(pilot, "enter")
        assert "bed 7  v-2" in shown(pilot)

    at_the_list(ward, scene)


@SIZES
def test_typing_after_a_slash_narrows_the_list_and_enter_opens_the_only_one_left(
    ward: Ward, size: tuple[int, int]
) -> None:
    ward.case("v-1", "bed 7")
    ward.case("v-2", "bed 8")
    ward.in_workup("v-3", "bed 9", at=NOON - 2 * HOUR)

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "late")
        assert order(pilot) == ["v-3"]
        assert "1 of 3 cases" in shown(pilot)
        await press(pilot, "escape")
        assert len(order(pilot)) == 3
        await press(pilot, "slash")
        await write(pilot, "bed 8")
        assert order(pilot) == ["v-2"]
        await press(pilot, "enter")
        assert "bed 8  v-2" in shown(pilot)

    at_the_list(ward, scene, size)


def test_letters_typed_into_the_filter_do_nothing_else(ward: Ward) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "nvdq")
        assert isinstance(pilot.app.screen, CasesScreen)
        assert pilot.app.screen.query_one(Input).value == "nvdq"
        assert pilot.app.is_running

    at_the_list(ward, scene)


@SIZES
def test_an_empty_store_offers_three_choices_in_words(ward: Ward, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for words in (
            "1 Open a new case",
            "2 Look at the demo case",
            "3 Leave, and read the guide: pathway --help",
        ):
            assert words in flat(shown(pilot)), words
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CasesScreen)
        await press(pilot, "3", "enter")

    assert at_the_list(ward, scene, size).return_code == 0


@SIZES
def test_a_new_case_asks_for_its_label_id_and_time_zone_and_is_opened(
    ward: Ward, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n")
        assert "DRAFT: not approved for clinical use" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, PickScreen), "no pathway is preselected"
        await press(pilot, "1", "enter")
        await write(pilot, "bed 3")
        await press(pilot, "enter")
        await write(pilot, "v-9")
        await press(pilot, "enter", "enter")
        assert isinstance(pilot.app.screen, CaseScreen)
        assert "bed 3  v-9" in shown(pilot)
        await press(pilot, "q")
        assert "v-9 bed 3" in flat(shown(pilot)), "the new case is the highlighted one"

    at_the_list(ward, scene, size)
    log = ward.store.load("v-9")
    opened = log.events[0]
    assert isinstance(opened, CaseOpened)
    assert opened.timezone == "Europe/Berlin"


def test_a_case_that_cannot_be_begun_says_why_and_keeps_what_was_typed(ward: Ward) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n", "1", "enter", "enter")
        await write(pilot, "v-1")
        await press(pilot, "enter", "enter")
        assert "There is already a case 'v-1'" in flat(shown(pilot))
        await press(pilot, "enter")
        await write(pilot, "b")
        await press(pilot, "enter")
        await write(pilot, "Europe/Berlim")
        await press(pilot, "enter")
        assert "Europe/Berlin" in flat(shown(pilot))
        assert len(ward.store.cases()) == 1

    at_the_list(ward, scene)


@SIZES
def test_the_demo_case_is_shown_at_its_end_and_kept_apart(ward: Ward, size: tuple[int, int]) -> None:
    cases = ward.first.parent / "cases"
    cases.mkdir()
    (cases / "demo.yaml").write_text(
        "pathway: demo\ncase: made-up\ntimeline:\n"
        "  - {at: 2026-02-01T08:00, facts: {suspected: true, platelet_count: 210}}\n"
        "  - {at: 2026-02-01T11:00, done: [lumbar_puncture]}\n",
        "utf-8",
    )

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "enter", "1", "enter")
        assert "DEMO, made up  made-up" in shown(pilot)
        assert "1 Feb 2026 11:00" in shown(pilot)
        await press(pilot, "q")
        assert "Open a new case" in shown(pilot)

    at_the_list(ward, scene, size)
    assert ward.store.cases() == []


@SIZES
def test_a_damaged_case_is_listed_with_what_is_wrong_and_the_others_are_too(
    ward: Ward, size: tuple[int, int]
) -> None:
    ward.in_workup("v-1")
    ward.in_workup("v-2")
    for name in ("v-3", "v-4", "v-5"):
        ward.case(name)
    change_lines(ward.store.place, "v-1", lambda line: line.replace('"true"', '"fals"'))
    change_lines(ward.store.place, "v-3", lambda line: "[/b] nonsense")
    asked(ward.store.place, "DELETE FROM line WHERE course = 4")
    change_lines(ward.store.place, "v-5", lambda line: line.replace("v-5", "v-2"))

    async def scene(pilot: Pilot[None]) -> None:
        assert "5 cases, 0 LATE, 4 DAMAGED" in shown(pilot)
        assert "2 Workup" in row_of(pilot, "v-2")
        for name in ("v-1", "v-3", "v-4", "v-5"):
            assert "DAMAGED" in row_of(pilot, name)
        await press(pilot, "slash")
        await write(pilot, "v-1")
        await press(pilot, "enter")
        assert "The chain breaks here" in flat(shown(pilot))
        assert isinstance(pilot.app.screen, CasesScreen)

    at_the_list(ward, scene, size)


@SIZES
def test_a_store_that_cannot_be_read_says_where_why_and_what_to_do(ward: Ward, size: tuple[int, int]) -> None:
    Path(ward.store.place).parent.write_text("not a folder", "utf-8")

    async def scene(pilot: Pilot[None]) -> None:
        text = flat(shown(pilot))
        assert "cannot be read. Reason: a part of its path is a file" in text
        assert "Check the name." in text
        assert "Open a new case" not in text, "nobody is told that there are no cases"
        await press(pilot, "q")

    assert at_the_list(ward, scene, size).return_code == 0


@SIZES
def test_markup_and_control_characters_in_a_label_stay_text(ward: Ward, size: tuple[int, int]) -> None:
    ward.in_workup("v-1", HOSTILE)

    async def scene(pilot: Pilot[None]) -> None:
        assert "[/b] [red]" in row_of(pilot, "v-1") or "[/b]" in row_of(pilot, "v-1")
        await press(pilot, "down")
        assert "[/b] [red]x" in shown(pilot)
        assert "\x1b[31m" not in shown(pilot)
        assert "\u202e" not in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_list(ward, scene, size)


@SIZES
def test_a_case_begun_on_an_older_version_opens_on_it_and_says_so(ward: Ward, size: tuple[int, int]) -> None:
    ward.in_workup("v-1")
    ward.files.append(ward.written("second", STRICTER))

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "down")
        assert "begun on 1.0.0; 1.1.0 is installed" in shown(pilot)
        await press(pilot, "enter")
        assert "Demo 1.0.0" in shown(pilot)
        assert "begun on 1.0.0; 1.1.0 is installed" in shown(pilot)

    at_the_list(ward, scene, size)


@SIZES
def test_the_installed_version_is_compared_with_the_one_the_case_was_begun_on(
    ward: Ward, size: tuple[int, int]
) -> None:
    session = ward.in_workup("v-1")
    enter(session, facts={"platelet_count": "100"})
    ward.files.append(ward.written("second", STRICTER))
    before = ward.log_of("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "v")
        assert isinstance(pilot.app.screen, CompareScreen)
        text = flat(shown(pilot))
        for words in ("v-1 bed 7", "READ ONLY", "begun on 1.0.0; 1.1.0 is installed", "Actions: 1 differ"):
            assert words in text, words
        assert "1.0.0: recommended" in text
        assert "1.1.0: blocked" in text
        assert "States:" not in text
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, CasesScreen)

    at_the_list(ward, scene, size)
    assert ward.log_of("v-1") == before


def test_a_case_of_an_older_version_says_so_with_the_command_that_compares(ward: Ward) -> None:
    ward.in_workup("v-1")
    assert ward.desk().taken_up("v-1").remark is None
    ward.files.append(ward.written("second", STRICTER))
    case = ward.desk().taken_up("v-1")
    assert case.remark is not None
    words, _, command = case.remark.partition(" Compare: ")
    assert words == "begun on 1.0.0; 1.1.0 is installed."
    options = ["--screen", "--against", "demo"]
    assert shlex.split(command) == ["pathway", "cases", "replay", "v-1", *options]


def test_what_the_installed_version_does_not_take_is_told(ward: Ward) -> None:
    session = ward.in_workup("v-1")
    enter(session, facts={"remark": "fell yesterday"})
    ward.files.append(ward.written("second", STRICTER.replace("  remark: {ask: Remark, type: text}\n", "")))
    told = [line.plain for line in comparison_lines(ward.desk().compare("v-1", NOON), NOON)]
    assert "Entries that 1.1.0 does not take: 1" in told
    assert "remark" in told[-1]


def test_a_case_whose_version_is_gone_is_not_opened_but_can_be_compared(ward: Ward) -> None:
    ward.in_workup("v-1")
    ward.files[:] = [ward.written("second", STRICTER)]

    async def scene(pilot: Pilot[None]) -> None:
        assert "not known" in row_of(pilot, "v-1")
        await press(pilot, "down", "enter")
        assert "A case goes on only with the text it was begun on" in flat(shown(pilot))
        await press(pilot, "v")
        assert "1.0.0 is not here: only what 1.1.0 would say can be shown" in flat(shown(pilot))

    at_the_list(ward, scene)


def test_the_same_version_with_another_text_is_told_by_its_digest(ward: Ward) -> None:
    ward.in_workup("v-1")
    ward.files[:] = [ward.written("second", STRICTER.replace("1.1.0", "1.0.0"))]
    [one] = known(ward)
    assert "another text" in (one.remark or "")


def test_a_window_that_is_too_small_says_which_size_it_needs(ward: Ward) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        assert "70x20" in shown(pilot)
        assert "80x24" in shown(pilot)
        await press(pilot, "q")

    assert at_the_list(ward, scene, (70, 20)).return_code == 0


def test_leaving_the_list_stops_its_reading(ward: Ward) -> None:
    ward.case("v-1")

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "enter")
        assert not [worker for worker in pilot.app.workers if worker.group == "reading" and worker.is_running]

    at_the_list(ward, scene)


def test_a_long_list_grows_as_the_highlight_comes_near_its_end(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cases.cases_screen.PAGE", 2)
    monkeypatch.setattr("tui.cases.cases_screen.NEAR", 1)
    for name in ("v-1", "v-2", "v-3"):
        ward.case(name)

    async def scene(pilot: Pilot[None]) -> None:
        assert len(order(pilot)) == 2
        assert "first 2 of 3 cases" in shown(pilot)
        await press(pilot, "down", "down")
        assert len(order(pilot)) == 3

    at_the_list(ward, scene)
