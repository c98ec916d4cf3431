"""The deeds of one batch: the facts that speak of them, and how the actions stood; for the kernel.

Each function says what came of it by a status: CONFORMS, or why the case is for the single-case engine.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Batch, Rows, Texts
from pathway.replay.bulk.codes import (
    CONFORMS,
    DONE,
    DOUBTED,
    FUTURE,
    MOST,
    NOT_DRAWN,
    RECORDED,
    RETRACTED,
    UNSURE,
    YES,
)  # fmt: skip
from pathway.replay.bulk.columns import (
    A_G_HI,
    A_G_LO,
    A_L_HI,
    A_L_LO,
    A_NODE,
    A_R_HI,
    A_R_LO,
    A_T_HI,
    A_T_LO,
    AS_IT_IS,
    AS_IT_WAS,
    AT_ACTIONS,
    AT_FACTS,
    AT_KIN,
    AT_LOOKS,
    AT_RECORDS,
    AT_SAFEGUARDS,
    F_KIN_HI,
    F_KIN_LO,
    F_KIND,
    FACTS_FROM,
    FROM,
    G_BLOCKS,
    G_HOLDS,
    G_WHEN,
    LAST,
    LAST_DECLINED,
    LAST_DONE,
    NOTHING,
    OF_DEEDS,
    R_FACT,
    R_VALUE,
    R_WHEN,
    VIEW,
)
from pathway.replay.bulk.dates import local_day
from pathway.replay.bulk.deciding import decide
from pathway.replay.bulk.entering import DATE, INSTANT, set_fact, spoil
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined, part

RECOMMENDED, HELD, BLOCKED = range(3)


# --- deeds and the facts that say so --------------------------------------------------------------
@part
def may(tables: Ints, texts: Texts, regs: Ints, rows: Rows, record: int, now: int) -> bool:
    """Whether a fact may speak of a deed now."""
    when = tables[tables[AT_RECORDS, 0] + record, R_WHEN]
    return when < 0 or judge(tables, texts, regs, rows.before, when, now, regs[1, NOTHING]) == YES


@part
def speaks(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> bool:
    """Whether a recorded fact says that some action was done."""
    fact = rows.what[row]
    for place in range(
        tables[tables[AT_FACTS, 0] + fact, F_KIN_LO], tables[tables[AT_FACTS, 0] + fact, F_KIN_HI]
    ):
        action = tables[tables[AT_KIN, 0] + place, 0]
        for record in range(
            tables[tables[AT_ACTIONS, 0] + action, A_R_LO], tables[tables[AT_ACTIONS, 0] + action, A_R_HI]
        ):
            said = tables[tables[AT_RECORDS, 0] + record, R_VALUE]
            fits = tables[tables[AT_RECORDS, 0] + record, R_FACT] == fact and (
                said == -1 or said == rows.said[row]
            )
            if fits and may(tables, texts, regs, rows, record, now):
                return True
    return False


@inlined
def repeats(regs: Ints, rows: Rows, row: int) -> bool:
    """Whether a fact says what it said before this batch: the same value again is the same deed."""
    best, line = -1, rows.before[row]
    while line > 0:
        earlier = regs[0, FROM] + line - 1
        if best < 0 or rows.at[earlier] > rows.at[best]:
            best = earlier
        line = rows.before[earlier]
    return best >= 0 and rows.kind[best] == RECORDED and rows.said[best] == rows.said[row]


@inlined
def has_kin(tables: Ints, rows: Rows, fact: int, batch: Batch) -> bool:
    """Whether a deed of this batch is one that the fact can speak of."""
    low, high = tables[tables[AT_FACTS, 0] + fact, F_KIN_LO], tables[tables[AT_FACTS, 0] + fact, F_KIN_HI]
    for row in range(batch.facts, batch.done):
        for place in range(low, high):
            if tables[tables[AT_KIN, 0] + place, 0] == rows.what[row]:
                return True
    return False


@inlined
def has_its_facts(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, batch: Batch, now: int
) -> bool:
    """Whether a deed without a fact of its own stands beside all facts that doing it records."""
    action = rows.what[deed]
    for record in range(
        tables[tables[AT_ACTIONS, 0] + action, A_R_LO], tables[tables[AT_ACTIONS, 0] + action, A_R_HI]
    ):
        fact = tables[tables[AT_RECORDS, 0] + record, R_FACT]
        is_given = regs[FACTS_FROM + 2 * fact, LAST] > batch.first - regs[0, FROM]
        if not is_given and may(tables, texts, regs, rows, record, now):
            return False
    return True


@inlined
def fits_its_fact(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, deed: int, batch: Batch, now: int
) -> bool:
    """Whether the line that a deed rests on records one of its facts, and says the same time."""
    via = regs[0, FROM] + rows.link[deed] - 1
    if via < regs[0, FROM] or via >= batch.end:
        return False
    kind, fact, action = rows.kind[via], rows.what[via], rows.what[deed]
    found = False
    for record in range(
        tables[tables[AT_ACTIONS, 0] + action, A_R_LO], tables[tables[AT_ACTIONS, 0] + action, A_R_HI]
    ):
        found = found or tables[tables[AT_RECORDS, 0] + record, R_FACT] == fact
    if not found or (kind != RECORDED and kind != RETRACTED):
        return False
    if via < batch.first or kind != RECORDED:
        return True
    if repeats(regs, rows, via) or not speaks(tables, texts, regs, rows, via, now):
        return True
    if tables[tables[AT_FACTS, 0] + fact, F_KIND] == INSTANT:
        return rows.said[deed] == rows.said[via]
    return (
        tables[tables[AT_FACTS, 0] + fact, F_KIND] != DATE
        or local_day(texts, regs, rows.said[deed]) == rows.said[via]
    )


@inlined
def pairs(tables: Ints, texts: Texts, regs: Ints, rows: Rows, batch: Batch, now: int) -> bool:
    """Every fact that says so has its deed, every deed has its fact."""
    for row in range(batch.first, batch.facts):
        fact = rows.what[row]
        if (
            rows.kind[row] == RECORDED
            and tables[tables[AT_FACTS, 0] + fact, F_KIN_HI] > tables[tables[AT_FACTS, 0] + fact, F_KIN_LO]
        ):
            alone = not has_kin(tables, rows, fact, batch) and not repeats(regs, rows, row)
            if alone and speaks(tables, texts, regs, rows, row, now):
                return False
    for row in range(batch.facts, batch.done):
        if rows.link[row] == 0:
            if not has_its_facts(tables, texts, regs, rows, row, batch, now):
                return False
        elif not fits_its_fact(tables, texts, regs, rows, row, batch, now):
            return False
    return True


# --- how actions stood ----------------------------------------------------------------------------
@part
def look_back(tables: Ints, regs: Ints, rows: Rows, action: int, at: int) -> None:
    """Set the other view to the facts that an action's safeguards read as they were at an instant.

    A fact of which no record is so old is left as it is.
    """
    for place in range(
        tables[tables[AT_ACTIONS, 0] + action, A_L_LO], tables[tables[AT_ACTIONS, 0] + action, A_L_HI]
    ):
        fact = tables[tables[AT_LOOKS, 0] + place, 0]
        for column in range(4):
            regs[FACTS_FROM + 2 * fact + AS_IT_WAS, column] = regs[FACTS_FROM + 2 * fact + AS_IT_IS, column]
        best, line = -1, regs[FACTS_FROM + 2 * fact, LAST]
        while line > 0:
            row = regs[0, FROM] + line - 1
            if rows.at[row] <= at and (best < 0 or rows.at[row] > rows.at[best]):
                best = row
            line = rows.before[row]
        if best >= 0:
            set_fact(regs, AS_IT_WAS, rows, best, fact)


@part
def standing(tables: Ints, texts: Texts, regs: Ints, rows: Rows, action: int, at: int) -> int:
    """How an action stands: blocked by a safeguard, held by one that is not known, or recommended."""
    node = tables[tables[AT_ACTIONS, 0] + action, A_NODE]
    if node != NOT_DRAWN:
        return decide(tables, texts, regs, rows.before, node, at, regs[1, NOTHING])
    found = RECOMMENDED
    for place in range(
        tables[tables[AT_ACTIONS, 0] + action, A_G_LO], tables[tables[AT_ACTIONS, 0] + action, A_G_HI]
    ):
        when = tables[tables[AT_SAFEGUARDS, 0] + place, G_WHEN]
        verdict = judge(tables, texts, regs, rows.before, when, at, regs[1, NOTHING])
        if verdict == YES and tables[tables[AT_SAFEGUARDS, 0] + place, G_BLOCKS] == 1:
            return BLOCKED
        if verdict == UNSURE and tables[tables[AT_SAFEGUARDS, 0] + place, G_HOLDS] == 1:
            found = HELD
    return found


@inlined
def stood(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, batch: Batch, now: int) -> int:
    """How the action of a deed or refusal stood at its time, with the other deeds of the batch by then."""
    action = rows.what[row]
    if tables[tables[AT_ACTIONS, 0] + action, A_G_LO] == tables[tables[AT_ACTIONS, 0] + action, A_G_HI]:
        return RECOMMENDED
    at = rows.said[row] if rows.kind[row] == DONE else now
    if at < now:
        look_back(tables, regs, rows, action, at)
        regs[0, VIEW] = AS_IT_WAS
    for other in range(batch.facts, batch.done):
        deed = regs[1, OF_DEEDS] + rows.what[other]
        if rows.what[other] != action and rows.said[other] <= at and regs[deed, LAST_DONE] < MOST:
            regs[deed, LAST_DONE] += MOST
    found = standing(tables, texts, regs, rows, action, at)
    for other in range(batch.facts, batch.done):
        deed = regs[1, OF_DEEDS] + rows.what[other]
        if regs[deed, LAST_DONE] >= MOST:
            regs[deed, LAST_DONE] -= MOST
    regs[0, VIEW] = AS_IT_IS
    return found


@inlined
def enter_deeds(tables: Ints, texts: Texts, regs: Ints, rows: Rows, batch: Batch, now: int) -> int:
    """Check deeds and refusals against facts and safeguards, then take them in."""
    if not pairs(tables, texts, regs, rows, batch, now):
        return DOUBTED
    for row in range(batch.facts, batch.deeds):
        if row < batch.done and rows.said[row] > now:
            return FUTURE
        if stood(tables, texts, regs, rows, row, batch, now) != rows.how[row]:
            return DOUBTED
    for row in range(batch.facts, batch.deeds):
        action, column = rows.what[row], LAST_DONE if row < batch.done else LAST_DECLINED
        rows.before[row] = regs[regs[1, OF_DEEDS] + action, column]
        regs[regs[1, OF_DEEDS] + action, column] = row - regs[0, FROM] + 1
        spoil(
            tables,
            regs,
            tables[tables[AT_ACTIONS, 0] + action, A_T_LO],
            tables[tables[AT_ACTIONS, 0] + action, A_T_HI],
            tables[AT_FACTS, 1] + action,
        )
    return CONFORMS
