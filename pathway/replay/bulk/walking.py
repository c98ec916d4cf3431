"""Following the rows of cases batch by batch, for the kernel: does every line follow from those before it?

The same as `pathway.replay.walk`, on tables. Where this is not sure that a case conforms, it says why, and
the single-case engine judges the case: nothing is approximated.
"""

from __future__ import annotations

from pathway.replay.bulk.arrays import Outcomes, Rows, Texts
from pathway.replay.bulk.codes import (
    CLOSED,
    CONFORMS,
    DECLINED,
    DONE,
    DOUBTED,
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
    AT_ACTIONS,
    AT_FACTS,
    AT_TRACKS,
    CALLS,
    E_AT,
    E_BATCH,
    E_KIND,
    E_SAID,
    E_SEQ,
    E_WHAT,
    E_WRITTEN,
    F_ORDER,
    FACTS_FROM,
    FROM,
    GATHERING,
    HEADERS,
    LONGEST,
    NOTHING,
    OF_TOUCHED,
    OF_TRACKS,
    OPEN_WAY,
    STATE,
    T_START,
    TO,
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
from pathway.replay.bulk.kernels import Ints, inlined, kernel
from pathway.replay.bulk.moving import enter, take_moves
from pathway.replay.bulk.ticking import let_pass, spoil_by_time

UNTOLD = -(1 << 62)
FARTHEST = 1 << 50  # seconds: no calendar reaches that far


@inlined
def last_told(rows: Rows, first: int, end: int) -> int:
    """When a batch was entered; UNTOLD where it holds nothing but facts, which may be older than it."""
    found = UNTOLD
    for row in range(first, end):
        if rows.events[E_KIND, row] != RECORDED:
            found = max(
                found,
                rows.events[E_SAID, row] if rows.events[E_KIND, row] == PASSED else rows.events[E_AT, row],
            )
    return found


@inlined
def batch_end(rows: Rows, first: int, last: int) -> int:
    """The row behind a batch."""
    end = first + 1
    while end < last and rows.events[E_BATCH, end] == rows.events[E_BATCH, first]:
        end += 1
    return end


@inlined
def instant_of(rows: Rows, first: int, end: int, last: int, clock: int) -> int:
    """The one instant at which a batch was judged."""
    told = last_told(rows, first, end)
    if told != UNTOLD:
        return told
    latest, written = rows.events[E_AT, first], rows.events[E_AT, first] + rows.events[E_WRITTEN, first]
    for row in range(first, end):
        latest = max(latest, rows.events[E_AT, row])
    latest = max(latest, clock)
    if written <= latest:
        return latest
    place = end
    while place < last:
        following = batch_end(rows, place, last)
        told = last_told(rows, place, following)
        if told != UNTOLD:
            return max(latest, min(written, told))
        place = following
    return max(latest, written)


@inlined
def is_coded(tables: Ints, rows: Rows, row: int) -> bool:
    """Whether the numbers of a row name something of this pathway."""
    kind, what = rows.events[E_KIND, row], rows.events[E_WHAT, row]
    if kind < OPENED or kind >= OTHER or what < 0:
        return False
    if abs(rows.events[E_AT, row]) > FARTHEST or (
        kind in (DONE, PASSED) and abs(rows.events[E_SAID, row]) > FARTHEST
    ):
        return False
    if kind in (RECORDED, RETRACTED):
        return what < tables[1, AT_FACTS]
    if kind in (DONE, DECLINED):
        return what < tables[1, AT_ACTIONS]
    return kind != TAKEN or what < tables[1, AT_TRACKS]


@inlined
def can_be_opened(texts: Texts, rows: Rows, row: int) -> int:
    """Whether the first row of a case opens one of this pathway, in a zone that is known."""
    if rows.events[E_KIND, row] != OPENED:
        return DOUBTED
    header, zone = rows.events[E_WHAT, row], rows.events[E_SAID, row]
    if header < 0 or header >= texts.zones[0, HEADERS] or zone < 0 or zone >= texts.zones[0, ZONES]:
        return NOT_CODED
    if texts.zones[1 + header, 0] == 0:
        return OTHER_HEADER
    place = 1 + texts.zones[0, HEADERS] + zone
    return CONFORMS if texts.zones[place, Z_HI] > texts.zones[place, Z_LO] else NOT_CODED


@inlined
def is_in_order(tables: Ints, regs: Ints, rows: Rows, first: int, end: int, now: int) -> int:
    """The lines of a batch stand in the order of rule 15, at one instant, numbered without gaps."""
    for row in range(first, end):
        kind = rows.events[E_KIND, row]
        if not is_coded(tables, rows, row):
            return NOT_CODED
        if kind == UNDONE:
            return TAKEN_BACK
        if kind == OVERRIDDEN:
            return OVERRODE
        if rows.events[E_SEQ, row] != row - regs[0, FROM] + 1 or (
            kind != RECORDED and rows.events[E_AT, row] != now
        ):
            return DOUBTED
        if row == first:
            continue
        before = rows.events[E_KIND, row - 1]
        if kind < before or kind == OPENED:
            return DOUBTED
        if (
            kind == before
            and (kind in (RECORDED, RETRACTED))
            and (
                tables[tables[0, AT_FACTS] + rows.events[E_WHAT, row], F_ORDER]
                < tables[tables[0, AT_FACTS] + rows.events[E_WHAT, row - 1], F_ORDER]
            )
        ):
            return DOUBTED
    return CONFORMS


@inlined
def open_case(tables: Ints, regs: Ints, rows: Rows, row: int) -> None:
    """Forget the case before, and let every track stand in its first state."""
    regs[FACTS_FROM : regs[1, OF_TOUCHED], :] = 0
    regs[0, CALLS], regs[0, ZONE], regs[0, VIEW] = 0, rows.events[E_SAID, row], 0
    for track in range(tables[1, AT_TRACKS]):
        regs[regs[1, OF_TRACKS] + track, STATE] = tables[tables[0, AT_TRACKS] + track, T_START]
        regs[regs[1, OF_TRACKS] + track, OPEN_WAY] = -1
    for track in range(tables[1, AT_TRACKS]):
        enter(tables, regs, rows, track, tables[tables[0, AT_TRACKS] + track, T_START], row)


@inlined
def take_batch(
    tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, end: int, clock: int, now: int
) -> int:
    """Follow one batch."""
    status = is_in_order(tables, regs, rows, first, end, now)
    if status != CONFORMS:
        return status
    if rows.events[E_KIND, first] == OPENED:
        open_case(tables, regs, rows, first)
    else:
        status = let_pass(tables, texts, regs, rows, clock, now)
        if status != CONFORMS:
            return status
    spoil_by_time(tables, regs)
    if rows.events[E_KIND, end - 1] != OPENED:
        status = enter_facts(tables, texts, regs, rows, first, end, now)
        if status == CONFORMS:
            status = enter_deeds(tables, texts, regs, rows, first, end, now)
        if status != CONFORMS:
            return status
    return take_moves(tables, texts, regs, rows, first, end, now)


@inlined
def follow_case(tables: Ints, texts: Texts, regs: Ints, rows: Rows, first: int, last: int, kept: Ints) -> int:
    """Follow one case; its deadlines are counted where it conforms."""
    regs[0, FROM], regs[0, TROUBLE], regs[0, GATHERING] = first, 0, 0
    if last - first > regs[1, LONGEST]:
        return TOO_LARGE
    status = can_be_opened(texts, rows, first)
    if status != CONFORMS:
        return status
    place, clock, number, closed = first, regs[0, NOTHING], 0, False
    latest = rows.events[E_AT, first]
    while place < last:
        end = batch_end(rows, place, last)
        regs[0, TO] = end
        now = instant_of(rows, place, end, last, clock)
        number += 1
        wrong = (
            closed
            or rows.events[E_BATCH, place] != number
            or now < clock
            or (number > 1 and rows.events[E_KIND, place] == OPENED)
        )
        status = DOUBTED if wrong else take_batch(tables, texts, regs, rows, place, end, clock, now)
        if status != CONFORMS or regs[0, TROUBLE] != 0:
            return TOO_LARGE if regs[0, TROUBLE] != 0 else status
        clock, closed = now, rows.events[E_KIND, end - 1] == CLOSED
        for row in range(place, end):
            latest = max(latest, rows.events[E_AT, row])
        place = end
    count_deadlines(tables, texts, regs, rows, kept, latest)
    return TOO_LARGE if regs[0, TROUBLE] != 0 else CONFORMS


@kernel
def follow(tables: Ints, texts: Texts, regs: Ints, rows: Rows, starts: Ints, out: Outcomes) -> None:
    """Follow every case of some rows."""
    kept = out.scratch
    for case in range(len(starts) - 1):
        kept[:, :] = 0
        status = follow_case(tables, texts, regs, rows, starts[case], starts[case + 1], kept)
        out.status[case] = status
        if regs[0, TOUCHED] != 0:
            regs[regs[1, OF_TOUCHED] :, 0] = 0
            regs[0, TOUCHED] = 0
        if status != CONFORMS:
            continue
        for action in range(tables[1, AT_ACTIONS]):
            for column in range(3):
                out.kept[action, column] += kept[action, column]
        for track in range(tables[1, AT_TRACKS]):
            out.final[regs[regs[1, OF_TRACKS] + track, STATE]] += 1
        for row in range(starts[case], starts[case + 1]):
            out.moves[0] += int(rows.events[E_KIND, row] == TAKEN)
