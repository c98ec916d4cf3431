"""Whatever befalls a case, its terminal shows what was acknowledged, and nothing else."""

from __future__ import annotations

import os

import pytest

from tests.store.reliability.life import lives

pytestmark = pytest.mark.skipif(os.name == "nt", reason="open files cannot be removed there")


def test_a_case_lives_through_anything_as_one_in_memory_would() -> None:
    done = lives(7, 31, derandomize=True)
    assert done.total() - done["conflict"] >= 200
    assert done["crash"]
    assert done["conflict"]


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_cases_live_through_ten_thousand_steps() -> None:
    done = lives(180, 60, derandomize=False)
    assert done.total() - done["conflict"] >= 10_000
    assert min(done.values()) > 50
