"""Guards as decision diagrams: which atom to read first, and after each of its verdicts which next.

All guards that are asked together (the ways out of a state, the safeguards of an action) become one diagram,
so that no atom is read twice, and none that cannot change what comes of them. It says what Kleene's
connectives say of every atom (`evaluate.judge`); where it would grow too large, there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pathway.language import expression as ex
from pathway.language.definition import Fact
from pathway.replay.bulk import codes as op
from pathway.replay.bulk.codes import NO, NOT_DRAWN, UNSURE, YES
from pathway.replay.bulk.emitting import is_truth
from pathway.replay.bulk.kleene import Terms
from pathway.replay.bulk.programs import Programs

MOST_NODES = 400  # of one diagram
# From the verdicts so far, terms above YES being open, what comes of the guards: None while that is open.
Outcome: TypeAlias = Callable[[Sequence[int]], int | None]
_ALWAYS_KNOWN = (op.FACT_KNOWN, op.WAS_DONE, op.WAS_DECLINED, op.WAS_RECORDED, op.STANDS_IN)
_SIMPLE = (op.FACT_TRUTH, op.FACT_AGAINST, op.FACT_AMONG, op.FACT_KNOWN)


class _TooLargeError(Exception):
    """A diagram would have more nodes than are worth it."""


@dataclass(slots=True)
class Diagrams:
    """All diagrams of one pathway: the rows of `nodes`, as the columns of the tables have them."""

    programs: Programs
    nodes: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    _terms: Terms = field(default_factory=Terms)
    _atoms: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    _known: dict[ex.Expression, int] = field(default_factory=dict[ex.Expression, int])

    def draw(self, guards: Sequence[ex.Expression], outcome: Outcome) -> int:
        """Where the diagram of these guards starts: negative where it is an end, or NOT_DRAWN."""
        before, seen = len(self.nodes), dict[tuple[int, ...], int]()
        try:
            return self._node(tuple(map(self._term, guards)), outcome, before, seen)
        except _TooLargeError:
            del self.nodes[before:]
            return NOT_DRAWN

    def _node(
        self, guards: tuple[int, ...], outcome: Outcome, first: int, seen: dict[tuple[int, ...], int]
    ) -> int:
        found = outcome(guards)
        if found is not None:
            return -2 - found
        if guards not in seen:
            atom = self._terms.first_atom(next(term for term in guards if term > YES))
            after = {
                verdict: self._node(self._terms.given(guards, atom, verdict), outcome, first, seen)
                for verdict in self._verdicts(atom)
            }
            ends = (after[NO], after.get(UNSURE, after[NO]), after[YES])
            seen[guards] = self._add((*self._atoms[atom], *ends), first)
        return seen[guards]

    def _verdicts(self, atom: int) -> tuple[int, ...]:
        return (NO, YES) if self._atoms[atom][0] in _ALWAYS_KNOWN else (NO, UNSURE, YES)

    def _add(self, node: tuple[int, ...], first: int) -> int:
        *_, no, unsure, yes = node
        if no == unsure == yes:
            return no
        if len(self.nodes) - first == MOST_NODES:
            raise _TooLargeError
        self.nodes.append(node)
        return len(self.nodes) - 1

    # --- guards as terms --------------------------------------------------------------------------
    def _term(self, node: ex.Expression) -> int:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._new_term(node)
        return found

    def _new_term(self, node: ex.Expression) -> int:
        terms, term = self._terms, self._term
        match node:
            case ex.And(items=items):
                return terms.all(map(term, items))
            case ex.Or(items=items):
                return terms.any(map(term, items))
            case ex.AtLeast(count=count, items=items):
                return terms.at_least(count, map(term, items))
            case ex.Not(operand=operand):
                return terms.negated(term(operand))
            case ex.Implies(premise=premise, conclusion=conclusion):
                return terms.any((terms.negated(term(premise)), term(conclusion)))
            case ex.Literal(value=bool(value)):
                return YES if value else NO
            case ex.FactRef(name=name) if self._fact(name).formula is not None and is_truth(node.type.kind):
                return self._formula(self._fact(name))
            case ex.Known(operand=operand, expected=expected) if self._is_asked(operand):
                known = self._is_known(operand)
                return known if expected else terms.negated(known)
            case ex.Done():
                return self._done(node)
            case _:
                return self._atom(node)

    def _fact(self, name: str) -> Fact:
        return self.programs.definition.facts[name]

    def _is_asked(self, fact: ex.FactRef) -> bool:
        """Whether a fact is recorded or gives a verdict; other formulas are reckoned by their programs."""
        return self._fact(fact.name).formula is None or is_truth(fact.type.kind)

    def _is_known(self, fact: ex.FactRef) -> int:
        if self._fact(fact.name).formula is None:
            return self._new_atom((op.FACT_KNOWN, self.programs.fact_number[fact.name], 0, 0))
        return self._terms.is_known(self._term(fact))

    def _done(self, node: ex.Done) -> int:
        """A deed; what is evidence of it counts from the start, and only where it is TRUE."""
        evidence = self.programs.definition.actions[node.action].evidence
        if evidence is None or evidence.expression is None:
            return self._said(op.WAS_DONE, self.programs.action_number[node.action], 0, node.since_entry)
        if node.since_entry:
            return self._program(node)
        done = self._said(op.WAS_DONE, self.programs.action_number[node.action], 0, since_entry=False)
        return self._terms.any((done, self._terms.is_true(self._term(evidence.expression))))

    def _formula(self, fact: Fact) -> int:
        """A formula of verdicts: a record stands above it; an UNKNOWN condition leaves it UNKNOWN."""
        terms, formula = self._terms, fact.formula
        assert formula is not None
        found = UNSURE if formula.otherwise is None else self._term(formula.otherwise)
        for row in reversed(formula.rows):
            assert row.when.expression is not None
            value = UNSURE if row.value is None else self._term(row.value)
            found = terms.choice(self._term(row.when.expression), value, found)
        if not fact.recordable:
            return found
        number = self.programs.fact_number[fact.name]
        known = self._new_atom((op.FACT_KNOWN, number, 0, 0))
        return terms.choice(known, self._new_atom((op.FACT_TRUTH, number, 0, 0)), found)

    # --- atoms ------------------------------------------------------------------------------------
    def _atom(self, node: ex.Expression) -> int:
        programs = self.programs
        match node:
            case ex.Declined(action=name, since_entry=since):
                return self._said(op.WAS_DECLINED, programs.action_number[name], 0, since)
            case ex.Recorded(fact=name, since_entry=since):
                return self._said(op.WAS_RECORDED, programs.fact_number[name], 0, since)
            case ex.InState(track=track, state=state):
                place = list(programs.definition.tracks[track].states).index(state)
                return self._said(op.STANDS_IN, programs.track_number[track], place, since_entry=False)
            case _:
                return self._program(node)

    def _said(self, code: int, what: int, second: int, since_entry: bool) -> int:
        return self._new_atom((code, what, second, int(since_entry)))

    def _program(self, node: ex.Expression) -> int:
        """An atom as the step of its program, where it is one of the frequent ones; else as the program."""
        steps, before = self.programs.steps, len(self.programs.steps)
        start = self.programs.expression(node)
        code, *rest = steps[start]
        if len(steps) - before == 2 and code in _SIMPLE:
            del steps[before:]
            return self._new_atom((code, rest[0], rest[1], rest[2]))
        return self._new_atom((op.CALL, start, 0, 0))

    def _new_atom(self, atom: tuple[int, int, int, int]) -> int:
        if atom not in self._atoms:
            self._atoms.append(atom)
        return self._terms.atom(self._atoms.index(atom))
