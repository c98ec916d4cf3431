"""The statements that a chart rests on, in full: layer, grade, reference, known problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from diagrams.text import inert
from pathway.language.definition import Definition, Source

_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")  # ASCII only, and none of < > "
_AFTER_AN_ADDRESS = ".,;:!?)]}'"
_MARK_OF_A_GUESS = "*"  # behind a reference number: the source prints none, and the match is inferred


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text; `address` is where it leads, empty for plain words."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A source as it is shown; `place` is that of its layer, from 1, and chooses its look."""

    id: str
    layer: str
    layer_title: str
    place: int
    grade: str
    text: tuple[Words, ...]
    references: tuple[tuple[Words, ...], ...]
    problem: tuple[Words, ...]


def statements_of(definition: Definition) -> dict[str, Statement]:
    """Every statement by its id."""
    return {name: _statement(source, definition) for name, source in definition.sources.items()}


def _statement(source: Source, definition: Definition) -> Statement:
    place = list(definition.layers).index(source.layer) + 1
    return Statement(
        inert(source.id), inert(source.layer), inert(definition.layers[source.layer]), place,
        _grade(source, definition), linked(source.text),
        tuple(linked(_reference(key, definition)) for key in source.ref),
        linked(source.problem or ""),
    )  # fmt: skip


def _grade(source: Source, definition: Definition) -> str:
    if source.grade is None:
        return ""
    meaning = definition.grades.get(source.grade)
    return inert(f"{source.grade}: {meaning}" if meaning else str(source.grade))


def _reference(key: str, definition: Definition) -> str:
    told = definition.references.get(key.rstrip(_MARK_OF_A_GUESS))
    return key if told is None else f"{key}: {told}"


def linked(text: str) -> tuple[Words, ...]:
    """The text with its addresses of the web apart; any other address stays plain words.

    >>> [word.address for word in linked("see https://example.org/a. Or javascript:alert(1)")]
    ['', 'https://example.org/a', '']
    """
    return tuple(words for words in _split(inert(text)) if words.text)


def _split(text: str) -> Iterator[Words]:
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER_AN_ADDRESS)
        if _is_plain(address):
            yield Words(text[done : found.start()])
            yield Words(address, address)
            done = found.start() + len(address)
    yield Words(text[done:])


def _is_plain(address: str) -> bool:
    """Whether it leads where it seems to: a host, and no name or password before it."""
    try:
        parts = urlsplit(address)
        return parts.hostname is not None and "@" not in parts.netloc
    except ValueError:
        return False
