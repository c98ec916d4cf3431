"""How words are put into a picture: made inert, wrapped, and spans of time written out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathway.language.problems import visible

MINUTE, HOUR, DAY = 60, 3600, 86400
_BREAK = r"(?<=\D)(?<!\d [x×])(?<!see)(?<!grade)(?<! per) "
_UNITS = ((HOUR, "h"), (MINUTE, "min"), (1, "s"))


def inert(text: str) -> str:
    """The text on one line, every invisible or direction-changing character written as an escape.

    >>> inert("two\\n lines")
    'two lines'
    """
    return visible(" ".join(text.split()))


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` characters, broken at spaces only; a longer word stays whole.

    A number is never parted from the word after it, which may be its unit. Joining the lines with single
    spaces gives the text back, so nothing is lost in the picture.

    >>> wrapped("within 15 min of arrival", 9)
    ('within', '15 min of', 'arrival')
    """
    lines: list[str] = []
    for word in filter(None, re.split(_BREAK, inert(text))):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines)


def span(seconds: int) -> str:
    """Elapsed seconds as one whole number: minutes up to 60, hours up to 72, then days.

    >>> span(3600), span(4 * 3600), span(42 * 86400), span(5400)
    ('60 min', '4 h', '42 d', '90 min')
    """
    for size, unit, longest in ((MINUTE, "min", HOUR), (HOUR, "h", 3 * DAY), (DAY, "d", seconds)):
        if seconds <= longest and seconds % size == 0:
            return f"{seconds // size} {unit}"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds // size} {unit}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """The items as a phrase: `a`, `a and b`, `a, b and c`."""
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final
