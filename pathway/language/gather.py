"""Gathers a pathway from one file, or a folder of them, into one checked model with its digest."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PureWindowsPath
from typing import Any

from pydantic import ValidationError

from pathway.language import written
from pathway.language.digest import digest_of
from pathway.language.problems import DefinitionError, Place, Problem, nearest
from pathway.language.refusals import DataPath, refusals, say
from pathway.language.salvage import salvage
from pathway.language.source import (
    MOST_NODES,
    Mapping,
    Node,
    Scalar,
    Sequence,
    content_of,
    plain,
    read_content,
)

MAIN_FILE = "pathway.yaml"
INCLUDE = "include"
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Places:
    """Where each part of the merged definition stands."""

    _known: dict[DataPath, tuple[Place, Place]]

    def of(self, path: DataPath, key: bool = False) -> Place:
        """The place of the value at `path`, or of its key; of its nearest ancestor when it is absent."""
        while path and path not in self._known:
            path, key = path[:-1], True
        value_place, key_place = self._known[path]
        return key_place if key else value_place


@dataclass(frozen=True)
class Gathered:
    """A whole pathway as its author wrote it: model, digest, places, the files read and the plain data.

    `digest` is the SHA-256 (hex) of the canonical JSON of `data`: the merged definition without `include`,
    every scalar as written. Comments and the split into files do not change it. `contents` is the SHA-256 of
    the bytes read of each file, by its name in `files`; these change with every byte.
    """

    pathway: written.Pathway
    digest: str
    places: Places
    files: tuple[Path, ...]
    data: dict[str, Any]
    contents: dict[str, str] = field(default_factory=dict[str, str])


def gather(path: Path) -> Gathered:
    """Read the pathway in `path`, a YAML file or a folder with a `pathway.yaml`.

    Raises DefinitionError with everything that is wrong in any of its files.
    """
    main = path / MAIN_FILE if path.is_dir() else path
    merger = _Merger(main.parent)
    merger.read(main)
    root = Mapping(tuple(merger.entries()), Place(main.as_posix(), 1, 1))
    problems = merger.problems
    known, nulls = _surveyed(root, problems)
    places = Places(known)
    data = {key.text: plain(value) for key, value in root.entries}
    pathway = _validated(data, places, nulls, merger.complete, problems)
    files = tuple(merger.files)
    if problems or pathway is None:
        if not merger.complete:
            raise DefinitionError(problems)
        raise UnsoundError.of(problems, data, places, files)
    return Gathered(pathway, digest_of(data), places, files, data, merger.contents)


class UnsoundError(DefinitionError):
    """A definition of the wrong shape. `rest` is what is left of it, `gone` the ids that lost something."""

    rest: Gathered | None = None
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, problems: list[Problem], data: dict[str, Any], places: Places, files: tuple[Path, ...]
    ) -> UnsoundError:
        error, left = cls(problems), salvage(data)
        if left is not None:
            error.rest, error.gone = Gathered(left[0], "", places, files, data), left[1]
        return error


def _validated(
    data: dict[str, Any], places: Places, nulls: set[DataPath], complete: bool, problems: list[Problem]
) -> written.Pathway | None:
    """The model, or None after its refusals were added to the problems."""
    try:
        return written.Pathway.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        for refusal in refusals(error, data, written.Pathway):
            absent_at_top = refusal.is_missing_key and not refusal.path
            if refusal.path in nulls or (absent_at_top and not complete):
                continue
            problems.append(Problem(places.of(refusal.path, refusal.at_key), refusal.text, refusal.fix))
    return None


def _surveyed(
    root: Mapping, problems: list[Problem]
) -> tuple[dict[DataPath, tuple[Place, Place]], set[DataPath]]:
    """The places of every part and the paths of values left empty; raises when there are too many parts."""
    known: dict[DataPath, tuple[Place, Place]] = {}
    nulls: set[DataPath] = set()
    for path, key_place, node in _parts(root):
        known[path] = (node.place, key_place)
        if len(known) > MOST_NODES:
            text = f"With its included files the pathway has more than {MOST_NODES:,} parts"
            raise DefinitionError([*problems, Problem(root.place, text, "Make it smaller")])
        if isinstance(node, Scalar) and node.is_null:
            nulls.add(path)
            fix = 'Say what it is, or leave the key out; quote "null" where the word is meant'
            problems.append(Problem(key_place, f"{say(path)} has no value", fix))
    return known, nulls


def _parts(root: Mapping) -> Iterator[tuple[DataPath, Place, Node]]:
    """Every node with its path and the place of its key (of itself where it has none)."""
    left: list[tuple[DataPath, Place, Node]] = [((), root.place, root)]
    while left:
        path, key_place, node = left.pop()
        yield path, key_place, node
        if isinstance(node, Mapping):
            left.extend(((*path, key.text), key.place, value) for key, value in node.entries)
        elif isinstance(node, Sequence):
            left.extend(((*path, number), item.place, item) for number, item in enumerate(node.items))


@dataclass(slots=True)
class _Section:
    """One key of the top level: its value, or the ids that several files put under it."""

    key: Scalar
    value: Node
    ids: dict[str, tuple[Scalar, Node]] = field(default_factory=lambda: {})


class _Merger:
    """Reads a main file and its includes, and merges their sections id by id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sections: dict[str, _Section] = {}
        self.problems: list[Problem] = []
        self.files: list[Path] = []
        self.contents: dict[str, str] = {}
        self.complete = True
        self._seen: dict[Path, Place | None] = {}
        self._reading: list[Path] = []

    def read(self, path: Path, at: Place | None = None) -> None:
        """Merge a file in, then its includes; `at` is where it was included."""
        self.files.append(path)
        try:
            name = path.as_posix()
            content = content_of(path, name)
            self.contents[name] = hashlib.sha256(content).hexdigest()
            root = read_content(content, name)
        except DefinitionError as error:
            self.complete = False
            self.problems.extend(error.problems)
            return
        identity = path.resolve()
        self._seen[identity] = at
        self._reading.append(identity)
        self._take(root, path)
        self._reading.pop()

    def entries(self) -> Iterator[tuple[Scalar, Node]]:
        """The merged top level."""
        for section in self.sections.values():
            if isinstance(section.value, Mapping):
                yield section.key, Mapping(tuple(section.ids.values()), section.value.place)
            else:
                yield section.key, section.value

    def _take(self, root: Node, path: Path) -> None:
        if not isinstance(root, Mapping):
            self.complete = False
            text = "A pathway file holds keys with their values, such as `title: ...`"
            self._refuse(root.place, text, "Write `key: value` lines")
            return
        for key, value in root.entries:
            if key.text != INCLUDE:
                self._merge(key, value)
        for key, value in root.entries:
            if key.text == INCLUDE:
                self._include(value, path)

    def _merge(self, key: Scalar, value: Node) -> None:
        section = self.sections.setdefault(key.text, _Section(key, value))
        if isinstance(value, Mapping) and isinstance(section.value, Mapping):
            for id_, part in value.entries:
                self._merge_id(section, id_, part)
        elif section.key is not key:
            text = f"`{key.text}` is written in two files: {section.key.place} and {key.place}"
            self._refuse(key.place, text, "Keep one of them")

    def _merge_id(self, section: _Section, id_: Scalar, part: Node) -> None:
        first = section.ids.setdefault(id_.text, (id_, part))[0]
        if first is not id_:
            text = f"`{section.key.text}.{id_.text}` is written in two files: {first.place} and {id_.place}"
            self._refuse(id_.place, text, "Keep one of them, or give one another id")

    def _include(self, value: Node, path: Path) -> None:
        items = value.items if isinstance(value, Sequence) else (value,)
        for item in items:
            if isinstance(item, Scalar) and not item.is_null:
                self._include_file(item.text, item.place, path)
            else:
                self.complete = False
                self._refuse(item.place, "`include` takes file names", "Write `include: [facts.yaml]`")

    def _include_file(self, name: str, at: Place, path: Path) -> None:
        wrong = self._unfit(name, path)
        if wrong is None and len(self.files) >= MOST_FILES:
            wrong = (f"A pathway has at most {MOST_FILES} files", "Join some of them")
        if wrong is None:
            self.read(path.parent / name, at)
            return
        self.complete = False
        self._refuse(at, *wrong)

    def _unfit(self, name: str, path: Path) -> tuple[str, str] | None:
        """Why a file cannot be included and what to do, or None when it can."""
        windows = PureWindowsPath(name)
        if "\\" in name or name.startswith("/") or windows.drive or ".." in windows.parts:
            fix = "Name a file of this folder, with / between folders"
            return f"`{name}` leaves the folder of the pathway", fix
        try:
            target = (path.parent / name).resolve()
            regular = stat.S_ISREG(target.stat().st_mode)
            inside = target.is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):  # missing, too long, or symbolic links in a circle
            return self._missing(name, path)
        if not inside:
            text = f"`{name}` is a link that leaves the folder of the pathway"
            return text, "Put the file itself into this folder"
        if not regular:
            return f"`{name}` is not a file", "Name the files one by one"
        return self._again(name, target)

    def _again(self, name: str, target: Path) -> tuple[str, str] | None:
        if target in self._reading:
            return f"`{name}` includes itself, directly or through other files", "Remove this line"
        if target in self._seen:
            before = self._seen[target]
            text = f"`{name}` is included already" + (f" at {before}" if before else "")
            return text, "Remove one of the two"
        return None

    def _missing(self, name: str, path: Path) -> tuple[str, str]:
        folder = path.parent
        there = islice((file for depth in ("*.y*ml", "*/*.y*ml") for file in folder.glob(depth)), MOST_FILES)
        near = nearest(name, [file.relative_to(folder).as_posix() for file in there])
        fix = f"Did you mean `{near}`?" if near else "Create it, or remove this line"
        return f"There is no file `{name}` in this folder", fix

    def _refuse(self, place: Place, text: str, fix: str) -> None:
        self.problems.append(Problem(place, text, fix))
