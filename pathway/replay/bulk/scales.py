"""How values are kept as whole numbers, and the error of what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathway.language.definition import Fact

EPOCH_DAY = date(1970, 1, 1).toordinal()


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
