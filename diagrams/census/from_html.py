"""The HTML page read back: its picture, what it tells of each box, and its text twin."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from diagrams.census.counting import Passage, Reading
from diagrams.census.elements import Element, Kind
from diagrams.census.from_outline import read_outline
from diagrams.census.from_svg import read_svg
from diagrams.web.page import PREFIX
from pathway.language.definition import Definition

# Questions are asked there in full, and sources led to one by one.
TOLD = frozenset(Kind) - {
    Kind.TRACK, Kind.START, Kind.PHASE, Kind.TIE, Kind.ASKS, Kind.MARK, Kind.ABOUT, Kind.DERIVED,
    Kind.SOURCES, Kind.SOURCES_OF_A_WAY,
}  # fmt: skip
_ABOUT = ("state", "way", "leads", "do", "safeguard", "notice")
_FILLER = re.compile(
    r"^ *on\b|; on\b|when:|shown:|! \d+ safeguards?: [G\d, and]+|Notice [N\d, and]+|[:;.]|\( ?\)"
)


def read_picture(page: str) -> Reading:
    """What the chart in a page says."""
    found = re.search(r"<svg\b.*</svg>", page, re.DOTALL)
    return read_svg(found[0] if found else "<svg/>", PREFIX)


def read_twin(page: str) -> Reading:
    """What the text twin of a page says."""
    twin = _Twin()
    twin.feed(page)
    return read_outline("\n".join(twin.lines))


class _Twin(HTMLParser):
    """Headings and nested lists of the outline as indented lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._depth = -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("id", "outline") in attrs:
            self._depth = 0
        elif self._depth >= 0 and tag == "ul":
            self._depth += 1
        if self._depth >= 0 and tag in ("h3", "p", "li"):
            self.lines.append("  " * self._depth)

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._depth = -1
        elif self._depth > 0 and tag == "ul":
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth >= 0 and self.lines:
            self.lines[-1] += data


# --- what is told of a box or a line ----------------------------------------------------------------
def told(elements: Iterable[Element], definition: Definition) -> tuple[Element, ...]:
    """The elements that concern a box or a line; the rest of the page says the others."""
    states = [state for track in definition.tracks.values() for state in track.states.values()]
    called = {do.action for state in states for do in state.do}
    guards = enumerate(definition.safeguards.values(), start=1)
    notices = enumerate(definition.notices.values(), start=1)
    apart = {f"safeguard-G{number}" for number, one in guards if not called & set(one.actions)}
    apart |= {f"notice-N{at}" for at, one in notices if not called & set(one.about) and not one.states}
    return tuple(element for element in elements if element.place not in apart)


def read_told(page: str) -> Reading:
    """What a click on each box and line shows. Safeguards and notices are told of every box they concern."""
    found = re.search(r'<script type="application/json" id="details">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(found[1]) if found else {"elements": {}, "told": []}
    passages: dict[Passage, None] = {}
    for id, place in data["elements"].items():
        detail = data["told"][place]
        if id.startswith("state-"):
            passages |= dict.fromkeys(_state(id, detail))
        elif id.startswith("way-"):
            passages |= dict.fromkeys(_way(id, detail))
    return Reading(tuple(passages), TOLD, _FILLER, about=_ABOUT)


def _parts(detail: dict[str, Any], title: str) -> list[dict[str, Any]]:
    return [entry for part in detail["parts"] if part["title"] == title for entry in part["entries"]]


def _state(id: str, detail: dict[str, Any]) -> Iterator[Passage]:
    remarks = [entry["text"] for entry in _parts(detail, "Remark")]
    yield Passage(id, " ; ".join([detail["heading"], *remarks]))
    told: Counter[str] = Counter()
    for entry in _parts(detail, "Actions"):
        mark = "s" if "NOT AN ORDER" in entry["lines"] else "o"
        told[mark] += 1
        yield Passage(f"do-{id}-{mark}{told[mark]}", " ; ".join([entry["text"], *entry["lines"]]))
    for title, kind in (("Safeguards", "safeguard"), ("Notices", "notice")):
        for entry in _parts(detail, title):
            number = re.split(r"\W", entry["text"])[0]
            yield Passage(f"{kind}-{number}", " ; ".join([entry["text"], *entry["lines"]]))


def _way(id: str, detail: dict[str, Any]) -> Iterator[Passage]:
    ends = [entry["leads"] for title in ("From", "To") for entry in _parts(detail, title)]
    words = [entry["text"] for title in ("Condition", "Words on the line") for entry in _parts(detail, title)]
    yield Passage(id.replace("way-", "leads-", 1), " > ".join(ends))
    yield Passage(id, " ; ".join(words))
