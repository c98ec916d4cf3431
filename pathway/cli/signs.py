"""What is printed: it acts on no terminal, and where a pipe has no sign for it nothing fails or is lost."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, TextIO, cast

from pathway.language.problems import visible

# `²` is `^2`, so that a power of ten never becomes another number.
SIGNS = {
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "x", "÷": "/", "±": "+/-", "−": "-", "–": "-", "—": "-",
    "→": "->", "←": "<-", "…": "...", "·": "*", "°": "deg ", "µ": "micro", "μ": "micro", "²": "^2", "³": "^3",
    "\N{LEFT SINGLE QUOTATION MARK}": "'", "’": "'", "“": "'", "”": "'", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip
READABLE, EXACT = "pathway-readable", "pathway-exact"
_OTHER = re.compile(r"[^ -~\n\t]")


class InertOutput:
    """A stream on which no text acts: controls and invisible signs come out as escapes, whoever wrote them.

    Texts of cases, logs and names of files pass through here last; with `exact` as JSON reads them back.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.exact = False

    def write(self, text: str) -> int:
        """Write a text; how long it was as it was given."""
        self.stream.write(_OTHER.sub(self._shown, text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def _shown(self, found: re.Match[str]) -> str:
        sign = visible(found[0])
        return _escaped(found[0]) if self.exact and sign != found[0] else sign

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def inert_output() -> Generator[None]:
    """Standard output as one on which no text acts."""
    before = sys.stdout
    sys.stdout = cast(TextIO, InertOutput(before))
    try:
        yield
    finally:
        sys.stdout = before


def let_read(*streams: TextIO, exact: bool = False) -> None:
    """Write what a stream's encoding has no sign for in ASCII: `>=` for `≥`, other signs as `\\u00e9`.

    With `exact` only as `\\u00e9`, which JSON reads back as the very sign.
    """
    for stream in streams:
        inner: object = stream
        if isinstance(inner, InertOutput):
            inner.exact = exact
            inner = inner.stream
        if isinstance(inner, io.TextIOWrapper):
            inner.reconfigure(errors=EXACT if exact else READABLE)


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
