"""Two people at one case: each sees what the other records, and nobody records over what he has not seen."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pathway.cli.kept_case import KeptCase
from pathway.engine.batch import Batch, FactEntry
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import FactRecorded
from pathway.store.places import open_store
from pathway.store.port import StoreError
from pathway.store.session import Session
from tests.damaging import asked
from tests.tui.scenes import played, press, settled, shown
from tests.tui.support import NOON, demo
from tui.app import CaseApp
from tui.plain import run_plain
from tui.sitting import Sitting


class Two:
    """The same stored case taken up twice."""

    def __init__(self, folder: Path) -> None:
        self.place, self.recorded = folder, False
        store, compiled = open_store(folder, heads=False), compile_pathway(demo())
        self.mine, _ = Session.open_new(store, compiled, "V-1", at=NOON, by="ms", recorded_at=NOON)
        self.theirs = Session.resume(open_store(folder, heads=False), "V-1", compiled)

    def sitting(self) -> Sitting:
        return Sitting(KeptCase(self.mine, lambda: NOON), lambda: NOON, "ms")


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path / "store")


def suspected(session: Session, by: str, value: str = "true") -> None:
    session.commit(Batch(session.now, by, NOON, facts=(FactEntry("suspected", value),)))


def test_what_another_terminal_records_is_told_once_with_its_author(two: Two) -> None:
    sitting = two.sitting()
    assert sitting.news() is None
    suspected(two.theirs, "dr k")
    told = [line.plain for line in sitting.news() or ()]
    assert any("dr k" in line for line in told)
    assert sitting.news() is None
    suspected(two.mine, "ms", "false")
    assert sitting.news() is None, "what was entered here is no news"


def test_after_a_conflict_the_news_is_still_told(two: Two) -> None:
    sitting = two.sitting()
    suspected(two.theirs, "dr k")
    with pytest.raises(StoreError, match="someone else recorded in it"):
        suspected(two.mine, "ms", "false")
    suspected(two.mine, "ms", "false")
    told = [line.plain for line in sitting.news() or ()]
    assert any("dr k" in line for line in told)
    assert not any("ms:" in line for line in told)


def test_an_older_copy_in_the_place_of_the_store_is_no_news_but_an_alarm(two: Two) -> None:
    suspected(two.mine, "ms")
    asked(two.place, "DELETE FROM step WHERE number > 1")
    asked(two.place, "DELETE FROM line WHERE seq > 1")
    with pytest.raises(StoreError, match="an older copy is in its place"):
        two.sitting().news()


def test_the_line_mode_shows_the_news_before_anything_is_recorded_over_it(two: Two) -> None:
    class Typing(io.StringIO):
        """While this line is typed, somebody else records."""

        def readline(self, size: int | None = -1, /) -> str:
            line = super().readline()
            if "fact suspected no" in line and not two.recorded:
                two.recorded = True
                suspected(two.theirs, "dr k")
            return line

    output = io.StringIO()
    run_plain(
        KeptCase(two.mine, lambda: NOON), lambda: NOON, "ms", Typing("fact suspected no\nquit\n"), output
    )
    assert "Recorded meanwhile in another terminal" in output.getvalue()
    assert "Nothing done: look at what is new" in output.getvalue()
    kept = [event for event in two.theirs.store.load("V-1").events if isinstance(event, FactRecorded)]
    assert [(event.by, event.value) for event in kept] == [("dr k", "true")]


def test_the_screen_shows_the_news_within_a_second_but_never_behind_a_form(two: Two) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "1", "enter")
        suspected(two.theirs, "dr k")
        await asyncio.sleep(1.1)
        assert len(two.mine.events) < len(two.theirs.events), "a form is open"
        await press(pilot, "escape")
        await asyncio.sleep(1.1)
        await settled(pilot)
        assert two.mine.events == two.theirs.events
        assert "dr k" in shown(pilot)

    played(CaseApp(KeptCase(two.mine, lambda: NOON), lambda: NOON, "ms"), scene)
