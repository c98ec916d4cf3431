"""What guards read of a case: facts, deeds, refusals, where tracks stand; for the kernel."""

from __future__ import annotations

from pathway.replay.bulk import codes as op
from pathway.replay.bulk.arrays import (
    Rows,
    Texts,
)
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
    E_KIND,
    E_WHAT,
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
    TO,
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
    part,
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


@part
def touch_rows(regs: Ints, rows: Rows, kind: int, what: int, last: int) -> None:
    """Note all lines of one kind about one thing, up to the last one that there is."""
    start = regs[0, FROM]
    for row in range(start, start + last):
        if rows.events[E_KIND, row] == kind and rows.events[E_WHAT, row] == what:
            touch(regs, row - start + 1)


@inlined
def is_known(tables: Ints, regs: Ints, fact: int, now: int) -> bool:
    """Whether a fact has a valid value on record."""
    view = regs[0, VIEW]
    if regs[FACTS_FROM + 2 * fact + view, KNOWLEDGE] != KNOWN:
        return False
    valid = tables[tables[0, AT_FACTS] + fact, F_VALID]
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
            times(regs, value, tables[tables[0, AT_FACTS] + fact, F_TIMES])
            + tables[tables[0, AT_FACTS] + fact, F_PLUS],
            tables[tables[0, AT_FACTS] + fact, F_OVER],
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
        tables[tables[0, AT_NUMBERS] + tables[STEPS_FROM + place, THIRD], 0],
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
        regs[STACK + height, 0] = tables[tables[0, AT_NUMBERS] + first, 0] if first >= 0 else 0
        regs[STACK + height, 1] = tables[tables[0, AT_NUMBERS] + first, 1] if first >= 0 else 0
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
def recall(tables: Ints, regs: Ints, rows: Rows, place: int, height: int, entry: int) -> int:
    """What was done, declined or recorded, and where tracks stand: always TRUE or FALSE."""
    code, what = tables[STEPS_FROM + place, OP], tables[STEPS_FROM + place, FIRST]
    since = entry if tables[STEPS_FROM + place, SECOND] == 1 else 0
    if code == op.WAS_DONE:
        return recall_deed(tables, regs, rows, place, height, since)
    if code == op.WAS_DECLINED:
        regs[STACK + height, 0] = 2 * int(regs[regs[1, OF_DEEDS] + what, LAST_DECLINED] > since)
        if regs[0, GATHERING] == 1:
            touch_rows(regs, rows, op.DECLINED, what, regs[regs[1, OF_DEEDS] + what, LAST_DECLINED])
    elif code == op.WAS_RECORDED:
        regs[STACK + height, 0] = 2 * int(regs[FACTS_FROM + 2 * what, TOLD] > since)
        if regs[0, GATHERING] == 1:
            touch_rows(regs, rows, op.RECORDED, what, regs[0, TO] - regs[0, FROM])
            touch_rows(regs, rows, op.RETRACTED, what, regs[0, TO] - regs[0, FROM])
    else:
        regs[STACK + height, 0] = 2 * int(
            regs[regs[1, OF_TRACKS] + what, STATE]
            == tables[tables[0, AT_TRACKS] + what, T_FIRST] + tables[STEPS_FROM + place, SECOND]
        )
        if regs[0, GATHERING] == 1:
            touch(regs, regs[regs[1, OF_TRACKS] + what, ENTERED_LINE])
    return height + 1


@inlined
def recall_deed(tables: Ints, regs: Ints, rows: Rows, place: int, height: int, since: int) -> int:
    """Whether an action was done; evidence, if there is any, lies on the stack and counts from the start."""
    action = tables[STEPS_FROM + place, FIRST]
    answer = regs[regs[1, OF_DEEDS] + action, LAST_DONE] > since
    if tables[STEPS_FROM + place, THIRD] == 1:
        height -= 1
        answer = answer or (since == 0 and regs[STACK + height, 0] == YES)
    regs[STACK + height, 0] = 2 * int(answer)
    if regs[0, GATHERING] == 1:
        touch_rows(regs, rows, op.DONE, action, regs[regs[1, OF_DEEDS] + action, LAST_DONE])
        for record in range(
            tables[tables[0, AT_ACTIONS] + action, A_R_LO], tables[tables[0, AT_ACTIONS] + action, A_R_HI]
        ):
            touch_fact(regs, tables[tables[0, AT_RECORDS] + record, R_FACT])
    return height + 1
