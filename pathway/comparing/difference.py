"""A difference between two versions of a pathway as a value: where, what, how weighty, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from pathway.language.problems import visible


class Kind(Enum):
    """What became of a part. A renamed one has another id and the same content."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


class Weight(Enum):
    """How much hangs on a difference.

    CLINICAL can change what is done, asked, blocked or warned of: every dose, threshold, boundary, deadline,
    condition and safeguard, and every figure or denial in a sentence. CONTENT is where it comes from and how
    it is kept: sources, layers, status, claims. WORDING says the same in other words.
    """

    CLINICAL = "clinical"
    CONTENT = "content"
    WORDING = "wording"


WEIGHTS = tuple(Weight)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `text` is a sentence that can stand alone; `place` is the part it belongs to, in words.

    `path` names that part in the newer version, in the older one where it is removed: section, id, and in a
    track the state and what is in it, such as `("tracks", "care", "treat", "do", "oxygen")`. `what` is the
    property concerned; `old` and `new` are its values in words, None where there is none.
    """

    kind: Kind
    weight: Weight
    path: tuple[str, ...]
    place: str
    what: str
    text: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of both versions, about which differences are told; `head` opens each sentence."""

    path: tuple[str, ...]
    place: str
    head: str

    def headed(self, head: str) -> Spot:
        """The same part, told of under another head."""
        return replace(self, head=head)

    def below(self, *path: str, head: str) -> Spot:
        """A part of this part; it is told of at the same place."""
        return Spot((*self.path, *path), self.place, head)

    def added(self, what: str, told: str, weight: Weight = Weight.CLINICAL) -> Difference:
        """Something that only the newer version has."""
        text = f"{self.head}: {what} added: {told}" if told else f"{self.head}: {what} added"
        return self._of(Kind.ADDED, weight, what, text, None, told)

    def removed(self, what: str, told: str, weight: Weight = Weight.CLINICAL) -> Difference:
        """Something that only the older version has."""
        text = f"{self.head}: {what} removed: {told}" if told else f"{self.head}: {what} removed"
        return self._of(Kind.REMOVED, weight, what, text, told, None)

    def came(self, what: str, told: str, weight: Weight = Weight.CLINICAL) -> Difference:
        """The part itself, which only the newer version has."""
        return self._of(Kind.ADDED, weight, what, f"{self._called(what)} added: {told}", None, told)

    def went(self, what: str, told: str, weight: Weight = Weight.CLINICAL) -> Difference:
        """The part itself, which only the older version has."""
        return self._of(Kind.REMOVED, weight, what, f"{self._called(what)} removed: {told}", told, None)

    def says(self, what: str, words: str, old: str, new: str, weight: Weight = Weight.CLINICAL) -> Difference:
        """A change told in words of its own."""
        return self._of(Kind.CHANGED, weight, what, f"{self.head}: {words}", old, new)

    def renamed(self, what: str, old: str, new: str) -> Difference:
        """The same content under another id."""
        text = f"{what} {new}: renamed, was {old}; the same content"
        return self._of(Kind.RENAMED, Weight.CONTENT, "id", text, old, new)

    def value(
        self,
        what: str,
        old: str | None,
        new: str | None,
        weight: Weight = Weight.CLINICAL,
        lead: str | None = None,
    ) -> Iterator[Difference]:
        """A value in words that may differ or be absent; `lead` stands before it, by default its name."""
        if old == new:
            return
        if old is None:
            yield self.added(what, new or "", weight)
        elif new is None:
            yield self.removed(what, old, weight)
        else:
            before = f"{what} " if lead is None else lead
            yield self.says(what, f"{before}{new}, was {old}", old, new, weight)

    def flag(self, what: str, old: bool, new: bool, yes: str, no: str) -> Iterator[Difference]:
        """A yes or no that differs, each in words of its own."""
        if old is not new:
            words = {True: yes, False: no}
            yield self.says(what, f"{words[new]}, was: {words[old]}", words[old], words[new])

    def _called(self, what: str) -> str:
        return self.head if self.head.startswith(f"{what} ") else f"{what} {self.head}"

    def _of(
        self, kind: Kind, weight: Weight, what: str, text: str, old: str | None, new: str | None
    ) -> Difference:
        return Difference(
            kind, weight, self.path, inert(self.place), what, inert(text), _told(old), _told(new)
        )


def inert(text: str) -> str:
    """The text on one line, in which no character acts on a terminal or turns the reading direction."""
    return visible(" ".join(text.split()))


def _told(text: str | None) -> str | None:
    return None if text is None else inert(text)


def weightiest_first(found: Iterator[Difference]) -> tuple[Difference, ...]:
    """Clinical differences first, wording last; among equals in the order of the pathway."""
    return tuple(sorted(found, key=lambda one: WEIGHTS.index(one.weight)))
