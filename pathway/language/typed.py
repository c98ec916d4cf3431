"""Parse tree to typed tree: names resolved, units converted, every type and unit error found at load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NoReturn, Protocol

from lark import Token, Tree

from pathway.language import expression as ex
from pathway.language.clockwork import Drift, FactDrift, difference
from pathway.language.expression import Kind, Span, ValueType
from pathway.language.numbers import parse_decimal
from pathway.language.problems import nearest
from pathway.language.syntax import GuardError, Syntax, parse
from pathway.language.units import Unit, UnitError, divide, multiply, parse_unit, same_dimension

BOOLEAN = ValueType(Kind.BOOLEAN)
DATE = ValueType(Kind.DATE)
INSTANT = ValueType(Kind.INSTANT)
TEXT = ValueType(Kind.TEXT)
ONE = parse_unit("1")
SECOND = parse_unit("s")
DAY = parse_unit("d")
MONTH = parse_unit("mo")
SINCE_UNITS = {"time": (SECOND, False), "days": (DAY, True), "months": (MONTH, True)}
DURATION_HINT = "Write the unit, such as 30 min or 4 h."


class Vocabulary(Protocol):
    """The names a guard may use."""

    fact_types: Mapping[str, ValueType]
    display_only: frozenset[str]
    actions: frozenset[str]
    states: Mapping[str, frozenset[str]]

    def fact_drift(self, fact: str) -> Drift:
        """How the value of a fact moves with the clock."""
        ...


@dataclass(frozen=True, slots=True)
class _Checker:
    """Turns one guard's parse tree into typed nodes."""

    source: str
    words: Vocabulary
    in_state: bool

    # --- plumbing -------------------------------------------------------------------------------
    def span(self, tree: Syntax | Token) -> Span:
        if isinstance(tree, Token):
            return Span(tree.start_pos or 0, tree.end_pos or 1)
        return Span(tree.meta.start_pos, tree.meta.end_pos)

    def where(self, tree: Syntax | Token) -> tuple[Span, str]:
        span = self.span(tree)
        return span, " ".join(self.source[span.start : span.end].split())

    def fail(self, tree: Syntax | Token, what: str, fix: str = "") -> NoReturn:
        raise GuardError(self.source, self.span(tree), what, fix)

    def expression(self, tree: Syntax) -> ex.Expression:
        return RULES[tree.data](self, tree)

    def guard(self, tree: Syntax) -> ex.Expression:
        """An expression that has to be a condition."""
        node = self.expression(tree)
        if node.type.kind is Kind.BOOLEAN:
            return node
        fix = "Compare it with something, or write `is known`."
        if isinstance(node, ex.FactRef) and node.type.kind is Kind.CODE:
            fix = f"Compare it: {node.name} = {(*node.type.codes, 'CODE')[0]}."
        self.fail(tree, f"`{node.text}` is a {described(node.type)}, not a condition", fix)

    def known_name(self, tree: Syntax | Token, name: str, names: Mapping[str, object] | frozenset[str], what: str) -> str:
        if name in names:
            return name
        close = nearest(name, names)
        fix = f"Did you mean `{close}`?" if close else f"Declare it under `{what}s:`, or correct the name."
        self.fail(tree, f"there is no {what} called `{name}`", fix)

    # --- values ---------------------------------------------------------------------------------
    def name(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        self.known_name(tree, text, self.words.fact_types, "fact")
        if text in self.words.display_only:
            self.fail(tree, f"`{text}` is for display (it has `unknown:`) and may not decide anything",
                      "Read the facts it rests on.")  # fmt: skip
        return ex.FactRef(self.words.fact_types[text], span, text, text)

    def number(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        value = self._decimal(tree, str(tree.children[0]))
        if len(tree.children) == 1:
            return ex.Literal(ValueType(Kind.NUMBER, ONE, True), span, text, value)
        unit = self._unit(tree, str(tree.children[1]))
        return ex.Literal(ValueType(Kind.NUMBER, unit), span, text, unit.to_base(value))

    def _decimal(self, tree: Syntax, digits: str) -> Fraction:
        try:
            return parse_decimal(digits)
        except ValueError as error:
            self.fail(tree, str(error))

    def _unit(self, tree: Syntax, text: str) -> Unit:
        try:
            return parse_unit(text)
        except UnitError as error:
            self.fail(tree, str(error))

    def string(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Literal(TEXT, span, text, text[1:-1])

    def truth(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Literal(BOOLEAN, span, text, tree.data == "true")

    def clock(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Clock(INSTANT if text == "now" else DATE, span, text, text)

    def since(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        word, operand = str(tree.children[0]), self._tree(tree, 1)
        moment = self.expression(operand)
        wanted = Kind.INSTANT if word == "time" else Kind.DATE
        if moment.type.kind is not wanted:
            fix = "Write days since or months since for a date." if wanted is Kind.INSTANT else "Write date of T."
            self.fail(operand, f"`{word} since` takes a {wanted.value}, `{moment.text}` is a {described(moment.type)}", fix)
        unit, natural = SINCE_UNITS[word]
        return ex.Since(ValueType(Kind.NUMBER, unit, natural), span, text, word, moment)

    def date_of(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        moment = self.expression(self._tree(tree, 0))
        if moment.type.kind is not Kind.INSTANT:
            self.fail(tree, f"`date of` takes a dateTime, `{moment.text}` is a {described(moment.type)}")
        return ex.DateOf(DATE, span, text, moment)

    def negative(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operand = self.expression(self._tree(tree, 0))
        if isinstance(operand, ex.Literal) and isinstance(operand.value, Fraction):
            unit = operand.type.unit or ONE
            return replace(operand, span=span, text=text, value=unit.to_base(-unit.from_base(operand.value)))
        zero = ex.Literal(operand.type, span, "0", Fraction(0))
        return self._sum(tree, "-", zero, operand)

    def extreme(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        items = [self.expression(child) for child in self._trees(tree)]
        first = next((item for item in items if not is_bare(item)), items[0])
        aligned = tuple(self.aligned(tree, item, first) for item in items)
        for item in aligned:
            self._comparable(tree, first, item, "<")
        return ex.Extreme(first.type, span, text, str(tree.children[0]), aligned)

    def arithmetic(self, tree: Syntax) -> ex.Expression:
        left, right = (self.expression(child) for child in self._trees(tree))
        operator = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}[tree.data]
        return self._sum(tree, operator, left, right) if operator in "+-" else self._product(tree, operator, left, right)

    def _sum(self, tree: Syntax, operator: str, left: ex.Expression, right: ex.Expression) -> ex.Expression:
        span, text = self.where(tree)
        if left.type.kind in (Kind.DATE, Kind.INSTANT):
            return self._moved(tree, operator, left, right)
        left, right = self.aligned(tree, left, right), self.aligned(tree, right, left)
        self._numbers(tree, operator, left, right)
        self._same_units(tree, left, right)
        return ex.Arithmetic(left.type, span, text, operator, left, right)

    def _moved(self, tree: Syntax, operator: str, left: ex.Expression, right: ex.Expression) -> ex.Expression:
        span, text = self.where(tree)
        if right.type.kind is left.type.kind and operator == "-":
            unit = SECOND if left.type.kind is Kind.INSTANT else DAY
            return ex.Interval(ValueType(Kind.NUMBER, unit, unit is DAY), span, text, left, right)
        if right.type.kind is not Kind.NUMBER or is_bare(right):
            self.fail(tree, f"`{operator}` on a {left.type.kind.value} takes a length of time", "Such as + 12 h or + 42 d.")
        self._step(tree, left, right)
        return ex.Shift(left.type, span, text, operator, left, right)

    def _step(self, tree: Syntax, left: ex.Expression, right: ex.Expression) -> None:
        unit = right.type.unit or ONE
        calendar = same_dimension(unit, MONTH)
        if not calendar and not same_dimension(unit, SECOND):
            self.fail(tree, f"`{right.text}` is not a length of time", DURATION_HINT)
        if calendar and left.type.kind is Kind.INSTANT:
            self.fail(tree, "months and years are calendar steps on a date, not on a dateTime", "Write date of T + 12 mo.")
        whole = right.value if isinstance(right, ex.Literal) and isinstance(right.value, Fraction) else None
        if left.type.kind is Kind.DATE and (whole is None or (whole / (1 if calendar else 86400)).denominator != 1):
            self.fail(tree, "a date moves by whole days or months, written out", "Such as + 42 d or + 12 mo.")

    def _product(self, tree: Syntax, operator: str, left: ex.Expression, right: ex.Expression) -> ex.Expression:
        span, text = self.where(tree)
        self._numbers(tree, operator, left, right)
        combine = multiply if operator == "*" else divide
        unit = combine(left.type.unit or ONE, right.type.unit or ONE)
        natural = (left.type.natural and is_bare(right)) or (right.type.natural and is_bare(left) and operator == "*")
        return ex.Arithmetic(ValueType(Kind.NUMBER, unit, natural), span, text, operator, left, right)

    def _numbers(self, tree: Syntax, operator: str, *operands: ex.Expression) -> None:
        for operand in operands:
            if operand.type.kind is not Kind.NUMBER:
                self.fail(tree, f"`{operator}` takes numbers, `{operand.text}` is a {described(operand.type)}")
            if operand.type.unit is not None and operand.type.unit.is_affine:
                self.fail(tree, f"`{operand.text}` is a temperature on a shifted scale and cannot be added or scaled",
                          "Compare it directly.")  # fmt: skip

    def _same_units(self, tree: Syntax, left: ex.Expression, right: ex.Expression) -> None:
        if not same_dimension(left.type.unit or ONE, right.type.unit or ONE):
            self.fail(tree, f"`{left.text}` is in {unit_of(left)}, `{right.text}` in {unit_of(right)}: they do not compare",
                      "Use a unit of the same dimension.")  # fmt: skip

    # --- conditions -----------------------------------------------------------------------------
    def compare(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operator = str(tree.children[1])
        left, right = self._sides(self._tree(tree, 0), self._tree(tree, 2))
        left, right = self.aligned(tree, left, right), self.aligned(tree, right, left)
        self._comparable(tree, left, right, operator)
        return self._scheduled(tree, ex.Compare(BOOLEAN, span, text, operator, left, right))

    def _sides(self, left_tree: Syntax, right_tree: Syntax) -> tuple[ex.Expression, ex.Expression]:
        if self._is_code_word(left_tree) and not self._is_code_word(right_tree):
            right = self.expression(right_tree)
            return self.code_literal(left_tree, right), right
        left = self.expression(left_tree)
        return left, self.code_literal(right_tree, left) if self._is_code_word(right_tree, left) else self.expression(right_tree)

    def _is_code_word(self, tree: Syntax, beside: ex.Expression | None = None) -> bool:
        if tree.data == "string":
            return beside is not None and beside.type.kind is Kind.CODE
        if tree.data != "name":
            return False
        word = str(tree.children[0])
        if beside is not None and beside.type.kind is Kind.CODE:
            if word in beside.type.codes and word in self.words.fact_types:
                self.fail(tree, f"`{word}` is both a fact and a code of `{beside.text}`", "Rename one of them.")
            return word in beside.type.codes or word not in self.words.fact_types
        return beside is None and word not in self.words.fact_types

    def code_literal(self, tree: Syntax, beside: ex.Expression) -> ex.Expression:
        span, text = self.where(tree)
        if beside.type.kind is not Kind.CODE:
            return self.expression(tree)
        return ex.Literal(beside.type, span, text, self.code(tree, text.strip('"'), beside))

    def code(self, tree: Syntax | Token, word: str, beside: ex.Expression) -> str:
        if word == "unknown":
            self.fail(tree, "`unknown` is not a code: it means that nothing is known", f"Write {beside.text} is unknown.")
        if word in beside.type.codes or beside.type.open:
            return word
        close = nearest(word, beside.type.codes)
        fix = f"Did you mean `{close}`?" if close else f"It has: {', '.join(beside.type.codes)}."
        self.fail(tree, f"`{beside.text}` has no code `{word}`", fix)

    def aligned(self, tree: Syntax, node: ex.Expression, beside: ex.Expression) -> ex.Expression:
        """A bare number takes the unit of what it stands beside."""
        if not is_bare(node) or beside.type.kind is not Kind.NUMBER or is_bare(beside):
            return node
        unit = beside.type.unit or ONE
        if not unit.dims and unit.factor == 1:
            return node
        if not beside.type.natural:
            self.fail(tree, f"`{node.text}` has no unit beside `{beside.text}`, which is in {unit_of(beside)}", DURATION_HINT)
        assert isinstance(node, ex.Literal) and isinstance(node.value, Fraction)
        return replace(node, type=ValueType(Kind.NUMBER, unit), value=unit.to_base(node.value))

    def _comparable(self, tree: Syntax, left: ex.Expression, right: ex.Expression, operator: str) -> None:
        kinds = (left.type.kind, right.type.kind)
        if kinds[0] is not kinds[1]:
            fix = "Write date of T to compare days." if set(kinds) == {Kind.DATE, Kind.INSTANT} else ""
            self.fail(tree, f"`{left.text}` is a {described(left.type)}, `{right.text}` a {described(right.type)}", fix)
        if kinds[0] is Kind.LIST:
            self.fail(tree, f"`{left.text}` is a list", "Write LIST includes CODE, or LIST is empty.")
        if operator not in ("=", "!=") and kinds[0] in (Kind.CODE, Kind.BOOLEAN, Kind.TEXT):
            self.fail(tree, f"`{operator}` has no meaning on a {described(left.type)}", "Use = or !=.")
        if kinds[0] is Kind.NUMBER:
            self._same_units(tree, left, right)
        if kinds[0] is Kind.CODE and not set(left.type.codes) & set(right.type.codes) and not left.type.open:
            self.fail(tree, f"`{left.text}` and `{right.text}` have no code in common")

    def _scheduled(self, tree: Syntax, node: ex.Compare | ex.Between) -> ex.Expression:
        moves: FactDrift = self.words.fact_drift
        if difference(node, moves) is Drift.MIXED and not isinstance(node, ex.Between):
            self.fail(tree, f"`{node.text}` moves with the clock in more than one direction",
                      "Compare one clock-dependent value with a fixed one.")  # fmt: skip
        return node

    def between(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operand, low, high = (self.expression(child) for child in self._trees(tree))
        low, high = self.aligned(tree, low, operand), self.aligned(tree, high, operand)
        for bound in (low, high):
            self._comparable(tree, operand, bound, "<=")
            self._scheduled(tree, ex.Compare(BOOLEAN, span, text, "<=", operand, bound))
        return ex.Between(BOOLEAN, span, text, operand, low, high)

    def one_of(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operand = self._of_kind(tree, Kind.CODE, "is one of")
        return ex.OneOf(BOOLEAN, span, text, operand, self._words(tree, operand))

    def includes(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operand = self._of_kind(tree, Kind.LIST, "includes")
        if operand.type.element is not Kind.CODE:
            self.fail(tree, f"`{operand.text}` is not a list of codes", "`includes` looks for codes.")
        return ex.Includes(BOOLEAN, span, text, operand, self._words(tree, operand))

    def _words(self, tree: Syntax, beside: ex.Expression) -> tuple[str, ...]:
        words = [child for child in tree.children[1:] if isinstance(child, Tree)]
        return tuple(self.code(word, str(word.children[0]).strip('"'), beside) for word in words)

    def _of_kind(self, tree: Syntax, kind: Kind, word: str) -> ex.Expression:
        operand = self.expression(self._tree(tree, 0))
        if operand.type.kind is not kind:
            self.fail(tree, f"`{word}` takes a {kind.value} fact, `{operand.text}` is a {described(operand.type)}")
        return operand

    def known(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        operand = self.expression(self._tree(tree, 0))
        if not isinstance(operand, ex.FactRef):
            self.fail(tree, f"only a fact can be known or unknown, `{operand.text}` is an expression")
        return ex.Known(BOOLEAN, span, text, operand, tree.data == "is_known")

    def empty(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Empty(BOOLEAN, span, text, self._of_kind(tree, Kind.LIST, "is empty"))

    def recorded(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        self._needs_state(tree, "recorded since entry")
        name = self.known_name(tree, str(tree.children[0]), self.words.fact_types, "fact")
        return ex.Recorded(BOOLEAN, span, text, name)

    def done(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        since = tree.data == "done_since_entry"
        if since:
            self._needs_state(tree, "since entry")
        action = self.known_name(tree, str(tree.children[0]), self.words.actions, "action")
        return ex.Done(BOOLEAN, span, text, action, since)

    def _needs_state(self, tree: Syntax, words: str) -> None:
        if not self.in_state:
            self.fail(tree, f"`{words}` has no meaning here: no state is entered", "Use it in a state's transitions or `do`.")

    def declined(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Declined(BOOLEAN, span, text, self.known_name(tree, str(tree.children[0]), self.words.actions, "action"))

    def within_state(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        track, state = str(tree.children[0]), str(tree.children[1])
        self.known_name(tree, track, self.words.states, "track")
        self.known_name(tree, state, self.words.states[track], "state")
        return ex.InState(BOOLEAN, span, text, track, state)

    # --- connectives ----------------------------------------------------------------------------
    def negation(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return ex.Not(BOOLEAN, span, text, self.guard(self._tree(tree, 0)))

    def conjunction(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        kind = ex.And if tree.data == "conjunction" else ex.Or
        return kind(BOOLEAN, span, text, tuple(self.guard(child) for child in self._trees(tree)))

    def implies(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        premise, conclusion = (self.guard(child) for child in self._trees(tree))
        return ex.Implies(BOOLEAN, span, text, premise, conclusion)

    def at_least(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        digits, items = str(tree.children[0]), tuple(self.guard(child) for child in self._trees(tree))
        if not digits.isdigit() or not 1 <= int(digits) <= len(items):
            self.fail(tree, f"`at least {digits}` of {len(items)} conditions", f"Write a whole number from 1 to {len(items)}.")
        return ex.AtLeast(BOOLEAN, span, text, int(digits), items)

    def group(self, tree: Syntax) -> ex.Expression:
        span, text = self.where(tree)
        return replace(self.expression(self._tree(tree, 0)), span=span, text=text)

    def _tree(self, tree: Syntax, index: int) -> Syntax:
        child = tree.children[index]
        assert isinstance(child, Tree)
        return child

    def _trees(self, tree: Syntax) -> list[Syntax]:
        return [child for child in tree.children if isinstance(child, Tree)]


RULES: Mapping[str, Callable[[_Checker, Syntax], ex.Expression]] = {
    "name": _Checker.name, "number": _Checker.number, "string": _Checker.string,
    "true": _Checker.truth, "false": _Checker.truth, "clock": _Checker.clock, "since": _Checker.since,
    "date_of": _Checker.date_of, "negative": _Checker.negative, "extreme": _Checker.extreme,
    "add": _Checker.arithmetic, "subtract": _Checker.arithmetic,
    "multiply": _Checker.arithmetic, "divide": _Checker.arithmetic,
    "compare": _Checker.compare, "between": _Checker.between, "one_of": _Checker.one_of,
    "includes": _Checker.includes, "is_known": _Checker.known, "is_unknown": _Checker.known,
    "is_empty": _Checker.empty, "recorded": _Checker.recorded, "done": _Checker.done,
    "done_since_entry": _Checker.done, "declined": _Checker.declined, "in_state": _Checker.within_state,
    "negation": _Checker.negation, "conjunction": _Checker.conjunction, "disjunction": _Checker.conjunction,
    "implies": _Checker.implies, "at_least": _Checker.at_least, "group": _Checker.group,
}  # fmt: skip


def described(of: ValueType) -> str:
    """A type in words: `quantity in mg/dL`, `code`."""
    if of.kind is Kind.NUMBER:
        unit = of.unit.text if of.unit is not None else "1"
        return "plain number" if unit == "1" else f"quantity in {unit}"
    return of.kind.value


def unit_of(node: ex.Expression) -> str:
    """The unit of an expression, or `no unit`."""
    unit = node.type.unit
    return "no unit" if unit is None or unit.text == "1" else unit.text


def is_bare(node: ex.Expression) -> bool:
    """Whether this is a number written without a unit."""
    return isinstance(node, ex.Literal) and node.type.kind is Kind.NUMBER and node.type.natural


def typed_guard(text: str, words: Vocabulary, in_state: bool = False) -> ex.Expression:
    """Parse and type a condition. Raises GuardError with the place in the text and the fix."""
    checker = _Checker(text, words, in_state)
    return checker.guard(_root(parse(text)))


def typed_expression(text: str, words: Vocabulary, in_state: bool = False) -> ex.Expression:
    """Parse and type an expression of any type. Raises GuardError."""
    return _Checker(text, words, in_state).expression(_root(parse(text)))


def _root(tree: Syntax) -> Syntax:
    child = tree.children[0]
    assert isinstance(child, Tree)
    return child


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
