"""Delta debugging: leaving out what is not needed, until nothing more can go (Zeller, 2002)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

Unit = TypeVar("Unit")
# Given the units to keep: those that are kept indeed, at times fewer; None where it is not the same fault.
Attempt = Callable[[tuple[Unit, ...]], "tuple[Unit, ...] | None"]


def ddmin(units: Sequence[Unit], attempt: Attempt[Unit]) -> tuple[Unit, ...]:
    """The units that are left once none of them can be left out alone; the same ones every time.

    >>> ddmin(range(1, 9), lambda kept: kept if {3, 7} <= set(kept) else None)
    (3, 7)
    """
    kept, parts = tuple(units), 2
    while kept:
        less = _less(kept, min(parts, len(kept)), attempt)
        if less is not None:
            kept, parts = less, max(parts - 1, 2)
        elif parts >= len(kept):
            break
        else:
            parts *= 2
    return kept


def _less(kept: tuple[Unit, ...], parts: int, attempt: Attempt[Unit]) -> tuple[Unit, ...] | None:
    """What is kept once the first of so many parts that can go is left out."""
    cuts = [len(kept) * part // parts for part in range(parts + 1)]
    for start, end in pairwise(cuts):
        less = attempt((*kept[:start], *kept[end:]))
        if less is not None:
            return less
    return None
