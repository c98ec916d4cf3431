"""A law: whatever is entered, in whatever order, the log that comes of it conforms."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, EntryError, case_from_events, open_case
from pathway.replay.conformance import conformance_of_events
from tests.replay.plays import play

RICH = play("rich", Path(mkdtemp()))
START = 1_772_352_000
VALUES = {
    "suspected": st.sampled_from(["true", "false", "unknown"]),
    "platelet_count": st.sampled_from(["20", "39.9", "40", "210"]),
    "inr": st.sampled_from(["1", "1.4", "1.41"]),
    "lmwh_last_dose_time": st.sampled_from(["2026-03-01T06:00", "2026-03-01T08:00", "2026-02-28"]),
    "lp_time": st.sampled_from(["2026-03-01T07:00", "2026-03-01T08:00"]),
    "mri_status": st.sampled_from(["done", "pending"]),
    "start_date": st.sampled_from(["2026-02-20", "2026-03-01"]),
    "etiology": st.sampled_from(["bacterial", "tb", "none", "unknown"]),
    "drugs": st.sampled_from(["calcium", "x|y"]),
}
ACTIONS = st.sampled_from(sorted(RICH.compiled.definition.actions))
STATES = st.sampled_from(
    [(name, state) for name, track in RICH.compiled.definition.tracks.items() for state in track.states]
)


@st.composite
def facts(draw: st.DrawFn) -> tuple[FactEntry, ...]:
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3, unique=True))
    ages = st.sampled_from([None, None, None, 60, 7200, 90000])
    found: list[FactEntry] = []
    for name in names:
        age = draw(ages)
        at = None if age is None else START - age
        found.append(FactEntry(name, draw(VALUES[name]), at, draw(st.integers(0, 9)) == 0))
    return tuple(found)


@st.composite
def batches(draw: st.DrawFn, at: int) -> Batch:
    rare = st.integers(0, 5).map(lambda number: number == 0)
    if draw(rare):
        return Batch(at=at, by="dr", recorded_at=at, undo=True)
    track, state = draw(STATES)
    override = OverrideEntry("advice", action=draw(ACTIONS))
    if draw(rare):
        override = OverrideEntry("wrong turn", track=track, to=state)
    return Batch(
        at=at,
        by="dr",
        recorded_at=at,
        facts=draw(facts()),
        retracted=(Retraction("inr", "entry_error"),) if draw(rare) else (),
        done=(DeedEntry(draw(ACTIONS), draw(st.sampled_from([None, at - 600]))),) if draw(rare) else (),
        declined=(DeclineEntry(draw(ACTIONS), "no"),) if draw(rare) else (),
        overrides=(override,) if draw(rare) else (),
        take=(TakeEntry(track, state),) if draw(rare) else (),
        notes=("a note",) if draw(rare) else (),
        undo=draw(rare),
    )


def entered(case: Case, batch: Batch, confirm: str | None) -> None:
    """Enter a batch; a refused one leaves no trace, which is part of what is tested."""
    before = list(case.events)
    try:
        case.commit(batch, confirm)
    except EntryError:
        assert case.events == before


@given(
    data=st.data(),
    confirm=st.sampled_from(["timeline", None]),
    zone=st.sampled_from(["UTC", "Europe/Berlin"]),
)
def test_every_log_that_the_engine_writes_conforms(
    data: st.DataObject, confirm: str | None, zone: str
) -> None:
    case, _ = open_case(RICH.compiled, "R", START, "dr", START, zone)
    at = START
    for _ in range(data.draw(st.integers(1, 7))):
        at += data.draw(st.sampled_from([0, 1, 900, 3600, 14400, 43200, 86400]))
        entered(case, data.draw(batches(at)), confirm)
        if data.draw(st.integers(0, 3)) == 0:
            case = case_from_events(RICH.compiled, "R", case.events)
        if data.draw(st.integers(0, 3)) == 0:
            at = max(at, case.now) + 5000
            case.pass_time(at, at, confirm)
    outcome = conformance_of_events(case.events, RICH.compiled)
    assert outcome.divergence is None
