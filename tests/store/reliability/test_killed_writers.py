"""Killed at any moment, a writer loses nothing that it had acknowledged, and harms no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reliability.killing import Killed
from tests.calling import CHECKOUT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=pytest.mark.campaign)])
def test_every_acknowledged_event_of_a_killed_writer_is_there(kills: int, tmp_path: Path) -> None:
    called = [sys.executable, "-m", "benchmarks.reliability.killing"]
    told = subprocess.run(
        [*called, str(tmp_path / "cases.sqlite"), str(kills), "20260301"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    found = Killed(**json.loads(told.stdout))
    assert (found.kills, found.lost, found.findings) == (kills, [], [])
    assert found.acknowledged > kills
