"""The arrays that the kernel works on; few and wide, as each is handed from function to function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pathway.replay.bulk import columns as col
from pathway.replay.bulk.kernels import Bytes, Ints


class Texts(NamedTuple):
    """One file: which word passes which test; which header is the pathway's, and the offsets of its zones."""

    passes: Bytes
    zones: Ints


class Rows(NamedTuple):
    """The events of some cases, and the lines that their moves rest on, one list behind the other."""

    events: Ints
    basis: Ints


class Outcomes(NamedTuple):
    """What came of each case, and over all conforming ones: deadlines by action, final states, moves."""

    status: Ints
    scratch: Ints
    kept: Ints
    final: Ints
    moves: Ints


def tables(stretches: Mapping[str, Ints]) -> Ints:
    """All stretches one below the other."""
    rows = 2 + sum(len(stretch) for stretch in stretches.values())
    found, place = np.zeros((rows, col.TABLE_WIDTH), np.int64), 2
    for number, name in enumerate(col.STRETCHES):
        stretch = stretches[name]
        found[0, number], found[1, number] = place, len(stretch)
        found[place : place + len(stretch), : stretch.shape[1]] = stretch
        place += len(stretch)
    states = max(1, len(stretches["states"]))
    found[1, col.MARK_ROWS] = len(stretches["marks"]) // states
    return found


def count(table: Ints, stretch: int) -> int:
    """How many rows a stretch of the tables has."""
    return int(table[1, stretch])


def registers(table: Ints, longest: int) -> Ints:
    """Registers for cases of at most `longest` rows."""
    facts, deeds, tracks = (count(table, at) for at in (col.AT_FACTS, col.AT_ACTIONS, col.AT_TRACKS))
    deeds_from = col.FACTS_FROM + 2 * facts
    tracks_from, touched_from = deeds_from + deeds, deeds_from + deeds + tracks
    found = np.zeros((touched_from + longest + 2, col.REGISTER_WIDTH), np.int64)
    found[0, col.NONE] = -1
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
