"""Typing conditions: comparisons, codes, lists, the record, deeds, states and connectives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from lark import Token

from pathway.language import expression as ex
from pathway.language.clockwork import Drift, difference
from pathway.language.expression import Kind, ValueType
from pathway.language.problems import nearest
from pathway.language.syntax import Syntax
from pathway.language.type_checker import (
    BOOLEAN,
    Rules,
    TypeChecker,
    described,
    tokens,
    trees,
)
from pathway.language.typed_values import aligned, same_units
from pathway.language.units import Unit, same_dimension

ORDERED = (Kind.NUMBER, Kind.DATE, Kind.INSTANT)


# --- comparisons --------------------------------------------------------------------------------
def _compare(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operator = str(tokens(tree)[0])
    left_tree, right_tree = trees(tree)
    left, right = _sides(at, left_tree, right_tree)
    left, right = _beside(at, left, right), _beside(at, right, left)
    _comparable(at, left, right, operator)
    node = ex.Compare(BOOLEAN, span, text, operator, left, right)
    _refuse_wavering(at, node)
    return node


def _between(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operand, low, high = (at.expression(child) for child in trees(tree))
    low, high = _beside(at, low, operand), _beside(at, high, operand)
    for bound in (low, high):
        _comparable(at, operand, bound, "<=")
        _refuse_wavering(at, ex.Compare(BOOLEAN, span, text, "<=", operand, bound))
    return ex.Between(BOOLEAN, span, text, operand, low, high)


def _beside(at: TypeChecker, node: ex.Expression, other: ex.Expression) -> ex.Expression:
    """A number in the unit of what it is compared with, or in a unit that the fact admits by a factor."""
    node = aligned(at, node, other)
    unit, declared = node.type.unit, other.type.unit
    if not isinstance(node, ex.Literal) or not isinstance(node.value, Fraction) or unit is None:
        return node
    if declared is None or not isinstance(other, ex.FactRef) or same_dimension(unit, declared):
        return node
    for admitted, factor in other.type.factors:
        if same_dimension(unit, admitted):
            size = unit.factor / admitted.factor * factor * declared.factor
            as_declared = ValueType(Kind.NUMBER, Unit(unit.text, declared.dims, size))
            return replace(node, type=as_declared, value=size * unit.from_base(node.value))
    return node


def _sides(at: TypeChecker, left: Syntax, right: Syntax) -> tuple[ex.Expression, ex.Expression]:
    """Both sides of a comparison; a bare word beside a code is one of its codes."""
    if _is_strange(at, left) and not _is_strange(at, right):
        beside = at.expression(right)
        return _code_literal(at, left, beside), beside
    first = at.expression(left)
    if _is_strange(at, right):
        _refuse_word(at, right, first)
    return first, _code_literal(at, right, first) if _is_code_word(at, right, first) else at.expression(right)


def _is_strange(at: TypeChecker, tree: Syntax) -> bool:
    return tree.data == "name" and str(tokens(tree)[0]) not in at.words.fact_types


def _refuse_word(at: TypeChecker, tree: Syntax, beside: ex.Expression) -> None:
    """A bare word beside a fact that is no code: say how such a fact is read."""
    word = str(tokens(tree)[0])
    if beside.type.kind is Kind.BOOLEAN:
        fix = f"Write {beside.text}, or not {beside.text}."
        at.fail(tree, f"`{beside.text}` is yes or no and takes no `{word}`", fix)
    if beside.type.kind is Kind.LIST:
        at.fail(beside, f"`{beside.text}` is a list", f"Write {beside.text} includes {word}.")
    if beside.type.kind is Kind.TEXT:
        at.fail(tree, f"a text is written in quotation marks, `{word}` is not", f'Write "{word}".')


def _is_code_word(at: TypeChecker, tree: Syntax, beside: ex.Expression) -> bool:
    if beside.type.kind is not Kind.CODE or tree.data not in ("name", "string"):
        return False
    word = str(tokens(tree)[0])
    if word in beside.type.codes and word in at.words.fact_types:
        at.fail(
            tree,
            f"`{word}` is both a fact and a code of `{beside.text}`",
            f'Write "{word}" where the code is meant.',
        )
    return tree.data == "string" or word not in at.words.fact_types


def _code_literal(at: TypeChecker, tree: Syntax, beside: ex.Expression) -> ex.Expression:
    span, text = at.where(tree)
    if beside.type.kind is not Kind.CODE:
        return at.expression(tree)
    return ex.Literal(beside.type, span, text, _code(at, tokens(tree)[0], beside))


def _code(at: TypeChecker, token: Token, beside: ex.Expression) -> str:
    word = str(token).strip('"')
    if word == "unknown":
        at.fail(
            token,
            "`unknown` is not a code: it means that nothing is known",
            f"Write {beside.text} is unknown.",
        )
    if word in beside.type.codes or beside.type.open:
        return word
    close = nearest(word, beside.type.codes)
    fix = f"Did you mean `{close}`?" if close else f"It has: {', '.join(beside.type.codes)}."
    at.fail(token, f"`{beside.text}` has no code `{word}`", fix)


def _comparable(at: TypeChecker, left: ex.Expression, right: ex.Expression, operator: str) -> None:
    kinds = (left.type.kind, right.type.kind)
    if Kind.LIST in kinds:
        one = left if kinds[0] is Kind.LIST else right
        at.fail(one, f"`{one.text}` is a list", f"Write {one.text} includes CODE, or {one.text} is empty.")
    if kinds[0] is not kinds[1]:
        at.fail(
            right,
            f"`{left.text}` is {described(left.type)}, `{right.text}` is {described(right.type)}",
            _mending(kinds),
        )
    if operator not in ("=", "!=") and kinds[0] not in ORDERED:
        at.fail(left, f"`{operator}` has no meaning on {described(left.type)}", "Use = or !=.")
    if kinds[0] is Kind.NUMBER:
        same_units(at, left, right)
    if kinds[0] is Kind.CODE and not (
        left.type.open or right.type.open or set(left.type.codes) & set(right.type.codes)
    ):
        at.fail(
            right,
            f"`{left.text}` and `{right.text}` have no code in common",
            "Compare it with one of its own codes.",
        )


def _mending(kinds: tuple[Kind, Kind]) -> str:
    if set(kinds) == {Kind.DATE, Kind.INSTANT}:
        return "Write date of T to compare days."
    return "Compare two values of one type."


def _refuse_wavering(at: TypeChecker, node: ex.Compare) -> None:
    """A comparison has to cross its threshold at most once, or its next change cannot be found."""
    if difference(node, at.drift) is Drift.MIXED:
        what = f"`{node.text}` moves with the clock in more than one direction"
        at.fail(node, what, "Compare one clock-dependent value with a fixed one.")


# --- codes, lists and the record ----------------------------------------------------------------
def _one_of(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operand = _of_kind(at, tree, Kind.CODE, "is one of")
    return ex.OneOf(BOOLEAN, span, text, operand, _words(at, tree, operand))


def _includes(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operand = _of_kind(at, tree, Kind.LIST, "includes")
    if operand.type.element is not Kind.CODE:
        at.fail(operand, f"`{operand.text}` is not a list of codes", "`includes` looks for codes.")
    return ex.Includes(BOOLEAN, span, text, operand, _words(at, tree, operand))


def _empty(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return ex.Empty(BOOLEAN, span, text, _of_kind(at, tree, Kind.LIST, "is empty"))


def _words(at: TypeChecker, tree: Syntax, beside: ex.Expression) -> tuple[str, ...]:
    return tuple(_code(at, tokens(word)[0], beside) for word in trees(tree)[1:])


INSTEAD = {
    (Kind.CODE, "includes"): "Write {text} = CODE.",
    (Kind.CODE, "is empty"): "Write {text} is unknown.",
    (Kind.LIST, "is one of"): "Write {text} includes any of (a, b).",
}


def _of_kind(at: TypeChecker, tree: Syntax, kind: Kind, word: str) -> ex.Expression:
    operand = at.expression(trees(tree)[0])
    if operand.type.kind is not kind:
        fix = INSTEAD.get((operand.type.kind, word), f"It stands after a {kind.value} fact.")
        what = f"`{word}` takes a {kind.value} fact, `{operand.text}` is {described(operand.type)}"
        at.fail(operand, what, fix.format(text=operand.text))
    return operand


def _known(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operand = at.expression(trees(tree)[0])
    if not isinstance(operand, ex.FactRef):
        what = f"only a fact can be known or unknown, `{operand.text}` is an expression"
        at.fail(operand, what, "Ask for each fact it reads.")
    return ex.Known(BOOLEAN, span, text, operand, tree.data == "is_known")


def _recorded(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    since = tree.data == "recorded_since_entry"
    if since:
        _needs_state(at, tree, "recorded since entry")
    fact = at.known_name(tokens(tree)[0], at.words.fact_types, "fact")
    return ex.Recorded(BOOLEAN, span, text, fact, since)


# --- deeds and states ---------------------------------------------------------------------------
def _done(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    since = tree.data == "done_since_entry"
    if since:
        _needs_state(at, tree, "since entry")
    return ex.Done(BOOLEAN, span, text, at.known_name(tokens(tree)[0], at.words.actions, "action"), since)


def _needs_state(at: TypeChecker, tree: Syntax, words: str) -> None:
    if not at.in_state:
        what = f"`{words}` has no meaning here: no state is entered"
        at.fail(tree, what, "Use it in a state's transitions or `do`.")


def _declined(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    since = tree.data == "declined_since_entry"
    if since:
        _needs_state(at, tree, "since entry")
    return ex.Declined(BOOLEAN, span, text, at.known_name(tokens(tree)[0], at.words.actions, "action"), since)


def _in_state(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    track, state = tokens(tree)
    at.known_name(track, at.words.states, "track")
    at.known_name(state, at.words.states[str(track)], f"state of {track}", f"tracks.{track}.states")
    return ex.InState(BOOLEAN, span, text, str(track), str(state))


# --- connectives --------------------------------------------------------------------------------
def _negation(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return ex.Not(BOOLEAN, span, text, at.guard(trees(tree)[0]))


def _conjunction(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    kind = ex.And if tree.data == "conjunction" else ex.Or
    return kind(BOOLEAN, span, text, tuple(at.guard(child) for child in trees(tree)))


def _implies(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    premise, conclusion = (at.guard(child) for child in trees(tree))
    return ex.Implies(BOOLEAN, span, text, premise, conclusion)


def _at_least(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    digits, items = tokens(tree)[0], tuple(at.guard(child) for child in trees(tree))
    if str(digits) not in {str(count) for count in range(1, len(items) + 1)}:
        fix = (
            f"Write a whole number from 1 to {len(items)}."
            if len(items) > 1
            else "Write the condition alone."
        )
        at.fail(digits, f"`at least {digits}` of {len(items)} conditions", fix)
    return ex.AtLeast(BOOLEAN, span, text, int(digits), items)


CONDITION_RULES: Rules = {
    "compare": _compare,
    "between": _between,
    "one_of": _one_of,
    "includes": _includes,
    "is_empty": _empty,
    "is_known": _known,
    "is_unknown": _known,
    "recorded": _recorded,
    "recorded_since_entry": _recorded,
    "done": _done,
    "done_since_entry": _done,
    "declined": _declined,
    "declined_since_entry": _declined,
    "in_state": _in_state,
    "negation": _negation,
    "conjunction": _conjunction,
    "disjunction": _conjunction,
    "implies": _implies,
    "at_least": _at_least,
}
