"""The Textual application around a case."""

from __future__ import annotations

from rich.text import Text
from textual.app import App

from tui.case_screen import CaseScreen
from tui.session import CaseSession, Clock
from tui.sitting import Sitting
from tui.window import HEIGHT, WIDE, WIDTH


class CaseApp(App[None]):
    """Shows one case. Everything entered is kept before the screen changes, so leaving loses nothing."""

    CSS_PATH = "pathway.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, session: CaseSession, clock: Clock, by: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.HORIZONTAL_BREAKPOINTS = [(0, "-thin"), (WIDTH, "-normal"), (WIDE, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (HEIGHT, "-tall")]
        self._sitting = Sitting(session, clock, by)

    def on_mount(self) -> None:
        self.push_screen(CaseScreen(self._sitting))

    async def action_quit(self) -> None:
        """Leave; there is nothing left to save."""
        self.exit(message=Text(f"Case {self._sitting.session.case_id}: everything recorded is kept."))


def run_app(session: CaseSession, clock: Clock, by: str) -> None:
    """Step the case on a full screen until the user leaves; needs a terminal of 80x24 or more."""
    CaseApp(session, clock, by).run()
