"""Where the elements of a picture are, and where beside a line a mark finds room."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree as Tree

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CELL = 80
_FRACTIONS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.08, 0.92)  # of the length of a line
_SIDES = (0.5, 1.06, -0.06, 1.2, -0.2)  # the share of a mark's width that lies left of its line
_WIDE, _NARROW = set("mwMW%@—"), set(" ijlItf.,:;|!'()[]-/")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in points; y grows downward."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Bounds) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Bounds) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def shared(self, other: Bounds) -> float:
        """The area in common with another rectangle that it meets."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        return wide * (min(self.bottom, other.bottom) - max(self.top, other.top))

    def grown(self, by: float) -> Bounds:
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(slots=True)
class Ground:
    """What is occupied, kept in squares so that a look at one place reads only what is near."""

    _cells: defaultdict[tuple[int, int], list[Bounds]] = field(
        default_factory=lambda: defaultdict(list[Bounds])
    )

    def take(self, bounds: Bounds) -> None:
        for cell in _cells(bounds):
            self._cells[cell].append(bounds)

    def copy(self) -> Ground:
        """The same ground, to be occupied further without this one."""
        cells = defaultdict(list[Bounds], {cell: list(taken) for cell, taken in self._cells.items()})
        return Ground(cells)

    def is_free(self, bounds: Bounds) -> bool:
        near = (taken for cell in _cells(bounds) for taken in self._cells.get(cell, ()))
        return not any(bounds.meets(taken) for taken in near)

    def covered(self, bounds: Bounds) -> float:
        """How much of what is there a mark would cover, in square points."""
        near = {taken for cell in _cells(bounds) for taken in self._cells.get(cell, ())}
        return sum(bounds.shared(taken) for taken in near if bounds.meets(taken))


def _cells(bounds: Bounds) -> Iterator[tuple[int, int]]:
    for column in range(int(bounds.left // _CELL), int(bounds.right // _CELL) + 1):
        for row in range(int(bounds.top // _CELL), int(bounds.bottom // _CELL) + 1):
            yield column, row


def points_of(shape: Tree.Element) -> list[Point]:
    """The corners and control points of a shape; an ellipse counts by the corners around it."""
    if shape.tag == "ellipse":
        x, y, rx, ry = (float(shape.get(name, "0")) for name in ("cx", "cy", "rx", "ry"))
        return [(x - rx, y - ry), (x + rx, y + ry)]
    numbers = [float(number) for number in _NUMBER.findall(shape.get("points") or shape.get("d") or "")]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def around(points: Iterable[Point]) -> Bounds:
    """The rectangle around some points."""
    across, down = zip(*points, strict=True)
    return Bounds(min(across), min(down), max(across), max(down))


def along(shape: Tree.Element) -> list[Point]:
    """A line as straight pieces, from the control points of its curves (four to a curve)."""
    points = points_of(shape)
    found = points[:1]
    for at in range(0, len(points) - 3, 3):
        found += [_on_curve(points[at : at + 4], step / 4) for step in (1, 2, 3, 4)]
    return found


def _on_curve(points: list[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    return x, sum(weight * point[1] for weight, point in zip(weights, points, strict=True))


@dataclass(frozen=True, slots=True)
class Room:
    """The paper that marks stay on, what they must not cover there, and what they should keep away from."""

    paper: Bounds
    words: Ground
    everything: Ground

    def on(self, line: list[Point], words: Iterable[Bounds], width: float, height: float) -> Bounds:
        """Where a mark of this size goes: on the line, beside it, or beside the `words` of the line.

        On the most crowded ground it stands where it covers the least. What is there then is taken.
        """
        spots = [_at(line, fraction) for fraction in _FRACTIONS]
        wished = list(_places(spots, words, width, height))
        places = [place for place in wished if self.paper.holds(place)] or wished
        grounds = (self.everything, self.words)
        free = (place for ground in grounds for place in places if ground.is_free(place))
        found = next(free, None) or min(places, key=self.words.covered)
        self.words.take(found)
        self.everything.take(found)
        return found


def _places(spots: list[Point], words: Iterable[Bounds], width: float, height: float) -> Iterator[Bounds]:
    """Where a mark could go, the best places first."""
    for x, y in spots:
        for side in _SIDES:
            left = x - width * side
            yield Bounds(left, y - height / 2, left + width, y + height / 2)
    for one in words:
        yield from _ends_of(one, width, height)


def _ends_of(words: Bounds, width: float, height: float) -> tuple[Bounds, Bounds]:
    """Right and left of a line of words."""
    middle = (words.top + words.bottom) / 2
    top, bottom = middle - height / 2, middle + height / 2
    right, left = words.right + 1, words.left - 1
    return Bounds(right, top, right + width, bottom), Bounds(left - width, top, left, bottom)


def _at(line: list[Point], fraction: float) -> Point:
    pieces = [(a, b, abs(a[0] - b[0]) + abs(a[1] - b[1])) for a, b in pairwise(line)]
    left = sum(length for _, _, length in pieces) * fraction
    for start, end, length in pieces:
        if left <= length and length > 0:
            share = left / length
            return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        left -= length
    return line[-1]


def width_of(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is set, in points, rather too wide than too narrow."""
    units = sum(map(_width, text))
    return units * size * (1.06 if bold else 1.0)


def _width(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    if not character.isascii():
        return 1.0
    return 0.7 if character.isupper() else 0.57
