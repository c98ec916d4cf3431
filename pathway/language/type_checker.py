"""What all typing rules share: the guard's text, its vocabulary, places, and errors with their fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol, TypeAlias

from lark import Token, Tree

from pathway.language import expression as ex
from pathway.language.clockwork import Drift
from pathway.language.expression import Kind, Span, ValueType
from pathway.language.problems import nearest
from pathway.language.syntax import GuardError, Syntax
from pathway.language.units import Unit, parse_unit, same_dimension

BOOLEAN = ValueType(Kind.BOOLEAN)
DATE = ValueType(Kind.DATE)
INSTANT = ValueType(Kind.INSTANT)
TEXT = ValueType(Kind.TEXT)
ONE = parse_unit("1")
SECOND = parse_unit("s")


class Vocabulary(Protocol):
    """The names a guard may use."""

    @property
    def fact_types(self) -> Mapping[str, ValueType]: ...
    @property
    def display_only(self) -> frozenset[str]: ...
    @property
    def actions(self) -> frozenset[str]: ...
    @property
    def states(self) -> Mapping[str, frozenset[str]]: ...
    def fact_drift(self, fact: str) -> Drift:
        """How the value of a fact moves with the clock."""
        ...


@dataclass(frozen=True, slots=True)
class TypeChecker:
    """Turns one guard's parse tree into typed nodes by a table of rules."""

    source: str
    words: Vocabulary
    in_state: bool
    rules: Rules

    def span(self, tree: Syntax | Token) -> Span:
        if isinstance(tree, Token):
            return Span(tree.start_pos or 0, tree.end_pos or 1)
        return Span(tree.meta.start_pos, tree.meta.end_pos)

    def where(self, tree: Syntax | Token) -> tuple[Span, str]:
        """The place of an expression and its text with single blanks."""
        span = self.span(tree)
        return span, " ".join(self.source[span.start : span.end].split())

    def fail(self, at: Syntax | Token | ex.Expression, what: str, fix: str = "") -> NoReturn:
        span = self.span(at) if isinstance(at, (Token, Tree)) else at.span
        raise GuardError(self.source, span, what, fix)

    def expression(self, tree: Syntax) -> ex.Expression:
        return self.rules[tree.data](self, tree)

    def guard(self, tree: Syntax) -> ex.Expression:
        """An expression that has to be a condition."""
        node = self.expression(tree)
        if node.type.kind is Kind.BOOLEAN:
            return node
        fix = "Compare it with something, or write `is known`."
        if isinstance(node, ex.FactRef) and node.type.kind is Kind.CODE:
            fix = f"Compare it: {node.name} = {(*node.type.codes, 'CODE')[0]}."
        if isinstance(node, ex.FactRef) and node.type.kind is Kind.LIST:
            fix = f"Write {node.name} includes CODE, or {node.name} is empty."
        self.fail(tree, f"`{node.text}` is {described(node.type)}, not a condition", fix)

    def known_name(
        self, at: Token, names: Mapping[str, object] | frozenset[str], what: str, group: str = ""
    ) -> str:
        """The name a token gives, if there is one; `group` is where its kind is declared."""
        name = str(at)
        if name in names:
            return name
        close = nearest(name, names)
        fix = (
            f"Did you mean `{close}`?"
            if close
            else f"Declare it under `{group or f'{what}s'}:`, or correct the name."
        )
        self.fail(at, f"there is no {what} called `{name}`", fix)

    def drift(self, fact: str) -> Drift:
        return self.words.fact_drift(fact)


Rules: TypeAlias = Mapping[str, Callable[[TypeChecker, Syntax], ex.Expression]]


# --- the parse tree -----------------------------------------------------------------------------
def trees(tree: Syntax) -> list[Syntax]:
    """The children of a parse tree that are trees."""
    return [child for child in tree.children if isinstance(child, Tree)]


def tokens(tree: Syntax) -> list[Token]:
    """The children of a parse tree that are words, numbers or signs."""
    return [child for child in tree.children if isinstance(child, Token)]


# --- types in words -----------------------------------------------------------------------------
ARTICLES = {
    Kind.BOOLEAN: "a yes/no fact", Kind.CODE: "a code", Kind.LIST: "a list", Kind.DATE: "a date",
    Kind.INSTANT: "a dateTime", Kind.TEXT: "a text",
}  # fmt: skip


def described(of: ValueType) -> str:
    """A type in words: `a quantity in mg/dL`, `a code`."""
    if of.kind is not Kind.NUMBER:
        return ARTICLES[of.kind]
    unit = of.unit.text if of.unit is not None else "1"
    return "a plain number" if unit == "1" else f"a quantity in {unit}"


def unit_of(node: ex.Expression) -> str:
    """The unit of an expression, or `no unit`."""
    unit = node.type.unit
    return "no unit" if unit is None or unit.text == "1" else unit.text


def is_bare(node: ex.Expression) -> bool:
    """Whether this is a number written without a unit."""
    return isinstance(node, ex.Literal) and node.type.kind is Kind.NUMBER and node.type.natural


def unit_hint(number: str, unit: Unit) -> str:
    """How to write a number that lacks its unit."""
    if same_dimension(unit, SECOND):
        return "Write the unit, such as 30 min or 4 h."
    return f"Write the unit, such as {number} {unit.text}."
