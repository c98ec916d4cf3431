"""Guards in English, for charts and screens: the same tree, read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pathway.language import expression as ex
from pathway.language.expression import Expression, Kind
from pathway.language.numbers import format_number
from pathway.language.units import display

OPERATORS = {"=": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}
# A label that is a plain sentence; in one with a further clause the verb may belong to that.
SENTENCE = re.compile(
    r"(?!.*\b(?:that|which|who|when|while|if)\b)"
    r"(?P<start>.*? (?:is|are|was|were|has|have)) (?P<rest>(?!not )(?!.* (?:and|or) ).+)"
)
MOMENTS = {**OPERATORS, "<": "before", "<=": "at or before", ">": "after", ">=": "at or after"}


@dataclass(frozen=True, slots=True)
class Names:
    """The words for facts, codes, actions and states."""

    facts: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    actions: Mapping[str, str]
    states: Mapping[tuple[str, str], str]

    def code(self, node: Expression, code: str) -> str:
        """The label of a code of a fact, or the code in words; `"not done"` is no denial, so it is quoted."""
        labels = self.codes.get(node.name) if isinstance(node, ex.FactRef) else None
        words = (labels or {}).get(code) or in_words(code)
        return f'"{words}"' if words.startswith("not ") else words


def in_words(identifier: str) -> str:
    """`csf_flow_status` as `csf flow status`.

    >>> in_words("csf_flow_status")
    'csf flow status'
    """
    return identifier.replace("_", " ")


def english(node: Expression, names: Names) -> str:
    """The expression as a phrase."""
    return READERS[type(node)](node, names)


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _literal(node: ex.Literal, names: Names) -> str:
    if isinstance(node.value, bool):
        return "always" if node.value else "never"
    if isinstance(node.value, Fraction):
        return _number(node.value, node)
    return in_words(str(node.value)) if node.type.kind is Kind.CODE else str(node.value)


def _number(base: Fraction, node: ex.Literal) -> str:
    unit = node.type.unit
    if unit is None:
        return format_number(base)
    value = unit.from_base(base)
    shown = display(unit, value)
    if not shown:
        return format_number(value)
    return f"{format_number(value)}{'' if shown == '%' else ' '}{shown}"


def _fact(node: ex.FactRef, names: Names) -> str:
    return names.facts.get(node.name, in_words(node.name))


def _arithmetic(node: ex.Arithmetic, names: Names) -> str:
    left, right = (_part(side, names) for side in (node.left, node.right))
    word = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}[node.operator]
    return f"{left} {word} {right}"


def _part(node: Expression, names: Names) -> str:
    words = english(node, names)
    return f"({words})" if isinstance(node, (ex.Arithmetic, ex.Shift, ex.Interval)) else words


def _extreme(node: ex.Extreme, names: Names) -> str:
    words = ("lowest", "highest") if node.type.kind is Kind.NUMBER else ("earliest", "latest")
    word = words[0] if node.operator == "min" else words[1]
    return f"the {word} of ({', '.join(english(item, names) for item in node.items)})"


def _shift(node: ex.Shift, names: Names) -> str:
    amount, moment = _part(node.amount, names), english(node.moment, names)
    return f"{amount} {'after' if node.operator == '+' else 'before'} {moment}"


def _interval(node: ex.Interval, names: Names) -> str:
    return f"time from {english(node.earlier, names)} to {english(node.later, names)}"


def _clock(node: ex.Clock, names: Names) -> str:
    return node.operator


def _since(node: ex.Since, names: Names) -> str:
    return f"{node.operator} since {english(node.moment, names)}"


def _date_of(node: ex.DateOf, names: Names) -> str:
    return f"the date of {english(node.moment, names)}"


def _compare(node: ex.Compare, names: Names) -> str:
    left, right = node.left, node.right
    if isinstance(left, ex.Literal) and not isinstance(right, ex.Literal):
        return _compare_words(right, MIRRORED[node.operator], left, names)
    return _compare_words(left, node.operator, right, names)


MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compare_words(left: Expression, operator: str, right: Expression, names: Names) -> str:
    if left.type.kind is Kind.CODE and isinstance(right, ex.Literal):
        return f"{english(left, names)} {OPERATORS[operator]} {names.code(left, str(right.value))}"
    if left.type.kind is Kind.BOOLEAN:
        return _agree(left, operator, right, names)
    words = MOMENTS if left.type.kind in (Kind.DATE, Kind.INSTANT) else OPERATORS
    return f"{english(left, names)} {words[operator]} {english(right, names)}"


def _agree(left: Expression, operator: str, right: Expression, names: Names) -> str:
    """Two conditions that have to be both true or both false, or one that has to be true or false."""
    if isinstance(right, ex.Literal):
        yes = (right.value is True) is (operator == "=")
        return english(left, names) if yes else _denied(left, names)
    word = "exactly when" if operator == "=" else "exactly when not"
    return f"{_grouped(left, names)} {word} {_grouped(right, names)}"


def _between(node: ex.Between, names: Names) -> str:
    return f"{_part(node.operand, names)} from {_part(node.low, names)} to {_part(node.high, names)}"


def _one_of(node: ex.OneOf, names: Names) -> str:
    codes = [names.code(node.operand, value) for value in node.values]
    return f"{english(node.operand, names)} is {_listed(codes, 'or')}"


def _is_known(node: ex.Known, names: Names) -> str:
    return f"{english(node.operand, names)} is {'known' if node.expected else 'not known'}"


def _includes(node: ex.Includes, names: Names) -> str:
    codes = [names.code(node.operand, value) for value in node.values]
    return f"{english(node.operand, names)} include {_listed(codes, 'or')}"


def _empty(node: ex.Empty, names: Names) -> str:
    return f"no {english(node.operand, names)}"


def _done(node: ex.Done, names: Names) -> str:
    since = " since this state was entered" if node.since_entry else ""
    return f"{names.actions.get(node.action, in_words(node.action))} done{since}"


def _declined(node: ex.Declined, names: Names) -> str:
    since = " since this state was entered" if node.since_entry else ""
    return f"{names.actions.get(node.action, in_words(node.action))} declined{since}"


def _recorded(node: ex.Recorded, names: Names) -> str:
    since = "since this state was entered" if node.since_entry else "at some time"
    return f"{names.facts.get(node.fact, in_words(node.fact))} recorded {since}"


def _in_state(node: ex.InState, names: Names) -> str:
    return f"in {names.states.get((node.track, node.state), in_words(node.state))}"


def _not(node: ex.Not, names: Names) -> str:
    if isinstance(node.operand, ex.Empty):
        return f"some {english(node.operand.operand, names)}"
    return _denied(node.operand, names)


def _denied(node: Expression, names: Names) -> str:
    """The denial of a condition: within it where a fact's label is a plain sentence, else before it.

    So `a cause is not recorded`, but `not coagulopathy`.
    """
    words = _grouped(node, names)
    sentence = SENTENCE.fullmatch(words) if isinstance(node, ex.FactRef) else None
    return f"{sentence['start']} not {sentence['rest']}" if sentence is not None else f"not {words}"


def _grouped(node: Expression, names: Names) -> str:
    """The words of a part, in parentheses where they hold an `and`, `or` or list that could run on."""
    words = english(node, names)
    return f"({words})" if _runs_on(node) else words


def _runs_on(node: Expression) -> bool:
    if isinstance(node, (ex.OneOf, ex.Includes)):
        return len(node.values) > 1
    if isinstance(node, ex.Compare) and node.left.type.kind is Kind.BOOLEAN:
        literal = next((side for side in (node.left, node.right) if isinstance(side, ex.Literal)), None)
        if literal is None:
            return True
        kept = (literal.value is True) is (node.operator == "=")
        return kept and _runs_on(node.right if literal is node.left else node.left)
    return isinstance(node, (ex.And, ex.Or, ex.Implies, ex.AtLeast))


def _and(node: ex.And, names: Names) -> str:
    return " and ".join(_grouped(item, names) for item in node.items)


def _or(node: ex.Or, names: Names) -> str:
    return " or ".join(_grouped(item, names) for item in node.items)


def _implies(node: ex.Implies, names: Names) -> str:
    return f"if {_grouped(node.premise, names)} then {_grouped(node.conclusion, names)}"


def _at_least(node: ex.AtLeast, names: Names) -> str:
    items = "; ".join(
        f"({english(i, names)})" if isinstance(i, ex.AtLeast) else english(i, names) for i in node.items
    )
    return f"at least {node.count} of: {items}"


READERS: Mapping[type[ex.Node], Callable[[Any, Names], str]] = {
    ex.Literal: _literal,
    ex.FactRef: _fact,
    ex.Arithmetic: _arithmetic,
    ex.Extreme: _extreme,
    ex.Shift: _shift,
    ex.Interval: _interval,
    ex.Clock: _clock,
    ex.Since: _since,
    ex.DateOf: _date_of,
    ex.Compare: _compare,
    ex.Between: _between,
    ex.OneOf: _one_of,
    ex.Known: _is_known,
    ex.Includes: _includes,
    ex.Empty: _empty,
    ex.Done: _done,
    ex.Declined: _declined,
    ex.Recorded: _recorded,
    ex.InState: _in_state,
    ex.Not: _not,
    ex.And: _and,
    ex.Or: _or,
    ex.Implies: _implies,
    ex.AtLeast: _at_least,
}
