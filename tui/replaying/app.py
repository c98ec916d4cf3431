"""The application around a replay."""

from __future__ import annotations

from collections.abc import Callable

from tui.app import PathwayApp
from tui.replaying.recording import Recording
from tui.replaying.screen import ReplayScreen
from tui.settings import Settings


class ReplayApp(PathwayApp):
    """Shows one log, read only. `pace` gives the milliseconds of a steady clock, for playing alone."""

    def __init__(
        self,
        recording: Recording,
        pace: Callable[[], int],
        settings: Settings | None = None,
        beat: float = 0.2,
    ) -> None:
        super().__init__(settings)
        self._first = ReplayScreen(recording, pace, beat)

    def on_mount(self) -> None:
        self.push_screen(self._first)

    def farewell(self) -> str:
        return f"Log of the case {self._first.recording.log.header.case}: it was only read."


def run_replay(recording: Recording, pace: Callable[[], int], settings: Settings | None = None) -> None:
    """Show the log on a full screen until the user leaves; needs a terminal of 80x24 or more."""
    ReplayApp(recording, pace, settings).run()
