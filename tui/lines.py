"""Lines of text that every front end can show: inert, wrapped, with emphasis as a word and not a colour."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pathway.language.problems import visible

NO_BREAK = "\N{NO-BREAK SPACE}"
MORE = "…"


class Tone(Enum):
    """How loudly a line speaks; its words alone must already say it."""

    PLAIN = "plain"
    HEADING = "heading"
    STRONG = "strong"
    CAUTION = "caution"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `lead` is shown in bold before `text`; wrapped parts stand `hang` further in."""

    text: str = ""
    lead: str = ""
    tone: Tone = Tone.PLAIN
    indent: int = 0
    hang: int = 2

    @property
    def plain(self) -> str:
        """The line as plain text without any character a terminal could act on."""
        joined = " ".join(part for part in (self.lead, self.text) if part)
        return " " * self.indent + inert(joined)


def inert(text: str) -> str:
    """The text on one line, control and direction-changing characters as escapes, gaps as plain spaces."""
    return visible(text.replace("\r\n", "\n").replace("\n", " / ").replace("\t", " ")).replace(NO_BREAK, " ")


def unbroken(text: str) -> str:
    """The text so that no line break can fall inside it, as between a dose and its unit."""
    return text.replace(" ", NO_BREAK)


def heading(text: str) -> Line:
    return Line(text, tone=Tone.HEADING)


def gap() -> Line:
    return Line()


def wrapped(line: Line, width: int) -> list[Line]:
    """The line as lines of at most `width` columns; a word longer than that is cut, never lost."""
    pieces = _laid_out(line.lead, line.text, max(12, width - line.indent), line.hang)
    if pieces == ((line.lead, line.text),):
        return [line]
    tone, hang, indent = line.tone, line.hang, line.indent + line.hang
    first = Line(pieces[0][1], pieces[0][0], tone, line.indent, hang)
    return [first, *(Line(piece, "", tone, indent, hang) for _, piece in pieces[1:])]


def all_wrapped(lines: Iterable[Line], width: int) -> list[Line]:
    return [part for line in lines for part in wrapped(line, width)]


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns; what does not fit is replaced by a mark that says so."""
    shown = inert(text)
    if columns(shown) <= width:
        return shown
    kept = ""
    for character in shown:
        if columns(kept + character) > width - 1:
            break
        kept += character
    return kept.rstrip() + MORE


def cut_middle(text: str, width: int) -> str:
    """The text in at most `width` columns, cut in its middle: the end of an id is what tells two apart."""
    shown = inert(text)
    if columns(shown) <= width:
        return shown
    end = ""
    for character in reversed(shown):
        if columns(character + end) > (width - 1) // 2:
            break
        end = character + end
    return cut(shown, width - columns(end)) + end


def ways_on(at: int, most: int, down: str, up: str) -> str:
    """Where there is more of what is scrolled `at` rows of `most`: `further down (PgDn)`; empty where not."""
    ways = [f"further down ({down})"] if at < most else []
    return " and ".join([*ways, f"further up ({up})"] if at > 0 else ways)


def columns(text: str) -> int:
    """Columns a terminal uses for the text: wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _one_line(text: str) -> str:
    return visible(text.replace("\r\n", "\n").replace("\n", " / ").replace("\t", " "))


@lru_cache(maxsize=4_000)  # screens ask again for the same lines whenever they are laid out
def _laid_out(lead: str, text: str, room: int, hang: int) -> tuple[tuple[str, str], ...]:
    """Lead and text of the pieces that a line is broken into; only the first has a lead."""
    lead, text = _one_line(lead), _one_line(text)
    joined = f"{lead} {text}" if lead and text else lead or text
    pieces = _pieces(joined, room, hang)
    return _split(pieces[0], lead), *(("", piece.replace(NO_BREAK, " ")) for piece in pieces[1:])


def _pieces(text: str, room: int, hang: int) -> list[str]:
    if not text.strip():
        return [""]
    if columns(text) <= room and len(text) <= room and not text[-1].isspace():
        return [text]
    found, less = textwrap.wrap(text, room, break_on_hyphens=False), max(10, room - hang)
    first, *over = _narrow(found[0], room)
    left = ["".join(over), *found[1:]] if over else found[1:]
    rest = textwrap.wrap(" ".join(left), less, break_on_hyphens=False)
    return [first, *(part for piece in rest for part in _narrow(piece, less))]


def _narrow(text: str, room: int) -> list[str]:
    """The text, broken where wide characters take more columns than it has characters."""
    if columns(text) <= room:
        return [text]
    parts = [""]
    for character in text:
        if columns(parts[-1] + character) > room:
            parts.append("")
        parts[-1] += character
    return parts


def _split(piece: str, lead: str) -> tuple[str, str]:
    """The first piece as lead and text again; a lead that was itself wrapped stays all lead."""
    if not lead:
        return "", piece.replace(NO_BREAK, " ")
    if not piece.startswith(lead):
        return piece.replace(NO_BREAK, " "), ""
    return lead.replace(NO_BREAK, " "), piece[len(lead) :].lstrip().replace(NO_BREAK, " ")
