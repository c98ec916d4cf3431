"""Times as clinicians type and read them: `now`, `-20 min`, `08:35`, ISO 8601, in the case's time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from pathway.language.calendar import format_instant, parse_instant, parse_zone

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_WORDS = {
    "sec": "s", "second": "s", "seconds": "s", "m": "min", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
}  # fmt: skip
_BACK = re.compile(r"-\s*(\d{1,6})\s*([a-z]+)(?:\s*(\d{1,2})\s*([a-z]+))?|(\d{1,6})\s*([a-z]+)\s+ago")
_CLOCK = re.compile(r"(yesterday\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?")
FORMS = "now, -20 min, 08:35, yesterday 23:50 or 2026-03-01T08:35"


class TimeError(ValueError):
    """A time that cannot be read, or that does not exist or exists twice in the case's time zone."""


def read_time(typed: str, now: int, timezone: str) -> int:
    """The instant typed, in seconds since 1970 UTC; an empty text is now.

    A clock time is one of today in the case's time zone. Raises TimeError.
    """
    words = " ".join(typed.lower().split())
    if words in ("", "now"):
        return now
    if back := _BACK.fullmatch(words):
        return now - _length(back)
    if clock := _CLOCK.fullmatch(words):
        return _on_the_clock(clock, now, timezone)
    return _iso(typed.strip(), timezone)


def read_past_time(typed: str, now: int, timezone: str) -> int:
    """Like `read_time`, for what has already been: a time to come is refused."""
    moment = read_time(typed, now, timezone)
    if moment <= now:
        return moment
    hint = f"; for the day before write: yesterday {typed.strip()}" if _CLOCK.fullmatch(typed.strip()) else ""
    here, there = show_time(now, now, timezone), show_time(moment, now, timezone)
    raise TimeError(f"{there} is still to come, it is {here} now{hint}")


def iso_time(moment: int, timezone: str) -> str:
    """ISO 8601 with the offset of the case's time zone."""
    return format_instant(moment, parse_zone(timezone))


def local(moment: int, timezone: str) -> datetime:
    return datetime.fromtimestamp(moment, tz=UTC).astimezone(parse_zone(timezone))


def show_time(moment: int, now: int, timezone: str) -> str:
    """`10:17` today, `2 Mar 10:17` on other days, with the year when it is another year."""
    here, today = local(moment, timezone), local(now, timezone)
    clock = f"{here:%H:%M}" if here.second == 0 else f"{here:%H:%M:%S}"
    if here.date() == today.date():
        return clock
    return f"{show_date(here.date(), today.date())} {clock}"


def show_date(day: date, today: date) -> str:
    short = f"{day.day} {_MONTHS[day.month - 1]}"
    return short if day.year == today.year else f"{short} {day.year}"


def show_clock(now: int, timezone: str) -> str:
    """Date and time of day for the header."""
    here = local(now, timezone)
    return f"{here.day} {_MONTHS[here.month - 1]} {here.year} {here:%H:%M}"


def show_length(seconds: int) -> str:
    """A length of time in its two largest units, rounded down: `27 min`, `2 h 05 min`, `3 d 4 h`."""
    minutes = seconds // 60
    if minutes < 1:
        return "less than 1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def show_remaining(due: int, now: int) -> str:
    """How far a deadline is away, in words: met at exactly `due`, late after it (rule 18)."""
    if now > due:
        return f"LATE by {show_length(now - due)}"
    return "due now" if now == due else f"{show_length(due - now)} left"


def _length(back: re.Match[str]) -> int:
    if back[5]:
        return int(back[5]) * _seconds(back[6])
    return int(back[1]) * _seconds(back[2]) + (int(back[3]) * _seconds(back[4]) if back[3] else 0)


def _seconds(word: str) -> int:
    unit = _WORDS.get(word, word)
    if unit not in _SECONDS:
        raise TimeError(f"{word!r} is not a unit of time here; write s, min, h or d, as in -20 min")
    return _SECONDS[unit]


def _on_the_clock(clock: re.Match[str], now: int, timezone: str) -> int:
    hour, minute, second = int(clock[2]), int(clock[3]), int(clock[4] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise TimeError(f"{clock[0]!r} is not a time of day; write 00:00 to 23:59")
    day = local(now, timezone).date() - timedelta(days=1 if clock[1] else 0)
    return _iso(f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}", timezone)


def _iso(typed: str, timezone: str) -> int:
    """ISO 8601 as the engine reads it: clocks that were changed over a local time need an offset (rule 9)."""
    text = re.sub(r"^(\d{4}-\d\d-\d\d) +(\d)", r"\1T\2", typed)
    try:
        return parse_instant(text, parse_zone(timezone))
    except ValueError as error:
        known = re.match(r"\d{4}-\d\d", text)
        raise TimeError(str(error) if known else f"{typed!r} is not a time; write {FORMS}") from None
