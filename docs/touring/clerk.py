"""How one entry of a case file is keyed in: through the numbered answers, the lists and the forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, OverrideEntry, Retraction
from pathway.engine.timeline import TimelineEntry
from pathway.language.definition import Definition
from tui.choices import Choice, Kind
from tui.forms import OVERRIDE_CODES, Act
from tui.widgets.numbered import Numbered

from .answers import is_unknown, reason_keys, unknown_keys, value_keys
from .typist import StuckError, Typist

Item = FactEntry | Retraction | DeedEntry | DeclineEntry | OverrideEntry
Look = Callable[[str, str], Awaitable[None]]
"""Told what kind of form or list lies over the case screen, and its words, while it is there."""

LETTERS = 4  # typed to narrow a list
MOST_WAYS = 12  # taken after one entry; more would be a circle


class Clerk:
    """Keys in what a case file says, one thing after the other in the order it is written there."""

    def __init__(self, definition: Definition, typist: Typist, look: Look, timezone: str) -> None:
        self._definition = definition
        self._typist = typist
        self._look = look
        self._timezone = timezone

    async def key_in(self, item: Item, now: int) -> None:
        """One thing. Raises StuckError where the screen offers no way to enter it."""
        match item:
            case FactEntry() | Retraction():
                await self._fact(item, now)
            case DeedEntry(action=action):
                await self._say_of(action, "done", ())
            case DeclineEntry(action=action, reason=reason):
                await self._say_of(action, "decline", (reason,))
            case OverrideEntry(action=str(action), code=code, reason=reason):
                codes = [option.value for option in OVERRIDE_CODES]
                await self._say_of(action, "override", (str(codes.index(code) + 1), reason))
            case OverrideEntry():
                raise StuckError("The tour returns no track to an earlier state.")
        await self._typist.still()

    async def ways(self) -> AsyncIterator[str]:
        """Take every way that is open now and is confirmed by hand, by its number; its words each time."""
        seen = set[str]()
        while (way := _open_way(self._typist.case.choices(), seen)) is not None:
            if len(seen) == MOST_WAYS:
                raise StuckError(f"Ways open in a circle: {', '.join(sorted(seen))}.")
            seen.add(way.subject)
            await self._open(Kind.TAKE, way.subject)
            await self._typist.insist()
            await self._typist.still()
            yield way.text

    async def close(self, reason: str) -> None:
        """End the case for good."""
        await self._typist.press("e", "`e`")
        await self._look("close", "The form that closes a case, with what is left open")
        await self._typist.answer(reason)
        await self._typist.insist()

    async def _fact(self, item: FactEntry | Retraction, now: int) -> None:
        fact = self._definition.facts[item.fact]
        if not await self._open(Kind.RECORD, item.fact):
            await self._find(item.fact)
        await self._look("fact", f"The form of a fact, “{fact.ask}”")
        if isinstance(item, Retraction) or is_unknown(fact, item):
            await self._typist.answer(unknown_keys(fact))
            await self._look("unknown", "The form that asks why a value is not known")
            await self._typist.answer(reason_keys(item))
            return
        await self._typist.answer(value_keys(fact, item.entered, now, self._timezone))
        if item.at is not None:
            raise StuckError(f"The tour records {item.fact} at the time of its entry only.")
        await self._typist.enter()

    async def _find(self, fact: str) -> None:
        """A fact that is not among the answers: by the letters of its name in the list of all facts."""
        await self._typist.press("r", "`r`")
        letters = re.split(r"[^a-z_]", self._definition.facts[fact].label.lower())
        await self._typist.write(max(letters, key=len)[:LETTERS])
        await self._look("facts", "The list of all facts, narrowed by the letters typed")
        await self._typist.choose(fact)

    async def _say_of(self, action: str, act: str, answers: Sequence[str]) -> None:
        """What became of an action: its answer, what is said of it, the fields, and the second Enter."""
        title = self._definition.actions[action].title
        if not await self._open(Kind.ACT, action):
            raise StuckError(f"“{title}” is not among the answers, so nothing can be said of it.")
        await self._look("act", f"The box of an action, “{title}”, with what may be said of it")
        rows = self._typist.screen.query_one("#picks", Numbered).rows
        await self._typist.choose(
            next(row.key for row in rows if isinstance(row.key, Act) and row.key.name == act)
        )
        fields = sum(row.display for row in self._typist.screen.query(".field"))
        for answer in [*answers, *[""] * (fields - len(answers))]:
            await self._typist.answer(answer)
        await self._look(act, f"The line that will be recorded of “{title}”, waiting for a second Enter")
        await self._typist.insist()

    async def _open(self, kind: Kind, subject: str) -> bool:
        """Open an answer of the list by its number; False where it is not there."""
        number = self._typist.number_of(kind, subject)
        if number is not None:
            await self._typist.answer(str(number))
        return number is not None


def in_order(entry: TimelineEntry) -> list[Item]:
    """What an entry says, in the order it is written in the file."""
    batch = entry.batch
    items: list[Item] = [*batch.facts, *batch.retracted, *batch.done, *batch.declined, *batch.overrides]
    return sorted(items, key=lambda item: _place(entry, item))


def batch_of(item: Item, at: int, by: str) -> Batch:
    """A batch with this one thing."""
    match item:
        case FactEntry():
            return Batch(at, by, at, facts=(item,))
        case Retraction():
            return Batch(at, by, at, retracted=(item,))
        case DeedEntry():
            return Batch(at, by, at, done=(item,))
        case DeclineEntry():
            return Batch(at, by, at, declined=(item,))
        case OverrideEntry():
            return Batch(at, by, at, overrides=(item,))


def _place(entry: TimelineEntry, item: Item) -> tuple[int, int]:
    match item:
        case FactEntry(fact=name) | Retraction(fact=name):
            place = entry.places[name]
        case OverrideEntry(action=None, track=name):
            place = entry.places[name or ""]
        case _:
            place = entry.places[item.action or ""]
    return place.line, place.column


def _open_way(choices: Sequence[Choice], seen: set[str]) -> Choice | None:
    """The first way on that was not taken yet. A conflict is left: a person chooses."""
    ways = (one for one in choices if one.kind is Kind.TAKE and one.lead.startswith("Go on"))
    return next((way for way in ways if way.subject not in seen), None)
