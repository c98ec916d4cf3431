"""Statements of the DOT language as lines: every name and text quoted, so that none is read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_PLAIN = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)")
_KEYWORDS = frozenset({"node", "edge", "graph", "digraph", "subgraph", "strict"})


def quoted(text: str) -> str:
    r"""A name or a text as DOT reads it back; in quotes even `<b>` is no markup.

    >>> print(quoted("care"), quoted("<b>"), quoted('a "b"\\l'), quoted("graph"))
    care "<b>" "a \"b\"\l" "graph"
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    return '"' + text.replace('"', '\\"') + '"'


def attributes(named: Mapping[str, str]) -> str:
    """Attributes in the order of their names."""
    return " ".join([f"{name}={quoted(value)}" for name, value in sorted(named.items())])


def node(name: str, label: str, look: Mapping[str, str]) -> str:
    """A box."""
    return f"{quoted(name)} [label={quoted(label)} {attributes(look)}]"


def edge(source: str, target: str, label: str, look: Mapping[str, str]) -> str:
    """A line from one box to another, with words beside it unless the label is empty."""
    words = f"label={quoted(label)} " if label else ""
    return f"{quoted(source)} -> {quoted(target)} [{words}{attributes(look)}]"


def area(name: str, look: Mapping[str, str], inside: Iterable[str]) -> Iterator[str]:
    """A frame around what is inside."""
    yield f"subgraph {quoted(f'cluster-{name}')} {{"
    yield f"\t{attributes(look)}"
    yield from indented(inside)
    yield "}"


def level(names: Iterable[str]) -> Iterator[str]:
    """Boxes that stand beside each other."""
    yield from ("{", "\tgraph [rank=same]")
    yield from indented(map(quoted, names))
    yield "}"


def indented(statements: Iterable[str]) -> Iterator[str]:
    """Statements one step further in."""
    return (f"\t{statement}" for statement in statements)
