"""Guards asked from outside a definition, in its vocabulary: for `pathway eval` and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathway.language.clockwork import Drift
from pathway.language.definition import Definition
from pathway.language.english import Names, english
from pathway.language.expression import Expression, ValueType
from pathway.language.typed import typed_expression


@dataclass(frozen=True, slots=True)
class DefinitionVocabulary:
    """The names of a checked definition, as guards use them."""

    fact_types: Mapping[str, ValueType]
    display_only: frozenset[str]
    actions: frozenset[str]
    states: Mapping[str, frozenset[str]]
    drifts: Mapping[str, Drift]

    def fact_drift(self, fact: str) -> Drift:
        return self.drifts.get(fact, Drift.FIXED)


def vocabulary_of(definition: Definition) -> DefinitionVocabulary:
    """What a guard may name in this definition. Display facts may be asked here, since nothing acts on it."""
    return DefinitionVocabulary(
        fact_types={name: fact.type for name, fact in definition.facts.items()},
        display_only=frozenset(),
        actions=frozenset(definition.actions),
        states={name: frozenset(track.states) for name, track in definition.tracks.items()},
        drifts={
            name: fact.formula.drift for name, fact in definition.facts.items() if fact.formula is not None
        },
    )


def names_of(definition: Definition) -> Names:
    """The words in which this definition speaks of its facts, codes, actions and states."""
    return Names(
        facts={name: fact.label for name, fact in definition.facts.items()},
        codes={name: fact.values for name, fact in definition.facts.items()},
        actions={name: action.title for name, action in definition.actions.items()},
        states={
            (track.name, state.name): state.title
            for track in definition.tracks.values()
            for state in track.states.values()
        },
    )


def asked(definition: Definition, text: str) -> Expression:
    """A typed expression in a definition's vocabulary. Raises GuardError."""
    return typed_expression(text, vocabulary_of(definition))


def spoken(definition: Definition, expression: Expression) -> str:
    """An expression in this definition's English."""
    return english(expression, names_of(definition))
