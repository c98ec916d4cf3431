"""The demonstration pathway, and one with every way of moving."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replay.plays import Play, play


@pytest.fixture
def demo(tmp_path: Path) -> Play:
    """The pathway of DESIGN section 3."""
    return play("demo", tmp_path)


@pytest.fixture
def rich(tmp_path: Path) -> Play:
    """Three tracks, timers, choices, `otherwise`, deed facts, overrides and layers."""
    return play("rich", tmp_path)
