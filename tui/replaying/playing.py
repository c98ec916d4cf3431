"""Playing a log: how far its own time has come, at which speed, with long gaps shortened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

SPEEDS = (1, 10, 60)
LONGEST_GAP = 5000  # milliseconds for which anybody waits at most for the next event


@dataclass(frozen=True, slots=True)
class Playing:
    """The event last reached, counted from 1, and the log's time in milliseconds since 1970 UTC."""

    number: int
    moment: int
    speed: int = 1
    is_running: bool = False

    @property
    def now(self) -> int:
        """The log's time in seconds since 1970 UTC."""
        return self.moment // 1000

    def at(self, number: int, instants: Sequence[int]) -> Playing:
        """The same playing, moved to an event."""
        return replace(self, number=number, moment=instants[number - 1] * 1000)


def advanced(playing: Playing, instants: Sequence[int], elapsed: int) -> Playing:
    """The log's time after `elapsed` milliseconds of watching; it stops by itself at the last event.

    >>> advanced(Playing(1, 0, speed=10, is_running=True), (0, 30), 2000).now
    20
    """
    while playing.is_running and elapsed > 0 and playing.number < len(instants):
        rate = _rate(playing, instants)
        ahead = max(0, instants[playing.number] * 1000 - playing.moment)
        if elapsed * rate < ahead:
            return replace(playing, moment=playing.moment + elapsed * rate)
        elapsed -= -(-ahead // rate)
        playing = playing.at(bisect_right(instants, instants[playing.number]), instants)
    return replace(playing, is_running=playing.is_running and playing.number < len(instants))


def shortened(playing: Playing, instants: Sequence[int]) -> int | None:
    """The length in seconds of the gap that is being played faster than the speed says; None if none is."""
    if playing.number >= len(instants) or _rate(playing, instants) == playing.speed:
        return None
    return _gap(playing, instants) // 1000


def _rate(playing: Playing, instants: Sequence[int]) -> int:
    return max(playing.speed, -(-_gap(playing, instants) // LONGEST_GAP))


def _gap(playing: Playing, instants: Sequence[int]) -> int:
    """Milliseconds of log time from the event last reached to the next one."""
    return (instants[playing.number] - instants[playing.number - 1]) * 1000
