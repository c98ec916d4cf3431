"""A clinician sitting at a case: the time, the pen, and entries that are kept or refused as a whole."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine.batch import Batch
from pathway.engine.events import TimePassed
from pathway.engine.moving import SYSTEM
from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.store.port import Conflict
from tui.entering import Pen
from tui.history import event_words
from tui.lines import Line, Tone
from tui.session import CaseSession, Clock, HasRemark, Shared, Step, StoreError
from tui.times import show_length


class Sitting:
    """What both front ends do with a case; it keeps no state of its own beside the session's."""

    def __init__(self, session: CaseSession, clock: Clock, by: str) -> None:
        self.session = session
        self.clock = clock
        self.by = by

    @property
    def view(self) -> View:
        return self.session.view

    @property
    def is_lost(self) -> bool:
        """Whether it cannot be known any more what is kept: then nothing may be shown as the case."""
        try:
            return self.session.view is None
        except StoreError:
            return True

    @property
    def definition(self) -> Definition:
        return self.session.definition

    @property
    def now(self) -> int:
        """The case's time in seconds: the clock's, but never before the last entry."""
        return max(self.clock(), self.view.at)

    @property
    def clock_is_behind(self) -> Line | None:
        """A caution when the computer's clock is more than a minute before the case's last entry."""
        behind = self.view.at - self.clock()
        if behind < 60:
            return None
        text = f"This computer's clock is {show_length(behind)} behind the last entry; entries get its time."
        return Line(text, "! CAUTION", Tone.CAUTION)

    @property
    def remark(self) -> Line | None:
        """What stays on show with the case: that it was begun on another version than the installed one."""
        text = self.session.remark if isinstance(self.session, HasRemark) else None
        return None if text is None else Line(text, "NOTE", Tone.CAUTION)

    def pen(self) -> Pen:
        return Pen(self.now, self.clock(), self.by, self.view.timezone)

    def news(self) -> list[Line] | None:
        """What others recorded meanwhile, taken up; None where nobody did. Raises StoreError.

        Not to be asked while a form is open: what is entered in it would be recorded as if its writer had
        seen the news, where the store would refuse it and have them look first.
        """
        found = self.session.catch_up() if isinstance(self.session, Shared) else ()
        told = [one for one in found if one.by != SYSTEM and not isinstance(one, TimePassed)]
        if not found:
            return None
        head = Line("Recorded meanwhile in another terminal:", "NEWS", Tone.STRONG)
        timezone, now = self.view.timezone, self.now
        words = (f"{one.by}: {event_words(self.definition, one, now, timezone)}" for one in told)
        return [head, *(Line(text, indent=1) for text in words)] if told else []

    def keep_time(self) -> Step | None:
        """Let the case reach the present if something changes by then (rule 17). Raises StoreError."""
        due = self.view.next_change_at
        if self.view.closed or due is None or self.clock() < due:
            return None
        try:
            return self.session.pass_time(self.now)
        except Conflict:
            return None  # another terminal was quicker; what it recorded comes as news

    def record(self, batch: Batch) -> Step:
        """Enter a batch at the present time; the case lets time pass up to it first.

        Raises EntryError or StoreError; then nothing was applied.
        """
        return self.session.commit(replace(batch, at=max(batch.at, self.now), recorded_at=self.clock()))
