"""The line mode: a case stepped by typed lines, for screen readers, pipes and small terminals."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from typing import TextIO

from pathway.engine.batch import Batch
from tui import plain_answers as answers
from tui.acting import action_lines
from tui.changes import change_lines, recorded_lines, refusal_lines
from tui.choices import Choice, Kind, choices, find_action, find_way
from tui.commands import SURE, help_lines, read_command, said_surely
from tui.fact_forms import fact_form
from tui.forms import Field, Form, acts, take_batch
from tui.in_words import in_words
from tui.lines import Line, Tone, all_wrapped, gap, heading
from tui.presenting import (
    header_lines,
    is_ended,
    phase_bar,
    state_lines,
    timer_lines,
    warning_lines,
)
from tui.session import CaseSession, Clock, EntryError, StoreError, entry_error
from tui.sitting import Sitting
from tui.times import show_time

INTERRUPTED = 130
LOST = 1
WIDEST = 110
MENU = 12  # answers shown after each entry; `menu` shows all


class _StoreLostError(Exception):
    """It is not known any more what is kept; nothing may be shown as the case."""


class _EndOfTalkError(Exception):
    """The input has come to its end, or the user leaves."""


def run_plain(session: CaseSession, clock: Clock, by: str, input: TextIO, output: TextIO) -> int:
    """Step the case line by line until `quit` or the end of the input; everything recorded is kept.

    Returns 0; 130 when interrupted; 1 when the store cannot be read any more.
    """
    talk = PlainTalk(Sitting(session, clock, by), input, output)
    try:
        talk.run()
    except KeyboardInterrupt:
        talk.say([gap(), Line(f"Interrupted. {talk.kept}")])
        return INTERRUPTED
    except _StoreLostError:
        talk.say([Line("The case cannot be read from its store any more. Leaving.", "!!", Tone.ALARM)])
        return LOST
    return 0


class PlainTalk:
    """One conversation. Numbers mean the menu as it was last printed, whatever has changed since."""

    def __init__(self, sitting: Sitting, source: TextIO, output: TextIO) -> None:
        self.sitting = sitting
        self.source = source
        self.output = output
        self.menu: tuple[Choice, ...] = ()
        self._is_sure = False

    @property
    def kept(self) -> str:
        return f"Case {self.sitting.session.case_id}: everything recorded is kept."

    def run(self) -> None:
        """Greet, then answer line after line."""
        self._reach_now()
        self.show_state()
        try:
            while True:
                self._answer(self.read("> "))
        except _EndOfTalkError:
            self.say([Line(self.kept)])

    def say(self, lines: Iterable[Line]) -> None:
        """Print lines, wrapped; characters the output cannot write appear as escapes."""
        encoding = self.output.encoding or "utf-8"
        for line in all_wrapped(lines, self.width):
            text = line.plain.rstrip()
            shown = f"== {text} ==" if line.tone is Tone.HEADING else text
            self.output.write(shown.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        self.output.flush()

    def show_state(self) -> None:
        """The whole case as it stands, and the menu."""
        sitting, view, now = self.sitting, self.sitting.view, self.sitting.now
        behind = sitting.clock_is_behind
        self.say(header_lines(sitting.definition, view, now))
        self.say([Line(phase_bar(sitting.definition, view), "Phases:")] if sitting.definition.phases else [])
        self.say([behind] if behind is not None else [])
        warned = warning_lines(sitting.definition, view)
        self.say([gap(), heading("Warnings"), *warned] if view.warnings else [])
        self.say([gap(), heading("Where the case stands"), *state_lines(view)])
        self.say([gap(), heading("Due times"), *timer_lines(view, now)])
        self.say([gap(), heading("Actions"), *action_lines(sitting.definition, view, now)])
        self.show_menu()

    def show_menu(self, most: int = MENU) -> None:
        """The first numbered answers. Numbers typed later mean these and no others."""
        view = self.sitting.view
        every = choices(self.sitting.definition, view, self.sitting.now)
        self.menu = every if len(every) <= most + 1 else every[:most]
        self.say([gap(), heading("What now? A number, or a command; help lists them")])
        if not self.menu:
            self.say([Line(_nothing(view.closed, is_ended(view)))])
        for number, choice in enumerate(self.menu, start=1):
            self.say([Line(f"{choice.lead} {choice.text}", f"{number:>3} ", hang=5)])
        if len(self.menu) < len(every):
            self.say([Line(f"and {len(every) - len(self.menu)} more; type menu to see all.", indent=5)])

    def fill(self, form: Form) -> None:
        """Ask the fields of a form one by one, again after a mistake, until it is recorded or cancelled."""
        self.say([heading(form.title), *form.about])
        while True:
            typed = self._ask_all(form.fields[:1])
            other = form.instead(typed) if typed and form.instead is not None else None
            if other is not None:
                return self.fill(other)
            if typed and not self._accepts(form, typed[0]):
                continue
            rest = self._ask_all(form.fields[1:]) if typed is not None else None
            typed = [*typed, *rest] if typed is not None and rest is not None else None
            if typed is None:
                return self.say([Line("Cancelled: nothing was recorded.")])
            try:
                return self._confirm_and_record(form, form.build(typed, self.sitting.pen()))
            except EntryError as error:
                self.refuse(error)
                if not form.fields:
                    return None

    def _accepts(self, form: Form, first: str) -> bool:
        """Whether the first answer can be read at all; otherwise it is asked again at once."""
        if form.check is None:
            return True
        try:
            form.check(first, self.sitting.pen())
        except EntryError as error:
            self.refuse(error)
            return False
        return True

    def record(self, batch: Batch) -> None:
        """Enter a batch, then say what was recorded and what it changed. Raises EntryError."""
        self._reach_now()
        before = self.sitting.view
        try:
            step = self.sitting.record(batch)
        except StoreError as error:
            return self._not_written(error)
        self.say(recorded_lines(self.sitting.definition, batch, step, before.timezone))
        self.say(change_lines(self.sitting.definition, before, step))
        return self.show_menu()

    def refuse(self, error: EntryError) -> None:
        self.say(refusal_lines(error))

    def _answer(self, typed: str) -> None:
        shown = self.menu
        self._reach_now()
        try:
            if not typed.strip():
                self.show_state()
            elif typed.strip().isdecimal():
                self._is_sure = False
                self._take_number(int(typed), shown)
            else:
                self._obey(typed)
        except EntryError as error:
            self.refuse(error)

    def _obey(self, typed: str) -> None:
        command, rest = read_command(typed)
        rest, self._is_sure = said_surely(rest) if command.asks else (rest, False)
        if command.name == "quit":
            raise _EndOfTalkError
        if command.name == "help":
            self.say(help_lines(rest))
        elif command.name == "state":
            self.show_state()
        elif command.name == "menu":
            self.show_menu(most=999)
        else:
            answers.ANSWERS[command.name](self, rest)

    def _take_number(self, number: int, shown: Sequence[Choice]) -> None:
        if not 1 <= number <= len(shown):
            raise entry_error(f"The menu has no number {number}. Type a number of the menu, or help.")
        choice = shown[number - 1]
        present = choices(self.sitting.definition, self.sitting.view, self.sitting.now)
        if choice.key not in [other.key for other in present]:
            self.show_menu()
            raise entry_error(
                f"{choice.text} is not on offer any more: time has passed. The menu above is new."
            )
        self._choose(choice)

    def _choose(self, choice: Choice) -> None:
        sitting = self.sitting
        if choice.kind is Kind.RECORD:
            events = sitting.session.events
            self.fill(fact_form(sitting.definition, sitting.view, choice.subject, sitting.now, events))
        elif choice.kind is Kind.TAKE and (way := find_way(sitting.view, choice.subject)) is not None:
            self.record(take_batch(way, sitting.pen()))
        elif (action := find_action(sitting.view, choice.subject)) is not None:
            offered = acts(sitting.definition, sitting.view, choice.subject, sitting.now)
            answers.choose_act(self, offered, action.title)

    def record_command(self, form: Form, batch: Batch) -> None:
        """Record what one command said in full. Raises EntryError.

        Where there is no way back it is shown first, and recorded after a yes or with `!` at the end.
        """
        if not form.asks_again or self._is_sure:
            return self.record(batch)
        if not self.source.isatty():
            self._show_entry(batch)
            raise entry_error(
                "This has no way back, and there is no terminal here to confirm it at. "
                f"Write the command again with {SURE} at its end, set apart by a space."
            )
        return self._confirm_and_record(form, batch)

    def _confirm_and_record(self, form: Form, batch: Batch) -> None:
        if not form.asks_again or self._is_sure:
            return self.record(batch)
        self._show_entry(batch)
        answer = self.read("Type yes to record it; anything else leaves it: ").strip().lower()
        if answer not in ("y", "yes"):
            return self.say([Line("Left: nothing was recorded.")])
        return self.record(batch)

    def _show_entry(self, batch: Batch) -> None:
        timezone = self.sitting.view.timezone
        written = f"Will be recorded {show_time(batch.at, batch.at, timezone)} {batch.by}:"
        self.say([Line(text, written) for text in in_words(self.sitting.definition, batch, timezone)])

    def _ask_all(self, fields: Sequence[Field]) -> list[str] | None:
        typed: list[str] = []
        for asked in fields:
            self.say(
                [
                    Line(f"{number}  {option.words}", indent=2)
                    for number, option in enumerate(asked.options, 1)
                ]
            )
            about = ", ".join(
                part for part in (asked.hint, f"Enter for {asked.default}" if asked.default else "") if part
            )
            answer = self.read(f"{asked.label}{f' ({about})' if about else ''}: ")
            if answer.strip().lower() == "cancel":
                return None
            typed.append(answer)
        return typed

    def read(self, prompt: str) -> str:
        """One line of input. Raises _EndOfTalkError at its end."""
        self.output.write(prompt)
        self.output.flush()
        try:
            line = self.source.readline()
        except UnicodeDecodeError:
            self.say([gap(), Line("That line is not readable text; type it again.")])
            return ""
        if not line:
            self.say([gap()])
            raise _EndOfTalkError
        return line.rstrip("\r\n")

    def _reach_now(self) -> None:
        try:
            before = self.sitting.view
            step = self.sitting.keep_time()
        except StoreError as error:
            return self._not_written(error)
        changed = change_lines(self.sitting.definition, before, step) if step is not None else []
        return self.say([Line("Time has passed.", tone=Tone.STRONG), *changed] if changed else [])

    def _not_written(self, error: StoreError) -> None:
        self.say(
            [
                Line("NOT WRITTEN. It does not count; the case stands as it was before.", "!!", Tone.ALARM),
                Line(str(error)),
                Line("Type it again once the cause is mended. What was recorded earlier is kept."),
            ]
        )
        if self.sitting.is_lost:
            raise _StoreLostError

    @property
    def width(self) -> int:
        """Columns of a line."""
        if not self.output.isatty() or os.environ.get("COLUMNS"):
            return min(WIDEST, max(40, shutil.get_terminal_size((80, 24)).columns))
        return min(WIDEST, max(40, os.get_terminal_size(self.output.fileno()).columns or 80))


def _nothing(is_closed: bool, has_ended: bool) -> str:
    if is_closed:
        return "The case is closed; nothing more is entered. facts, log and why still answer."
    if has_ended:
        return "The pathway has come to its end and nothing is outstanding. Type close and a reason, or quit."
    return "Nothing is waiting for an answer. Any fact may still be recorded: askable lists them."
