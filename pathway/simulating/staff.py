"""What staff enter next on a simulated case: answers, missing answers, deeds in time and late, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case
from pathway.engine.view import ActionView, View
from pathway.simulating.chance import Chance
from pathway.simulating.turning import deed_that_turns, facts_that_turn, ways_out
from pathway.simulating.values import Values

BY = "simulation"
MINUTE, HOUR, DAY = 60, 3600, 86400
NEVER_ASKED = "not_asked"
ASKED = ("asked_unknown", "refused", "pending")  # asked, and the answer stays unknown
ANSWERED = 60  # percent of what a state asks for, an entry
TURNED, OTHER = 40, 30  # percent of entries that tell what turns the case another way, or anything else
DONE, DECLINED = 55, 6  # percent of recommended actions, an entry
AFTERWARDS = 25  # percent of deeds that are written down some time after they were done
AGAINST, LIFTED = 3, 6  # percent of actions that are held or blocked: done all the same, overridden
TAKEN = 85  # percent of open ways
RARE, SELDOM = 2, 10  # percent: undone, sent back, a note; an older value, a correction


@dataclass(slots=True)
class _Entry:
    """What one entry is going to hold, everything once."""

    facts: dict[str, FactEntry] = field(default_factory=dict[str, FactEntry])
    retracted: dict[str, Retraction] = field(default_factory=dict[str, Retraction])
    done: dict[str, DeedEntry] = field(default_factory=dict[str, DeedEntry])
    declined: dict[str, DeclineEntry] = field(default_factory=dict[str, DeclineEntry])


@dataclass(slots=True)
class Staff:
    """Those who look after one case. `missing` percent of the facts are never asked or stay unknown."""

    values: Values
    chance: Chance
    missing: int
    _missing: dict[str, str | None] = field(default_factory=dict[str, "str | None"])

    def next_at(self, view: View) -> int:
        """When something is entered next: soon, when something changes by itself, or far too late."""
        kind = self.chance.weighted(((50, "soon"), (25, "change"), (20, "days"), (5, "weeks")))
        if kind == "change" and view.next_change_at is not None:
            return max(view.next_change_at + self.chance.of((-1, 0, 1)), view.at)
        longest = {"days": 3 * DAY, "weeks": 60 * DAY}.get(kind, 2 * HOUR)
        return view.at + self.chance.below(longest // MINUTE) * MINUTE

    def next_batch(self, case: Case, view: View, at: int) -> Batch:
        """What is entered at an instant by those who saw the view before."""
        if view.can_undo and self.chance.percent(RARE):
            return Batch(at, BY, at, undo=True)
        entry = _Entry()
        self._answer_questions(entry, case, view, at)
        self._act(entry, view, at)
        if self.chance.percent(TURNED):
            self._turn(entry, case, at)
        return Batch(
            at, BY, at,
            facts=tuple(entry.facts.values()),
            retracted=tuple(entry.retracted.values()),
            done=tuple(entry.done.values()),
            declined=tuple(entry.declined.values()),
            overrides=tuple(self._overrides(view)),
            take=tuple(self._takes(view)),
            notes=("simulated note",) if self.chance.percent(RARE) else (),
        )  # fmt: skip

    # --- facts ----------------------------------------------------------------------------------
    def _answer_questions(self, entry: _Entry, case: Case, view: View, at: int) -> None:
        """What the states ask for and something waits for; now and then anything else."""
        facts = case.compiled.definition.facts
        questions = [one.fact for track in view.tracks for one in track.questions if not one.known]
        wanted = dict.fromkeys(questions + [need.fact for need in view.needs])
        asked = [name for name in wanted if facts[name].recordable and self.chance.percent(ANSWERED)]
        if self.chance.percent(OTHER):
            asked.append(self.chance.of([name for name, fact in facts.items() if fact.recordable]))
        for name in asked:
            why, answer = self._why_missing(name), self._answer(case, name, at)
            if answer is not None:
                entry.facts[name] = answer
            elif why in ASKED and name not in case.memory.current:
                entry.retracted[name] = Retraction(name, why)

    def _answer(self, case: Case, name: str, at: int) -> FactEntry | None:
        """A value now, or of an hour or a day before, or a correction; None for a fact that is missing."""
        if self._why_missing(name) is not None:
            return None
        value = self.values.draw(name, at, case.zone, self.chance)
        if name in case.memory.current and self.chance.percent(SELDOM):
            return FactEntry(name, value, corrects=True)
        earlier = at - self.chance.of((HOUR, DAY)) if self.chance.percent(SELDOM) else None
        return FactEntry(name, value, earlier)

    def _why_missing(self, name: str) -> str | None:
        """Why this case has no value of a fact: half of them nobody asks for; None where it has one."""
        if name not in self._missing:
            why = NEVER_ASKED if self.chance.percent(50) else self.chance.of(ASKED)
            self._missing[name] = why if self.chance.percent(self.missing) else None
        return self._missing[name]

    def _turn(self, entry: _Entry, case: Case, at: int) -> None:
        """Enter what opens one way out of where the case stands, as far as chance finds it."""
        ways = ways_out(case)
        if not ways:
            return
        way = self.chance.of(ways)
        found, is_open = facts_that_turn(case, way, lambda name: self._answer(case, name, at), at)
        entry.facts.update({one.fact: one for one in found})
        deed = None if is_open else deed_that_turns(way, self.chance)
        if deed is not None and deed not in entry.done and deed not in entry.declined:
            self._do_or_decline(entry, deed)

    # --- actions --------------------------------------------------------------------------------
    def _do_or_decline(self, entry: _Entry, action: str) -> None:
        if self.chance.percent(50):
            entry.done[action] = DeedEntry(action)
        else:
            entry.declined[action] = DeclineEntry(action, "simulated: declined")

    def _act(self, entry: _Entry, view: View, at: int) -> None:
        """What is recommended is mostly done, some of it is declined, and hardly ever what is blocked."""
        for action in view.actions:
            share = DONE if action.standing == "recommended" and action.called else AGAINST
            if action.standing != "shown" and self.chance.percent(share):
                earlier = view.at + self.chance.below(at - view.at + 1)
                then = earlier if self.chance.percent(AFTERWARDS) else None
                entry.done[action.action] = DeedEntry(action.action, then)
            elif action.called and self.chance.percent(DECLINED):
                entry.declined[action.action] = DeclineEntry(action.action, "simulated: declined")

    def _overrides(self, view: View) -> Iterator[OverrideEntry]:
        for action in view.actions:
            if _can_be_lifted(action) and self.chance.percent(LIFTED):
                yield OverrideEntry("simulated: agreed", action=action.action)
        if view.path and self.chance.percent(RARE):
            step = self.chance.of(view.path)
            yield OverrideEntry("simulated: sent back", track=step.track, to=step.source)

    def _takes(self, view: View) -> Iterator[TakeEntry]:
        for track in view.tracks:
            ways = [way.to for way in track.transitions if way.standing == "open" and not way.auto]
            if ways and self.chance.percent(TAKEN):
                yield TakeEntry(track.track, self.chance.of(ways))


def _can_be_lifted(action: ActionView) -> bool:
    against = [one for one in action.safeguards if one.standing in ("blocks", "holds")]
    return any(one.override is not None for one in against)
