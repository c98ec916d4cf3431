"""Finding cases that reach every state and take every transition: the solver proposes, the engine decides."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pathway.check.proofs.encoding import Encoding
from pathway.check.proofs.oracle import Found, NotDecidedError, Oracle
from pathway.check.proofs.patient import (
    Reader,
    Reads,
    as_it_is,
    at_or_after,
    context,
    enterable,
    entry,
    expressions_of,
    rounded,
    wishes,
)
from pathway.check.proofs.smt import Bool, conj
from pathway.check.proofs.symbols import Symbols, named_codes
from pathway.check.proofs.ways import WayKey, Ways, key_of
from pathway.check.witness import BY
from pathway.engine import events as ev
from pathway.engine.batch import Batch, TakeEntry
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.language import expression as ex
from pathway.language.definition import Definition, Guard, Transition

START = 1_772_352_000  # 1 March 2026, 08:00 UTC: any instant does
SPINS = "goes round in a circle"
KEPT = 4  # cases remembered for each state, and tries to take a way before the others were tried
PARTS = 1, 10, 1000  # of a step, on which numbers are sought that lie on none
Verify = Callable[[Case], bool]


@dataclass(eq=False, slots=True)
class Node:
    """A case that the engine has been run on, with all its entries."""

    case: Case
    entries: tuple[Batch, ...]

    def stands(self, track: str) -> str:
        return self.case.memory.stands[track].state


@dataclass(slots=True)
class Explorer:
    """Runs cases through a pathway, each entry made to open a way that no case has taken yet."""

    compiled: CompiledPathway
    oracle: Oracle
    ways: Ways
    nodes: dict[tuple[str, str], list[Node]] = field(default_factory=dict[tuple[str, str], list[Node]])
    taken: dict[WayKey, Node] = field(default_factory=dict[WayKey, Node])
    queue: deque[Node] = field(default_factory=deque[Node])
    spun: list[tuple[tuple[Batch, ...], str]] = field(default_factory=list[tuple[tuple[Batch, ...], str]])
    entered: int = 0
    _entered: tuple[int, frozenset[tuple[str, str]]] = (-1, frozenset())
    _tries: Counter[WayKey] = field(default_factory=Counter[WayKey])

    @classmethod
    def of(cls, compiled: CompiledPathway, oracle: Oracle) -> Explorer:
        """An explorer that has not set out yet."""
        definition = compiled.definition
        expressions = [guard.expression for guard in guards_of(definition) if guard.expression is not None]
        expressions += [one for fact in definition.facts.values() for one in expressions_of(fact)]
        nodes = [node for expression in expressions for node in ex.walk(expression)]
        places = frozenset((node.track, node.state) for node in nodes if isinstance(node, ex.InState))
        symbols = Symbols(
            definition, oracle.tell, oracle.free, named=named_codes(definition, expressions), places=places
        )
        ways = Ways(definition, Encoding(definition, symbols), Reader(definition))
        return cls(compiled, oracle, ways)

    @property
    def definition(self) -> Definition:
        return self.compiled.definition

    @property
    def symbols(self) -> Symbols:
        return self.ways.symbols

    @property
    def entered_states(self) -> frozenset[tuple[str, str]]:
        """The states that some case has been in."""
        if self._entered[0] != len(self.taken):
            self._entered = len(self.taken), frozenset(self._find_entered())
        return self._entered[1]

    def _find_entered(self) -> set[tuple[str, str]]:
        found = {(track.name, track.start) for track in self.definition.tracks.values()}
        ways = (self.definition.tracks[track].states[source].next[i] for track, source, i in self.taken)
        return found | {(way.track, way.to) for way in ways}

    def missing(self) -> Iterator[Transition]:
        """The ways that no case has taken, in written order."""
        for track in self.definition.tracks.values():
            for state in track.states.values():
                yield from (way for way in state.next if key_of(way) not in self.taken)

    # --- setting out ----------------------------------------------------------------------------
    def explore(self) -> Iterator[None]:
        """Run cases until no entry takes a new way from where they stand; a step for each case."""
        try:
            case, _ = open_case(self.compiled, "counter-example", START, BY, START)
            case.enter(Batch(START, BY, START), CONFIRM)
        except EntryError:  # it spins as soon as it is opened
            return
        self.note(Node(case, (Batch(START, BY, START),)), case.events)
        yield from self.go_on()

    def begin_anew(self) -> None:
        """Try the ways that no case has taken once more, from every case remembered."""
        self._tries.clear()
        self.queue.extend(self.all_nodes())

    def go_on(self) -> Iterator[None]:
        """Go on from the cases that have shown something new."""
        while self.queue:
            node = self.queue.popleft()
            for track in self.definition.tracks.values():
                for way in track.states[node.stands(track.name)].next:
                    self._try(node, way)
            yield

    def _try(self, node: Node, way: Transition) -> None:
        key = key_of(way)
        new = key not in self.taken or (way.track, way.to) not in self.nodes
        if new and self._tries[key] < KEPT and node.stands(way.track) == way.source:
            self._tries[key] += 1
            self.take(node, way)

    # --- one entry ------------------------------------------------------------------------------
    def take(self, node: Node, way: Transition, hold: Iterable[str] = ()) -> Node | None:
        """A case that goes on from a node by a way, or None where none was found.

        It stays in the state it comes to if no case has so far; facts to `hold` keep what is on record.
        """
        ways, recorded = self.ways, self.symbols.recorded
        before = len(node.case.events)

        def took(case: Case) -> bool:
            return any(moved(event, way) for event in case.events[before:])

        held = [as_it_is(node.case, name, recorded[name]) for name in hold if name in recorded]
        if (way.track, way.to) not in self.nodes:
            reached = self.stay(node, way, held)
            if reached is not None:
                return reached
        reads = ways.reads(ways.state(way.track, way.source))
        return self.attempt(node, conj((ways.fires(way), *held)), reads, took, (way,))

    def stay(self, node: Node, way: Transition, held: Iterable[Bool] = ()) -> Node | None:
        """A case that goes on from a node by a way and stays in the state it comes to."""
        ways = self.ways
        source, target = ways.state(way.track, way.source), ways.state(way.track, way.to)
        staying = conj((ways.fires(way), *held, ways.rests(target)))

        def stayed(case: Case) -> bool:
            return case.memory.stands[way.track].state == way.to

        return self.attempt(node, staying, ways.reads(source, target), stayed, (way,))

    def attempt(
        self, node: Node, goal: Bool, reads: Reads, verify: Verify, by: tuple[Transition, ...] = ()
    ) -> Node | None:
        """A case that goes on from a node so that the goal holds and the engine agrees.

        Of the ways it goes `by`, the clinician takes those out of states that leave a choice.
        """
        for wished in (True, False):
            batch = self.proposed(node, goal, reads, wished)
            if batch is None:
                return None
            reached = self.enter(node, replace(batch, take=self._takes(by)))
            if reached is not None and verify(reached.case):
                return reached
        return None

    def proposed(self, node: Node, goal: Bool, reads: Reads, wished: bool = True) -> Batch | None:
        """An entry after which the solver expects the goal to hold; `wished` changes as little as it can."""
        symbols, case = self.symbols, node.case
        scopes = {f"{track}.{stand.state}": stand.entered_seq for track, stand in case.memory.stands.items()}
        fixed = [*context(case, reads, symbols, scopes), *enterable(reads, symbols, self.definition)]
        if symbols.clock is not None:
            fixed.append(at_or_after(symbols, case.now + 1))
        if symbols.utc is not None:
            fixed.append(symbols.utc)  # cases are shown in UTC; what is proved holds in every zone
        kept = wishes(case, reads, symbols) if wished else []
        found = self._with_round_numbers((goal, *fixed), kept, reads)
        return None if found is None else entry(case, found, reads, symbols, self.definition)

    def _with_round_numbers(self, goals: tuple[Bool, ...], wished: list[Bool], reads: Reads) -> Found | None:
        """A patient of whom the goals hold, with numbers on their steps where that can be."""
        found = self.possible(goals, wished)
        for parts in PARTS:
            round_ones = [] if found is None else rounded(found, reads, self.symbols, self.definition, parts)
            if not round_ones:
                break
            found = self.possible(goals, [*round_ones, *wished]) or found
        return found

    def _takes(self, by: tuple[Transition, ...]) -> tuple[TakeEntry, ...]:
        chosen = {way.track: way.to for way in by if self.ways.state(way.track, way.source).choice}
        return tuple(TakeEntry(track, to) for track, to in chosen.items())

    def possible(self, goals: Iterable[Bool], wished: Iterable[Bool] = ()) -> Found | None:
        """A patient of whom the goals hold; None also where the solver cannot tell."""
        try:
            return self.oracle.ask(goals, wished)
        except NotDecidedError:
            return None

    def enter(self, node: Node, batch: Batch) -> Node | None:
        """A case that goes on from a node with an entry, noted; None where the entry is refused."""
        case = node.case.fork()
        before = len(case.events)
        self.entered += 1
        try:
            case.enter(batch, CONFIRM)
        except EntryError as error:
            if SPINS in str(error):
                self.spun.append(((*node.entries, batch), str(error)))
            return None
        reached = Node(case, (*node.entries, batch))
        self.note(reached, case.events[before:])
        return reached

    # --- what cases have shown ------------------------------------------------------------------
    def note(self, node: Node, events: Iterable[ev.Event]) -> None:
        """Remember what a case has shown, and go on from it where it shows something new."""
        fresh = False
        for event in events:
            if isinstance(event, ev.TransitionTaken):
                for way in self.definition.tracks[event.track].states[event.source].next:
                    if moved(event, way) and key_of(way) not in self.taken:
                        self.taken[key_of(way)] = node
                        fresh = True
        for track, stand in node.case.memory.stands.items():
            kept = self.nodes.setdefault((track, stand.state), [])
            if len(kept) < KEPT:
                kept.append(node)
                fresh = True
        if fresh:
            self.queue.append(node)

    def all_nodes(self) -> list[Node]:
        """Every case remembered, in the order in which they were found."""
        return list(dict.fromkeys(node for kept in self.nodes.values() for node in kept))

    def seen(self, verify: Verify) -> Node | None:
        """A case run so far that shows something."""
        return next((node for node in self.all_nodes() if verify(node.case)), None)


def guards_of(definition: Definition) -> Iterator[Guard]:
    """Every guard that stands anywhere."""
    for track in definition.tracks.values():
        for state in track.states.values():
            yield from (way.when for way in state.next)
            yield from (one for do in state.do for one in (do.when, do.until) if one is not None)
    yield from (item.when for item in definition.safeguards.values())
    yield from (item.when for item in definition.notices.values() if item.when is not None)
    yield from (item.guard for item in definition.claims.values() if item.guard is not None)
    for action in definition.actions.values():
        yield from (dose.when for dose in action.doses if dose.when is not None)
        yield from (row.when for row in action.records if row.when is not None)
        yield from (one for one in (action.evidence,) if one is not None)


def moved(event: ev.Event, way: Transition) -> bool:
    """Whether an event is the taking of a way."""
    return (
        isinstance(event, ev.TransitionTaken)
        and (event.track, event.source, event.to) == (way.track, way.source, way.to)
        and event.guard == way.when.text
    )
