"""Guard text to typed tree: names resolved, units converted, every type and unit error found at load."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.language import expression as ex
from pathway.language.syntax import Syntax, parse
from pathway.language.type_checker import (
    BOOLEAN,
    DATE,
    INSTANT,
    ONE,
    TEXT,
    Rules,
    TypeChecker,
    Vocabulary,
    described,
    is_bare,
    trees,
    unit_of,
)
from pathway.language.typed_conditions import CONDITION_RULES
from pathway.language.typed_values import VALUE_RULES

__all__ = [
    "BOOLEAN", "DATE", "INSTANT", "ONE", "RULES", "TEXT", "Vocabulary", "described", "facts_named", "is_bare",
    "typed_expression", "typed_guard", "unit_of",
]  # fmt: skip

RULES: Rules = {**VALUE_RULES, **CONDITION_RULES}


def typed_guard(text: str, words: Vocabulary, in_state: bool = False) -> ex.Expression:
    """Parse and type a condition. Raises GuardError with the place in the text and the fix."""
    return TypeChecker(text, words, in_state, RULES).guard(_root(parse(text)))


def typed_expression(text: str, words: Vocabulary, in_state: bool = False) -> ex.Expression:
    """Parse and type an expression of any type. Raises GuardError."""
    return TypeChecker(text, words, in_state, RULES).expression(_root(parse(text)))


def _root(tree: Syntax) -> Syntax:
    return trees(tree)[0]


def facts_named(expressions: Sequence[ex.Expression]) -> tuple[str, ...]:
    """The facts named in expressions, in written order, each once."""
    names: dict[str, None] = {}
    for expression in expressions:
        for node in ex.walk(expression):
            if isinstance(node, ex.FactRef):
                names[node.name] = None
            elif isinstance(node, ex.Recorded):
                names[node.fact] = None
    return tuple(names)
