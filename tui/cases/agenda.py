"""Which cases are read next: those on show first, then how each begins, then the whole of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from threading import Lock

from tui.session import ListedCase

HEADS, WHOLES = 100, 5  # cases a turn; after each turn the screen is told


class Agenda:
    """What is still to be read. The screen and the reader use it at the same time, each in its own thread."""

    def __init__(self) -> None:
        self._heads: dict[str, ListedCase] = {}
        self._wholes: dict[str, ListedCase] = {}
        self._read: dict[str, tuple[int, ...]] = {}
        self._near: tuple[str, ...] = ()
        self._lock = Lock()

    def meet(self, cases: Sequence[ListedCase]) -> None:
        """These are all cases there are: what is new or was written since is read, the last written first."""
        with self._lock:
            there = {one.key for one in cases}
            self._wholes = {key: one for key, one in self._wholes.items() if key in there}
            fresh = [one for one in cases if self._read.get(one.key) != one.mark]
            fresh.sort(key=lambda one: -one.written_at)
            self._heads = {one.key: one for one in fresh}
            for one in fresh:
                self._wholes.pop(one.key, None)

    def again(self, cases: Iterable[ListedCase]) -> None:
        """Find out where these cases stand."""
        with self._lock:
            self._wholes.update((one.key, one) for one in cases)

    def prefer(self, keys: Sequence[str]) -> None:
        """These are on show: they come first."""
        with self._lock:
            self._near = tuple(keys)

    def done(self, cases: Iterable[ListedCase]) -> None:
        """These were read, as their files were then."""
        with self._lock:
            self._read.update((one.key, one.mark) for one in cases if one.is_read)

    def take(self) -> tuple[list[ListedCase], bool]:
        """The next cases, and whether they are to be read whole; an empty list when all is read."""
        with self._lock:
            near = [key for key in self._near if key in self._heads or key in self._wholes]
            if near:
                return [self._taken(key) for key in near[:WHOLES]], True
            if self._heads:
                return [self._heads.pop(key) for key in list(islice(self._heads, HEADS))], False
            return [self._wholes.pop(key) for key in list(islice(self._wholes, WHOLES))], True

    def _taken(self, key: str) -> ListedCase:
        head = self._heads.pop(key, None)
        return head if head is not None else self._wholes.pop(key)
