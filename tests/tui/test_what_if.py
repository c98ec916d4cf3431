"""What if: a side view that shows the difference, and leaves nothing in the case, its log or its store."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pathway.engine.batch import Batch, DeedEntry, FactEntry, TakeEntry
from tests.tui.scenes import SIZES, WIDE, at_the_screen, flat, panel_text, press, settled, shown, write
from tests.tui.support import NOON, EngineSession
from tests.tui.supposing import StoredSession, in_the_workup
from tui.case_screen import CaseScreen
from tui.lines import Line
from tui.plain import run_plain
from tui.session import EntryError
from tui.what_if.screen import WhatIfScreen
from tui.what_if.supposed import BANNER, SupposedCase


def said(lines: list[Line]) -> str:
    return "\n".join(line.plain for line in lines)


def entry(**entries: object) -> Batch:
    return Batch(NOON, "ms", NOON, **entries)  # pyright: ignore[reportArgumentType]


@SIZES
def test_supposing_on_the_screen_leaves_the_store_as_it_was(tmp_path: Path, size: tuple[int, int]) -> None:
    session = StoredSession(tmp_path)
    session.commit(entry(facts=(FactEntry("suspected", "true"),)))
    session.commit(entry(take=(TakeEntry("care", "workup"),)))
    before, head = session.bytes_kept(), session.session.head

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert isinstance(pilot.app.screen, WhatIfScreen)
        assert BANNER in shown(pilot)
        await press(pilot, "r")
        await write(pilot, "platelet")
        await press(pilot, "1", "enter")
        await write(pilot, "30")
        assert "supposes: platelet_count = 30" in shown(pilot)
        await press(pilot, "enter", "enter")
        text = flat(shown(pilot))
        assert "supposed: platelet_count = 30 x10^9/L" in text
        assert "Lumbar puncture: blocked (really held)" in text
        await settled(pilot)
        await press(pilot, "2", "enter", "1", "enter", "enter", "enter")  # punctured: no second question here
        assert "Lumbar puncture DONE" in shown(pilot)
        assert BANNER in shown(pilot)
        await press(pilot, "x")
        assert isinstance(pilot.app.screen, CaseScreen)
        assert BANNER not in shown(pilot)

    at_the_screen(session, scene, size)
    assert session.bytes_kept() == before
    assert session.session.head == head
    assert session.view.done == ()


def test_a_wide_window_has_the_case_as_it_is_beside_the_case_as_supposed() -> None:
    now = [NOON]

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x", "r")
        await write(pilot, "platelet")
        await press(pilot, "1", "enter")
        await write(pilot, "30")
        await press(pilot, "enter", "enter")
        left, right = panel_text(pilot, "as-it-is"), panel_text(pilot, "supposed-actions")
        assert "The case as it is" in left
        assert "HELD" in left
        assert "BLOCKED" not in left
        assert "BLOCKED" in right
        assert pilot.app.screen.query_one("#panel-as-it-is").region.right <= 80
        assert pilot.app.screen.query_one("#panel-supposed-actions").region.x >= 80
        now[0] = NOON + 600
        await pilot.pause(1.3)
        for name in ("as-it-is", "supposed-actions"):
            assert "50 min left" in flat(panel_text(pilot, name)), name

    session = in_the_workup()
    at_the_screen(session, scene, WIDE, now=now)
    assert "time_passed" not in session.kinds()


def test_the_banner_stays_on_top_of_every_form_and_panel() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        for keys in (("a",), ("w",), ("d",), ("r",), ("escape", "1", "enter")):
            await press(pilot, *keys)
            assert shown(pilot).splitlines()[0].startswith(f" {BANNER}"), keys
            assert "DRAFT: not approved for clinical use" in shown(pilot).splitlines()[0]

    at_the_screen(in_the_workup(), scene)


def test_the_last_supposition_is_taken_back_and_never_a_real_entry() -> None:
    session = in_the_workup()
    before = list(session.events)

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x", "u")
        assert "Nothing is supposed yet, so nothing can be taken back." in flat(shown(pilot))
        await press(pilot, "r")
        await write(pilot, "weight")
        await press(pilot, "1", "enter")
        await write(pilot, "45")
        await press(pilot, "enter", "enter")
        assert "DOSE 4,000 mg per day" in flat(shown(pilot))
        await press(pilot, "u")
        assert "Nothing is supposed yet." in shown(pilot)
        assert "4,000 mg" not in shown(pilot)

    at_the_screen(session, scene)
    assert list(session.events) == before


def test_the_difference_names_places_doses_due_times_and_how_it_really_is() -> None:
    supposed = SupposedCase(in_the_workup())
    assert said(supposed.difference()) == "Nothing would change: no state, action, dose, due time or warning."
    supposed.commit(entry(facts=(FactEntry("platelet_count", "130"), FactEntry("weight_kg", "45"))))
    text = said(supposed.difference())
    assert "Lumbar puncture: recommended (really held)" in text
    assert "Ceftriaxone, child: DOSE 4,000 mg per day IV" in text
    supposed.commit(entry(done=(DeedEntry("lumbar_puncture"),)))
    assert "Care, to Finished: open (really" in said(supposed.difference())
    supposed.commit(entry(take=(TakeEntry("care", "finished"),)))
    assert "Care at 4. Finished (really 2. workup)" in said(supposed.difference()).replace("Workup", "workup")


def test_time_that_passes_is_no_difference() -> None:
    supposed = SupposedCase(in_the_workup())
    supposed.pass_time(NOON + 7200)
    assert "Nothing would change" in said(supposed.difference())


def test_a_refused_supposition_changes_nothing() -> None:
    supposed = SupposedCase(in_the_workup())
    with pytest.raises(EntryError, match="3000"):
        supposed.commit(entry(facts=(FactEntry("platelet_count", "4000"),)))
    assert supposed.batches == []


def test_a_case_that_cannot_be_forked_says_so(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        assert "cannot be forked here" in flat(shown(pilot))
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(session, scene)


def test_in_the_line_mode_the_store_stays_as_it_was(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    before = session.bytes_kept()
    output = io.StringIO()
    typed = io.StringIO("whatif suspected yes; platelet_count 30\nwhatif done lumbar_puncture\n")
    run_plain(session, lambda: NOON, "ms", typed, output)
    assert BANNER in output.getvalue()
    assert session.bytes_kept() == before
