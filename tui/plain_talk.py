"""What is said and asked in the line mode: the case, its menu, forms line by line, what was recorded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from typing import TextIO

from pathway.engine.batch import Batch
from tui.acting import action_lines
from tui.changes import change_lines, recorded_lines, refusal_lines
from tui.choices import Choice, choices
from tui.commands import SURE
from tui.foreseen import foreseen_lines
from tui.forms import Field, Form
from tui.in_words import in_words
from tui.lines import Line, Tone, all_wrapped, gap, heading
from tui.presenting import (
    ending_lines,
    header_lines,
    is_ended,
    phase_bar,
    state_lines,
    timer_lines,
    warning_lines,
)
from tui.session import EntryError, StoreError, entry_error
from tui.sitting import Sitting
from tui.times import show_time

WIDEST = 110
MENU = 12  # answers shown after each entry; `menu` shows all


class StoreLostError(Exception):
    """It is not known any more what is kept; nothing may be shown as the case."""


class EndOfTalkError(Exception):
    """The input has come to its end, or the user leaves."""


class PlainTalk:
    """One conversation about a case, and the menu as it was last printed.

    `is_sure` says that the line being answered asked for no confirmation.
    """

    def __init__(self, sitting: Sitting, source: TextIO, output: TextIO) -> None:
        self.sitting = sitting
        self.source = source
        self.output = output
        self.menu: tuple[Choice, ...] = ()
        self.is_sure = False

    @property
    def kept(self) -> str:
        return f"Case {self.sitting.session.case_id}: everything recorded is kept."

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
        self.say([line for line in (sitting.remark, behind) if line is not None])
        warned = warning_lines(sitting.definition, view)
        self.say([gap(), heading("Warnings"), *warned] if view.warnings else [])
        ending = ending_lines(sitting.definition, view, "close REASON")
        self.say([gap(), heading("Where the case stands"), *ending, *state_lines(view, "why")])
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
        if self.reach_now():
            return self.look_first()
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

    def record_command(self, form: Form, batch: Batch) -> None:
        """Record what one command said in full. Raises EntryError.

        Where there is no way back it is shown first, and recorded after a yes or with `!` at the end.
        """
        if not form.asks_again or self.is_sure:
            return self.record(batch)
        if not self.source.isatty():
            self._show_entry(batch)
            raise entry_error(
                "This has no way back, and there is no terminal here to confirm it at. "
                f"Write the command again with {SURE} at its end, set apart by a space."
            )
        return self._confirm_and_record(form, batch)

    def _confirm_and_record(self, form: Form, batch: Batch) -> None:
        if not form.asks_again or self.is_sure:
            return self.record(batch)
        self._show_entry(batch)
        answer = self.read("Type yes to record it; anything else leaves it: ").strip().lower()
        if answer not in ("y", "yes"):
            return self.say([Line("Left: nothing was recorded.")])
        return self.record(batch)

    def _show_entry(self, batch: Batch) -> None:
        timezone = self.sitting.view.timezone
        written = f"Will be recorded {show_time(batch.at, batch.at, timezone)} {batch.by}:"
        self.say(foreseen_lines(self.sitting, batch))
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
        """One line of input. Raises EndOfTalkError at its end."""
        self.output.write(prompt)
        self.output.flush()
        try:
            line = self.source.readline()
        except UnicodeDecodeError:
            self.say([gap(), Line("That line is not readable text; type it again.")])
            return ""
        if not line:
            self.say([gap()])
            raise EndOfTalkError
        return line.rstrip("\r\n")

    def look_first(self) -> None:
        """Nothing that was typed before the news is carried out: its writer may want something else now."""
        self.say([Line("Nothing done: look at what is new, then type it again.", "!!", Tone.ALARM)])
        self.show_menu()

    def reach_now(self) -> bool:
        """Let the case reach the present, and tell what others and time have changed; whether others have.

        Raises StoreLostError.
        """
        try:
            news = self.sitting.news()
            before = self.sitting.view
            step = self.sitting.keep_time()
        except StoreError as error:
            self._not_written(error)
            return False
        changed = change_lines(self.sitting.definition, before, step) if step is not None else []
        passed = [Line("Time has passed.", tone=Tone.STRONG), *changed] if changed else []
        self.say([*(news or ()), *passed])
        return bool(news)

    def _not_written(self, error: StoreError) -> None:
        self.say(
            [
                Line("NOT WRITTEN. It does not count; the case stands as it was before.", "!!", Tone.ALARM),
                Line(str(error)),
                Line("Type it again once the cause is mended. What was recorded earlier is kept."),
            ]
        )
        if self.sitting.is_lost:
            raise StoreLostError

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
