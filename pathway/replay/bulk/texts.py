"""What a file adds to a pathway's tables: which of its words pass which test, and its time zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache

import numpy as np

from pathway.language.calendar import parse_zone
from pathway.replay.bulk.arrays import Texts
from pathway.replay.bulk.codes import DAY, FIRST_ZONED, LAST_ZONED
from pathway.replay.bulk.kernels import Ints
from pathway.replay.bulk.words import Word, WordTest

EPOCH = datetime(1970, 1, 1)


def texts_of(
    tests: Sequence[WordTest], words: Sequence[Word], zones: Sequence[str], ours: Sequence[bool] = ()
) -> Texts:
    """The texts of a file; a zone that is not known has no offsets. `ours` says it of each header."""
    passes = np.zeros((max(len(tests), 1), max(len(words), 1)), np.uint8)
    for row, test in enumerate(tests):
        passes[row, : len(words)] = [test.holds(word) for word in words]
    return Texts(passes, _zones(zones, ours))


def _zones(zones: Sequence[str], ours: Sequence[bool]) -> Ints:
    """Counts, headers, zones, and behind them from which instant on each zone has which offset."""
    rows: list[tuple[int, int]] = [(len(ours), len(zones)), *((int(one), 0) for one in ours)]
    offsets = [offsets_of(zone) for zone in zones]
    place = len(rows) + len(zones)
    for listed in offsets:
        rows.append((place, place + len(listed)))
        place += len(listed)
    rows += [change for listed in offsets for change in listed]
    return np.array(rows, np.int64)


@cache
def offsets_of(name: str) -> tuple[tuple[int, int], ...]:
    """From which instant on a zone has which offset from UTC, in seconds."""
    try:
        return tuple(_changes(parse_zone(name)))
    except ValueError:
        return ()


def _changes(zone: tzinfo) -> Iterator[tuple[int, int]]:
    """Looked for from day to day, and by halving between two days."""
    found = _offset(zone, FIRST_ZONED)
    yield FIRST_ZONED, found
    for day in () if isinstance(zone, timezone) else range(FIRST_ZONED // DAY, LAST_ZONED // DAY + 1):
        offset = _offset(zone, day * DAY)
        if offset != found:
            yield _turn(zone, (day - 1) * DAY, day * DAY, found), offset
            found = offset


def _turn(zone: tzinfo, low: int, high: int, before: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: tzinfo, instant: int) -> int:
    moment = (EPOCH + timedelta(seconds=instant)).replace(tzinfo=zone)
    found = zone.fromutc(moment).utcoffset()
    assert found is not None
    return int(found.total_seconds())
