"""What every test starts from: a home of its own, and how hard the property tests try."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The kernel of bulk replay takes a minute or two to compile; Python runs the same functions.
os.environ.setdefault("PATHWAY_KERNEL", "interpreted")

UNHURRIED = [HealthCheck.too_slow]

settings.register_profile(
    "suite", deadline=None, derandomize=True, max_examples=60, suppress_health_check=UNHURRIED
)
settings.register_profile("campaign", deadline=None, max_examples=5000, suppress_health_check=UNHURRIED)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that nobody has had yet; unlike `mktemp`, found without reading through all earlier ones."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(scope="session")
def definitions_read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of definitions for all tests: each is taken from it only when no byte differs."""
    return tmp_path_factory.mktemp("definitions")


@pytest.fixture(autouse=True)
def a_home_of_its_own(
    homes: Iterator[Path], definitions_read_before: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty home for each test: none reads or writes the case store or settings of a real person."""
    monkeypatch.setenv("PATHWAY_CACHE", str(definitions_read_before))
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for place in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{place}_HOME", str(home / place.lower()))
    return home
