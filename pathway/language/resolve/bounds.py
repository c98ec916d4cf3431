"""Bounds of derived facts, counted with the facts below them, so that every reader comes to an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathway.language import expression as ex

DEEPEST = 160
LARGEST = 20_000
MOST_FACTORS = 64


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a formula reaches with every fact it reads written out.

    `depth` in steps of recursion, `size` in parts, `factors` the numbers that one of its values is made of,
    which bounds the digits of an exact result.
    """

    depth: int = 0
    size: int = 0
    factors: int = 1

    @property
    def excess(self) -> str | None:
        """In which respect this is too much, or None."""
        if self.depth > DEEPEST:
            return f"this fact is computed through others in more than {DEEPEST} steps"
        if self.size > LARGEST:
            return f"this fact has more than {LARGEST:,} parts with those of the facts it rests on"
        if self.factors > MOST_FACTORS:
            return f"this fact is computed from more than {MOST_FACTORS} numbers"
        return None


def extent_of(expressions: Iterable[ex.Expression], facts: dict[str, Extent]) -> Extent:
    """The extent of a formula; `facts` are those of the derived facts below it."""
    parts = [_extent(expression, facts) for expression in expressions]
    return Extent(
        depth=2 + max((part.depth for part in parts), default=0),
        size=1 + sum(part.size for part in parts),
        factors=max((part.factors for part in parts), default=1),
    )


def _extent(node: ex.Expression, facts: dict[str, Extent]) -> Extent:
    if isinstance(node, ex.FactRef):
        below = facts.get(node.name, Extent())
        return Extent(1 + below.depth, 1 + below.size, below.factors)
    parts = [_extent(child, facts) for child in ex.children(node)]
    several = sum if isinstance(node, (ex.Arithmetic, ex.Interval, ex.Shift)) else max
    return Extent(
        depth=1 + max((part.depth for part in parts), default=0),
        size=1 + sum(part.size for part in parts),
        factors=several([part.factors for part in parts]) if parts else 1,
    )
