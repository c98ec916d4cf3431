"""Where tracks can come to stand together: every move that the solver does not rule out is followed.

An over-approximation: a place that is not found here no case comes to. Deeds and refusals may come at any
time and stay; facts may change at any time; tracks that move on one snapshot move together. Tracks that are
left out may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.smt import Bool, neg
from pathway.check.proofs.ways import WayKey, Ways, key_of
from pathway.language.definition import State

MOST = 6_000  # places followed
STAYS = -1  # in place of the number of a way: none fires by itself
Said = tuple[str, str]  # what was said ever: ("done", action) or ("declined", action)
Visit = tuple[str, str]  # a state that was entered
Seen = tuple[tuple[tuple[str, str], ...], tuple[tuple[Said, bool], ...]]  # where tracks stand; what was said
Moves = dict[tuple[WayKey, Seen], bool]  # whether a way can be taken, or none fires, as seen of a place


class TooManyPlacesError(Exception):
    """There are more places than are followed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where tracks stand, what has been done or declined, and which states of interest were entered."""

    stands: tuple[str, ...]
    said: frozenset[Said]
    visited: frozenset[Visit]


@dataclass(slots=True)
class Places:
    """The places that tracks can come to, each once.

    `said` and `visits` are what is remembered of deeds and states entered; `moves`, which can be shared by
    several, what the solver has answered about ways.
    """

    ways: Ways
    oracle: Oracle
    tracks: tuple[str, ...]
    said: tuple[Said, ...] = ()
    visits: tuple[Visit, ...] = ()
    moves: Moves = field(default_factory=dict[tuple[WayKey, Seen], bool])

    def all(self) -> Iterator[Place]:
        """Every place. Raises TooManyPlacesError, and NotDecidedError where the solver cannot tell."""
        tracks = self.ways.definition.tracks
        start = tuple(tracks[name].start for name in self.tracks)
        first = Place(start, frozenset(), self._visits(start))
        found, waiting = {first}, [first]
        while waiting:
            place = waiting.pop()
            yield place
            for after in self._after(place):
                if after not in found:
                    if len(found) >= MOST:
                        raise TooManyPlacesError
                    found.add(after)
                    waiting.append(after)

    def _visits(self, stands: tuple[str, ...]) -> frozenset[Visit]:
        return frozenset(zip(self.tracks, stands, strict=True)) & frozenset(self.visits)

    def _after(self, place: Place) -> Iterator[Place]:
        for said in self.said:
            if said not in place.said:
                yield Place(place.stands, place.said | {said}, place.visited)
        choices = [self._choices(track, place) for track in self.tracks]
        for stands in product(*choices):
            if stands != place.stands:
                yield Place(stands, place.said, place.visited | self._visits(stands))

    def _choices(self, track: str, place: Place) -> list[str]:
        """Where a track can stand next: where it is, or at the end of a way that can fire.

        It stays where it is only while no automatic way has to fire there: before anybody else acts, all
        such ways have fired.
        """
        here = self.ways.state(track, place.stands[self.tracks.index(track)])
        stays = [here.name] if self._can_be((*_at(here), STAYS), here, place) else []
        moves = [way.to for way in here.next if self._can_be(key_of(way), here, place)]
        return list(dict.fromkeys(stays + moves))

    def _can_be(self, what: WayKey, here: State, place: Place) -> bool:
        """Whether a way of a state can be taken at this place, or no automatic one fires there."""
        reads = self.ways.reads(here)
        key = what, self.seen_by(place, reads.tracks | {here.track}, reads.deeds)
        if key not in self.moves:
            facts = self.holds(place, reads.tracks | {here.track}, reads.deeds)
            index = what[2]
            wanted = self.ways.rests(here) if index == STAYS else self.ways.takeable(here.next[index])
            self.moves[key] = self.oracle.possible(wanted, *facts)
        return self.moves[key]

    def seen_by(self, place: Place, tracks: set[str], deeds: set[str]) -> Seen:
        """What of a place somebody sees who looks at these tracks and deeds only."""
        standing = zip(self.tracks, place.stands, strict=True)
        said = ((said, said in place.said) for said in self.said if said[1] in deeds)
        return tuple(one for one in standing if one[0] in tracks), tuple(said)

    def holds(self, place: Place, tracks: set[str], deeds: set[str]) -> Iterator[Bool]:
        """What a place says of tracks and deeds, as formulas."""
        symbols = self.ways.symbols
        standing: Mapping[str, str] = dict(zip(self.tracks, place.stands, strict=True))
        for track in sorted(tracks & standing.keys()):
            yield symbols.stands_in(track, standing[track])
        for what, name in self.said:
            if name in deeds:
                truth = symbols.done(name, None) if what == "done" else symbols.declined(name, None)
                yield truth if (what, name) in place.said else neg(truth)

    def roughly(self, place: Place, tracks: set[str], deeds: set[str], named: set[Visit]) -> list[Bool]:
        """As `holds`, but of where tracks stand only whether that is one of the named states, and which."""
        stands_in, standing = self.ways.symbols.stands_in, set(zip(self.tracks, place.stands, strict=True))
        here = [stands_in(*one) if one in standing else neg(stands_in(*one)) for one in sorted(named)]
        return [*here, *self.holds(place, set(), deeds)]


def _at(state: State) -> tuple[str, str]:
    return state.track, state.name


def never_together(ways: Ways, oracle: Oracle, states: Sequence[State]) -> bool:
    """Whether these states of different tracks are proved never to be stood in together."""
    tracks = tuple(state.track for state in states)
    names = tuple(state.name for state in states)
    for wanted in (set(tracks), ways.cone(set(tracks))):
        places = Places(ways, oracle, (*tracks, *sorted(wanted - set(tracks))))
        try:
            if not any(place.stands[: len(names)] == names for place in places.all()):
                return True
        except TooManyPlacesError:
            return False
    return False
