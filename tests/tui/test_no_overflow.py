"""Nothing of a case is lost at 80x24: each string stands on the screen, or a mark says where the rest is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from pathway.engine.view import View, WarningView
from tests.tui.scenes import at_the_screen, flat, press, shown
from tests.tui.support import NOON, ScriptedSession, a_view, action, held_puncture, late_antibiotic, workup
from tests.tui.supposing import in_the_workup
from tui import case_keys
from tui.case_keys import PANELS
from tui.lines import MORE, all_wrapped
from tui.widgets.numbered import Numbered
from tui.widgets.panel import Panel

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)])
BOUND = {one.id: one.key for one in case_keys.KEYS if isinstance(one, Binding)}
KEYS = [(name, BOUND[binding]) for _, panels in PANELS for name, _, binding in panels]
LONG = "words that go on and on " * 12


def crowded() -> View:
    """A view with more of everything than any screen has room for."""
    warnings = tuple(
        WarningView(f"w{n}", ("high", "medium", "low")[n % 3], None, (), f"Warning {n} {LONG}", key=f"w{n}")
        for n in range(12)
    )
    actions = tuple(
        action(f"a{n}", f"Action {n} {LONG}", due=NOON + n * 600, urgency="ok", text=LONG) for n in range(12)
    )
    facts = tuple(replace(a_view().facts[0], fact=f"f{n}", label=f"fact {n} {LONG}") for n in range(20))
    ask = tuple(replace(need, ask=f"Question {LONG}") for need in a_view().needs)
    return a_view(
        label=LONG,
        warnings=warnings,
        actions=(*actions, late_antibiotic(), held_puncture()),
        facts=facts,
        needs=ask,
        tracks=(workup(),),
    )


def crowded_session() -> ScriptedSession:
    view = crowded()
    session = ScriptedSession(view)
    known = session.definition.actions["lumbar_puncture"]
    actions = {one.action: replace(known, name=one.action, title=one.title) for one in view.actions}
    facts = {
        one.fact: replace(session.definition.facts["remark"], name=one.fact, label=one.label)
        for one in view.facts
    }
    session.definition = replace(
        session.definition,
        actions={**session.definition.actions, **actions},
        facts={**session.definition.facts, **facts},
    )
    return session


@SIZES
def test_each_panel_shows_all_its_lines_or_a_scroll_bar(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for name, key in KEYS:
            await press(pilot, key)
            panel = pilot.app.screen.query_one(f"#panel-{name}", Panel)
            seen = flat(
                "\n".join(
                    row[panel.region.x : panel.region.right]
                    for row in shown(pilot).splitlines()[panel.region.y : panel.region.bottom]
                )
            )
            lines = all_wrapped(panel.lines, panel.content_size.width)
            hidden = [line.plain for line in lines if flat(line.plain) not in seen]
            assert not hidden or panel.show_vertical_scrollbar, (name, hidden[:3])

    at_the_screen(crowded_session(), scene, size)


@SIZES
def test_the_end_of_a_long_panel_is_reached_with_the_page_key(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for name, key in KEYS:
            await press(pilot, key, key)
            panel = pilot.app.screen.query_one(f"#panel-{name}", Panel)
            for _ in range(60):
                await pilot.press("pagedown")
                await pilot.pause()
                if panel.scroll_offset.y >= panel.max_scroll_y:
                    break
            last = next(line for line in reversed(panel.lines) if line.plain.strip())
            tail = all_wrapped([last], panel.content_size.width)[-1].plain
            assert flat(tail) in flat(shown(pilot)), name

    at_the_screen(crowded_session(), scene, size)


@SIZES
def test_what_the_top_has_no_room_for_is_counted_or_marked(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()
        assert "DRAFT: not approved for clinical use" in rows[1]
        assert rows[0].startswith(" words")
        assert " TEST-014 " in rows[0]
        assert MORE in rows[0]
        assert "more (!)" in rows[4]
        assert "more (t)" in rows[5]
        assert all(len(row) <= size[0] for row in rows)

    at_the_screen(crowded_session(), scene, size)


@SIZES
def test_the_answers_scroll_to_the_last_one(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        answers = pilot.app.screen.query_one("#choices", Numbered)
        assert answers.show_vertical_scrollbar
        for _ in answers.rows:
            await pilot.press("down")
        await pilot.pause()
        assert "Missing:" in flat(shown(pilot))

    at_the_screen(crowded_session(), scene, size)


@SIZES
def test_a_form_shows_its_whole_question_and_says_when_there_is_more_above(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        answers = pilot.app.screen.query_one("#choices", Numbered)
        for _ in answers.rows[1:]:
            await pilot.press("down")
        await press(pilot, "up", "enter")
        text = flat(shown(pilot))
        about = pilot.app.screen.query_one(".about")
        assert "The part above goes on further down (PgDn)" in text or not about.max_scroll_y
        await press(pilot, *["pagedown"] * 8)
        assert about.scroll_offset.y == about.max_scroll_y

    at_the_screen(crowded_session(), scene, size)


@SIZES
def test_a_long_message_is_counted(size: tuple[int, int]) -> None:
    session = in_the_workup()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n")
        pilot.app.screen.query_one(Input).value = "x" * 400  # as if pasted
        await pilot.pause()
        await press(pilot, "enter")
        text = shown(pilot)
        assert "more (a, !)" in text or "x" * 20 in text
        assert all(len(row) <= size[0] for row in text.splitlines())

    at_the_screen(session, scene, size)
