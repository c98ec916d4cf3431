"""Characters of a text: where its lines end, and which of them a reviewer would not see."""

from __future__ import annotations

import re

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Control characters, halves of pairs, byte order marks and marks that reorder what a reviewer sees.
JUNK = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text as the parser counts them."""
    lines: list[str] = LINE_BREAK.split(text)
    return tuple(lines)


def named(match: re.Match[str]) -> str:
    """A character that cannot be shown, by its number: `U+202E`."""
    return f"U+{ord(match.group()):04X}"
