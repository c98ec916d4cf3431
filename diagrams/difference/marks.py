"""What became of an element from one version to the next, and the sign, word and look of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from pathway.comparing.difference import Difference


class Mark(Enum):
    """What became of an element; its value is the sign that stands before it."""

    SAME = ""
    ADDED = "+"
    CHANGED = "≠"
    REMOVED = "−"

    @property
    def word(self) -> str:
        """The mark in a word."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Told:
    """An element's mark, and the numbers and differences that concern it."""

    mark: Mark = Mark.SAME
    about: tuple[tuple[str, Difference], ...] = ()

    @property
    def numbers(self) -> str:
        """`D3, D7`, as the table of differences numbers them."""
        return ", ".join(number for number, _ in self.about)

    @property
    def words(self) -> str:
        """The differences themselves."""
        return "; ".join(f"{number} {one.text}" for number, one in self.about)

    def signed(self, text: str) -> str:
        """A text with the sign before it and the numbers behind it."""
        behind = f" ({self.numbers})" if self.about else ""
        return f"{self.mark.value} {text}{behind}".strip() if self.mark is not Mark.SAME else text


def told(mark: Mark, about: Iterable[tuple[str, Difference]]) -> Told:
    """An element that is the same, unless something is told of it."""
    found = tuple(about)
    return Told(Mark.CHANGED if found and mark is Mark.SAME else mark, found)
