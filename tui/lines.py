"""Lines of text that every front end can show: inert, wrapped, with emphasis as a word and not a colour."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

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
    room = max(12, width - line.indent)
    lead, text = _one_line(line.lead), _one_line(line.text)
    joined = f"{lead} {text}" if lead and text else lead or text
    pieces = _pieces(joined, room, line.hang)
    first = replace(line, **_split(pieces[0], lead))
    rest = [
        replace(line, lead="", text=piece.replace(NO_BREAK, " "), indent=line.indent + line.hang)
        for piece in pieces[1:]
    ]
    return [first, *rest]


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


def columns(text: str) -> int:
    """Columns a terminal uses for the text: wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _one_line(text: str) -> str:
    return visible(text.replace("\r\n", "\n").replace("\n", " / ").replace("\t", " "))


def _pieces(text: str, room: int, hang: int) -> list[str]:
    pieces = textwrap.wrap(text, room, subsequent_indent="", break_on_hyphens=False) if text.strip() else [""]
    if len(pieces) <= 1:
        return pieces
    rest = " ".join(pieces[1:])
    return [pieces[0], *textwrap.wrap(rest, max(10, room - hang), break_on_hyphens=False)]


def _split(piece: str, lead: str) -> dict[str, str]:
    """The first piece as lead and text again; a lead that was itself wrapped stays all lead."""
    if not lead:
        return {"lead": "", "text": piece.replace(NO_BREAK, " ")}
    if not piece.startswith(lead):
        return {"lead": piece.replace(NO_BREAK, " "), "text": ""}
    return {"lead": lead.replace(NO_BREAK, " "), "text": piece[len(lead) :].lstrip().replace(NO_BREAK, " ")}
