"""Guard text to parse tree: the grammar, its bounds, and its messages in plain words."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeAlias, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedEOF, UnexpectedInput, UnexpectedToken

from pathway.language.expression import Span
from pathway.language.guard_slips import slip_at, unfinished
from pathway.language.problems import Fault, visible
from pathway.language.units import UNIT_PATTERN

MAX_LENGTH = 8000
MAX_DEPTH = 60
LONGEST_SHOWN = 200  # of what the author wrote, as far as a message repeats it

RESERVED = frozenset({
    "and", "or", "not", "implies", "between", "is", "one", "of", "known", "unknown", "empty", "includes",
    "any", "recorded", "since", "entry", "done", "declined", "in", "at", "least", "true", "false",
    "now", "today", "time", "days", "months", "date", "min", "max", "otherwise",
})  # fmt: skip

Syntax: TypeAlias = Tree[Token]


class GuardError(Fault):
    """A guard that cannot be read or typed: where in its text, what, and how to write it instead."""

    def __init__(self, text: str, span: Span, what: str, fix: str = "") -> None:
        self.text = text
        self.span = span
        self.what = _shown(what)
        self.fix = _shown(fix)
        super().__init__(f"{self.what}. {self.fix}".rstrip(". ") + "." if fix else self.what)


def _shown(words: str) -> str:
    """A message that cannot act on a terminal, however long a name it repeats."""
    shown = visible(words)
    return shown if len(shown) <= 2 * LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…{shown[-LONGEST_SHOWN:]}"


@cache
def _parser() -> Lark:
    grammar = resources.files("pathway.language").joinpath("guard.lark").read_text("utf-8")
    unit = "UNIT.4: /" + UNIT_PATTERN.replace("/", "\\/") + "/\n"
    return Lark(
        grammar + unit, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False
    )


@lru_cache(maxsize=2_000)  # a formula is read for the order of resolving and again to be typed
def parse(text: str) -> Syntax:
    """Parse a guard or formula, never recursing on the input. The tree is shared. Raises GuardError."""
    if len(text) > MAX_LENGTH:
        what = f"this guard has {len(text)} characters, more than {MAX_LENGTH}"
        raise GuardError(text, Span(0, 1), what, "Split it: give parts of it a name as derived facts.")
    try:
        tree = cast(Syntax, cast(Any, _parser()).parse(text))  # lark leaves the type open
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    _refuse_depth(text, tree)
    return tree


def _refuse_depth(text: str, tree: Syntax) -> None:
    """Every reader walks the tree by recursion; a sum or product of many parts is as deep as it is long."""
    left: list[tuple[Syntax, int]] = [(tree, 0)]
    while left:
        node, depth = left.pop()
        if depth > MAX_DEPTH:
            what = f"nested, or chained by + - * /, more than {MAX_DEPTH} deep"
            fix = "Give the inner part a name as a derived fact and use the name here."
            raise GuardError(text, Span(node.meta.start_pos, node.meta.end_pos), what, fix)
        left.extend((child, depth + 1) for child in node.children if isinstance(child, Tree))


def _at_end(error: UnexpectedInput) -> bool:
    if not isinstance(error, UnexpectedToken):
        return isinstance(error, UnexpectedEOF)
    return cast(Token, cast(Any, error).token).type == "$END"


def _explained(text: str, error: UnexpectedInput) -> GuardError:
    if _at_end(error):
        end = max(len(text.rstrip()), 1)
        return GuardError(text, Span(end - 1, end), *unfinished(text))
    start, end, what, fix = slip_at(text, error.pos_in_stream or 0)
    return GuardError(text, Span(start, max(end, start + 1)), what, fix)
