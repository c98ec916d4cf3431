"""The pathway browser as an application of its own, without a case."""

from __future__ import annotations

from pathway.language.definition import Definition
from tui.app import PathwayApp
from tui.browsing.screen import BrowserScreen
from tui.settings import Settings


class BrowserApp(PathwayApp):
    """Shows one pathway until the user leaves."""

    def __init__(self, definition: Definition, settings: Settings | None = None) -> None:
        super().__init__(settings)
        self._definition = definition

    def on_mount(self) -> None:
        self.push_screen(BrowserScreen(self._definition), self._leave)

    def _leave(self, _: None) -> None:
        self.exit()


def run_browser(definition: Definition, settings: Settings | None = None) -> None:
    """Browse a pathway on a full screen; needs a terminal of 80x24 or more."""
    BrowserApp(definition, settings).run()
