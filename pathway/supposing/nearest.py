"""The nearest change: the smallest sets of entries that open what is closed, each confirmed by the engine.

Sets are sought in order of size. Where a guard stands against the target, whatever opens it has to touch
something that this guard reads, so only that is tried next; several safeguards are cleared one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.case import Case
from pathway.language.definition import Guard
from pathway.supposing.comparisons import guards_of_state
from pathway.supposing.levers import Levers, guards_behind
from pathway.supposing.needed import Change, Opening, change_of
from pathway.supposing.subjects import Subject, Target, is_met, is_open, targets, unmet
from pathway.supposing.trying import Lever, Settings, Trials

MOST = 600
MOST_CHANGES = 5
MOST_ENTRIES = 10

__all__ = ["MOST", "Change", "Nearest", "nearest_changes"]


@dataclass(frozen=True, slots=True)
class Nearest:
    """What would open a subject. `outcome`:

    `open` (it is open already), `closed` (the case is), `found`, `none` (nothing that its conditions read
    opens it in one entry, among the values at and beside what they compare with), `gave_up` (not found among
    the first `tried`).
    """

    subject: Subject
    outcome: str
    changes: tuple[Change, ...]
    tried: int


def nearest_changes(case: Case, subject: Subject, most: int = MOST) -> Nearest:
    """The smallest changes that would open the subject at the case's present instant.

    The case is only read. Nothing is guessed: each change was entered in a fork and seen to open it. At most
    `most` forks are made to find the changes, and as many again to come nearer to each value.
    """
    trials = Trials(case, most)
    if trials.view.closed or is_open(subject, trials.view):
        return Nearest(subject, "closed" if trials.view.closed else "open", (), 0)
    aims = targets(trials.base, subject)
    search = _Search(trials, subject, aims)
    openings, complete = search.run()
    closer = Trials(trials.base, most)
    changes = tuple(change_of(opening, subject, closer, search.levers) for opening in openings)
    ordered = sorted(changes, key=lambda change: (change.from_at is not None, change.known))
    outcome = "found" if changes else "none" if complete else "gave_up"
    return Nearest(subject, outcome, tuple(ordered), trials.tried + closer.tried)


def _guards_of(case: Case, aims: tuple[Target, ...]) -> list[Guard]:
    """Every guard that may stand against the targets: of the ways out, the calls and the safeguards."""
    found: dict[int, Guard] = {}
    for target in aims:
        guards: list[Guard] = []
        if target.way is not None:
            guards += guards_of_state(case.compiled.state(target.way.track, target.way.source))
        if target.do is not None:
            guards += [guard for guard in (target.do.when, target.do.until) if guard is not None]
        if target.action is not None:
            guards += [safeguard.when for safeguard in case.compiled.safeguards[target.action]]
        found |= {id(guard): guard for guard in guards}
    deeds = {deed for guard in found.values() for deed in guard.deeds}
    found |= {id(one.when): one.when for deed in deeds for one in case.compiled.safeguards[deed]}
    tracks = {track for guard in found.values() for track in guard.tracks}
    return [*found.values(), *guards_behind(case, tracks)]


@dataclass(frozen=True, slots=True)
class _Place:
    """A supposition that is not enough, for one target, and the guards that still stand against it."""

    target: Target
    settings: Settings
    against: tuple[Guard, ...]


class _Search:
    """Widens what is supposed by one entry at a time until something opens the subject."""

    def __init__(self, trials: Trials, subject: Subject, aims: tuple[Target, ...]) -> None:
        self.trials = trials
        self.subject = subject
        self.aims = aims
        self.levers = Levers(trials.base, _guards_of(trials.base, aims))
        self.seen: set[tuple[int, frozenset[object]]] = set()
        self.openings: dict[frozenset[Lever], Opening] = {}

    def run(self) -> tuple[list[Opening], bool]:
        """The openings of the smallest size, and whether everything up to there was tried."""
        places = [place for target in self.aims for place in self._try(target, ())]
        for _ in range(MOST_ENTRIES + 1):
            self._wait(places)
            if self.openings or not places or self.trials.spent:
                break
            places = [found for place in places for found in self._widened(place)]
        return list(self.openings.values())[:MOST_CHANGES], not self.trials.spent and not places

    def _try(self, target: Target, settings: Settings) -> list[_Place]:
        """Enter the settings: they open the target, or leave a place to go on from."""
        key = (self.aims.index(target), frozenset(settings))
        if key in self.seen:
            return []
        self.seen.add(key)
        trial = self.trials.enter(settings)
        if trial is None:
            return []
        against = unmet(target, trial)
        if not against and is_met(target, self.subject, trial):
            self._opened(Opening(target, settings, None))
            return []
        return [_Place(target, settings, against)] if against else []

    def _opened(self, opening: Opening) -> None:
        levers = frozenset(setting.lever for setting in opening.settings)
        self.openings.setdefault(levers, opening)

    def _widened(self, place: _Place) -> list[_Place]:
        """One entry more, on the guard that the fewest entries can turn."""
        used = {setting.lever for setting in place.settings}
        choices = [[one for one in self.levers.of(guard) if one not in used] for guard in place.against]
        found: list[_Place] = []
        for lever in min(choices, key=len):
            if self._leads_on(place, lever):
                found += self._turned(place, lever)
        return found

    def _leads_on(self, place: _Place, lever: Lever) -> bool:
        """Whether a set with this lever is new: one that opens the target already needs no other value."""
        levers = frozenset({lever, *(setting.lever for setting in place.settings)})
        return not self.trials.spent and levers not in self.openings

    def _turned(self, place: _Place, lever: Lever) -> list[_Place]:
        """The places that values of a lever lead to; of those that settle all it touches, one is enough."""
        found: list[_Place] = []
        settled: set[tuple[int, ...]] = set()
        for setting in self.levers.settings(lever):
            for reached in self._try(place.target, (*place.settings, setting)):
                touched = any(lever in self.levers.of(guard) for guard in reached.against)
                against = tuple(sorted(id(guard) for guard in reached.against))
                if not touched and against in settled:
                    continue
                settled |= set() if touched else {against}
                found.append(reached)
        return found

    def _wait(self, places: list[_Place]) -> None:
        """Where only time stands against a target, let it pass."""
        for place in places:
            if all(guard.reads_clock for guard in place.against):
                waits = self.trials.waits(place.settings)
                met = next((one for one in waits if is_met(place.target, self.subject, one)), None)
                if met is not None:
                    self._opened(Opening(place.target, place.settings, met.case.now))
