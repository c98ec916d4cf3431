"""Going to a place in a log: a time as testers type it, or a word of an event."""

from __future__ import annotations

from collections.abc import Sequence

from tui.times import TimeError, read_time

FORMS = "08:35, 2026-03-01T08:35, +90 min or -20 min"


def read_moment(typed: str, now: int, timezone: str) -> int:
    """The instant typed in the log's own time: `now` is where the replay stands. Raises TimeError."""
    words = typed.strip()
    if not words:
        raise TimeError(f"write {FORMS}")
    if words.startswith("+"):
        back = read_time(f"-{words[1:].strip()}", now, timezone)
        return 2 * now - back
    return read_time(words, now, timezone)


def found(words: str, texts: Sequence[str], number: int, step: int) -> int | None:
    """The number of the nearest event from `number` on, in the direction of `step`, that has the words.

    >>> found("PLT", ("opened", "plt = 39", "plt = 50"), 1, 1)
    2
    """
    wanted = words.casefold()
    ahead = range(number + step, len(texts) + 1 if step > 0 else 0, step)
    return next((one for one in ahead if wanted in texts[one - 1].casefold()), None)
