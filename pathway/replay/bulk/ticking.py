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
)
from pathway.replay.bulk.moving import (
    look,
)


@inlined
def spoil_by_time(tables: Ints, regs: Ints) -> bool:
    """Whether any track stands where time alone can open a way; it has to be judged again."""
    found = False
    for track in range(tables[1, AT_TRACKS]):
        if tables[tables[0, AT_STATES] + regs[regs[1, OF_TRACKS] + track, STATE], S_TIMED] == 1:
            regs[regs[1, OF_TRACKS] + track, STALE] = 1
            found = True
    return found


@inlined
def next_expiry(tables: Ints, regs: Ints, now: int, until: int) -> int:
    """The first instant after now, before `until`, at which a fact is valid no longer; else `until`."""
    for place in range(tables[1, AT_LASTING]):
        fact = tables[tables[0, AT_LASTING] + place, 0]
        gone = (
            regs[FACTS_FROM + 2 * fact + AS_IT_IS, SINCE_WHEN]
            + tables[tables[0, AT_FACTS] + fact, F_VALID]
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
    for track in range(tables[1, AT_TRACKS]):
        state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
        for place in range(
            tables[tables[0, AT_STATES] + state, S_X_LO], tables[tables[0, AT_STATES] + state, S_X_HI]
        ):
            program = tables[tables[0, AT_CROSSINGS] + place, 0]
            before = judge(tables, texts, regs, rows, program, now, entry)
            if judge(tables, texts, regs, rows, program, until - 1, entry) == before:
                continue
            low, high = now, until - 1
            while high - low > 1:
                middle = (low + high) // 2
                if judge(tables, texts, regs, rows, program, middle, entry) == before:
                    low = middle
                else:
                    high = middle
            until = high
    return until


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
            if look(tables, texts, regs, rows, now) > 0:
                return DOUBTED
    return CONFORMS
