"""The hand-over on the screen: read before it is given on, copied, or saved as Markdown and as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import Resize
from textual.message import Message
from textual.widgets import Input, Label, Static

from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.handover.content import Handover, HandoverError
from pathway.handover.handover import handover_of
from pathway.handover.markdown import markdown_of
from pathway.language.definition import Definition
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.presenting import case_title
from tui.staying_screen import StayingScreen
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar, LineView
from tui.window import HEIGHT, WIDTH, drained, is_too_small

Save: TypeAlias = Callable[[Handover, Path, bool], Sequence[Path]]
"""Writes the hand-over into a folder and returns the files. The last argument says whether files that are
there may be replaced; without it FileExistsError is raised. Raises OSError and HandoverError."""

COPIED = "Handed to the terminal to copy (OSC 52). It may refuse without a word: paste to see, or save with"
PRIVACY = "The files name the patient. Their names do not: they hold only the time."


class HandoverScreen(StayingScreen):
    """The Markdown of a hand-over, and what can be done with it. It enters nothing in the case."""

    CSS = """
    HandoverScreen #handover-stamp { background: #1F2A37; color: #FFFFFF; text-style: bold; }
    HandoverScreen #handover-text { height: 1fr; padding: 0 1; }
    HandoverScreen #handover-folder { height: 1; display: none; }
    HandoverScreen #handover-folder.-shown { display: block; }
    HandoverScreen #handover-folder Label { width: auto; text-style: bold; padding: 0 1; }
    HandoverScreen #handover-folder Input { width: 1fr; }
    HandoverScreen #handover-said { padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", show=False, id="handover.copy"),
        Binding("s", "ask_folder", "Save to a folder", show=False, id="handover.save"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="handover.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="handover.down"),
        Binding("enter", "save", "Save here", show=False, priority=True, id="handover.save_here"),
        Binding("escape,ctrl+g", "leave", "Step back", show=False, priority=True, id="handover.step_back"),
        Binding("backspace", "back", "Back", show=False, id="handover.back_too"),
        Binding("q", "back", "Back", show=False, id="handover.back"),
    ]

    @dataclass
    class Built(Message):
        """The hand-over is put together."""

        handover: Handover
        markdown: str

    @dataclass
    class Wrote(Message):
        """The files that were written."""

        files: tuple[Path, ...]

    @dataclass
    class IsThere(Message):
        """Nothing was written: there is such a file already."""

        file: str
        folder: Path

    @dataclass
    class Refused(Message):
        """Not everything was written, and why."""

        why: str

    def __init__(
        self,
        definition: Definition,
        view: View,
        events: Sequence[Event],
        now: int,
        save: Save,
        by: str,
    ) -> None:
        super().__init__()
        self._title = case_title(view)
        self._stamp = definition.stamp or "approved"
        self._save = save
        log = tuple(events)
        self._build = lambda: handover_of(definition, view, log, now, by)
        self.handover: Handover | None = None
        self.markdown = ""
        self._over: Path | None = None
        self.is_settled = False

    def compose(self) -> ComposeResult:
        yield Bar(id="handover-stamp")
        with VerticalScroll(id="handover-text"):
            yield Static("The hand-over is being put together.", id="handover-markdown", markup=False)
        with Horizontal(id="handover-folder"):
            yield Label("Folder", markup=False)
            keys = f"{self._key('save_here')} saves, {self._key('step_back')} goes back"
            yield Input(placeholder=f"a folder that is there; {keys}", compact=True)
        yield LineView(id="handover-said")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        self.query_one("#handover-stamp", Bar).show(f" Hand-over of {self._title}", f"{self._stamp} ")
        self.query_one(Input).disabled = True
        self._read_on()
        self._put_together()

    @work(thread=True)
    def _put_together(self) -> None:
        handover = self._build()
        self.post_message(self.Built(handover, markdown_of(handover)))

    @on(Built)
    def _built(self, message: Built) -> None:
        self.handover, self.markdown, self.is_settled = message.handover, message.markdown, True
        self.query_one("#handover-markdown", Static).update(message.markdown)

    def on_resize(self, event: Resize) -> None:
        here, needed = f"{event.size.width}x{event.size.height}", f"{WIDTH}x{HEIGHT}"
        mend = f"Enlarge it, or go back ({self._key('back')})"
        text = f"This window is {here}. A hand-over needs {needed} or more. {mend}."
        self.query_one("#small", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a folder is typed, letters are letters. A window too small to read in is only left."""
        is_typing = self._is_typing
        if action in ("copy", "ask_folder", "back", "page") and is_typing:
            return False
        if action == "save" and not is_typing:
            return False
        return action in ("back", "leave") or not is_too_small(self.app)

    @property
    def _is_typing(self) -> bool:
        return self.query_one("#handover-folder").has_class("-shown")

    def action_copy(self) -> None:
        """Hand the Markdown to the terminal; whether it took it, no terminal tells."""
        if self.handover is None:
            return
        self.app.copy_to_clipboard(self.markdown)
        self._say(Line(f"{COPIED} {self._key('save')}.", self._key("copy")))

    def action_page(self, direction: int) -> None:
        text = self.query_one("#handover-text", VerticalScroll)
        text.scroll_relative(y=direction * max(1, text.size.height - 1), animate=False)

    def action_back(self) -> None:
        self.app.pop_screen()

    def action_leave(self) -> None:
        """From the folder back to the text, from the text back to the case."""
        if not self._is_typing:
            self.app.pop_screen()
        elif self.is_settled:  # while files are being written, what came of it is not known yet
            self._read_on()
            self._say(Line("Nothing was saved."))

    def action_ask_folder(self) -> None:
        if not self.is_settled:
            return
        self.query_one("#handover-folder").add_class("-shown")
        box = self.query_one(Input)
        box.disabled = False
        self.set_focus(box)
        self._say(Line(PRIVACY))

    @on(Input.Changed)
    def _other_folder(self) -> None:
        """Leave to replace holds for the very folder in which it was asked for."""
        if self._over is not None and Path(self.query_one(Input).value.strip()).expanduser() != self._over:
            self._over = None
            self._say(Line(PRIVACY))

    async def action_save(self) -> None:
        """Save into the folder typed; a second Enter replaces files that are there."""
        box = self.query_one(Input)
        await drained(box)
        if not self.is_settled or self.handover is None:
            return
        typed = box.value.strip()
        folder = Path(typed).expanduser()
        if not typed or not folder.is_dir():
            what = f"{typed} is no folder that is there" if typed else "No folder was typed"
            self._say(Line(f"{what}. Nothing was saved. Type one, such as ~/Documents.", "!!", Tone.ALARM))
            return
        self.is_settled = False
        self._say(Line("Saving: the flowchart is being drawn."))
        self._write(self.handover, folder, folder == self._over)

    @work(thread=True, exclusive=True)
    def _write(self, handover: Handover, folder: Path, over: bool) -> None:
        try:
            files = tuple(self._save(handover, folder, over))
        except FileExistsError as error:
            self.post_message(self.IsThere(str(error.filename or folder), folder))
        except OSError as error:
            where = error.filename or folder
            self.post_message(
                self.Refused(f"Cannot write {where}: {error.strerror or error}. Choose another folder.")
            )
        except HandoverError as error:
            self.post_message(self.Refused(str(error)))
        else:
            self.post_message(self.Wrote(files))

    @on(Wrote)
    def _wrote(self, message: Wrote) -> None:
        self.is_settled, self._over = True, None
        self._read_on()
        self._say(*(Line(str(file), "saved", Tone.STRONG) for file in message.files))

    @on(IsThere)
    def _is_there(self, message: IsThere) -> None:
        self.is_settled, self._over = True, message.folder
        keys = f"{self._key('save_here')} replaces it, {self._key('step_back')} keeps it"
        text = f"{message.file} is there already. Nothing was saved. {keys}."
        self._say(Line(text, "! CAUTION", Tone.CAUTION))

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        self.is_settled = True
        self._say(Line(message.why, "!! NOT SAVED:", Tone.ALARM))

    def _read_on(self) -> None:
        """Back from the folder to the text."""
        self._over = None
        self.query_one("#handover-folder").remove_class("-shown")
        self.query_one(Input).disabled = True
        self.set_focus(self.query_one("#handover-text", VerticalScroll))

    def _key(self, name: str) -> str:
        return key_at(self, f"handover.{name}")

    def _say(self, *lines: Line) -> None:
        self.query_one("#handover-said", LineView).show(lines)
