"""Texts that values of facts are made of (codes, lists, free text), each with a number of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from pathway.language.definition import Fact
from pathway.language.expression import Value
from pathway.language.values import list_value

Word: TypeAlias = str | tuple[str, ...]
MOST_WORDS = 1_000_000


@dataclass(slots=True)
class Words:
    """Numbered from 0 in order of appearance; a list is one word with all its members."""

    _numbers: dict[Word, int] = field(default_factory=dict[Word, int])
    _words: list[Word] = field(default_factory=list[Word])

    @classmethod
    def of(cls, words: Iterable[Word]) -> Words:
        """Words in the order of their numbers."""
        found = cls()
        for word in words:
            found.number(word)
        return found

    @property
    def all(self) -> tuple[Word, ...]:
        return tuple(self._words)

    def word(self, number: int) -> Word:
        """The word of a number. Raises IndexError."""
        return self._words[number]

    def number(self, word: Word) -> int:
        """The number of a word, a new one for a new word."""
        found = self._numbers.get(word)
        if found is None:
            found = self._numbers[word] = len(self._words)
            self._words.append(word)
        return found

    def known(self, word: Word) -> int | None:
        """The number of a word; a new one only while there is room for more."""
        return self.number(word) if len(self._numbers) < MOST_WORDS else self._numbers.get(word)


@dataclass(frozen=True, slots=True)
class WordTest:
    """What a guard asks of a code or a list: is it one of `codes`, does it include one, is it empty.

    `question` is `among`, `not among`, `includes`, `empty`, or `admitted` for what an entry may hold.
    """

    question: str
    codes: tuple[str, ...]
    fact: Fact | None = None

    def holds(self, word: Word) -> bool:
        """Whether a word passes."""
        members = (word,) if isinstance(word, str) else word
        match self.question:
            case "among":
                return isinstance(word, str) and word in self.codes
            case "not among":
                return isinstance(word, str) and word not in self.codes
            case "includes":
                return not isinstance(word, str) and any(one in self._values(word) for one in self.codes)
            case "admitted":
                return isinstance(word, tuple) is self._is_list and set(members) <= set(self.codes)
            case _:
                return word == ()

    @property
    def _is_list(self) -> bool:
        return self.fact is not None and self.fact.type.kind.value == "list"

    def _values(self, word: tuple[str, ...]) -> tuple[Value, ...]:
        if self.fact is None:
            return word
        try:
            found = list_value(self.fact, word)
        except ValueError:
            return ()
        return found if isinstance(found, tuple) else ()
