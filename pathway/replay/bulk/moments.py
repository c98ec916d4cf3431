"""Arithmetic, dates and spans of a guard's program; for the kernel."""

from __future__ import annotations

from pathway.replay.bulk import codes as op
from pathway.replay.bulk.arrays import (
    Texts,
)
from pathway.replay.bulk.codes import (
    DAY,
)
from pathway.replay.bulk.columns import (
    STACK,
)
from pathway.replay.bulk.dates import (
    is_date,
    local_day,
    months_from,
    months_later,
)
from pathway.replay.bulk.kernels import (
    Ints,
    part,
)
from pathway.replay.bulk.reckoning import (
    add,
    divide,
    multiply,
    order,
    put,
    put_unknown,
    times,
)

SPAN = 1 << 50


@part
def reckon(regs: Ints, code: int, first: int, height: int) -> int:
    """The operations of arithmetic."""
    if code == op.PLUS or code == op.MINUS:
        add(regs, height - 2, 1 if code == op.PLUS else -1)
        return height - 1
    if code == op.TIMES:
        multiply(regs, height - 2)
        return height - 1
    if code == op.OVER:
        divide(regs, height - 2)
        return height - 1
    best = height - first
    for place in range(height - first, height):
        if regs[STACK + place, 1] == 0 or regs[STACK + best, 1] == 0:
            best = place if regs[STACK + place, 1] == 0 else best
        elif order(regs, place, best) == (-1 if code == op.LEAST else 1):
            best = place
    regs[STACK + height - first, 0], regs[STACK + height - first, 1] = (
        regs[STACK + best, 0],
        regs[STACK + best, 1],
    )
    return height - first + 1


@part
def shift(regs: Ints, code: int, sign: int, height: int) -> int:
    """Dates and instants moved by a span; UNKNOWN outside the calendar."""
    place, span = height - 2, height - 1
    if regs[STACK + place, 1] == 0 or regs[STACK + span, 1] == 0:
        put_unknown(regs, place)
        return height - 1
    moment, above, below = regs[STACK + place, 0], regs[STACK + span, 0], regs[STACK + span, 1]
    if code == op.LATER_SECONDS:
        span_seconds = above // below
        inside = abs(span_seconds) < SPAN
        found = moment + sign * span_seconds if inside else moment
        inside = inside and is_date((found - DAY) // DAY) and is_date((found + DAY) // DAY)
    else:
        if code == op.LATER_DAYS:
            below = times(regs, below, DAY)
        whole = abs(above) // below
        whole = whole if above >= 0 else -whole
        inside = abs(whole) < 10_000_000
        far = sign * whole if inside else 0
        found = moment + far if code == op.LATER_DAYS else months_later(moment, far)
        inside = inside and is_date(found)
    put(regs, place, found if inside else 0, 1 if inside else 0)
    return height - 1


@part
def measure(texts: Texts, regs: Ints, code: int, height: int, now: int) -> int:
    """The operations on one moment, or on two dates."""
    place = height - 2 if code == op.BETWEEN_DATES else height - 1
    if code == op.BETWEEN_DATES:
        add(regs, place, -1)
        regs[STACK + place, 0] *= DAY
    elif regs[STACK + place, 1] == 0:
        return height
    elif code == op.SINCE:
        regs[STACK + place, 0] = now - regs[STACK + place, 0]
    elif code == op.DATE_OF:
        regs[STACK + place, 0] = local_day(texts, regs, regs[STACK + place, 0])
    else:
        today = local_day(texts, regs, now)
        if code == op.DAYS_SINCE:
            regs[STACK + place, 0] = (today - regs[STACK + place, 0]) * DAY
        else:
            regs[STACK + place, 0] = months_from(regs[STACK + place, 0], today)
    return place + 1
