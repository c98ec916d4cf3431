"""A finished picture to mark: only the boxes and lines that are looked at are taken apart, all else stays.

The tables of a large chart are most of its text and no overlay touches them; read and written again they
would take longer than everything else together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from diagrams.layout import RenderError
from diagrams.overlays.captions import Caption, captioned
from diagrams.overlays.geometry import Bounds, Ground, Point, Room, along, around, points_of, width_of
from diagrams.overlays.marks import HEIGHT, Look, breadth, pill, ring
from diagrams.text import inert

_OPEN, _CLOSE = re.compile(r"<g ([^>]*)>"), "</g>"
_ID, _CLASS = re.compile(r'\bid="([^"]*)"'), re.compile(r'\bclass="([^"]*)"')
_PAPER = re.compile(r'<polygon [^>]*?points="[^"]*"')
_SHAPES = ("path", "polygon", "polyline", "ellipse")
_HINT = "Overlays are drawn on charts of `pathway draw` as they came from it"
_LINKS = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A box or a line in the text of the picture."""

    start: int
    end: int
    classes: frozenset[str]


class Sheet:
    """The SVG of a chart while marks are put on it. Raises RenderError for what is no chart."""

    def __init__(self, svg: str) -> None:
        self._svg = svg
        self._leaves = dict(_leaves(svg))
        if not self._leaves:
            raise RenderError("This picture holds no boxes of a chart", _HINT)
        self._parsed: dict[str, Tree.Element] = {}
        self._changed: set[str] = set()
        self._marks = Tree.Element("g", {"id": "overlay", "aria-hidden": "true"})
        self._rings = 0
        self._last_on_edge: dict[tuple[str, bool], Bounds] = {}
        self._words = Ground()
        self._has_words = False
        self._room: Room | None = None  # known once all marks on boxes are
        self._paper = _paper(svg)

    # --- what is there ------------------------------------------------------------------------------
    def __contains__(self, id: str) -> bool:
        return id in self._leaves

    @property
    def boxes(self) -> list[str]:
        return [id for id, leaf in self._leaves.items() if "box" in leaf.classes]

    @property
    def ways(self) -> list[str]:
        return [id for id, leaf in self._leaves.items() if "way" in leaf.classes]

    def classes(self, id: str) -> frozenset[str]:
        """What a box or line is, in the words of its kind."""
        return self._leaves[id].classes

    def shapes(self, id: str) -> list[Tree.Element]:
        """The shapes of a box or line, to be changed in place."""
        return _shapes(self._to_change(id))

    def texts(self, id: str) -> list[Tree.Element]:
        """The lines of text of a box or line, to be changed in place."""
        return list(self._to_change(id).iter("text"))

    def bounds(self, id: str) -> Bounds:
        """Where a box or line is."""
        return around(point for shape in _shapes(self._read(id)) for point in points_of(shape))

    def _to_change(self, id: str) -> Tree.Element:
        self._changed.add(id)
        return self._read(id)

    def _read(self, id: str) -> Tree.Element:
        if id not in self._parsed:
            leaf = self._leaves[id]
            wrapped = f'<x xmlns:xlink="{_LINKS}">{self._svg[leaf.start : leaf.end]}</x>'
            try:
                self._parsed[id] = Tree.fromstring(wrapped)[0]
            except Tree.ParseError as error:
                raise RenderError(f"The element {id} cannot be read: {error}", _HINT) from None
        return self._parsed[id]

    # --- marks --------------------------------------------------------------------------------------
    def tell(self, id: str, words: str) -> None:
        """Say the words to those who do not see the mark, and to a pointer that rests on the element."""
        element, plain = self._to_change(id), inert(words)
        title = element.find("title")
        if title is not None:
            title.text = f"{title.text}. {plain}"
        if "aria-label" in element.attrib:
            element.set("aria-label", f"{element.get('aria-label')}. {plain}")

    def on_box(self, id: str, text: str, look: Look, tip: str = "", below: bool = False) -> None:
        """A pill on the upper or lower edge of a box, right of those that are there already."""
        place = self._next_on_edge(id, breadth(text), below)
        self._last_on_edge[id, below] = place
        self._words.take(place)
        self._marks.append(pill(place.left, (place.top + place.bottom) / 2, text, look, tip))

    def _next_on_edge(self, id: str, wide: float, below: bool) -> Bounds:
        """Beside the last pill there; further out where the paper ends."""
        last = self._last_on_edge.get((id, below))
        if last is not None and last.right + wide <= self._paper.right:
            return Bounds(last.right, last.top, last.right + wide, last.bottom)
        start, end, edge = self._edge(id, below)
        if last is not None:
            top = last.top + (HEIGHT if below else -HEIGHT)
        else:
            top = edge - 2 if below else edge + 2 - HEIGHT  # clear of the words inside
        lefts = (start - 8, end + 8 - wide, (start + end - wide) / 2)
        places = [self._on_paper(Bounds(left, top, left + wide, top + HEIGHT)) for left in lefts]
        return min(places, key=self._words_of_lines().covered)

    def _on_paper(self, at: Bounds) -> Bounds:
        """The same place, moved left as far as the paper asks for."""
        beyond = max(0.0, at.right + 2 - self._paper.right)
        return Bounds(at.left - beyond, at.top, at.right - beyond, at.bottom)

    def _edge(self, id: str, below: bool) -> tuple[float, float, float]:
        """From where to where the upper or lower edge of a box goes, and at which height."""
        points = [point for shape in _shapes(self._read(id)) for point in points_of(shape)]
        heights = [y for _, y in points]
        edge = max(heights) if below else min(heights)
        across = [x for x, y in points if abs(y - edge) < 1]
        return min(across), max(across), edge

    def around_box(self, id: str, look: Look) -> None:
        """A ring around a box."""
        self._marks.insert(self._rings, ring(self.bounds(id).grown(5), look))
        self._rings += 1  # rings lie under all pills

    def on_way(self, id: str, text: str, look: Look, tip: str = "") -> None:
        """A pill on a line, where it covers no words and no box if there is such a place.

        Pills on boxes come first, so that these keep away from them.
        """
        if self._room is None:
            self._room = self._found_room()
        label = map(_text_bounds, self._read(id).iter("text"))
        place = self._room.on(self._line(id), label, breadth(text), HEIGHT)
        self._marks.append(pill(place.left, (place.top + place.bottom) / 2, text, look, tip))

    def _line(self, id: str) -> list[Point]:
        return along(next(shape for shape in _shapes(self._read(id)) if shape.tag == "path"))

    def _found_room(self) -> Room:
        """What is written at lines, all marks so far, and the boxes with some room around them."""
        everything = self._words_of_lines().copy()
        for id in self.boxes:
            everything.take(self.bounds(id).grown(HEIGHT / 2))
        return Room(self._paper, self._words, everything)

    def _words_of_lines(self) -> Ground:
        """What is written outside boxes and tables, and the marks so far."""
        if not self._has_words:
            self._has_words = True
            for id, leaf in self._leaves.items():
                if "box" not in leaf.classes:
                    for text in self._read(id).iter("text"):
                        self._words.take(_text_bounds(text))
        return self._words

    # --- the picture --------------------------------------------------------------------------------
    def written(self, caption: Caption) -> str:
        """The picture with all marks and a caption in a band above it; everything else is where it was."""
        return captioned(self.marked(), caption)

    def marked(self) -> str:
        """The picture with all marks, without a caption."""
        pieces: list[str] = []
        done, end = 0, self._svg.rindex(_CLOSE)
        changed = [id for id in self._leaves if id in self._changed]  # in the order of the picture
        for id, text in zip(changed, _texts_of(self._parsed[id] for id in changed), strict=True):
            leaf = self._leaves[id]
            pieces += [self._svg[done : leaf.start], text]
            done = leaf.end
        marks = Tree.tostring(self._marks, encoding="unicode")
        return "".join([*pieces, self._svg[done:end], marks, "\n", self._svg[end:]])


def _paper(svg: str) -> Bounds:
    """The white that the chart is drawn on, which is the first shape in it."""
    found = _PAPER.search(svg)
    if found is None:
        raise RenderError("This picture has no paper", _HINT)
    return around(points_of(Tree.fromstring(f"{found[0]}/>")))


def _texts_of(groups: Iterable[Tree.Element]) -> list[str]:
    """Each group as text. They are written together, which is much faster, and none holds another."""
    whole = Tree.Element("x")
    whole.extend(groups)
    text = Tree.tostring(whole, encoding="unicode", short_empty_elements=True)
    *each, _ = text[text.index(">") + 1 :].split(_CLOSE)
    return [f"{one}{_CLOSE}" for one in each]


def _shapes(group: Tree.Element) -> list[Tree.Element]:
    return [part for part in group.iter() if part.tag in _SHAPES]


def _leaves(svg: str) -> Iterator[tuple[str, _Leaf]]:
    for opening in _OPEN.finditer(svg):
        id, classes = _ID.search(opening[1]), _CLASS.search(opening[1])
        words = frozenset(classes[1].split()) if classes else frozenset[str]()
        if id is not None and (words & {"box", "way"} or id[1].endswith("-title")):
            yield id[1], _Leaf(opening.start(), svg.index(_CLOSE, opening.end()) + len(_CLOSE), words)


def _text_bounds(text: Tree.Element) -> Bounds:
    size = float(text.get("font-size", "12"))
    wide = width_of("".join(text.itertext()), size)
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    left = {"middle": x - wide / 2, "end": x - wide}.get(text.get("text-anchor", "start"), x)
    return Bounds(left, y - size, left + wide, y + size * 0.25)
