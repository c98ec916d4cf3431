"""Guard text to parse tree: the grammar, its bounds, and its messages in plain words."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from pathway.language.expression import Span
from pathway.language.units import UNIT_PATTERN

MAX_LENGTH = 8000
MAX_DEPTH = 60

RESERVED = frozenset(
    "and or not implies between is one of known unknown empty includes any recorded since entry "
    "done declined in at least true false now today time days months date min max otherwise".split()
)

Syntax: TypeAlias = Tree[Token]


class GuardError(Exception):
    """A guard that cannot be read or typed: where in its text, what, and how to write it instead."""

    def __init__(self, text: str, span: Span, what: str, fix: str = "") -> None:
        super().__init__(f"{what}. {fix}".rstrip(". ") + "." if fix else what)
        self.text = text
        self.span = span
        self.what = what
        self.fix = fix


@cache
def _parser() -> Lark:
    grammar = resources.files("pathway.language").joinpath("guard.lark").read_text("utf-8")
    unit = "UNIT.4: /" + UNIT_PATTERN.replace("/", "\\/") + "/\n"
    return Lark(grammar + unit, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False)


def parse(text: str) -> Syntax:
    """Parse a guard or formula. Raises GuardError; never recurses on the input."""
    if len(text) > MAX_LENGTH:
        raise GuardError(text, Span(0, 1), f"this guard has {len(text)} characters, more than {MAX_LENGTH}",
                         "Split it: give parts of it a name as derived facts.")  # fmt: skip
    _refuse_depth(text)
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from None


def _refuse_depth(text: str) -> None:
    depth = run = 0
    for found in re.finditer(r'"[^"\n]*"|[()]|\bnot\b|-|[^\s()]', text):
        token = found.group()
        depth += (token == "(") - (token == ")")
        run = run + 1 if token in ("not", "-", "(") else 0
        if max(depth, run) > MAX_DEPTH:
            raise GuardError(text, Span(found.start(), found.end()), f"nested more than {MAX_DEPTH} deep",
                             "Give the inner part a name as a derived fact and use the name here.")  # fmt: skip


def _explained(text: str, error: UnexpectedInput) -> GuardError:
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return GuardError(text, Span(max(len(text.rstrip()) - 1, 0), max(len(text.rstrip()), 1)),
                          "the guard ends too early", _unfinished(text))  # fmt: skip
    start = error.pos_in_stream or 0
    rest = text[start:]
    word = re.match(r"[A-Za-z_][A-Za-z0-9_]*|\d[\w.]*|[<>=!&|]+|.", rest, re.DOTALL)
    found = word.group() if word else rest[:1]
    what, fix = _hint(text, start, found, error)
    return GuardError(text, Span(start, start + max(len(found), 1)), what, fix)


def _unfinished(text: str) -> str:
    missing = text.count("(") - text.count(")")
    if missing > 0:
        return f"Close the {missing} open parenthesis." if missing == 1 else f"Close the {missing} open parentheses."
    return "Something has to follow the last word."


SPELLINGS = {
    "==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not",
    "≤": "<=", "≥": ">=", "≠": "!=", "AND": "and", "OR": "or", "NOT": "not", "×": "*", "÷": "/",
}  # fmt: skip


def _hint(text: str, start: int, found: str, error: UnexpectedInput) -> tuple[str, str]:
    before = text[:start]
    if found in SPELLINGS:
        return f"`{found}` is not known here", f"Write `{SPELLINGS[found]}`."
    if found in ("and", "or") and not isinstance(error, UnexpectedCharacters):
        return "`and` and `or` are mixed without parentheses", "Write (a and b) or c, or a and (b or c)."
    if found[0] in "<>=" and re.search(r"[<>=]", before):
        return "comparisons cannot be chained", "Write x between LOW and HIGH, or two comparisons joined by `and`."
    if re.fullmatch(r"\.\d*|\d+\.", found) or before.endswith("."):
        return "a number needs digits on both sides of its point", "Write 0.5, not .5 or 5."
    if re.search(r"\d\s*$", before) and re.match(r"[A-Za-z\[{/%]", found):
        return f"`{found}` is not a unit that is known", "Write a UCUM unit, such as 4 h, 5 mmol/L, 40 10*9/L."
    if re.match(r"\d", found):
        return f"`{found}` is not a plain number", "Write digits with a point, and a blank before the unit: 4 h."
    if found in RESERVED:
        return f"`{found}` does not fit here", "It is a word of the guard language; see the guide to guards."
    return f"`{found}` does not fit here", "Join conditions by `and` or `or`; write codes bare, as in etiology = tb."
