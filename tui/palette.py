"""The command palette: everything a screen can do, by name, with its key; and the themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen

from tui.doings import Doing, doings
from tui.lines import Line
from tui.pick_screen import PickScreen
from tui.themes import NAMES
from tui.widgets.numbered import Row

TITLE = "Commands of this screen"


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name. `words` are shown as they are and never read as markup."""

    words: str
    do: Callable[[], Awaitable[None]]
    keys: str = ""


@runtime_checkable
class HasCommands(Protocol):
    """A screen that offers more by name than it has keys for, as each fact that can be recorded."""

    def more_commands(self) -> Sequence[Command]: ...


class PaletteScreen(PickScreen):
    """Typing narrows the commands; Enter does the one that is chosen, on the screen below."""

    def offer(self, commands: Sequence[Command]) -> None:
        """Let one of the commands be chosen."""
        rows = [Row(index, Line(one.words, one.keys)) for index, one in enumerate(commands)]

        async def do(index: int) -> None:
            await commands[index].do()

        self.ask(TITLE, rows, do, has_filter=True)


def commands(app: App[None], screen: Screen[Any]) -> list[Command]:
    """What the palette lists for a screen: what its keys do, what it offers beside them, and the themes."""
    found = [_of_key(app, one) for one in doings(screen) if not one.is_digit]
    more = list(screen.more_commands()) if isinstance(screen, HasCommands) else []
    return [*found, *more, *(_theme(app, name) for name in NAMES)]


def _of_key(app: App[None], one: Doing) -> Command:
    async def do() -> None:
        await app.run_action(one.action, one.node)

    return Command(one.about or one.words, do, one.keys)


def _theme(app: App[None], name: str) -> Command:
    words = f"Theme: {name.replace('-', ' ')}{' (now)' if app.theme == name else ''}"
    return Command(words, partial(_take_theme, app, name))


async def _take_theme(app: App[None], name: str) -> None:
    app.theme = name
