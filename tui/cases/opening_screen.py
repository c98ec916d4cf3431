"""What opens, begins and compares cases from their list, in threads: the keys answer while a disk is slow."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.message import Message

from pathway.language.definition import Definition
from tui.case_screen import CaseScreen
from tui.cases.compare_screen import CompareScreen
from tui.cases.new_case_screen import NewCaseScreen
from tui.cases.reading_screen import ReadingScreen
from tui.handover_screen import Save
from tui.kept_ahead import blank, open_box
from tui.lines import Line, Tone
from tui.pick_screen import PickScreen, Then
from tui.session import Clock, Comparison, Desk, DeskError, ListedCase, Opened, PathwayEntry
from tui.sitting import Sitting
from tui.widgets.row import Row

Saver = Callable[[Definition], Save]


class OpeningScreen(ReadingScreen):
    """Does one thing at a time with a case; a subclass says which case, and tells what came of it."""

    @dataclass
    class Failed(Message):
        """Something could not be done, and why."""

        text: str

    @dataclass
    class Ready(Message):
        """A case that can be stepped now."""

        opened: Opened

    @dataclass
    class Compared(Message):
        comparison: Comparison

    def __init__(self, desk: Desk, clock: Clock, by: str, saver: Saver | None = None) -> None:
        super().__init__(desk, clock)
        self._saver = saver
        self._by = by
        self._wanted: str | None = None
        self._is_busy = False

    @property
    @abstractmethod
    def chosen(self) -> ListedCase | None:
        """The case that is highlighted."""

    @abstractmethod
    def say(self, lines: Sequence[Line]) -> None:
        """Tell what happens, near the keys."""

    def on_screen_resume(self) -> None:
        self._is_busy = False

    def open_chosen(self) -> None:
        """Step the highlighted case."""
        self._with_chosen("Opening", lambda case: self.Ready(self._desk.open(case)))

    def action_compare(self) -> None:
        self._with_chosen("Comparing", lambda case: self.Compared(self._desk.compare(case, self._clock())))

    async def action_new(self) -> None:
        await self._pick("A new case: of which pathway?", self._desk.pathways(), self._ask_new)

    async def action_demo(self) -> None:
        entries = [one for one in self._desk.pathways() if one.has_demo]
        await self._pick("The demo case of which pathway?", entries, self._take_demo)

    async def _pick(self, title: str, entries: Sequence[PathwayEntry], then: Then) -> None:
        rows = [
            Row(one, Line(f"{one.title}  {_stamp(one)}", f"{one.pathway}@{one.version}")) for one in entries
        ]
        box = await blank(self.app, PickScreen)
        box.ask(title, rows, then)
        await open_box(self.app, box)

    async def _ask_new(self, entry: PathwayEntry) -> None:
        await open_box(self.app, NewCaseScreen(self._desk, entry, self._begun))

    def _begun(self, opened: Opened) -> None:
        self._wanted = opened.session.case_id
        self.post_message(self.Ready(opened))

    async def _take_demo(self, entry: PathwayEntry) -> None:
        self._is_busy = True
        self._try(lambda: self.Ready(self._desk.open_demo(entry)))

    def _with_chosen(self, doing: str, work: Callable[[str], Message]) -> None:
        one = self.chosen
        if one is None:
            self.say([Line("Highlight a case first, with Up and Down.")])
        elif not self._is_busy:
            self._is_busy = True
            self.say([Line(f"{doing} {one.case} ...")])
            self._try(partial(work, one.case))

    @work(thread=True, group="opening")
    def _try(self, work: Callable[[], Message]) -> None:
        try:
            self.post_message(work())
        except DeskError as error:
            self.post_message(self.Failed(str(error)))

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        self._is_busy = False
        self.say([Line(message.text, "!!", Tone.ALARM)])

    @on(Ready)
    async def _ready(self, message: Ready) -> None:
        opened = message.opened
        self.say([])
        sitting = Sitting(opened.session, opened.clock or self._clock, self._by)
        save = None if self._saver is None else self._saver(sitting.definition)
        await self.app.push_screen(CaseScreen(sitting, save))

    @on(Compared)
    async def _compared(self, message: Compared) -> None:
        self.say([])
        await self.app.push_screen(CompareScreen(message.comparison, self._clock()))


def _stamp(entry: PathwayEntry) -> str:
    return f"*** {entry.stamp} ***" if entry.stamp is not None else ""
