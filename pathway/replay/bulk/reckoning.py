"""Exact fractions in 64 bits, for the kernel: what does not fit is said, never rounded."""

from __future__ import annotations

from pathway.replay.bulk.codes import AT_MOST, EQUAL, LESS, MORE, MOST, UNEQUAL, UNSURE
from pathway.replay.bulk.columns import (
    STACK,
    TROUBLE,
)
from pathway.replay.bulk.kernels import Ints, inlined, part


@inlined
def times(regs: Ints, one: int, other: int) -> int:
    """The product; 0, with trouble noted, where it does not fit."""
    if one != 0 and abs(other) > MOST // abs(one):
        regs[0, TROUBLE] = 1
        return 0
    return one * other


@inlined
def plus(regs: Ints, one: int, other: int) -> int:
    """The sum; 0, with trouble noted, where it does not fit."""
    found = one + other
    if abs(one) > MOST or abs(other) > MOST or abs(found) > MOST:
        regs[0, TROUBLE] = 1
        return 0
    return found


@part
def common(one: int, other: int) -> int:
    """The greatest common divisor of two numbers, at least 1."""
    one, other = abs(one), abs(other)
    while other != 0:
        one, other = other, one % other
    return one if one > 0 else 1


@part
def put(regs: Ints, place: int, above: int, below: int) -> None:
    """Put a fraction on the stack in lowest terms; a denominator of 0 is UNKNOWN."""
    if below == 0:
        regs[STACK + place, 0], regs[STACK + place, 1] = 0, 0
        return
    if below < 0:
        above, below = -above, -below
    if below > 1:
        divisor = common(above, below)
        above, below = above // divisor, below // divisor
    regs[STACK + place, 0], regs[STACK + place, 1] = above, below


@inlined
def put_unknown(regs: Ints, place: int) -> None:
    """Put UNKNOWN on the stack."""
    regs[STACK + place, 0], regs[STACK + place, 1] = 0, 0


@part
def add(regs: Ints, place: int, sign: int) -> None:
    """The two fractions from `place` on become their sum, or difference."""
    first, second = regs[STACK + place, 1], regs[STACK + place + 1, 1]
    if first == 0 or second == 0:
        put_unknown(regs, place)
        return
    left = times(regs, regs[STACK + place, 0], second)
    right = times(regs, regs[STACK + place + 1, 0], first)
    put(regs, place, plus(regs, left, sign * right), times(regs, first, second))


@part
def multiply(regs: Ints, place: int) -> None:
    """The two fractions from `place` on become their product."""
    below = times(regs, regs[STACK + place, 1], regs[STACK + place + 1, 1])
    put(regs, place, times(regs, regs[STACK + place, 0], regs[STACK + place + 1, 0]), below)


@part
def divide(regs: Ints, place: int) -> None:
    """The two fractions from `place` on become their quotient; UNKNOWN where the second is 0."""
    if regs[STACK + place, 1] == 0 or regs[STACK + place + 1, 1] == 0:
        put_unknown(regs, place)
        return
    below = times(regs, regs[STACK + place, 1], regs[STACK + place + 1, 0])
    put(regs, place, times(regs, regs[STACK + place, 0], regs[STACK + place + 1, 1]), below)


@inlined
def order(regs: Ints, one: int, other: int) -> int:
    """-1, 0 or 1 as the fraction at one place is less than, equal to or more than that at another."""
    left, right = regs[STACK + one, 0], regs[STACK + other, 0]
    if regs[STACK + one, 1] != regs[STACK + other, 1]:
        left = times(regs, left, regs[STACK + other, 1])
        right = times(regs, right, regs[STACK + one, 1])
    return int(left > right) - int(left < right)


@inlined
def holds(sign: int, found: int) -> int:
    """The verdict of a comparison, by how its sides stand to one another (-1, 0, 1)."""
    if sign == EQUAL:
        return 2 * int(found == 0)
    if sign == UNEQUAL:
        return 2 * int(found != 0)
    if sign == LESS:
        return 2 * int(found < 0)
    if sign == AT_MOST:
        return 2 * int(found <= 0)
    return 2 * int(found > 0) if sign == MORE else 2 * int(found >= 0)


@inlined
def compared(regs: Ints, sign: int, one: int, other: int) -> int:
    """The verdict of comparing the fractions at two places."""
    if regs[STACK + one, 1] == 0 or regs[STACK + other, 1] == 0:
        return UNSURE
    return holds(sign, order(regs, one, other))
