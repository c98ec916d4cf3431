"""Finding a case that shows what the solver thinks possible, however many tracks and entries it takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import islice

from pathway.check.proofs.exploring import Explorer, Node, Verify
from pathway.check.proofs.patient import LATER, REASON, Reads
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.ways import WayKey, key_of
from pathway.check.witness import BY
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry
from pathway.engine.case import Case
from pathway.language import expression as ex
from pathway.language.definition import Transition

FAR = 1000  # ways between states of which none leads to the other
TRIES, NEAREST, EXPANSIONS = 3, 30, 30  # places wanted, cases tried, gone on from without coming nearer
STARTS, MOST_SAID = 4, 4  # cases, and actions, for which something is said long before
ARRIVALS = 6  # chains of ways by which a state may be come to that no case stayed in
TOGETHER = 3  # tracks that move by one entry before the goal is met
LONGEST, CHAINS = 4, 40  # ways taken by one entry, and how many such chains are tried


@dataclass(frozen=True, slots=True)
class Goal:
    """What shall hold after the last entry, what that reads, where tracks shall stand before it.

    `by` is a way that the last entry shall take.
    """

    formula: Bool
    reads: Reads
    here: Mapping[str, str] = field(default_factory=dict[str, str])
    by: tuple[Transition, ...] = ()


@dataclass(slots=True)
class Seeker:
    """Goes on from the cases of an explorer until one shows what is sought."""

    explorer: Explorer
    _leading: dict[tuple[str, str, frozenset[WayKey]], Mapping[str, int]] = field(
        default_factory=dict[tuple[str, str, frozenset[WayKey]], Mapping[str, int]]
    )
    _requests: dict[str, list[tuple[WayKey, tuple[str, str]]]] = field(
        default_factory=dict[str, list[tuple[WayKey, tuple[str, str]]]]
    )

    def take(self, way: Transition) -> Node | None:
        """A case that goes by a way which no single entry opened so far."""
        explorer = self.explorer
        source = explorer.ways.state(way.track, way.source)
        goal = Goal(explorer.ways.fires(way), explorer.ways.reads(source), {way.track: way.source}, (way,))
        found = self.seek([goal], lambda case: key_of(way) in explorer.taken)
        for _ in explorer.go_on():
            pass
        return found

    def seek(self, goals: Sequence[Goal], verify: Verify) -> Node | None:
        """A case that meets one of the goals and that the engine confirms; None where none was found."""
        everywhere = [*goals, *(one for goal in goals for one in self._arrivals(goal))]
        wanted = [(goal, places) for goal in everywhere if (places := self._places(goal))]
        for goal, places in wanted:
            for node in self._nearest(goal, places):
                found = self.explorer.attempt(node, goal.formula, goal.reads, verify, goal.by)
                if found is not None:
                    return found
        for step in (self._on_the_way, self._by_others, self._said_before, self._go_on):
            for goal, places in wanted:
                found = step(goal, places, verify)
                if found is not None:
                    return found
        return None

    def _arrivals(self, goal: Goal) -> Iterator[Goal]:
        """The goal as it is met on arrival, where no case has yet stayed in the state it is about."""
        ways, nodes = self.explorer.ways, self.explorer.nodes
        for track, state in goal.here.items():
            chains = () if (track, state) in nodes else ways.chains_to(track, state, LONGEST)
            rested = (chain for chain in chains if (track, chain[0].source) in nodes)
            for chain in islice(rested, ARRIVALS):
                formula, reads = ways.chain(chain, goal.formula)
                here = {**goal.here, track: chain[0].source}
                yield Goal(formula, Reads.of((reads, goal.reads)), here, (*chain, *goal.by))

    def _on_the_way(self, goal: Goal, places: list[dict[str, str]], verify: Verify) -> Node | None:
        """A case that meets the goal on arrival: one entry leads there through states it does not stay in."""
        for track, state in goal.here.items():
            chains = islice(self.explorer.ways.chains_to(track, state, LONGEST), CHAINS)
            for chain in chains:
                formula, reads = self.explorer.ways.chain(chain, goal.formula)
                if self.explorer.possible((formula,)) is None:
                    continue
                both = Reads.of((reads, goal.reads))
                for node in self.explorer.nodes.get((track, chain[0].source), ()):
                    found = self.explorer.attempt(node, formula, both, verify, (*chain, *goal.by))
                    if found is not None:
                        return found
        return None

    def _said_before(self, goal: Goal, places: list[dict[str, str]], verify: Verify) -> Node | None:
        """A case in which something was done or declined long before anybody called for it."""
        starts = dict.fromkeys(node for node in self.explorer.all_nodes()[:1])
        for track, state in goal.here.items():
            for chain in islice(self.explorer.ways.chains_to(track, state, LONGEST), CHAINS):
                starts.update(dict.fromkeys(self.explorer.nodes.get((track, chain[0].source), ())[:1]))
        for node in list(starts)[:STARTS]:
            for batch in _saying(node, sorted(goal.reads.deeds)):
                prepared = self.explorer.enter(node, batch)
                found = None if prepared is None else self._from(prepared, goal, verify)
                if found is not None:
                    return found
        return None

    def _from(self, node: Node, goal: Goal, verify: Verify) -> Node | None:
        """A case that meets the goal by one entry, or by one entry that leads there and one more."""
        if _is_here(node, goal.here):
            return self.explorer.attempt(node, goal.formula, goal.reads, verify, goal.by)
        for track, state in goal.here.items():
            for chain in islice(self.explorer.ways.chains_to(track, state, LONGEST), CHAINS):
                if node.stands(track) != chain[0].source:
                    continue
                for formula, reads in (
                    self.explorer.ways.chain(chain, goal.formula),
                    self.explorer.ways.chain(chain),
                ):
                    both = Reads.of((reads, goal.reads))
                    arrived = self.explorer.attempt(
                        node, formula, both, lambda case: True, (*chain, *goal.by)
                    )
                    if arrived is None:
                        continue
                    if verify(arrived.case):
                        return arrived
                    if _is_here(arrived, goal.here):
                        found = self.explorer.attempt(arrived, goal.formula, goal.reads, verify, goal.by)
                        if found is not None:
                            return found
        return None

    def _by_others(self, goal: Goal, places: list[dict[str, str]], verify: Verify) -> Node | None:
        """A case that meets the goal by one entry which makes other tracks move first."""
        for node in self._nearest(goal, places)[:STARTS]:
            found = self._after_moves(node, goal, verify, TOGETHER)
            if found is not None:
                return found
        return None

    # --- places ---------------------------------------------------------------------------------
    def _places(self, goal: Goal) -> list[dict[str, str]]:
        """Some of the places in which tracks can stand where the goal holds."""
        explorer, symbols = self.explorer, self.explorer.symbols
        tracks = sorted(goal.reads.tracks)
        fixed = [symbols.stands_in(*place) for place in goal.here.items()]
        at_start = [symbols.stands_in(name, explorer.definition.tracks[name].start) for name in tracks]
        refused: list[Bool] = []
        found: list[dict[str, str]] = []
        while len(found) < TRIES:
            patient = explorer.possible((goal.formula, *fixed, *refused), at_start)
            if patient is None:
                break
            places: dict[str, str] = {}
            for track in tracks:
                standing = symbols.stands[track].items()
                places[track] = next(state for state, truth in standing if patient.holds(truth))
            found.append({**places, **goal.here})
            refused.append(neg(conj(symbols.stands_in(*place) for place in places.items())))
        return found

    def _nearest(self, goal: Goal, places: list[dict[str, str]]) -> list[Node]:
        """The cases that stand where the goal wants them, those nearest to its other places first."""
        nodes = [node for node in self.explorer.all_nodes() if _is_here(node, goal.here)]
        return sorted(nodes, key=lambda node: self._apart(node, places))[:NEAREST]

    def _apart(self, node: Node, places: list[dict[str, str]]) -> int:
        """How many ways lie at least between where a case stands and the nearest of these places."""
        return min(
            sum(self._distance(node, track, state) for track, state in wanted.items()) for wanted in places
        )

    def _distance(self, node: Node, track: str, to: str) -> int:
        """How many ways lead to a state, none of which asks for a place that is out of reach for good."""
        barred = frozenset(
            way
            for way, place in self._asking(track)
            if node.stands(place[0]) not in self._distances(*place, frozenset())
        )
        return self._distances(track, to, barred).get(node.stands(track), FAR)

    def _asking(self, track: str) -> list[tuple[WayKey, tuple[str, str]]]:
        """The ways of a track that another track has to stand somewhere for."""
        if track not in self._requests:
            states = self.explorer.definition.tracks[track].states.values()
            self._requests[track] = [
                (key_of(way), place) for state in states for way in state.next for place in _required(way)
            ]
        return self._requests[track]

    def _distances(self, track: str, to: str, barred: frozenset[WayKey]) -> Mapping[str, int]:
        """How many ways lead to a state from each state of its track, whatever else guards say."""
        if (track, to, barred) not in self._leading:
            into: dict[str, list[str]] = {}
            for state in self.explorer.definition.tracks[track].states.values():
                for way in state.next:
                    if key_of(way) not in barred:
                        into.setdefault(way.to, []).append(state.name)
            found, waiting = {to: 0}, deque([to])
            while waiting:
                at = waiting.popleft()
                for source in into.get(at, ()):
                    if source not in found:
                        found[source] = found[at] + 1
                        waiting.append(source)
            self._leading[track, to, barred] = found
        return self._leading[track, to, barred]

    # --- going on -------------------------------------------------------------------------------
    def _go_on(self, goal: Goal, places: list[dict[str, str]], verify: Verify) -> Node | None:
        """Go on from the cases nearest to the goal, and from where these lead."""
        tracks = tuple(sorted({*goal.reads.tracks, *goal.here}))
        nodes = self.explorer.all_nodes()
        waiting = [(self._apart(node, places), number, node) for number, node in enumerate(nodes)]
        heapify(waiting)
        seen: set[tuple[tuple[str, ...], frozenset[str]]] = set()
        left, nearest, number = EXPANSIONS, FAR, 0
        while waiting and waiting[0][0] < FAR and left > 0:
            apart, _, node = heappop(waiting)
            left, nearest = (EXPANSIONS, apart) if apart < nearest else (left - 1, nearest)
            number += 1
            found = self._meets(node, goal, verify)
            if found is not None:
                return found
            for count, child in enumerate(self._children(node, tracks)):
                key = tuple(child.stands(track) for track in tracks), _known(child.case, goal.reads)
                if verify(child.case):
                    return child
                if key not in seen:
                    seen.add(key)
                    heappush(waiting, (self._apart(child, places), 1000 * number + count, child))
        return None

    def _meets(self, node: Node, goal: Goal, verify: Verify) -> Node | None:
        """A case that goes on from here and meets the goal, at once or after another track has moved."""
        if not _is_here(node, goal.here):
            return None
        found = self.explorer.attempt(node, goal.formula, goal.reads, verify, goal.by)
        return found if found is not None else self._after_moves(node, goal, verify, 1)

    def _after_moves(self, node: Node, goal: Goal, verify: Verify, most: int) -> Node | None:
        """A case that meets the goal once other tracks have moved, each for the next, all by one entry."""
        ways = self.explorer.ways
        waiting = deque([(goal, frozenset[str]())])
        while waiting:
            wanted, been = waiting.popleft()
            for track in sorted(wanted.reads.tracks - been):
                for way in ways.state(track, node.stands(track)).next:
                    moved_on = ways.symbols.moved(wanted.formula, track, way.to)
                    if moved_on is wanted.formula:
                        continue
                    formula = conj((ways.fires(way), moved_on))
                    if self.explorer.possible((formula,)) is None:
                        continue
                    reads = Reads.of((wanted.reads, ways.reads(ways.state(track, way.source))))
                    before = Goal(formula, reads, wanted.here, (way, *wanted.by))
                    found = self.explorer.attempt(node, formula, reads, verify, before.by)
                    if found is not None:
                        return found
                    if len(been) + 1 < most:
                        waiting.append((before, been | {track}))
        return None

    def _children(self, node: Node, tracks: tuple[str, ...]) -> Iterator[Node]:
        """Where each way out leads; what else it leads to, where a case went further at once; and by another
        fact, where one fact alone opened it."""
        explorer = self.explorer
        for track in tracks:
            for way in explorer.ways.state(track, node.stands(track)).next:
                child = explorer.take(node, way)
                if child is None:
                    continue
                yield child
                if child.stands(track) != way.to:
                    yield from self._passing_through(node, way, child.stands(track))
                last = child.entries[-1]
                changed = {item.fact for item in (*last.facts, *last.retracted)}
                other = explorer.take(node, way, hold=changed) if len(changed) == 1 else None
                if other is not None:
                    yield other

    def _passing_through(self, node: Node, way: Transition, known: str) -> Iterator[Node]:
        """A case that stays where a way leads, or else those that go on from there to no known state."""
        explorer = self.explorer
        staying = explorer.stay(node, way)
        if staying is not None:
            yield staying
            return
        for onward in explorer.ways.state(way.track, way.to).next:
            if onward.to != known:
                formula, reads = explorer.ways.chain((way, onward))
                further = explorer.attempt(node, formula, reads, lambda case: True, (way, onward))
                if further is not None:
                    yield further


def _saying(node: Node, actions: list[str]) -> Iterator[Batch]:
    """Entries in which one action is declined, or done."""
    at = node.case.now + LATER
    for name in actions[:MOST_SAID]:
        yield Batch(at, BY, at, declined=(DeclineEntry(name, REASON),))
        yield Batch(at, BY, at, done=(DeedEntry(name),))


def _is_here(node: Node, here: Mapping[str, str]) -> bool:
    return all(node.stands(track) == state for track, state in here.items())


def _known(case: Case, reads: Reads) -> frozenset[str]:
    """The facts of those read that are on record with a value."""
    current = case.memory.current
    return frozenset(name for name in reads.facts if name in current and current[name].value is not None)


def _required(way: Transition) -> list[tuple[str, str]]:
    """The places of other tracks without which a way is never open."""
    node = way.when.expression
    items = node.items if isinstance(node, ex.And) else (node,)
    return [
        (item.track, item.state) for item in items if isinstance(item, ex.InState) and item.track != way.track
    ]
