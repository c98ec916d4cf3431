"""When the power goes, what was acknowledged is on the disk: shown by imagined disks of many kinds."""

from __future__ import annotations

import os

import pytest

from benchmarks.reliability.power import Life, born, lived, outcomes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SQLite's files there are of another kind")
STATES = {"steps": 32, "beside readers": 32, "long notes": 4}


def life_of(work: str) -> Life:
    return born(1) if work == "birth" else lived(work, "FULL", 1)


@pytest.mark.parametrize(("work", "states"), [("birth", 32), *STATES.items()])
def test_nothing_acknowledged_is_lost_and_nothing_is_damaged(work: str, states: int) -> None:
    found = list(outcomes(life_of(work), states, 2))
    assert [(one.lost, one.damage, one.noticed) for one in found] == [(0, None, False)] * states


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("work", "states"), [("birth", 400), ("steps", 900), ("beside readers", 700), ("long notes", 300)]
)
def test_nothing_acknowledged_is_lost_in_many_more_states(work: str, states: int) -> None:
    test_nothing_acknowledged_is_lost_and_nothing_is_damaged(work, states)


def test_control_without_syncing_the_same_test_finds_losses_and_damage() -> None:
    found = list(outcomes(lived("steps", "OFF", 1), 48, 2))
    assert sum(one.lost > 0 for one in found) > 24
    assert sum(one.damage is not None for one in found) > 4
    assert all(one.noticed for one in found if one.lost or one.damage is not None), "nothing is silent"


def test_control_with_fewer_syncs_acknowledged_steps_are_lost_and_the_noted_head_tells() -> None:
    found = list(outcomes(lived("steps", "NORMAL", 1), 24, 2))
    lossy = [one for one in found if one.lost]
    assert len(lossy) > 8
    assert all(one.noticed for one in lossy)
    assert [one.damage for one in found if one.damage is not None] == []


def test_control_a_disk_that_lies_about_syncing_loses_steps_and_that_is_noticed() -> None:
    found = list(outcomes(lived("steps", "FULL", 1), 24, 2, lying=True))
    assert sum(one.lost > 0 for one in found) > 8
    assert all(one.noticed for one in found if one.lost or one.damage is not None)
