"""A bit turned over, a log cut short: no change of what was recorded goes unnoticed."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.reliability.damage import WAL, cuts, flips, kept, seen
from benchmarks.reliability.power import FILE

MORE = pytest.mark.campaign


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=MORE)])
def test_every_bit_that_changes_what_is_kept_in_the_file_is_found(count: int) -> None:
    store = kept(3, 30, carried_over=True, seed=1)
    found = seen(store, FILE, flips(store, FILE, count, 2))
    assert (found.tried, found.missed) == (count, [])
    assert found.changed > count // 4
    assert found.equal > count // 4, "much of a file is empty, or an index over the rest"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [40, pytest.param(3000, marks=MORE)])
def test_every_bit_turned_over_in_the_log_of_the_database_is_found_by_the_noted_head(count: int) -> None:
    store = kept(2, 8, carried_over=False, seed=1)
    found = seen(store, WAL, flips(store, WAL, count, 2))
    assert (found.tried, found.missed) == (count, [])
    assert found.only_by_head > count // 2, "the database itself drops what does not fit, and says nothing"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [40, pytest.param(None, marks=MORE)])
def test_the_log_of_the_database_cut_anywhere_is_found_by_the_noted_head(count: int | None) -> None:
    store = kept(1, 2, carried_over=False, seed=1)
    offsets = range(len(store.files[WAL]))
    chosen = offsets if count is None else Random(3).sample(offsets, count)
    found = seen(store, WAL, cuts(store, WAL, chosen))
    assert (found.tried, found.missed) == (len(chosen), [])
    assert found.changed == found.found_in_changed == len(chosen)
