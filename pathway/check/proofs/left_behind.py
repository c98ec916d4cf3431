"""Tracks left behind: they wait for a place of another track that it can no longer come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.exploring import Explorer, Node
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.places import never_together
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, disj
from pathway.check.proofs.ways import name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.language.definition import State

NO_CASE = "No case was found that gets there, and no proof that there is none"


@dataclass(slots=True)
class LeftBehind:
    """Asks of a state whether another track can have gone past every place that its ways out need.

    A track that never began to move is no patient's care that stops: one that stays at its start idles.
    """

    explorer: Explorer
    seeker: Seeker
    _ahead: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[str, ...]]
    )

    def findings(self, state: State) -> Iterator[Finding | Undecided]:
        """For each other track, the first place that leaves the state behind, with a case that shows it."""
        ways = self.explorer.ways
        others = ways.reads(state).tracks - {state.track}
        if not others or state.name == self.explorer.definition.tracks[state.track].start:
            return
        opens = disj(ways.takeable(way) for way in state.next)
        if not self.explorer.oracle.possible(ways.place(state), opens):
            return  # a state that nothing opens at all is reported by itself
        for other in sorted(others):
            suspects = self._suspects(state, opens, other)
            past = [place for place in suspects if self._leaves(state, opens, place)]
            together = [place for place in past if not self._never_together(state, place)]
            if together:
                yield self._shown(state, together)

    def _suspects(self, state: State, opens: Bool, other: str) -> list[State]:
        """The places of another track that may leave the state behind.

        To a guard all places that it does not name are the same: if a way can open with the other track in
        one of them, it can in each.
        """
        ways, states = self.explorer.ways, self.explorer.definition.tracks[other].states
        named = {name for track, name in ways.reads(state).places if track == other}
        nameless = disj(ways.symbols.stands_in(other, name) for name in states if name not in named)
        alike = self.explorer.oracle.possible(ways.place(state), opens, nameless)
        return [place for place in states.values() if place.name in named or not alike]

    def _leaves(self, state: State, opens: Bool, place: State) -> bool:
        """Whether a case may stand in both, and no way opens wherever the other track still comes to."""
        ways, oracle = self.explorer.ways, self.explorer.oracle
        here, symbols = ways.place(state), ways.symbols
        if (place.track, place.name) not in self.explorer.entered_states:
            return False
        ahead = disj(symbols.stands_in(place.track, name) for name in self._places_ahead(place))
        resting = (ways.place(place), ways.rests(state), ways.rests(place))
        return not oracle.possible(here, opens, ahead) and oracle.possible(here, *resting)

    def _places_ahead(self, place: State) -> tuple[str, ...]:
        """The states that lie ahead of one in its track, itself among them."""
        key = place.track, place.name
        if key not in self._ahead:
            states = self.explorer.definition.tracks[place.track].states
            found, waiting = {place.name}, [place.name]
            while waiting:
                fresh = {way.to for way in states[waiting.pop()].next} - found
                found |= fresh
                waiting += sorted(fresh)
            self._ahead[key] = tuple(sorted(found))
        return self._ahead[key]

    def _never_together(self, state: State, place: State) -> bool:
        return never_together(self.explorer.ways, self.explorer.oracle, (state, place))

    def _shown(self, state: State, places: list[State]) -> Finding | Undecided:
        scope = name_of(state)
        for place in places:
            node = self._case_in(state, place)
            if node is not None:
                gone = name_of(place)
                text = f"{scope} can wait for ever: once {gone} is reached, nothing opens a way out of it"
                fix = "Give such cases a way out, or let the other track wait"
                witness = Witness(
                    self.explorer.definition.id, node.entries, f"{state.track} stays in {state.name} for ever"
                )
                return Finding("dead-end", ERROR, text, fix, state.place, scope, witness)
        about = f"whether {scope} can be left behind by {', '.join(map(name_of, places))}"
        return Undecided("dead-end", about, NO_CASE, state.place, scope)

    def _case_in(self, state: State, place: State) -> Node | None:
        """A case that rests in both."""
        ways, here = self.explorer.ways, {state.track: state.name, place.track: place.name}

        def shown(case: Case) -> bool:
            return all(case.memory.stands[track].state == name for track, name in here.items())

        reads = Reads.of((ways.reads(state, place), Reads(tracks=set(here))))
        resting = Goal(conj((ways.rests(state), ways.rests(place))), reads, here)
        return self.explorer.seen(shown) or self.seeker.seek([resting], shown)
