"""Eight programs record at the same time in one store, two of them in each shared case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reliability.crowd import Crowd
from tests.calling import CHECKOUT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("events", [2_000, pytest.param(100_000, marks=pytest.mark.campaign)])
def test_every_event_of_every_writer_is_there_and_no_seal_is_missing(events: int, tmp_path: Path) -> None:
    called = [sys.executable, "-m", "benchmarks.reliability.crowd"]
    told = subprocess.run(
        [*called, str(tmp_path / "cases.sqlite"), "8", str(events), "20260301"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    found = Crowd(**json.loads(told.stdout))
    assert (found.lost, found.findings) == ([], []), told.stderr
    assert found.events >= events
    assert found.conflicts > 0, "two writers on one case met, and one of them was told"
