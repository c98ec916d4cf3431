"""What guards read of a case: facts, deeds, refusals, where tracks stand; for the kernel."""

from __future__ import annotations

from pathway.replay.bulk import codes as op
from pathway.replay.bulk.arrays import Texts
from pathway.replay.bulk.codes import (
    KNOWN,
    NO,
    UNSURE,
    YES,
)
from pathway.replay.bulk.columns import (
    A_R_HI,
    A_R_LO,
    AT_ACTIONS,
    AT_FACTS,
    AT_NUMBERS,
    AT_RECORDS,
    AT_TRACKS,
    ENTERED_LINE,
    F_OVER,
    F_PLUS,
    F_TIMES,
    F_VALID,
    FACTS_FROM,
    FIRST,
    FROM,
    GATHERING,
    KNOWLEDGE,
    LAST,
    LAST_DECLINED,
    LAST_DONE,
    LINE,
    OF_DEEDS,
    OF_TOUCHED,
    OF_TRACKS,
    OP,
    R_FACT,
    SECOND,
    SINCE_WHEN,
    STACK,
    STATE,
    STEPS_FROM,
    T_FIRST,
    THIRD,
    TOLD,
    TOUCHED,
    VALUE,
    VIEW,
)
from pathway.replay.bulk.dates import (
    local_day,
)
from pathway.replay.bulk.kernels import (
    Ints,
    inlined,
)
from pathway.replay.bulk.reckoning import (
    holds,
    put,
    put_unknown,
    times,
)


@inlined
def touch(regs: Ints, line: int) -> None:
    """Note that a verdict rests on a log line."""
    if regs[regs[1, OF_TOUCHED] + line, 0] == 0:
        regs[regs[1, OF_TOUCHED] + line, 0] = 1
        regs[0, TOUCHED] += 1


@inlined
def touch_chain(regs: Ints, before: Ints, last: int) -> None:
    """Note a line, and all before it that speak of the same thing."""
    while last > 0:
        touch(regs, last)
        last = int(before[regs[0, FROM] + last - 1])


@inlined
def is_known(tables: Ints, regs: Ints, fact: int, now: int) -> bool:
    """Whether a fact has a valid value on record."""
    view = regs[0, VIEW]
    if regs[FACTS_FROM + 2 * fact + view, KNOWLEDGE] != KNOWN:
        return False
    valid = tables[tables[AT_FACTS, 0] + fact, F_VALID]
    return valid < 0 or now <= regs[FACTS_FROM + 2 * fact + view, SINCE_WHEN] + valid


@inlined
def touch_fact(regs: Ints, fact: int) -> None:
    """Note the line of the present record, be it known, expired or taken back."""
    view = regs[0, VIEW]
    if regs[FACTS_FROM + 2 * fact + view, KNOWLEDGE] != 0:
        touch(regs, regs[FACTS_FROM + 2 * fact + view, LINE])


@inlined
def push_recorded(tables: Ints, regs: Ints, fact: int, shape: int, height: int, now: int) -> int:
    """Push a recorded value as a verdict (shape 0), a whole number (1) or an amount in base units (2)."""
    known = is_known(tables, regs, fact, now)
    value = regs[FACTS_FROM + 2 * fact + regs[0, VIEW], VALUE]
    if shape == 0:
        regs[STACK + height, 0] = (YES if value != 0 else NO) if known else UNSURE
    elif not known:
        put_unknown(regs, height)
    elif shape == 1:
        regs[STACK + height, 0], regs[STACK + height, 1] = value, 1
    else:
        put(
            regs,
            height,
            times(regs, value, tables[tables[AT_FACTS, 0] + fact, F_TIMES])
            + tables[tables[AT_FACTS, 0] + fact, F_PLUS],
            tables[tables[AT_FACTS, 0] + fact, F_OVER],
        )
    return height + 1


@inlined
def against(tables: Ints, regs: Ints, place: int, now: int) -> int:
    """The verdict of a recorded number beside a written one, in the fact's own steps."""
    fact = tables[STEPS_FROM + place, FIRST]
    if not is_known(tables, regs, fact, now):
        return UNSURE
    value, bound = (
        regs[FACTS_FROM + 2 * fact + regs[0, VIEW], VALUE],
        tables[tables[AT_NUMBERS, 0] + tables[STEPS_FROM + place, THIRD], 0],
    )
    return holds(tables[STEPS_FROM + place, SECOND], int(value > bound) - int(value < bound))


@inlined
def push(tables: Ints, texts: Texts, regs: Ints, code: int, place: int, height: int, now: int) -> int:
    """The operations that push what is read."""
    if op.FACT_TRUTH <= code <= op.FACT_AMONG or code == op.FACT_KNOWN:
        return push_fact(tables, texts, regs, code, place, height, now)
    first = tables[STEPS_FROM + place, FIRST]
    if code == op.VERDICT:
        regs[STACK + height, 0] = first
    elif code == op.NUMBER:
        regs[STACK + height, 0] = tables[tables[AT_NUMBERS, 0] + first, 0] if first >= 0 else 0
        regs[STACK + height, 1] = tables[tables[AT_NUMBERS, 0] + first, 1] if first >= 0 else 0
    elif code == op.NOW:
        put(regs, height, now, 1)
    else:
        put(regs, height, local_day(texts, regs, now), 1)
    return height + 1


@inlined
def push_fact(tables: Ints, texts: Texts, regs: Ints, code: int, place: int, height: int, now: int) -> int:
    """The operations that push a recorded fact, or the verdict of an atom about one."""
    fact = tables[STEPS_FROM + place, FIRST]
    if regs[0, GATHERING] == 1:
        touch_fact(regs, fact)
    if code == op.FACT_KNOWN:
        known = is_known(tables, regs, fact, now)
        regs[STACK + height, 0] = 2 * int(known == (tables[STEPS_FROM + place, SECOND] == 1))
    elif code == op.FACT_AGAINST:
        regs[STACK + height, 0] = against(tables, regs, place, now)
    elif code == op.FACT_AMONG:
        known = is_known(tables, regs, fact, now)
        word = regs[FACTS_FROM + 2 * fact + regs[0, VIEW], VALUE]
        regs[STACK + height, 0] = (
            2 * texts.passes[tables[STEPS_FROM + place, SECOND], word] if known else UNSURE
        )
    else:
        return push_recorded(tables, regs, fact, code - op.FACT_TRUTH, height, now)
    return height + 1


@inlined
def touch_deed(tables: Ints, regs: Ints, before: Ints, action: int) -> None:
    """Note the lines that say whether an action was done: deeds, and the facts that speak of them."""
    touch_chain(regs, before, regs[regs[1, OF_DEEDS] + action, LAST_DONE])
    for record in range(
        tables[tables[AT_ACTIONS, 0] + action, A_R_LO], tables[tables[AT_ACTIONS, 0] + action, A_R_HI]
    ):
        touch_fact(regs, tables[tables[AT_RECORDS, 0] + record, R_FACT])


@inlined
def was(tables: Ints, regs: Ints, code: int, what: int, second: int, since: int) -> bool:
    """Whether something was done, declined or recorded after a line, or a track stands in a state of its."""
    if code == op.WAS_DONE:
        return regs[regs[1, OF_DEEDS] + what, LAST_DONE] > since
    if code == op.WAS_DECLINED:
        return regs[regs[1, OF_DEEDS] + what, LAST_DECLINED] > since
    if code == op.WAS_RECORDED:
        return regs[FACTS_FROM + 2 * what, TOLD] > since
    return regs[regs[1, OF_TRACKS] + what, STATE] == tables[tables[AT_TRACKS, 0] + what, T_FIRST] + second


@inlined
def touch_what_was(tables: Ints, regs: Ints, before: Ints, code: int, what: int) -> None:
    """Note the lines that such an answer rests on."""
    if code == op.WAS_DONE:
        touch_deed(tables, regs, before, what)
    elif code == op.WAS_DECLINED:
        touch_chain(regs, before, regs[regs[1, OF_DEEDS] + what, LAST_DECLINED])
    elif code == op.WAS_RECORDED:
        touch_chain(regs, before, regs[FACTS_FROM + 2 * what, LAST])
    else:
        touch(regs, regs[regs[1, OF_TRACKS] + what, ENTERED_LINE])


@inlined
def recall(tables: Ints, regs: Ints, before: Ints, place: int, height: int, entry: int) -> int:
    """What was done, declined or recorded, and where tracks stand: always TRUE or FALSE.

    Evidence of a deed, if there is any, lies on the stack and counts from the start.
    """
    code, what = tables[STEPS_FROM + place, OP], tables[STEPS_FROM + place, FIRST]
    second = tables[STEPS_FROM + place, SECOND]
    since = entry if second == 1 else 0
    answer = was(tables, regs, code, what, second, since)
    if code == op.WAS_DONE and tables[STEPS_FROM + place, THIRD] == 1:
        height -= 1
        answer = answer or (since == 0 and regs[STACK + height, 0] == YES)
    regs[STACK + height, 0] = 2 * int(answer)
    if regs[0, GATHERING] == 1:
        touch_what_was(tables, regs, before, code, what)
    return height + 1
