"""What is painted of a screen: what has changed, all of it and little more."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from pathway.engine.view import WarningView
from tests.tui.scenes import SMALL, WIDE, at_the_screen, press
from tests.tui.support import NOON, EngineSession, ScriptedSession, a_view
from tests.tui.terminal import Watched
from tui.case_screen import CaseScreen
from tui.widgets.numbered import Numbered
from tui.widgets.panel import Panel

WARNINGS = tuple(WarningView(f"w{n}", "low", None, (), f"Warning number {n}") for n in range(60))


def test_another_panel_with_the_focus_sends_titles_and_not_panels() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "w")
        terminal = Watched(pilot.app)
        for key, name in (("m", "missing"), ("f", "facts"), ("w", "why")):
            await press(pilot, key)
            await pilot.pause(0.02)
            assert pilot.app.focused is pilot.app.screen.query_one(f"#panel-{name}")
            assert (
                0 < terminal.count() <= 2 * max(one.size.width + 3 for one in pilot.app.screen.query(Panel))
            )

    at_the_screen(EngineSession(), scene, WIDE)


def test_another_answer_sends_the_two_lines_that_change_and_its_why() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "backspace")
        terminal = Watched(pilot.app)
        await press(pilot, "1")
        await pilot.pause(0.02)
        why, answers = pilot.app.screen.query_one("#panel-why"), pilot.app.screen.query_one(Numbered)
        assert 0 < terminal.count() < why.outer_size.area + 4 * answers.outer_size.width

    at_the_screen(EngineSession(), scene, WIDE)


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_what_is_scrolled_and_laid_out_in_turns_stands_where_it_belongs(size: tuple[int, int]) -> None:
    """A place that was painted is told from one that was only reckoned with."""

    async def scene(pilot: Pilot[None]) -> None:
        terminal = Watched(pilot.app)
        screen = pilot.app.screen
        assert isinstance(screen, CaseScreen)
        screen.refresh()
        await press(pilot, "exclamation_mark")
        panel = screen.query_one("#panel-warnings", Panel)
        for at, is_laid_out in ((7, False), (20, False), (0, True), (7, False), (0, True)):
            panel.scroll_to(y=at, animate=False, immediate=True)
            assert screen._compositor.full_map  # reckoned anew before it is painted
            if is_laid_out:
                screen.query_one("#remark").refresh(layout=True, repaint=False)
            await pilot.pause(0.02)
            assert panel.scroll_y == at
            assert terminal.wrong() == [], at

    at_the_screen(ScriptedSession(a_view(warnings=WARNINGS)), scene, size, [NOON])
