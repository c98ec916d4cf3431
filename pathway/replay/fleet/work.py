"""What is done with one file of a data set, wherever that happens: one task, one result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pathway.language.problems import Fault
from pathway.replay.fleet.places import digest_of, local_copy
from pathway.replay.fleet.results import Results

Json = dict[str, Any]


class Sum(Protocol):
    """What some logs amount to: sums of different files add up exactly, in any order."""

    @property
    def divergent(self) -> int:
        """How many logs do not conform."""
        ...

    def add(self, other: Any, /) -> None:
        """Add what other logs amount to; `other`, a sum of the same type, is not to be used any more."""
        ...


S = TypeVar("S", bound=Sum)


@dataclass(frozen=True, slots=True)
class Replaying(Generic[S]):
    """An engine that replays a file, and its sums: begun, counted, kept as JSON and read again.

    All are functions of a module, or objects that can be sent to another process.
    """

    of_file: Callable[[Path], S]
    empty: Callable[[], S]
    logs: Callable[[S], int]
    write: Callable[[S], Json]
    read: Callable[[Json], S]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[S]):
    """What became of one file: its sum, or why there is none.

    `digest` is the SHA-256 of the file, `result` the name of what was kept of it, `resumed` whether that had
    been kept before.
    """

    file: str
    digest: str | None = None
    result: str | None = None
    sum: S | None = None
    resumed: bool = False
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Work(Generic[S]):
    """A replay, ready to be sent to any process.

    With `results` each result is kept, and one that was kept before is taken instead of replaying again.
    """

    replaying: Replaying[S]
    results: Results | None = None

    def __call__(self, file: str) -> Outcome[S]:
        """Replay one file. What a user can put right becomes the outcome's `failure`."""
        try:
            return self._replayed(file)
        except (Fault, OSError) as error:
            why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            return Outcome(file, failure=why)

    def _replayed(self, file: str) -> Outcome[S]:
        with local_copy(file) as path:
            digest = digest_of(path)
            if self.results is None:
                return Outcome(file, digest, None, self.replaying.of_file(path))
            name = self.results.name(file, digest)
            kept = self.results.kept(file, digest)
            if kept is not None:
                return Outcome(file, digest, name, self.replaying.read(kept), resumed=True)
            found = self.replaying.of_file(path)
        self.results.keep(file, digest, self.replaying.write(found))
        return Outcome(file, digest, name, found)
