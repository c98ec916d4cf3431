"""The moves of a batch against what the guards say (rules 12 to 17), for the kernel."""

from __future__ import annotations

from pathway.replay.bulk.arrays import Batch, Rows, Texts
from pathway.replay.bulk.atoms import touch, touch_fact, touch_what_was
from pathway.replay.bulk.codes import (
    CALL,
    CONFORMS,
    DOUBTED,
    FACT_KNOWN,
    NO,
    NOT_DRAWN,
    OVERRODE,
    UNSURE,
    YES,
)
from pathway.replay.bulk.columns import (
    AT_ACTIONS,
    AT_FACTS,
    AT_RESTS,
    AT_STATES,
    AT_TRACKS,
    AT_WAYS,
    B_CODE,
    B_WHAT,
    ENTERED_AT,
    ENTERED_LINE,
    FROM,
    GATHERING,
    LONGEST,
    MOVES,
    NONE,
    OF_TOUCHED,
    OF_TRACKS,
    OPEN_WAY,
    S_CHOICE,
    S_NODE,
    S_R_HI,
    S_R_LO,
    S_W_HI,
    S_W_LO,
    STALE,
    STATE,
    T_FIRST,
    T_T_HI,
    T_T_LO,
    TOUCHED,
    W_AUTO,
    W_TEXT,
    W_TO,
    W_WHEN,
)
from pathway.replay.bulk.deciding import decide
from pathway.replay.bulk.due import call_for
from pathway.replay.bulk.entering import spoil
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined, part

AUTO, OVERRIDE = 0, 3  # places among CAUSES
MASK = 0xFFFF


@part
def read_ways(
    tables: Ints, texts: Texts, regs: Ints, before: Ints, track: int, wanted: int, now: int
) -> tuple[int, int, int, int]:
    """The guards out of a track's state: the first TRUE way, how many are TRUE, how many UNKNOWN, and the
    verdict of the `wanted` way."""
    state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
    low, high = tables[tables[AT_STATES, 0] + state, S_W_LO], tables[tables[AT_STATES, 0] + state, S_W_HI]
    sure, unsure, found, other, of_wanted = 0, 0, -1, -1, UNSURE
    for way in range(low, high):
        if tables[tables[AT_WAYS, 0] + way, W_WHEN] < 0:
            other = way
            continue
        verdict = judge(tables, texts, regs, before, tables[tables[AT_WAYS, 0] + way, W_WHEN], now, entry)
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


@inlined
def look(tables: Ints, texts: Texts, regs: Ints, before: Ints, now: int) -> int:
    """Judge again what has to be; how many tracks have an automatic move due."""
    due = 0
    for track in range(tables[AT_TRACKS, 1]):
        if regs[regs[1, OF_TRACKS] + track, STALE] == 1:
            regs[regs[1, OF_TRACKS] + track, STALE] = 0
            regs[regs[1, OF_TRACKS] + track, OPEN_WAY] = open_way(tables, texts, regs, before, track, now)
        way = regs[regs[1, OF_TRACKS] + track, OPEN_WAY]
        if way >= 0 and tables[tables[AT_WAYS, 0] + way, W_AUTO] == 1:
            due += 1
    return due


@inlined
def open_way(tables: Ints, texts: Texts, regs: Ints, before: Ints, track: int, now: int) -> int:
    """The one way out of a track's state that is TRUE while none is UNKNOWN; -1 none."""
    state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
    node = tables[tables[AT_STATES, 0] + state, S_NODE]
    if node != NOT_DRAWN:
        return decide(tables, texts, regs, before, node, now, entry)
    if tables[tables[AT_STATES, 0] + state, S_CHOICE] == 1:
        return -1
    found, sure, unsure, _ = read_ways(tables, texts, regs, before, track, regs[1, NONE], now)
    return found if sure == 1 and unsure == 0 else -1


@inlined
def named_way(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> int:
    """The way that a logged move names: the first TRUE one with its target and guard, else the first."""
    track, value = rows.what[row], rows.said[row]
    state, target = (
        regs[regs[1, OF_TRACKS] + track, STATE],
        tables[tables[AT_TRACKS, 0] + track, T_FIRST] + (value & MASK),
    )
    if tables[tables[AT_TRACKS, 0] + track, T_FIRST] + ((value >> 16) & MASK) != state:
        return -1
    first = -1
    for way in range(
        tables[tables[AT_STATES, 0] + state, S_W_LO], tables[tables[AT_STATES, 0] + state, S_W_HI]
    ):
        if (
            tables[tables[AT_WAYS, 0] + way, W_TO] == target
            and tables[tables[AT_WAYS, 0] + way, W_TEXT] == value >> 32
        ):
            if first < 0:
                first = way
            elif read_ways(tables, texts, regs, rows.before, track, way, now)[3] == YES:
                return (
                    way if read_ways(tables, texts, regs, rows.before, track, first, now)[3] != YES else first
                )
    return first


@inlined
def gather(tables: Ints, texts: Texts, regs: Ints, before: Ints, track: int, now: int) -> None:
    """Note all lines that the guards out of a track's state read, and that of its entry."""
    state, entry = regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, ENTERED_LINE]
    touch(regs, entry)
    for place in range(
        tables[tables[AT_STATES, 0] + state, S_R_LO], tables[tables[AT_STATES, 0] + state, S_R_HI]
    ):
        code, what = tables[tables[AT_RESTS, 0] + place, B_CODE], tables[tables[AT_RESTS, 0] + place, B_WHAT]
        if code == FACT_KNOWN:
            touch_fact(regs, what)
        elif code == CALL:
            regs[0, GATHERING] = 1
            judge(tables, texts, regs, before, what, now, entry)
            regs[0, GATHERING] = 0
        else:
            touch_what_was(tables, regs, before, code, what)


@inlined
def rests_on(regs: Ints, rows: Rows, row: int) -> bool:
    """Whether the lines that were touched are just those that a logged move names; they are forgotten."""
    good, last, low, high = True, 0, rows.offsets[row], rows.offsets[row + 1]
    for place in range(low, high):
        line = rows.basis[place]
        good = good and line > last and line <= regs[1, LONGEST] and regs[regs[1, OF_TOUCHED] + line, 0] == 1
        last = line
    good = good and high - low == regs[0, TOUCHED]
    if good:
        for place in range(low, high):
            regs[regs[1, OF_TOUCHED] + rows.basis[place], 0] = 0
    else:
        regs[regs[1, OF_TOUCHED] :, 0] = 0
    regs[0, TOUCHED] = 0
    return good


@inlined
def follows(tables: Ints, texts: Texts, regs: Ints, rows: Rows, row: int, now: int) -> bool:
    """Whether a logged move is what the guards say, on the lines that it names."""
    track = rows.what[row]
    way = named_way(tables, texts, regs, rows, row, now)
    if way < 0:
        return False
    gather(tables, texts, regs, rows.before, track, now)
    if not rests_on(regs, rows, row):
        return False
    if regs[regs[1, OF_TRACKS] + track, OPEN_WAY] == way:
        return rows.how[row] != AUTO or tables[tables[AT_WAYS, 0] + way, W_AUTO] == 1
    if rows.how[row] == AUTO:
        return False
    state = regs[regs[1, OF_TRACKS] + track, STATE]
    _, sure, _, verdict = read_ways(tables, texts, regs, rows.before, track, way, now)
    return verdict == YES and (sure > 1 or tables[tables[AT_STATES, 0] + state, S_CHOICE] == 1)


@inlined
def enter(tables: Ints, regs: Ints, rows: Rows, track: int, state: int, row: int) -> None:
    """Let a track stand in a state."""
    regs[regs[1, OF_TRACKS] + track, STATE], regs[regs[1, OF_TRACKS] + track, STALE] = state, 1
    regs[regs[1, OF_TRACKS] + track, ENTERED_AT] = rows.at[row]
    regs[regs[1, OF_TRACKS] + track, ENTERED_LINE] = row - regs[0, FROM] + 1
    spoil(
        tables,
        regs,
        tables[tables[AT_TRACKS, 0] + track, T_T_LO],
        tables[tables[AT_TRACKS, 0] + track, T_T_HI],
        tables[AT_FACTS, 1] + tables[AT_ACTIONS, 1] + track,
    )
    call_for(tables, regs, rows, state, row)


@inlined
def take_round(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, due: int, now: int
) -> bool:
    """Whether the moves of one round, in these rows, follow; they are judged together, then taken."""
    automatic = rows.how[first] == AUTO
    if (automatic and end - first != due) or (not automatic and due > 0):
        return False
    for row in range(first, end):
        for earlier in range(first, row):
            twice = rows.what[earlier] == rows.what[row]
            if twice or (automatic and rows.what[earlier] > rows.what[row]):
                return False
        if not follows(tables, texts, regs, rows, row, now):
            return False
    for row in range(first, end):
        track = rows.what[row]
        enter(
            tables,
            regs,
            rows,
            track,
            tables[tables[AT_TRACKS, 0] + track, T_FIRST] + (rows.said[row] & MASK),
            row,
        )
    return True


@inlined
def take_moves(tables: Ints, texts: Texts, regs: Ints, rows: Rows, batch: Batch, now: int) -> int:
    """Follow the moves of a batch, round by round; afterwards nothing may be due."""
    expected, row = 0, batch.others
    while True:
        due = look(tables, texts, regs, rows.before, now)
        if row == batch.moves:
            regs[1, MOVES] += batch.moves - batch.others
            return CONFORMS if due == 0 else DOUBTED
        if rows.how[row] == OVERRIDE:
            return OVERRODE
        last = row + 1
        while last < batch.moves and same_round(rows, row, last):
            last += 1
        expected += 1
        if rows.link[row] != expected or not take_round(tables, texts, regs, rows, row, last, due, now):
            return DOUBTED
        row = last


@inlined
def same_round(rows: Rows, one: int, other: int) -> bool:
    """Whether two moves were judged on one snapshot."""
    return rows.link[one] == rows.link[other] and (rows.how[one] == AUTO) == (rows.how[other] == AUTO)
