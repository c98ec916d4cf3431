"""Screens that leave something to their subclasses cannot be shown by themselves."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from tui.abstract_screen import AbstractScreen
from tui.case_entries import CaseEntries
from tui.cases.opening_screen import OpeningScreen
from tui.cases.reading_screen import ReadingScreen
from tui.replaying.position_screen import PositionScreen


@pytest.mark.parametrize("kind", [CaseEntries, ReadingScreen, OpeningScreen, PositionScreen])
def test_a_screen_of_which_something_is_not_written_cannot_be_made(kind: type[Screen[None]]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        kind()


def test_a_screen_of_which_everything_is_written_can() -> None:
    assert isinstance(AbstractScreen(), Screen)
