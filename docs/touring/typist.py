"""Hands on the keys of the case screen: what is typed is kept, to be told beside the pictures."""

from __future__ import annotations

from collections.abc import Hashable

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from tui.case_screen import CaseScreen
from tui.choices import Kind
from tui.times import show_clock
from tui.widgets.numbered import Numbered

MOMENT = 0.1  # seconds between two looks at a screen that takes no keys yet
PATIENCE = 200  # looks before it is said that the screen does not answer


class StuckError(Exception):
    """A course cannot go on with keys; the message says which, where and why."""


class Typist:
    """Presses keys as a person does: looks for the number of a row, types it, and commits with Enter."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot
        self._typed: list[str] = []

    @property
    def screen(self) -> Screen[object]:
        """What is on top: the case, or a list or form over it."""
        return self._pilot.app.screen

    @property
    def case(self) -> CaseScreen:
        """The case screen. Raises StuckError while something lies over it."""
        if isinstance(self.screen, CaseScreen):
            return self.screen
        raise StuckError(f"The case screen was expected and {type(self.screen).__name__} is shown.")

    def typed(self) -> str:
        """The keys pressed since this was last asked, as a reader would press them again."""
        keys, self._typed = " ".join(self._typed), []
        return keys

    async def press(self, key: str, name: str) -> None:
        """One key; `name` is how it is printed."""
        self._typed.append(name)
        await self._pilot.press(key)

    async def enter(self) -> None:
        await self.press("enter", "Enter")

    async def write(self, text: str) -> None:
        """A number or a text, character by character; nothing where it is empty."""
        if text:
            self._typed.append(f"`{text}`")
            await self._pilot.press(*text)

    async def answer(self, text: str) -> None:
        """Fill the field that has the cursor, and go on."""
        await self.write(text)
        await self.enter()

    async def choose(self, key: Hashable) -> None:
        """Open a row of the list over the case by its number."""
        rows = self.screen.query_one("#picks", Numbered).rows
        await self.answer(str([row.key for row in rows].index(key) + 1))

    def number_of(self, kind: Kind, subject: str) -> int | None:
        """The number of an answer in the list of the case screen; None where it is not there."""
        keys = [choice.key for choice in self.case.choices()]
        return keys.index((kind, subject)) + 1 if (kind, subject) in keys else None

    async def insist(self) -> None:
        """Commit what a form shows once more: it takes the second Enter only after a moment to read."""
        asked = self.screen
        self._typed.append("Enter")
        for _ in range(PATIENCE):
            await self._pilot.pause(MOMENT)
            await self._pilot.press("enter")
            if self.screen is not asked:
                return
        raise StuckError("The second Enter does not record what the form shows.")

    async def still(self) -> None:
        """Wait until the list of the case takes keys again."""
        for _ in range(PATIENCE):
            if getattr(self.screen, "is_settled", True):
                await self._pilot.pause()
                return
            await self._pilot.pause(MOMENT)
        raise StuckError("The case screen takes no keys.")

    async def until(self, now: int) -> None:
        """Wait until the clock of the case shows the time, and what has changed by then is on the screen."""
        words = show_clock(now, self.case.view.timezone)
        for _ in range(PATIENCE):
            if words in str(self.screen.query_one("#clock", Static).render()):
                await self.still()
                return
            await self._pilot.pause(MOMENT)
        raise StuckError(f"The clock of the case does not show {words}.")
