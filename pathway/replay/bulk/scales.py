"""How values are kept as whole numbers, and the error of what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from pathway.language.definition import Fact
from pathway.language.expression import Kind
from pathway.replay.bulk import codes

EPOCH_DAY = date(1970, 1, 1).toordinal()
_FAR = (codes.MOST >> 12) - 1
_BOUNDS = {
    Kind.BOOLEAN: (0, 1),
    Kind.DATE: (codes.FIRST_DAY, codes.LAST_DAY),
    Kind.INSTANT: (-_FAR, _FAR),
}


class NotInBulkError(Exception):
    """Something that a pathway says and the tables cannot hold; its cases are replayed singly."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a recorded number is kept: as whole steps, `scale` of them in one declared unit."""

    scale: int

    def steps(self, fact: Fact, base: Fraction) -> Fraction:
        """A number in base units as a number of steps."""
        return (base if fact.unit is None else fact.unit.from_base(base)) * self.scale


def scale_of(fact: Fact) -> Scale:
    """Steps as the fact declares them; millionths where it declares none."""
    return Scale(1_000_000 if fact.step is None else fact.step.denominator)


def conversion(fact: Fact) -> tuple[int, int, int]:
    """Steps to base units: times, plus, over."""
    if fact.type.kind is not Kind.NUMBER:
        return 1, 0, 1
    scale = scale_of(fact).scale
    factor = (Fraction(1) if fact.unit is None else fact.unit.factor) / scale
    offset = Fraction(0) if fact.unit is None else fact.unit.offset
    over = lcm(factor.denominator, offset.denominator)
    return int(factor * over), int(offset * over), over


def bounds(fact: Fact) -> tuple[int, int]:
    """The least and the greatest number that a value is kept as."""
    if fact.type.kind in _BOUNDS:
        return _BOUNDS[fact.type.kind]
    if fact.type.kind is not Kind.NUMBER:
        return 0, codes.MOST
    scale = scale_of(fact).scale
    low = -codes.MOST if fact.low is None else -int(-fact.low * scale // 1)
    high = codes.MOST if fact.high is None else int(fact.high * scale // 1)
    return low, high
