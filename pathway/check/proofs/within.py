"""Claims of the form `within`: a deadline is kept on every path, if each action takes no longer than stated.

Counted is from the moment that the instant was recorded, wherever the track then stood, to the end of the
action: on the way the actions that states call for, side by side in a state and one state after the other,
each as long as its `takes`. A state that can be stayed in although all it calls for is done waits for a
fact, which nobody answers for: then no limit is kept. Paths that never call for the action do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.claims import Proved
from pathway.check.proofs.exploring import Explorer, Node, Verify
from pathway.check.proofs.offering import Offering
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, disj, neg
from pathway.check.proofs.ways import Ways, name_of
from pathway.check.witness import Witness
from pathway.engine import calls as called_for
from pathway.engine.batch import Batch, DeedEntry, FactEntry
from pathway.engine.case import Case
from pathway.language.calendar import UTC, format_duration, format_instant
from pathway.language.definition import Claim, Do, State, Transition

GAVE_UP = "The solver gave up"
NO_CASE = "It looks broken, but no case was found that shows it"


class UntimedError(Exception):
    """An action on the way has no `takes`."""


@dataclass(frozen=True, slots=True)
class Way:
    """The slowest way to an action: the states on it, and how long they take; None without a limit."""

    states: tuple[State, ...]
    seconds: int | None
    waits: State | None = None


@dataclass(slots=True)
class Within:
    """Proves or refutes that deadlines are kept."""

    explorer: Explorer
    seeker: Seeker

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    def answers(self) -> Iterator[Proved | Finding | Undecided]:
        """One answer for each claim of this form."""
        for claim in self.explorer.definition.claims.values():
            if claim.form == "within":
                try:
                    yield self._answer(claim)
                except NotDecidedError:
                    yield self._undecided(claim, GAVE_UP)
                except UntimedError as error:
                    why = f"How long {error} takes is not stated: give it `takes:`"
                    yield self._undecided(claim, why)

    def _answer(self, claim: Claim) -> Proved | Finding | Undecided:
        action, limit = claim.actions[0], claim.limit
        assert limit is not None
        calls = [(state, do) for state, do in Offering(self.ways).calls(action) if self._entered(state)]
        if not calls:
            text = f"claim {claim.name} says nothing, for no case comes to a state that calls for {action}"
            return Finding("vacuous", ERROR, text, "Correct the claim, or remove it", claim.place)
        for state, do in calls:
            for fault in (
                self._due_late(claim, state, do),
                self._held(claim, state),
                self._slow(claim, state),
            ):
                if fault is not None:
                    return fault
        return Proved(claim.name, None)

    def _entered(self, state: State) -> bool:
        return (state.track, state.name) in self.explorer.entered_states

    # --- the deadline itself --------------------------------------------------------------------
    def _due_late(self, claim: Claim, state: State, do: Do) -> Finding | Undecided | None:
        """The call has to be due within the limit."""
        action, fact, limit = *claim.actions, claim.limit or 0
        allowed = do.within
        if do.within is not None and do.of != fact:
            slowest = self._slowest(state)
            allowed = None if slowest.seconds is None else slowest.seconds + do.within
        if allowed is not None and allowed <= limit:
            return None
        said = (
            "has no deadline" if allowed is None else f"is due only {format_duration(allowed)} after {fact}"
        )

        def shown(case: Case) -> bool:
            start = case.readings.fact(fact).value
            live = [one for one in called_for.called(action, case.readings).calls if one.do is do]
            due = [called_for.deadline(one, case.readings).due for one in live]
            late = [one for one in due if one is None or (isinstance(start, int) and one > start + limit)]
            return isinstance(start, int) and bool(late)

        goals = self._calling(state, do, fact)
        return self._shown(
            claim, goals, shown, f"{action} {said} in {state.name}, and the limit is {_limit(claim)}"
        )

    def _calling(self, state: State, do: Do, fact: str) -> list[Goal]:
        """Cases in which the call is live and the instant is known."""
        encoding, reader = self.ways.encoding, self.ways.reader
        guards = [guard for guard in (do.when, do.until) if guard is not None]
        wanted = True if do.when is None else encoding.guard(do.when, name_of(state)).true
        over = False if do.until is None else encoding.guard(do.until, name_of(state)).true
        undone = neg(encoding.done(do.action, None).true)
        known = self.ways.symbols.known(fact)
        formula = conj((wanted, neg(over), undone, known, self.ways.rests(state)))
        reads = Reads.of((self.ways.reads(state), reader.fact(fact), *(reader.guard(one) for one in guards)))
        return [Goal(formula, Reads.of((reads, Reads(deeds={do.action}))), {state.track: state.name})]

    # --- held -----------------------------------------------------------------------------------
    def _held(self, claim: Claim, state: State) -> Finding | Undecided | None:
        """An action that is held waits for a fact."""
        action, fact = claim.actions
        held = self._holding(action)
        if not self.explorer.oracle.possible(self.ways.place(state), held):
            return None
        guards = [item.when for item in self.explorer.compiled.safeguards[action]]
        reads = Reads.of(self.ways.reader.guard(guard) for guard in guards)
        goals = [
            Goal(conj((goal.formula, held)), Reads.of((goal.reads, reads)), goal.here)
            for at, do in Offering(self.ways).calls(action)
            if at is state
            for goal in self._calling(at, do, fact)
        ]

        def shown(case: Case) -> bool:
            live = called_for.called(action, case.readings).calls
            return bool(live) and called_for.cleared(action, case.readings) == "held"

        return self._shown(
            claim, goals, shown, f"{action} can be held until a fact is known, however long that takes"
        )

    def _holding(self, action: str) -> Bool:
        holds: list[Bool] = []
        blocks: list[Bool] = []
        for item in self.explorer.compiled.safeguards[action]:
            when = self.ways.encoding.guard(item.when)
            holds.append(conj((neg(when.true), neg(when.false))) if item.unknown == "hold" else False)
            blocks.append(when.true if item.effect == "block" else False)
        return conj((disj(holds), neg(disj(blocks))))

    # --- the way there --------------------------------------------------------------------------
    def _slow(self, claim: Claim, state: State) -> Finding | Undecided | None:
        action, fact = claim.actions
        takes = self._takes(action)
        way, limit = self._slowest(state), claim.limit or 0
        if way.seconds is not None and way.seconds + takes <= limit:
            return None
        path = " -> ".join(one.name for one in way.states)
        if way.seconds is None:
            where = way.waits.name if way.waits is not None else state.name
            said = f"a case can wait in {where} on the way to {action} without anything to do ({path})"
        else:
            total = format_duration(way.seconds + takes)
            said = f"{action} is done only after {total} on the way {path}"
        node = self._travel(way, fact, action, limit)
        return (
            self._refuted(claim, said, node)
            if node is not None
            else self._undecided(claim, f"{NO_CASE}: {said}")
        )

    def _takes(self, action: str) -> int:
        takes = self.explorer.definition.actions[action].takes
        if takes is None:
            raise UntimedError(action)
        return takes

    def _slowest(self, state: State) -> Way:
        """The slowest way to a state from anywhere in its track. Raises UntimedError."""
        slowest = Way((state,), 0)
        waiting = [Way((state,), 0)]
        while waiting:
            way = waiting.pop()
            for before in self._before(way.states[0]):
                if before in way.states:
                    continue
                time = self._stay(before)
                states = (before, *way.states)
                if time is None:
                    return Way(states, None, before)
                longer = Way(states, (way.seconds or 0) + time)
                slowest = longer if (longer.seconds or 0) > (slowest.seconds or 0) else slowest
                waiting.append(longer)
        return slowest

    def _before(self, state: State) -> list[State]:
        taken = self.explorer.taken
        states = self.explorer.definition.tracks[state.track].states.values()
        return [
            source
            for source in states
            if any(
                way.to == state.name and (way.track, way.source, way.index) in taken for way in source.next
            )
        ]

    def _stay(self, state: State) -> int | None:
        """How long a case stays in a state at most: until all it calls for is done; None without limit."""
        done = [self.ways.encoding.done(do.action, None).true for do in state.do]
        scope = name_of(state)
        since = [self.ways.symbols.done(do.action, scope) for do in state.do]
        if self.explorer.oracle.possible(self.ways.place(state), self.ways.rests(state), *done, *since):
            return None
        return max((self._takes(do.action) for do in state.do), default=0)

    # --- cases ----------------------------------------------------------------------------------
    def _travel(self, way: Way, fact: str, action: str, limit: int) -> Node | None:
        """A case that goes the slow way, each action done as late as is stated, until the limit is past."""
        first = way.states[0]
        for node in self.explorer.nodes.get((first.track, first.name), ()):
            start = self.explorer.enter(node, _recording(node, fact))
            if start is None or start.stands(first.track) != first.name:
                continue
            found = self._go(start, way, action, start.case.now + limit)
            if found is not None:
                return found
        return None

    def _go(self, node: Node, way: Way, action: str, limit: int) -> Node | None:
        for here, then in zip(way.states, way.states[1:], strict=False):
            stay = self._stay(here)
            if stay is None:
                break
            step = self._step(node, here, then, node.case.now + stay)
            if step is None:
                return None
            node = step
        at = max(limit + 1, node.case.now + 1)
        late = self.explorer.enter(node, Batch(at, "check", at))
        return late if late is not None and not late.case.readings.done(action, 0) else None

    def _step(self, node: Node, here: State, then: State, at: int) -> Node | None:
        clock = self.ways.symbols.now() == max(at, node.case.now + 1)
        ways: list[Transition] = [way for way in here.next if way.to == then.name]

        def there(case: Case) -> bool:
            return case.memory.stands[then.track].state == then.name

        for way in ways:
            goal = conj((self.ways.fires(way), clock))
            found = self.explorer.attempt(node, goal, self.ways.reads(here), there, (way,))
            if found is not None:
                return found
        return None

    # --- answers --------------------------------------------------------------------------------
    def _shown(self, claim: Claim, goals: list[Goal], shown: Verify, said: str) -> Finding | Undecided:
        node = self.explorer.seen(shown) or self.seeker.seek(goals, shown)
        return (
            self._undecided(claim, f"{NO_CASE}: {said}") if node is None else self._refuted(claim, said, node)
        )

    def _refuted(self, claim: Claim, said: str, node: Node) -> Finding:
        text = f"claim {claim.name} does not hold: {said}"
        witness = Witness(self.explorer.definition.id, node.entries, said)
        return Finding(
            "claim-refuted", ERROR, text, "Correct the pathway, or the claim", claim.place, None, witness
        )

    def _undecided(self, claim: Claim, why: str) -> Undecided:
        return Undecided("claim-refuted", f"claim {claim.name}", why, claim.place)


def _limit(claim: Claim) -> str:
    return format_duration(claim.limit or 0)


def _recording(node: Node, fact: str) -> Batch:
    """The entry that records an instant when it comes."""
    at = node.case.now + 60
    says = [
        name
        for name, action in node.case.compiled.definition.actions.items()
        if any(row.fact == fact and row.value is None for row in action.records)
    ]
    done = tuple(DeedEntry(name) for name in says[:1])
    return Batch(at, "check", at, facts=(FactEntry(fact, format_instant(at, UTC)),), done=done)
