"""An outline read back: what stands below what decides the place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from diagrams.census.counting import Passage, Reading
from diagrams.census.elements import Kind, phrase

_FILLER = re.compile(
    r"text:|when:|taken: (?:automatically|confirmed by the clinician|chosen by the clinician)|sources:|asks:"
    r"|number on the chart:|severity:|shown when:|notice:|about:|on:|then:|order:|value:|[;.]"
    r"|what the pathway says of it:"
)
_CARRIED = frozenset(Kind) - {Kind.PHASE, Kind.TIE}
_STATE = re.compile(r"(\d+\. .*) \[(\w+)\.(\w+)\], \w+")
_TRACK = re.compile(r"Track: (.*) \[(\w+)\], starts at .* \[(\w+)\.(\w+)\]")
_WAY = re.compile(r"way (\d+): (?:back )?to .* \[(\w+)\.(\w+)\]")
_DEED = re.compile(r"(action|shown, not an order): (.*) \[(\w+)\]")
_ASKED = re.compile(r" \(\w+\)$")
_CHAPTERS = ("Safeguards", "Notices")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    below: tuple[_Line, ...]

    def all(self) -> Iterator[str]:
        """The texts of this line and those below it."""
        yield self.text
        for line in self.below:
            yield from line.all()


def read_outline(text: str) -> Reading:
    """What an outline in plain text says."""
    lines = [
        (len(line) - len(line.lstrip(" ")), line.strip(" ")) for line in text.split("\n") if line.strip()
    ]
    tree = _tree([(indent // 2, line) for indent, line in lines])
    chapters = {line.text: line.below for line in tree}
    numbers = {f"{title[0]}{one.text}": _mark(one) for title in _CHAPTERS for one in chapters.get(title, ())}
    passages = [*_tracks(tree, numbers)]
    for title, kind in zip(_CHAPTERS, ("safeguard", "notice"), strict=True):
        passages += [Passage(f"{kind}-{_mark(one)}", _below(one, title)) for one in chapters.get(title, ())]
    for one in chapters.get("Derived facts", ()):
        name = re.search(r"\((\w+)\)$", one.text)
        place = f"derived-{name[1] if name else one.text}"
        passages += [
            Passage(place, line) for line in (one.text, *(" ; ".join(row.all()) for row in one.below))
        ]
    for number, one in enumerate(chapters.get("Actions that no step calls for", ()), start=1):
        passages.append(Passage(f"uncalled-{number}", _renamed(" ; ".join(one.all()), numbers)))
    return Reading(tuple(passages), _CARRIED, _FILLER)


def read_markdown(text: str) -> Reading:
    """What an outline as Markdown says: headings are its chapters, nested lists what stands below them."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("## "):
            lines.append(_read(line.removeprefix("## ")))
        elif found := re.fullmatch(r"( *)- (.*)", line):
            lines.append(f"  {found[1]}{_read(found[2])}")
    return read_outline("\n".join(lines))


def _read(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _tree(lines: Sequence[tuple[int, str]]) -> tuple[_Line, ...]:
    found: list[_Line] = []
    place = 0
    while place < len(lines):
        depth, text = lines[place]
        end = place + 1
        while end < len(lines) and lines[end][0] > depth:
            end += 1
        found.append(_Line(text, _tree(lines[place + 1 : end])))
        place = end
    return tuple(found)


def _mark(entry: _Line) -> str:
    before = "number on the chart: "
    return next((one.text.removeprefix(before) for one in entry.below if one.text.startswith(before)), "?")


def _below(entry: _Line, chapter: str) -> str:
    """A safeguard's name is one of its words, a notice's is not."""
    lines = [line for one in entry.below for line in one.all()]
    return " ; ".join([entry.text, *lines] if chapter == "Safeguards" else lines)


def _renamed(text: str, numbers: Mapping[str, str]) -> str:
    """Safeguards and notices by the numbers that they have on the chart."""
    for kind, before in (("S", r"! \d+ safeguards?: "), ("N", "Notice "), ("N", "!! ")):
        named = {one[1:]: mark for one, mark in numbers.items() if one[0] == kind}
        text = re.sub(rf"(?<![^;:] )(?<!\w){before}[^(:;]*", partial(_by_number, named), text)
    return text


def _by_number(numbers: Mapping[str, str], found: re.Match[str]) -> str:
    return re.sub(r"\w+", lambda word: numbers.get(word[0], word[0]), found[0])


# --- tracks ---------------------------------------------------------------------------------------
def _tracks(tree: Sequence[_Line], numbers: Mapping[str, str]) -> Iterator[Passage]:
    for line in tree:
        if track := _TRACK.fullmatch(line.text):
            yield Passage(f"track-{track[2]}", track[1])
            yield Passage(f"start-{track[2]}", f"Start: {track[1]}")
            yield Passage(f"leads-entry-{track[2]}", f"start-{track[2]} > state-{track[3]}-{track[4]}")
            for state in line.below:
                yield from _state(state, numbers)


def _state(line: _Line, numbers: Mapping[str, str]) -> Iterator[Passage]:
    found = _STATE.fullmatch(line.text)
    if found is None:
        yield Passage(f"unread-{line.text}", line.text)
        return
    name = f"{found[2]}-{found[3]}"
    yield Passage(f"state-{name}", found[1])
    told: Counter[str] = Counter()
    marks = [one.text.removeprefix("notice: ") for one in line.below if one.text.startswith("notice: ")]
    if marks:
        numbered = phrase([numbers.get(f"N{mark}", mark) for mark in marks])
        yield Passage(f"state-{name}", f"Notice {numbered}")
    for one in line.below:
        if deed := _DEED.fullmatch(one.text):
            mark = "o" if deed[1] == "action" else "s"
            told[mark] += 1
            words = " ; ".join(text for below in one.below for text in below.all())
            yield Passage(f"do-state-{name}-{mark}{told[mark]}", f"{deed[2]} ; {_renamed(words, numbers)}")
        elif way := _WAY.fullmatch(one.text):
            index = f"{name}-{int(way[1]) - 1}"
            yield Passage(f"leads-{index}", f"state-{name} > state-{way[2]}-{way[3]}")
            yield Passage(f"way-{index}", " ; ".join(text.text for text in one.below))
        elif one.text.startswith("asks: "):
            yield Passage(f"state-{name}", _ASKED.sub("", one.text))
        elif not one.text.startswith(("notice: ", "phase: ")):
            yield Passage(f"state-{name}", one.text)
