"""Which words of a log a person may have typed, and what stands for them in a copy without them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import tzinfo
from functools import lru_cache
from typing import Any, cast

from pathway.engine.events import FactRecorded
from pathway.language.definition import DeedFact, Definition, Fact
from pathway.language.expression import Includes, Kind, Literal, OneOf
from pathway.language.values import read_value
from pathway.pseudonyms.key import Key

_NUMBER_OR_TIME = re.compile(r"true|false|-?[0-9][0-9/.:TZ+-]*")


@dataclass(frozen=True, slots=True)
class FactTexts:
    """What a log may still say of recorded values: nothing that only the person who typed it knows."""

    facts: Mapping[str, Fact]
    words: frozenset[str]
    key: Key
    zone: tzinfo

    @classmethod
    def of(cls, definition: Definition, key: Key, zone: tzinfo) -> FactTexts:
        return cls(definition.facts, words_written_in(definition), key, zone)

    def without(self, event: FactRecorded) -> FactRecorded:
        """The record with a pseudonym for each text in it, so that what is equal stays equal in guards."""
        fact = self.facts.get(event.fact)
        if isinstance(event.value, tuple):
            value = tuple(self._told(fact, item) for item in event.value)
            told = "|".join(value) or "[]"
        else:
            value = told = self._told(fact, event.value)
        entered = event.entered if value == event.value and self._fits(fact, event) else told
        return replace(event, value=value, entered=entered)

    def _told(self, fact: Fact | None, text: str) -> str:
        return text if self._may_stay(fact, text) else self.key.text(text)

    def _may_stay(self, fact: Fact | None, text: str) -> bool:
        if fact is None or text in self.words:
            return text in self.words
        kind = fact.type.element if fact.type.kind is Kind.LIST else fact.type.kind
        if kind is Kind.CODE:
            return text in fact.type.codes
        return kind is not Kind.TEXT and _NUMBER_OR_TIME.fullmatch(text) is not None

    def _fits(self, fact: Fact | None, event: FactRecorded) -> bool:
        """Whether what was typed says the recorded value and nothing beside it."""
        if fact is None:
            return False
        try:
            return read_value(fact, event.entered, self.zone).text == event.value
        except ValueError:
            return False


def words_written_in(definition: Definition) -> frozenset[str]:
    """The texts and codes that guards compare with and deeds record: the pathway's words, not a person's."""
    return _words_of(_Meaning(definition.digest, definition))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A definition by its digest: equal digests mean equal meaning, so its words are looked for once."""

    digest: str
    definition: Definition = field(compare=False)


@lru_cache(maxsize=16)
def _words_of(meaning: _Meaning) -> frozenset[str]:
    return frozenset(_words(meaning.definition))


def _words(part: object) -> Iterator[str]:
    match part:
        case Literal(value=str(word)) | DeedFact(value=str(word)):
            yield word
        case OneOf(values=words) | Includes(values=words):
            yield from words
        case _:
            pass
    for below in _parts(part):
        yield from _words(below)


def _parts(part: object) -> Iterator[object]:
    if isinstance(part, Mapping):
        yield from cast("Mapping[Any, object]", part).values()
    elif isinstance(part, tuple):
        yield from cast("tuple[object, ...]", part)
    elif is_dataclass(part):
        yield from (getattr(part, item.name) for item in fields(part))
