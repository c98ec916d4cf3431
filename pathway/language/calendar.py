"""Instants in whole seconds, local dates, calendar months and durations."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pathway.language.characters import LONGEST_REPEATED, briefly
from pathway.language.numbers import parse_decimal
from pathway.language.units import UnitError, convert, parse_unit

EARLIEST, LATEST = date(1800, 1, 1), date(2299, 12, 31)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
)


def parse_date(text: str) -> date:
    """Read a calendar date written `2026-03-01`; ValueError says what is wrong with another text."""
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{briefly(text)} is not a date: write year-month-day, as in 2026-03-01")
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError(f"{text} lies outside the years {EARLIEST.year} to {LATEST.year}: check the year")
    return found


def parse_instant(text: str, zone: tzinfo) -> int:
    """Read an ISO 8601 date-time as seconds since 1970-01-01T00:00Z; a plain date is its first instant.

    Without an offset the time is local time in `zone`. Raises ValueError for fractions of a second and
    for local times that the clocks skip or show twice, where an offset has to be written.
    """
    if _DATE.fullmatch(text):
        return midnight(parse_date(text), zone)
    match = _INSTANT.fullmatch(text)
    if not match:
        raise ValueError(f"{briefly(text)} is not a time: {_mending(text)}")
    day = parse_date(match["date"])
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{text} is not a time of day: it ends at 23:59:59")
    local = datetime(day.year, day.month, day.day, hour, minute, second)
    if match["offset"]:
        return _epoch_seconds(local.replace(tzinfo=parse_zone(match["offset"])))
    return _only_instant(local, zone)


def _mending(text: str) -> str:
    usual = "write 2026-03-01T08:00, with seconds and an offset if needed, as in 2026-03-01T08:00:00+01:00"
    if len(text) > LONGEST_REPEATED:
        return usual
    if re.fullmatch(r".*T.*[0-9][.,][0-9]+.*", text):
        return "times are whole seconds; leave out the fraction"
    if re.fullmatch(r"[0-9-]{10} +[0-9].*", text):
        return f"write a T between date and time, {'T'.join(text.split(maxsplit=1))}"
    if re.fullmatch(r".*[+-][0-9]{2}([0-9]{2})?", text) and "T" in text:
        return "write the offset with hours and minutes, as in +01:00"
    return usual


def _epoch_seconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _SECOND


def _readings(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The local time read with the offset before and after a change of the clocks; equal on other days."""
    return local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)


def _only_instant(local: datetime, zone: tzinfo) -> int:
    first, second = _readings(local, zone)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return _epoch_seconds(first)
    if _skipped(local, zone):
        raise ValueError(
            f"{local.isoformat()} does not exist in {zone}, the clocks skip it: write an offset, "
            f"as in {second.isoformat()} or {first.isoformat()}"
        )
    raise ValueError(
        f"{local.isoformat()} is shown twice by the clocks in {zone}: write the offset, "
        f"{first.isoformat()} or {second.isoformat()}"
    )


def _skipped(local: datetime, zone: tzinfo) -> bool:
    """Whether the clocks jump over this local time."""
    return _local(_epoch_seconds(local.replace(tzinfo=zone)), zone).replace(tzinfo=None) != local


def _local(instant: int, zone: tzinfo) -> datetime:
    try:
        return (_EPOCH + timedelta(seconds=instant)).astimezone(zone)
    except OverflowError:
        raise ValueError(f"{instant} seconds from 1970 lie outside the calendar") from None


def format_instant(instant: int, zone: tzinfo) -> str:
    """An instant in the zone's local time with its offset: `2026-03-01T08:00:00+00:00`."""
    return _local(instant, zone).isoformat()


def local_date(instant: int, zone: tzinfo) -> date:
    """The calendar date in the zone at an instant."""
    return _local(instant, zone).date()


def midnight(day: date, zone: tzinfo) -> int:
    """The first instant of a local date, also where the clocks skip 00:00.

    Where the zone left out the whole date (Samoa, 30 December 2011), the first instant after it.
    """
    start = datetime(day.year, day.month, day.day)
    instant = _epoch_seconds(start.replace(tzinfo=zone))
    if not _skipped(start, zone):
        return instant
    before = _epoch_seconds(start.replace(tzinfo=zone, fold=1))
    while instant - before > 1:
        middle = (before + instant) // 2
        before, instant = (before, middle) if local_date(middle, zone) >= day else (middle, instant)
    return instant


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"{months} months from {day} lies outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, today: date) -> int:
    """Completed calendar months: the largest n with `add_months(start, n) <= today`; may be negative."""
    months = (today.year - start.year) * 12 + today.month - start.month
    return months if add_months(start, months) <= today else months - 1


def days_between(start: date, today: date) -> int:
    """Calendar days from start to today; negative if today is earlier."""
    return (today - start).days


def parse_duration(text: str) -> int:
    """Read a length of time such as `30 min`, `4 h` or `1 wk` as whole seconds.

    Raises ValueError for months and years, which have no fixed length, and for fractions of a second.
    """
    match = re.fullmatch(r"([0-9][^ ]*) ([^ ]+)", text)
    if not match:
        raise ValueError(f"{briefly(text)} is not a length of time: write 30 s, 30 min, 4 h, 2 d or 1 wk")
    try:
        seconds = convert(parse_decimal(match[1]), parse_unit(match[2]), parse_unit("s"))
    except UnitError as error:
        raise ValueError(f"{briefly(text)} is not a length of time: {error}") from None
    if seconds.denominator != 1:
        raise ValueError(f"{briefly(text)} is not a whole number of seconds")
    return seconds.numerator


def format_duration(seconds: int) -> str:
    """Whole seconds for people: `11 h 59 min 59 s`; days only from 72 h on, as windows are given in hours."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, rest = divmod(rest, 86400) if rest >= 72 * 3600 else (0, rest)
    hours, rest = divmod(rest, 3600)
    parts = ((days, "d"), (hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return sign + (" ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s")


def parse_zone(name: str = "UTC") -> tzinfo:
    """A time zone by its IANA name (`Europe/Berlin`), `UTC`, or a fixed offset such as `+02:00`.

    Raises ValueError with the nearest name for an unknown zone.
    """
    if name in ("UTC", "Z"):
        return UTC
    if name[:1] in ("+", "-"):
        return _fixed(name)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{briefly(name)} is not a time zone: {_nearest_zone(name)}") from None


def _fixed(text: str) -> timezone:
    match = _OFFSET.fullmatch(text)
    if not match:
        raise ValueError(f"{briefly(text)} is not an offset: write hours and minutes, as in +02:00")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if hours > 15 or minutes > 59 or seconds > 59:
        raise ValueError(f"{text} is not an offset that any clock uses")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if match[1] == "-" else offset)


def _nearest_zone(name: str) -> str:
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    by_case = {zone.lower(): zone for zone in available_timezones()}
    near = get_close_matches(name.lower(), sorted(by_case), n=1)
    return (
        f"did you mean {by_case[near[0]]}?" if near else "write UTC, +02:00 or a name such as Europe/Berlin"
    )
