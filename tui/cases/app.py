"""The application around the list of cases: cases are opened from it, and leaving one leads back to it."""

from __future__ import annotations

from tui.app import PathwayApp
from tui.cases.cases_screen import CasesScreen
from tui.cases.opening_screen import Saver
from tui.session import Clock, Desk
from tui.settings import Settings


class CasesApp(PathwayApp):
    """Shows the cases of a desk. Everything entered in one is kept before its screen changes."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        by: str,
        settings: Settings | None = None,
        saver: Saver | None = None,
    ) -> None:
        super().__init__(settings)
        self._saver = saver
        self._desk = desk
        self._clock = clock
        self._by = by

    def on_mount(self) -> None:
        self.push_screen(CasesScreen(self._desk, self._clock, self._by, self._saver))

    def farewell(self) -> str:
        return f"Everything recorded is kept in {self._desk.place}."

    async def action_quit(self) -> None:
        """From a case back to the list, from the list out; there is nothing left to save."""
        if isinstance(self.screen, CasesScreen) or not any(
            isinstance(screen, CasesScreen) for screen in self.screen_stack
        ):
            await super().action_quit()
            return
        while not isinstance(self.screen, CasesScreen):
            await self.pop_screen()


def run_cases(
    desk: Desk, clock: Clock, by: str, settings: Settings | None = None, saver: Saver | None = None
) -> None:
    """Show the cases until the user leaves; needs a terminal of 80x24 or more.

    `saver` gives what saves the hand-overs of a pathway's cases; without it none is offered.
    """
    CasesApp(desk, clock, by, settings, saver).run()
