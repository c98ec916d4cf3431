"""Typing values: names, numbers with units, clock and calendar, arithmetic."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language.expression import Kind, ValueType
from pathway.language.numbers import parse_decimal
from pathway.language.syntax import Syntax
from pathway.language.type_checker import (
    BOOLEAN,
    DATE,
    INSTANT,
    ONE,
    SECOND,
    TEXT,
    Rules,
    TypeChecker,
    described,
    is_bare,
    tokens,
    trees,
    unit_hint,
    unit_of,
)
from pathway.language.unit_slips import meant
from pathway.language.units import Unit, UnitError, divide, multiply, parse_unit, same_dimension

DAY = parse_unit("d")
MONTH = parse_unit("mo")
SINCE_UNITS = {"time": (SECOND, False), "days": (DAY, True), "months": (MONTH, True)}
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


# --- names and literals -------------------------------------------------------------------------
def _name(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    if text not in at.words.fact_types:
        _refuse_split_unit(at, tree)
    at.known_name(tokens(tree)[0], at.words.fact_types, "fact")
    if text in at.words.display_only:
        at.fail(
            tree,
            f"`{text}` is for display (it has `unknown:`) and may not decide anything",
            "Read the facts it rests on.",
        )
    return ex.FactRef(at.words.fact_types[text], span, text, text)


def _refuse_split_unit(at: TypeChecker, tree: Syntax) -> None:
    """`5 mg/dl` reads as 5 mg divided by a fact `dl`: say which unit is meant."""
    span, text = at.where(tree)
    begun = re.search(r"[0-9]\s+([^\s()]+/)$", at.source[: span.start])
    unit = meant(begun[1] + text) if begun else None
    if begun is not None and unit is not None:
        at.fail(tree, f"`{begun[1]}{text}` is not a unit that is known here", f"Write {unit}.")


def _number(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    digits, *units = tokens(tree)
    value = _decimal(at, tree, str(digits))
    if not units:
        return ex.Literal(ValueType(Kind.NUMBER, ONE, True), span, text, value)
    unit = _unit(at, tree, str(units[0]))
    return ex.Literal(ValueType(Kind.NUMBER, unit), span, text, unit.to_base(value))


def _decimal(at: TypeChecker, tree: Syntax, digits: str) -> Fraction:
    try:
        return parse_decimal(digits)
    except ValueError as error:
        at.fail(tree, str(error), "Write fewer digits, or another unit.")


def _unit(at: TypeChecker, tree: Syntax, text: str) -> Unit:
    try:
        return parse_unit(text)
    except UnitError as error:
        at.fail(tree, str(error))


def _string(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return ex.Literal(TEXT, span, text, str(tokens(tree)[0])[1:-1])


def _truth(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return ex.Literal(BOOLEAN, span, text, tree.data == "true")


def _group(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return replace(at.expression(trees(tree)[0]), span=span, text=text)


# --- clock and calendar -------------------------------------------------------------------------
def _clock(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    return ex.Clock(INSTANT if text == "now" else DATE, span, text, text)


def _since(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    word, moment = str(tokens(tree)[0]), at.expression(trees(tree)[0])
    wanted = Kind.INSTANT if word == "time" else Kind.DATE
    if moment.type.kind is not wanted:
        fix = "Write days since D or months since D, D a date."
        if moment.type.kind is Kind.INSTANT:
            fix = f"Write {word} since date of {moment.text}."
        if wanted is Kind.INSTANT and moment.type.kind is not Kind.DATE:
            fix = "Write time since T, T a dateTime."
        at.fail(
            moment, f"`{word} since` takes a {wanted.value}, `{moment.text}` is {described(moment.type)}", fix
        )
    unit, natural = SINCE_UNITS[word]
    return ex.Since(ValueType(Kind.NUMBER, unit, natural), span, text, word, moment)


def _date_of(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    moment = at.expression(trees(tree)[0])
    if moment.type.kind is not Kind.INSTANT:
        fix = "It is a date already." if moment.type.kind is Kind.DATE else "Write date of T, T a dateTime."
        at.fail(moment, f"`date of` takes a dateTime, `{moment.text}` is {described(moment.type)}", fix)
    return ex.DateOf(DATE, span, text, moment)


def _moved(
    at: TypeChecker, tree: Syntax, operator: str, left: ex.Expression, right: ex.Expression
) -> ex.Expression:
    span, text = at.where(tree)
    if right.type.kind is left.type.kind and operator == "-":
        unit = SECOND if left.type.kind is Kind.INSTANT else DAY
        return ex.Interval(ValueType(Kind.NUMBER, unit, unit is DAY), span, text, left, right)
    if right.type.kind is not Kind.NUMBER or is_bare(right):
        what = f"`{operator}` on {described(left.type)} takes a length of time, not {described(right.type)}"
        at.fail(right, what, "Such as + 12 h or + 42 d.")
    _check_step(at, left, right)
    return ex.Shift(left.type, span, text, operator, left, right)


def _check_step(at: TypeChecker, left: ex.Expression, right: ex.Expression) -> None:
    unit = right.type.unit or ONE
    calendar = same_dimension(unit, MONTH)
    if not calendar and not same_dimension(unit, SECOND):
        at.fail(
            right, f"`{right.text}` is not a length of time", "Write it with its unit, such as 30 min or 4 h."
        )
    if calendar and left.type.kind is Kind.INSTANT:
        at.fail(
            right,
            "months and years are calendar steps on a date, not on a dateTime",
            "Write date of T + 12 mo.",
        )
    whole = right.value if isinstance(right, ex.Literal) and isinstance(right.value, Fraction) else None
    if left.type.kind is Kind.DATE and (
        whole is None or (whole / (1 if calendar else 86400)).denominator != 1
    ):
        at.fail(right, "a date moves by whole days or months, written out", "Such as + 42 d or + 12 mo.")


# --- arithmetic ---------------------------------------------------------------------------------
def _negative(at: TypeChecker, tree: Syntax) -> ex.Expression:
    """A minus before a number belongs to it: -5 Cel is five below zero, not minus 278.15 K."""
    span, text = at.where(tree)
    operand = at.expression(trees(tree)[0])
    if isinstance(operand, ex.Literal) and isinstance(operand.value, Fraction):
        unit = operand.type.unit or ONE
        return replace(operand, span=span, text=text, value=unit.to_base(-unit.from_base(operand.value)))
    _numbers(at, "-", operand)
    zero = ex.Literal(operand.type, span, "0", Fraction(0))
    return ex.Arithmetic(operand.type, span, text, "-", zero, operand)


def _extreme(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    items = [at.expression(child) for child in trees(tree)]
    first = next((item for item in items if not is_bare(item)), items[0])
    aligned_items = tuple(aligned(at, item, first) for item in items)
    for item in aligned_items:
        if (
            item.type.kind not in (Kind.NUMBER, Kind.DATE, Kind.INSTANT)
            or item.type.kind is not first.type.kind
        ):
            fix = "Use numbers of one dimension, dates, or dateTimes."
            at.fail(item, f"`{item.text}` is {described(item.type)} and has no place here", fix)
        same_units(at, first, item)
    return ex.Extreme(first.type, span, text, str(tokens(tree)[0]), aligned_items)


def _sum(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operator = SIGNS[tree.data]
    left, right = (at.expression(child) for child in trees(tree))
    if left.type.kind in (Kind.DATE, Kind.INSTANT):
        return _moved(at, tree, operator, left, right)
    left, right = aligned(at, left, right), aligned(at, right, left)
    _numbers(at, operator, left, right)
    same_units(at, left, right)
    of = left.type if left.type.natural or not right.type.natural else right.type
    return ex.Arithmetic(of, span, text, operator, left, right)


def _product(at: TypeChecker, tree: Syntax) -> ex.Expression:
    span, text = at.where(tree)
    operator = SIGNS[tree.data]
    left, right = (at.expression(child) for child in trees(tree))
    _numbers(at, operator, left, right)
    combine = multiply if operator == "*" else divide
    try:
        unit = combine(left.type.unit or ONE, right.type.unit or ONE)
    except UnitError as error:
        at.fail(tree, f"the unit of `{text}` cannot be reckoned: {error}", "Multiply fewer quantities.")
    natural = (left.type.natural and is_bare(right)) or (
        right.type.natural and is_bare(left) and operator == "*"
    )
    return ex.Arithmetic(ValueType(Kind.NUMBER, unit, natural), span, text, operator, left, right)


def _numbers(at: TypeChecker, operator: str, *operands: ex.Expression) -> None:
    for operand in operands:
        if operand.type.kind is not Kind.NUMBER:
            at.fail(
                operand,
                f"`{operator}` takes numbers, `{operand.text}` is {described(operand.type)}",
                "Leave it out.",
            )
        if operand.type.unit is not None and operand.type.unit.is_affine:
            what = f"`{operand.text}` is a temperature on a shifted scale and cannot be added or scaled"
            at.fail(operand, what, "Compare it directly.")


def same_units(at: TypeChecker, left: ex.Expression, right: ex.Expression) -> None:
    """Refuse numbers that do not measure the same thing."""
    if left.type.kind is Kind.NUMBER and not same_dimension(left.type.unit or ONE, right.type.unit or ONE):
        what = f"`{left.text}` is in {unit_of(left)}, `{right.text}` in {unit_of(right)}: they do not compare"
        at.fail(
            right, what, "Use a unit of the same dimension, or declare a factor under `also:` of the fact."
        )


def aligned(at: TypeChecker, node: ex.Expression, beside: ex.Expression) -> ex.Expression:
    """A bare number takes the unit of what it stands beside."""
    if not is_bare(node) or beside.type.kind is not Kind.NUMBER or is_bare(beside):
        return node
    unit = beside.type.unit or ONE
    if not unit.dims and unit.factor == 1:
        return node
    if not beside.type.natural:
        what = f"`{node.text}` has no unit beside `{beside.text}`, which is in {unit_of(beside)}"
        at.fail(node, what, unit_hint(node.text, unit))
    assert isinstance(node, ex.Literal)
    assert isinstance(node.value, Fraction)
    return replace(node, type=ValueType(Kind.NUMBER, unit), value=unit.to_base(node.value))


VALUE_RULES: Rules = {
    "name": _name,
    "number": _number,
    "string": _string,
    "true": _truth,
    "false": _truth,
    "group": _group,
    "clock": _clock,
    "since": _since,
    "date_of": _date_of,
    "negative": _negative,
    "extreme": _extreme,
    "add": _sum,
    "subtract": _sum,
    "multiply": _product,
    "divide": _product,
}
