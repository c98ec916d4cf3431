"""What is wrong with a definition, where it stands in the file, and what to write instead."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

TAB_STOP = 4
BEFORE, SHOWN = 60, 110  # characters kept before the place, and in all, of a very long line
INDENT = "    "
LONGEST_NAME = 120  # longer names are not typing slips
MOST_COMPARED = 400  # names that a misspelt one is compared with
MOST_SHOWN = 200  # problems; whoever has more has one cause for most of them
LONGEST_SAID = 1200  # characters of a message that a person still reads


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file as the author named it, line and column from 1, length in characters.

    `excerpt` is the whole source line.
    """

    file: str
    line: int
    column: int
    length: int = 1
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: its place if it has one, what is wrong, and how to put it right."""

    place: Place | None
    text: str
    fix: str = ""
    code: str = "definition"

    def render(self) -> str:
        """The finding for a terminal: one line of words, then the source line with the place underlined.

        >>> print(Problem(Place("a.yaml", 1, 5, 3, "age: old"), "An age is a number", "Write years").render())
        a.yaml:1:5: An age is a number. Write years.
            age: old
                ^~~
        """
        words = " ".join(_sentence(part) for part in (self.text, self.fix) if part)
        if self.place is None:
            return words
        head = f"{visible(str(self.place))}: {words}"
        if not self.place.excerpt.strip():
            return head
        return "\n".join((head, *_picture(self.place)))


class Fault(Exception):  # noqa: N818 (the kind of all expected errors, each with a name of its own)
    """What a user can put right: a command tells it in one message and ends, without a traceback."""


class DefinitionError(Fault):
    """A definition cannot be used; `problems` holds every finding, by file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(dict.fromkeys(problems), key=_position))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [problem.render() for problem in self.problems[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            lines.append(f"{count - MOST_SHOWN} more are not shown. Mend these first.")
        return "\n".join([*lines, "1 problem found." if count == 1 else f"{count} problems found."])


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was most likely meant to be, or None when none is close.

    >>> nearest("platelet_cuont", ["inr", "platelet_count"])
    'platelet_count'
    """
    if len(name) > LONGEST_NAME:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates, reverse=True)}
    if len(by_folded) > MOST_COMPARED:
        by_folded = dict(list(_alike(name.casefold(), by_folded))[:MOST_COMPARED])
    close = difflib.get_close_matches(name.casefold(), sorted(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def _alike(name: str, candidates: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Of very many names those worth a closer look: a slip seldom changes the first letter or the length."""
    for folded, candidate in candidates.items():
        if folded[:1] == name[:1] and abs(len(folded) - len(name)) <= 2:
            yield folded, candidate


def visible(text: str) -> str:
    """The text with every control, invisible and direction-changing character written as an escape."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def shortened(text: str, longest: int = LONGEST_SAID) -> str:
    """A message with its beginning and its end, where what it repeats is too long to be read.

    >>> shortened("There is no file called " + "x" * 5000, 40)
    'There is no file called xxxx…xxxxxxxxxx'
    """
    return text if len(text) <= longest else f"{text[: longest * 7 // 10]}…{text[-(longest // 4) :]}"


def _position(problem: Problem) -> tuple[bool, str, int, int, str]:
    place = problem.place
    if place is None:
        return (True, "", 0, 0, problem.text)
    return (False, place.file, place.line, place.column, problem.text)


def _sentence(text: str) -> str:
    shown = shortened(visible(text.strip()))
    return shown if shown.endswith((".", "?", "!", ":")) else f"{shown}."


def _shown(character: str) -> str:
    """One character, inert: terminals act on control characters, readers miss invisible ones."""
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _picture(place: Place) -> tuple[str, str]:
    """The source line and its underline, cut to a window around the place."""
    start = min(place.column - 1, len(place.excerpt))
    first = start - BEFORE if len(place.excerpt) > SHOWN and start > BEFORE else 0
    shown = place.excerpt[first : first + SHOWN]
    lead, tail = "…" if first else "", "…" if first + SHOWN < len(place.excerpt) else ""
    cut, end = start - first, start - first + place.length
    before = _laid_out(shown[:cut], len(lead))
    marked = _laid_out(shown[cut:end], len(lead) + _width(before))
    rest = _laid_out(shown[end:], len(lead) + _width(before) + _width(marked))
    gap = " " * (len(lead) + _width(before))
    underline = "^" + "~" * (_width(marked) - 1)
    return f"{INDENT}{lead}{before}{marked}{rest}{tail}".rstrip(), f"{INDENT}{gap}{underline}"


def _laid_out(text: str, column: int) -> str:
    """The text as it is printed from `column` on, tabs as spaces up to the next stop."""
    parts: list[str] = []
    for character in text:
        part = " " * (TAB_STOP - column % TAB_STOP) if character == "\t" else _shown(character)
        parts.append(part)
        column += _width(part)
    return "".join(parts)


def _width(text: str) -> int:
    """Columns a terminal uses: East Asian wide characters take two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
