"""One line to type for the replay: a time to go to, or words to find; nothing typed here is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tui.box_screen import BoxScreen
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.widgets.line_view import LineView
from tui.window import drained


class PromptScreen(BoxScreen):
    """Hands over what was typed and closes; where that is not taken, it says why and stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "dismiss", "Back", show=False, priority=True, id="replay_prompt.back"),
        Binding("enter", "take", "Go there", show=False, priority=True, id="replay_prompt.take"),
    ]
    CSS = """
    PromptScreen { background: transparent; align: center bottom; }
    PromptScreen LineView { height: auto; }
    """

    def __init__(self, title: str, forms: str, take: Callable[[str], str | None]) -> None:
        super().__init__()
        self._title = title
        self._forms = forms
        self._take = take

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self._title
            yield LineView(id="prompt-forms")
            yield Input(compact=True)
            yield LineView(id="prompt-trouble")

    def on_mount(self) -> None:
        take, back = key_at(self, "replay_prompt.take"), key_at(self, "replay_prompt.back")
        how = f"{take} goes there; with nothing typed it goes back, as {back} does."
        self.query_one("#prompt-forms", LineView).show([Line(f"{self._forms}. {how}")])
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _typing(self) -> None:
        self.query_one("#prompt-trouble", LineView).show([])

    async def action_take(self) -> None:
        box = self.query_one(Input)
        await drained(box)
        trouble = self._take(box.value) if box.value.strip() else None
        if trouble is None:
            self.dismiss()
        else:
            self.query_one("#prompt-trouble", LineView).show([Line(trouble, "Not found:", Tone.CAUTION)])
