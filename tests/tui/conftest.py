"""Sessions and clocks for the terminal's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.support import EngineSession

SIZES = ((80, 24), (160, 50))
AT_BOTH = {"test_case_screen.py", "test_minimap.py"}
EVERY_SECOND = {
    "test_replay_screen.py",
    "test_browsing.py",
    "test_cases_screen.py",
    "test_handover_screen.py",
}


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
    """What the suite has time for: tests of screens at both sizes run at one of them, in turn, and of the
    longest files every second test; everything under `make campaign`."""
    named: dict[str, int] = {}
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        turn = named.setdefault(item.nodeid.partition("[")[0], len(named))
        if (item.path.name in EVERY_SECOND and turn % 2) or (
            item.path.name not in AT_BOTH and _size_of(item) not in (None, SIZES[turn // 2 % 2])
        ):
            item.add_marker(pytest.mark.campaign)


def _size_of(item: pytest.Item) -> object:
    """The size of the screen, for tests that run at both."""
    call = getattr(item, "callspec", None)
    size = call.params.get("size") if call is not None else None
    return size if size in SIZES else None
