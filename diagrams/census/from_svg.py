"""A finished picture read back: words by the fields in which they stand, lines by where their ends are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree as Tree

from diagrams.census.counting import Reading
from diagrams.census.drawn import Drawn, DrawnBox, DrawnTable, DrawnWay, reading_of
from diagrams.svg_text import SVG

_NEAR = 3.0  # points between the end of a line and the box that it touches
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_RULER = 0.6  # points by which two rules of one record may differ and still be one


def read_svg(svg: str, prefix: str = "") -> Reading:
    """What a picture of the whole chart says; `prefix` stands before its ids."""
    return reading_of(drawn_in(svg, prefix))


def drawn_in(svg: str, prefix: str = "") -> Drawn:
    """The boxes, lines and tables of a picture."""
    groups = [_Group(one, prefix) for one in Tree.fromstring(svg).iter(f"{{{SVG}}}g")]
    boxes = [one for one in groups if "box" in one.looks]
    return Drawn(
        tuple(DrawnBox(one.id, one.cell(0, 0), one.deeds) for one in boxes),
        tuple(one.way(boxes) for one in groups if "way" in one.looks),
        tuple(one.table for one in groups if "table" in one.looks),
        tuple((one.id.removesuffix("-title"), one.cell(0, 0)) for one in groups if one.id[-6:] == "-title"),
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line between fields: at `at`, from `low` to `high`."""

    at: float
    low: float
    high: float


class _Group:
    """An element of the picture with its own words."""

    def __init__(self, element: Tree.Element, prefix: str) -> None:
        self._element = element
        self.id = element.get("id", "").removeprefix(prefix)
        self.looks = element.get("class", "").split()

    def _all(self, *tags: str) -> list[Tree.Element]:
        return [child for child in self._element if child.tag in {f"{{{SVG}}}{tag}" for tag in tags}]

    @cached_property
    def _cells(self) -> Mapping[tuple[int, int], str]:
        """The words by row and column of the field in which they stand; (0, 0) is the top."""
        across, down = self._rules()
        found: dict[tuple[int, int], list[str]] = defaultdict(list)
        for text in self._all("text"):
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            row = sum(rule.at < y and rule.low <= x <= rule.high for rule in across)
            column = sum(rule.at < x and rule.low <= y <= rule.high for rule in down)
            found[row, column].append("".join(text.itertext()))
        return {place: " ".join(" ".join(texts).split()) for place, texts in found.items()}

    def _rules(self) -> tuple[list[_Rule], list[_Rule]]:
        across, down = list[_Rule](), list[_Rule]()
        for line in self._all("polyline"):
            x1, y1, x2, y2 = map(float, _NUMBER.findall(line.get("points", "")))
            if abs(y1 - y2) < _RULER:
                across.append(_Rule(y1, *sorted((x1, x2))))
            else:
                down.append(_Rule(x1, *sorted((y1, y2))))
        return across, down

    def cell(self, row: int, column: int) -> str:
        return self._cells.get((row, column), "")

    @property
    def deeds(self) -> tuple[tuple[str, str], ...]:
        """The fields under the top: deadline and action, or the action alone."""
        last_row = max((row for row, _ in self._cells), default=0)
        wide = any(column for _, column in self._cells)
        return tuple(
            (self.cell(row, 0) if wide else "", self.cell(row, int(wide))) for row in range(1, last_row + 1)
        )

    @property
    def table(self) -> DrawnTable:
        """The title is the top, the headings the first row below it."""
        last_row, last_column = (max(place[at] for place in self._cells) for at in (0, 1))
        headings = [self.cell(1, column) for column in range(last_column + 1)]
        rows = [
            {title: self.cell(row, column) for column, title in enumerate(headings)}
            for row in range(2, last_row + 1)
        ]
        return DrawnTable(self.id, tuple(rows))

    @cached_property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the shape."""
        if ellipses := self._all("ellipse"):
            x, y, wide, tall = (float(ellipses[0].get(name, "")) for name in ("cx", "cy", "rx", "ry"))
            return x - wide, y - tall, x + wide, y + tall
        shape = self._all("polygon", "path")[0]
        numbers = [float(one) for one in _NUMBER.findall(shape.get("points") or shape.get("d", ""))]
        xs, ys = numbers[::2], numbers[1::2]
        return min(xs), min(ys), max(xs), max(ys)

    def way(self, boxes: list[_Group]) -> DrawnWay:
        """A line from the box that its beginning touches to the one that its arrow does."""
        points = [
            [float(one) for one in _NUMBER.findall(path.get("d", ""))] for path in self._all("path")
        ] or [[0.0] * 4]
        first, last = tuple(points[0][:2]), tuple(points[-1][-2:])
        if arrows := self._all("polygon"):
            numbers = [float(one) for one in _NUMBER.findall(arrows[0].get("points", ""))]
            corners = list(zip(numbers[::2], numbers[1::2], strict=True))
            last = max(corners, key=lambda corner: _apart(corner, last))
        label = " ".join("".join(text.itertext()) for text in self._all("text"))
        return DrawnWay(self.id, _touched(first, boxes), _touched(last, boxes), " ".join(label.split()))


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _touched(point: tuple[float, ...], boxes: list[_Group]) -> str:
    """The id of the nearest box within reach."""
    x, y = point
    near: list[tuple[float, str]] = []
    for box in boxes:
        left, top, right, bottom = box.frame
        away = max(left - x, x - right, top - y, y - bottom, 0.0)
        near.append((away, box.id))
    distance, id = min(near)
    return id if distance <= _NEAR else "nothing"
