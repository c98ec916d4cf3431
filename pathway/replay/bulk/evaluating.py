"""Running a guard's program on the registers of a case, for the kernel.

Every function takes the height of the stack and gives the new one. While GATHERING is on, the log lines that
the verdict rests on are marked in `touched`.
"""

from __future__ import annotations

from pathway.replay.bulk import codes as op
from pathway.replay.bulk.arrays import Texts
from pathway.replay.bulk.atoms import (
    is_known,
    push,
    push_recorded,
    recall,
    touch_fact,
)
from pathway.replay.bulk.codes import (
    NO,
    UNSURE,
    YES,
)
from pathway.replay.bulk.columns import (
    AT_FACTS,
    F_SHAPE,
    FIRST,
    GATHERING,
    OP,
    SECOND,
    STACK,
    STEPS_FROM,
    THIRD,
    TROUBLE,
)
from pathway.replay.bulk.kernels import (
    Ints,
    inlined,
    part,
)
from pathway.replay.bulk.moments import (
    measure,
    reckon,
    shift,
)
from pathway.replay.bulk.reckoning import (
    compared,
)

FULL = 256


@inlined
def ask(tables: Ints, texts: Texts, regs: Ints, code: int, place: int, height: int) -> int:
    """The operations that judge values on the stack."""
    first, last = tables[STEPS_FROM + place, FIRST], height - 1
    if code == op.COMPARE:
        regs[STACK + last - 1, 0] = compared(regs, first, last - 1, last)
        return height - 1
    if code == op.WITHIN:
        low = compared(regs, op.NOT_LESS, last - 2, last - 1)
        regs[STACK + last - 2, 0] = min(low, compared(regs, op.AT_MOST, last - 2, last))
        return height - 2
    if code == op.SAME_TRUTH:
        unsure = regs[STACK + last, 0] == UNSURE or regs[STACK + last - 1, 0] == UNSURE
        same = regs[STACK + last, 0] == regs[STACK + last - 1, 0]
        regs[STACK + last - 1, 0] = UNSURE if unsure else 2 * int(same != (first == 1))
        return height - 1
    if code == op.AMONG:
        if regs[STACK + last, 1] == 0:
            regs[STACK + last, 0] = UNSURE
        else:
            regs[STACK + last, 0] = (
                2 * texts.passes[tables[STEPS_FROM + place, SECOND], regs[STACK + last, 0]]
            )
    else:
        known = (
            regs[STACK + last, 0] != UNSURE
            if tables[STEPS_FROM + place, SECOND] == 1
            else regs[STACK + last, 1] != 0
        )
        regs[STACK + last, 0] = 2 * int(known == (first == 1))
    return height


@inlined
def connect(regs: Ints, code: int, first: int, second: int, height: int) -> int:
    """Kleene's connectives."""
    if code == op.NOT:
        regs[STACK + height - 1, 0] = 2 - regs[STACK + height - 1, 0]
        return height
    bottom = height - first
    least, most, sure, unsure = YES, NO, 0, 0
    for place in range(bottom, height):
        verdict = regs[STACK + place, 0]
        least, most = min(least, verdict), max(most, verdict)
        sure += int(verdict == YES)
        unsure += int(verdict == UNSURE)
    if code == op.ALL:
        regs[STACK + bottom, 0] = least
    elif code == op.ANY:
        regs[STACK + bottom, 0] = most
    else:
        regs[STACK + bottom, 0] = YES if sure >= second else (NO if sure + unsure < second else UNSURE)
    return bottom + 1


@inlined
def unsure_at(regs: Ints, place: int, truth: int) -> None:
    """Leave UNKNOWN at a place of the stack, as a verdict or as a value."""
    regs[STACK + place, 0] = UNSURE if truth == 1 else 0
    regs[STACK + place, 1] = 0


@part
def judge(
    tables: Ints,
    texts: Texts,
    regs: Ints,
    before: Ints,
    start: int,
    now: int,
    entry: int,
) -> int:
    """Run a program. The verdict; a value is left at the bottom of the stack."""
    place, height, deep = start, 0, 0
    while tables[STEPS_FROM + place, OP] != op.END:
        code = tables[STEPS_FROM + place, OP]
        if height > FULL or deep > op.DEEPEST:
            regs[0, TROUBLE] = 1
            return UNSURE
        if code < op.END:
            height = perform(tables, texts, regs, before, place, height, now, entry)
            place += 1
        elif code == op.CALL:
            regs[STACK + deep, 2] = place + 1
            deep += 1
            place = tables[STEPS_FROM + place, FIRST]
        elif code == op.BACK:
            deep -= 1
            place = regs[STACK + deep, 2]
        else:
            place, height = branch(tables, regs, place, height, now)
    return regs[STACK + 0, 0]


@inlined
def branch(tables: Ints, regs: Ints, place: int, height: int, now: int) -> tuple[int, int]:
    """The rows of a formula: where to go on, and the height of the stack there."""
    code = tables[STEPS_FROM + place, OP]
    if code == op.GO:
        return tables[STEPS_FROM + place, FIRST], height
    if code == op.STANDING_RECORD:
        fact = tables[STEPS_FROM + place, FIRST]
        if regs[0, GATHERING] == 1:
            touch_fact(regs, fact)
        if is_known(tables, regs, fact, now):
            height = push_recorded(
                tables, regs, fact, tables[tables[AT_FACTS, 0] + fact, F_SHAPE], height, now
            )
            return tables[STEPS_FROM + place, THIRD], height
        return place + 1, height
    verdict = regs[STACK + height - 1, 0]
    if code == op.ENOUGH:
        if verdict != tables[STEPS_FROM + place, SECOND] or regs[0, GATHERING] == 1:
            return place + 1, height
        height -= tables[STEPS_FROM + place, THIRD]
        regs[STACK + height - 1, 0] = verdict
        return tables[STEPS_FROM + place, FIRST], height
    if verdict == UNSURE:
        unsure_at(regs, height - 1, tables[STEPS_FROM + place, SECOND])
        return tables[STEPS_FROM + place, FIRST], height
    return (place + 1 if verdict == YES else tables[STEPS_FROM + place, THIRD]), height - 1


@inlined
def perform(
    tables: Ints,
    texts: Texts,
    regs: Ints,
    before: Ints,
    place: int,
    height: int,
    now: int,
    entry: int,
) -> int:
    """One operation that goes on to the next."""
    code = tables[STEPS_FROM + place, OP]
    if code < op.PLUS:
        return push(tables, texts, regs, code, place, height, now)
    if code >= op.NOT:
        return connect(
            regs,
            code,
            tables[STEPS_FROM + place, FIRST],
            tables[STEPS_FROM + place, SECOND],
            height,
        )
    if code >= op.WAS_DONE:
        return recall(tables, regs, before, place, height, entry)
    if code >= op.COMPARE:
        return ask(tables, texts, regs, code, place, height)
    if code < op.LATER_SECONDS:
        return reckon(regs, code, tables[STEPS_FROM + place, FIRST], height)
    if code < op.BETWEEN_DATES:
        return shift(regs, code, tables[STEPS_FROM + place, FIRST], height)
    return measure(texts, regs, code, height, now)
