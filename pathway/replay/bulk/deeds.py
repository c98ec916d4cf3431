"""The deeds of one batch: the facts that speak of them, and how the actions stood; for the kernel.

Each function says what came of it by a status: CONFORMS, or why the case is for the single-case engine.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Rows, Texts
from pathway.replay.bulk.codes import (
    CONFORMS,
    DECLINED,
    DONE,
    DOUBTED,
    FUTURE,
    MOST,
    RECORDED,
    RETRACTED,
    UNSURE,
    YES,
)  # fmt: skip
from pathway.replay.bulk.columns import (
    A_G_HI,
    A_G_LO,
    A_R_HI,
    A_R_LO,
    AS_IT_IS,
    AS_IT_WAS,
    AT_ACTIONS,
    AT_FACTS,
    AT_KIN,
    AT_RECORDS,
    AT_SAFEGUARDS,
    E_AT,
    E_HOW,
    E_KIND,
    E_LINK,
    E_SAID,
    E_WHAT,
    F_KIN_HI,
    F_KIN_LO,
    F_KIND,
    FACTS_FROM,
    FROM,
    G_BLOCKS,
    G_HOLDS,
    G_WHEN,
    LAST_DECLINED,
    LAST_DONE,
    LINE,
    NOTHING,
    OF_DEEDS,
    R_FACT,
    R_VALUE,
    R_WHEN,
    SINCE_WHEN,
    VIEW,
)
from pathway.replay.bulk.dates import local_day
from pathway.replay.bulk.entering import DATE, INSTANT, set_fact, spoil_by_deed
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined, part

RECOMMENDED, HELD, BLOCKED = range(3)


# --- deeds and the facts that say so --------------------------------------------------------------
@part
def may(tables: Ints, texts: Texts, regs: Ints, rows: Rows, record: int, now: int) -> bool:
    """Whether a fact may speak of a deed now."""
    when = tables[tables[0, AT_RECORDS] + record, R_WHEN]
    return when < 0 or judge(tables, texts, regs, rows, when, now, regs[0, NOTHING]) == YES


@part
def speaks(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> bool:
    """Whether a recorded fact says that some action was done."""
    fact = rows.events[E_WHAT, row]
    for place in range(
        tables[tables[0, AT_FACTS] + fact, F_KIN_LO], tables[tables[0, AT_FACTS] + fact, F_KIN_HI]
    ):
        action = tables[tables[0, AT_KIN] + place, 0]
        for record in range(
            tables[tables[0, AT_ACTIONS] + action, A_R_LO], tables[tables[0, AT_ACTIONS] + action, A_R_HI]
        ):
            said = tables[tables[0, AT_RECORDS] + record, R_VALUE]
            fits = tables[tables[0, AT_RECORDS] + record, R_FACT] == fact and (
                said == -1 or said == rows.events[E_SAID, row]
            )
            if fits and may(tables, texts, regs, rows, record, now):
                return True
    return False


@part
def repeats(regs: Ints, rows: Rows, row: int, first: int) -> bool:
    """Whether a fact says what it said before this batch: the same value again is the same deed."""
    fact, best = rows.events[E_WHAT, row], -1
    for earlier in range(regs[0, FROM], first):
        kind = rows.events[E_KIND, earlier]
        told = kind in (RECORDED, RETRACTED) and rows.events[E_WHAT, earlier] == fact
        if told and (best < 0 or rows.events[E_AT, earlier] >= rows.events[E_AT, best]):
            best = earlier
    return (
        best >= 0
        and rows.events[E_KIND, best] == RECORDED
        and rows.events[E_SAID, best] == rows.events[E_SAID, row]
    )


@inlined
def has_kin(tables: Ints, rows: Rows, fact: int, first: int, end: int) -> bool:
    """Whether a deed of this batch is one that the fact can speak of."""
    for row in range(first, end):
        if rows.events[E_KIND, row] == DONE:
            for place in range(
                tables[tables[0, AT_FACTS] + fact, F_KIN_LO], tables[tables[0, AT_FACTS] + fact, F_KIN_HI]
            ):
                if tables[tables[0, AT_KIN] + place, 0] == rows.events[E_WHAT, row]:
                    return True
    return False


@inlined
def is_given(rows: Rows, fact: int, first: int, end: int) -> bool:
    """Whether a batch records or retracts a fact."""
    for row in range(first, end):
        if (rows.events[E_KIND, row] == RECORDED or rows.events[E_KIND, row] == RETRACTED) and rows.events[
            E_WHAT, row
        ] == fact:
            return True
    return False


@inlined
def has_its_facts(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, first: int, end: int, now: int
) -> bool:
    """Whether a deed without a fact of its own stands beside all facts that doing it records."""
    action = rows.events[E_WHAT, deed]
    for record in range(
        tables[tables[0, AT_ACTIONS] + action, A_R_LO], tables[tables[0, AT_ACTIONS] + action, A_R_HI]
    ):
        if may(tables, texts, regs, rows, record, now) and not is_given(
            rows, tables[tables[0, AT_RECORDS] + record, R_FACT], first, end
        ):
            return False
    return True


@inlined
def fits_its_fact(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, first: int, end: int, now: int
) -> bool:
    """Whether the line that a deed rests on records one of its facts, and says the same time."""
    via = regs[0, FROM] + rows.events[E_LINK, deed] - 1
    if via < regs[0, FROM] or via >= end:
        return False
    kind, fact, action = rows.events[E_KIND, via], rows.events[E_WHAT, via], rows.events[E_WHAT, deed]
    found = False
    for record in range(
        tables[tables[0, AT_ACTIONS] + action, A_R_LO], tables[tables[0, AT_ACTIONS] + action, A_R_HI]
    ):
        found = found or tables[tables[0, AT_RECORDS] + record, R_FACT] == fact
    if not found or (kind != RECORDED and kind != RETRACTED):
        return False
    if via < first or kind != RECORDED:
        return True
    if repeats(regs, rows, via, first) or not speaks(tables, texts, regs, rows, via, now):
        return True
    if tables[tables[0, AT_FACTS] + fact, F_KIND] == INSTANT:
        return rows.events[E_SAID, deed] == rows.events[E_SAID, via]
    return (
        tables[tables[0, AT_FACTS] + fact, F_KIND] != DATE
        or local_day(texts, regs, rows.events[E_SAID, deed]) == rows.events[E_SAID, via]
    )


@inlined
def pairs(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, now: int) -> bool:
    """Every fact that says so has its deed, every deed has its fact."""
    for row in range(first, end):
        fact = rows.events[E_WHAT, row]
        if rows.events[E_KIND, row] == RECORDED:
            speaking = (
                tables[tables[0, AT_FACTS] + fact, F_KIN_HI] > tables[tables[0, AT_FACTS] + fact, F_KIN_LO]
            )
            alone = speaking and not has_kin(tables, rows, fact, first, end)
            alone = alone and not repeats(regs, rows, row, first)
            if alone and speaks(tables, texts, regs, rows, row, now):
                return False
        elif rows.events[E_KIND, row] == DONE:
            if rows.events[E_LINK, row] == 0:
                if not has_its_facts(tables, texts, regs, rows, row, first, end, now):
                    return False
            elif not fits_its_fact(tables, texts, regs, rows, row, first, end, now):
                return False
    return True


# --- how actions stood ----------------------------------------------------------------------------
@part
def look_back(tables: Ints, regs: Ints, rows: Rows, end: int, at: int) -> None:
    """Set the other view to the facts as they were at an instant, where the records tell of one."""
    for fact in range(tables[1, AT_FACTS]):
        for column in range(4):
            regs[FACTS_FROM + 2 * fact + AS_IT_WAS, column] = regs[FACTS_FROM + 2 * fact + AS_IT_IS, column]
        regs[FACTS_FROM + 2 * fact + AS_IT_WAS, LINE] = 0
    start = regs[0, FROM]
    for row in range(start, end):
        kind, fact = rows.events[E_KIND, row], rows.events[E_WHAT, row]
        if (kind != RECORDED and kind != RETRACTED) or rows.events[E_AT, row] > at:
            continue
        if (
            regs[FACTS_FROM + 2 * fact + AS_IT_WAS, LINE] == 0
            or rows.events[E_AT, row] >= regs[FACTS_FROM + 2 * fact + AS_IT_WAS, SINCE_WHEN]
        ):
            set_fact(regs, AS_IT_WAS, rows, row, fact, row - start + 1)


@part
def standing(tables: Ints, texts: Texts, regs: Ints, rows: Rows, action: int, at: int) -> int:
    """How an action stands: blocked by a safeguard, held by one that is not known, or recommended."""
    found = RECOMMENDED
    for place in range(
        tables[tables[0, AT_ACTIONS] + action, A_G_LO], tables[tables[0, AT_ACTIONS] + action, A_G_HI]
    ):
        verdict = judge(
            tables, texts, regs, rows, tables[tables[0, AT_SAFEGUARDS] + place, G_WHEN], at, regs[0, NOTHING]
        )
        if verdict == YES and tables[tables[0, AT_SAFEGUARDS] + place, G_BLOCKS] == 1:
            return BLOCKED
        if verdict == UNSURE and tables[tables[0, AT_SAFEGUARDS] + place, G_HOLDS] == 1:
            found = HELD
    return found


@inlined
def stood(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, first: int, end: int, now: int
) -> int:
    """How the action of a deed or refusal stood at its time, with the other deeds of the batch by then."""
    action = rows.events[E_WHAT, row]
    if tables[tables[0, AT_ACTIONS] + action, A_G_LO] == tables[tables[0, AT_ACTIONS] + action, A_G_HI]:
        return RECOMMENDED
    at = rows.events[E_SAID, row] if rows.events[E_KIND, row] == DONE else now
    if at < now:
        look_back(tables, regs, rows, end, at)
        regs[0, VIEW] = AS_IT_WAS
    for other in range(first, end):
        if (
            rows.events[E_KIND, other] == DONE
            and rows.events[E_WHAT, other] != action
            and rows.events[E_SAID, other] <= at
        ) and regs[regs[1, OF_DEEDS] + rows.events[E_WHAT, other], LAST_DONE] < MOST:
            regs[regs[1, OF_DEEDS] + rows.events[E_WHAT, other], LAST_DONE] += MOST
    found = standing(tables, texts, regs, rows, action, at)
    for other in range(first, end):
        if (
            rows.events[E_KIND, other] == DONE
            and regs[regs[1, OF_DEEDS] + rows.events[E_WHAT, other], LAST_DONE] >= MOST
        ):
            regs[regs[1, OF_DEEDS] + rows.events[E_WHAT, other], LAST_DONE] -= MOST
    regs[0, VIEW] = AS_IT_IS
    return found


@inlined
def enter_deeds(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, now: int) -> int:
    """Check deeds and refusals against facts and safeguards, then take them in."""
    if not pairs(tables, texts, regs, rows, first, end, now):
        return DOUBTED
    for row in range(first, end):
        kind = rows.events[E_KIND, row]
        if kind == DONE and rows.events[E_SAID, row] > now:
            return FUTURE
        judged = kind in (DONE, DECLINED)
        if judged and stood(tables, texts, regs, rows, row, first, end, now) != rows.events[E_HOW, row]:
            return DOUBTED
    for row in range(first, end):
        kind, line = rows.events[E_KIND, row], row - regs[0, FROM] + 1
        if kind in (DONE, DECLINED):
            action = rows.events[E_WHAT, row]
            regs[regs[1, OF_DEEDS] + action, LAST_DONE if kind == DONE else LAST_DECLINED] = line
            spoil_by_deed(tables, regs, action)
    return CONFORMS
