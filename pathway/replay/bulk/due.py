"""Calls with a deadline, and how their deeds kept it (rules 18 and 20), for the kernel.

A call without `within` has no due time and changes none, so only those with one are remembered.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Rows, Texts
from pathway.replay.bulk.codes import DECLINED, DONE, MOST, RECORDED, RETRACTED, YES
from pathway.replay.bulk.columns import (
    A_COURSE,
    A_DUE,
    A_EVIDENCE,
    AT_ACTIONS,
    AT_CALLS,
    AT_STATES,
    C_AT,
    C_BATCH,
    C_DO,
    C_LINE,
    CALL_ROWS,
    CALLS,
    CALLS_FROM,
    D_ACTION,
    D_AGAIN,
    D_OF,
    D_OF_FACT,
    D_UNTIL,
    D_WHEN,
    D_WITHIN,
    E_AT,
    E_BATCH,
    E_KIND,
    E_SAID,
    E_WHAT,
    FROM,
    LAST_DECLINED,
    LAST_DONE,
    NOTHING,
    OF_DEEDS,
    S_D_HI,
    S_D_LO,
    STACK,
    TO,
    TROUBLE,
)
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined, part

NEVER_DUE = MOST


@part
def is_refused(tables: Ints, regs: Ints, rows: Rows, call: int) -> bool:
    """Whether a call was declined, and its course not taken up again after that."""
    action = tables[tables[0, AT_CALLS] + regs[CALLS_FROM + call, C_DO], D_ACTION]
    if regs[regs[1, OF_DEEDS] + action, LAST_DECLINED] == 0:
        return False
    lifted = (
        regs[regs[1, OF_DEEDS] + action, LAST_DONE]
        if tables[tables[0, AT_ACTIONS] + action, A_COURSE] == 1
        else 0
    )
    start = regs[0, FROM]
    for row in range(start, regs[0, TO]):
        if (
            rows.events[E_KIND, row] == DECLINED
            and rows.events[E_WHAT, row] == action
            and row - start + 1 > lifted
        ):
            after = row - start + 1 > regs[CALLS_FROM + call, C_LINE]
            if (
                after or rows.events[E_BATCH, row] == regs[CALLS_FROM + call, C_BATCH]
            ) and row - start < regs[regs[1, OF_DEEDS] + action, LAST_DECLINED]:
                return True
    return False


@part
def is_answered(tables: Ints, regs: Ints, rows: Rows, call: int) -> bool:
    """Whether a deed or a refusal has answered a call, as far as events tell."""
    if is_refused(tables, regs, rows, call):
        return True
    do = regs[CALLS_FROM + call, C_DO]
    since = regs[CALLS_FROM + call, C_LINE] if tables[tables[0, AT_CALLS] + do, D_AGAIN] == 1 else 0
    return regs[regs[1, OF_DEEDS] + tables[tables[0, AT_CALLS] + do, D_ACTION], LAST_DONE] > since


@inlined
def call_for(tables: Ints, regs: Ints, rows: Rows, state: int, row: int) -> None:
    """Entering a state calls for its actions; of earlier unanswered calls the first one stays."""
    for do in range(
        tables[tables[0, AT_STATES] + state, S_D_LO], tables[tables[0, AT_STATES] + state, S_D_HI]
    ):
        kept, waiting = 0, 0
        for call in range(regs[0, CALLS]):
            if regs[CALLS_FROM + call, C_DO] == do and not is_answered(tables, regs, rows, call):
                waiting += 1
                if waiting > 1:
                    continue
            for column in range(4):
                regs[CALLS_FROM + kept, column] = regs[CALLS_FROM + call, column]
            kept += 1
        if kept >= CALL_ROWS:
            regs[0, TROUBLE] = 1
            return
        regs[CALLS_FROM + kept, C_DO], regs[CALLS_FROM + kept, C_AT] = do, rows.events[E_AT, row]
        regs[CALLS_FROM + kept, C_LINE], regs[CALLS_FROM + kept, C_BATCH] = (
            row - regs[0, FROM] + 1,
            rows.events[E_BATCH, row],
        )
        regs[0, CALLS] = kept + 1


@part
def deadline(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, now: int) -> int:
    """When a call is due, as its facts stand now."""
    do = regs[CALLS_FROM + call, C_DO]
    start = regs[CALLS_FROM + call, C_AT]
    if tables[tables[0, AT_CALLS] + do, D_OF] >= 0:
        judge(tables, texts, regs, rows, tables[tables[0, AT_CALLS] + do, D_OF], now, regs[0, NOTHING])
        if regs[STACK + 0, 1] == 0:
            return NEVER_DUE
        start = regs[STACK + 0, 0]
    return start + tables[tables[0, AT_CALLS] + do, D_WITHIN]


@part
def due_for(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, deed: int, now: int) -> int:
    """The due time as it stood when the deed in a row was recorded."""
    do = regs[CALLS_FROM + call, C_DO]
    best = -1
    for row in range(regs[0, FROM], deed) if tables[tables[0, AT_CALLS] + do, D_OF_FACT] >= 0 else range(0):
        told = rows.events[E_KIND, row] == RECORDED or rows.events[E_KIND, row] == RETRACTED
        if (
            told
            and rows.events[E_WHAT, row] == tables[tables[0, AT_CALLS] + do, D_OF_FACT]
            and (best < 0 or rows.events[E_AT, row] >= rows.events[E_AT, best])
        ):
            best = row
    if best >= 0 and rows.events[E_KIND, best] == RECORDED:
        return rows.events[E_SAID, best] + tables[tables[0, AT_CALLS] + do, D_WITHIN]
    return deadline(tables, texts, regs, rows, call, now)


@part
def applies(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, now: int) -> bool:
    """Whether what a call depends on is TRUE."""
    when = tables[tables[0, AT_CALLS] + regs[CALLS_FROM + call, C_DO], D_WHEN]
    return when < 0 or judge(tables, texts, regs, rows, when, now, regs[CALLS_FROM + call, C_LINE]) == YES


@inlined
def deed_due(tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, now: int) -> int:
    """The due time that the deed in a row answered."""
    start, action, found = regs[0, FROM], rows.events[E_WHAT, deed], NEVER_DUE
    first, last = 0, 0
    for row in range(start, deed):
        if rows.events[E_KIND, row] == DONE and rows.events[E_WHAT, row] == action:
            first = row - start + 1 if first == 0 else first
            last = row - start + 1
    for call in range(regs[0, CALLS]):
        do = regs[CALLS_FROM + call, C_DO]
        if tables[tables[0, AT_CALLS] + do, D_ACTION] != action:
            continue
        line = regs[CALLS_FROM + call, C_LINE]
        answered = last > line or (first > 0 and tables[tables[0, AT_CALLS] + do, D_AGAIN] == 0)
        counts = line < deed - start + 1 or tables[tables[0, AT_CALLS] + do, D_OF] >= 0
        if counts and not answered and applies(tables, texts, regs, rows, call, now):
            found = min(found, due_for(tables, texts, regs, rows, call, deed, now))
    return found


@inlined
def never_done(tables: Ints, texts: Texts, regs: Ints, rows: Rows, action: int, now: int) -> bool:
    """Whether an action without any deed is called for and has a due time."""
    for call in range(regs[0, CALLS]):
        do = regs[CALLS_FROM + call, C_DO]
        if tables[tables[0, AT_CALLS] + do, D_ACTION] != action or is_refused(tables, regs, rows, call):
            continue
        line, evidence = regs[CALLS_FROM + call, C_LINE], tables[tables[0, AT_ACTIONS] + action, A_EVIDENCE]
        if (
            tables[tables[0, AT_CALLS] + do, D_AGAIN] == 0
            and tables[tables[0, AT_ACTIONS] + action, A_COURSE] == 0
            and evidence >= 0
        ) and judge(tables, texts, regs, rows, evidence, now, regs[0, NOTHING]) == YES:
            continue
        until = tables[tables[0, AT_CALLS] + do, D_UNTIL]
        if until >= 0 and judge(tables, texts, regs, rows, until, now, line) == YES:
            continue
        due = deadline(tables, texts, regs, rows, call, now)
        if due != NEVER_DUE and applies(tables, texts, regs, rows, call, now):
            return True
    return False


@inlined
def count_deadlines(tables: Ints, texts: Texts, regs: Ints, rows: Rows, kept: Ints, now: int) -> None:
    """Met, late and never, by action, at the end of a case."""
    start = regs[0, FROM]
    for row in range(start, regs[0, TO]):
        if (
            rows.events[E_KIND, row] == DONE
            and tables[tables[0, AT_ACTIONS] + rows.events[E_WHAT, row], A_DUE] == 1
        ):
            due = deed_due(tables, texts, regs, rows, row, now)
            if due != NEVER_DUE:
                kept[rows.events[E_WHAT, row], 0 if rows.events[E_SAID, row] <= due else 1] += 1
    for action in range(tables[1, AT_ACTIONS]):
        if (
            tables[tables[0, AT_ACTIONS] + action, A_DUE] == 1
            and regs[regs[1, OF_DEEDS] + action, LAST_DONE] == 0
        ) and never_done(tables, texts, regs, rows, action, now):
            kept[action, 2] += 1
