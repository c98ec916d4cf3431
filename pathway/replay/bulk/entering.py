"""The facts that people entered in one batch, and what they change; for the kernel.

Each function says what came of it by a status: CONFORMS, or why the case is for the single-case engine.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Batch, Rows, Texts
from pathway.replay.bulk.codes import (
    CONFORMS,
    CORRECTED,
    DOUBTED,
    FUTURE,
    IN_ERROR,
    KNOWN,
    OPENED,
    RECORDED,
    SEVERAL_ENTRIES,
    UNKNOWN,
)
from pathway.replay.bulk.columns import (
    AS_IT_IS,
    AT_FACTS,
    AT_MARKS,
    AT_READERS,
    F_ADMITTED,
    F_HIGH,
    F_KIN_HI,
    F_KIN_LO,
    F_LOW,
    F_T_HI,
    F_T_LO,
    FACTS_FROM,
    FROM,
    KNOWLEDGE,
    LAST,
    LINE,
    MARK_ROWS,
    OF_TRACKS,
    SINCE_WHEN,
    STALE,
    STATE,
    TOLD,
    VALUE,
)
from pathway.replay.bulk.kernels import Ints, inlined

DATE, INSTANT = 4, 5  # places among tables.KINDS
ENTRY_ERROR = 4  # the place among RETRACTION_REASONS
NO_WORDS = -2  # what tables.py writes for a fact whose values are no words


@inlined
def can_be_entered(tables: Ints, texts: Texts, fact: int, value: int) -> bool:
    """Whether a fact can hold a value."""
    place = tables[AT_FACTS, 0] + fact
    if value < tables[place, F_LOW] or value > tables[place, F_HIGH]:
        return False
    test = tables[place, F_ADMITTED]
    if test == NO_WORDS:
        return True
    return value < texts.passes.shape[1] and (test < 0 or texts.passes[test, value] == 1)


@inlined
def enter_facts(tables: Ints, texts: Texts, regs: Ints, rows: Rows, batch: Batch, now: int) -> int:
    """Take in the facts of a batch."""
    for row in range(batch.first, batch.facts):
        kind, fact = rows.kind[row], rows.what[row]
        if kind == OPENED:
            continue
        if rows.link[row] != 0:
            return CORRECTED
        if rows.at[row] > now:
            return FUTURE
        if regs[FACTS_FROM + 2 * fact, LAST] > batch.first - regs[0, FROM]:
            return SEVERAL_ENTRIES
        if kind == RECORDED:
            if not can_be_entered(tables, texts, fact, rows.said[row]):
                return DOUBTED
        elif (
            rows.said[row] == ENTRY_ERROR
            and tables[tables[AT_FACTS, 0] + fact, F_KIN_HI] > tables[tables[AT_FACTS, 0] + fact, F_KIN_LO]
        ):
            return IN_ERROR
        take_fact(regs, rows, row, fact)
        spoil(
            tables,
            regs,
            tables[tables[AT_FACTS, 0] + fact, F_T_LO],
            tables[tables[AT_FACTS, 0] + fact, F_T_HI],
            fact,
        )
    return CONFORMS


@inlined
def take_fact(regs: Ints, rows: Rows, row: int, fact: int) -> None:
    """The current value is the one with the greatest time, then line (rule 19)."""
    place, line = FACTS_FROM + 2 * fact, row - regs[0, FROM] + 1
    rows.before[row] = regs[place, LAST]
    regs[place, LAST] = line
    if rows.kind[row] == RECORDED:
        regs[place, TOLD] = line
    if regs[place, KNOWLEDGE] == 0 or rows.at[row] >= regs[place, SINCE_WHEN]:
        set_fact(regs, AS_IT_IS, rows, row, fact)


@inlined
def set_fact(regs: Ints, view: int, rows: Rows, row: int, fact: int) -> None:
    """Let a row be the present record of a fact."""
    known, place = rows.kind[row] == RECORDED, FACTS_FROM + 2 * fact + view
    regs[place, VALUE] = rows.said[row] if known else 0
    regs[place, KNOWLEDGE] = KNOWN if known else UNKNOWN
    regs[place, SINCE_WHEN] = rows.at[row]
    regs[place, LINE] = row - regs[0, FROM] + 1


@inlined
def reads(tables: Ints, state: int, thing: int) -> bool:
    """Whether the ways out of a state read a thing: facts come first, then deeds, then tracks."""
    place = tables[AT_MARKS, 0] + state * tables[MARK_ROWS, 1] + (thing >> 4)
    return tables[place, thing & 15] == 1


@inlined
def spoil(tables: Ints, regs: Ints, low: int, high: int, thing: int) -> None:
    """The ways out of states that read a thing have to be judged again, if tracks stand there."""
    for place in range(low, high):
        track = tables[tables[AT_READERS, 0] + place, 0]
        if reads(tables, regs[regs[1, OF_TRACKS] + track, STATE], thing):
            regs[regs[1, OF_TRACKS] + track, STALE] = 1
