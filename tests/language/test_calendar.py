"""Time: whole seconds, local times that exist once, calendar months that end where the month ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.language.calendar import (
    add_months,
    days_between,
    format_duration,
    format_instant,
    local_date,
    midnight,
    months_between,
    parse_date,
    parse_duration,
    parse_instant,
    parse_zone,
)

# Zones that skip midnight, show it twice, skip a whole day, or count odd seconds.
ZONES = [
    *["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/St_Johns"],
    *[
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "Africa/Monrovia",
        "Australia/Lord_Howe",
    ],
    *["America/Scoresbysund", "America/Juneau", "America/Toronto", "+02:00", "-09:30"],
]
BERLIN = parse_zone("Europe/Berlin")

zones = st.sampled_from(ZONES).map(parse_zone)
days = st.dates(min_value=date(1800, 1, 3), max_value=date(2299, 12, 29))
recent_days = st.dates(min_value=date(1960, 1, 1), max_value=date(2040, 1, 1))
instants = st.integers(
    int(datetime(1800, 1, 3, tzinfo=UTC).timestamp()), int(datetime(2299, 12, 29, tzinfo=UTC).timestamp())
) | st.integers(0, 2_000_000_000)
months = st.integers(-2400, 2400)


HOUR = timedelta(hours=1)
UNCHANGING = ("UTC", "+02:00", "-09:30")


def on_the_clock(instant: int, zone: tzinfo) -> str:
    """What a clock in the zone shows, without its offset."""
    return datetime.fromisoformat(format_instant(instant, zone)).replace(tzinfo=None).isoformat()


def shown_at(local: str, instant: int, zone: tzinfo) -> set[int]:
    """All instants at which clocks in the zone show a local time, by every offset used within two days."""
    nearby = (format_instant(instant + hours * 3600, zone) for hours in range(-48, 49))
    offsets = {datetime.fromisoformat(text).tzinfo for text in nearby}
    readings = {int(datetime.fromisoformat(local).replace(tzinfo=offset).timestamp()) for offset in offsets}
    return {reading for reading in readings if on_the_clock(reading, zone) == local}


@cache
def changes(name: str) -> list[int]:
    """The instants from 1900 to 2037 at which the offset of a zone changes."""
    zone, day = parse_zone(name), 86400
    starts = range(seconds("1900-01-01T00:00+00:00"), seconds("2037-12-30T00:00+00:00"), day)
    return [
        first_change(start, start + day, zone)
        for start in starts
        if offset(start, zone) != offset(start + day, zone)
    ]


def first_change(before: int, after: int, zone: tzinfo) -> int:
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if offset(middle, zone) != offset(before, zone) else (middle, after)
    return after


def offset(instant: int, zone: tzinfo) -> timedelta | None:
    return datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()


def around(instant: int) -> st.SearchStrategy[int]:
    return st.integers(instant - 7200, instant + 7200)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


# --- instants -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-03-01T08:00", "2026-03-01T07:00:00+00:00"),
        ("2026-03-01T08:00:59", "2026-03-01T07:00:59+00:00"),
        ("2026-07-01T08:00", "2026-07-01T06:00:00+00:00"),
        ("2026-03-01T08:00Z", "2026-03-01T08:00:00+00:00"),
        ("2026-03-01T08:00-05:30", "2026-03-01T13:30:00+00:00"),
        ("2026-03-01", "2026-02-28T23:00:00+00:00"),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59+00:00"),
    ],
)
def test_a_time_without_an_offset_is_local_time(text: str, same: str) -> None:
    assert parse_instant(text, BERLIN) == seconds(same)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-03-01T08:00:00.5", "whole seconds"),
        ("2026-03-01T08:00:00,5Z", "whole seconds"),
        ("2026-03-01 08:00", "write a T between date and time, 2026-03-01T08:00"),
        ("2026-03-01T08:00+01", r"\+01:00"),
        ("2026-03-01T08:00+0100", r"\+01:00"),
        ("2026-03-01T08:00+25:00", "offset"),
        ("2026-03-01T24:00", "23:59:59"),
        ("2026-03-01T08:60", "23:59:59"),
        ("2026-03-01T08:00:60", "23:59:59"),
        ("2026-02-29", "not a day of the calendar"),
        ("2026-02-29T08:00", "not a day of the calendar"),
        ("0226-03-01T08:00", "check the year"),
        ("8:00", "write 2026"),
        ("", "write 2026"),
        ("20260301T0800", "write 2026"),
        ("2026-03-01T08:00\n", "write 2026"),
        ("\u0662026-03-01", "write 2026"),
    ],
)
def test_a_time_that_is_not_plain_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_instant(text, BERLIN)


def test_a_local_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(ValueError, match=r"02:30:00 does not exist in Europe/Berlin.* offset"):
        parse_instant("2026-03-29T02:30", BERLIN)


def test_a_local_time_shown_twice_is_refused_and_either_reading_offered() -> None:
    with pytest.raises(ValueError, match="shown twice") as refusal:
        parse_instant("2026-10-25T02:30", BERLIN)
    early, late = (parse_instant(f"2026-10-25T02:30:00{offset}", BERLIN) for offset in ("+02:00", "+01:00"))
    assert late - early == 3600
    for instant in (early, late):
        assert format_instant(instant, BERLIN) in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["2026-03-29T01:59:59", "2026-03-29T03:00", "2026-10-25T01:59:59", "2026-10-25T03:00"]
)
def test_the_last_and_first_times_around_a_change_of_the_clocks_are_admitted(text: str) -> None:
    assert format_instant(parse_instant(text, BERLIN), BERLIN).startswith(text)


@given(instants, zones)
def test_a_written_instant_reads_as_itself_in_any_zone(instant: int, zone: tzinfo) -> None:
    assert parse_instant(format_instant(instant, zone), zone) == instant
    assert parse_instant(format_instant(instant, zone), UTC) == instant


@given(st.data())
def test_a_local_time_is_read_as_its_only_instant_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(ZONES))
    zone = parse_zone(name)
    near_a_change = [st.sampled_from(changes(name)).flatmap(around)] if changes(name) else []
    instant = data.draw(st.one_of(instants, *near_a_change))
    try:
        assert parse_instant(on_the_clock(instant, zone), zone) == instant
    except ValueError:
        assert len(shown_at(on_the_clock(instant, zone), instant, zone)) > 1
    else:
        assert shown_at(on_the_clock(instant, zone), instant, zone) == {instant}


@given(st.sampled_from([name for name in ZONES if name not in UNCHANGING]), st.data())
def test_a_local_time_is_refused_exactly_if_it_is_not_shown_once(name: str, data: st.DataObject) -> None:
    zone = parse_zone(name)
    instant = data.draw(st.sampled_from(changes(name)).flatmap(around))
    local = datetime.fromisoformat(on_the_clock(instant, zone)) + data.draw(
        st.sampled_from([-HOUR, timedelta(0), HOUR])
    )
    if len(shown_at(local.isoformat(), instant, zone)) == 1:
        assert on_the_clock(parse_instant(local.isoformat(), zone), zone) == local.isoformat()
    else:
        with pytest.raises(ValueError, match=r"does not exist|shown twice"):
            parse_instant(local.isoformat(), zone)


def test_an_instant_is_shown_with_the_offset_of_its_zone() -> None:
    instant = seconds("2026-03-01T08:00:00+00:00")
    assert format_instant(instant, UTC) == "2026-03-01T08:00:00+00:00"
    assert format_instant(instant, BERLIN) == "2026-03-01T09:00:00+01:00"


@pytest.mark.parametrize("instant", [10**12, -(10**12), 10**20])
def test_an_instant_outside_the_calendar_is_refused(instant: int) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        local_date(instant, UTC)


# --- dates ----------------------------------------------------------------------------------------


@given(days)
def test_a_written_date_reads_as_itself(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["2026-3-1", "01.03.2026", "2026-13-01", "2026-00-10", "1799-12-31", "2300-01-01", ""]
)
def test_what_is_no_date_of_this_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|not a day|check the year"):
        parse_date(text)


@given(recent_days, zones)
def test_midnight_is_the_first_instant_of_the_local_date(day: date, zone: tzinfo) -> None:
    assert local_date(midnight(day, zone), zone) >= day
    assert local_date(midnight(day, zone) - 1, zone) < day


@pytest.mark.parametrize(
    ("day", "zone", "first"),
    [
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"),
        ("2025-11-02", "America/Havana", "2025-11-02T00:00:00-04:00"),
        ("2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"),
        ("1919-03-31", "America/Toronto", "1919-03-31T00:30:00-04:00"),
        ("2006-04-02", "America/St_Johns", "2006-04-02T00:00:00-03:30"),
        ("2026-03-29", "Asia/Beirut", "2026-03-29T01:00:00+03:00"),
    ],
)
def test_a_date_begins_at_its_first_instant_where_the_clocks_change_at_midnight(
    day: str, zone: str, first: str
) -> None:
    place = parse_zone(zone)
    assert format_instant(midnight(parse_date(day), place), place) == first
    assert parse_instant(day, place) == midnight(parse_date(day), place)


@pytest.mark.parametrize("name", ZONES)
def test_every_date_around_a_change_of_the_clocks_has_a_first_instant(name: str) -> None:
    zone = parse_zone(name)
    for change in changes(name):
        for day in (local_date(change + shift, zone) for shift in (-86400, 0, 86400)):
            first = midnight(day, zone)
            assert local_date(first, zone) == day > local_date(first - 1, zone)


@pytest.mark.parametrize(
    ("day", "zone"), [("2011-12-30", "Pacific/Apia"), ("1993-08-21", "Pacific/Kwajalein")]
)
def test_a_date_that_a_place_left_out_begins_with_the_next(day: str, zone: str) -> None:
    place = parse_zone(zone)
    first = midnight(parse_date(day), place)
    assert local_date(first, place) - parse_date(day) == timedelta(days=1)
    assert parse_date(day) - local_date(first - 1, place) == timedelta(days=1)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-03-01T23:30:00+00:00", "Europe/Berlin", "2026-03-02"),
        ("2026-03-01T03:00:00+00:00", "America/New_York", "2026-02-28"),
    ],
)
def test_the_date_is_that_of_the_place(instant: str, zone: str, day: str) -> None:
    assert local_date(seconds(instant), parse_zone(zone)) == parse_date(day)


# --- months and days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2025-03-01", 12, "2026-03-01"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_are_counted_by_the_calendar_and_end_with_the_month(start: str, n: int, end: str) -> None:
    assert add_months(parse_date(start), n) == parse_date(end)


@pytest.mark.parametrize(
    ("start", "today", "n"),
    [
        ("2025-03-01", "2026-02-28", 11),
        ("2025-03-01", "2026-03-01", 12),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-03-01", "2026-02-28", -1),
        ("2026-03-01", "2026-03-01", 0),
        ("2026-03-01", "2026-02-01", -1),
        ("2026-03-01", "2026-01-31", -2),
    ],
)
def test_a_month_is_complete_on_its_day_and_not_before(start: str, today: str, n: int) -> None:
    assert months_between(parse_date(start), parse_date(today)) == n


@given(days, days, months)
def test_n_months_have_passed_exactly_when_today_is_start_plus_n_months_or_later(
    a: date, b: date, n: int
) -> None:
    assert (months_between(a, b) >= n) == (b >= add_months(a, n))


@given(days, days, st.integers(-1, 1))
def test_the_law_of_months_holds_at_the_very_boundary(a: date, b: date, shift: int) -> None:
    n = months_between(a, b)
    boundary = add_months(a, n) + timedelta(days=shift)
    assert (months_between(a, boundary) >= n) == (shift >= 0)
    assert add_months(a, n) <= b < add_months(a, n + 1)


@given(days, months, months)
def test_more_months_lead_to_a_later_day(day: date, one: int, other: int) -> None:
    assert (one < other) == (add_months(day, one) < add_months(day, other))


@given(days, months)
def test_as_many_months_have_passed_as_were_added(day: date, n: int) -> None:
    assert months_between(day, add_months(day, n)) == n


@pytest.mark.parametrize("n", [-40000, 10**6])
def test_months_beyond_the_calendar_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        add_months(date(2026, 3, 1), n)


@given(days, days, days)
def test_days_add_up_and_count_backwards_as_forwards(a: date, b: date, c: date) -> None:
    assert days_between(a, b) + days_between(b, c) == days_between(a, c)
    assert a + timedelta(days=days_between(a, b)) == b


# --- durations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("60 s", 60),
        ("30 min", 1800),
        ("4 h", 14400),
        ("2 d", 172800),
        ("1 wk", 604800),
        ("1.5 h", 5400),
        ("0 h", 0),
    ],
)
def test_a_length_of_time_is_whole_seconds(text: str, length: int) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 mo", "without a fixed length"),
        ("1 a", "without a fixed length"),
        ("0.5 s", "whole number of seconds"),
        ("1 ms", "whole number of seconds"),
        ("2 days", "write d"),
        ("4 hours", "write h"),
        ("30 m", "minutes are min"),
        ("5 mg", "same thing"),
        ("4h", "write 30 s, 30 min, 4 h"),
        ("4  h", "write 30 s, 30 min, 4 h"),
        ("-1 h", "write 30 s, 30 min, 4 h"),
        (".5 h", "write 30 s, 30 min, 4 h"),
        ("1e3 s", "exponent"),
        ("1,000 s", "1000"),
        ("h", "write 30 s, 30 min, 4 h"),
        ("", "write 30 s, 30 min, 4 h"),
    ],
)
def test_what_is_no_length_of_time_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0 s"),
        (43199, "11 h 59 min 59 s"),
        (43200, "12 h"),
        (86400, "24 h"),
        (259199, "71 h 59 min 59 s"),
        (259200, "3 d"),
        (262861, "3 d 1 h 1 min 1 s"),
        (-60, "-1 min"),
    ],
)
def test_people_read_lengths_of_time_in_hours_and_days(length: int, text: str) -> None:
    assert format_duration(length) == text


@given(st.integers(0, 10**10))
def test_the_parts_of_a_length_of_time_add_up_to_it(length: int) -> None:
    words = format_duration(length).split()
    parts = [" ".join(words[at : at + 2]) for at in range(0, len(words), 2)]
    assert sum(parse_duration(part) for part in parts) == length


# --- zones ----------------------------------------------------------------------------------------


def test_the_zone_is_utc_unless_another_is_named() -> None:
    assert parse_zone() == parse_zone("UTC") == parse_zone("Z") == UTC


@pytest.mark.parametrize(
    ("text", "minutes"), [("+02:00", 120), ("-09:30", -570), ("+00:00", 0), ("-00:30", -30)]
)
def test_a_fixed_offset_is_a_zone(text: str, minutes: int) -> None:
    assert parse_zone(text).utcoffset(None) == timezone(timedelta(minutes=minutes)).utcoffset(None)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin"),
        ("europe/berlin ", "did you mean Europe/Berlin"),
        ("Berlin", "did you mean Europe/Berlin"),
        ("utc", "did you mean UTC"),
        ("Europe", "not a time zone"),
        ("Middle Earth", "write UTC"),
        ("", "write UTC"),
        ("../etc/passwd", "not a time zone"),
        ("/etc/localtime", "not a time zone"),
        ("a\0b", "not a time zone"),
        ("+2", r"as in \+02:00"),
        ("+0200", r"as in \+02:00"),
        ("+99:00", "offset"),
        ("+02:75", "offset"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_name(name: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        parse_zone(name)
