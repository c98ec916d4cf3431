"""The names that the numbers of a bulk log stand for, kept in the file: it can be read without a pathway."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pathway.language.definition import Definition
from pathway.logs.chain import Header
from pathway.logs.problems import LogError
from pathway.replay.bulk.scales import scale_of
from pathway.replay.bulk.tables import KINDS, BulkPathway, guard_texts
from pathway.replay.bulk.words import Word, Words

FORMAT = 1


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact with what its numbers mean: the kind by its place in `tables.KINDS`, steps in one unit."""

    name: str
    kind: int
    unit: str | None
    scale: int


@dataclass(slots=True)
class Vocabulary:
    """Names in the order of their numbers. Headers (without a case), zones and words grow while writing."""

    digest: str
    facts: tuple[FactName, ...]
    actions: tuple[str, ...]
    tracks: tuple[tuple[str, tuple[str, ...]], ...]
    guards: tuple[str, ...]
    words: Words
    headers: list[Header] = field(default_factory=list[Header])
    zones: list[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, pathway: BulkPathway) -> Vocabulary:
        """The names of a pathway, for logs that are still to be written."""
        definition = pathway.compiled.definition
        tracks = tuple((track.name, tuple(track.states)) for track in definition.tracks.values())
        return cls(
            definition.digest,
            tuple(_fact_names(definition)),
            tuple(definition.actions),
            tracks,
            guard_texts(definition),
            Words.of(pathway.words),
        )

    def as_text(self) -> str:
        """JSON for the file."""
        return json.dumps(
            {
                "format": FORMAT,
                "digest": self.digest,
                "facts": [[one.name, one.kind, one.unit, one.scale] for one in self.facts],
                "actions": self.actions,
                "tracks": self.tracks,
                "guards": self.guards,
                "words": self.words.all,
                "headers": [_header_object(header) for header in self.headers],
                "zones": self.zones,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def vocabulary_from(text: str) -> Vocabulary:
    """The inverse of `as_text`. Raises LogError."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] != FORMAT:
            what, why = f"This bulk log has format {found['format']}", f"This program reads format {FORMAT}"
            raise LogError(what, why, "Use the version of the program that wrote it.")
        return Vocabulary(
            found["digest"],
            tuple(FactName(*row) for row in found["facts"]),
            tuple(found["actions"]),
            tuple((name, tuple(states)) for name, states in found["tracks"]),
            tuple(found["guards"]),
            Words.of(_word(word) for word in found["words"]),
            [_header(row) for row in found["headers"]],
            list(found["zones"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        why = f"The names that its numbers stand for cannot be read ({type(error).__name__})"
        raise LogError("This is no bulk log", why, "Write it anew from the logs it was made of.") from None


def _fact_names(definition: Definition) -> Iterable[FactName]:
    for fact in definition.facts.values():
        unit = None if fact.unit is None or fact.unit.text == "1" else fact.unit.text
        yield FactName(fact.name, KINDS.index(fact.type.kind), unit, scale_of(fact).scale)


def _word(word: object) -> Word:
    return word if isinstance(word, str) else tuple(str(one) for one in word)  # type: ignore[union-attr]


def _header_object(header: Header) -> dict[str, Any]:
    return {
        "pathway": header.pathway,
        "version": header.version,
        "digest": header.digest,
        "without_layers": header.without_layers,
        "continues": header.continues,
        "schema": header.schema,
        "semantics": header.semantics,
    }


def _header(row: dict[str, Any]) -> Header:
    changed: dict[str, Any] = {"case": "", "without_layers": tuple(row["without_layers"])}
    return Header(**(row | changed))
