"""Claims of the form `within`: a deadline is kept on every path, if each action takes no longer than stated.

Counted is from the moment that the instant was recorded, wherever the track then stood, to the end of the
action: on the way the actions that states call for, side by side in a state and one state after the other,
each as long as its `takes`. A state that can be stayed in although all it calls for is done waits for a
fact, which nobody answers for: then no limit is kept. Paths that never call for the action do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.claims import Proved
from pathway.check.proofs.exploring import Explorer, Node, Verify
from pathway.check.proofs.offering import Offering, is_offered
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.ways import Ways, name_of
from pathway.check.witness import BY, Witness
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
    offering: Offering
    _stays: dict[str, int | None] = field(default_factory=dict[str, int | None])

    @classmethod
    def of(cls, explorer: Explorer, seeker: Seeker) -> Within:
        """For what an explorer has found."""
        return cls(explorer, seeker, Offering(explorer.ways))

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    def answers(self) -> Iterator[Proved | Finding | Undecided]:
        """One answer for each claim of this form."""
        for claim in self.explorer.definition.claims.values():
            if claim.form == "within":
                try:
                    with self.explorer.oracle.proving(("claim", claim.name)):
                        answer = self._answer(claim)
                    yield answer
                except NotDecidedError:
                    yield self._undecided(claim, GAVE_UP)
                except UntimedError as error:
                    why = f"How long {error} takes is not stated: give it `takes:`"
                    yield self._undecided(claim, why)

    def _answer(self, claim: Claim) -> Proved | Finding | Undecided:
        calls = list(self.offering.calls(claim.actions[0]))
        if not calls:
            text = f"claim {claim.name} says nothing, for no state calls for {claim.actions[0]}"
            return Finding("vacuous", ERROR, text, "Correct the claim, or remove it", claim.place)
        for state, do in calls:
            for judge in (self._due_late, self._hindered, self._not_called_yet, self._slow):
                fault = judge(claim, state, do)
                if fault is not None:
                    return fault
        return Proved(claim.name, None)

    # --- the deadline itself --------------------------------------------------------------------
    def _due_late(self, claim: Claim, state: State, do: Do) -> Finding | Undecided | None:
        """The call has to be due within the limit, counted from that instant or from entering the state."""
        action, fact, limit = *claim.actions, claim.limit or 0
        allowed = do.within if do.of == fact else None
        if do.within is not None and do.of is None:
            slowest = self._slowest(state)
            allowed = None if slowest.seconds is None else slowest.seconds + do.within
        if allowed is not None and allowed <= limit:
            return None
        said = (
            "is not due within any time after"
            if allowed is None
            else f"is due only {format_duration(allowed)} after"
        )

        def shown(case: Case) -> bool:
            start = case.readings.fact(fact).value
            live = [one for one in called_for.called(action, case.readings).calls if one.do is do]
            due = [called_for.deadline(one, case.readings).due for one in live]
            late = [one for one in due if one is None or (isinstance(start, int) and one > start + limit)]
            return isinstance(start, int) and bool(late)

        text = f"{action} {said} {fact} in {state.name}, and the limit is {_limit(claim)}"
        return self._shown(claim, [self._calling(state, do, fact)], shown, text)

    def _calling(
        self, state: State, do: Do, fact: str, beside: Bool = True, more: Reads | None = None
    ) -> Goal:
        """A case at rest in the state, in which the call is live and the instant is known."""
        live, reads = self.offering.live(do, name_of(state))
        undone = neg(self.ways.encoding.done(do.action, None).true)
        known = self.ways.symbols.known(fact)
        formula = conj((live, undone, known, self.ways.stays(state), beside))
        parts = [reads, self.ways.reads(state), self.ways.reader.fact(fact), Reads(deeds={do.action})]
        return Goal(formula, Reads.of([*parts, *([more] if more else [])]), {state.track: state.name})

    # --- what keeps the action from being done at once ------------------------------------------
    def _hindered(self, claim: Claim, state: State, do: Do) -> Finding | Undecided | None:
        """An action that is held or blocked waits for a fact or for another deed."""
        if self._is_clear(state, do.action):
            return None
        action, fact = claim.actions
        clear, reads = self.offering.cleared(action, True)

        def shown(case: Case) -> bool:
            live = called_for.called(action, case.readings).calls
            return bool(live) and called_for.cleared(action, case.readings) != "recommended"

        text = f"{action} can be held or blocked, however long that lasts"
        return self._shown(claim, [self._calling(state, do, fact, neg(clear), reads)], shown, text)

    def _is_clear(self, state: State, action: str) -> bool:
        clear, _ = self.offering.cleared(action, True)
        return not self.explorer.oracle.possible(self.ways.place(state), neg(clear))

    def _not_called_yet(self, claim: Claim, state: State, do: Do) -> Finding | Undecided | None:
        """A call with a condition waits until that is TRUE."""
        if self._is_called(state, do):
            return None
        action, fact = claim.actions
        live, reads = self.offering.live(do, name_of(state))
        goal = conj(
            (neg(live), self._others_done(state, do), self.ways.stays(state), self.ways.symbols.known(fact))
        )
        undone = neg(self.ways.encoding.done(action, None).true)
        all_reads = Reads.of((reads, self.ways.reads(state), self.ways.reader.fact(fact), self._deeds(state)))

        def shown(case: Case) -> bool:
            here = case.memory.stands[state.track].state == state.name
            return (
                here
                and not called_for.called(action, case.readings).calls
                and not case.readings.done(action, 0)
            )

        text = (
            f"{action} is not called for in {state.name} until its condition is TRUE, however long that takes"
        )
        goals = [Goal(conj((goal, undone)), all_reads, {state.track: state.name})]
        return self._shown(claim, goals, shown, text)

    def _is_called(self, state: State, do: Do) -> bool:
        """Whether a state calls for an action from the start, or once all else it calls for is done."""
        live, _ = self.offering.live(do, name_of(state))
        undone = neg(self.ways.encoding.done(do.action, None).true)
        others = self._others_done(state, do)
        return not self.explorer.oracle.possible(
            self.ways.place(state), self.ways.stays(state), neg(live), undone, others
        )

    def _others_done(self, state: State, do: Do) -> Bool:
        others = [one.action for one in state.do if one.action != do.action]
        return conj(self._done(state, action) for action in others)

    def _done(self, state: State, action: str) -> Bool:
        done = self.ways.encoding.done(action, None).true
        return conj((done, self.ways.symbols.done(action, name_of(state))))

    def _deeds(self, state: State) -> Reads:
        return Reads(deeds={one.action for one in state.do})

    # --- the way there --------------------------------------------------------------------------
    def _slow(self, claim: Claim, state: State, do: Do) -> Finding | Undecided | None:
        action, fact = claim.actions
        here = self._together(state) if self._one_by_one(state) else self._takes(action)
        way, limit = self._slowest(state), claim.limit or 0
        if way.seconds is not None and way.seconds + here <= limit:
            return None
        path = " -> ".join(one.name for one in way.states)
        if way.seconds is None:
            where = way.waits.name if way.waits is not None else state.name
            said = f"a case can stay in {where} on the way to {action} for as long as it likes ({path})"
        else:
            said = f"{action} may be done only after {format_duration(way.seconds + here)} on the way {path}"
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

    def _together(self, state: State) -> int:
        return sum(self._takes(do.action) for do in state.do)

    def _one_by_one(self, state: State) -> bool:
        """Whether what a state calls for may have to wait for one another there."""
        guarded = any(do.when is not None or do.until is not None for do in state.do)
        guards = [item.when for do in state.do for item in self.explorer.compiled.safeguards[do.action]]
        return guarded or any(guard.deeds for guard in guards)

    def _slowest(self, state: State) -> Way:
        """The slowest way to a state from anywhere in its track. Raises UntimedError."""
        leading: dict[str, list[State]] = {}
        waiting, upstream = [state], {state.name}
        while waiting:
            at = waiting.pop()
            leading[at.name] = [one for one in self._before(at) if one is not state]
            fresh = [one for one in leading[at.name] if one.name not in upstream]
            upstream |= {one.name for one in fresh}
            waiting += fresh
        return self._longest(state, leading, ())

    def _longest(self, state: State, leading: dict[str, list[State]], after: tuple[State, ...]) -> Way:
        """The longest of the ways that lead to a state; a circle on the way has no limit."""
        slowest = Way((state,), 0)
        for before in leading[state.name]:
            if before in after or before is state:
                return Way((before, state), None, before)
            time = self._stay(before)
            if time is None:
                return Way((before, state), None, before)
            further = self._longest(before, leading, (*after, state))
            if further.seconds is None:
                return Way((*further.states, state), None, further.waits)
            if further.seconds + time > (slowest.seconds or 0):
                slowest = Way((*further.states, state), further.seconds + time)
        return slowest

    def _before(self, state: State) -> list[State]:
        """The states from which some way into this one is not ruled out."""
        states = self.explorer.definition.tracks[state.track].states.values()
        return [
            source
            for source in states
            if any(
                way.to == state.name
                and self.explorer.oracle.possible(self.ways.place(source), self.ways.takeable(way))
                for way in source.next
            )
        ]

    def _stay(self, state: State) -> int | None:
        """How long a case stays in a state: until all is done that it surely calls for; None for good."""
        if name_of(state) not in self._stays:
            self._stays[name_of(state)] = self._find_stay(state)
        return self._stays[name_of(state)]

    def _find_stay(self, state: State) -> int | None:
        sure = [do for do in state.do if self._is_called(state, do) and self._is_clear(state, do.action)]
        done = [self._done(state, do.action) for do in sure]
        if self.explorer.oracle.possible(self.ways.place(state), self.ways.stays(state), *done):
            return None
        if self._one_by_one(state):
            return self._together(state)
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
                node = self._all_done(node, here)
                break
            step = self._step(node, here, then, node.case.now + stay)
            if step is None:
                return None
            node = step
        at = max(limit + 1, node.case.now + 1)
        late = self.explorer.enter(node, Batch(at, "check", at))
        return late if late is not None and not late.case.readings.done(action, 0) else None

    def _all_done(self, node: Node, state: State) -> Node:
        """The case after everything that is recommended in a state was done in time."""
        offered = [do.action for do in state.do if is_offered(node.case, do.action)]
        at = node.case.now + 1
        done = Batch(at, BY, at, done=tuple(DeedEntry(name) for name in dict.fromkeys(offered)))
        return (self.explorer.enter(node, done) if offered else None) or node

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
