"""The entries a clinician can make at a screen, and the lists and forms that lead to them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial

from pathway.engine.batch import Batch
from pathway.engine.view import TransitionView, View
from tui import offers
from tui.abstract_screen import AbstractScreen
from tui.acts import acts
from tui.changes import refusal_lines
from tui.choices import Choice, Kind, choices, find_way
from tui.entry_screen import RECORDING, EntryScreen, Wording
from tui.forms import Act, Form, take_form
from tui.kept_ahead import blank, open_box
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.palette import Command
from tui.pick_screen import PickScreen, Then
from tui.session import EntryError, StoreError
from tui.sitting import Sitting
from tui.widgets.numbered import Numbered, Row
from tui.window import SETTLE

CLOSED = "The case is closed: nothing more is entered."
REWORDED = 20  # seconds of the clock after which the times that are left are told anew


class CaseEntries(AbstractScreen):
    """What a screen of a case has in common; a subclass says what recording means, and shows messages."""

    wording: Wording = RECORDING

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._turn = sitting.now // REWORDED
        self.is_settled = True

    @property
    def view(self) -> View:
        return self._sitting.view

    def key(self, id: str) -> str:
        """The key in force of a binding of this screen, as it is printed."""
        return key_at(self, id)

    @abstractmethod
    def say(self, lines: Sequence[Line]) -> None:
        """Tell what happened, near the keys."""

    @abstractmethod
    def record(self, batch: Batch) -> None:
        """Enter a batch and show what it did. Raises EntryError or StoreError with nothing applied."""

    @abstractmethod
    def reword(self) -> None:
        """Tell anew what depends on the time: in the same places, and nothing that is being typed changes."""

    def tick(self) -> None:
        """Word the times anew when their turn has come; nothing is recorded."""
        turn = self._sitting.now // REWORDED
        if turn != self._turn:
            self._turn = turn
            self.reword()

    def choices(self) -> tuple[Choice, ...]:
        """The numbered answers now."""
        return choices(self._sitting.definition, self.view, self._sitting.now)

    def choice_rows(self) -> list[Row]:
        """The numbered answers now, each by its key."""
        return [Row(choice.key, choice.line) for choice in self.choices()]

    def unsettle(self) -> None:
        """Keys typed for the answers as they were commit nothing among the new ones."""
        self.is_settled = False
        self.set_timer(SETTLE, self._settle)

    def _settle(self) -> None:
        self.is_settled = True

    async def commit_highlighted(self) -> None:
        """Open or enter the highlighted answer, unless the list has only just changed."""
        answers = self.query_one("#choices", Numbered)
        key = answers.take_highlighted() if self.is_settled else None
        answers.forget_digits()
        choice = next((choice for choice in self.choices() if choice.key == key), None)
        if choice is not None:
            await self._open(choice)
        elif answers.trouble:
            self.say([Line(f"{answers.trouble}. Nothing is chosen.", tone=Tone.ALARM)])

    def more_commands(self) -> list[Command]:
        """Each fact that may be recorded, by name, for the command palette."""
        rows = offers.recordable_rows(self._sitting.definition, self.view)
        return [Command(f"Record: {row.line.plain}", partial(self.open_fact, str(row.key))) for row in rows]

    async def action_record(self) -> None:
        rows = offers.recordable_rows(self._sitting.definition, self.view)
        await self.pick("Record a fact", rows, self.open_fact, has_filter=True)

    async def action_correct(self) -> None:
        rows = offers.correctable_rows(self._sitting.definition, self.view, self._sitting.now)
        title = "Correct a fact, or say that it is not known"
        await self.pick(title, rows, self._open_correction, has_filter=True)

    async def action_override(self) -> None:
        await self.pick("Override", offers.override_rows(self.view), self._open_override)

    async def action_acknowledge(self) -> None:
        rows = offers.warning_rows(self._sitting.definition, self.view)
        title = "Acknowledge a warning: it stays, on one line, until it clears"
        await self.pick(title, rows, self._acknowledge)

    async def action_undo(self) -> None:
        """Ask whether the entry was wrong or the patient has changed: only the first is an undo."""
        if self.view.closed or not self.view.can_undo:
            self.say([Line(CLOSED if self.view.closed else "There is nothing to undo.")])
            return
        rows, about = offers.undo_rows(self._sitting), offers.about_undo(self._sitting)
        await self.pick("Undo the last entry?", rows, self._open_undo, about)

    async def action_note(self) -> None:
        await self.fill(offers.note)

    async def action_close_case(self) -> None:
        await self.fill(lambda: offers.close(self.view))

    async def open_fact(self, name: str) -> None:
        await self.fill(lambda: offers.recording(self._sitting, name))

    async def _open(self, choice: Choice) -> None:
        definition, view, now = self._sitting.definition, self.view, self._sitting.now
        if choice.kind is Kind.RECORD:
            await self.open_fact(choice.subject)
        elif choice.kind is Kind.TAKE and (way := find_way(view, choice.subject)) is not None:
            await self._go_on(way)
        else:
            offered = acts(definition, view, choice.subject, now, self._sitting.session.events)
            about = offers.about_action(definition, view, choice.subject, now)
            rows = [Row(act, Line(act.words)) for act in offered]
            await self.pick(definition.actions[choice.subject].title, rows, self._open_act, about)

    async def _go_on(self, way: TransitionView) -> None:
        """A way on asks once more, for there is no way back; where it is only supposed it does not."""
        form = take_form(self._sitting.definition, way.track, way.to)
        if self.wording is RECORDING:
            await self.fill(lambda: form)
        else:
            self.record_at_once(form.build((), self._sitting.pen()))

    async def _open_act(self, act: Act) -> None:
        await self.fill(lambda: act.form)

    async def _open_correction(self, name: str) -> None:
        await self.fill(lambda: offers.correction(self._sitting, name))

    async def _open_override(self, key: Hashable) -> None:
        await self.fill(lambda: offers.override(self._sitting, key))

    async def _open_undo(self, key: Hashable) -> None:
        match key:
            case ("changed", str(name)):
                await self.open_fact(name)
            case _:
                await self.fill(lambda: offers.undo(self._sitting))

    async def _acknowledge(self, warning: str) -> None:
        self.record_at_once(offers.acknowledgement(self._sitting, warning))

    async def pick(
        self,
        title: str,
        rows: Sequence[Row],
        then: Then,
        about: Sequence[Line] = (),
        has_filter: bool = False,
    ) -> None:
        """Let one of the rows be chosen, then do what belongs to it."""
        box = await blank(self.app, PickScreen)
        box.ask(title, rows, then, about, has_filter)
        await open_box(self.app, box)

    async def fill(self, make: Callable[[], Form]) -> None:
        """Ask what a form asks; what cannot be asked now is told instead."""
        if self.view.closed:
            self.say([Line(CLOSED)])
            return
        try:
            form = make()
        except EntryError as error:
            self.say(refusal_lines(error))
            return
        if self.wording is not RECORDING:
            form = replace(form, asks_again=False)
        box = await blank(self.app, EntryScreen)
        box.ask(self._sitting, form, self.record, self.wording)
        await open_box(self.app, box)

    def record_at_once(self, batch: Batch) -> None:
        """Enter what needs no form; a refusal is told."""
        try:
            self.record(batch)
        except EntryError as error:
            self.say(refusal_lines(error))
        except StoreError:
            self.say([Line("The last entry was not written.", "!!", Tone.ALARM)])
