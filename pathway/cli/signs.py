"""What is printed where a terminal or pipe has no sign for it: nothing fails, and nothing is lost."""

from __future__ import annotations

import codecs
import io
import json
from typing import TextIO

# `²` is `^2`, so that a power of ten never becomes another number.
SIGNS = {
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "x", "÷": "/", "±": "+/-", "−": "-", "–": "-", "—": "-",
    "→": "->", "←": "<-", "…": "...", "·": "*", "°": "deg ", "µ": "micro", "μ": "micro", "²": "^2", "³": "^3",
    "\N{LEFT SINGLE QUOTATION MARK}": "'", "’": "'", "“": "'", "”": "'", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip
READABLE, EXACT = "pathway-readable", "pathway-exact"


def let_read(*streams: TextIO, exact: bool = False) -> None:
    """Write what a stream's encoding has no sign for in ASCII: `>=` for `≥`, other signs as `\\u00e9`.

    With `exact` only as `\\u00e9`, which JSON reads back as the very sign.
    """
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=EXACT if exact else READABLE)


def _unsaid(error: UnicodeError) -> tuple[str, int]:
    """The part of a text that cannot be written, and where it ends."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end], error.end


def _readable(error: UnicodeError) -> tuple[str, int]:
    text, end = _unsaid(error)
    return "".join(SIGNS.get(sign) or _escaped(sign) for sign in text), end


def _exact(error: UnicodeError) -> tuple[str, int]:
    text, end = _unsaid(error)
    return _escaped(text), end


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


codecs.register_error(READABLE, _readable)
codecs.register_error(EXACT, _exact)
