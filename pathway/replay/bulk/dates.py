"""Calendar dates as days since 1970, for the kernel: months, the local date of an instant."""

from __future__ import annotations

from pathway.replay.bulk.arrays import Texts
from pathway.replay.bulk.codes import DAY, FIRST_DAY, FIRST_ZONED, LAST_DAY, LAST_ZONED
from pathway.replay.bulk.columns import (
    HEADERS,
    TROUBLE,
    Z_FROM,
    Z_HI,
    Z_LO,
    Z_OFFSET,
    ZONE,
)
from pathway.replay.bulk.kernels import Ints, part

# Counted from 1 March of the year 0: leap days end the years, and 400 years are 146,097 days.
MARCH_YEAR_0 = -719468
CYCLE = 146097


@part
def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of the month."""
    count = day - MARCH_YEAR_0
    cycle = count // CYCLE
    within = count - cycle * CYCLE
    year = (within - within // 1460 + within // 36524 - within // 146096) // 365
    rest = within - (365 * year + year // 4 - year // 100)
    month = (5 * rest + 2) // 153
    of_month = rest - (153 * month + 2) // 5 + 1
    if month < 10:
        return year + cycle * 400, month + 3, of_month
    return year + cycle * 400 + 1, month - 9, of_month


@part
def day_number(year: int, month: int, of_month: int) -> int:
    """Days since 1970 of a date."""
    if month <= 2:
        year -= 1
        month += 12
    cycle = year // 400
    within = year - cycle * 400
    rest = (153 * (month - 3) + 2) // 5 + of_month - 1
    return cycle * CYCLE + within * 365 + within // 4 - within // 100 + rest + MARCH_YEAR_0


@part
def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@part
def months_later(day: int, months: int) -> int:
    """The same day so many months on, clamped to the month's end; below FIRST_DAY outside the calendar."""
    year, month, of_month = civil(day)
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    if year < 1 or year > 9999:
        return FIRST_DAY - 1
    return day_number(year, month, min(of_month, days_in(year, month)))


@part
def months_from(start: int, today: int) -> int:
    """Completed calendar months from a date to another."""
    year, month, _ = civil(today)
    first_year, first_month, _ = civil(start)
    months = (year - first_year) * 12 + month - first_month
    return months if months_later(start, months) <= today else months - 1


@part
def is_date(day: int) -> bool:
    """Whether a number of days lies inside the calendar."""
    return FIRST_DAY <= day <= LAST_DAY


@part
def local_day(texts: Texts, regs: Ints, instant: int) -> int:
    """The local date of an instant in the case's zone; trouble is noted far from our time."""
    if instant < FIRST_ZONED or instant > LAST_ZONED:
        regs[0, TROUBLE] = 1
        return 0
    zone = 1 + texts.zones[0, HEADERS] + regs[0, ZONE]
    low, high = texts.zones[zone, Z_LO], texts.zones[zone, Z_HI]
    while high - low > 1:
        middle = (low + high) // 2
        if texts.zones[middle, Z_FROM] <= instant:
            low = middle
        else:
            high = middle
    return (instant + texts.zones[low, Z_OFFSET]) // DAY
