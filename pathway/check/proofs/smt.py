"""The solver's terms behind a few typed functions; what is constant is folded before the solver sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import z3 as _z3  # pyright: ignore[reportMissingTypeStubs]

z3: Any = _z3
_z3.z3.Z3_DEBUG = False  # asking every term for its sort takes a tenth of all the time
Bool: TypeAlias = Any  # a Python bool, or a formula of the solver
Number: TypeAlias = Any  # an int, a Fraction, or an arithmetic term of the solver


@dataclass(slots=True)
class Variables:
    """The free variables of one check. Two checks share nothing: what was asked before changes no patient."""

    context: Any = field(default_factory=lambda: z3.Context())
    _truths: dict[str, Bool] = field(default_factory=dict[str, Bool])

    def boolean(self, name: str) -> Bool:
        """A free truth; the same for the same name."""
        if name not in self._truths:
            self._truths[name] = z3.Bool(name, self.context)
        return self._truths[name]

    def integer(self, name: str) -> Number:
        """A free whole number."""
        return z3.Int(name, self.context)

    def real(self, name: str) -> Number:
        """A free number."""
        return z3.Real(name, self.context)


def _joined(make: Any, items: list[Bool]) -> Bool:
    """Truths joined without asking each for its sort: all are truths of the same context."""
    context = items[0].ctx
    return z3.BoolRef(make(context.ref(), len(items), terms(items)), context)


def conj(items: Iterable[Bool]) -> Bool:
    """All of them; true of none."""
    found: list[Bool] = []
    for item in items:
        if item is False:
            return False
        if item is not True:
            found.append(item)
    if len(found) < 2:
        return found[0] if found else True
    return _joined(z3.Z3_mk_and, found)


def disj(items: Iterable[Bool]) -> Bool:
    """Any of them; false of none."""
    found: list[Bool] = []
    for item in items:
        if item is True:
            return True
        if item is not False:
            found.append(item)
    if len(found) < 2:
        return found[0] if found else False
    return _joined(z3.Z3_mk_or, found)


def neg(item: Bool) -> Bool:
    """Not so."""
    if isinstance(item, bool):
        return not item
    return z3.BoolRef(z3.Z3_mk_not(item.ctx.ref(), item.as_ast()), item.ctx)


def terms(items: Sequence[Bool]) -> Any:
    """Truths as the solver's own functions take them, without asking each for its sort."""
    return (z3.Ast * len(items))(*(item.as_ast() for item in items))


def is_literal(item: Bool) -> bool:
    """Whether a formula is a free truth or its opposite."""
    if z3.is_not(item):
        item = item.arg(0)
    return bool(z3.is_const(item) and item.decl().kind() == z3.Z3_OP_UNINTERPRETED)


def implies(premise: Bool, conclusion: Bool) -> Bool:
    """The conclusion wherever the premise holds."""
    return disj((neg(premise), conclusion))


def same(left: Bool, right: Bool) -> Bool:
    """Both or neither."""
    if isinstance(left, bool):
        return right if left else neg(right)
    if isinstance(right, bool):
        return left if right else neg(left)
    return left == right


def choose(condition: Bool, then: Number, otherwise: Number) -> Number:
    """One of two numbers."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, number(then, condition), number(otherwise, condition))


def number(value: Number, beside: Bool | Number) -> Number:
    """A constant as a term beside another one: whole where it is."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return z3.IntVal(value.numerator, beside.ctx)
        return z3.RealVal(f"{value.numerator}/{value.denominator}", beside.ctx)
    return z3.IntVal(value, beside.ctx) if isinstance(value, int) else value


def numbers(left: Number, right: Number) -> tuple[Number, Number]:
    """Two numbers as terms, of which one at least is no constant."""
    beside = right if isinstance(left, (int, Fraction)) else left
    return number(left, beside), number(right, beside)


def at_least(count: int, items: list[Bool]) -> Bool:
    """At least `count` of them."""
    sure = sum(item is True for item in items)
    free = [item for item in items if not isinstance(item, bool)]
    if sure >= count:
        return True
    if sure + len(free) < count:
        return False
    return z3.AtLeast(*free, count - sure)


def exactly_one(items: list[Bool]) -> Bool:
    """One of them and no other."""
    return z3.PbEq([(item, 1) for item in items], 1) if len(items) > 1 else items[0]


def at_most_one(items: list[Bool]) -> Bool:
    """No two of them."""
    return z3.AtMost(*items, 1) if len(items) > 1 else True


def substituted(formula: Bool, variable: Number, value: Fraction) -> Bool:
    """A formula with a value in the place of a variable."""
    if isinstance(formula, bool):
        return formula
    exact = number(value, variable) if z3.is_int(variable) else z3.RealVal(str(value), variable.ctx)
    return z3.substitute(formula, (variable, exact))


def substituted_truths(formula: Bool, places: list[tuple[Bool, Bool]]) -> Bool:
    """A formula with other truths in the place of some."""
    if isinstance(formula, bool) or not places:
        return formula
    context = formula.ctx
    others = [z3.BoolVal(other, context) if isinstance(other, bool) else other for _, other in places]
    found = z3.Z3_substitute(
        context.ref(), formula.as_ast(), len(places), terms([one for one, _ in places]), terms(others)
    )
    return z3.BoolRef(found, context)
