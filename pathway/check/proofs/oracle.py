"""Asking the solver: is there a patient, or is there none; and what a patient it found looks like."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from pathway.check.proofs.smt import Bool, Number, Variables, implies, is_literal, terms, z3

EFFORT = 2_000_000  # steps of the solver for one question: the same on every machine
Cancelled = Callable[[], bool]
Subject = tuple[str, str]  # what is to be proved: ("claim", its name), ("gap" or "overlap", a state)


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


class Recorder(Protocol):
    """Whoever keeps what the solver was told, and its answers, so that another solver can be asked again."""

    def told(self, constraint: Bool) -> None:
        """Something that holds of every patient."""
        ...

    def answered(self, subject: Subject, goals: Sequence[Bool], possible: bool) -> None:
        """Whether there is a patient of whom all goals hold, asked for the proof of a subject."""
        ...


def _never() -> bool:
    return False


@dataclass(slots=True)
class Oracle:
    """One solver for all questions about a definition. What it was told holds in every answer."""

    out_of_time: Cancelled = _never
    effort: int = EFFORT
    seed: int = 1
    questions: int = 0
    recorder: Recorder | None = None
    free: Variables = field(default_factory=Variables)
    _subject: Subject | None = None
    _told: list[Bool] = field(default_factory=list[Bool])
    _solver: Any = None

    def __post_init__(self) -> None:
        self.begin_anew(self.seed)

    def begin_anew(self, seed: int) -> None:
        """Ask from now on a solver that knows as much, but proposes other patients."""
        self._solver = z3.SimpleSolver(self.free.context)
        self._solver.set("random_seed", seed)
        self._solver.set("rlimit", self.effort)
        self._solver.set("ctrl_c", False)  # an interrupt is Python's to hear, not the solver's to swallow
        self._solver.set("phase_selection", 0)  # what need not be so is not: patients with little on record
        self._solver.add(self._told)

    def tell(self, constraint: Bool) -> None:
        """Something that holds of every patient."""
        if constraint is not True:
            self._told.append(constraint)
            self._solver.add(constraint)
            if self.recorder is not None:
                self.recorder.told(constraint)

    @contextmanager
    def proving(self, subject: Subject) -> Generator[None]:
        """What is asked meanwhile is asked for the proof of a subject."""
        outer, self._subject = self._subject, subject
        try:
            yield
        finally:
            self._subject = outer

    def _record(self, goals: Sequence[Bool], possible: bool) -> None:
        if self.recorder is not None and self._subject is not None:
            self.recorder.answered(self._subject, goals, possible)

    def ask(self, goals: Iterable[Bool], wishes: Iterable[Bool] = ()) -> Found | None:
        """A patient of whom all goals hold, or None where there is none.

        Wishes hold as well where they can: those that stand in the way are let go. Raises NotDecidedError
        where the solver cannot tell, OutOfTimeError where no time is left.
        """
        wanted = [goal for goal in goals if goal is not True]
        if any(goal is False for goal in wanted):
            self._record(wanted, False)
            return None
        self._solver.push()
        try:
            self._suppose(wanted)
            found = self._granting([wish for wish in wishes if not isinstance(wish, bool)])
        finally:
            self._solver.pop()
        self._record(wanted, found is not None)
        return found

    def _granting(self, wishes: list[Bool]) -> Found | None:
        asked = [self._literal(number, wish) for number, wish in enumerate(wishes)]
        while True:
            answer = self._check(asked)
            if answer == z3.sat:
                return Found(self._solver.model())
            against = (
                {term.get_id() for term in self._solver.unsat_core()} if answer == z3.unsat else set[int]()
            )
            if answer == z3.unsat and not against:
                return None
            if answer != z3.unsat and not asked:
                raise NotDecidedError
            asked = [term for term in asked if against and term.get_id() not in against]

    def _literal(self, number: int, wish: Bool) -> Bool:
        """A wish as the solver takes it: a truth or its opposite; anything else gets a name."""
        if is_literal(wish):
            return wish
        name = self.free.boolean(f"wish#{number}")
        self._suppose((implies(name, wish),))
        return name

    def _check(self, asked: Iterable[Bool]) -> Any:
        if self.out_of_time():
            raise OutOfTimeError
        self.questions += 1
        assumed = list(asked)
        answer = z3.Z3_solver_check_assumptions(
            self.free.context.ref(), self._solver.solver, len(assumed), terms(assumed)
        )
        return z3.CheckSatResult(answer)

    def _suppose(self, formulas: Iterable[Bool]) -> None:
        """Let the solver take formulas for true until the next `pop`."""
        for formula in formulas:
            z3.Z3_solver_assert(self.free.context.ref(), self._solver.solver, formula.as_ast())

    def possible(self, *goals: Bool) -> bool:
        """Whether there is a patient of whom all goals hold. Raises as `ask` does."""
        wanted = [goal for goal in goals if goal is not True]
        if any(goal is False for goal in wanted):
            self._record(wanted, False)
            return False
        self._solver.push()
        try:
            self._suppose(wanted)
            answer = self._check(())
        finally:
            self._solver.pop()
        if answer not in (z3.sat, z3.unsat):
            raise NotDecidedError
        self._record(wanted, answer == z3.sat)
        return bool(answer == z3.sat)
