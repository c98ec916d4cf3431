"""Characters of a text: where its lines end, and which of them a reviewer would not see."""

from __future__ import annotations

import re

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Control characters, halves of pairs, byte order marks and marks that reorder what a reviewer sees.
JUNK = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


LONGEST_REPEATED = 80  # of what somebody wrote, as far as a message repeats it


def briefly(text: str) -> str:
    """A text as messages repeat it: in quotes, short, and with nothing in it that a terminal acts on.

    >>> briefly("1e9"), len(briefly("9" * 5000))
    ("'1e9'", 83)
    """
    return repr(text if len(text) <= LONGEST_REPEATED else f"{text[:LONGEST_REPEATED]}…")


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text as the parser counts them."""
    lines: list[str] = LINE_BREAK.split(text)
    return tuple(lines)


def named(match: re.Match[str]) -> str:
    """A character that cannot be shown, by its number: `U+202E`."""
    return f"U+{ord(match.group()):04X}"
