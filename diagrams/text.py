"""How words are put into a picture: made inert, wrapped, and spans of time written out."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.language.problems import visible

MINUTE, HOUR, DAY = 60, 3600, 86400


def inert(text: str) -> str:
    """The text on one line, every invisible or direction-changing character written as an escape.

    >>> inert("two\\n lines")
    'two lines'
    """
    return visible(" ".join(text.split()))


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` characters, broken at spaces only; a longer word stays whole.

    Joining the lines with single spaces gives the text back, so nothing is lost in the picture.
    """
    lines: list[str] = []
    for word in inert(text).split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines)


def span(seconds: int) -> str:
    """Elapsed seconds in the words of a ward: minutes up to 60, hours up to 72, then days.

    >>> span(3600), span(4 * 3600), span(42 * 86400), span(5400)
    ('60 min', '4 h', '42 d', '1 h 30 min')
    """
    if 0 < seconds <= HOUR and seconds % MINUTE == 0:
        return f"{seconds // MINUTE} min"
    if seconds <= 3 * DAY and seconds % HOUR == 0:
        return f"{seconds // HOUR} h"
    parts: list[str] = []
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts)


def listed(items: Iterable[str], last: str = "and") -> str:
    """The items as a phrase: `a`, `a and b`, `a, b and c`."""
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final
