"""Times as typed and as shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.support import NOON
from tui.times import TimeError, iso_time, read_past_time, read_time, show_length, show_remaining, show_time

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("now", 0), ("", 0), (" NOW ", 0), ("-20 min", -1200), ("- 20 minutes", -1200), ("20 min ago", -1200),
        ("-2h", -7200), ("-1 h 30 min", -5400), ("-1 d", -86400), ("08:35", -12300), ("8:35", -12300),
        ("08:35:10", -12290), ("yesterday 23:50", -43800), ("2026-03-01T08:35", -12300),
        ("2026-03-01 08:35", -12300), ("2026-03-01T08:35:00+01:00", -15900), ("2026-03-01", -43200),
    ],
)  # fmt: skip
def test_times_are_read_as_clinicians_type_them(typed: str, seconds: int) -> None:
    assert read_time(typed, NOON, "UTC") == NOON + seconds


@pytest.mark.parametrize(
    "typed", ["soon", "25:00", "12:60", "-20", "-20 parsecs", "2026-02-30", "08:35 pm", "-5 min x"]
)
def test_what_is_no_time_is_refused_with_a_message(typed: str) -> None:
    with pytest.raises(TimeError):
        read_time(typed, NOON, "UTC")


def test_clock_times_are_those_of_the_case_and_not_of_the_machine() -> None:
    assert read_time("08:35", NOON, BERLIN) == NOON - 4 * 3600 - 25 * 60


def test_a_clock_time_that_is_still_to_come_is_refused_and_names_yesterday() -> None:
    with pytest.raises(TimeError, match="yesterday 23:50"):
        read_past_time("23:50", NOON, "UTC")


@pytest.mark.parametrize("typed", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_local_times_that_the_clocks_skip_or_repeat_are_refused(typed: str) -> None:
    with pytest.raises(TimeError, match="offset"):
        read_time(typed, NOON, BERLIN)


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_what_is_written_as_iso_is_read_as_the_same_instant(moment: int) -> None:
    assert read_time(iso_time(moment, BERLIN), NOON, "UTC") == moment


def test_times_of_other_days_carry_their_date() -> None:
    assert show_time(NOON, NOON, "UTC") == "12:00"
    assert show_time(NOON - 86400, NOON, "UTC") == "28 Feb 12:00"
    assert show_time(NOON - 366 * 86400, NOON, "UTC") == "28 Feb 2025 12:00"


def test_a_deadline_is_met_at_its_second_and_late_after_it() -> None:
    assert show_remaining(NOON, NOON) == "due now"
    assert show_remaining(NOON, NOON + 1) == "LATE by less than 1 min"
    assert show_remaining(NOON, NOON - 1) == "less than 1 min left"


def test_lengths_are_rounded_down_so_that_nobody_has_less_time_than_shown() -> None:
    assert [show_length(n) for n in (59, 119, 3599, 3600, 7500, 200_000)] == [
        "less than 1 min", "1 min", "59 min", "1 h", "2 h 05 min", "2 d 7 h",
    ]  # fmt: skip
