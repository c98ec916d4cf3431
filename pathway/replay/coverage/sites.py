"""The guards of a pathway, each with the place where it stands and when the engine asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pathway.language import expression as ex
from pathway.language.definition import (
    Definition,
    Do,
    Fact,
    Guard,
    Safeguard,
    Transition,
)
from pathway.language.evaluate import CONDITIONS
from pathway.language.expression import Expression, Kind, Span, ValueType
from pathway.language.problems import Place
from pathway.language.typed import facts_named
from pathway.replay.coverage.decisions import Decision, decision_of
from pathway.replay.coverage.thresholds import Threshold, thresholds_of

TRANSITION, CALL, UNTIL, SAFEGUARD, NOTICE = "transition", "call", "until", "safeguard", "notice"
DOSE, EVIDENCE, RECORDS, FORMULA = "dose", "evidence", "records", "formula"
BESIDE_FACTS = (ex.Clock, ex.Since, ex.Done, ex.Declined, ex.Recorded, ex.InState)
Element = Transition | Do | Safeguard | Fact | None


@dataclass(frozen=True, eq=False)
class Site:
    """A guard where it stands: `kind` and `name` together are its own, and the same on every machine.

    `otherwise` is read as what it means, the conjunction of its negated siblings. `guard` is None for a
    formula of yes or no that is no guard by itself. `element` is what the guard belongs to.
    """

    kind: str
    name: str
    text: str
    expression: Expression
    definition: Definition
    guard: Guard | None = None
    element: Element = None

    @property
    def key(self) -> str:
        """What names it in counts."""
        return f"{self.kind} {self.name}"

    @property
    def place(self) -> Place | None:
        """Where the guard stands in its file."""
        return self.guard.place if self.guard is not None else None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that it names."""
        return facts_named([self.expression])

    @cached_property
    def is_plain(self) -> bool:
        """Whether it reads nothing but values of facts."""
        return not any(isinstance(node, BESIDE_FACTS) for node in ex.walk(self.expression))

    @cached_property
    def decision(self) -> Decision:
        """Its outcome as a function of its conditions."""
        return decision_of(self.expression)

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """What it compares amounts with; `otherwise` leaves that to its siblings."""
        is_otherwise = self.guard is not None and self.guard.is_otherwise
        return () if is_otherwise else thresholds_of(self.expression, self.definition)


def sites_of(definition: Definition) -> tuple[Site, ...]:
    """Every guard of a definition in written order; what is constant, such as `true`, is none."""
    found = [
        *_transitions(definition),
        *_calls(definition),
        *_safeguards(definition),
        *_notices(definition),
        *_actions(definition),
        *_formulas(definition),
    ]
    return tuple(site for site in found if site.decision.conditions)


def _transitions(definition: Definition) -> Iterator[Site]:
    for track in definition.tracks.values():
        for state in track.states.values():
            for way in state.next:
                name = f"{track.name}.{state.name} way {way.index + 1} to {way.to}"
                siblings = [one.when for one in state.next if one is not way]
                expression = way.when.expression or _otherwise(siblings)
                yield Site(TRANSITION, name, way.when.text, expression, definition, way.when, way)


def _otherwise(siblings: list[Guard]) -> Expression:
    parts = [guard.expression for guard in siblings if guard.expression is not None]
    kind, span = ValueType(Kind.BOOLEAN), Span(0, 0)
    return ex.And(kind, span, "otherwise", tuple(ex.Not(kind, span, f"not {one.text}", one) for one in parts))


def _calls(definition: Definition) -> Iterator[Site]:
    for track in definition.tracks.values():
        for state in track.states.values():
            for number, do in enumerate(state.do, 1):
                name = f"{track.name}.{state.name} call {number} for {do.action}"
                for kind, guard in ((CALL, do.when), (UNTIL, do.until)):
                    yield from _site(kind, name, guard, definition, do)


def _safeguards(definition: Definition) -> Iterator[Site]:
    for one in definition.safeguards.values():
        yield from _site(SAFEGUARD, one.name, one.when, definition, one)


def _notices(definition: Definition) -> Iterator[Site]:
    for one in definition.notices.values():
        yield from _site(NOTICE, one.name, one.when, definition)


def _actions(definition: Definition) -> Iterator[Site]:
    for action in definition.actions.values():
        yield from _site(EVIDENCE, action.name, action.evidence, definition)
        for number, dose in enumerate(action.doses, 1):
            yield from _site(DOSE, f"{action.name} dose {number}", dose.when, definition)
        for row in action.records:
            yield from _site(RECORDS, f"{action.name} by {row.fact}", row.when, definition)


def _formulas(definition: Definition) -> Iterator[Site]:
    """The cases of formulas, and formulas that are conditions themselves."""
    for fact in definition.facts.values():
        if fact.formula is None:
            continue
        for number, row in enumerate(fact.formula.rows, 1):
            yield from _site(FORMULA, f"{fact.name} case {number}", row.when, definition, fact)
            yield from _condition(f"{fact.name} value {number}", row.value, definition, fact)
        yield from _condition(f"{fact.name} value", fact.formula.otherwise, definition, fact)


def _site(
    kind: str, name: str, guard: Guard | None, definition: Definition, element: Element = None
) -> Iterator[Site]:
    if guard is not None and guard.expression is not None:
        yield Site(kind, name, guard.text, guard.expression, definition, guard, element)


def _condition(name: str, value: Expression | None, definition: Definition, fact: Fact) -> Iterator[Site]:
    """A value that is a condition; one that only names another fact decides nothing."""
    if value is not None and type(value) in CONDITIONS and not isinstance(value, ex.FactRef | ex.Literal):
        yield Site(FORMULA, name, value.text, value, definition, None, fact)
