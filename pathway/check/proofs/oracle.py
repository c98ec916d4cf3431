"""Asking the solver: is there a patient, or is there none; and what a patient it found looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pathway.check.proofs.smt import Bool, Number, boolean, implies, z3

EFFORT = 2_000_000  # steps of the solver for one question: the same on every machine
Cancelled = Callable[[], bool]


class NotDecidedError(Exception):
    """The solver gave up: it found no patient, and no proof that there is none."""


class OutOfTimeError(Exception):
    """The time for the whole check is used up."""


@dataclass(frozen=True, slots=True)
class Found:
    """A patient that the solver found."""

    model: Any

    def holds(self, item: Bool) -> bool:
        """Whether a formula holds of this patient."""
        if isinstance(item, bool):
            return item
        return z3.is_true(self.model.eval(item, model_completion=True))

    def amount(self, term: Number) -> Fraction:
        """The value of a number."""
        if isinstance(term, (int, Fraction)):
            return Fraction(term)
        value = self.model.eval(term, model_completion=True)
        if z3.is_algebraic_value(value):
            value = value.approx(12)
        return (
            Fraction(value.numerator_as_long(), value.denominator_as_long())
            if z3.is_rational_value(value)
            else (Fraction(value.as_long()))
        )


def _never() -> bool:
    return False


@dataclass(slots=True)
class Oracle:
    """One solver for all questions about a definition. What it was told holds in every answer."""

    out_of_time: Cancelled = _never
    effort: int = EFFORT
    questions: int = 0
    _solver: Any = field(default_factory=lambda: z3.SimpleSolver())

    def __post_init__(self) -> None:
        self._solver.set("random_seed", 1)
        self._solver.set("ctrl_c", False)  # an interrupt is Python's to hear, not the solver's to swallow
        self._solver.set("phase_selection", 0)  # what need not be so is not: patients with little on record

    def tell(self, constraint: Bool) -> None:
        """Something that holds of every patient."""
        if constraint is not True:
            self._solver.add(constraint)

    def ask(self, goals: Iterable[Bool], wishes: Iterable[Bool] = ()) -> Found | None:
        """A patient of whom all goals hold, or None where there is none.

        Wishes hold as well where they can: those that stand in the way are let go. Raises NotDecidedError
        where the solver cannot tell, OutOfTimeError where no time is left.
        """
        wanted = [goal for goal in goals if goal is not True]
        if any(goal is False for goal in wanted):
            return None
        self._solver.push()
        try:
            self._solver.add(wanted)
            return self._granting([wish for wish in wishes if not isinstance(wish, bool)])
        finally:
            self._solver.pop()

    def _granting(self, wishes: list[Bool]) -> Found | None:
        names = {f"wish#{number}": wish for number, wish in enumerate(wishes)}
        for name, wish in names.items():
            self._solver.add(implies(boolean(name), wish))
        while True:
            answer = self._check(names)
            if answer == z3.sat:
                return Found(self._solver.model())
            against = {str(name) for name in self._solver.unsat_core()} if answer == z3.unsat else set[str]()
            if answer == z3.unsat and not against:
                return None
            if answer != z3.unsat and not names:
                raise NotDecidedError
            names = {name: wish for name, wish in names.items() if against and name not in against}

    def _check(self, names: Iterable[str]) -> Any:
        if self.out_of_time():
            raise OutOfTimeError
        self.questions += 1
        self._solver.set("rlimit", self.effort)
        return self._solver.check(*map(boolean, names))

    def possible(self, *goals: Bool) -> bool:
        """Whether there is a patient of whom all goals hold."""
        return self.ask(goals) is not None
