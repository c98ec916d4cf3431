"""Where cases wait: for a fact that may never arrive, or for good once something was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from pathway.check.findings import ERROR, WARNING, Finding, Undecided
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.left_behind import LeftBehind
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, disj, neg, substituted_truths
from pathway.check.proofs.ways import name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.engine.settling import ways
from pathway.language.definition import State

MOST_DEEDS, LONGEST = 6, 4  # deeds tried out, ways taken by one entry
GAVE_UP = "The solver gave up"
NO_CASE = "A patient is conceivable, but no case was found that gets there"


@dataclass(slots=True)
class Waiting:
    """Asks of each state what keeps a case in it."""

    explorer: Explorer
    seeker: Seeker
    behind: LeftBehind = field(init=False)
    _passed: frozenset[tuple[str, str]] | None = None

    def __post_init__(self) -> None:
        self.behind = LeftBehind(self.explorer, self.seeker)

    def findings(self) -> Iterator[Finding | Undecided]:
        """States that no case can leave any more, and states that wait for a fact with no deadline."""
        for track in self.explorer.definition.tracks.values():
            for state in track.states.values():
                if (
                    state.kind != "end"
                    and state.next
                    and (track.name, state.name) in self.explorer.entered_states
                ):
                    try:
                        yield from self._for_good(state)
                        yield from self._never_arrives(state)
                    except NotDecidedError:
                        yield Undecided(
                            "dead-end",
                            f"what keeps a case in {state.name}",
                            GAVE_UP,
                            state.place,
                            name_of(state),
                        )

    # --- for good -------------------------------------------------------------------------------
    def _for_good(self, state: State) -> Iterator[Finding | Undecided]:
        """What keeps a case in a state whatever comes: what was said, else where another track has gone."""
        said = list(self._stuck(state))
        yield from said or self.behind.findings(state)

    def _stuck(self, state: State) -> Iterator[Finding | Undecided]:
        """What was done, declined or recorded ever stays so: with all of it some way has to be possible."""
        explorer = self.explorer
        ways_out, reads = explorer.ways, explorer.ways.reads(state)
        scope = name_of(state)
        said = [
            truth
            for key, truth in ways_out.symbols.truths.items()
            if (len(key) == 2 or key[2] == scope)
            and key[1] in (reads.recorded if key[0] == "recorded" else reads.deeds)
        ]
        opens = disj(ways_out.fires(way) for way in state.next)
        if explorer.oracle.possible(ways_out.place(state), opens, *said):
            return
        if not explorer.oracle.possible(ways_out.place(state), opens):
            return  # no way can open at all: each is reported by itself
        needed = self._fewest(state, opens, said)
        goal = conj((*needed, ways_out.rests(state)))

        def shown(case: Case) -> bool:
            return case.memory.stands[state.track].state == state.name and all(
                way.standing != "open" for way in ways(state.track, case.readings)
            )

        what = " and ".join(sorted(str(truth) for truth in needed)).replace(":", " ")
        text = f"no case can leave {state.name} any more after: {what}"
        node = self.seeker.seek([Goal(goal, reads, {state.track: state.name})], shown)
        if node is None:
            yield Undecided("dead-end", f"whether {text}", NO_CASE, state.place, scope)
            return
        witness = Witness(
            explorer.definition.id, node.entries, f"{state.track} stays in {state.name} for ever"
        )
        fix = "Give such cases a way out, or let deeds count since entry"
        yield Finding("dead-end", ERROR, text, fix, state.place, scope, witness)

    def _fewest(self, state: State, opens: Bool, said: list[Bool]) -> list[Bool]:
        """As few of what was said as keep every way closed for good."""
        place, needed = self.explorer.ways.place(state), list(said)
        for truth in said:
            rest = [one for one in needed if one is not truth]
            if not self.explorer.oracle.possible(place, opens, *rest):
                needed = rest
        return needed

    # --- for a fact -----------------------------------------------------------------------------
    def _never_arrives(self, state: State) -> Iterator[Finding | Undecided]:
        if any(do.within is not None for do in state.do):
            return
        reads = self.explorer.ways.reads(state)
        if not reads.needed or not self._can_wait(state):
            return
        waits = [name for name in sorted(reads.needed) if self._waits_for(state, name)]
        if not waits or self._only_passed(state):
            return

        def needed(case: Case) -> set[str]:
            standing = ways(state.track, case.readings)
            return {need for way in standing if way.standing == "waiting" for need in way.needs} & set(waits)

        def shown(case: Case) -> bool:
            return case.memory.stands[state.track].state == state.name and bool(needed(case))

        here = {state.track: state.name}
        node = self.seeker.seek(
            [Goal(self._stays_without(state, name), reads, here) for name in waits], shown
        )
        if node is None:
            about = f"whether {state.name} can wait for ever for {', '.join(waits)}"
            yield Undecided("input-never-arrives", about, NO_CASE, state.place, name_of(state))
            return
        names = ", ".join(name for name in self.explorer.definition.facts if name in needed(node.case))
        text = f"{state.name} can wait for ever for {names}: nothing there is due, and no other way leads on"
        fix = "Give it a deadline or a way for the unknown, or allow it and say why"
        ends = f"{state.track} stays in {state.name}, waiting for {names}"
        witness = Witness(self.explorer.definition.id, node.entries, ends)
        yield Finding("input-never-arrives", WARNING, text, fix, state.place, name_of(state), witness)

    def _can_wait(self, state: State) -> bool:
        """Whether a case can stay in a state while the guard of some way is UNKNOWN."""
        ways_out = self.explorer.ways
        unknown = disj(conj((neg(one.true), neg(one.false))) for one in ways_out.verdicts(state))
        opens = disj(ways_out.fires(way) for way in state.next)
        return self.explorer.oracle.possible(ways_out.place(state), unknown, neg(opens))

    def _only_passed(self, state: State) -> bool:
        """Whether no case that comes to a state stays in it: what it waits for is always known by then."""
        if self._passed is None:
            self._passed = frozenset[tuple[str, str]]()
            self._passed = self._find_passed()
        return (state.track, state.name) in self._passed

    def _find_passed(self) -> frozenset[tuple[str, str]]:
        """The states in which no case was seen to stay, and that no way in leads to a stay in."""
        passed = {
            (track.name, name)
            for track in self.explorer.definition.tracks.values()
            for name in track.states
            if name != track.start and (track.name, name) not in self.explorer.nodes
        }
        while True:
            stayed = {place for place in sorted(passed) if self._stays(place, passed)}
            if not stayed:
                return frozenset(passed)
            passed -= stayed

    def _stays(self, place: tuple[str, str], passed: set[tuple[str, str]]) -> bool:
        """Whether some chain of ways, through states that are only passed, leads to a stay in this one."""
        ways_out = self.explorer.ways
        rests = ways_out.rests(ways_out.state(*place))
        for chain in ways_out.chains_to(*place, LONGEST):
            between = [(place[0], way.source) in passed for way in chain]
            if all(between[1:]) and between[0] and len(chain) == LONGEST:
                return True  # too long a chain to look at
            leads = all(between[1:]) and not between[0]
            if leads and self.explorer.oracle.possible(ways_out.chain(chain, rests)[0]):
                return True
        return False

    def _waits_for(self, state: State, name: str) -> bool:
        """Whether this fact, unknown, can keep every way from opening, whatever is done about actions."""
        goal = self._stays_without(state, name)
        return goal is not False and self.explorer.oracle.possible(self.explorer.ways.place(state), goal)

    def _stays_without(self, state: State, name: str) -> Bool:
        ways_out, symbols = self.explorer.ways, self.explorer.symbols
        reads = ways_out.reads(state)
        verdicts = ways_out.verdicts(state)
        opens = disj(ways_out.fires(way) for way in state.next)
        unknown = disj(conj((neg(one.true), neg(one.false))) for one in verdicts)
        closed = [neg(one) for one in self._with_any_deeds(state, opens, reads)]
        answered, known = symbols.with_another(opens, name)
        return conj((neg(symbols.known(name)), unknown, *closed, answered, known))

    def _with_any_deeds(self, state: State, opens: Bool, reads: Reads) -> Iterator[Bool]:
        """What opens a way, for all that can be done or declined while the case waits."""
        scope = name_of(state)
        said = [
            truth
            for key, truth in self.explorer.symbols.truths.items()
            if (len(key) == 2 or key[2] == scope) and key[0] != "recorded" and key[1] in reads.deeds
        ]
        if isinstance(opens, bool) or not said or len(said) > MOST_DEEDS:
            yield opens
            return
        for values in product((False, True), repeat=len(said)):
            yield substituted_truths(opens, list(zip(said, values, strict=True)))
