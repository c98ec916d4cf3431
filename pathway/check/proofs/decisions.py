"""Every state by itself: ways that open together, patients whom none takes, guards that never hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

from pathway.check.findings import ERROR, WARNING, Finding, Undecided
from pathway.check.proofs.exploring import Explorer, Node
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads, expressions_of
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, disj, neg, number, substituted
from pathway.check.proofs.terms import Amount, Truth
from pathway.check.proofs.ways import key_of, name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.engine.settling import ways
from pathway.language import expression as ex
from pathway.language.definition import State, Transition
from pathway.language.problems import Place

Found = Finding | Undecided
NO_CASE = "A patient is conceivable, but no case was found that gets there"
GAVE_UP = "The solver gave up"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that may be wrong with a state: when, how the engine shows it, and how to say it."""

    code: str
    goal: Bool
    text: str
    fix: str
    ends: str
    severity: str = ERROR


@dataclass(slots=True)
class Decisions:
    """Asks of each state what its ways out leave open."""

    explorer: Explorer
    seeker: Seeker

    def findings(self) -> Iterator[Found]:
        """All findings about the ways out of states, in the order of the definition."""
        for track in self.explorer.definition.tracks.values():
            for state in track.states.values():
                if (track.name, state.name) in self.explorer.entered_states:
                    yield from self.of(state)

    def of(self, state: State) -> Iterator[Found]:
        """What is wrong with the ways out of one state."""
        yield from self._dead(state)
        for question in (*self._overlap(state), *self._gap(state), *self._holes(state)):
            yield from self._answer(state, question)
        yield from self._always(state)

    # --- questions ------------------------------------------------------------------------------
    def _overlap(self, state: State) -> Iterator[Question]:
        verdicts = self.explorer.ways.verdicts(state)
        if state.choice or len(verdicts) < 2:
            return
        both = disj(conj((one.true, other.true)) for one, other in combinations(verdicts, 2))
        text = f"two ways out of {state.name} can be open together, and the case stops there"
        fix = "Make the guards exclude each other, or write choice: true where the clinician chooses"
        ends = f"{state.track} stops in {state.name}, with two ways in conflict"
        yield Question("overlap", both, text, fix, ends)

    def _gap(self, state: State) -> Iterator[Question]:
        if state.kind != "decision" or not state.next:
            return
        verdicts = self.explorer.ways.verdicts(state)
        text = f"every way out of {state.name} is closed for some patients, and nothing is asked for"
        fix = "Add a way for them, or `otherwise`"
        ends = f"{state.track} stays in {state.name}, with every way closed"
        yield Question("gap", conj(one.false for one in verdicts), text, fix, ends)

    def _holes(self, state: State) -> Iterator[Question]:
        """One value between two that each open a way: a boundary that nobody covers."""
        if state.kind == "decision" or len(state.next) < 2:
            return
        verdicts = self.explorer.ways.verdicts(state)
        for name, limit in self._limits(state):
            goal = self._hole(name, limit, verdicts)
            if goal is not False:
                text = (
                    f"{state.name} has ways for {name} below and above a value, and none for the value itself"
                )
                fix = "Include the boundary on one side"
                ends = f"{state.track} stays in {state.name}, with every way closed"
                yield Question("gap", goal, text, fix, ends)

    def _hole(self, name: str, limit: Fraction, verdicts: list[Truth]) -> Bool:
        """When this very value closes every way, while one step below one way opens and one above another."""
        term = self.explorer.symbols.fact(name)
        if not isinstance(term, Amount):
            return False
        if term.steps is not None:
            variable, size = term.steps
            if (limit / size).denominator != 1:
                return False
            at, beside = limit / size, Fraction(1)
        else:
            variable, at, beside = term.value, limit, Fraction(1, 10**6)

        def there(formula: Bool, value: Fraction) -> Bool:
            return substituted(formula, variable, value)

        closed = there(conj(one.false for one in verdicts), at)
        below = [there(one.true, at - beside) for one in verdicts]
        above = [there(one.true, at + beside) for one in verdicts]
        both = [
            conj((below[one], above[other], neg(above[one]), neg(below[other])))
            for one, other in permutations(range(len(verdicts)), 2)
        ]
        return conj((variable == number(at, variable), closed, disj(both)))

    def _limits(self, state: State) -> Iterator[tuple[str, Fraction]]:
        """The recorded numbers that guards compare with constants, and those constants."""
        definition = self.explorer.definition
        seen: set[tuple[str, Fraction]] = set()
        waiting = [way.when.expression for way in state.next if way.when.expression is not None]
        followed: set[str] = set()
        while waiting:
            for node in ex.walk(waiting.pop()):
                if isinstance(node, ex.FactRef) and node.name not in followed:
                    followed.add(node.name)
                    waiting += expressions_of(definition.facts[node.name])
                for name, limit in limits_in(node):
                    if (name, limit) not in seen and definition.facts[name].formula is None:
                        seen.add((name, limit))
                        yield name, limit

    # --- answers --------------------------------------------------------------------------------
    def _answer(self, state: State, question: Question) -> Iterator[Found]:
        explorer = self.explorer
        reads = explorer.ways.reads(state)
        others = explorer.ways.around(place for place in reads.places if place[0] != state.track)
        goal = conj((question.goal, explorer.ways.settled(others)))
        try:
            with explorer.oracle.proving((question.code, name_of(state))):
                found = explorer.oracle.ask((explorer.ways.place(state), goal))
        except NotDecidedError:
            yield self._undecided(state, question, GAVE_UP)
            return
        if found is None:
            return
        shown = self._closed(state) if question.code == "gap" else self._conflict(state)
        here = {state.track: state.name}
        together = Reads.of((reads, explorer.ways.reads_of(others)))
        # While tracks move together, the state may be met on the way to where they come to rest.
        node = self.seeker.seek([Goal(goal, together, here), Goal(question.goal, reads, here)], shown)
        if node is None:
            yield self._undecided(state, question, NO_CASE)
            return
        yield self._finding(state, question, node)

    def _closed(self, state: State) -> Callable[[Case], bool]:
        def shown(case: Case) -> bool:
            here = case.memory.stands[state.track].state == state.name
            return here and _standings(case, state.track) == {"closed"}

        return shown

    def _conflict(self, state: State) -> Callable[[Case], bool]:
        def shown(case: Case) -> bool:
            here = case.memory.stands[state.track].state == state.name
            return here and "conflict" in _standings(case, state.track)

        return shown

    def _finding(self, state: State, question: Question, node: Node) -> Finding:
        witness = Witness(self.explorer.definition.id, node.entries, question.ends)
        text = question.text
        if question.code == "overlap":
            rivals = [way for way in ways(state.track, node.case.readings) if way.standing == "conflict"]
            names = " and ".join(f"`{way.transition.when.text}` (to {way.transition.to})" for way in rivals)
            text = f"two ways out of {state.name} can be open together: {names}"
        return Finding(
            question.code, question.severity, text, question.fix, state.place, name_of(state), witness
        )

    def _undecided(self, state: State, question: Question, why: str) -> Undecided:
        return Undecided(question.code, f"whether {question.text}", why, state.place, name_of(state))

    # --- guards that never or always hold -------------------------------------------------------
    def _dead(self, state: State) -> Iterator[Found]:
        explorer = self.explorer
        verdicts = explorer.ways.verdicts(state)
        for way in state.next:
            if key_of(way) in explorer.taken:
                continue
            yield self._dead_way(state, way, verdicts[way.index])

    def _dead_way(self, state: State, way: Transition, verdict: Truth) -> Found:
        explorer, place = self.explorer, _place_of(way, state)
        try:
            if not explorer.oracle.possible(explorer.ways.place(state), verdict.true):
                text = f"nothing makes `{way.when.text}` TRUE, so no case goes from {state.name} to {way.to}"
                fix = "Correct the guard, or remove the way"
                return Finding("dead-guard", ERROR, text, fix, place, name_of(state))
            if not explorer.oracle.possible(explorer.ways.place(state), explorer.ways.takeable(way)):
                text = f"`{way.when.text}` is TRUE only where another way out of {state.name} is not closed"
                fix = "It is never taken: make the guards exclude each other"
                return Finding("dead-guard", ERROR, text, fix, place, name_of(state))
        except NotDecidedError:
            return Undecided(
                "unreachable", f"whether a case goes from {state.name} to {way.to}", GAVE_UP, place
            )
        about = f"whether a case goes from {state.name} to {way.to} (`{way.when.text}`)"
        return Undecided("unreachable", about, NO_CASE, place, name_of(state))

    def _always(self, state: State) -> Iterator[Found]:
        explorer = self.explorer
        if len(state.next) < 2:
            return
        for way, verdict in zip(state.next, explorer.ways.verdicts(state), strict=True):
            if way.when.is_otherwise:
                continue
            try:
                if explorer.oracle.possible(explorer.ways.place(state), neg(verdict.true)):
                    continue
            except NotDecidedError:
                about = f"whether `{way.when.text}` is TRUE whatever is on record"
                yield Undecided("always-true", about, GAVE_UP, _place_of(way, state), name_of(state))
                continue
            text = (
                f"`{way.when.text}` is TRUE whatever is on record: {state.name} leads nowhere but to {way.to}"
            )
            fix = "Correct the guard, or remove the other ways"
            yield Finding("always-true", WARNING, text, fix, _place_of(way, state), name_of(state))


def limits_in(node: ex.Expression) -> Iterator[tuple[str, Fraction]]:
    """The numbers that a condition compares a fact with."""
    match node:
        case ex.Compare(left=ex.FactRef(name=name), right=ex.Literal(value=Fraction() as limit)):
            yield name, limit
        case ex.Compare(left=ex.Literal(value=Fraction() as limit), right=ex.FactRef(name=name)):
            yield name, limit
        case ex.Between(operand=ex.FactRef(name=name), low=low, high=high):
            for bound in (low, high):
                if isinstance(bound, ex.Literal) and isinstance(bound.value, Fraction):
                    yield name, bound.value
        case _:
            pass


def _standings(case: Case, track: str) -> set[str]:
    return {way.standing for way in ways(track, case.readings)}


def _place_of(way: Transition, state: State) -> Place | None:
    return way.when.place or state.place
