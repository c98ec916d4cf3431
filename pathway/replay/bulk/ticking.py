"""Time that passes between two entries: nothing may move at a tick that a log leaves out; for the kernel."""

from __future__ import annotations

from pathway.replay.bulk.arrays import (
    Rows,
    Texts,
)
from pathway.replay.bulk.codes import (
    CONFORMS,
    DOUBTED,
    KNOWN,
)
from pathway.replay.bulk.columns import (
    AS_IT_IS,
    AT_CROSSINGS,
    AT_FACTS,
    AT_LASTING,
    AT_STATES,
    AT_TRACKS,
    ENTERED_LINE,
    F_VALID,
    FACTS_FROM,
    KNOWLEDGE,
    OF_TRACKS,
    S_TIMED,
    S_X_HI,
    S_X_LO,
    SINCE_WHEN,
    SOME_TIMED,
    STALE,
    STATE,
    TROUBLE,
)
from pathway.replay.bulk.evaluating import (
    judge,
)
from pathway.replay.bulk.kernels import (
    Ints,
    inlined,
    part,
)
from pathway.replay.bulk.moving import (
    look,
)


@inlined
def spoil_by_time(tables: Ints, regs: Ints) -> bool:
    """Whether any track stands where time alone can open a way; it has to be judged again."""
    found = False
    if tables[SOME_TIMED, 1] == 0:
        return found
    for track in range(tables[AT_TRACKS, 1]):
        if tables[tables[AT_STATES, 0] + regs[regs[1, OF_TRACKS] + track, STATE], S_TIMED] == 1:
            regs[regs[1, OF_TRACKS] + track, STALE] = 1
            found = True
    return found


@inlined
def next_expiry(tables: Ints, regs: Ints, now: int, until: int) -> int:
    """The first instant after now, before `until`, at which a fact is valid no longer; else `until`."""
    for place in range(tables[AT_LASTING, 1]):
        fact = tables[tables[AT_LASTING, 0] + place, 0]
        gone = (
            regs[FACTS_FROM + 2 * fact + AS_IT_IS, SINCE_WHEN]
            + tables[tables[AT_FACTS, 0] + fact, F_VALID]
            + 1
        )
        if regs[FACTS_FROM + 2 * fact + AS_IT_IS, KNOWLEDGE] == KNOWN and now < gone < until:
            until = gone
    return until


@inlined
def next_crossing(tables: Ints, texts: Texts, regs: Ints, rows: Rows, now: int, until: int) -> int:
    """The first instant after now, before `until`, at which a comparison changes; else `until`.

    Each changes at most once while no fact does (clockwork), so it is enough to look at both ends.
    """
    for track in range(tables[AT_TRACKS, 1]):
        state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
        for place in range(
            tables[tables[AT_STATES, 0] + state, S_X_LO], tables[tables[AT_STATES, 0] + state, S_X_HI]
        ):
            program = tables[tables[AT_CROSSINGS, 0] + place, 0]
            before = judge(tables, texts, regs, rows.before, program, now, entry)
            if judge(tables, texts, regs, rows.before, program, until - 1, entry) == before:
                continue
            low, high = now, until - 1
            while high - low > 1:
                middle = (low + high) // 2
                if judge(tables, texts, regs, rows.before, program, middle, entry) == before:
                    low = middle
                else:
                    high = middle
            until = high
    return until


@part
def moves_by_time(tables: Ints, texts: Texts, regs: Ints, before: Ints, now: int) -> bool:
    """Whether any track has an automatic move due at an instant."""
    return look(tables, texts, regs, before, now) > 0


@inlined
def let_pass(tables: Ints, texts: Texts, regs: Ints, rows: Rows, now: int, until: int) -> int:
    """A tick that the log leaves out must be one at which nothing moves (rule 17)."""
    while now < until and spoil_by_time(tables, regs):
        end = next_expiry(tables, regs, now, until)
        now = next_crossing(tables, texts, regs, rows, now, end)
        if regs[0, TROUBLE] != 0:
            return DOUBTED
        if now < until:
            spoil_by_time(tables, regs)
            if moves_by_time(tables, texts, regs, rows.before, now):
                return DOUBTED
    return CONFORMS
