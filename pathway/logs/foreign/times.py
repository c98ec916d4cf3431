"""Times as other programs write them, read exactly: whole seconds, one instant, or a refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from pathway.language.calendar import format_instant, parse_instant
from pathway.language.characters import LONGEST_REPEATED, briefly
from pathway.logs.foreign.written import ISO

_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?:[.,](?P<fraction>[0-9]+))? ?(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_ADMITTED = "YmdHMSfzIp"
LONGEST = LONGEST_REPEATED  # of what a message repeats


@dataclass(frozen=True, slots=True)
class TimeReading:
    """Where the time of a row stands, how it is written, and the zone of times without an offset."""

    columns: tuple[str, ...]
    format: str
    zone_name: str
    zone: tzinfo
    cut: bool

    def instant(self, text: str) -> int:
        """Seconds since 1970 UTC. Raises ValueError for what is no time, or not one instant, or not whole."""
        plain, fraction = _iso(text) if self.format == ISO else _formatted(text, self.format)
        if fraction.strip("0") and not self.cut:
            raise ValueError(
                f"{briefly(text)} has a fraction of a second; times are whole seconds. Write "
                "`fractions: cut` under `time` if it may be left out"
            )
        return parse_instant(plain, self.zone)

    def entered(self, instant: int) -> str:
        """The time of a row as the value of a fact."""
        return format_instant(instant, self.zone)


def format_fault(text: str) -> str | None:
    """What is wrong with a time format, or None."""
    if text == ISO:
        return None
    used = _DIRECTIVE.findall(text)
    strange = [letter for letter in used if letter not in _ADMITTED or not letter]
    if strange:
        known = ", ".join(f"%{letter}" for letter in _ADMITTED)
        return f"%{strange[0]} is not read here. Write `iso`, or a format of {known}"
    if not {"Y", "m", "d"} <= set(used):
        return "A time needs the year, month and day: %Y, %m and %d"
    if len(set(used)) != len(used):
        return "Each part of a time stands once"
    if ("I" in used) != ("p" in used):
        return "Hours of a half day need %p: %I:%M %p. Otherwise write %H"
    return None


def _iso(text: str) -> tuple[str, str]:
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{briefly(text)} is no date and time such as 2026-03-01T08:00:00. Name its `format` under `time`"
        )
    return f"{found['day']}T{found['clock']}{_offset(found['offset'] or '')}", found["fraction"] or ""


def _offset(text: str) -> str:
    if len(text) == 3:
        return f"{text}:00"
    return f"{text[:3]}:{text[3:]}" if len(text) == 5 else text


def _formatted(text: str, pattern: str) -> tuple[str, str]:
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        raise ValueError(f"{briefly(text)} is not written as {pattern}") from None
    whole = found.replace(microsecond=0)
    return whole.isoformat(), f"{found.microsecond:06d}"
