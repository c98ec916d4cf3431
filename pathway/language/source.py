"""Reads YAML text into frozen nodes that keep every scalar as written and know where it stands."""

from __future__ import annotations

import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pathway.language.characters import JUNK, named, split_lines
from pathway.language.node_builder import MOST_NODES, NodeBuilder, Page
from pathway.language.nodes import Mapping, Node, Plain, Scalar, Sequence, plain
from pathway.language.problems import DefinitionError, Place, Problem
from pathway.language.yaml_syntax import meaning

__all__ = [
    "MOST_BYTES",
    "MOST_NODES",
    "Mapping",
    "Node",
    "Plain",
    "Scalar",
    "Sequence",
    "content_of",
    "plain",
    "read_content",
    "read_source",
    "read_text",
]

MOST_BYTES = 2 * 1024 * 1024

# The C parser reads ten times faster; the pure one gives the same events where it is missing.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PURE_PARSER = (
    "This Python lacks the C parser of PyYAML; the one used wants text with ? inside { } quoted too"
)


def read_source(path: Path, name: str | None = None) -> Node:
    """Read one YAML file; `name` is what messages call it (default: the path as given).

    Raises DefinitionError when it is missing, too large, not UTF-8 or not usable YAML.
    """
    name = path.as_posix() if name is None else name
    return read_content(content_of(path, name), name)


@lru_cache(maxsize=64)  # a preview reads the same files again at every save; nodes are frozen
def read_content(content: bytes, name: str) -> Node:
    """Read the bytes of a YAML file into nodes. Raises DefinitionError where they are not usable YAML."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError([_encoding_problem(content, error.start, name)]) from None
    return read_text(text, name)


def read_text(text: str, name: str) -> Node:
    """Read YAML text into nodes. Raises DefinitionError with every problem found."""
    text = text.removeprefix("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise DefinitionError([_too_large(Place(name, 1, 1))])
    page = Page(name, text, split_lines(text))
    if junk := JUNK.search(text):
        raise DefinitionError([_junk_problem(page, junk)])
    builder = NodeBuilder(page)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_syntax_problem(error, page))
    except (yaml.YAMLError, ValueError, OverflowError):  # the pure parser trips over some numeric escapes
        builder.problems.append(Problem(Place(name, 1, 1), "This file is not readable as YAML"))
    return builder.finished()


def content_of(path: Path, name: str) -> bytes:
    """The bytes of a file. Raises DefinitionError when it is missing, not a file or too large."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DefinitionError([Problem(None, f"{name} is not a file", "Give a YAML file")])
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
        raise DefinitionError([Problem(None, f"{name} cannot be read: {reason}")]) from None
    if len(content) > MOST_BYTES:
        raise DefinitionError([_too_large(Place(name, 1, 1))])
    return content


def _too_large(place: Place) -> Problem:
    text = f"This file is larger than {MOST_BYTES // 1024 // 1024} MiB"
    return Problem(place, text, "Split the definition into several files with `include:`")


def _encoding_problem(content: bytes, index: int, name: str) -> Problem:
    before = split_lines(content[:index].decode("utf-8"))
    rest = content[index : index + 80].splitlines()[0].decode("utf-8", "backslashreplace")
    place = Place(name, len(before), len(before[-1]) + 1, 1, before[-1] + rest)
    text = f"The byte {content[index]:02x} is not UTF-8 text"
    return Problem(place, text, "Save the file as plain text in UTF-8")


def _junk_problem(page: Page, junk: re.Match[str]) -> Problem:
    text = f"The invisible character {named(junk)} does not belong in a definition"
    fix = "Remove it; a binary or UTF-16 file has to be saved as UTF-8 text"
    return Problem(page.at(junk.start()), text, fix)


def _syntax_problem(error: yaml.MarkedYAMLError, page: Page) -> Problem:
    text, fix, mark = meaning(error)
    place = Place(page.name, 1, 1) if mark is None else page.place(mark)
    return Problem(place, text, fix if _LOADER is not yaml.SafeLoader else f"{fix}. {_PURE_PARSER}")
