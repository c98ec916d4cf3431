"""Sessions and clocks for the terminal's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.support import EngineSession

SIZES = ((80, 24), (160, 50))
AT_BOTH = {"test_case_screen.py", "test_minimap.py"}


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of screens at both sizes run at one of them, in turn; at both under `make campaign`."""
    named: dict[str, int] = {}
    for item in items:
        params = getattr(item, "callspec", None)
        size = params.params.get("size") if params is not None else None
        if item.path.parent != Path(__file__).parent or item.path.name in AT_BOTH or size not in SIZES:
            continue
        turn = named.setdefault(item.nodeid.partition("[")[0], len(named))
        if SIZES.index(size) != turn % 2:
            item.add_marker(pytest.mark.campaign)
