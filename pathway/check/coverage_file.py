"""Reads `coverage.yaml`: the matrix of statements and the elements that cite them, and what is set aside."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pathway.language.gather import MAIN_FILE
from pathway.language.problems import DefinitionError, Place, Problem, nearest
from pathway.language.source import Mapping as MappingNode
from pathway.language.source import Node, Scalar, Sequence, read_source, read_text

COVERAGE_FILE = "coverage.yaml"
SET_ASIDE, STATEMENTS = "set_aside", "statements"
KEYS = (SET_ASIDE, STATEMENTS)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Why a statement has no executable meaning, and where that is said."""

    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: the elements that are said to cite a statement, each with its place."""

    elements: Mapping[str, Place]
    place: Place


@dataclass(frozen=True, slots=True)
class CoverageFile:
    """What `coverage.yaml` says, by statement id; `statements` is None where it has no matrix yet.

    `key` is where `statements` stands, `place` where the file begins.
    """

    set_aside: Mapping[str, SetAside]
    statements: Mapping[str, Row] | None
    place: Place
    key: Place | None = None


def coverage_path(main: Path) -> Path | None:
    """Where the coverage of a pathway is kept, by its main file; None for a pathway of a single file."""
    return main.with_name(COVERAGE_FILE) if main.name == MAIN_FILE else None


def read_coverage(path: Path) -> CoverageFile | None:
    """Read `coverage.yaml`; None where there is none. Raises DefinitionError with everything wrong in it."""
    if not os.path.lexists(path):
        return None
    return _coverage(read_source(path))


def coverage_from_text(text: str, name: str) -> CoverageFile:
    """Read the text of a `coverage.yaml`; `name` is what messages call it. Raises DefinitionError."""
    return _coverage(read_text(text, name))


def _coverage(root: Node) -> CoverageFile:
    problems: list[Problem] = []
    keys = _keys(root, problems)
    set_aside = {
        key.text: SetAside(_reason(key, value, problems), key.place)
        for key, value in _entries(SET_ASIDE, keys, problems)
    }
    rows = {
        key.text: Row(dict(_names(key, value, problems)), key.place)
        for key, value in _entries(STATEMENTS, keys, problems)
    }
    if problems:
        raise DefinitionError(problems)
    if STATEMENTS not in keys:
        return CoverageFile(set_aside, None, root.place)
    return CoverageFile(set_aside, rows, root.place, keys[STATEMENTS][0].place)


def _keys(root: Node, problems: list[Problem]) -> dict[str, tuple[Scalar, Node]]:
    if not isinstance(root, MappingNode):
        fix = f"Write `{SET_ASIDE}:` and `{STATEMENTS}:`"
        problems.append(Problem(root.place, "This file holds two keys with their values", fix))
        return {}
    keys = {key.text: (key, value) for key, value in root.entries}
    problems += [_unknown(key) for key, _ in keys.values() if key.text not in KEYS]
    return keys


def _unknown(key: Scalar) -> Problem:
    close = nearest(key.text, KEYS)
    fix = f"Did you mean `{close}`?" if close else f"The keys are {' and '.join(KEYS)}"
    return Problem(key.place, f"There is no key `{key.text}` in {COVERAGE_FILE}", fix)


def _entries(
    name: str, keys: Mapping[str, tuple[Scalar, Node]], problems: list[Problem]
) -> tuple[tuple[Scalar, Node], ...]:
    """The entries under a key; none where the key is missing or nothing stands under it."""
    if name not in keys:
        return ()
    value = keys[name][1]
    if isinstance(value, MappingNode):
        return value.entries
    if not (isinstance(value, Scalar) and value.is_null):
        line = "S06: The reason, one sentence" if name == SET_ASIDE else "S01: [facts.inr]"
        text = f"`{name}` holds lines that begin with a statement id"
        problems.append(Problem(value.place, text, f"Such as {line}"))
    return ()


def _reason(key: Scalar, value: Node, problems: list[Problem]) -> str:
    reason = value.text if isinstance(value, Scalar) and not value.is_null else ""
    if any(character.isalpha() for character in reason):
        return " ".join(reason.split())
    fix = "Say in one sentence why it has no executable meaning"
    problems.append(Problem(key.place, f"`{key.text}` is set aside without a reason", fix))
    return ""


def _names(key: Scalar, value: Node, problems: list[Problem]) -> Iterator[tuple[str, Place]]:
    if not isinstance(value, Sequence):
        fix = f"Run `pathway check --write-coverage`, or write {key.text}: [facts.inr]"
        problems.append(Problem(value.place, f"`{STATEMENTS}.{key.text}` is a list of elements", fix))
        return
    for item in value.items:
        if isinstance(item, Scalar) and not item.is_null:
            yield item.text, item.place
        else:
            text = f"`{STATEMENTS}.{key.text}` lists names of elements"
            problems.append(Problem(item.place, text, "Write a name such as facts.inr"))
