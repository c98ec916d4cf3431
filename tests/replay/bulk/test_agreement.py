"""Both engines say the same of every log, however it is cut into files and row groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from pathway.engine.case import open_case
from pathway.engine.events import CaseOpened, TimePassed
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


@pytest.mark.parametrize("seconds", [-60, 60])
def test_time_that_passed_is_written_at_the_instant_it_reaches(tmp_path: Path, seconds: int) -> None:
    compiled, tried = compiled_ward(44), 0
    case, _ = open_case(compiled, "C", 1_774_684_800, "dr_a", 1_774_684_800)
    case.pass_time(case.now + 100_000, case.now + 100_000)
    for place, event in enumerate(case.events):
        if isinstance(event, TimePassed):
            forged = [*case.events[:place], replace(event, at=event.at + seconds), *case.events[place + 1 :]]
            path = tmp_path / f"{place}.parquet"
            write_bulk(path, bulk_pathway(compiled), [(header_of(compiled, "C"), forged)])
            told = as_told(replay_bulk([path], compiled))
            assert told == as_told(told_singly(compiled, [("C", forged)]))
            assert told["divergent"] == 1
            tried += 1
    assert tried > 0


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
