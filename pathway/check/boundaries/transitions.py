"""A case for every transition: one that takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.boundaries import showing
from pathway.check.boundaries.drafts import Draft, Drafts, WithoutCase, short
from pathway.check.boundaries.showing import Entries
from pathway.check.proofs.seeking import Goal
from pathway.check.proofs.smt import conj
from pathway.check.proofs.ways import key_of
from pathway.engine.batch import Batch, TakeEntry
from pathway.engine.case import Case
from pathway.engine.events import TransitionTaken
from pathway.engine.settling import takeable
from pathway.language.definition import State, Transition

NO_PATIENT = "No patient makes it fire"
NO_CASE = "No case was found that takes it"
LATER = 60  # seconds after which the clinician takes a way that is open


@dataclass(slots=True)
class Transitions:
    """Finds the cases of transitions."""

    drafts: Drafts

    def all(self) -> Iterator[Draft]:
        """One case for each way out of each state, in written order."""
        for track in self.drafts.explorer.definition.tracks.values():
            for state in track.states.values():
                for way in state.next:
                    yield self._draft(state, way)

    def count(self) -> int:
        """How many cases there are to find."""
        tracks = self.drafts.explorer.definition.tracks.values()
        return sum(len(state.next) for track in tracks for state in track.states.values())

    def _draft(self, state: State, way: Transition) -> Draft:
        file = self.drafts.name("transitions", f"{way.track}.{way.source}-to-{way.to}")
        title = f"{way.track} goes from {way.source} to {way.to}, where `{short(way.when.text)}`"
        entries = self._entries(state, way)
        if isinstance(entries, str):
            return WithoutCase(file, title, entries)
        now = self.drafts.replays.present(entries)
        target = f"{way.track}.{way.to}"
        if now is None or target not in {one.name for one in now.shown("taken")}:
            return WithoutCase(file, title, NO_CASE)
        expect = showing.moves(now, target)
        return self.drafts.case(file, title, (*way.cites, *state.cites), entries, expect)

    def _entries(self, state: State, way: Transition) -> Entries | str:
        """The entries of a case whose last one takes the way, or why there are none."""
        explorer = self.drafts.explorer
        if key_of(way) in explorer.taken:
            return explorer.taken[key_of(way)].entries
        fires = explorer.ways.fires(way)
        if explorer.possible((explorer.ways.place(state), fires)) is None:
            return NO_PATIENT
        if state.choice:
            return self._chosen(state, way)
        goal = Goal(fires, explorer.ways.reads(state), {state.track: state.name})
        node = self.drafts.seeker.seek([goal], lambda case: _last_took(case, way))
        if key_of(way) in explorer.taken:
            return explorer.taken[key_of(way)].entries
        return NO_CASE if node is None else node.entries

    def _chosen(self, state: State, way: Transition) -> Entries | str:
        """A case in which the clinician takes one of the ways of a choice."""
        explorer = self.drafts.explorer

        def is_open(case: Case) -> bool:
            here = case.memory.stands[state.track].state == state.name
            found = takeable(way.track, way.to, case.readings)[0] if here else None
            return found is not None and found.transition is way

        formula = conj((explorer.ways.fires(way), explorer.ways.rests(state)))
        goal = Goal(formula, explorer.ways.reads(state), {state.track: state.name})
        node = explorer.seen(is_open) or self.drafts.seeker.seek([goal], is_open)
        if node is None:
            return NO_CASE
        at = node.case.now + LATER
        return (*node.entries, Batch(at, "check", at, take=(TakeEntry(way.track, way.to),)))


def _last_took(case: Case, way: Transition) -> bool:
    """Whether the batch entered last took a way."""
    last = case.events[-1].batch
    moves = [event for event in case.events if event.batch == last and isinstance(event, TransitionTaken)]
    return any(
        (one.track, one.source, one.to, one.guard) == (way.track, way.source, way.to, way.when.text)
        for one in moves
    )
