"""Formulas of the solver as SMT-LIB 2 text that any other solver reads: standard operators and logics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from pathway.check.proofs.smt import Bool, Number, z3

Term = Bool | Number  # a term of the solver, or a Python bool

OPERATORS = {
    z3.Z3_OP_TRUE: "true",
    z3.Z3_OP_FALSE: "false",
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
    z3.Z3_OP_NOT: "not",
    z3.Z3_OP_IMPLIES: "=>",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_DISTINCT: "distinct",
    z3.Z3_OP_ITE: "ite",
    z3.Z3_OP_LE: "<=",
    z3.Z3_OP_GE: ">=",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_UMINUS: "-",
    z3.Z3_OP_MUL: "*",
    z3.Z3_OP_TO_REAL: "to_real",
}
COUNTING = {z3.Z3_OP_PB_AT_MOST: "<=", z3.Z3_OP_PB_AT_LEAST: ">=", z3.Z3_OP_PB_EQ: "="}
OPERATOR, VARIABLE, NUMBER = "operator", "variable", "number"


class NotStandardError(Exception):
    """A formula has an operator that SMT-LIB does not know, and that is not written out here."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A term: an operator with its parts, a number as written, or a variable. Equal only to itself."""

    head: str
    sort: str
    parts: tuple[Node, ...] = ()
    kind: str = OPERATOR

    @property
    def is_literal(self) -> bool:
        """Whether this is a leaf, or the opposite of one: too short to be given a name."""
        return not self.parts or (self.head == "not" and not any(part.parts for part in self.parts))


ONE, ZERO = Node("1", "Int", (), NUMBER), Node("0", "Int", (), NUMBER)


@dataclass(slots=True)
class Reader:
    """Reads each term of the solver once."""

    _nodes: dict[int, tuple[Term, Node]] = field(default_factory=dict[int, tuple[Term, Node]])

    def node(self, formula: Term) -> Node:
        """A term as a node. Raises NotStandardError."""
        if isinstance(formula, bool):
            return Node("true" if formula else "false", "Bool")
        waiting = [formula]
        while waiting:
            term = waiting[-1]
            parts = term.children()
            unread = [part for part in parts if part.get_id() not in self._nodes]
            if unread:
                waiting += unread
                continue
            waiting.pop()
            if term.get_id() not in self._nodes:
                found = _node(term, tuple(self._nodes[part.get_id()][1] for part in parts))
                self._nodes[term.get_id()] = term, found  # the term is kept, for its id to stay its own
        return self._nodes[formula.get_id()][1]


def _node(term: Term, parts: tuple[Node, ...]) -> Node:
    value, kind, sort = _number(term), term.decl().kind(), term.sort().name()
    if value is not None:
        return Node(numeral(value, sort == "Int"), sort, (), NUMBER)
    if kind == z3.Z3_OP_UNINTERPRETED and not parts:
        return Node(term.decl().name(), sort, (), VARIABLE)
    if kind in COUNTING:
        return _counted(term, parts)
    if kind not in OPERATORS:
        raise NotStandardError(f"{term.decl().name()} is not written in SMT-LIB")
    return Node(OPERATORS[kind], sort, parts)


def _counted(term: Term, parts: tuple[Node, ...]) -> Node:
    """How many of some truths hold, as a sum of ones and zeros."""
    limit, *weights = term.decl().params()
    if any(weight != 1 for weight in weights):
        raise NotStandardError("a count in which truths weigh more than one is not written in SMT-LIB")
    ones = [Node("ite", "Int", (part, ONE, ZERO)) for part in parts]
    total = Node("+", "Int", tuple(ones)) if len(ones) > 1 else ones[0]
    return Node(COUNTING[term.decl().kind()], "Bool", (total, Node(str(limit), "Int", (), NUMBER)))


def _number(term: Term) -> Fraction | None:
    """The value of a term that is a plain number."""
    if z3.is_to_real(term):
        return _number(term.arg(0))
    if z3.is_int_value(term):
        return Fraction(term.as_long())
    if z3.is_rational_value(term):
        return Fraction(term.numerator_as_long(), term.denominator_as_long())
    return None


def numeral(value: Fraction, whole: bool) -> str:
    """A number as SMT-LIB writes it.

    >>> numeral(Fraction(-3), True), numeral(Fraction(-1, 3), False)
    ('(- 3)', '(- (/ 1.0 3.0))')
    """
    point = "" if whole else ".0"
    size = f"{abs(value.numerator)}{point}"
    if value.denominator != 1:
        size = f"(/ {size} {value.denominator}{point})"
    return f"(- {size})" if value < 0 else size


# --- what nodes are made of ---------------------------------------------------------------------
def subterms(formulas: Iterable[Node], but: Container[Node] = ()) -> list[Node]:
    """The formulas and all they are made of, each once, parts before wholes; `but` are passed by."""
    found: dict[Node, None] = {}
    waiting = [(one, False) for one in reversed(list(formulas))]
    while waiting:
        node, parts_found = waiting.pop()
        if node in found or node in but:
            continue
        if parts_found or not node.parts:
            found[node] = None
            continue
        waiting.append((node, True))
        waiting += [(part, False) for part in reversed(node.parts)]
    return list(found)


def logic_of(nodes: Iterable[Node]) -> str:
    """The smallest standard logic that the nodes belong to."""
    integers = reals = products = False
    for node in nodes:
        integers = integers or node.sort == "Int"
        reals = reals or node.sort == "Real"
        factors = node.parts if node.head == "*" and node.kind == OPERATOR else ()
        products = products or sum(factor.kind != NUMBER for factor in factors) > 1
    if not integers and not reals:
        return "QF_UF"
    return f"QF_{'N' if products else 'L'}{'I' if integers else ''}{'R' if reals else ''}A"


# --- text ---------------------------------------------------------------------------------------
@dataclass(slots=True)
class Text:
    """Formulas as text. What occurs more than once is defined once, so that no text outgrows its formula."""

    declared: list[str] = field(default_factory=list[str])
    _texts: dict[Node, str] = field(default_factory=dict[Node, str])
    _uses: Counter[Node] = field(default_factory=Counter[Node])
    _taken: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, formulas: Sequence[Node], nodes: Iterable[Node]) -> Text:
        """For these formulas, and no others. `nodes` are all that they are made of."""
        text = cls()
        text._uses.update(formulas)
        for node in nodes:
            text._uses.update(node.parts)
            if node.kind == VARIABLE:
                text._texts[node] = text._symbol(node.head)
                text.declared.append(f"(declare-const {text._texts[node]} {node.sort})")
        return text

    def _symbol(self, name: str) -> str:
        """A quoted symbol that no other variable has."""
        plain = "".join(sign if _is_plain(sign) else f"<{ord(sign):x}>" for sign in name)
        number, symbol = 1, f"|{plain}|"
        while symbol in self._taken:
            number += 1
            symbol = f"|{plain} ({number})|"
        self._taken.add(symbol)
        return symbol

    def asserted(self, formula: Node) -> list[str]:
        """The lines that assert a formula, after the definitions that it needs and that are not yet there."""
        lines: list[str] = []
        for node in subterms((formula,), self._texts):
            parts = " ".join(self._texts[part] for part in node.parts)
            self._texts[node] = f"({node.head} {parts})" if parts else node.head
            if self._uses[node] > 1 and not node.is_literal:
                name = self._symbol(f"part {len(self._texts)}")
                lines.append(f"(define-fun {name} () {node.sort} {self._texts[node]})")
                self._texts[node] = name
        return [*lines, f"(assert {self._texts[formula]})"]


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isprintable() and sign not in "|\\<"
