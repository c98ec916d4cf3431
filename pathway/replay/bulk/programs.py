"""Guards and formulas as programs: operations on whole numbers that give what evaluation gives, exactly.

A program pushes and pops three-valued verdicts (0 FALSE, 1 UNKNOWN, 2 TRUE) and fractions of whole numbers
(a denominator of 0 is UNKNOWN). Every atom is read, as in `evaluate.judge`: so the log lines that a verdict
rests on can be gathered on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, floor

from pathway.language import expression as ex
from pathway.language.definition import Fact, Guard
from pathway.replay.bulk import codes as op
from pathway.replay.bulk.emitting import Emitter, is_truth

Step = tuple[int, int, int, int]
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_REACHED = {"<": ceil, ">=": ceil, "<=": floor, ">": floor}


@dataclass(slots=True)
class Programs(Emitter):
    """All programs of one pathway, one after the other."""

    _formulas: dict[str, int] = field(default_factory=dict[str, int])

    # --- whole programs ---------------------------------------------------------------------------
    def guard(self, guard: Guard | None) -> int:
        """Where the program of a guard starts; -1 for none."""
        return -1 if guard is None or guard.expression is None else self.expression(guard.expression)

    def expression(self, node: ex.Expression) -> int:
        """Where the program of an expression starts."""
        start = len(self.steps)
        self.emit(node)
        self.step(op.END)
        return start

    def gathering(self, guards: Iterable[Guard]) -> list[tuple[int, int]]:
        """All that some guards read, each thing once: how and what; of CALL, where its program starts."""
        leaves: dict[tuple[str, str], ex.Expression] = {}
        for guard in guards:
            if guard.expression is not None:
                self._leaves(guard.expression, leaves)
        return [self._gathered(leaf) for leaf in leaves.values()]

    def _leaves(self, expression: ex.Expression, found: dict[tuple[str, str], ex.Expression]) -> None:
        for node in ex.walk(expression):
            match node:
                case ex.FactRef(name=name) | ex.Declined(action=name) | ex.InState(track=name):
                    found[type(node).__name__, name] = node
                case ex.Recorded(fact=name):
                    found["Recorded", name] = node
                case ex.Done(action=name):
                    found["Done", name] = node
                    evidence = self.definition.actions[name].evidence
                    if evidence is not None and evidence.expression is not None:
                        self._leaves(evidence.expression, found)
                case _:
                    pass

    def _gathered(self, leaf: ex.Expression) -> tuple[int, int]:
        match leaf:
            case ex.FactRef(name=name) if self.definition.facts[name].formula is None:
                return op.FACT_KNOWN, self.fact_number[name]
            case ex.Done(action=name):
                return op.WAS_DONE, self.action_number[name]
            case ex.Declined(action=name):
                return op.WAS_DECLINED, self.action_number[name]
            case ex.Recorded(fact=name):
                return op.WAS_RECORDED, self.fact_number[name]
            case ex.InState(track=name):
                return op.STANDS_IN, self.track_number[name]
            case _:
                return op.CALL, self.expression(leaf)

    def reading(self, name: str) -> int:
        """Where the program that reads one fact starts."""
        fact = self.definition.facts[name]
        start = len(self.steps)
        self._fact(fact)
        self.step(op.END)
        return start

    def finish(self) -> None:
        """Add the formulas that were called, and say in each call where they are."""
        while missing := [name for name in self.started if name not in self._formulas]:
            for name in missing:
                self._formulas[name] = len(self.steps)
                self._formula(self.definition.facts[name])
        names = list(self.started)
        for place, (code, first, second, third) in enumerate(self.steps):
            if code == op.CALL:
                self.steps[place] = (code, self._formulas[names[first]], second, third)

    # --- formulas -----------------------------------------------------------------------------------
    def _formula(self, fact: Fact) -> None:
        assert fact.formula is not None
        number, truth = self.fact_number[fact.name], is_truth(fact.type.kind)
        ends = [self.step(op.STANDING_RECORD, number, truth)] if fact.recordable else []
        for row in fact.formula.rows:
            assert row.when.expression is not None
            self.emit(row.when.expression)
            test = self.step(op.ROW, 0, truth)
            self._value(row.value, truth)
            ends += [test, self.step(op.GO)]
            self._patch(test, third=len(self.steps))
        self._value(fact.formula.otherwise, truth)
        for place in ends:
            self._patch_end(place)
        self.step(op.BACK)

    def _value(self, node: ex.Expression | None, truth: bool) -> None:
        if node is not None:
            self.emit(node)
        elif truth:
            self.step(op.VERDICT, op.UNSURE)
        else:
            self.step(op.NUMBER, -1)

    def _patch(self, place: int, third: int) -> None:
        code, first, second, _ = self.steps[place]
        self.steps[place] = (code, first, second, third)

    def _patch_end(self, place: int) -> None:
        """Let a step go to the end of its formula."""
        code, first, second, third = self.steps[place]
        end = len(self.steps)
        self.steps[place] = (
            (code, first, second, end) if code == op.STANDING_RECORD else (code, end, second, third)
        )
