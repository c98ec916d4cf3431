"""Circles of automatic ways: proved not to spin, or shown by an entry that makes the engine spin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.exploring import SPINS, START, Explorer, Node
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads, at_or_after, context, entry, wishes
from pathway.check.proofs.smt import Bool, boolean, conj, neg, substituted_truths
from pathway.check.proofs.ways import Ways, name_of
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
        for found in left.values():
            for circle in found:
                yield self._answer(circle)

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
        edges = {
            state.name: [way for way in state.next if way.auto and not state.choice and self._goes_round(way)]
            for state in track.states.values()
            if any(way.auto for way in state.next)
        }
        found = list(islice(circles(edges), MOST))
        if len(found) == MOST:
            raise NotDecidedError
        return found

    def _may_spin(self, circle: Circle, moving: frozenset[str]) -> bool:
        loose = (self._again(way, step, moving) for step, way in enumerate(circle))
        return self.explorer.oracle.possible(*loose)

    def _goes_round(self, way: Transition) -> bool:
        """Whether a way can fire when nothing was done since its state was entered."""
        return self.explorer.oracle.possible(self._again(way, 0, frozenset()))

    def _again(self, way: Transition, step: int, moving: frozenset[str]) -> Bool:
        """When a way fires while going round: nothing is done on the way, only tracks move.

        Tracks that move too may stand anywhere, at every step anew.
        """
        symbols = self.ways.symbols
        scope = f"{way.track}.{way.source}"
        since = [neg(truth) for key, truth in symbols.truths.items() if key[2:] == (scope,)]
        formula = conj((symbols.moved(self.ways.fires(way), way.track, way.source), *since))
        places = [
            (truth, boolean(f"{truth}@{step}"))
            for other in sorted(moving - {way.track})
            for truth in symbols.stands.get(other, {}).values()
        ]
        return substituted_truths(formula, places)

    def _answer(self, circle: Circle) -> Finding | Undecided:
        words = " -> ".join((*(way.source for way in circle), circle[0].source))
        state = self.ways.state(circle[0].track, circle[0].source)
        goal = conj(self._again(way, step, frozenset()) for step, way in enumerate(circle))
        found = self._shown(circle, goal)
        if found is None:
            why = "A patient is conceivable, but no case was found that spins"
            about = f"whether automatic ways go round: {words}"
            return Undecided("auto-cycle", about, why, state.place, name_of(state))
        text = f"automatic ways go round in a circle: {words}"
        fix = "Make one guard need a new entry, or let a clinician confirm it"
        ends = "the last entry is refused, for the case goes round in a circle"
        witness = Witness(self.explorer.definition.id, found, ends)
        return Finding("auto-cycle", ERROR, text, fix, state.place, name_of(state), witness)

    def _shown(self, circle: Circle, goal: Bool) -> tuple[Batch, ...] | None:
        """The entries after which the engine goes round."""
        if not self.explorer.nodes:
            return (Batch(START, BY, START),)
        for entries, said in self.explorer.spun:
            if self._is_told(circle, said):
                return entries
        reads = Reads.of(self.ways.reads(self.ways.state(way.track, way.source)) for way in circle)
        for way in circle:
            for node in self.explorer.nodes.get((way.track, way.source), ()):
                batch = self._next(node, goal, reads)
                if batch is not None and _spins(node, batch):
                    return (*node.entries, batch)
            for chain in self.ways.chains_to(way.track, way.source, 3):
                for node in self.explorer.nodes.get((way.track, chain[0].source), ()):
                    formula, more = self.ways.chain(chain, goal)
                    batch = self._next(node, formula, Reads.of((reads, more)))
                    if batch is not None and _spins(node, batch):
                        return (*node.entries, batch)
        return None

    def _is_told(self, circle: Circle, said: str) -> bool:
        """Whether the engine said that it went round in this circle: it names where all tracks stood."""
        tracks = list(self.explorer.definition.tracks)
        told = said.partition("(")[2].partition(")")[0].split(" -> ")
        stood = {place.split("/")[tracks.index(circle[0].track)] for place in told if "/" in place or place}
        return {way.source for way in circle} <= stood

    def _next(self, node: Node, goal: Bool, reads: Reads) -> Batch | None:
        symbols, case = self.ways.symbols, node.case
        scopes = {f"{track}.{stand.state}": stand.entered_seq for track, stand in case.memory.stands.items()}
        fixed = context(case, reads, symbols, scopes)
        if symbols.clock is not None:
            fixed.append(at_or_after(symbols, case.now + 1))
        found = self.explorer.possible((goal, *fixed), wishes(case, reads, symbols))
        return None if found is None else entry(case, found, reads, symbols, self.explorer.definition)


def _spins(node: Node, batch: Batch) -> bool:
    try:
        node.case.fork().enter(batch, CONFIRM)
    except EntryError as error:
        return SPINS in str(error)
    return False


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
