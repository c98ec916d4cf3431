"""Circles of automatic ways: proved not to spin, or shown by an entry that makes the engine spin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.exploring import SPINS, START, Explorer, Node
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.smt import Bool, conj, implies, neg, substituted_truths
from pathway.check.proofs.ways import WayKey, Ways, key_of, name_of
from pathway.check.witness import BY, Witness
from pathway.engine.batch import Batch
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.language.definition import Track, Transition

Circle = tuple[Transition, ...]
MOST = 300  # circles looked at in one track
GAVE_UP = "The solver gave up"


@dataclass(slots=True)
class Spinning:
    """Asks whether one entry can send a track round in a circle without end."""

    explorer: Explorer
    _rounds: dict[tuple[WayKey, int, frozenset[str]], Bool] = field(
        default_factory=dict[tuple[WayKey, int, frozenset[str]], Bool]
    )
    _arriving: dict[WayKey, bool] = field(default_factory=dict[WayKey, bool])

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    def findings(self) -> Iterator[Finding | Undecided]:
        """Circles that some case spins in, and those of which that could not be told."""
        try:
            left = self._left()
        except NotDecidedError:
            yield Undecided("auto-cycle", "whether automatic ways can go round in a circle", GAVE_UP)
            return
        left = self._from_rest_only(left)
        for found in left.values():
            told: set[frozenset[WayKey]] = set()
            for circle in found:
                ways = frozenset(key_of(way) for way in circle)
                if ways not in told:
                    told.add(ways)
                    yield self._answer([one for one in found if frozenset(map(key_of, one)) == ways])
        if not left and self.explorer.spun:
            entries, said = self.explorer.spun[0]
            circle = said.partition("(")[2].partition(")")[0]
            witness = Witness(self.explorer.definition.id, entries, "the last entry is refused")
            text = f"one entry sends the case round in a circle: {circle}"
            fix = "Make one guard need a new entry, or let a clinician confirm it"
            yield Finding("auto-cycle", ERROR, text, fix, None, None, witness)

    def _left(self) -> dict[str, list[Circle]]:
        """The circles of each track that nothing rules out.

        A track without any stands still while others go round; so long as tracks are found that stand still,
        the circles of the others are looked at again.
        """
        found: dict[str, list[Circle]] = {}
        for track in self.explorer.definition.tracks.values():
            circles_of_track = self._circles(track)
            if circles_of_track:
                found[track.name] = circles_of_track
        while True:
            moving = frozenset(found)
            left = {
                name: [one for one in some if self._may_spin(one, moving)] for name, some in found.items()
            }
            found = {name: some for name, some in left.items() if some}
            if frozenset(found) == moving:
                return found

    def _circles(self, track: Track) -> list[Circle]:
        drawn = _turning(
            {
                state.name: [way for way in state.next if way.auto and not state.choice]
                for state in track.states.values()
            }
        )
        edges = {name: [way for way in ways if self._can_fire(way)] for name, ways in drawn.items()}
        drawn_circles = list(islice(circles(_turning(edges)), MOST))
        if len(drawn_circles) == MOST:
            raise NotDecidedError
        return [turned for circle in drawn_circles for turned in self._turned(circle)]

    def _can_fire(self, way: Transition) -> bool:
        return self.explorer.oracle.possible(self.ways.fires(way))

    def _turned(self, circle: Circle) -> Iterator[Circle]:
        """The circle from each way it can begin with: all after that fire with nothing done since entry.

        What opens the first way may have been done in the state it leaves; once round is enough (rule 16).
        """
        again = [self._fires_on_arrival(way) for way in circle]
        for number in range(len(circle)):
            if all(again[:number] + again[number + 1 :]):
                yield (*circle[number:], *circle[:number])

    def _fires_on_arrival(self, way: Transition) -> bool:
        """Whether a way can fire when nothing was done since its state was entered."""
        if key_of(way) not in self._arriving:
            self._arriving[key_of(way)] = self.explorer.oracle.possible(self._again(way, 1, frozenset()))
        return self._arriving[key_of(way)]

    def _may_spin(self, circle: Circle, moving: frozenset[str]) -> bool:
        loose = (self._again(way, step, moving) for step, way in enumerate(circle))
        return self.explorer.oracle.possible(*loose)

    def _from_rest_only(self, left: dict[str, list[Circle]]) -> dict[str, list[Circle]]:
        """Without the circles into which no entry sends a case at rest, one track after the other."""
        while True:
            moving = frozenset(left)
            fewer = {
                name: [one for one in some if self._may_spin(one, moving) and self._from_rest(one, moving)]
                for name, some in left.items()
            }
            left = {name: some for name, some in fewer.items() if some}
            if frozenset(left) == moving:
                return left

    def _from_rest(self, circle: Circle, moving: frozenset[str]) -> bool:
        """Whether a case at rest can be sent round by one entry while the tracks beside it stay at rest.

        What is done in that entry counts since entry for every track, wherever each of them stands.
        """
        track, symbols = circle[0].track, self.ways.symbols
        reads = Reads.of(self.ways.reads(self.ways.state(way.track, way.source)) for way in circle)
        if reads.tracks & moving - {track}:
            return True  # what it reads goes round as well
        beside = self.ways.around(place for place in reads.places if place[0] != track)
        everything = Reads.of((reads, self.ways.reads_of(beside)))
        resting = self.ways.settled(place for place in beside if place[0] != track)
        rounds = [symbols.moved(resting, track, way.source) for way in circle]
        steps = [self._again(way, step, frozenset()) for step, way in enumerate(circle)]
        own = self.ways.rests(self.ways.state(track, circle[0].source))
        return (
            self._from_the_first(circle, everything, steps, rounds, own)
            or self._once_others_moved(track, steps, rounds, own)
            or self.explorer.oracle.possible(*(self._again(way, 1, frozenset()) for way in circle), *rounds)
        )

    def _from_the_first(
        self, circle: Circle, reads: Reads, steps: list[Bool], rounds: list[Bool], own: Bool
    ) -> bool:
        """Whether it can begin with the entry itself, all tracks standing where they were at rest before."""
        symbols = self.ways.symbols
        here = symbols.stands_in(circle[0].track, circle[0].source)
        was = symbols.before(conj((rounds[0], own)), reads.facts, reads.deeds | reads.recorded)
        said = self._entered(reads, here, circle[0].track)
        return self.explorer.oracle.possible(*steps, *rounds, was, *said)

    def _once_others_moved(self, track: str, steps: list[Bool], rounds: list[Bool], own: Bool) -> bool:
        """Whether it can begin later in one settle: the track did not move until others had moved."""
        symbols = self.ways.symbols
        places = [
            (truth, symbols.free.boolean(f"in:{other}.{state}@before"))
            for other, stands in symbols.stands.items()
            for state, truth in stands.items()
            if other != track and (other, state) in symbols.places
        ]
        return self.explorer.oracle.possible(*steps, *rounds, substituted_truths(own, places))

    def _entered(self, reads: Reads, here: Bool, track: str) -> Iterator[Bool]:
        """What was done before stays done; what is done now counts since entry wherever tracks stand."""
        symbols = self.ways.symbols
        said = {key: truth for key, truth in symbols.truths.items() if key[1] in reads.deeds | reads.recorded}
        for key, truth in said.items():
            was = symbols.before(truth, set(), {key[1]})
            yield implies(was, truth)
            for other, also in said.items():
                if other[:2] == key[:2] and len(other) > 2:
                    lane, _, state = other[2].partition(".")
                    if state not in symbols.stands.get(lane, ()):
                        continue
                    stands = symbols.stands[lane][state]
                    if lane != track or stands is here:
                        yield implies(conj((truth, neg(was), stands)), also)

    def _again(self, way: Transition, step: int, moving: frozenset[str]) -> Bool:
        """When a way fires while going round: after the first nothing is done on the way, only tracks move.

        Tracks that move too may stand anywhere, at every step anew.
        """
        key = key_of(way), step, moving
        if key not in self._rounds:
            self._rounds[key] = self._find_again(way, step, moving)
        return self._rounds[key]

    def _find_again(self, way: Transition, step: int, moving: frozenset[str]) -> Bool:
        symbols = self.ways.symbols
        scope = f"{way.track}.{way.source}"
        since = [neg(truth) for key, truth in symbols.truths.items() if key[2:] == (scope,) and step > 0]
        formula = conj((symbols.moved(self.ways.fires(way), way.track, way.source), *since))
        places = [
            (truth, symbols.free.boolean(f"in:{other}.{state}@{step}"))
            for other in sorted(moving - {way.track})
            for state, truth in symbols.stands.get(other, {}).items()
            if (other, state) in symbols.places
        ]
        return substituted_truths(formula, places)

    def _answer(self, turned: list[Circle]) -> Finding | Undecided:
        """The finding about a circle, by whichever of its ways it begins; not decided if none was shown."""
        circle = turned[0]
        words = " -> ".join((*(way.source for way in circle), circle[0].source))
        state = self.ways.state(circle[0].track, circle[0].source)
        found = next((shown for one in turned if (shown := self._shown(one)) is not None), None)
        if found is None:
            why = "A patient is conceivable, but no case was found that spins"
            about = f"whether automatic ways go round: {words}"
            return Undecided("auto-cycle", about, why, state.place, name_of(state))
        text = f"automatic ways go round in a circle: {words}"
        fix = "Make one guard need a new entry, or let a clinician confirm it"
        ends = "the last entry is refused, for the case goes round in a circle"
        witness = Witness(self.explorer.definition.id, found, ends)
        return Finding("auto-cycle", ERROR, text, fix, state.place, name_of(state), witness)

    def _shown(self, circle: Circle) -> tuple[Batch, ...] | None:
        """The entries after which the engine goes round."""
        if not self.explorer.nodes:
            return (Batch(START, BY, START),)
        for entries, said in self.explorer.spun:
            if self._is_told(circle, said):
                return entries
        goal = conj(self._again(way, step, frozenset()) for step, way in enumerate(circle))
        reads = Reads.of(self.ways.reads(self.ways.state(way.track, way.source)) for way in circle)
        first = circle[0]
        for node in self.explorer.nodes.get((first.track, first.source), ()):
            batch = self.explorer.proposed(node, goal, reads)
            if batch is not None and _spins(node, batch):
                return (*node.entries, batch)
        for chain in self.ways.chains_to(first.track, first.source, 3):
            for node in self.explorer.nodes.get((first.track, chain[0].source), ()):
                formula, more = self.ways.chain(chain, goal)
                batch = self.explorer.proposed(node, formula, Reads.of((reads, more)))
                if batch is not None and _spins(node, batch):
                    return (*node.entries, batch)
        return None

    def _is_told(self, circle: Circle, said: str) -> bool:
        """Whether the engine said that it went round in this circle: it names where all tracks stood."""
        tracks = list(self.explorer.definition.tracks)
        told = said.partition("(")[2].partition(")")[0].split(" -> ")
        stood = {place.split("/")[tracks.index(circle[0].track)] for place in told if "/" in place or place}
        return {way.source for way in circle} <= stood


def _spins(node: Node, batch: Batch) -> bool:
    try:
        node.case.fork().enter(batch, CONFIRM)
    except EntryError as error:
        return SPINS in str(error)
    return False


def _turning(edges: dict[str, list[Transition]]) -> dict[str, list[Transition]]:
    """Only the ways from whose end some way leads back to their beginning."""
    leading: dict[str, set[str]] = {}
    for start in edges:
        found, waiting = set[str](), [start]
        while waiting:
            fresh = {way.to for way in edges.get(waiting.pop(), ())} - found
            found |= fresh
            waiting += sorted(fresh)
        leading[start] = found
    return {
        name: [way for way in ways if way.to == name or name in leading.get(way.to, ())]
        for name, ways in edges.items()
    }


def circles(edges: dict[str, list[Transition]]) -> Iterator[Circle]:
    """The circles of a graph of ways, each once, from its first state in written order."""
    order = {name: index for index, name in enumerate(edges)}

    def follow(path: Circle, start: str) -> Iterator[Circle]:
        for way in edges.get(path[-1].to if path else start, ()):
            if way.to == start:
                yield (*path, way)
            elif order.get(way.to, -1) > order[start] and all(way.to != one.to for one in path):
                yield from follow((*path, way), start)

    for name in edges:
        yield from follow((), name)
