"""Answers `there is none` that proofs rest on, each as a question that another solver can be asked again.

A certificate holds all that the solver had been told about the variables of the question, and the question.
`unsat` from a second solver confirms the answer. Not certified is what surrounds the answers: that guards
are encoded as they are evaluated, and that the right questions were asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pathway.check.proofs.oracle import Subject
from pathway.check.proofs.smt import Bool
from pathway.check.proofs.smtlib import VARIABLE, Node, Reader, Text, logic_of, subterms

if TYPE_CHECKING:
    from pathway.check.proving import Proofs

CLAIM = "claim"  # the kind of a subject that is no finding about a state
ASSUMED = "; --- holds of every patient"
ASKED = "; --- the question: is there a patient of whom all of this holds as well?"
CHECK = "(check-sat)"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One answer `there is none`, the `number`th that the proof of its subject rests on.

    `smtlib` is a script of its own for any SMT solver, which has to answer `unsat`.
    """

    number: int
    about: Subject
    smtlib: str

    @property
    def assumptions(self) -> str:
        """The script without its question. Has to be `sat`: from a contradiction anything would follow."""
        return without_question(self.smtlib)


def without_question(script: str) -> str:
    """A script that asks for any patient at all."""
    before, _, after = script.partition(f"{ASKED}\n")
    return f"{before.replace(':status unsat', ':status sat')}{CHECK}{after.rpartition(CHECK)[2]}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a subject, what had been told before (so many constraints), and the answer."""

    about: Subject
    goals: tuple[Bool, ...]
    told: int
    possible: bool

    @property
    def is_plain(self) -> bool:
        """Whether a part of the question was plainly false, so that no solver was needed."""
        return any(goal is False for goal in self.goals)


@dataclass(slots=True)
class Answers:
    """Keeps what an oracle was told and asked. It is told all: give it to a new oracle."""

    asked: list[Asked] = field(default_factory=list[Asked])
    _told: list[Bool] = field(default_factory=list[Bool])
    _reader: Reader = field(default_factory=Reader)
    _variables: dict[Node, frozenset[Node]] = field(default_factory=dict[Node, frozenset[Node]])

    def told(self, constraint: Bool) -> None:
        """Something that holds of every patient."""
        self._told.append(constraint)

    def answered(self, subject: Subject, goals: Sequence[Bool], possible: bool) -> None:
        """A question asked for the proof of a subject."""
        self.asked.append(Asked(subject, tuple(goals), len(self._told), possible))

    def certificates(self, proofs: Proofs) -> Iterator[Certificate]:
        """The certificates of what is proved, in the order asked; one for equal questions about a subject."""
        is_proved = _proved(proofs)
        numbers, seen = Counter[Subject](), set[tuple[Subject, str]]()
        for one in self.asked:
            if one.possible or one.is_plain or not is_proved(one.about):
                continue
            script = self.script(one)
            if (one.about, script) not in seen:
                seen.add((one.about, script))
                numbers[one.about] += 1
                yield Certificate(numbers[one.about], one.about, script)

    def plain(self, subject: Subject) -> int:
        """How many answers about a subject needed no solver."""
        return sum(one.is_plain for one in self.asked if one.about == subject)

    def script(self, asked: Asked) -> str:
        """A question as a script; its status says how it was answered. It has to be one for a solver."""
        goals = [self._reader.node(goal) for goal in asked.goals]
        assumed = self._concerning(goals, [self._reader.node(one) for one in self._told[: asked.told]])
        return script(assumed, goals, asked.possible)

    def everything_told(self) -> str:
        """All constraints together, as a script that has to be `sat`: that there are patients at all."""
        return script([self._reader.node(one) for one in self._told], [], True)

    def _concerning(self, goals: Sequence[Node], told: Sequence[Node]) -> list[Node]:
        """What was told about the variables of the goals, and about those that this speaks of, and so on.

        What speaks of no variable concerns every question. What is left out can have no part in an `unsat`,
        unless it contradicts itself.
        """
        reached = set[Node]().union(*map(self._variables_of, goals))
        found = {one for one in told if not self._variables_of(one)}
        while near := [one for one in told if one not in found and self._variables_of(one) & reached]:
            found.update(near)
            reached.update(*map(self._variables_of, near))
        return [one for one in dict.fromkeys(told) if one in found]

    def _variables_of(self, node: Node) -> frozenset[Node]:
        if node not in self._variables:
            variables = frozenset(one for one in subterms((node,)) if one.kind == VARIABLE)
            self._variables[node] = variables
        return self._variables[node]


def _proved(proofs: Proofs) -> Callable[[Subject], bool]:
    """Whether a subject is proved: a claim, or that a state has no overlap, or no gap."""
    claims = {(CLAIM, one.claim) for one in proofs.proved}
    open_ = {(one.code, one.state) for one in (*proofs.findings, *proofs.undecided)}
    cut_short = any(one.code == "timeout" for one in proofs.undecided)
    return lambda subject: subject in claims or not (subject[0] == CLAIM or cut_short or subject in open_)


def script(assumed: Sequence[Node], goals: Sequence[Node], possible: bool) -> str:
    """Constraints and a question as an SMT-LIB 2 script."""
    formulas = [*assumed, *goals]
    nodes = subterms(formulas)
    text = Text.of(formulas, nodes)
    lines = [
        "(set-info :smt-lib-version 2.6)",
        f"(set-info :status {'sat' if possible else 'unsat'})",
        f"(set-logic {logic_of(nodes)})",
        *text.declared,
        ASSUMED,
        *(line for formula in assumed for line in text.asserted(formula)),
        ASKED,
        *(line for formula in goals for line in text.asserted(formula)),
        CHECK,
    ]
    return "".join(f"{line}\n" for line in lines)
