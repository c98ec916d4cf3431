"""What every test starts from: a home of its own, and how hard the property tests try."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

UNHURRIED = [HealthCheck.too_slow]

settings.register_profile(
    "suite", deadline=None, derandomize=True, max_examples=60, suppress_health_check=UNHURRIED
)
settings.register_profile("campaign", deadline=None, max_examples=5000, suppress_health_check=UNHURRIED)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test: none reads or writes the case store or settings of a real person."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for place in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{place}_HOME", str(home / place.lower()))
    return home
