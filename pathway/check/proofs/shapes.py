"""States that no case reaches or leaves, and tracks that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.places import Places, TooManyPlacesError
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import conj, disj
from pathway.check.proofs.ways import Ways, name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.language.definition import State

LONGEST = 4  # tracks that wait for each other in a ring
GAVE_UP = "The solver gave up"
NO_CASE = "No case was found that gets there, and no proof that there is none"
Ring = tuple[State, ...]  # at least two


@dataclass(slots=True)
class Shapes:
    """Asks what cases can reach at all."""

    explorer: Explorer
    seeker: Seeker
    _blocks: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

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
        for ring in self._rings(waiters):
            names = " and ".join(name_of(state) for state in ring)
            try:
                yield from self._ring(ring, names)
            except NotDecidedError:
                yield Undecided("deadlock", f"whether {names} wait for each other", GAVE_UP, ring[0].place)

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
        """Rings of states of different tracks, each of which keeps the one before it from moving."""
        order = {name_of(state): number for number, state in enumerate(waiters)}

        def after(state: State, path: Ring) -> bool:
            later = order[name_of(state)] > order[name_of(path[0])]
            return later and all(state.track != one.track for one in path)

        def follow(path: Ring) -> Iterator[Ring]:
            first, last = path[0], path[-1]
            for state in waiters:
                if state.track not in self.ways.reads(last).tracks or not self._blocked(last, state):
                    continue
                if state is first and last is not first:
                    yield path
                elif len(path) < LONGEST and after(state, path):
                    yield from follow((*path, state))

        for state in waiters:
            yield from follow((state,))

    def _blocked(self, state: State, by: State) -> bool:
        """Whether no way out of a state can open as long as another track stands where it does."""
        key = name_of(state), name_of(by)
        if key not in self._blocks:
            opens = disj(self.ways.fires(way) for way in state.next)
            possible = self._possible(state, opens)
            self._blocks[key] = possible and not self._possible(state, conj((opens, self.ways.place(by))))
        return self._blocks[key]

    def _ring(self, ring: Ring, names: str) -> Iterator[Finding | Undecided]:
        here = {state.track: state.name for state in ring}

        def shown(case: Case) -> bool:
            return all(case.memory.stands[track].state == name for track, name in here.items())

        reads = Reads.of((self.ways.reads(*ring), Reads(tracks=set(here))))
        resting = Goal(conj(self.ways.rests(state) for state in ring), reads, here)
        node = self.explorer.seen(shown) or self.seeker.seek([resting], shown)
        if node is None and self._apart(ring):
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

    def _apart(self, ring: Ring) -> bool:
        """Whether these states are never stood in together."""
        tracks = tuple(state.track for state in ring)
        names = tuple(state.name for state in ring)
        for wanted in (set(tracks), self.ways.cone(set(tracks))):
            places = Places(self.ways, self.explorer.oracle, (*tracks, *sorted(wanted - set(tracks))))
            try:
                if not any(place.stands[: len(names)] == names for place in places.all()):
                    return True
            except TooManyPlacesError:
                return False
        return False
