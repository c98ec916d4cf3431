"""Walking a decision diagram (diagrams.py): from atom to atom, to what comes of guards; for the kernel."""

from __future__ import annotations

from pathway.replay.bulk import codes as op
from pathway.replay.bulk.arrays import Texts
from pathway.replay.bulk.atoms import is_known, was
from pathway.replay.bulk.codes import NO, UNSURE, YES
from pathway.replay.bulk.columns import (
    AT_NODES,
    AT_NUMBERS,
    FACTS_FROM,
    N_CODE,
    N_FIRST,
    N_NO,
    N_SECOND,
    N_THIRD,
    VALUE,
    VIEW,
)
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints, inlined
from pathway.replay.bulk.reckoning import holds


@inlined
def fact_atom(tables: Ints, texts: Texts, regs: Ints, place: int, now: int) -> int:
    """The verdict of an atom about one recorded fact."""
    code, fact = tables[place, N_CODE], tables[place, N_FIRST]
    known = is_known(tables, regs, fact, now)
    if code == op.FACT_KNOWN:
        return YES if known else NO
    if not known:
        return UNSURE
    value = regs[FACTS_FROM + 2 * fact + regs[0, VIEW], VALUE]
    if code == op.FACT_TRUTH:
        return YES if value != 0 else NO
    if code == op.FACT_AMONG:
        return 2 * int(texts.passes[tables[place, N_SECOND], value])
    bound = tables[tables[AT_NUMBERS, 0] + tables[place, N_THIRD], 0]
    return holds(tables[place, N_SECOND], int(value > bound) - int(value < bound))


@inlined
def atom(tables: Ints, texts: Texts, regs: Ints, before: Ints, place: int, now: int, entry: int) -> int:
    """The verdict of the atom of a node."""
    code = tables[place, N_CODE]
    if code <= op.FACT_KNOWN:
        return fact_atom(tables, texts, regs, place, now)
    if code == op.CALL:
        return judge(tables, texts, regs, before, tables[place, N_FIRST], now, entry)
    since = entry if tables[place, N_THIRD] == 1 else 0
    return 2 * int(was(tables, regs, code, tables[place, N_FIRST], tables[place, N_SECOND], since))


@inlined
def decide(tables: Ints, texts: Texts, regs: Ints, before: Ints, start: int, now: int, entry: int) -> int:
    """What comes of the guards that a diagram was made of. Ends are negative: -1 none, -2 the first, ..."""
    node = start
    while node >= 0:
        place = tables[AT_NODES, 0] + node
        node = tables[place, N_NO + atom(tables, texts, regs, before, place, now, entry)]
    return -2 - node
