"""The facts that people entered in one batch, and what they change; for the kernel.

Each function says what came of it by a status: CONFORMS, or why the case is for the single-case engine.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Rows, Texts
from pathway.replay.bulk.codes import (
    CONFORMS,
    CORRECTED,
    DOUBTED,
    FUTURE,
    IN_ERROR,
    KNOWN,
    MOST,
    RECORDED,
    RETRACTED,
    SEVERAL_ENTRIES,
    UNKNOWN,
)  # fmt: skip
from pathway.replay.bulk.columns import (
    AS_IT_IS,
    AT_FACTS,
    AT_MARKS,
    AT_TRACKS,
    E_AT,
    E_KIND,
    E_LINK,
    E_SAID,
    E_WHAT,
    F_ADMITTED,
    F_HIGH,
    F_KIN_HI,
    F_KIN_LO,
    F_KIND,
    F_LOW,
    FACTS_FROM,
    FROM,
    KNOWLEDGE,
    LINE,
    MARK_ROWS,
    OF_TRACKS,
    SINCE_WHEN,
    STALE,
    STATE,
    TOLD,
    VALUE,
)
from pathway.replay.bulk.dates import is_date
from pathway.replay.bulk.kernels import Ints, inlined

TRUTH, NUMBER, CODE, LIST, DATE, INSTANT, TEXT = range(7)
ENTRY_ERROR = 4  # the place among RETRACTION_REASONS


@inlined
def can_be_entered(tables: Ints, texts: Texts, fact: int, value: int) -> bool:
    """Whether a fact can hold a value."""
    kind = tables[tables[0, AT_FACTS] + fact, F_KIND]
    if kind == TRUTH:
        return value == 0 or value == 1
    if kind == NUMBER:
        return (
            tables[tables[0, AT_FACTS] + fact, F_LOW] <= value <= tables[tables[0, AT_FACTS] + fact, F_HIGH]
        )
    if kind == DATE:
        return is_date(value)
    if kind == INSTANT:
        return abs(value) < MOST >> 12
    if value < 0 or value >= texts.passes.shape[1]:
        return False
    test = tables[tables[0, AT_FACTS] + fact, F_ADMITTED]
    return test < 0 or texts.passes[test, value] == 1


@inlined
def enter_facts(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, now: int) -> int:
    """Take in the facts of a batch."""
    for row in range(first, end):
        kind = rows.events[E_KIND, row]
        if kind != RECORDED and kind != RETRACTED:
            continue
        fact, line = rows.events[E_WHAT, row], row - regs[0, FROM] + 1
        if rows.events[E_LINK, row] != 0:
            return CORRECTED
        if rows.events[E_AT, row] > now:
            return FUTURE
        if (
            regs[FACTS_FROM + 2 * fact, TOLD] > first - regs[0, FROM]
            or regs[FACTS_FROM + 2 * fact + AS_IT_IS, LINE] > first - regs[0, FROM]
        ):
            return SEVERAL_ENTRIES
        if kind == RECORDED:
            if not can_be_entered(tables, texts, fact, rows.events[E_SAID, row]):
                return DOUBTED
            regs[FACTS_FROM + 2 * fact, TOLD] = line
        elif (
            rows.events[E_SAID, row] == ENTRY_ERROR
            and tables[tables[0, AT_FACTS] + fact, F_KIN_HI] > tables[tables[0, AT_FACTS] + fact, F_KIN_LO]
        ):
            return IN_ERROR
        take_fact(regs, rows, row, fact, line)
        spoil_by_fact(tables, regs, fact)
    return CONFORMS


@inlined
def take_fact(regs: Ints, rows: Rows, row: int, fact: int, line: int) -> None:
    """The current value is the one with the greatest time, then line (rule 19)."""
    if (
        regs[FACTS_FROM + 2 * fact + AS_IT_IS, KNOWLEDGE] != 0
        and rows.events[E_AT, row] < regs[FACTS_FROM + 2 * fact + AS_IT_IS, SINCE_WHEN]
    ):
        return
    set_fact(regs, AS_IT_IS, rows, row, fact, line)


@inlined
def set_fact(regs: Ints, view: int, rows: Rows, row: int, fact: int, line: int) -> None:
    """Let a row be the present record of a fact."""
    known = rows.events[E_KIND, row] == RECORDED
    regs[FACTS_FROM + 2 * fact + view, VALUE] = rows.events[E_SAID, row] if known else 0
    regs[FACTS_FROM + 2 * fact + view, KNOWLEDGE] = KNOWN if known else UNKNOWN
    regs[FACTS_FROM + 2 * fact + view, SINCE_WHEN] = rows.events[E_AT, row]
    regs[FACTS_FROM + 2 * fact + view, LINE] = line


@inlined
def reads(tables: Ints, state: int, thing: int) -> bool:
    """Whether the ways out of a state read a thing: facts come first, then deeds, then tracks."""
    place = tables[0, AT_MARKS] + state * tables[1, MARK_ROWS] + (thing >> 4)
    return tables[place, thing & 15] == 1


@inlined
def spoil_by_fact(tables: Ints, regs: Ints, fact: int) -> None:
    """The ways out of states that read a fact have to be judged again."""
    for track in range(tables[1, AT_TRACKS]):
        if reads(tables, regs[regs[1, OF_TRACKS] + track, STATE], fact):
            regs[regs[1, OF_TRACKS] + track, STALE] = 1


@inlined
def spoil_by_deed(tables: Ints, regs: Ints, action: int) -> None:
    """The ways out of states that read a deed have to be judged again."""
    for track in range(tables[1, AT_TRACKS]):
        if reads(tables, regs[regs[1, OF_TRACKS] + track, STATE], tables[1, AT_FACTS] + action):
            regs[regs[1, OF_TRACKS] + track, STALE] = 1
