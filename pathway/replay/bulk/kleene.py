"""Conditions made of atoms by Kleene's connectives, each kept once: for decision diagrams.

A term is a number: 0, 1 and 2 are the verdicts FALSE, UNKNOWN and TRUE, greater ones are open conditions.
Terms are made as simple as what is known of them allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from pathway.replay.bulk.codes import NO, UNSURE, YES


class Kind(Enum):
    """What a term is made by."""

    VERDICT, ATOM, NOT, ALL, ANY, AT_LEAST, IS_TRUE, IS_KNOWN, CHOICE = range(9)


Row: TypeAlias = tuple[Kind, tuple[int, ...]]  # what it is, and its terms; of an atom its number


@dataclass(slots=True)
class Terms:
    """All terms that were made."""

    _rows: list[Row] = field(default_factory=lambda: [(Kind.VERDICT, (verdict,)) for verdict in range(3)])
    _numbers: dict[Row, int] = field(default_factory=dict[Row, int])
    _given: dict[tuple[int, int, int], int] = field(default_factory=dict[tuple[int, int, int], int])

    def _kept(self, kind: Kind, *parts: int) -> int:
        row = kind, parts
        if row not in self._numbers:
            self._numbers[row] = len(self._rows)
            self._rows.append(row)
        return self._numbers[row]

    # --- making -----------------------------------------------------------------------------------
    def atom(self, number: int) -> int:
        """The condition that is this atom."""
        return self._kept(Kind.ATOM, number)

    def negated(self, term: int) -> int:
        """TRUE and FALSE exchanged."""
        kind, parts = self._rows[term]
        if kind is Kind.NOT:
            return parts[0]
        return 2 - term if term <= YES else self._kept(Kind.NOT, term)

    def all(self, terms: Iterable[int]) -> int:
        """The least of the verdicts."""
        return self._several(Kind.ALL, terms, YES, NO)

    def any(self, terms: Iterable[int]) -> int:
        """The greatest of the verdicts."""
        return self._several(Kind.ANY, terms, NO, YES)

    def _several(self, kind: Kind, terms: Iterable[int], nothing: int, decides: int) -> int:
        left = tuple(dict.fromkeys(term for term in terms if term != nothing))
        if not left:
            return nothing
        if decides in left:
            return decides
        return left[0] if len(left) == 1 else self._kept(kind, *left)

    def at_least(self, count: int, terms: Iterable[int]) -> int:
        """TRUE where so many are, FALSE where so many cannot be."""
        found = list(terms)
        count -= found.count(YES)
        left = [term for term in found if term not in (YES, NO)]
        if count <= 0:
            return YES
        if len(left) < count:
            return NO
        if all(term == UNSURE for term in left):
            return UNSURE
        return self._kept(Kind.AT_LEAST, count, *left)

    def is_true(self, term: int) -> int:
        """FALSE where a verdict is UNKNOWN."""
        return (YES if term == YES else NO) if term <= YES else self._kept(Kind.IS_TRUE, term)

    def is_known(self, term: int) -> int:
        """Whether a verdict is TRUE or FALSE."""
        return (NO if term == UNSURE else YES) if term <= YES else self._kept(Kind.IS_KNOWN, term)

    def choice(self, asked: int, then: int, otherwise: int) -> int:
        """One of two conditions; UNKNOWN where that which is asked is."""
        if asked <= YES:
            return (otherwise, UNSURE, then)[asked]
        return self._kept(Kind.CHOICE, asked, then, otherwise)

    # --- reading ----------------------------------------------------------------------------------
    def first_atom(self, term: int) -> int:
        """The number of the atom of an open term that is read first."""
        kind, parts = self._rows[term]
        if kind is Kind.ATOM:
            return parts[0]
        below = parts[1:] if kind is Kind.AT_LEAST else parts
        return self.first_atom(next(part for part in below if part > YES))

    def given(self, terms: tuple[int, ...], atom: int, verdict: int) -> tuple[int, ...]:
        """Terms as they are once an atom has a verdict."""
        return tuple(self._with(term, atom, verdict) for term in terms)

    def _with(self, term: int, atom: int, verdict: int) -> int:
        key = term, atom, verdict
        if key not in self._given:
            self._given[key] = self._made_anew(term, atom, verdict)
        return self._given[key]

    def _made_anew(self, term: int, atom: int, verdict: int) -> int:
        kind, parts = self._rows[term]
        if kind is Kind.VERDICT:
            return term
        if kind is Kind.ATOM:
            return verdict if parts[0] == atom else term
        if kind is Kind.AT_LEAST:
            return self.at_least(parts[0], self.given(parts[1:], atom, verdict))
        return self._of(kind, self.given(parts, atom, verdict))

    def _of(self, kind: Kind, parts: tuple[int, ...]) -> int:
        match kind:
            case Kind.NOT:
                return self.negated(*parts)
            case Kind.ALL:
                return self.all(parts)
            case Kind.ANY:
                return self.any(parts)
            case Kind.IS_TRUE:
                return self.is_true(*parts)
            case Kind.IS_KNOWN:
                return self.is_known(*parts)
            case _:
                return self.choice(*parts)
