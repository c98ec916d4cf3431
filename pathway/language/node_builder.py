"""Builds nodes from the events of a YAML parser, within bounds, and refuses what would mislead a reader."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn

import yaml

from pathway.language.characters import JUNK, named, split_lines
from pathway.language.nodes import Mapping, Node, Scalar, Sequence
from pathway.language.problems import DefinitionError, Place, Problem, nearest

MOST_NODES = 100_000  # fourteen times what the largest bundled pathway has
DEEPEST = 64
MOST_PROBLEMS = 100
GUARD_KEYS = frozenset({"when", "until", "formula", "evidence", "never", "always", "value", "otherwise"})


@dataclass(frozen=True, slots=True)
class Page:
    """The text being read, with its lines for messages."""

    name: str
    text: str
    lines: tuple[str, ...]

    def place(self, start: Any, end: Any = None) -> Place:
        """The place between two parser marks; what goes on in further lines ends with its first."""
        line: int = start.line
        excerpt = self.lines[line] if line < len(self.lines) else ""
        stop = len(excerpt.rstrip())
        if end is None:
            stop = start.column + 1
        elif end.line == line:
            stop = end.column
        return Place(self.name, line + 1, start.column + 1, max(1, stop - start.column), excerpt)

    def at(self, index: int) -> Place:
        """The place of the character with this index."""
        before = split_lines(self.text[:index])
        return Place(self.name, len(before), len(before[-1]) + 1, 1, self.lines[len(before) - 1])


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    event: Any
    children: list[Node] = field(default_factory=lambda: [])
    marks: list[tuple[Any, Any]] = field(default_factory=lambda: [])
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Built:
    """A finished node with the nodes it holds and their depth, aliases written out."""

    node: Node
    size: int
    height: int


class NodeBuilder:
    """Builds nodes from parser events without recursion, within the bounds of this module."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, _Built | None] = {}
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0

    def take(self, event: Any) -> None:
        """Take in the next event; raises DefinitionError where reading on would be pointless."""
        reader = self._READERS.get(type(event))
        if reader is not None:
            reader(self, event)

    def finished(self) -> Node:
        """The document's node; raises DefinitionError when anything was found."""
        root = self.root
        if not self.problems and (root is None or (isinstance(root, Scalar) and root.is_null)):
            fix = "Write the definition, or leave the file out"
            self._report(Place(self.page.name, 1, 1), "This file is empty", fix)
        if self.problems or root is None:
            raise DefinitionError(self.problems)
        return root

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            fix = "Keep one document in a file: remove this `---`"
            self._stop(event, "A second document starts here", fix)

    def _collection(self, event: Any) -> None:
        self._declare(event)
        self._count(event, 1, 1)
        self.open.append(_Open(event))

    def _scalar(self, event: Any) -> None:
        self._declare(event)
        self._count(event, 1, 0)
        place = self.page.place(event.start_mark, event.end_mark)
        if junk := JUNK.search(event.value):
            text = f"This text holds the invisible character {named(junk)}"
            self._report(place, text, "Remove its escape")
        self._finish(event, _Built(Scalar(event.value, not event.style, place), 1, 0), event.end_mark)

    def _alias(self, event: Any) -> None:
        built = self.anchors.get(event.anchor)
        if event.anchor not in self.anchors:
            near = nearest(event.anchor, self.anchors)
            fix = f"Did you mean *{near}?" if near else f"Put &{event.anchor} before the part that is meant"
            self._stop(event, f"*{event.anchor} stands for nothing written above", fix)
        if built is None:
            self._stop(event, f"*{event.anchor} stands inside the part it repeats", "Write the part out")
        self._count(event, built.size, built.height)
        self._add(self._repeated(built, event), event.start_mark, event.end_mark)

    def _repeated(self, built: _Built, event: Any) -> _Built:
        """A repeated scalar stands where its alias does; a larger part keeps the place of its anchor."""
        if not isinstance(built.node, Scalar):
            return built
        place = self.page.place(event.start_mark, event.end_mark)
        return dataclasses.replace(built, node=dataclasses.replace(built.node, place=place))

    def _close(self, event: Any) -> None:
        done = self.open.pop()
        place = self.page.place(done.event.start_mark, event.end_mark)
        if isinstance(done.event, yaml.SequenceStartEvent):
            node: Node = Sequence(tuple(done.children), place)
        else:
            node = Mapping(self._entries(done), place)
        self._finish(done.event, _Built(node, done.size, done.height), event.end_mark)

    def _finish(self, event: Any, built: _Built, end: Any) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = built
        self._add(built, event.start_mark, end)

    def _add(self, built: _Built, start: Any, end: Any) -> None:
        if not self.open:
            self.root = built.node
            return
        inside = self.open[-1]
        inside.children.append(built.node)
        inside.marks.append((start, end))
        inside.size += built.size
        inside.height = max(inside.height, built.height + 1)

    def _count(self, event: Any, size: int, height: int) -> None:
        """Refuse what grows beyond the bounds, repetitions written out."""
        self.nodes += size
        if self.nodes > MOST_NODES:
            text = f"With its repetitions this file has more than {MOST_NODES:,} parts"
            self._stop(event, text, "Split it, and repeat less with *")
        if len(self.open) + height > DEEPEST:
            self._stop(event, f"This is nested more than {DEEPEST} levels deep", "Nest less")

    def _declare(self, event: Any) -> None:
        """Refuse what would change the meaning of a node, and remember its anchor."""
        if event.tag is None and event.anchor is None:
            return
        place = self.page.place(event.start_mark)
        if event.tag is not None:
            fix = "Remove it: the key says how its value is read; quote text that begins with !"
            self._report(place, f"The tag {event.tag} is not used in definitions", fix)
        if event.anchor is None:
            return
        if event.anchor in self.anchors:
            text = f"The anchor &{event.anchor} is given twice"
            self._report(place, text, "Rename one of them")
        self.anchors[event.anchor] = None

    def _entries(self, done: _Open) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        cuts: dict[int, int] = {}
        last: int | None = None
        for number in range(0, len(done.children), 2):
            key, value = done.children[number : number + 2]
            if not isinstance(key, Scalar):
                self._report(key.place, "A key has to be a text", "Quote text that begins with { or [")
            elif last is not None and self._is_stray(done, number):
                cuts[last] = number
            elif self._is_new_key(key, entries):
                entries[key.text] = (key, value)
                last = number
        for owner, stray in cuts.items():
            self._cut_off(done, owner, stray)
        return tuple(entries.values())

    def _is_stray(self, done: _Open, number: int) -> bool:
        """Whether a key has neither value nor colon: the rest of a text that a comma cut in two."""
        value = done.children[number + 1]
        if not done.event.flow_style or not isinstance(value, Scalar) or value.text or not value.plain:
            return False
        key_end, value_start = done.marks[number][1], done.marks[number + 1][0]
        return ":" not in self.page.text[key_end.index : value_start.index]

    def _cut_off(self, done: _Open, owner: int, stray: int) -> None:
        """Say which text the comma cut, with the whole of it in quotation marks."""
        key = done.children[owner]
        name = key.text if isinstance(key, Scalar) else ""
        start, end = done.marks[owner + 1][0], done.marks[stray][1]
        whole = " ".join(self.page.text[start.index : end.index].split())
        what = "guard" if name in GUARD_KEYS else "text"
        text = f"A comma inside {{ }} ends this {what}, and its rest is read as a key without a value"
        fix = f"Quote this {what}: {name}: {_quoted(whole)}"
        self._report(self.page.place(start, end), text, fix)

    def _is_new_key(self, key: Scalar, entries: dict[str, tuple[Scalar, Node]]) -> bool:
        if key.plain and key.text == "":
            self._report(key.place, "A key is missing before this colon", "Name it")
        elif key.plain and key.text == "<<":
            self._report(key.place, "The merge key << is not used in definitions", "Write the keys out")
        elif key.text in entries:
            first = entries[key.text][0].place.line
            text = f"The key `{key.text}` stands twice: in line {first} and in line {key.place.line}"
            self._report(key.place, text, "Keep one of them")
        else:
            return True
        return False

    def _report(self, place: Place, text: str, fix: str) -> None:
        self.problems.append(Problem(place, text, fix))
        if len(self.problems) >= MOST_PROBLEMS:
            raise DefinitionError(self.problems)

    def _stop(self, event: Any, text: str, fix: str) -> NoReturn:
        place = self.page.place(event.start_mark, event.end_mark)
        raise DefinitionError([*self.problems, Problem(place, text, fix)])

    _READERS: ClassVar[dict[Any, Callable[[NodeBuilder, Any], None]]] = {
        yaml.DocumentStartEvent: _document,
        yaml.MappingStartEvent: _collection,
        yaml.SequenceStartEvent: _collection,
        yaml.MappingEndEvent: _close,
        yaml.SequenceEndEvent: _close,
        yaml.ScalarEvent: _scalar,
        yaml.AliasEvent: _alias,
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
