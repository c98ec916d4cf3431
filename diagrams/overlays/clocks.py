"""Times of a case as they stand in a picture: in its zone, and no longer than they have to be."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.language.calendar import format_duration, format_instant, parse_zone


class Clock:
    """Instants (seconds since 1970 UTC) in a zone; a date or an offset that all share is left out.

    >>> clock = Clock("UTC", [0, 3600])
    >>> clock.time(3600), clock.words
    ('01:00', 'Times of 1970-01-01 in UTC (+00:00)')
    """

    def __init__(self, timezone: str, instants: Iterable[int]) -> None:
        self._zone, self._name = parse_zone(timezone), timezone
        texts = [format_instant(at, self._zone) for at in instants]
        self._days = sorted({text[:10] for text in texts})
        self._offsets = sorted({text[19:] for text in texts})

    def time(self, at: int) -> str:
        """The time, with date and offset where times of this picture differ in them."""
        text = format_instant(at, self._zone)
        day = text[:11].replace("T", " ") if self._days != [text[:10]] else ""
        offset = f" {text[19:]}" if self._offsets != [text[19:]] else ""
        return f"{day}{text[11:19].removesuffix(':00')}{offset}"

    def full(self, at: int) -> str:
        """The time with its date, as hand-overs write it."""
        text = format_instant(at, self._zone)
        return f"{text[:10]} {text[11:19].removesuffix(':00')}"

    @property
    def words(self) -> str:
        """What the times leave out."""
        day = f" of {self._days[0]}" if len(self._days) == 1 else ""
        offset = f" ({self._offsets[0]})" if len(self._offsets) == 1 else ""
        return f"Times{day} in {self._name}{offset}"


def about(seconds: int) -> str:
    """A length of time rounded down to its two largest units, for figures about many cases.

    >>> about(7391), about(42), about(400000)
    ('2 h 3 min', '42 s', '4 d 15 h')
    """
    coarse = 3600 if seconds >= 72 * 3600 else 60 if seconds >= 3600 else 1
    return format_duration(seconds - seconds % coarse)
