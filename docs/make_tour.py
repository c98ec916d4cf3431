"""Makes docs/tour again: six courses on the case screen at 80x24, one picture a step.

Run `python docs/make_tour.py`. Each entry of a bundled case is given to the screen as its forms give it, at
the entry's own time; every way that then opens is taken with the keys, a number and Enter. The clock stands
still, so the same definitions give the same pictures, byte by byte.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from textual.pilot import Pilot

from pathway.cli.kept_case import KeptCase
from pathway.engine.batch import Batch
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.timeline import Timeline, read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.store.folder import CaseStore
from pathway.store.session import Session
from tui.app import CaseApp
from tui.case_screen import CaseScreen
from tui.choices import Choice, Kind
from tui.in_words import in_words
from tui.times import show_clock

FLAGSHIP = "spinal-leptomeningeal-infection"
TOUR = Path(__file__).parent / "tour"
COURSES = {
    "bacterial": "demo",
    "tuberculosis": "tb",
    "fungal": "cryptococcus",
    "malignant": "malignant_active",
    "neurosarcoidosis": "neurosarcoidosis",
    "undetermined": "cause_undetermined",
}
SIZE = (80, 24)
MOST_NAMED = 3  # entries that a caption names before it counts
MOST_WAYS = 12  # taken after one entry; more would be a circle
BY = "dr_a"
OUTSIDE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """One picture and the sentence below it."""

    svg: str
    caption: str


class Tour:
    """One course at the screen. `now` is the time of the entry in hand, in seconds since 1970 UTC."""

    def __init__(self, compiled: CompiledPathway, timeline: Timeline, folder: Path) -> None:
        self.now = timeline.entries[0].batch.at
        self._definition = compiled.definition
        self._timeline = timeline
        session, _ = Session.open_new(
            CaseStore(folder), compiled, timeline.case, at=self.now, by=BY, recorded_at=self.now,
            timezone=timeline.timezone, label=timeline.label,
        )  # fmt: skip
        self._case = KeptCase(session, self._clock)

    def _clock(self) -> int:
        return self.now

    async def pictures(self) -> list[Shown]:
        """The opened case, the form of its first question, and the case after every entry."""
        app = CaseApp(self._case, self._clock, BY)
        async with app.run_test(size=SIZE) as pilot:
            shown = [await self._opened(pilot), await self._first_question(pilot)]
            for entry in self._timeline.entries:
                shown.append(await self._entered(pilot, entry.batch))
        return shown

    async def _opened(self, pilot: Pilot[None]) -> Shown:
        await _still(pilot)
        return _picture(pilot, f"{self._when}: the case has just been opened.")

    async def _first_question(self, pilot: Pilot[None]) -> Shown:
        await pilot.press("1", "enter")
        await _still(pilot)
        shown = _picture(pilot, "1 and Enter open the first answer of the list; Esc leaves it.")
        await pilot.press("escape")
        await _still(pilot)
        return shown

    async def _entered(self, pilot: Pilot[None], batch: Batch) -> Shown:
        """An entry as a form posts it, and the ways it opened as the clinician takes them."""
        self.now = batch.at
        ours = replace(batch, by=BY)
        words = in_words(self._definition, ours, self._timeline.timezone)
        _screen(pilot).record(ours)
        await _still(pilot)
        ways = [way async for way in self._taken(pilot)]
        caption = f"{self._when}: {_some(words)}."
        if ways:
            caption += f" Then, by number and Enter, on to {', '.join(ways)}."
        return _picture(pilot, caption)

    async def _taken(self, pilot: Pilot[None]) -> AsyncIterator[str]:
        seen = set[str]()
        while (number := _open_way(_screen(pilot).choices(), seen)) is not None:
            if len(seen) == MOST_WAYS:
                raise SystemExit(f"{self._timeline.case}: ways open in a circle at {self._when}")
            choice = _screen(pilot).choices()[number]
            seen.add(choice.subject)
            await pilot.press(*str(number + 1), "enter")
            await _still(pilot)
            yield choice.text

    @property
    def _when(self) -> str:
        return show_clock(self.now, self._timeline.timezone)


def _screen(pilot: Pilot[None]) -> CaseScreen:
    screen = pilot.app.screen
    if not isinstance(screen, CaseScreen):
        raise SystemExit(f"The case screen was expected and {type(screen).__name__} is shown.")
    return screen


def _open_way(choices: tuple[Choice, ...], seen: set[str]) -> int | None:
    """The first way on that this entry has not taken yet. A conflict is left: a person chooses."""
    ways = (
        number
        for number, choice in enumerate(choices)
        if choice.kind is Kind.TAKE and choice.lead.startswith("Go on") and choice.subject not in seen
    )
    return next(ways, None)


async def _still(pilot: Pilot[None]) -> None:
    """Wait until nothing is being worked out and the list takes keys again."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    while not getattr(pilot.app.screen, "is_settled", True):
        await pilot.pause(0.05)
    await pilot.pause()


def _picture(pilot: Pilot[None], caption: str) -> Shown:
    svg = pilot.app.export_screenshot(title="pathway step", simplify=True)
    return Shown(OUTSIDE.sub("", svg), caption)


def _some(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    named = "; ".join(words[:MOST_NAMED])
    return f"{named}; and {more} more" if more > 0 else named


def page(courses: dict[str, tuple[str, list[Shown]]]) -> Iterator[str]:
    """The index: every course with its pictures, a sentence for each."""
    yield "# Six courses on the case screen\n"
    yield (
        "Every picture is the screen of `pathway step` at 80x24, made by `docs/make_tour.py` from cases of\n"
        f"`{FLAGSHIP}`, at their own times. The pathway's status stands in every header.\n"
    )
    for name, (title, shown) in courses.items():
        yield f"## {name.capitalize()}\n\n{title.rstrip('.')}.\n"
        for number, one in enumerate(shown, start=1):
            yield f"{number}. {one.caption}\n\n   ![]({name}/{number:02}.svg)\n"


def main() -> None:
    """Make all pictures and the index; what was there before goes."""
    file = find_pathway(FLAGSHIP)
    compiled = compile_pathway(load_definition(file))
    shutil.rmtree(TOUR, ignore_errors=True)
    courses: dict[str, tuple[str, list[Shown]]] = {}
    for name, case in COURSES.items():
        timeline = read_timeline(file.parent / "cases" / f"{case}.yaml")
        with tempfile.TemporaryDirectory() as folder:
            shown = asyncio.run(Tour(compiled, timeline, Path(folder)).pictures())
        (TOUR / name).mkdir(parents=True)
        for number, one in enumerate(shown, start=1):
            (TOUR / name / f"{number:02}.svg").write_text(one.svg, "utf-8")
        title = timeline.beside.get("title")
        courses[name] = (str(getattr(title, "text", name)), shown)
        print(f"{TOUR / name}: {len(shown)} pictures")
    (TOUR / "README.md").write_text("\n".join(page(courses)), "utf-8")


if __name__ == "__main__":
    main()
