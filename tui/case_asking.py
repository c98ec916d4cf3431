"""What a screen of a case can be asked: what would change it, what still matters, what if, the pathway."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from pathway.engine.case import Case
from tui.case_entries import CLOSED, CaseEntries
from tui.changes import refusal_lines
from tui.lines import Line
from tui.session import EntryError
from tui.sitting import Sitting
from tui.what_if.supposed import forked

# What is not on show at first is read in when it is asked for: the first paint does not wait for it.
if TYPE_CHECKING:
    from pathway.supposing.subjects import Subject
    from tui.handover_screen import Save


class CaseAsking(CaseEntries):
    """Slow answers are worked out in a thread on a fork, and come back as messages.

    `save` writes a hand-over into a folder; without it none is offered here.
    """

    class Ranked(Message):
        """What is missing, ordered by what it can still change, for the case as it was at `mark`."""

        def __init__(self, mark: tuple[int, int], lines: list[Line]) -> None:
            super().__init__()
            self.mark = mark
            self.lines = lines

    class Found(Message):
        """What would open a way or an action."""

        def __init__(self, title: str, lines: list[Line]) -> None:
            super().__init__()
            self.title = title
            self.lines = lines

    def __init__(self, sitting: Sitting, save: Save | None = None) -> None:
        super().__init__(sitting)
        self._save = save
        self._asked: tuple[int, int] | None = None
        self._last_ranked: CaseAsking.Ranked | None = None

    def can_hand_over(self) -> bool:
        """Whether there is somewhere to save a hand-over."""
        return self._save is not None

    @property
    def mark(self) -> tuple[int, int]:
        """Which state of the case an answer belongs to."""
        return len(self._sitting.session.events), self.view.at

    def rank_questions(self) -> None:
        """Say which missing fact matters most, once the screen is painted; worked out once for each state."""
        if self._last_ranked is not None and self._last_ranked.mark == self.mark:
            self.post_message(self.Ranked(self.mark, self._last_ranked.lines))
        else:
            self.call_after_refresh(self._work_out_rank)

    def _work_out_rank(self) -> None:
        """Nothing where the case is closed or cannot be forked, or where it is being worked out already."""
        if self.view.closed or self._asked == self.mark:
            return
        try:
            case = forked(self._sitting.session)
        except EntryError:
            return
        self._asked = self.mark
        self._rank(case, self.mark)

    async def action_nearest(self) -> None:
        """Choose what is closed, held or blocked; then say what would open it."""
        if self.view.closed:
            self.say([Line(CLOSED)])
            return
        from tui import asking

        rows = asking.closed_rows(self._sitting.definition, self.view)
        await self.pick("What would change it? Choose what is not open now", rows, self._ask, has_filter=True)

    async def action_what_if(self) -> None:
        """Go to the side view where nothing is recorded."""
        if self.view.closed:
            self.say([Line(CLOSED)])
            return
        from tui.what_if.screen import WhatIfScreen

        try:
            await self.app.push_screen(WhatIfScreen(self._sitting))
        except EntryError as error:
            self.say(refusal_lines(error))

    async def action_browse(self) -> None:
        """Look at the pathway itself: states, guards, safeguards, sources."""
        from tui.browsing.screen import BrowserScreen

        await self.app.push_screen(BrowserScreen(self._sitting.definition, self.view))

    async def action_handover(self) -> None:
        """Read the hand-over before it is copied or saved."""
        if self._save is None:
            return
        from tui.handover_screen import HandoverScreen

        sitting = self._sitting
        events, now = sitting.session.events, sitting.now
        screen = HandoverScreen(sitting.definition, self.view, events, now, self._save, sitting.by)
        await self.app.push_screen(screen)

    async def _ask(self, key: Hashable) -> None:
        from tui import asking

        try:
            case = forked(self._sitting.session)
        except EntryError as error:
            self.say(refusal_lines(error))
            return
        self.say([Line("Working it out on a copy of the case ...")])
        self._find(case, asking.subject_of(key), asking.title_of(self._sitting.definition, key))

    @work(thread=True, exclusive=True, group="questions")
    def _rank(self, case: Case, mark: tuple[int, int]) -> None:
        from pathway.supposing.questions import questions
        from tui.would_change import question_lines

        lines = question_lines(case.compiled.definition, questions(case))
        if mark == self._asked:  # else the case has gone on, and is asked about again
            self._last_ranked = self.Ranked(mark, lines)
            self.post_message(self.Ranked(mark, lines))

    @work(thread=True, exclusive=True, group="nearest")
    def _find(self, case: Case, subject: Subject, title: str) -> None:
        from pathway.supposing.nearest import nearest_changes
        from tui.would_change import nearest_lines

        found = nearest_changes(case, subject)
        lines = nearest_lines(case.compiled.definition, found, case.view, case.now)
        self.post_message(self.Found(title, lines))
