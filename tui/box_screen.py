"""A box over a screen that stays in sight and up to date behind it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import cast

from rich.console import RenderableType
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class BoxScreen(ModalScreen[None]):
    """What every box in front of a screen is; its background is transparent.

    The screen behind is taken over line by line as it is drawn, which takes a fraction of the time of sending
    it through the console again; opening a box draws it more than once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._opening = ExitStack()

    def on_mount(self) -> None:
        """Nothing is painted until the box is laid out: else an empty screen would be, twice."""
        self._opening.enter_context(self.app.batch_update())
        self.call_later(self.call_later, self._opening.close)  # after the first resize

    def on_unmount(self) -> None:
        self._opening.close()

    def render(self) -> RenderableType:
        found = super().render()
        if isinstance(found, BackgroundScreen) and found.color.a == 0:
            return cast(RenderableType, Behind(found.screen))  # a widget may render either kind
        return found


class Behind(Visual):
    """A screen as it stands, without what the mouse could act on."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return [strip.discard_meta() for strip in self._screen._compositor.render_strips()]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._screen.size.height
