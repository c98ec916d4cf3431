"""The moves of a batch against what the guards say (rules 12 to 17), for the kernel."""

from __future__ import annotations

from pathway.replay.bulk.arrays import (
    Rows,
    Texts,
)
from pathway.replay.bulk.atoms import (
    touch,
)
from pathway.replay.bulk.codes import (
    CONFORMS,
    DOUBTED,
    NO,
    OVERRODE,
    TAKEN,
    UNSURE,
    YES,
)
from pathway.replay.bulk.columns import (
    AT_ACTIONS,
    AT_FACTS,
    AT_STATES,
    AT_TRACKS,
    AT_WAYS,
    E_AT,
    E_BASIS_FROM,
    E_BASIS_TO,
    E_HOW,
    E_KIND,
    E_LINK,
    E_SAID,
    E_WHAT,
    ENTERED_AT,
    ENTERED_LINE,
    FROM,
    GATHERING,
    LONGEST,
    NONE,
    OF_TOUCHED,
    OF_TRACKS,
    OPEN_WAY,
    S_CHOICE,
    S_RESTS,
    S_W_HI,
    S_W_LO,
    STALE,
    STATE,
    T_FIRST,
    TOUCHED,
    W_AUTO,
    W_TEXT,
    W_TO,
    W_WHEN,
)
from pathway.replay.bulk.due import (
    call_for,
)
from pathway.replay.bulk.entering import (
    reads,
)
from pathway.replay.bulk.evaluating import (
    judge,
)
from pathway.replay.bulk.kernels import (
    Ints,
    inlined,
    part,
)

AUTO, OVERRIDE = 0, 3  # places among CAUSES
MASK = 0xFFFF


@part
def read_ways(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, track: int, wanted: int, now: int
) -> tuple[int, int, int, int]:
    """The guards out of a track's state: the first TRUE way, how many are TRUE, how many UNKNOWN, and the
    verdict of the `wanted` way."""
    state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
    low, high = tables[tables[0, AT_STATES] + state, S_W_LO], tables[tables[0, AT_STATES] + state, S_W_HI]
    sure, unsure, found, other, of_wanted = 0, 0, -1, -1, UNSURE
    for way in range(low, high):
        if tables[tables[0, AT_WAYS] + way, W_WHEN] < 0:
            other = way
            continue
        verdict = judge(tables, texts, regs, rows, tables[tables[0, AT_WAYS] + way, W_WHEN], now, entry)
        of_wanted = verdict if way == wanted else of_wanted
        unsure += int(verdict == UNSURE)
        if verdict == YES:
            sure += 1
            found = way if found < 0 else found
    if other >= 0:
        verdict = NO if sure > 0 else (UNSURE if unsure > 0 else YES)
        of_wanted = verdict if other == wanted else of_wanted
        if verdict == YES:
            sure, found = 1, other
        unsure += int(verdict == UNSURE)
    return found, sure, unsure, of_wanted


@part
def look(tables: Ints, texts: Texts, regs: Ints, rows: Rows, now: int) -> int:
    """Judge again what has to be; how many tracks have an automatic move due."""
    due = 0
    for track in range(tables[1, AT_TRACKS]):
        if regs[regs[1, OF_TRACKS] + track, STALE] == 1:
            regs[regs[1, OF_TRACKS] + track, STALE] = 0
            regs[regs[1, OF_TRACKS] + track, OPEN_WAY] = -1
            if tables[tables[0, AT_STATES] + regs[regs[1, OF_TRACKS] + track, STATE], S_CHOICE] == 0:
                found, sure, unsure, _ = read_ways(tables, texts, regs, rows, track, regs[0, NONE], now)
                if sure == 1 and unsure == 0:
                    regs[regs[1, OF_TRACKS] + track, OPEN_WAY] = found
        way = regs[regs[1, OF_TRACKS] + track, OPEN_WAY]
        if way >= 0 and tables[tables[0, AT_WAYS] + way, W_AUTO] == 1:
            due += 1
    return due


@inlined
def named_way(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> int:
    """The way that a logged move names: the first TRUE one with its target and guard, else the first."""
    track, value = rows.events[E_WHAT, row], rows.events[E_SAID, row]
    state, target = (
        regs[regs[1, OF_TRACKS] + track, STATE],
        tables[tables[0, AT_TRACKS] + track, T_FIRST] + (value & MASK),
    )
    if tables[tables[0, AT_TRACKS] + track, T_FIRST] + ((value >> 16) & MASK) != state:
        return -1
    first = -1
    for way in range(
        tables[tables[0, AT_STATES] + state, S_W_LO], tables[tables[0, AT_STATES] + state, S_W_HI]
    ):
        if (
            tables[tables[0, AT_WAYS] + way, W_TO] == target
            and tables[tables[0, AT_WAYS] + way, W_TEXT] == value >> 32
        ):
            if first < 0:
                first = way
            elif read_ways(tables, texts, regs, rows, track, way, now)[3] == YES:
                return way if read_ways(tables, texts, regs, rows, track, first, now)[3] != YES else first
    return first


@inlined
def rests_on(regs: Ints, rows: Rows, row: int) -> bool:
    """Whether the lines that were touched are just those that a logged move names; they are forgotten."""
    good, last = True, 0
    for place in range(rows.events[E_BASIS_FROM, row], rows.events[E_BASIS_TO, row]):
        line = rows.basis[place]
        good = good and line > last and line <= regs[1, LONGEST] and regs[regs[1, OF_TOUCHED] + line, 0] == 1
        last = line
    good = good and rows.events[E_BASIS_TO, row] - rows.events[E_BASIS_FROM, row] == regs[0, TOUCHED]
    if good:
        for place in range(rows.events[E_BASIS_FROM, row], rows.events[E_BASIS_TO, row]):
            regs[regs[1, OF_TOUCHED] + rows.basis[place], 0] = 0
    else:
        regs[regs[1, OF_TOUCHED] :, 0] = 0
    regs[0, TOUCHED] = 0
    return good


@inlined
def follows(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> bool:
    """Whether a logged move is what the guards say, on the lines that it names."""
    track = rows.events[E_WHAT, row]
    way = named_way(tables, texts, regs, rows, row, now)
    if way < 0:
        return False
    state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
    touch(regs, entry)
    regs[0, GATHERING] = 1
    judge(tables, texts, regs, rows, tables[tables[0, AT_STATES] + state, S_RESTS], now, entry)
    regs[0, GATHERING] = 0
    if not rests_on(regs, rows, row):
        return False
    if regs[regs[1, OF_TRACKS] + track, OPEN_WAY] == way:
        return rows.events[E_HOW, row] != AUTO or tables[tables[0, AT_WAYS] + way, W_AUTO] == 1
    if rows.events[E_HOW, row] == AUTO:
        return False
    _, sure, _, verdict = read_ways(tables, texts, regs, rows, track, way, now)
    return verdict == YES and (sure > 1 or tables[tables[0, AT_STATES] + state, S_CHOICE] == 1)


@inlined
def enter(tables: Ints, regs: Ints, rows: Rows, track: int, state: int, row: int) -> None:
    """Let a track stand in a state."""
    regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, STALE] = state, 1
    regs[regs[1, OF_TRACKS] + track, ENTERED_AT] = rows.events[E_AT, row]
    regs[regs[1, OF_TRACKS] + track, ENTERED_LINE] = row - regs[0, FROM] + 1
    for other in range(tables[1, AT_TRACKS]):
        if reads(
            tables,
            regs[regs[1, OF_TRACKS] + other, STATE],
            tables[1, AT_FACTS] + tables[1, AT_ACTIONS] + track,
        ):
            regs[regs[1, OF_TRACKS] + other, STALE] = 1
    call_for(tables, regs, rows, state, row)


@inlined
def take_round(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, due: int, now: int
) -> bool:
    """Whether the moves of one round, in these rows, follow; they are judged together, then taken."""
    automatic = rows.events[E_HOW, first] == AUTO
    if (automatic and end - first != due) or (not automatic and due > 0):
        return False
    for row in range(first, end):
        for earlier in range(first, row):
            twice = rows.events[E_WHAT, earlier] == rows.events[E_WHAT, row]
            if twice or (automatic and rows.events[E_WHAT, earlier] > rows.events[E_WHAT, row]):
                return False
        if not follows(tables, texts, regs, rows, row, now):
            return False
    for row in range(first, end):
        track = rows.events[E_WHAT, row]
        enter(
            tables,
            regs,
            rows,
            track,
            tables[tables[0, AT_TRACKS] + track, T_FIRST] + (rows.events[E_SAID, row] & MASK),
            row,
        )
    return True


@inlined
def take_moves(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, now: int) -> int:
    """Follow the moves of a batch, round by round; afterwards nothing may be due."""
    expected, row = 0, first
    while row < end:
        if rows.events[E_KIND, row] != TAKEN:
            row += 1
            continue
        if rows.events[E_HOW, row] == OVERRIDE:
            return OVERRODE
        last = row + 1
        while last < end and rows.events[E_KIND, last] == TAKEN and same_round(rows, row, last):
            last += 1
        expected += 1
        due = look(tables, texts, regs, rows, now)
        if rows.events[E_LINK, row] != expected or not take_round(
            tables, texts, regs, rows, row, last, due, now
        ):
            return DOUBTED
        row = last
    return CONFORMS if look(tables, texts, regs, rows, now) == 0 else DOUBTED


@inlined
def same_round(rows: Rows, one: int, other: int) -> bool:
    """Whether two moves were judged on one snapshot."""
    return rows.events[E_LINK, one] == rows.events[E_LINK, other] and (rows.events[E_HOW, one] == AUTO) == (
        rows.events[E_HOW, other] == AUTO
    )
