"""Following the rows of cases batch by batch, for the kernel: does every line follow from those before it?

The same as `pathway.replay.walk`, on tables. Where this is not sure that a case conforms, it says why, and
the single-case engine judges the case: nothing is approximated.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Batch, Outcomes, Rows, Texts
from pathway.replay.bulk.codes import (
    CLOSED,
    CONFORMS,
    DECLINED,
    DONE,
    DOUBTED,
    MOST,
    NOT_CODED,
    OPENED,
    OTHER,
    OTHER_HEADER,
    OVERRIDDEN,
    OVERRODE,
    PASSED,
    RECORDED,
    RETRACTED,
    TAKEN,
    TAKEN_BACK,
    TOO_LARGE,
    UNDONE,
)  # fmt: skip
from pathway.replay.bulk.columns import (
    A_DUE,
    AT_ACTIONS,
    AT_FACTS,
    AT_TRACKS,
    CALLS,
    F_ORDER,
    FACTS_FROM,
    FROM,
    GATHERING,
    HEADERS,
    LONGEST,
    MOVES,
    NOTHING,
    OF_TOUCHED,
    OF_TRACKS,
    OPEN_WAY,
    STATE,
    T_START,
    TOUCHED,
    TROUBLE,
    VIEW,
    Z_HI,
    Z_LO,
    ZONE,
    ZONES,
)
from pathway.replay.bulk.deeds import enter_deeds
from pathway.replay.bulk.due import count_deadlines
from pathway.replay.bulk.entering import enter_facts
from pathway.replay.bulk.kernels import Ints, inlined, kernel, part
from pathway.replay.bulk.moving import enter, take_moves
from pathway.replay.bulk.ticking import let_pass, spoil_by_time

UNTOLD = -(1 << 62)
FARTHEST = 1 << 50  # seconds: no calendar reaches that far


@part
def written_by(rows: Rows, batch: Batch, last: int, clock: int) -> int:
    """When a batch of facts alone was entered: no earlier than they are, no later than the next entry."""
    latest = max(batch.latest, clock)
    written = rows.at[batch.first] + rows.written[batch.first]
    row, told = batch.end, UNTOLD
    while written > latest and row < last:
        number, told = rows.batch[row], UNTOLD
        while row < last and rows.batch[row] == number:
            told = max(told, time_told(rows, row))
            row += 1
        if told != UNTOLD:
            return max(latest, min(written, told))
    return max(latest, written)


@inlined
def time_told(rows: Rows, row: int) -> int:
    """When the batch of a line was entered; UNTOLD by a fact, which may be older than its entry."""
    if rows.kind[row] == RECORDED:
        return UNTOLD
    return rows.said[row] if rows.kind[row] == PASSED else rows.at[row]


@inlined
def names_too_much(tables: Ints, rows: Rows, row: int) -> bool:
    """Whether the numbers of a row name something that this pathway does not have."""
    kind, what = rows.kind[row], rows.what[row]
    if kind < OPENED or kind >= OTHER or what < 0 or abs(rows.at[row]) > FARTHEST:
        return True
    if kind in (RECORDED, RETRACTED):
        return what >= tables[AT_FACTS, 1]
    if kind in (DONE, PASSED) and abs(rows.said[row]) > FARTHEST:
        return True
    if kind in (DONE, DECLINED):
        return what >= tables[AT_ACTIONS, 1]
    return kind == TAKEN and what >= tables[AT_TRACKS, 1]


@inlined
def look_at(tables: Ints, regs: Ints, rows: Rows, row: int, first: int) -> int:
    """The lines of a batch stand in the order of rule 15, numbered without gaps."""
    kind = rows.kind[row]
    if names_too_much(tables, rows, row):
        return NOT_CODED
    if kind == UNDONE:
        return TAKEN_BACK
    if kind == OVERRIDDEN:
        return OVERRODE
    if rows.seq[row] != row - regs[0, FROM] + 1:
        return DOUBTED
    if row == first:
        return CONFORMS
    if kind < rows.kind[row - 1] or kind == OPENED:
        return DOUBTED
    if kind != rows.kind[row - 1] or kind > RECORDED:
        return CONFORMS
    order = tables[tables[AT_FACTS, 0] + rows.what[row], F_ORDER]
    return CONFORMS if order >= tables[tables[AT_FACTS, 0] + rows.what[row - 1], F_ORDER] else DOUBTED


@inlined
def batch_from(tables: Ints, regs: Ints, rows: Rows, first: int, last: int) -> Batch:
    """The batch that begins at a row. Lines are counted by kind: they stand in that order, or it is wrong."""
    row, number, status = first, rows.batch[first], CONFORMS
    facts, done, deeds, others, moves = first, first, first, first, first
    told, earliest, farthest, latest = UNTOLD, MOST, UNTOLD, rows.at[first]
    while row < last and rows.batch[row] == number:
        kind, at = rows.kind[row], rows.at[row]
        if status == CONFORMS:
            status = look_at(tables, regs, rows, row, first)
        facts += int(kind <= RECORDED)
        done += int(kind <= DONE)
        deeds += int(kind <= DECLINED)
        others += int(kind < TAKEN)
        moves += int(kind <= TAKEN)
        latest = max(latest, at)
        if kind != RECORDED:
            told, earliest, farthest = max(told, time_told(rows, row)), min(earliest, at), max(farthest, at)
        row += 1
    return Batch(first, facts, done, deeds, others, moves, row, told, earliest, farthest, latest, status)


@inlined
def can_be_opened(texts: Texts, rows: Rows, row: int) -> int:
    """Whether the first row of a case opens one of this pathway, in a zone that is known."""
    if rows.kind[row] != OPENED:
        return DOUBTED
    header, zone = rows.what[row], rows.said[row]
    if header < 0 or header >= texts.zones[0, HEADERS] or zone < 0 or zone >= texts.zones[0, ZONES]:
        return NOT_CODED
    if texts.zones[1 + header, 0] == 0:
        return OTHER_HEADER
    place = 1 + texts.zones[0, HEADERS] + zone
    return CONFORMS if texts.zones[place, Z_HI] > texts.zones[place, Z_LO] else NOT_CODED


@inlined
def open_case(tables: Ints, regs: Ints, rows: Rows, row: int) -> None:
    """Forget the case before, and let every track stand in its first state."""
    regs[FACTS_FROM : regs[1, OF_TOUCHED], :] = 0
    regs[0, CALLS], regs[0, ZONE], regs[0, VIEW] = 0, rows.said[row], 0
    for track in range(tables[AT_TRACKS, 1]):
        regs[regs[1, OF_TRACKS] + track, OPEN_WAY] = -1
        enter(tables, regs, rows, track, tables[tables[AT_TRACKS, 0] + track, T_START], row)


@inlined
def take_batch(tables: Ints, texts: Texts, regs: Ints, rows: Rows, batch: Batch, clock: int, now: int) -> int:
    """Follow one batch."""
    if rows.kind[batch.first] == OPENED:
        open_case(tables, regs, rows, batch.first)
    else:
        status = let_pass(tables, texts, regs, rows, clock, now)
        if status != CONFORMS:
            return status
    spoil_by_time(tables, regs)
    if rows.kind[batch.end - 1] != OPENED:
        status = enter_facts(tables, texts, regs, rows, batch, now)
        if status == CONFORMS:
            status = enter_deeds(tables, texts, regs, rows, batch, now)
        if status != CONFORMS:
            return status
    return take_moves(tables, texts, regs, rows, batch, now)


@inlined
def follow_case(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, last: int, kept: Ints) -> int:
    """Follow one case; its deadlines are counted where it conforms."""
    regs[0, FROM], regs[0, TROUBLE], regs[0, GATHERING], regs[1, MOVES] = first, 0, 0, 0
    if last - first > regs[1, LONGEST]:
        return TOO_LARGE
    status = can_be_opened(texts, rows, first)
    if status != CONFORMS:
        return status
    place, clock, number, latest = first, regs[1, NOTHING], 0, rows.at[first]
    while place < last:
        batch = batch_from(tables, regs, rows, place, last)
        if batch.status != CONFORMS:
            return batch.status
        now = batch.told if batch.told != UNTOLD else written_by(rows, batch, last, clock)
        number += 1
        closed = place > first and rows.kind[place - 1] == CLOSED
        if closed or rows.batch[place] != number or now < clock:
            return DOUBTED
        if batch.earliest < now or batch.farthest > now:
            return DOUBTED
        if number > 1 and rows.kind[place] == OPENED:
            return DOUBTED
        status = take_batch(tables, texts, regs, rows, batch, clock, now)
        if status != CONFORMS or regs[0, TROUBLE] != 0:
            return TOO_LARGE if regs[0, TROUBLE] != 0 else status
        clock, place, latest = now, batch.end, max(latest, batch.latest)
    count_deadlines(tables, texts, regs, rows, kept, latest)
    return TOO_LARGE if regs[0, TROUBLE] != 0 else CONFORMS


@inlined
def add_up(tables: Ints, regs: Ints, out: Outcomes, counts: int) -> None:
    """Add what came of a case, where it counts, and forget it."""
    out.moves[0] += counts * regs[1, MOVES]
    for action in range(tables[AT_ACTIONS, 1]):
        if tables[tables[AT_ACTIONS, 0] + action, A_DUE] == 1:
            for column in range(3):
                out.kept[action, column] += counts * out.scratch[action, column]
                out.scratch[action, column] = 0
    for track in range(tables[AT_TRACKS, 1]) if counts == 1 else range(0):
        out.final[regs[regs[1, OF_TRACKS] + track, STATE]] += 1


@kernel
def follow(tables: Ints, texts: Texts, regs: Ints, rows: Rows, starts: Ints, out: Outcomes) -> None:
    """Follow every case of some rows."""
    kept = out.scratch
    for case in range(len(starts) - 1):
        status = follow_case(tables, texts, regs, rows, starts[case], starts[case + 1], kept)
        out.status[case] = status
        if regs[0, TOUCHED] != 0:
            regs[regs[1, OF_TOUCHED] :, 0] = 0
            regs[0, TOUCHED] = 0
        add_up(tables, regs, out, int(status == CONFORMS))
