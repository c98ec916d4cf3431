"""Times of foreign logs are one instant to the second, or they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.language.calendar import format_instant, parse_instant, parse_zone
from pathway.logs.foreign.times import TimeReading
from pathway.logs.foreign.written import ISO

UTC = parse_zone()


def reading(written: str = ISO, zone: str = "UTC", *, cut: bool = False) -> TimeReading:
    return TimeReading(("when",), written, zone, parse_zone(zone), cut)


@pytest.mark.parametrize(
    ("written", "zone", "text", "meant"),
    [
        (ISO, "UTC", "2014-10-22T11:15:41.000+02:00", "2014-10-22T09:15:41Z"),
        (ISO, "Europe/Amsterdam", "2014-10-22 11:15:41", "2014-10-22T09:15:41Z"),
        (ISO, "UTC", "2014-10-22 11:15:41,0 +0200", "2014-10-22T09:15:41Z"),
        (ISO, "UTC", "2014-10-22T11:15-03", "2014-10-22T14:15:00Z"),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "05.07.2026 08:30", "2026-07-05T06:30:00Z"),
        ("%m/%d/%Y %I:%M %p", "UTC", "07/05/2026 12:05 AM", "2026-07-05T00:05:00Z"),
        ("%Y/%m/%d %H:%M:%S.%f", "Europe/Amsterdam", "2014/10/22 11:15:41.000", "2014-10-22T09:15:41Z"),
        ("%Y-%m-%d %H:%M %z", "UTC", "2026-07-05 08:30 +0200", "2026-07-05T06:30:00Z"),
    ],
)
def test_a_time_is_read_as_it_is_written(written: str, zone: str, text: str, meant: str) -> None:
    assert reading(written, zone).instant(text) == parse_instant(meant, UTC)


@pytest.mark.parametrize(
    ("written", "text", "told"),
    [
        (ISO, "2026-03-01", "no date and time"),
        (ISO, "2026-03-01T24:00:00", "time of day"),
        (ISO, "2026-02-30T08:00:00", "not a day of the calendar"),
        (ISO, "2026-10-25T02:30:00", "shown twice by the clocks"),
        (ISO, "2026-03-29T02:30:00", "the clocks skip it"),
        (ISO, "2026-03-01T08:00:00.500", "fraction of a second"),
        (ISO, "0026-03-01T08:00:00", "outside the years"),
        (ISO, "", "no date and time"),
        ("%Y/%m/%d %H:%M:%S.%f", "2026/03/01 08:00:00.000001", "fraction of a second"),
        ("%d.%m.%Y %H:%M", "2026-03-01 08:00", "not written as %d.%m.%Y"),
    ],
)
def test_what_is_not_one_instant_is_refused(written: str, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        reading(written, "Europe/Berlin").instant(text)


def test_a_fraction_is_cut_where_the_mapping_says_so() -> None:
    assert reading(cut=True).instant("2026-03-01T08:00:00.999Z") == parse_instant("2026-03-01T08:00:00Z", UTC)


@given(st.integers(0, 4_000_000_000), st.integers(-10_000_000, 10_000_000))
def test_durations_are_exact_whatever_the_offsets(instant: int, later: int) -> None:
    there, here = parse_zone("-03:30"), parse_zone("+05:45")
    first = reading().instant(format_instant(instant, there))
    second = reading("%Y-%m-%dT%H:%M:%S%z").instant(format_instant(instant + later, here))
    assert second - first == later
