"""The applications on a full screen: what they share, and the one around a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import constants, events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.events import ScreenSuspend
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Input

from tui.box_screen import BoxScreen
from tui.case_screen import CaseScreen
from tui.collecting import spare
from tui.doings import doings
from tui.entry_screen import EntryScreen
from tui.help_screen import HelpScreen, NoticeScreen
from tui.kept_ahead import KeptAhead, blank, open_box
from tui.keymap import every_binding, judged, key_at
from tui.palette import PaletteScreen, commands
from tui.pick_screen import PickScreen
from tui.session import CaseSession, Clock
from tui.settings import Settings
from tui.sitting import Sitting
from tui.staying_screen import StayingScreen
from tui.themes import THEMES, AsciiOnly
from tui.window import HEIGHT, WIDE, WIDTH

if TYPE_CHECKING:
    from tui.handover_screen import Save


class PathwayApp(App[None], inherit_bindings=False):
    """What every application here shares: themes, settings, rebindable keys, help, command palette, ASCII.

    A subclass pushes its first screen in an `on_mount` of its own; this one runs after it and lays the
    notices about the user's settings on top. Its screens give each Binding an id (`replay.next`) and a
    description, end with `Keys()`, and bring their styles in their own `CSS`, written with the themes'
    variables: `$ground $words $box $field $hint $rule`.
    """

    CSS_PATH = Path(__file__).with_name("pathway.tcss")  # as a path: subclasses live in other folders
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "palette", "Commands by name, themes", show=False, id="app.palette", priority=True),
        Binding("question_mark", "help", "Help", show=False, id="app.help"),
        Binding("q", "quit", "Quit", show=False, id="app.leave"),
        Binding("ctrl+c", "say_how_to_leave", show=False, id="app.in_doubt"),
    ]

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.kept_ahead = KeptAhead(self)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-thin"), (WIDTH, "-normal"), (WIDE, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (HEIGHT, "-tall")]
        self.settings = settings or Settings()
        self.own_keys: Mapping[str, str] = {}
        self._ascii = [AsciiOnly()] if self.settings.ascii else []
        self._take_themes()
        self.animation_level = constants.TEXTUAL_ANIMATIONS if self.settings.animation else "none"

    def _take_themes(self) -> None:
        """Register the themes that were measured, and only those."""
        for name in self.available_themes:
            self.unregister_theme(name)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.settings.theme

    def on_mount(self) -> None:
        """Runs after the `on_mount` of the subclass."""
        notices = [*self.settings.notices, *self._take_keys()]
        if notices:
            self.call_next(self._tell, notices)
        if not self.is_headless:  # a program that has many of these one after the other keeps none of them
            spare()
            self.call_after_refresh(spare)
            self.call_after_refresh(self.kept_ahead.keep, EntryScreen, PickScreen, HelpScreen, PaletteScreen)

    async def _tell(self, notices: Sequence[str]) -> None:
        box = await blank(self, NoticeScreen)
        box.tell(notices)
        await open_box(self, box)

    def _take_keys(self) -> list[str]:
        """Bind the user's own keys; what cannot be bound is told and keeps its default."""
        if not self.settings.keys:
            return []
        where = str(self.settings.file or "settings")
        self.own_keys, notices = judged(self.settings.keys, every_binding(), where)
        self.set_keymap(self.own_keys)
        return notices

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self._ascii]

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.kept_ahead.give_way()
        await super().on_event(event)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Nothing blinks."""
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    def pop_screen(self) -> AwaitComplete:
        box = self.screen
        done = super().pop_screen()
        if isinstance(box, BoxScreen) and isinstance(self.screen, StayingScreen):
            self.screen.uncover(box.left_to_paint())
        return done

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Remove a box; what is behind it paints what it leaves, and no more."""
        if not isinstance(screen, BoxScreen):
            return await super()._replace_screen(screen)
        screen.post_message(ScreenSuspend())
        self.capture_mouse(None)
        await self._prune(screen)
        return screen

    async def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            found = doings(self.screen)
            box = await blank(self, HelpScreen)
            box.tell(found)
            await open_box(self, box)

    async def action_palette(self) -> None:
        if not isinstance(self.screen, PaletteScreen):
            found = commands(self, self.screen)
            box = await blank(self, PaletteScreen)
            box.offer(found)
            await open_box(self, box)

    def action_say_how_to_leave(self) -> None:
        words = f"{key_at(self, 'app.leave')} leaves; where a box is open, go back from it first."
        self.notify(words, timeout=5, markup=False)

    def farewell(self) -> str:
        """What is said in the terminal after leaving; empty for nothing."""
        return ""

    async def action_quit(self) -> None:
        """Leave; there is nothing left to save."""
        self.exit(message=Text(words) if (words := self.farewell()) else None)


class CaseApp(PathwayApp):
    """Shows one case. Everything entered is kept before the screen changes, so leaving loses nothing."""

    def __init__(
        self,
        session: CaseSession,
        clock: Clock,
        by: str,
        settings: Settings | None = None,
        save: Save | None = None,
    ) -> None:
        super().__init__(settings)
        self._sitting = Sitting(session, clock, by)
        self._save = save

    def on_mount(self) -> None:
        self.push_screen(CaseScreen(self._sitting, self._save))

    def farewell(self) -> str:
        return f"Case {self._sitting.session.case_id}: everything recorded is kept."


def run_app(
    session: CaseSession,
    clock: Clock,
    by: str,
    settings: Settings | None = None,
    save: Save | None = None,
) -> None:
    """Step the case on a full screen until the user leaves; needs a terminal of 80x24 or more.

    `save` writes a hand-over into a folder; without it none is offered.
    """
    CaseApp(session, clock, by, settings, save).run()
