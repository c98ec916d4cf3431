"""How words are put into a picture: made inert, wrapped, and spans of time written out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathway.language.problems import visible

MINUTE, HOUR, DAY = 60, 3600, 86400
_BREAK = re.compile(r"(?<=\D)(?<!\d [x×])(?<!see)(?<!grade)(?<! per) (?!(?<=page |step )\d)")
_UNITS = ((HOUR, "h"), (MINUTE, "min"), (1, "s"))


def inert(text: str) -> str:
    """The text on one line, every invisible or direction-changing character written as an escape.

    >>> inert("two\\n lines")
    'two lines'
    """
    return visible(" ".join(text.split()))


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` characters, broken at spaces only; a longer word stays whole.

    A number is never parted from the word after it, which may be its unit, nor from `page` or `step` before
    it. Joining the lines with single spaces gives the text back, so nothing is lost in the picture.

    >>> wrapped("within 15 min of arrival", 9)
    ('within', '15 min of', 'arrival')
    """
    shown, start = inert(text), 0
    lines: list[str] = []
    while start < len(shown):
        end = _end_of_line(shown, start, width)
        lines.append(shown[start:end])
        start = end + 1
    return tuple(lines)


def _end_of_line(text: str, start: int, width: int) -> int:
    """Where the line that starts here ends: at the last break within the width, else at the first behind."""
    if len(text) - start <= width:
        return len(text)
    end = text.rfind(" ", start, start + width + 1)
    while end > 0 and not _BREAK.match(text, end):
        end = text.rfind(" ", start, end)
    if end > 0:
        return end
    found = _BREAK.search(text, start)
    return found.start() if found else len(text)


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
