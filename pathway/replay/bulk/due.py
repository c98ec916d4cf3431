"""Calls with a deadline, and how their deeds kept it (rules 18 and 20), for the kernel.

A call without `within` has no due time and changes none, so only those with one are remembered.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Rows, Texts
from pathway.replay.bulk.codes import MOST, RECORDED, YES
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
    FACTS_FROM,
    FROM,
    LAST,
    LAST_DECLINED,
    LAST_DONE,
    NOTHING,
    OF_DEEDS,
    S_D_HI,
    S_D_LO,
    STACK,
    TROUBLE,
)
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined, part

NEVER_DUE = MOST


@part
def is_refused(tables: Ints, regs: Ints, rows: Rows, call: int) -> bool:
    """Whether a call was declined, and its course not taken up again after that."""
    action = tables[tables[AT_CALLS, 0] + regs[CALLS_FROM + call, C_DO], D_ACTION]
    if regs[regs[1, OF_DEEDS] + action, LAST_DECLINED] == 0:
        return False
    lifted = (
        regs[regs[1, OF_DEEDS] + action, LAST_DONE]
        if tables[tables[AT_ACTIONS, 0] + action, A_COURSE] == 1
        else 0
    )
    line = regs[regs[1, OF_DEEDS] + action, LAST_DECLINED]
    while line > lifted:
        row = regs[0, FROM] + line - 1
        if line > regs[CALLS_FROM + call, C_LINE] or rows.batch[row] == regs[CALLS_FROM + call, C_BATCH]:
            return True
        line = rows.before[row]
    return False


@part
def is_answered(tables: Ints, regs: Ints, rows: Rows, call: int) -> bool:
    """Whether a deed or a refusal has answered a call, as far as events tell."""
    if is_refused(tables, regs, rows, call):
        return True
    do = regs[CALLS_FROM + call, C_DO]
    since = regs[CALLS_FROM + call, C_LINE] if tables[tables[AT_CALLS, 0] + do, D_AGAIN] == 1 else 0
    return regs[regs[1, OF_DEEDS] + tables[tables[AT_CALLS, 0] + do, D_ACTION], LAST_DONE] > since


@inlined
def call_for(tables: Ints, regs: Ints, rows: Rows, state: int, row: int) -> None:
    """Entering a state calls for its actions; of earlier unanswered calls the first one stays."""
    for do in range(
        tables[tables[AT_STATES, 0] + state, S_D_LO], tables[tables[AT_STATES, 0] + state, S_D_HI]
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
        regs[CALLS_FROM + kept, C_DO], regs[CALLS_FROM + kept, C_AT] = do, rows.at[row]
        regs[CALLS_FROM + kept, C_LINE], regs[CALLS_FROM + kept, C_BATCH] = (
            row - regs[0, FROM] + 1,
            rows.batch[row],
        )
        regs[0, CALLS] = kept + 1


@part
def deadline(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, now: int) -> int:
    """When a call is due, as its facts stand now."""
    do = regs[CALLS_FROM + call, C_DO]
    start = regs[CALLS_FROM + call, C_AT]
    if tables[tables[AT_CALLS, 0] + do, D_OF] >= 0:
        judge(tables, texts, regs, rows.before, tables[tables[AT_CALLS, 0] + do, D_OF], now, regs[1, NOTHING])
        if regs[STACK + 0, 1] == 0:
            return NEVER_DUE
        start = regs[STACK + 0, 0]
    return start + tables[tables[AT_CALLS, 0] + do, D_WITHIN]


@part
def due_for(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, deed: int, now: int) -> int:
    """The due time as it stood when the deed in a row was recorded."""
    do, best, line = regs[CALLS_FROM + call, C_DO], -1, 0
    if tables[tables[AT_CALLS, 0] + do, D_OF_FACT] >= 0:
        line = regs[FACTS_FROM + 2 * tables[tables[AT_CALLS, 0] + do, D_OF_FACT], LAST]
    while line > 0:
        row = regs[0, FROM] + line - 1
        if row < deed and (best < 0 or rows.at[row] > rows.at[best]):
            best = row
        line = rows.before[row]
    if best >= 0 and rows.kind[best] == RECORDED:
        return rows.said[best] + tables[tables[AT_CALLS, 0] + do, D_WITHIN]
    return deadline(tables, texts, regs, rows, call, now)


@part
def applies(tables: Ints, texts: Texts, regs: Ints, rows: Rows, call: int, now: int) -> bool:
    """Whether what a call depends on is TRUE."""
    when = tables[tables[AT_CALLS, 0] + regs[CALLS_FROM + call, C_DO], D_WHEN]
    return (
        when < 0 or judge(tables, texts, regs, rows.before, when, now, regs[CALLS_FROM + call, C_LINE]) == YES
    )


@inlined
def deed_due(tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, now: int) -> int:
    """The due time that the deed in a row answered."""
    start, action, found = regs[0, FROM], rows.what[deed], NEVER_DUE
    last = rows.before[deed]
    first = last
    while first > 0 and rows.before[start + first - 1] > 0:
        first = rows.before[start + first - 1]
    for call in range(regs[0, CALLS]):
        do = regs[CALLS_FROM + call, C_DO]
        if tables[tables[AT_CALLS, 0] + do, D_ACTION] != action:
            continue
        line = regs[CALLS_FROM + call, C_LINE]
        answered = last > line or (first > 0 and tables[tables[AT_CALLS, 0] + do, D_AGAIN] == 0)
        counts = line < deed - start + 1 or tables[tables[AT_CALLS, 0] + do, D_OF] >= 0
        if counts and not answered and applies(tables, texts, regs, rows, call, now):
            found = min(found, due_for(tables, texts, regs, rows, call, deed, now))
    return found


@inlined
def never_done(tables: Ints, texts: Texts, regs: Ints, rows: Rows, action: int, now: int) -> bool:
    """Whether an action without any deed is called for and has a due time."""
    for call in range(regs[0, CALLS]):
        do = regs[CALLS_FROM + call, C_DO]
        if tables[tables[AT_CALLS, 0] + do, D_ACTION] != action or is_refused(tables, regs, rows, call):
            continue
        line, evidence = regs[CALLS_FROM + call, C_LINE], tables[tables[AT_ACTIONS, 0] + action, A_EVIDENCE]
        if (
            tables[tables[AT_CALLS, 0] + do, D_AGAIN] == 0
            and tables[tables[AT_ACTIONS, 0] + action, A_COURSE] == 0
            and evidence >= 0
        ) and judge(tables, texts, regs, rows.before, evidence, now, regs[1, NOTHING]) == YES:
            continue
        until = tables[tables[AT_CALLS, 0] + do, D_UNTIL]
        if until >= 0 and judge(tables, texts, regs, rows.before, until, now, line) == YES:
            continue
        due = deadline(tables, texts, regs, rows, call, now)
        if due != NEVER_DUE and applies(tables, texts, regs, rows, call, now):
            return True
    return False


@inlined
def count_deadlines(tables: Ints, texts: Texts, regs: Ints, rows: Rows, kept: Ints, now: int) -> None:
    """Met, late and never, by action, at the end of a case."""
    for action in range(tables[AT_ACTIONS, 1]):
        if tables[tables[AT_ACTIONS, 0] + action, A_DUE] == 0:
            continue
        line = regs[regs[1, OF_DEEDS] + action, LAST_DONE]
        if line == 0 and never_done(tables, texts, regs, rows, action, now):
            kept[action, 2] += 1
        while line > 0:
            row = regs[0, FROM] + line - 1
            due = deed_due(tables, texts, regs, rows, row, now)
            if due != NEVER_DUE:
                kept[action, 0 if rows.said[row] <= due else 1] += 1
            line = rows.before[row]
