"""The arrays that the kernel works on; few and wide, as each is handed from function to function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from pathway.replay.bulk import columns as col
from pathway.replay.bulk.kernels import Bytes, Ints


class Texts(NamedTuple):
    """One file: which word passes which test; which header is the pathway's, and the offsets of its zones."""

    passes: Bytes
    zones: Ints


class Rows(NamedTuple):
    """The columns of some cases' events as they lie in memory, of whatever width; `said` is their value.

    The move in row n rests on the lines from offsets[n] to offsets[n + 1] of `basis`. `before` is filled by
    the kernel: the line of the case that last spoke of the same fact, deed or refusal; 0 for none.
    """

    seq: Any
    batch: Any
    kind: Any
    what: Ints
    how: Any
    at: Any
    written: Any
    said: Any
    link: Any
    offsets: Any
    basis: Any
    before: Ints


class Batch(NamedTuple):
    """The rows of one batch: the first one, and behind which row each kind of lines ends (rule 15).

    `told` is when it was entered, where a line other than a fact says so; `earliest` and `farthest` are
    the times of such lines, `latest` that of any. `status` is CONFORMS where lines are well-formed, in order.
    """

    first: int
    facts: int
    done: int
    deeds: int
    others: int
    moves: int
    end: int
    told: int
    earliest: int
    farthest: int
    latest: int
    status: int


class Outcomes(NamedTuple):
    """What came of each case, and over all conforming ones: deadlines by action, final states, moves."""

    status: Ints
    scratch: Ints
    kept: Ints
    final: Ints
    moves: Ints


def tables(stretches: Mapping[str, Ints]) -> Ints:
    """All stretches one below the other."""
    rows = col.STEPS_FROM + sum(len(stretch) for stretch in stretches.values())
    found, place = np.zeros((rows, col.TABLE_WIDTH), np.int64), col.STEPS_FROM
    for number, name in enumerate(col.STRETCHES):
        stretch = stretches[name]
        found[number, :2] = place, len(stretch)
        found[place : place + len(stretch), : stretch.shape[1]] = stretch
        place += len(stretch)
    states = max(1, len(stretches["states"]))
    found[col.MARK_ROWS, 1] = len(stretches["marks"]) // states
    found[col.SOME_TIMED, 1] = stretches["states"][:, col.S_TIMED].max(initial=0)
    return found


def count(table: Ints, stretch: int) -> int:
    """How many rows a stretch of the tables has."""
    return int(table[stretch, 1])


def registers(table: Ints, longest: int) -> Ints:
    """Registers for cases of at most `longest` rows."""
    facts, deeds, tracks = (count(table, at) for at in (col.AT_FACTS, col.AT_ACTIONS, col.AT_TRACKS))
    deeds_from = col.FACTS_FROM + 2 * facts
    tracks_from, touched_from = deeds_from + deeds, deeds_from + deeds + tracks
    found = np.zeros((touched_from + longest + 2, col.REGISTER_WIDTH), np.int64)
    found[1, col.NONE] = -1
    found[1, :4] = deeds_from, tracks_from, touched_from, longest
    return found


def outcomes(table: Ints, cases: int) -> Outcomes:
    """Room for what comes of so many cases."""
    actions = count(table, col.AT_ACTIONS)
    return Outcomes(
        np.zeros(cases, np.int64),
        np.zeros((actions, 3), np.int64),
        np.zeros((actions, 3), np.int64),
        np.zeros(count(table, col.AT_STATES), np.int64),
        np.zeros(1, np.int64),
    )
