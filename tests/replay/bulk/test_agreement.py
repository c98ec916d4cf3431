"""Both engines say the same of every log, however it is cut into files and row groups."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from pathway.engine.events import CaseOpened
from pathway.replay.bulk.codes import DOUBTED, REASONS
from pathway.replay.bulk.replaying import replay_bulk
from pathway.replay.bulk.results import BulkResult
from pathway.replay.bulk.tables import bulk_pathway
from pathway.replay.bulk.writing import write_bulk
from tests.engine.rich_ward import compiled_ward, wards
from tests.replay.bulk.logs import forged, header_of, logs, told_singly


def as_told(result: BulkResult) -> dict[str, object]:
    return result.as_object()


@given(ward=wards(), data=st.data())
@settings(max_examples=40, deadline=None, phases=[Phase.generate])
def test_random_logs_get_the_same_verdicts_from_both_engines(ward: int, data: st.DataObject) -> None:
    agree(ward, data)


@pytest.mark.campaign
@given(ward=wards(), data=st.data())
@settings(max_examples=5_000, deadline=None)
def test_thousands_of_random_logs_get_the_same_verdicts(ward: int, data: st.DataObject) -> None:
    agree(ward, data)


def agree(ward: int, data: st.DataObject) -> None:
    """Draw a log, perhaps a forged one, and hold both engines to one verdict."""
    events = data.draw(logs(ward))
    assume(events)
    if data.draw(st.booleans()):
        events = data.draw(forged(events))
        assume(events)
    compiled = compiled_ward(ward)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        write_bulk(path, bulk_pathway(compiled), [(header_of(compiled, "C"), events)])
        result = replay_bulk([path], compiled)
    doubled = any(isinstance(event, CaseOpened) for event in events[1:])
    if doubled or [event.seq for event in events] != list(range(1, len(events) + 1)):
        assert result.conforming == 0
        return
    expected = told_singly(compiled, [("C", events)])
    assert as_told(result) == as_told(expected)
    # The kernel doubts nothing that follows: what conforms is handed over for a named reason only.
    assert REASONS[DOUBTED] not in result.singly or expected.conforming == 0
