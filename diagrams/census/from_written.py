"""Decision tables and SCXML read back: the states at which something is decided, and all states."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as Tree

from diagrams.census.counting import Passage, Reading
from diagrams.census.elements import Element, Kind
from diagrams.written.scxml import SCXML, WORDS
from pathway.language.definition import Definition

IN_TABLES = frozenset({Kind.STATE, Kind.TRANSITION, Kind.GUARD, Kind.REMARK, Kind.SOURCES_OF_A_WAY})
IN_SCXML = frozenset({Kind.TRACK, Kind.START, Kind.STATE, Kind.TRANSITION, Kind.GUARD})
_TITLE = re.compile(r"(\d+\. .*) \[(\w+)\.(\w+)\]")
_THEN = re.compile(r"go to \d+\. .*? \[(\w+)\.(\w+)\](?:: (.*))?", re.DOTALL)
_FILLER = re.compile(r"[:;.]")
_ELSEWHERE = ("see whole condition", "as in the columns", "any")


def decided(elements: Iterable[Element], definition: Definition) -> tuple[Element, ...]:
    """The elements that decision tables have to carry: those of states with more than one way out."""
    tracks = definition.tracks.values()
    states = [state for track in tracks for state in track.states.values()]
    names = {
        f"{one.track}-{one.name}"
        for one in states
        if len(one.next) > 1 or (one.next and one.kind == "decision")
    }
    found = [one for one in elements if _about(one.place) in names and _in_tables(one)]
    return tuple(replace(one, words=pooled([one.words])) if one.kind is Kind.GUARD else one for one in found)


def _about(place: str) -> str:
    name = place.partition("-")[2]
    return name if place.startswith("state-") else name.rpartition("-")[0]


def _in_tables(one: Element) -> bool:
    return one.kind is not Kind.REMARK or one.place.startswith("way-")


# --- decision tables ------------------------------------------------------------------------------
def read_csv(text: str) -> Reading:
    """What decision tables as CSV say. A condition split over columns is put together again."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    starts = [at for at, row in enumerate(rows) if row == [] and at + 1 < len(rows)]
    ends = [*starts[1:], len(rows)]
    return _tables(
        [[_unguarded(cell) for cell in row] for row in rows[start + 1 : end] if row]
        for start, end in zip(starts, ends, strict=True)
    )


def read_markdown_tables(text: str) -> Reading:
    """What decision tables as Markdown say."""
    parts = (part.split("\n") for part in text.split("\n## ")[1:])
    return _tables([[_read(part[0])], [""], *_piped(part[1:])] for part in parts)


def read_html_tables(text: str) -> Reading:
    """What decision tables as a page of HTML say."""
    page = _Page()
    page.feed(text)
    return _tables([[title], [""], *rows] for title, rows in page.tables)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def _piped(lines: list[str]) -> Iterator[list[str]]:
    """The rows without the rule under the headings."""
    rows = [line.removeprefix("| ").removesuffix(" |") for line in lines if line.startswith("| ")]
    for row in (rows[0], *rows[2:]):
        yield [_read(cell.strip(" ")) for cell in re.split(r"(?<!\\)(?:\\\\)*\|", row)]


def _read(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


class _Page(HTMLParser):
    """Tables by their captions, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        if not self.tables or "table" not in self._open:
            return
        title, rows = self.tables[-1]
        if "strong" in self._open:
            self.tables[-1] = (title + data, rows)
        elif self._open[-1] in ("th", "td"):
            rows[-1][-1] += data


def _tables(tables: Iterable[list[list[str]]]) -> Reading:
    return Reading(tuple(one for rows in tables for one in _table(rows)), IN_TABLES, _FILLER)


def _table(rows: list[list[str]]) -> Iterator[Passage]:
    """Title, policy, headings, and then the ways and what is missing."""
    title = _TITLE.fullmatch(rows[0][0])
    if title is None:
        yield Passage(f"unread-{rows[0][0]}", rows[0][0])
        return
    name = f"{title[2]}-{title[3]}"
    yield Passage(f"state-{name}", title[1])
    headings = rows[2][1:-3]
    for number, *cells, then, _, sources in rows[3:]:
        if number.isdigit():
            yield from _way(f"{name}-{int(number) - 1}", name, then, [
                _condition(headings, cells), sources,
            ])  # fmt: skip


def _way(way: str, state: str, then: str, words: list[str]) -> Iterator[Passage]:
    found = _THEN.fullmatch(then)
    if found is None:
        yield Passage(f"unread-{way}", then)
        return
    yield Passage(f"leads-{way}", f"state-{state} > state-{found[1]}-{found[2]}")
    yield Passage(f"way-{way}", " ; ".join([*words, found[3] or ""]))


def pooled(phrases: list[str]) -> str:
    """The words of a condition in one order, each once, and whether it denies evenly (twice is not at all).

    A table parts a condition into columns; which words belong together is told by its headings.
    """
    words = [word.strip(",;()") for phrase in phrases for word in phrase.split()]
    denied = sum(word in ("not", "no") for word in words)
    kept = sorted(set(words) - {"is", "and", "yes", "no", "not", ""})
    return f"<{' '.join(kept)}>{' denied' * (denied % 2)}"


def _condition(headings: list[str], cells: list[str]) -> str:
    """A whole condition as it stands; one in columns as the phrases of its parts."""
    told = dict(zip(headings, cells, strict=True))
    if "otherwise" in cells:
        return pooled(["otherwise"])
    whole = told.pop("Whole condition", "as in the columns")
    if whole != "as in the columns":
        return pooled([whole])
    return pooled([f"{title} {cell}" for title, cell in told.items() if cell not in _ELSEWHERE])


# --- SCXML ----------------------------------------------------------------------------------------
def read_scxml(text: str) -> Reading:
    """What an SCXML document says: regions, states, and ways with their conditions in words."""
    return Reading(tuple(_scxml(Tree.fromstring(text))), IN_SCXML, _FILLER)


def _scxml(root: Tree.Element) -> Iterator[Passage]:
    for element in root.iter(f"{{{SCXML}}}state"):
        id, title = element.get("id", ""), element.get(f"{{{WORDS}}}title", "")
        track, _, name = id.partition(".")
        if track == "track":
            yield Passage(f"track-{name}", title)
            yield Passage(f"start-{name}", f"Start: {title}")
            first = element.get("initial", "").replace(".", "-")
            yield Passage(f"leads-entry-{name}", f"start-{name} > state-{first}")
            continue
        yield Passage(f"state-{track}-{name}", f"{element.get(f'{{{WORDS}}}number')}. {title}")
        for index, way in enumerate(element.findall(f"{{{SCXML}}}transition")):
            target = way.get("target", "").replace(".", "-")
            yield Passage(f"leads-{track}-{name}-{index}", f"state-{track}-{name} > state-{target}")
            yield Passage(f"way-{track}-{name}-{index}", way.get(f"{{{WORDS}}}guard", ""))
