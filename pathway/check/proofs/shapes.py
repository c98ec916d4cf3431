"""States that no case reaches or leaves, and tracks that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.places import Places, TooManyPlacesError, never_together
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import conj, disj
from pathway.check.proofs.ways import Ways, name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.language.definition import State

LONGEST, MOST = 4, 3_000  # tracks that wait for each other in a ring, and rings looked at
GAVE_UP = "The solver gave up"
NO_CASE = "No case was found that gets there, and no proof that there is none"
Ring = tuple[State, ...]  # at least two


@dataclass(slots=True)
class Shapes:
    """Asks what cases can reach at all."""

    explorer: Explorer
    seeker: Seeker

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    def findings(self) -> Iterator[Finding | Undecided]:
        """Unreachable states, dead ends and deadlocks."""
        for track in self.explorer.definition.tracks.values():
            for state in track.states.values():
                try:
                    yield from self._of(state)
                except NotDecidedError:
                    yield Undecided(
                        "unreachable", f"whether a case reaches {state.name}", GAVE_UP, state.place
                    )
        yield from self._deadlocks()

    def _of(self, state: State) -> Iterator[Finding | Undecided]:
        scope = name_of(state)
        if (state.track, state.name) in self.explorer.entered_states:
            opens = disj(self.ways.fires(way) for way in state.next)
            dead = state.kind != "end" and state.next and not self._possible(state, opens)
            if dead:
                text = f"no way out of {state.name} can ever be taken, and it is no end"
                yield Finding(
                    "dead-end", ERROR, text, "Correct its guards, or write kind: end", state.place, scope
                )
            return
        if self._is_led_to(state) and not self._can_be_reached(state):
            text = f"no case reaches {state.name}: no guard on the way there can hold"
            yield Finding(
                "unreachable", ERROR, text, "Correct the guards that lead there", state.place, scope
            )
        elif self._is_led_to(state):
            yield Undecided(
                "unreachable", f"whether a case reaches {state.name}", NO_CASE, state.place, scope
            )

    def _is_led_to(self, state: State) -> bool:
        """Whether any way leads to a state: without one it was reported by its shape."""
        states = self.explorer.definition.tracks[state.track].states.values()
        return any(way.to == state.name for source in states for way in source.next)

    def _possible(self, state: State, formula: object) -> bool:
        return self.explorer.oracle.possible(self.ways.place(state), formula)

    def _can_be_reached(self, state: State) -> bool:
        """Whether the solver leaves any way to a state open, wherever the other tracks stand."""
        places = Places(self.ways, self.explorer.oracle, (state.track,))
        try:
            return any(place.stands == (state.name,) for place in places.all())
        except TooManyPlacesError:
            return True

    # --- deadlocks ------------------------------------------------------------------------------
    def _deadlocks(self) -> Iterator[Finding | Undecided]:
        waiters = [state for state in self._entered() if self._waits_for_tracks(state)]
        try:
            for ring in self._rings(waiters):
                yield from self._ring(ring, " and ".join(name_of(state) for state in ring))
        except NotDecidedError:
            yield Undecided("deadlock", "whether tracks wait for each other", GAVE_UP)

    def _entered(self) -> Iterator[State]:
        entered = self.explorer.entered_states
        for track in self.explorer.definition.tracks.values():
            yield from (state for state in track.states.values() if (track.name, state.name) in entered)

    def _waits_for_tracks(self, state: State) -> bool:
        """Whether each way out of a state reads where some other track stands."""
        if state.kind == "end" or not state.next:
            return False
        reads = [self.ways.reader.guard(way.when) for way in state.next if not way.when.is_otherwise]
        return all(one.tracks - {state.track} for one in reads)

    def _rings(self, waiters: list[State]) -> Iterator[Ring]:
        """States of different tracks that together keep each of them from moving; no smaller ring within."""
        found: list[frozenset[str]] = []
        tried = 0
        for size in range(2, LONGEST + 1):
            for ring in combinations(waiters, size):
                names = frozenset(name_of(state) for state in ring)
                tracks = {state.track for state in ring}
                apart = len(tracks) < size or any(smaller <= names for smaller in found)
                if apart or any(
                    not self.ways.reads(state).tracks & (tracks - {state.track}) for state in ring
                ):
                    continue
                tried += 1
                if tried > MOST:
                    raise NotDecidedError
                if all(self._blocked(state, ring) for state in ring):
                    found.append(names)
                    yield ring

    def _blocked(self, state: State, ring: Ring) -> bool:
        """Whether no way out of a state can open while the others stand where they do, though some can."""
        opens = disj(self.ways.takeable(way) for way in state.next)
        others = [self.ways.place(other) for other in ring if other is not state]
        return self._possible(state, opens) and not self._possible(state, conj((opens, *others)))

    def _ring(self, ring: Ring, names: str) -> Iterator[Finding | Undecided]:
        here = {state.track: state.name for state in ring}

        def shown(case: Case) -> bool:
            return all(case.memory.stands[track].state == name for track, name in here.items())

        reads = Reads.of((self.ways.reads(*ring), Reads(tracks=set(here))))
        resting = Goal(conj(self.ways.rests(state) for state in ring), reads, here)
        node = self.explorer.seen(shown) or self.seeker.seek([resting], shown)
        if node is None and never_together(self.ways, self.explorer.oracle, ring):
            return
        if node is None:
            yield Undecided(
                "deadlock", f"whether {names} wait for each other", NO_CASE, ring[0].place, name_of(ring[0])
            )
            return
        text = f"{names} wait for each other: neither can move until another does"
        fix = "Let one of them go on by itself"
        witness = Witness(self.explorer.definition.id, node.entries, f"the case stays in {names} for ever")
        yield Finding("deadlock", ERROR, text, fix, ring[0].place, name_of(ring[0]), witness)
