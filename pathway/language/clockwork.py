"""How expressions move with the clock: every comparison must cross its threshold at most once."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from fractions import Fraction

from pathway.language import expression as ex


class Drift(Enum):
    """What a value does as time passes while no fact changes."""

    FIXED = 0
    RISING = 1
    FALLING = -1
    MIXED = None

    def reversed(self) -> Drift:
        """The drift of the negated value."""
        return {Drift.RISING: Drift.FALLING, Drift.FALLING: Drift.RISING}.get(self, self)


FactDrift = Callable[[str], Drift]


def both(left: Drift, right: Drift) -> Drift:
    """Drift of a sum, a minimum, a maximum, or of one value out of two."""
    if left is Drift.FIXED:
        return right
    if right in (Drift.FIXED, left):
        return left
    return Drift.MIXED


def drift(node: ex.Expression, fact_drift: FactDrift) -> Drift:
    """Drift of a value; MIXED where it cannot be told. `fact_drift` answers for derived facts.

    A condition has none: it changes where the comparisons in it do, and these are searched one by one.
    """
    if node.type.kind is ex.Kind.BOOLEAN:
        return Drift.FIXED
    match node:
        case ex.FactRef(name=name):
            return fact_drift(name)
        case ex.Clock():
            return Drift.RISING
        case ex.Since(moment=moment):
            return Drift.RISING if drift(moment, fact_drift) is Drift.FIXED else Drift.MIXED
        case ex.Interval(later=later, earlier=earlier):
            return both(drift(later, fact_drift), drift(earlier, fact_drift).reversed())
        case ex.Shift(operator=sign, moment=moment, amount=amount):
            change = drift(amount, fact_drift)
            return both(drift(moment, fact_drift), change if sign == "+" else change.reversed())
        case ex.Arithmetic():
            return _arithmetic(node, fact_drift)
        case _:
            found = Drift.FIXED
            for child in ex.children(node):
                found = both(found, drift(child, fact_drift))
            return found


def _arithmetic(node: ex.Arithmetic, fact_drift: FactDrift) -> Drift:
    left, right = drift(node.left, fact_drift), drift(node.right, fact_drift)
    if left is right is Drift.FIXED:
        return Drift.FIXED
    if node.operator == "+":
        return both(left, right)
    if node.operator == "-":
        return both(left, right.reversed())
    if node.operator == "*" and isinstance(node.left, ex.Literal):
        return _scaled(right, node.left)
    if isinstance(node.right, ex.Literal):
        return _scaled(left, node.right)
    return Drift.MIXED


def _scaled(moving: Drift, by: ex.Literal) -> Drift:
    if not isinstance(by.value, Fraction):
        return Drift.MIXED
    return moving if by.value > 0 else moving.reversed()


def difference(node: ex.Compare | ex.Between, fact_drift: FactDrift) -> Drift:
    """Drift of left minus right, of which the comparison reads the sign."""
    if isinstance(node, ex.Compare):
        return both(drift(node.left, fact_drift), drift(node.right, fact_drift).reversed())
    bounds = both(drift(node.low, fact_drift), drift(node.high, fact_drift))
    return both(drift(node.operand, fact_drift), bounds.reversed())
