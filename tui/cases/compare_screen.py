"""The screen that compares a case on two versions of its pathway; it only reads."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import Static

from tui.cases.comparing import comparison_lines, side_names
from tui.cases.rows import NO_LABEL
from tui.session import Comparison
from tui.staying_screen import StayingScreen
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar
from tui.widgets.panel import Panel
from tui.window import HEIGHT, WIDTH, is_too_small


class CompareScreen(StayingScreen):
    """What the installed version would say of a case, beside what its own version says."""

    CSS = """
    CompareScreen #case-title { width: 100%; background: #1F2A37; color: #FFFFFF; }
    CompareScreen #versions { background: #2B3848; color: #FFFFFF; text-style: bold; }
    CompareScreen .panel, CompareScreen.-normal .panel { display: block; height: 1fr; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,v,ctrl+g", "dismiss", "Back to the list", show=False, id="compare.back"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="compare.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="compare.down"),
    ]

    def __init__(self, comparison: Comparison, now: int) -> None:
        super().__init__()
        self._comparison = comparison
        self._now = now

    def compose(self) -> ComposeResult:
        yield Bar(id="case-title")
        yield Bar(id="versions")
        yield Panel("comparison", "What differs", "compare.up", "compare.down")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        found = self._comparison
        before, after = side_names(found)
        definition = found.installed.definition
        self.query_one("#case-title", Bar).show(f" {found.case}  {found.label or NO_LABEL}", "READ ONLY ")
        stamp = f"{definition.stamp} " if definition.stamp is not None else ""
        self.query_one("#versions", Bar).show(f" begun on {before}; {after} is installed", stamp)
        panel = self.query_one("#panel-comparison", Panel)
        panel.show(comparison_lines(found, self._now))
        self.set_focus(panel)

    def on_resize(self, event: Resize) -> None:
        text = f"This window is {event.size.width}x{event.size.height}. {WIDTH}x{HEIGHT} or more is needed."
        self.query_one("#small", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action == "dismiss" or not is_too_small(self.app)

    def action_page(self, direction: int) -> None:
        panel = self.query_one("#panel-comparison", Panel)
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)
