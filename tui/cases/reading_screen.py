"""What reads the cases behind their list: a thread that tells the screen of each turn, and stops with it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.worker import Worker, get_current_worker

from tui.abstract_screen import AbstractScreen
from tui.cases.agenda import Agenda
from tui.session import Clock, Desk, DeskError, ListedCase


class ReadingScreen(AbstractScreen):
    """Knows all cases, little by little; a subclass shows them."""

    @dataclass
    class Scanned(Message):
        """The files of the store."""

        cases: Sequence[ListedCase]

    @dataclass
    class Found(Message):
        """Some cases, read further."""

        cases: Sequence[ListedCase]

    @dataclass
    class Unlistable(Message):
        """The store cannot be read, and why."""

        text: str

    def __init__(self, desk: Desk, clock: Clock) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._cases: dict[str, ListedCase] = {}
        self._is_listed: bool | None = None
        self._is_changed = False
        self._agenda = Agenda()
        self._reader: Worker[None] | None = None

    @abstractmethod
    def show_cases(self) -> None:
        """Other cases are there than before."""

    @abstractmethod
    def show_refusal(self, text: str) -> None:
        """The store cannot be read, and why."""

    def on_screen_resume(self) -> None:
        self._look()

    def on_screen_suspend(self) -> None:
        self._stop_reading()

    def on_unmount(self) -> None:
        self._stop_reading()

    def _look(self) -> None:
        """Look which cases there are, then read on."""
        if self.is_current and self.is_mounted:
            self._reader = self._read(self._desk, self._agenda, self._clock)

    def _stop_reading(self) -> None:
        if self._reader is not None:
            self._reader.cancel()

    @work(thread=True, exclusive=True, group="reading", exit_on_error=True)
    def _read(self, desk: Desk, agenda: Agenda, clock: Clock) -> None:
        worker = get_current_worker()
        try:
            cases = desk.cases()
        except DeskError as error:
            self.post_message(self.Unlistable(str(error)))
            return
        agenda.meet(cases)
        self.post_message(self.Scanned(cases))
        while not worker.is_cancelled:
            taken, is_whole = agenda.take()
            if not taken:
                return
            found: list[ListedCase] = []
            for one in taken:
                if worker.is_cancelled:
                    return
                found.append(desk.with_standing(one, clock()) if is_whole else desk.with_head(one))
            if not is_whole:
                agenda.again(one for one in found if not one.is_read)
            agenda.done(found)
            self.post_message(self.Found(found))

    @on(Scanned)
    def _scanned(self, message: Scanned) -> None:
        """What was read stays where its file is the same as it was."""
        known, self._is_listed = self._cases, True
        self._cases = {one.key: _kept(known.get(one.key), one) for one in message.cases}
        self.show_cases()

    @on(Found)
    def _found(self, message: Found) -> None:
        for one in message.cases:
            before = self._cases.get(one.key)
            if before is not None and before.mark == one.mark:
                self._cases[one.key] = one
                self._is_changed = True

    @on(Unlistable)
    def _unlistable(self, message: Unlistable) -> None:
        """Nothing of an older look at the folder is left standing as if it were so now."""
        self._cases, self._is_listed = {}, False
        self._agenda.meet(())
        self.show_refusal(message.text)


def _kept(before: ListedCase | None, now: ListedCase) -> ListedCase:
    return before if before is not None and before.mark == now.mark else now
