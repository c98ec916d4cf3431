"""Sessions and clocks for the terminal's tests."""

from __future__ import annotations

import pytest

from tests.tui.support import EngineSession


@pytest.fixture
def session() -> EngineSession:
    """A case that was just opened on the demo pathway."""
    return EngineSession(label="bed 7")


@pytest.fixture
def in_workup(session: EngineSession) -> EngineSession:
    """A case in the workup: puncture held, antibiotic recommended without a weight."""
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    return session
