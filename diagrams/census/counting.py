"""How often each element stands in a format: once at its place, and nothing stands there beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagrams.census.elements import Element, Kind

_TAKEN = "\x00"  # no inert text holds it


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a format and the place in the model for which they stand."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a format. `carries` are the kinds that it has to say, `filler` its own words.

    In a `whole` reading nothing may stand at a place but elements and filler; `merged` ones tell the actions
    of a state at the place of the state. `about` are the beginnings of the places of which it speaks (none
    given: of all).
    """

    passages: tuple[Passage, ...]
    carries: frozenset[Kind]
    filler: re.Pattern[str]
    whole: bool = True
    merged: bool = False
    about: tuple[str, ...] = ()

    def has_to_carry(self, element: Element) -> bool:
        """Whether the element is of a kind and at a place of which the format speaks."""
        known = not self.about or element.place.startswith(self.about)
        return known and element.kind in self.carries


@dataclass(frozen=True, slots=True)
class Fault:
    """An element that stands `found` times at its place instead of `wanted`; words that are of no element."""

    place: str
    words: str
    wanted: int
    found: int

    def __str__(self) -> str:
        if not self.wanted:
            return f'{self.place}: "{self.words}" is not of the model'
        return f'{self.place}: "{self.words}" stands {self.found} times, not {self.wanted}'


def missing_or_twice(elements: Iterable[Element], reading: Reading) -> tuple[Fault, ...]:
    """The elements that the format does not carry exactly once, and what it says beyond the model."""
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for element in elements:
        if reading.has_to_carry(element):
            wanted[_place(element.place, reading)][element.words] += 1
    texts: dict[str, list[str]] = defaultdict(list)
    for passage in reading.passages:
        texts[_place(passage.place, reading)].append(passage.text)
    places = dict.fromkeys((*wanted, *(texts if reading.whole else ())))
    return tuple(fault for place in places for fault in _faults(place, texts[place], wanted[place], reading))


def _place(place: str, reading: Reading) -> str:
    """The place itself, or that of the state to which it belongs where actions are not told apart."""
    return place.removeprefix("do-").rpartition("-")[0] if reading.merged and place[:3] == "do-" else place


def _faults(place: str, texts: list[str], wanted: Counter[str], reading: Reading) -> Iterator[Fault]:
    text = f" {_TAKEN} ".join(texts)
    for words, count in sorted(wanted.items(), key=lambda item: -len(item[0])):
        text, found = _alone(words).subn(_TAKEN, text)
        if found != count:
            yield Fault(place, words, count, found)
    if reading.whole:
        left = " ".join(reading.filler.sub(" ", " ".join(text.replace(_TAKEN, " ").split())).split())
        if left:
            yield Fault(place, left, 0, 1)


def _alone(words: str) -> re.Pattern[str]:
    """The words where no letter or figure goes on before or after them."""
    before = r"(?<!\w)(?<!\d\.)" if words[0].isalnum() else ""
    after = r"(?!\w|\.\d)" if words[-1].isalnum() else ""
    return re.compile(f"{before}{re.escape(words)}{after}")
