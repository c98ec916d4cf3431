"""Clocks that are set back, change to summer time and back, or meet a leap day: all is kept as told."""

from __future__ import annotations

import pytest

from benchmarks.reliability.ward import MINUTE, OPENED, opened, ward
from pathway.engine.batch import Batch, FactEntry
from pathway.engine.entries import EntryError
from pathway.language.calendar import format_instant, parse_instant, parse_zone
from pathway.store.session import Session
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

HOUR = 60 * MINUTE
BERLIN = parse_zone("Europe/Berlin")


def count(at: int, value: str, recorded_at: int | None = None, entered: int | None = None) -> Batch:
    """A platelet count entered at an instant of the case, true at `entered` or then."""
    fact = FactEntry("platelet_count", value, at=entered)
    return Batch(at, "a", at if recorded_at is None else recorded_at, facts=(fact,))


def opened_at(store: TabledStore, start: str) -> Session:
    """A case in Berlin that begins at this local time."""
    at = parse_instant(start, BERLIN)
    session, _ = Session.open_new(
        store, ward(), start, at=at, by="a", recorded_at=at, timezone="Europe/Berlin"
    )
    return session


def test_entries_of_a_clock_set_back_an_hour_are_kept_with_the_time_it_showed(store: TabledStore) -> None:
    """The case's own time does not run backwards; when an entry was written down is told as it was."""
    mine = opened(store, "mine")
    mine.commit(count(OPENED + HOUR, "50"))
    mine.commit(count(OPENED + HOUR, "60", recorded_at=OPENED))
    mine.commit(count(OPENED + HOUR + MINUTE, "70", recorded_at=OPENED + MINUTE))
    other = opened(store, "other")  # it knows nothing of the later clock
    assert other.events[0].recorded_at == OPENED
    kept = store.load("mine").events
    assert [event.recorded_at - OPENED for event in kept] == [0, HOUR, 0, MINUTE]
    assert [event.at for event in kept] == sorted(event.at for event in kept)
    assert [entry.written_at - OPENED for entry in store.entries()] == [MINUTE, 0]
    assert verify(store.tables) == []


def test_what_was_true_before_the_last_entry_is_taken_with_its_own_time_and_not_otherwise(
    store: TabledStore,
) -> None:
    session = opened(store, "case")
    session.commit(count(OPENED + HOUR, "50"))
    with pytest.raises(EntryError, match="lies before the last entry"):
        session.commit(count(OPENED, "60"))
    session.commit(count(OPENED + HOUR, "60", entered=OPENED))
    taken = [event.at for event in store.load("case").events if event.type == "fact_recorded"]
    assert taken == [OPENED + HOUR, OPENED]
    assert Session.resume(store, "case", ward()).view == session.view
    assert verify(store.tables) == []


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-28T12:00", "2026-03-29T12:00", 23),
        ("2026-10-24T12:00", "2026-10-25T12:00", 25),
        ("2028-02-28T12:00", "2028-03-01T12:00", 48),
    ],
    ids=["to summer time", "to winter time", "over a leap day"],
)
def test_every_half_hour_of_a_changing_day_is_taken_kept_and_counted_as_it_passed(
    store: TabledStore, start: str, end: str, hours: int
) -> None:
    session = opened_at(store, start)
    begun, last = session.now, parse_instant(end, BERLIN)
    assert last - begun == hours * HOUR
    session.commit(count(begun, "30"))
    for at in range(begun + HOUR // 2, last + 1, HOUR // 2):
        session.commit(Batch(at, "a", at, facts=(FactEntry("lactate", "1"),)))
    log = store.load(start)
    assert [event.at for event in log.events] == sorted(event.at for event in log.events)
    assert len({event.at for event in log.events if event.type == "fact_recorded"}) == 2 * hours + 1
    again = Session.resume(store, start, ward())
    assert again.view == session.view
    known = {fact.fact for fact in again.view.facts}
    assert ("platelet_count" in known) == (hours <= 24), (
        "valid for 24 hours that passed, not for a day's name"
    )
    assert verify(store.tables) == []


def test_the_hour_that_the_clocks_show_twice_is_kept_as_two(store: TabledStore) -> None:
    session = opened_at(store, "2026-10-25T01:30")
    with pytest.raises(ValueError, match="shown twice"):
        parse_instant("2026-10-25T02:30", BERLIN)
    for shown in ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"):
        session.commit(count(parse_instant(shown, BERLIN), "50"))
    times = [format_instant(event.at, BERLIN) for event in store.load("2026-10-25T01:30").events[1:]]
    assert times == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    with pytest.raises(ValueError, match="does not exist"):
        parse_instant("2026-03-29T02:30", BERLIN)
