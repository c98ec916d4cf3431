"""What would break a claim: proved to come about in no case, or shown by a case the engine was run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathway.check.proofs.exploring import Explorer, Node, Verify
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.places import Moves, Place, Places, Said, Seen, TooManyPlacesError, Visit
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool
from pathway.check.proofs.ways import WayKey


@dataclass(frozen=True, slots=True)
class Breach:
    """A snapshot that breaks a claim: its formula, what that reads, and what has to have gone before.

    `visit` is a state that a case has to have been in, `here` where it stands; `settled` says whether only
    snapshots at rest count; `said` are the deeds worth following from the start. `goals` lead to it, and
    `lifted` to where an override makes it one.
    """

    formula: Bool
    reads: Reads
    goals: tuple[Goal, ...]
    lifted: tuple[Goal, ...] = ()
    settled: bool = True
    visit: Visit | None = None
    here: dict[str, str] = field(default_factory=dict[str, str])
    said: tuple[Said, ...] = ()


@dataclass(slots=True)
class Breaches:
    """Rules breaches out, or finds the case."""

    explorer: Explorer
    seeker: Seeker
    _moves: Moves = field(default_factory=dict[tuple[WayKey, Seen], bool])

    def impossible(self, breach: Breach) -> bool:
        """Whether no case comes to the breach. Raises NotDecidedError."""
        ways, oracle = self.explorer.ways, self.explorer.oracle
        here = [ways.symbols.stands_in(*place) for place in breach.here.items()]
        if not oracle.possible(breach.formula, *here):
            return True
        places = ways.around({*breach.reads.places, *breach.here.items()})
        if breach.settled and not oracle.possible(breach.formula, *here, ways.settled(places)):
            return True
        near = breach.reads.tracks | breach.here.keys() | ({breach.visit[0]} if breach.visit else set[str]())
        return self._out_of_reach(breach, near) or (
            ways.cone(near) != near and self._out_of_reach(breach, ways.cone(near))
        )

    def _out_of_reach(self, breach: Breach, tracks: set[str]) -> bool:
        """Whether the breach holds at none of the places that these tracks come to."""
        ways, oracle = self.explorer.ways, self.explorer.oracle
        visits = () if breach.visit is None else (breach.visit,)
        places = Places(ways, oracle, tuple(sorted(tracks)), breach.said, visits)
        if oracle.recorder is None:  # else each proof shows all the answers that it rests on
            places.moves = self._moves
        here = [ways.symbols.stands_in(*place) for place in breach.here.items()]
        named = {one for one in {*breach.reads.places, *breach.here.items()} if one[0] in tracks}
        known: dict[tuple[object, ...], bool] = {}
        rough: dict[tuple[object, ...], bool] = {}
        deeds = {name for _, name in breach.said}
        try:
            for place in places.all():
                if breach.visit is not None and breach.visit not in place.visited:
                    continue
                standing = zip(places.tracks, place.stands, strict=True)
                seen = frozenset(named.intersection(standing)), place.said
                if seen not in rough:
                    facts = places.roughly(place, tracks, deeds, named)
                    rough[seen] = oracle.possible(breach.formula, *here, *facts)
                if not rough[seen]:
                    continue
                key = places.seen_by(place, tracks, deeds)
                if key not in known:
                    facts = [*places.holds(place, tracks, deeds), *self._resting(breach, places, place)]
                    known[key] = oracle.possible(breach.formula, *here, *facts)
                if known[key]:
                    return False
        except TooManyPlacesError:
            return False
        return True

    def _resting(self, breach: Breach, places: Places, place: Place) -> list[Bool]:
        """No automatic way fires where the tracks stand, if the breach is one of a case at rest."""
        ways = self.explorer.ways
        standing = zip(places.tracks, place.stands, strict=True) if breach.settled else ()
        return [ways.rests(ways.state(track, state)) for track, state in standing]

    def shown(self, breaches: Sequence[Breach], verify: Verify, lifted: bool = False) -> Node | None:
        """A case that the engine has come to a breach with, or None where none was found."""
        goals = [goal for breach in breaches for goal in (breach.lifted if lifted else breach.goals)]
        return self.seeker.seek(goals, verify)
