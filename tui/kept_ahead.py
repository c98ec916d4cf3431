"""Boxes made before anybody asks for them: to make one takes longer than a key may."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import Any, Protocol, TypeVar, runtime_checkable

from textual.app import App
from textual.widget import AwaitMount

from tui.box_screen import BoxScreen
from tui.staying_screen import StayingScreen

PAUSE = 0.1  # seconds without a key before anything is made

Box = TypeVar("Box", bound=BoxScreen)


class KeptAhead:
    """One blank box of each kind. Each is opened once and thrown away: nothing of a question outlives it."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._kinds: tuple[type[BoxScreen], ...] = ()
        self._made: dict[type[BoxScreen], tuple[BoxScreen, str]] = {}
        self._is_making = False
        self._last_key = 0.0  # by the clock of the event loop

    def keep(self, *kinds: type[BoxScreen]) -> None:
        """From now on have one of each kind, and another when it has been taken."""
        self._kinds = kinds
        self._make_missing()

    def give_way(self) -> None:
        """Somebody types: what is not begun yet waits until they rest."""
        self._last_key = asyncio.get_running_loop().time()

    async def take(self, kind: type[Box]) -> Box:
        """A blank box, laid out and out of sight."""
        box, theme = self._made.pop(kind, (None, ""))
        self._make_missing()
        if isinstance(box, kind) and theme == self._app.theme:
            return box
        if box is not None:
            await box.remove()
        return await laid_out(self._app, kind())

    def _make_missing(self) -> None:
        if not self._is_making and self._missing():
            self._is_making = True
            self._app.run_worker(self._make(), group="boxes")

    async def _make(self) -> None:
        """One after the other and each in two parts, while nobody types: a key waits for one part at most."""
        while missing := self._missing():
            await self._rest()
            box, theme = missing[0](), self._app.theme
            await _mounted(self._app, box)
            await self._rest()
            box.lay_out()
            self._made[missing[0]] = box, theme
        self._is_making = False

    async def _rest(self) -> None:
        left = PAUSE
        while left > 0:
            await asyncio.sleep(left)
            left = self._last_key + PAUSE - asyncio.get_running_loop().time()

    def _missing(self) -> list[type[BoxScreen]]:
        return [kind for kind in self._kinds if kind not in self._made]


@runtime_checkable
class HasKeptAhead(Protocol):
    """An application that has boxes ready."""

    kept_ahead: KeptAhead


async def blank(app: App[Any], kind: type[Box]) -> Box:
    """A box of a kind that nothing has been put into; `open_box` shows it."""
    if isinstance(app, HasKeptAhead):
        return await app.kept_ahead.take(kind)
    return await laid_out(app, kind())


async def open_box(app: App[Any], box: BoxScreen) -> None:
    """Show a box in front of the screen that is shown now."""
    await laid_out(app, box)
    box.update_classes(_sizes(app))
    box.forget_changes()
    behind = app.screen
    with behind.painting_only() if isinstance(behind, StayingScreen) else nullcontext():
        app.push_screen(box)


async def laid_out(app: App[Any], box: Box) -> Box:
    """A box with all that stands on it, laid out for the window, out of sight."""
    if not box.is_running:
        await _mounted(app, box)
        box.lay_out()
    return box


async def _mounted(app: App[Any], box: BoxScreen) -> None:
    box.update_classes(_sizes(app))
    await AwaitMount(box, app._register(app, box))


def _sizes(app: App[Any]) -> dict[str, bool]:
    """Which kind of window it is, by the names that styles have for them."""
    kinds = [*(app.HORIZONTAL_BREAKPOINTS or ()), *(app.VERTICAL_BREAKPOINTS or ())]
    return {name: app.screen.has_class(name) for _, name in kinds}
