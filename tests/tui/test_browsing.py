"""The pathway browser by what a reader does at it, at both sizes, and what it shows of a definition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pathway.cli import main
from pathway.engine.view import View
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.language.uses import Element, Sort, Uses
from tests.tui.hostile import hostile_demo
from tests.tui.scenes import SIZES, SMALL, WIDE, Scene, at_the_screen, played, shown
from tests.tui.support import DEMO, EngineSession, demo
from tui.browsing.app import BrowserApp
from tui.browsing.book import Book
from tui.browsing.catalogue import Entry, Group, catalogue, folded_rows, hit_rows, searchable
from tui.browsing.pages import page_of
from tui.browsing.row_list import RowList
from tui.browsing.screen import BrowserScreen
from tui.lines import unbroken
from tui.presenting import NOT_AN_ORDER


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal_leptomeningeal_infection"))


@pytest.fixture(scope="module")
def view(flagship: Definition) -> View:
    """A case on the flagship in which some facts are known."""
    session = EngineSession(flagship, label="bed 7")
    session.enter(facts={"leptomeningitis_suspected": "true", "inr": "1.6"})
    return session.view


@pytest.fixture(scope="module")
def book(flagship: Definition) -> Book:
    return Book(flagship)


def browse(definition: Definition, scene: Scene, size: tuple[int, int] = SMALL) -> BrowserApp:
    """Play a scene in the browser as an application of its own."""
    return played(BrowserApp(definition), scene, size)


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def write(pilot: Pilot[None], text: str) -> None:
    await press(pilot, *("space" if character == " " else character for character in text))


def browser(pilot: Pilot[None]) -> BrowserScreen:
    screen = pilot.app.screen
    assert isinstance(screen, BrowserScreen)
    return screen


def page(pilot: Pilot[None]) -> RowList:
    return browser(pilot).query_one("#browse-page", RowList)


def listed(pilot: Pilot[None]) -> RowList:
    return browser(pilot).query_one("#browse-list", RowList)


def one_of_each_sort(entries: Sequence[Entry]) -> list[Entry]:
    return list({entry.element.sort: entry for entry in entries}.values())


def words(book: Book, element: Element) -> str:
    """All words of a page."""
    return "\n".join(row.line.plain for row in page_of(book, element).rows)


async def go_to(pilot: Pilot[None], key: object) -> None:
    """Move down to the row of the page that leads there, and open it."""
    for _ in range(200):
        if page(pilot).highlighted_key == key:
            break
        page(pilot).action_move(1)
    assert page(pilot).highlighted_key == key
    await press(pilot, "enter")


# --- finding ----------------------------------------------------------------------------------------
@SIZES
def test_where_the_inr_is_used_is_a_search_and_an_enter_away(
    flagship: Definition, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", "i", "n", "r", "enter", "enter")
        assert browser(pilot).element == Element(Sort.FACT, "inr")
        leads = {row.key for row in page(pilot).rows}
        users = {use.by for use in Uses(flagship).everywhere(Element(Sort.FACT, "inr"))}
        assert users <= leads
        assert len(users) > 5
        await go_to(pilot, Element(Sort.SAFEGUARD, "lp_inr"))
        assert browser(pilot).element == Element(Sort.SAFEGUARD, "lp_inr")
        assert "inr > 1.4" in shown(pilot)

    browse(flagship, scene, size)


@SIZES
def test_backspace_goes_back_through_what_was_visited(flagship: Definition, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"inr", "enter", "enter")
        await go_to(pilot, Element(Sort.SAFEGUARD, "lp_inr"))
        await go_to(pilot, Element(Sort.ACTION, "lumbar_puncture"))
        assert browser(pilot).element == Element(Sort.ACTION, "lumbar_puncture")
        await press(pilot, "backspace")
        assert browser(pilot).element == Element(Sort.SAFEGUARD, "lp_inr")
        assert page(pilot).highlighted_key == Element(Sort.ACTION, "lumbar_puncture")
        await press(pilot, "backspace")
        assert browser(pilot).element == Element(Sort.FACT, "inr")
        await press(pilot, "backspace")
        assert pilot.app.focused is listed(pilot)
        assert "Facts (2)" in shown(pilot)

    browse(flagship, scene, size)


def test_keys_typed_in_one_go_do_what_they_would_do_one_by_one(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for key in ("slash", *"inr", "enter", "enter", "2", "enter"):
            pilot.app.simulate_key(key)
        await pilot.pause(0.3)
        assert browser(pilot).element == Element(Sort.SOURCE, "S91")

    browse(flagship, scene)


def test_a_search_looks_at_names_titles_texts_guards_and_source_ids(book: Book) -> None:
    entries = searchable(book, catalogue(book))

    def found(query: str) -> set[Element]:
        return {row.key for row in hit_rows(book, entries, query) if isinstance(row.key, Element)}

    assert Element(Sort.FACT, "platelet_count") in found("platelet_count")
    assert Element(Sort.FACT, "platelet_count") in found("what is the platelet")
    assert Element(Sort.STATE, "care.workup") in found("whole spine")
    assert Element(Sort.SAFEGUARD, "lp_inr") in found("inr > 1.4")
    assert {Element(Sort.SOURCE, "S91"), Element(Sort.SAFEGUARD, "lp_inr")} <= found("s91")
    assert found("no such thing at all") == set()


def test_hits_are_grouped_and_the_very_name_comes_first(book: Book) -> None:
    rows = hit_rows(book, searchable(book, catalogue(book)), "INR")
    assert rows[0].line.plain == "Facts (2)"
    assert rows[0].key is None
    assert rows[1].key == Element(Sort.FACT, "inr")
    assert {"Safeguards (1)", "Claims (1)"} <= {row.line.plain for row in rows if row.key is None}


def test_a_search_that_finds_nothing_says_so_and_escape_shows_everything_again(
    flagship: Definition,
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"zzzz")
        assert "Nothing in the pathway contains that." in shown(pilot)
        await press(pilot, "escape")
        assert "Facts (153)" in shown(pilot)

    browse(flagship, scene)


def test_letters_that_are_keys_elsewhere_are_text_in_the_search(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", "q", "backspace", "q", "slash")
        assert browser(pilot)._search.value == "q/"

    browse(flagship, scene)


# --- what is there ----------------------------------------------------------------------------------
def test_everything_in_the_definition_is_in_the_list(flagship: Definition, book: Book) -> None:
    rows = folded_rows(book, catalogue(book), frozenset(Sort))
    there = [row.key for row in rows if isinstance(row.key, Element)]
    states = sum(len(track.states) for track in flagship.tracks.values())
    held = (
        flagship.phases, flagship.tracks, flagship.facts, flagship.actions, flagship.safeguards,
        flagship.notices, flagship.claims, flagship.sources,
    )  # fmt: skip
    assert len(there) == len(set(there)) == states + sum(len(one) for one in held)


def test_every_page_of_the_flagship_opens_and_leads_only_to_pages_that_exist(
    flagship: Definition, view: View
) -> None:
    for held in (Book(flagship), Book(flagship, view)):
        elements = {entry.element for entry in catalogue(held)}
        for element in elements:
            rows = page_of(held, element).rows
            assert held.title(element) in rows[0].line.plain
            assert {row.key for row in rows if row.key is not None} <= elements


def test_elements_of_every_sort_are_drawn_without_an_error(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for entry in one_of_each_sort(catalogue(Book(flagship))):
            browser(pilot).visit(entry.element)
            await pilot.pause(0)
            assert page(pilot).rows[0].line.plain[:30] in shown(pilot)

    browse(flagship, scene, WIDE)


def test_a_state_says_what_it_asks_calls_for_and_leads_to(book: Book) -> None:
    said = words(book, Element(Sort.STATE, "care.workup"))
    assert "care.yaml:" in said
    for part in (
        "What is the INR?",
        "Lumbar puncture with CSF analysis",
        "to 5. Testing the CSF",
        "S14 (article)",
    ):
        assert part in said


def test_a_safeguard_says_its_effect_what_unknown_does_and_who_may_override(
    flagship: Definition, book: Book
) -> None:
    guard = flagship.safeguards["lp_inr"]
    said = words(book, Element(Sort.SAFEGUARD, "lp_inr"))
    assert "TRUE blocks; UNKNOWN holds and asks; FALSE clears" in said
    assert f"may be overridden by: {guard.override}" in said
    for name, one in flagship.safeguards.items():
        if one.effect == "block" and one.override is None:
            assert "nobody can lift it" in words(book, Element(Sort.SAFEGUARD, name))


def test_a_source_is_shown_in_full_with_layer_grade_and_known_problem(
    flagship: Definition, book: Book
) -> None:
    for name, source in flagship.sources.items():
        said = words(book, Element(Sort.SOURCE, name))
        assert " ".join(source.text.split()) in " ".join(said.split())
        assert flagship.layers[source.layer] in said
        assert source.grade is None or f"grade {source.grade}" in said
        assert source.problem is None or "! KNOWN PROBLEM:" in said


def test_a_figure_that_is_no_order_never_looks_like_one(flagship: Definition, book: Book) -> None:
    for name, action in flagship.actions.items():
        rows = [row.line for row in page_of(book, Element(Sort.ACTION, name)).rows]
        doses = [line for line in rows if line.lead.startswith(unbroken("DOSE "))]
        marked = any(line.text.startswith(NOT_AN_ORDER) for line in rows)
        assert marked is not action.orderable
        assert len(doses) == (len(action.doses) if action.orderable else 0)


def test_a_dose_is_written_by_the_rules_of_doses() -> None:
    said = words(Book(demo()), Element(Sort.ACTION, "ceftriaxone_child"))
    assert "DOSE 100 mg/kg per day" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "at most 4 g per day" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "every 12 hours" in said


# --- beside a case ----------------------------------------------------------------------------------
def test_beside_a_case_states_facts_and_safeguards_say_how_they_stand(
    flagship: Definition, view: View
) -> None:
    held = Book(flagship, view)
    assert "In this case: ► here" in words(held, Element(Sort.STATE, "care.workup"))
    assert "× closed now, FALSE:" in words(held, Element(Sort.STATE, "care.not_suspected"))
    assert "In this case: 1.6" in words(held, Element(Sort.FACT, "inr"))
    assert "In this case: UNKNOWN" in words(held, Element(Sort.FACT, "platelet_count"))
    assert "blocks" in words(held, Element(Sort.SAFEGUARD, "lp_inr")).split("In this case")[1]
    rows = folded_rows(held, catalogue(held), frozenset(Sort))
    assert "INR: 1.6" in [row.line.plain.strip() for row in rows]


@SIZES
def test_in_the_list_a_long_title_gives_way_to_the_words_of_the_standing(
    flagship: Definition, view: View, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(BrowserScreen(flagship, view))
        await press(pilot, "down", "enter")
        rows = shown(pilot).splitlines()
        assert "possible" in next(row for row in rows if " 14. " in row)

    browse(flagship, scene, size)


def test_without_a_case_nothing_is_said_of_one(book: Book) -> None:
    for entry in catalogue(book):
        assert "In this case" not in words(book, entry.element)


@SIZES
def test_it_opens_from_the_screen_of_a_case_and_leaves_to_it(
    session: EngineSession, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        before = pilot.app.screen
        await press(pilot, "b")
        for part in ("TEST-014", "bed 7", "READ ONLY", "DRAFT: not approved for clinical use"):
            assert part in shown(pilot)
        await press(pilot, "r", "c", "u", "1")
        assert session.kinds() == ["case_opened"]
        await press(pilot, "q")
        assert pilot.app.screen is before

    at_the_screen(session, scene, size)


# --- the screen -------------------------------------------------------------------------------------
@SIZES
def test_the_status_of_an_unapproved_pathway_is_on_show_on_every_page(
    flagship: Definition, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        stamp = flagship.stamp or ""
        for keys in ((), ("slash", *"inr"), ("enter", "enter"), ("pagedown",), ("backspace",)):
            await press(pilot, *keys)
            assert stamp in shown(pilot).splitlines()[0]
            assert flagship.version in shown(pilot).splitlines()[0]

    browse(flagship, scene, size)


def test_a_small_window_shows_the_list_or_the_page_and_a_wide_one_both(flagship: Definition) -> None:
    async def small(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"inr", "enter", "enter")
        assert not listed(pilot).region
        await press(pilot, "tab")
        assert not page(pilot).region
        assert listed(pilot).region

    async def wide(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"inr", "enter", "enter")
        assert listed(pilot).region
        assert page(pilot).region
        assert pilot.app.focused is page(pilot)
        await press(pilot, "tab")
        assert pilot.app.focused is listed(pilot)

    browse(flagship, small, SMALL)
    browse(flagship, wide, WIDE)


@SIZES
def test_a_group_is_unfolded_and_folded_again_by_enter(flagship: Definition, size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "enter")
        assert listed(pilot).highlighted_key == Group(Sort.TRACK)
        assert "1. Is leptomeningeal disease" in shown(pilot)
        await press(pilot, "enter")
        assert "1. Is leptomeningeal disease" not in shown(pilot)

    browse(flagship, scene, size)


def test_every_row_of_a_long_page_can_be_reached_by_scrolling(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        browser(pilot).visit(Element(Sort.STATE, "care.workup"))
        await pilot.pause()
        seen = shown(pilot)
        while page(pilot).scroll_y < page(pilot).max_scroll_y:
            await press(pilot, "pagedown")
            seen += shown(pilot)
        flat = " ".join(seen.split())
        for row in page(pilot).rows:
            for word in row.line.plain.split():
                assert word in flat

    browse(flagship, scene)


def test_arrows_never_skip_text_that_was_not_on_show(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        browser(pilot).visit(Element(Sort.STATE, "care.workup"))
        await pilot.pause()
        rows = page(pilot)
        before = 0
        for _ in range(200):
            rows.action_move(1)
            assert rows.scroll_y <= before + rows.size.height
            before = rows.scroll_y
        assert rows.scroll_y == rows.max_scroll_y

    browse(flagship, scene)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10)])
def test_a_window_too_small_says_one_sentence_and_can_be_left(
    flagship: Definition, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        said = " ".join(shown(pilot).split())
        assert said == (
            f"This window is {size[0]}x{size[1]}. The pathway browser needs 80x24 or more. "
            "Enlarge it, or leave (q)."
        )
        await press(pilot, "q")

    assert browse(flagship, scene, size).return_code == 0


def test_leaving_the_browser_of_its_own_ends_it(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "q")

    assert browse(flagship, scene).return_code == 0


def test_a_click_opens_a_row(flagship: Definition) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"inr")
        await pilot.click("#browse-list", offset=(4, 1))
        await pilot.pause()
        assert browser(pilot).element == Element(Sort.FACT, "inr")

    browse(flagship, scene, WIDE)


@SIZES
def test_hostile_titles_and_texts_stay_words(size: tuple[int, int]) -> None:
    hostile = hostile_demo()

    async def scene(pilot: Pilot[None]) -> None:
        assert "[/b] [red]x" in shown(pilot)
        for entry in catalogue(Book(hostile)):
            browser(pilot).visit(entry.element)
            await pilot.pause(0)
            assert all(character.isprintable() or character == "\n" for character in shown(pilot))
        await press(pilot, "tab", "slash", *"red")
        assert "[/b] [red]x" in shown(pilot)

    browse(hostile, scene, size)


# --- the command ------------------------------------------------------------------------------------
def test_show_on_a_screen_needs_a_terminal_and_says_what_to_do_instead(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(DEMO, encoding="utf-8")
    assert main(["show", str(file), "--screen"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--screen: there is no full screen here" in said.err
    assert "line by line" in said.err
