"""Shrinking a diverging log to the few events that still diverge, in the same class at the same guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import CaseOpened, Event
from pathway.logs.chain import Header, Log
from pathway.logs.problems import LogError
from pathway.replay.conformance import conformance, conformance_of_events
from pathway.replay.divergence import Divergence
from pathway.replay.minimising.ddmin import ddmin
from pathway.replay.minimising.removing import kept_events, resting_on
from pathway.replay.minimising.same import Fingerprint, fingerprint

TRIES = 5000  # replays, after which the smallest log found so far is given
Progress = Callable[[int, int], None]  # how many replays so far, and how many events are left


@dataclass(frozen=True, slots=True)
class Minimised:
    """A shrunk log: a log like any other, to be written with its header.

    `before` counts the events of the whole log; `is_minimal` says that none of its events can be left out
    alone, nor with all that rests on it, which is not told after too many `tries`.
    """

    header: Header
    events: tuple[Event, ...]
    divergence: Divergence
    before: int
    tries: int
    is_minimal: bool


def _quiet(tries: int, left: int) -> None:
    """Nobody looks on."""


def minimise(
    log: Log, compiled: CompiledPathway, most_tries: int = TRIES, progress: Progress = _quiet
) -> Minimised:
    """Shrink a log that diverges. Raises LogError where it does not, or only as a whole."""
    divergence = conformance(log, compiled).divergence
    if divergence is None:
        raise LogError("This log conforms", "There is nothing to shrink to", "Name a log that diverges.")
    if divergence.seq == 0:
        why = f"It diverges as a whole ({divergence.class_}): {divergence.why}"
        raise LogError("This log cannot be shrunk", why, "Replay it on the version that it was written on.")
    wanted = fingerprint(divergence, log.events)
    shrinking = _Shrinking(compiled, log.events, wanted, most_tries, progress)
    shrinking.run(divergence)
    events = tuple(shrinking.events)
    found = conformance_of_events(events, compiled).divergence
    assert found is not None
    minimal = shrinking.tries < most_tries
    return Minimised(log.header, events, found, len(log.events), shrinking.tries, minimal)


class _Shrinking:
    """The events that are kept so far, by their number in the whole log."""

    def __init__(
        self,
        compiled: CompiledPathway,
        events: Sequence[Event],
        wanted: Fingerprint,
        most_tries: int,
        progress: Progress,
    ) -> None:
        self._compiled = compiled
        self._all = events
        self._wanted = wanted
        self._most_tries = most_tries
        self._progress = progress
        self._known: dict[frozenset[int], bool] = {}
        self.tries = 0
        self._kept = tuple(event.seq for event in events)

    @property
    def events(self) -> list[Event]:
        """The shrunk log."""
        found = kept_events(self._all, self._kept)
        assert found is not None
        return found

    def run(self, divergence: Divergence) -> None:
        """Leave out what comes after; then whole batches, single events, and both again while that helps."""
        last = next(event.batch for event in self._all if event.seq == divergence.seq)
        self._try({event.seq for event in self._all if event.batch > last})
        before = 0
        while before != len(self._kept):
            before = len(self._kept)
            ddmin(self._batches(), self._keep_batches)
            ddmin(self._single(), self._keep_single)

    def _single(self) -> tuple[int, ...]:
        opening = {event.seq for event in self._all if isinstance(event, CaseOpened)}
        return tuple(seq for seq in self._kept if seq not in opening)

    def _batches(self) -> tuple[int, ...]:
        left = set(self._single())
        return tuple(dict.fromkeys(event.batch for event in self._all if event.seq in left))

    def _keep_batches(self, batches: tuple[int, ...]) -> tuple[int, ...] | None:
        single = set(self._single())
        gone = {one.seq for one in self._all if one.seq in single and one.batch not in batches}
        return self._batches() if self._try(gone) else None

    def _keep_single(self, seqs: tuple[int, ...]) -> tuple[int, ...] | None:
        return self._single() if self._try(set(self._single()) - set(seqs)) else None

    def _try(self, gone: set[int]) -> bool:
        """Leave events out, alone or with all that rests on them, if the log then diverges as before."""
        for less in (gone, resting_on(self._all, gone)):
            kept = tuple(seq for seq in self._kept if seq not in less)
            if len(kept) < len(self._kept) and self._diverges(kept):
                self._kept = kept
                return True
        return False

    def _diverges(self, kept: tuple[int, ...]) -> bool:
        key = frozenset(kept)
        if key not in self._known and self.tries < self._most_tries:
            self.tries += 1
            self._progress(self.tries, len(self._kept))
            self._known[key] = self._replay(kept)
        return self._known.get(key, False)

    def _replay(self, kept: tuple[int, ...]) -> bool:
        events = kept_events(self._all, kept)
        if not events:
            return False
        found = conformance_of_events(events, self._compiled).divergence
        return found is not None and found.seq > 0 and fingerprint(found, events) == self._wanted
