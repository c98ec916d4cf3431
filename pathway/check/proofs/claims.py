"""Claims: proved for every snapshot there can be, or refuted by a case that the engine was run on (rule 28).

Facts may change at any time, deeds may come unasked, actions may be declined. Staff do what is recommended
(rule 22): what was done while held or blocked breaks no claim. A deed once done stays done, and no track is
sent back by an override: a correction or an override is the act of a person who answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.findings import ERROR, Finding, Undecided
from pathway.check.proofs.breaches import Breach, Breaches
from pathway.check.proofs.exploring import Explorer, Node, Verify
from pathway.check.proofs.offering import Offering, is_offered
from pathway.check.proofs.oracle import NotDecidedError
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.ways import Ways
from pathway.check.witness import BY, Witness
from pathway.engine.batch import Batch, OverrideEntry
from pathway.engine.case import Case
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.language import expression as ex
from pathway.language.definition import Claim, Guard, Transition
from pathway.language.evaluate import explained, judge
from pathway.language.verdict import Verdict

GAVE_UP = "The solver gave up"
NO_CASE = "A patient is conceivable who breaks it, but no case was found that gets there"


@dataclass(frozen=True, slots=True)
class Proved:
    """A claim that holds of every case, with a case that puts it to the test."""

    claim: str
    trigger: Witness | None


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a claim speaks of: it says nothing unless some case comes to it."""

    name: str
    goals: tuple[Goal, ...] | None
    seen: Verify


Answer = Proved | Finding | Undecided


@dataclass(slots=True)
class Claims:
    """Proves or refutes the claims of a definition."""

    explorer: Explorer
    seeker: Seeker
    offering: Offering
    breaches: Breaches

    @classmethod
    def of(cls, explorer: Explorer, seeker: Seeker) -> Claims:
        """For what an explorer has found."""
        return cls(explorer, seeker, Offering(explorer.ways), Breaches(explorer, seeker))

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    def answers(self) -> Iterator[Answer]:
        """One answer for each claim, in written order; a claim that no case triggers is an error."""
        for claim in self.explorer.definition.claims.values():
            if claim.form in FORMS:
                yield self.answer(claim)

    def answer(self, claim: Claim) -> Answer:
        """What is to be said about one claim."""
        forms = {"only": self._only, "never": self._never, "always": self._always, "before": self._before}
        try:
            return forms[claim.form](claim)
        except NotDecidedError:
            return self._undecided(claim, GAVE_UP)

    # --- forms ----------------------------------------------------------------------------------
    def _only(self, claim: Claim) -> Answer:
        action, guard = claim.actions[0], _guard(claim)
        if not self.explorer.definition.actions[action].orderable:
            text = f"claim {claim.name} says nothing, for {action} is only shown and never offered"
            return Finding("vacuous", ERROR, text, "Correct the claim, or remove it", claim.place)
        beside = neg(self.ways.encoding.guard(guard).true)
        reads = self.ways.reader.guard(guard)
        found = list(self.offering.breaches(action, beside, reads, claim.unless_overridden))

        def broken(case: Case) -> bool:
            return is_offered(case, action) and not _is_true(case, guard)

        said = f"{action} can be offered although `{guard.text}` is not TRUE"
        return self._judged(claim, found, broken, said, [self._offer(action)], action)

    def _offer(self, action: str) -> Part:
        return Part(action, tuple(self.offering.offered(action)), lambda case: is_offered(case, action))

    def _never(self, claim: Claim) -> Answer:
        guard = _guard(claim)
        reads = self.ways.reader.guard(guard)
        breach = self._snapshot(self.ways.encoding.guard(guard).true, reads)
        parts = [self._part(node) for node in _conjuncts(guard)]
        said = f"`{guard.text}` can become TRUE"
        return self._judged(claim, [breach], lambda case: _is_true(case, guard), said, parts)

    def _always(self, claim: Claim) -> Answer:
        guard = _guard(claim)
        reads = self.ways.reader.guard(guard)
        breach = self._snapshot(neg(self.ways.encoding.guard(guard).true), reads)
        parts = [self._part(node) for node in _premises(guard)]
        said = f"`{guard.text}` can be other than TRUE"
        return self._judged(claim, [breach], lambda case: not _is_true(case, guard), said, parts)

    def _before(self, claim: Claim) -> Answer:
        first, then = claim.actions
        undone = neg(self.ways.encoding.done(first, None).true)
        evidence = self.explorer.definition.actions[first].evidence
        reads = Reads.of((Reads(deeds={first}), *([self.ways.reader.guard(evidence)] if evidence else [])))
        if "." not in then:
            found = list(self.offering.breaches(then, undone, reads, False))

            def offered(case: Case) -> bool:
                return is_offered(case, then) and not case.readings.done(first, 0)

            said = f"{then} can be offered before {first} is done"
            return self._judged(claim, found, offered, said, [self._offer(then)])
        track, _, state = then.partition(".")
        if state == self.explorer.definition.tracks[track].start and self.explorer.all_nodes():
            return self._refuted(
                claim, f"{then} is entered as the case is opened", self.explorer.all_nodes()[0]
            )
        found = [self._entering(way, undone, reads, first) for way in self._into(track, state)]

        def entered(case: Case) -> bool:
            deeds = case.memory.deeds.get(first, ())
            moves = [move for move in case.memory.path if (move.track, move.to) == (track, state)]
            unasked = any(all(deed.seq > move.seq for deed in deeds) for move in moves)
            return unasked and (evidence is None or not case.readings.done(first, 0))

        part = Part(then, None, lambda case: state in case.memory.states_been_in(track))
        return self._judged(claim, found, entered, f"{then} can be entered before {first} is done", [part])

    def _into(self, track: str, state: str) -> Iterator[Transition]:
        for source in self.explorer.definition.tracks[track].states.values():
            yield from (way for way in source.next if way.to == state)

    def _entering(self, way: Transition, undone: Bool, reads: Reads, first: str) -> Breach:
        """A way taken while the first action is not done."""
        all_reads = Reads.of((reads, self.ways.reads(self.ways.state(way.track, way.source))))
        formula = conj((self.ways.takeable(way), undone))
        here = {way.track: way.source}
        goal = Goal(formula, all_reads, here)
        return Breach(formula, all_reads, (goal,), settled=False, here=here, said=(("done", first),))

    # --- breaches and parts ---------------------------------------------------------------------
    def _snapshot(self, formula: Bool, reads: Reads) -> Breach:
        """A claim about any snapshot at rest."""
        places = self.ways.around(reads.places)
        resting = conj((formula, self.ways.settled(places)))
        wide = Reads.of((reads, self.ways.reads_of(places)))
        said = tuple((what, name) for name in sorted(reads.deeds) for what in ("done", "declined"))
        return Breach(formula, reads, (Goal(resting, wide), Goal(formula, reads)), said=said)

    def _part(self, node: ex.Expression) -> Part:
        """A condition that some case has to make TRUE."""
        reads = self.ways.reader.expression(node)
        formula = self.ways.encoding.truth(node).true
        places = self.ways.around(reads.places)
        resting = conj((formula, self.ways.settled(places)))
        wide = Reads.of((reads, self.ways.reads_of(places)))
        goals = (Goal(resting, wide), Goal(formula, reads))
        return Part(node.text, goals, lambda case: judge(node, case.readings).verdict is Verdict.TRUE)

    # --- answers --------------------------------------------------------------------------------
    def _judged(
        self,
        claim: Claim,
        breaches: list[Breach],
        broken: Verify,
        said: str,
        parts: list[Part],
        overridable: str | None = None,
    ) -> Answer:
        with self.explorer.oracle.proving(("claim", claim.name)):
            left = [breach for breach in breaches if not self.breaches.impossible(breach)]
        if left:
            node = self.explorer.seen(broken) or self.breaches.shown(left, broken)
            if node is None and overridable is not None and not claim.unless_overridden:
                node = self._overridden(left, overridable, broken)
            return self._undecided(claim, NO_CASE) if node is None else self._refuted(claim, said, node)
        trigger: Node | None = None
        for part in parts:
            trigger = self.explorer.seen(part.seen) or self.seeker.seek(part.goals or (), part.seen)
            if trigger is None:
                return self._untriggered(claim, part)
        return Proved(
            claim.name, None if trigger is None else self._witness(trigger, "the claim is put to the test")
        )

    def _overridden(self, breaches: list[Breach], action: str, broken: Verify) -> Node | None:
        """A case that breaks the claim once a clinician has lifted the safeguards that may be lifted."""

        def lifted(case: Case) -> bool:
            fork = case.fork()
            try:
                fork.enter(_override(case, action), CONFIRM)
            except EntryError:
                return False
            return broken(fork)

        node = self.explorer.seen(lifted) or self.breaches.shown(breaches, lifted, lifted=True)
        return None if node is None else self.explorer.enter(node, _override(node.case, action))

    def _refuted(self, claim: Claim, said: str, node: Node) -> Finding:
        text = f"claim {claim.name} does not hold: {said}"
        witness = self._witness(node, said.replace("can be ", "is ").replace("can become", "is"))
        fix = "Correct the pathway, or the claim"
        return Finding("claim-refuted", ERROR, text, fix, claim.place, None, witness)

    def _untriggered(self, claim: Claim, part: Part) -> Answer:
        """No case comes to what the claim speaks of: proved so, or not found."""
        if part.goals is None:
            return self._undecided(
                claim, f"It holds, but no case was found in which `{part.name}` comes about"
            )
        breaches = [Breach(goal.formula, goal.reads, (goal,), here=dict(goal.here)) for goal in part.goals]
        if all(self.breaches.impossible(breach) for breach in breaches):
            text = f"claim {claim.name} says nothing, for `{part.name}` never comes about"
            return Finding("vacuous", ERROR, text, "Correct the claim, or remove it", claim.place)
        return self._undecided(claim, f"It holds, but no case was found in which `{part.name}` comes about")

    def _witness(self, node: Node, ends: str) -> Witness:
        return Witness(self.explorer.definition.id, node.entries, ends)

    def _undecided(self, claim: Claim, why: str) -> Undecided:
        return Undecided("claim-refuted", f"claim {claim.name}", why, claim.place)


FORMS = ("only", "never", "always", "before")


def _override(case: Case, action: str) -> Batch:
    """The entry of a clinician who lifts what stands against an action."""
    at = case.now + 60
    return Batch(at, BY, at, overrides=(OverrideEntry("clinical judgement", action=action),))


def _guard(claim: Claim) -> Guard:
    assert claim.guard is not None
    return claim.guard


def _is_true(case: Case, guard: Guard) -> bool:
    return explained(guard, case.readings).verdict is Verdict.TRUE


def _conjuncts(guard: Guard) -> tuple[ex.Expression, ...]:
    assert guard.expression is not None
    return guard.expression.items if isinstance(guard.expression, ex.And) else (guard.expression,)


def _premises(guard: Guard) -> tuple[ex.Expression, ...]:
    """What has to come about for an `always` to say something: the premise of an implication, else itself."""
    assert guard.expression is not None
    node = guard.expression
    return (node.premise,) if isinstance(node, ex.Implies) else (node,)
