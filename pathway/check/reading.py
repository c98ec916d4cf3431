"""Everything in a definition that reads a fact."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.language import expression as ex
from pathway.language.definition import Action, Definition, Fact, Guard, State


def guards_of(definition: Definition) -> Iterator[Guard]:
    """Every guard of a definition; `otherwise` is none."""
    for fact in definition.facts.values():
        yield from (row.when for row in fact.formula.rows) if fact.formula is not None else ()
    for action in definition.actions.values():
        yield from _of_action(action)
    yield from (safeguard.when for safeguard in definition.safeguards.values())
    yield from (notice.when for notice in definition.notices.values() if notice.when is not None)
    yield from (claim.guard for claim in definition.claims.values() if claim.guard is not None)
    for state in states_of(definition):
        yield from (way.when for way in state.next if not way.when.is_otherwise)
        yield from (guard for do in state.do for guard in (do.when, do.until) if guard is not None)


def _of_action(action: Action) -> Iterator[Guard]:
    if action.evidence is not None:
        yield action.evidence
    yield from (dose.when for dose in action.doses if dose.when is not None)
    yield from (deed.when for deed in action.records if deed.when is not None)


def states_of(definition: Definition) -> Iterator[State]:
    """Every state of every track."""
    for track in definition.tracks.values():
        yield from track.states.values()


def facts_read(definition: Definition) -> frozenset[str]:
    """The facts that something reads: a guard, a formula, a dose, a deadline, or a deed."""
    found: set[str] = set()
    for guard in guards_of(definition):
        found |= guard.facts | set(guard.reads)
    for fact in definition.facts.values():
        found |= _facts_of_formula(fact)
    for action in definition.actions.values():
        found |= {dose.times for dose in action.doses if dose.times is not None}
        found |= {deed.fact for deed in action.records}
    for state in states_of(definition):
        found |= {do.of for do in state.do if do.of is not None}
    return frozenset(found)


def _facts_of_formula(fact: Fact) -> set[str]:
    if fact.formula is None:
        return set()
    values = [row.value for row in fact.formula.rows] + [fact.formula.otherwise]
    named = {
        node.name
        for value in values
        if value is not None
        for node in ex.walk(value)
        if isinstance(node, ex.FactRef)
    }
    return named | fact.formula.facts
