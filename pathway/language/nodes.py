"""The parts of a YAML text: scalars kept as written, lists and mappings, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pathway.language.problems import Place

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it stands in the file; `plain` says that it was not quoted."""

    text: str
    plain: bool
    place: Place

    @property
    def is_null(self) -> bool:
        """Whether nothing was written here: an empty value, `~` or `null`, unquoted."""
        return self.plain and self.text in NULLS


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping
Plain = dict[str, Any] | list[Any] | str


def plain(node: Node) -> Plain:
    """The node as plain data: dicts, lists, and every scalar as its text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}
