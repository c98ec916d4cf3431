"""When ways out of states fire, as formulas: TRUE with every sibling FALSE (rule 12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pathway.check.proofs.encoding import Encoding
from pathway.check.proofs.patient import Reader, Reads
from pathway.check.proofs.smt import Bool, conj, disj, implies, neg
from pathway.check.proofs.symbols import Symbols
from pathway.check.proofs.terms import Truth
from pathway.language.definition import Definition, State, Transition

WayKey = tuple[str, str, int]


def key_of(way: Transition) -> WayKey:
    """A way by its track, its state and its place in the written order."""
    return way.track, way.source, way.index


def name_of(state: State) -> str:
    """A state by its track and its own name; deeds since entering it are counted under this name."""
    return f"{state.track}.{state.name}"


@dataclass(slots=True)
class Ways:
    """The ways out of every state of a definition as formulas, each made once."""

    definition: Definition
    encoding: Encoding
    reader: Reader
    _verdicts: dict[str, list[Truth]] = field(default_factory=dict[str, list[Truth]])
    _fires: dict[WayKey, Bool] = field(default_factory=dict[WayKey, Bool])
    _rests: dict[str, Bool] = field(default_factory=dict[str, Bool])
    _reads: dict[str, Reads] = field(default_factory=dict[str, Reads])

    @property
    def symbols(self) -> Symbols:
        return self.encoding.symbols

    def state(self, track: str, state: str) -> State:
        return self.definition.tracks[track].states[state]

    def verdicts(self, state: State) -> list[Truth]:
        """The ways out of a state, in written order: when each is TRUE and when FALSE."""
        scope = name_of(state)
        if scope not in self._verdicts:
            plain = [self.encoding.guard(way.when, scope) for way in state.next if not way.when.is_otherwise]
            others = Truth(conj(one.false for one in plain), disj(one.true for one in plain))
            left = iter(plain)
            self._verdicts[scope] = [others if way.when.is_otherwise else next(left) for way in state.next]
        return self._verdicts[scope]

    def fires(self, way: Transition) -> Bool:
        """When a way fires: TRUE, and every sibling FALSE; where the clinician chooses, TRUE."""
        key = key_of(way)
        if key not in self._fires:
            state = self.state(way.track, way.source)
            verdicts = self.verdicts(state)
            others = [one.false for index, one in enumerate(verdicts) if index != way.index]
            self._fires[key] = conj((verdicts[way.index].true, *([] if state.choice else others)))
        return self._fires[key]

    def takeable(self, way: Transition) -> Bool:
        """When a way can be taken: it fires, or it is one side of a conflict, which a clinician settles."""
        verdicts = self.verdicts(self.state(way.track, way.source))
        rivals = [one.true for index, one in enumerate(verdicts) if index != way.index]
        return disj((self.fires(way), conj((verdicts[way.index].true, disj(rivals)))))

    def rests(self, state: State) -> Bool:
        """When no automatic way out of a state fires."""
        key = name_of(state)
        if key not in self._rests:
            ways = [] if state.choice else [way for way in state.next if way.auto]
            self._rests[key] = conj(neg(self.fires(way)) for way in ways)
        return self._rests[key]

    def stays(self, state: State) -> Bool:
        """When no way out of a state fires, nor one that a clinician has only to confirm."""
        ways = () if state.choice else state.next
        return conj(neg(self.fires(way)) for way in ways)

    def settled(self, places: Iterable[tuple[str, str]]) -> Bool:
        """When no automatic way fires out of any of these places that a track stands in."""
        return conj(
            implies(self.symbols.stands_in(*place), self.rests(self.state(*place)))
            for place in sorted(places)
        )

    def around(self, places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """The places, and those that their ways out read, however far."""
        found, waiting = set[tuple[str, str]](), sorted(places)
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += sorted(self.reads(self.state(*place)).places)
        return found

    def reads_of(self, places: Iterable[tuple[str, str]]) -> Reads:
        """What the ways out of these places read."""
        return self.reads(*(self.state(*place) for place in sorted(places)))

    def place(self, state: State) -> Bool:
        """When the state's track stands in it."""
        return self.symbols.stands_in(state.track, state.name)

    def reads(self, *states: State) -> Reads:
        """What the ways out of states read."""
        found = Reads()
        for state in states:
            key = name_of(state)
            if key not in self._reads:
                self._reads[key] = Reads.of(self.reader.guard(way.when) for way in state.next)
            found.add(self._reads[key])
        return found

    def cone(self, tracks: set[str]) -> set[str]:
        """The tracks, and those that their ways read, however far."""
        found, waiting = set[str](), sorted(tracks)
        while waiting:
            track = waiting.pop()
            if track not in found:
                found.add(track)
                waiting += sorted(self.reads(*self.definition.tracks[track].states.values()).tracks)
        return found

    def chain(self, chain: tuple[Transition, ...], then: Bool = True) -> tuple[Bool, Reads]:
        """When ways of one track fire one after the other on the same facts, and something holds at the end.

        What was done before a state was entered does not count since entering it.
        """
        parts: list[Bool] = []
        at = chain[0].source if chain else ""
        for way in chain:
            parts.append(self._on_arrival(self.fires(way), way.track, way.source, way.source != at))
        end = chain[-1]
        parts.append(self._on_arrival(then, end.track, end.to, True))
        return conj(parts), self.reads(*(self.state(way.track, way.source) for way in chain))

    def _on_arrival(self, formula: Bool, track: str, state: str, fresh: bool) -> Bool:
        if not fresh:
            return formula
        scope = f"{track}.{state}"
        since = [neg(truth) for key, truth in self.symbols.truths.items() if key[2:] == (scope,)]
        return conj((self.symbols.moved(formula, track, state), *since))

    def chains_to(self, track: str, state: str, longest: int) -> Iterator[tuple[Transition, ...]]:
        """The chains of ways that lead to a state without a circle, shortest first."""
        waiting: list[tuple[Transition, ...]] = [()]
        for _ in range(longest):
            longer: list[tuple[Transition, ...]] = []
            for chain in waiting:
                first = chain[0].source if chain else state
                been = {state, *(way.source for way in chain)}
                longer += [(way, *chain) for way in self._into(track, first) if way.source not in been]
            yield from longer
            waiting = longer

    def _into(self, track: str, state: str) -> list[Transition]:
        states = self.definition.tracks[track].states.values()
        return [way for source in states for way in source.next if way.to == state]
