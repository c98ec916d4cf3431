"""One course on the case screen: a case file keyed in entry by entry, with a picture after each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pathway.cli.kept_case import KeptCase
from pathway.engine.compiled import CompiledPathway
from pathway.engine.playing import NotRecorded, Ran, play_timeline
from pathway.engine.timeline import Timeline
from pathway.engine.view import View
from pathway.store.places import open_store
from pathway.store.session import Session
from tui.app import CaseApp
from tui.in_words import in_words
from tui.presenting import is_idle
from tui.times import show_clock

from .clerk import Clerk, Item, batch_of, in_order
from .typist import StuckError, Typist

SIZE = (80, 24)
BY = "dr_a"
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # they would be fetched from elsewhere
MOST_TRACKS = 3  # that a description names


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: what is on it in one sentence, and what was done since the last one, with which keys."""

    svg: str
    alt: str
    caption: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A course to step: its case file, why the case is closed at the end, the kinds of forms shown once."""

    case: str
    closing: str
    shows: frozenset[str] = frozenset()


class Course:
    """A case of its own, at a screen whose clock stands at the entry in hand."""

    def __init__(self, compiled: CompiledPathway, timeline: Timeline, plan: Plan, folder: Path) -> None:
        self._now = timeline.entries[0].batch.at
        self._compiled = compiled
        self._timeline = timeline
        self._plan = plan
        self._shown: list[Shown] = []
        self._keys: list[str] = []
        self._seen = set[str]()
        self.ending = ""
        session, _ = Session.open_new(
            open_store(folder, heads=False), compiled, timeline.case,
            at=self._now, by=BY, recorded_at=self._now,
            timezone=timeline.timezone, label=timeline.label,
        )  # fmt: skip
        self._case = KeptCase(session, self._clock)

    def _clock(self) -> int:
        return self._now

    @property
    def view(self) -> View:
        """The case as it stands."""
        return self._case.view

    async def step(self) -> list[Shown]:
        """Key in the whole course. Raises StuckError where the screen leads to another case than the file."""
        async with CaseApp(self._case, self._clock, BY).run_test(size=SIZE) as pilot:
            self._typist = Typist(pilot)
            clerk = Clerk(self._compiled.definition, self._typist, self._look, self._timeline.timezone)
            await self._typist.still()
            self._picture(self._case_words(), "The case has just been opened.")
            for played in play_timeline(self._compiled, self._timeline):
                await self._entry(clerk, _recorded(played))
            self.ending = self._standing_at_the_end()
            await clerk.close(self._plan.closing)
            await self._typist.still()
            self._keys.append(f"{self._typist.typed()}: the case is closed")
            self._picture(self._case_words(), "The case is closed.")
        return self._shown

    async def _entry(self, clerk: Clerk, wanted: Ran) -> None:
        """What an entry of the file says, one thing after the other, and the ways that it opens."""
        self._now = wanted.entry.batch.at
        await self._typist.until(self._now)
        items = in_order(wanted.entry)
        for item in items:
            await clerk.key_in(item, self._now)
            self._keys.append(f"{self._typist.typed()}: {self._words(item)}")
        async for way in clerk.ways():
            self._keys.append(f"{self._typist.typed()}: on to {way}")
        _compare(wanted, self.view)
        self._picture(self._case_words(), "After these entries." if items else "Only time has passed.")

    async def _look(self, kind: str, words: str) -> None:
        """A picture of what lies over the case, once for each kind that the plan names."""
        if kind not in self._plan.shows or kind in self._seen:
            return
        self._seen.add(kind)
        self._keys.append(self._typist.typed())
        self._picture(f"{words}, over the case screen", "On the way to an entry.")

    def _picture(self, words: str, caption: str) -> None:
        svg = self._typist.screen.app.export_screenshot(title="pathway step", simplify=True)
        when = show_clock(self._now, self._timeline.timezone)
        alt = f"{words}; the header says {self._compiled.definition.stamp or 'nothing of a status'}."
        self._shown.append(Shown(FONTS.sub("", svg), alt, f"{when}. {caption}", tuple(self._keys)))
        self._keys = []

    def _case_words(self) -> str:
        """What the case screen shows now, in one sentence."""
        if self.view.closed:
            return "The case screen of a closed case"
        stands = [f"{t.title} at “{t.state_title}”" for t in self.view.tracks if not is_idle(self.view, t)]
        more = f" and {len(stands) - MOST_TRACKS} more" if len(stands) > MOST_TRACKS else ""
        choices = self._typist.case.choices()
        first = (
            f"the first of {len(choices)} answers is “{choices[0].line.plain}”"
            if choices
            else "no answer waits"
        )
        return f"The case screen: {', '.join(stands[:MOST_TRACKS])}{more}; {first}"

    def _standing_at_the_end(self) -> str:
        """Where the case stands before it is closed, and what the pathway still asks for then."""
        first = self.view.tracks[0]
        going_on = [
            action.title for action in self.view.actions if action.standing == "recommended" and action.called
        ]
        on = f"; the pathway goes on with: {', '.join(going_on)}" if going_on else ""
        return f"At the end {first.title} stands at “{first.state_title}”{on}. Then the case is closed."

    def _words(self, item: Item) -> str:
        """What was recorded, in the words of the form."""
        said = in_words(self._compiled.definition, batch_of(item, self._now, BY), self._timeline.timezone)
        return said[0]


def _recorded(played: Ran | NotRecorded) -> Ran:
    if isinstance(played, Ran):
        return played
    raise StuckError("; ".join(str(problem) for problem in played.problems))


def _compare(wanted: Ran, shown: View) -> None:
    """The case keyed in stands as the file steps it: same states, actions and values. Raises StuckError."""
    for word, file, screen in zip(
        ("states", "actions", "values"), _standing(wanted.case.view), _standing(shown), strict=True
    ):
        if file != screen:
            odd = sorted(file.items() ^ screen.items())
            raise StuckError(
                f"{wanted.entry.place.file}:{wanted.entry.place.line}: other {word} with keys: {odd}."
            )


def _standing(view: View) -> tuple[dict[str, str | tuple[str, ...]], ...]:
    """States by track, standings by action, values by fact."""
    return (
        {track.track: track.state for track in view.tracks},
        {action.action: action.standing for action in view.actions},
        {fact.fact: fact.value for fact in view.facts},
    )
