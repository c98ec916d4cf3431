"""Chance that comes out the same on every machine and in every version of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")
_BYTES = 8  # of a digest for one draw


class Chance:
    """Draws from a seed: SHA-256 over the seed and a running number, eight bytes a draw, whole numbers only.

    >>> one, other = Chance("7/1"), Chance("7/1")
    >>> [one.below(100) for _ in range(5)] == [other.below(100) for _ in range(5)]
    True
    """

    def __init__(self, seed: str) -> None:
        self._seed = hashlib.sha256(seed.encode())
        self._block = 0
        self._left = b""

    def below(self, end: int) -> int:
        """A whole number from 0 to `end - 1`, each as likely; `end` far below 2**64."""
        if not self._left:
            block = self._seed.copy()
            block.update(b"%d" % self._block)
            self._block += 1
            self._left = block.digest()
        drawn, self._left = self._left[:_BYTES], self._left[_BYTES:]
        return int.from_bytes(drawn, "big") % end

    def percent(self, share: int) -> bool:
        """True in `share` of a hundred draws."""
        return self.below(100) < share

    def of(self, several: Sequence[One]) -> One:
        """One of several, each as likely."""
        return several[self.below(len(several))]

    def weighted(self, several: Sequence[tuple[int, One]]) -> One:
        """One of several, each as often as its weight says."""
        left = self.below(sum(weight for weight, _ in several))
        for weight, one in several:
            if left < weight:
                return one
            left -= weight
        return several[-1][1]
