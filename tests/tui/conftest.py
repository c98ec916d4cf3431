"""Sessions and clocks for the terminal's tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.events import FactRecorded
from tests.tui.replay_support import a_session, written
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


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log to replay."""
    return written(tmp_path, a_session().case.events)


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """The log with `suspected` turned to no, its chain made anew."""
    events = [
        replace(event, value="false", entered="false")
        if isinstance(event, FactRecorded) and event.fact == "suspected"
        else event
        for event in a_session().case.events
    ]
    return written(tmp_path, events)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the suite has time for: tests of screens at both sizes run at one of them, in turn; at both under
    `make campaign`."""
    named: dict[str, int] = {}
    for item in items:
        if item.path.parent != Path(__file__).parent or item.path.name in AT_BOTH:
            continue
        size = _size_of(item)
        turn = named.setdefault(item.nodeid.partition("[")[0], len(named)) if size is not None else 0
        if size is not None and size != SIZES[turn % 2]:
            item.add_marker(pytest.mark.campaign)


def _size_of(item: pytest.Item) -> object:
    """The size of the screen, for tests that run at both."""
    call = getattr(item, "callspec", None)
    size = call.params.get("size") if call is not None else None
    return size if size in SIZES else None
