"""Both versions in one pathway, for one layout: the newer one, with the steps and ways it has no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias, TypeVar

from diagrams.difference.marks import Mark
from pathway.comparing.both import Both
from pathway.comparing.tracks import paired_dos, paired_ways
from pathway.language.definition import Definition, Do, State, Track, Transition

StateId: TypeAlias = tuple[str, str]
WayId: TypeAlias = tuple[str, str, int]
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Union:
    """The pathway of both versions with what became of its states, ways and calls, in their order there.

    `before` are the numbers that removed steps had; now they follow the last one.
    """

    definition: Definition
    states: Mapping[StateId, Mark]
    dos: Mapping[StateId, tuple[Mark, ...]]
    ways: Mapping[WayId, Mark]
    before: Mapping[StateId, int]


@dataclass(slots=True)
class _Marks:
    states: dict[StateId, Mark] = field(default_factory=dict[StateId, Mark])
    dos: dict[StateId, tuple[Mark, ...]] = field(default_factory=dict[StateId, "tuple[Mark, ...]"])
    ways: dict[WayId, Mark] = field(default_factory=dict[WayId, Mark])


def union_of(both: Both) -> Union:
    """The pathway of both versions: facts, actions, sources of either, safeguards, notices of the newer."""
    old, new, marks = both.old, both.new, _Marks()
    names = [*new.tracks, *(name for name in old.tracks if name not in new.tracks)]
    tracks = {name: _track(old.tracks.get(name), new.tracks.get(name), marks) for name in names}
    before = {
        (name, state.name): state.number
        for name, track in old.tracks.items()
        for state in track.states.values()
        if marks.states[name, state.name] is Mark.REMOVED
    }
    definition = replace(
        new,
        tracks=_numbered(tracks, before),
        facts={**old.facts, **new.facts},
        actions={**old.actions, **new.actions},
        sources={**old.sources, **new.sources},
        layers={**new.layers, **_missing(old.layers, new.layers)},
        phases={**new.phases, **_missing(old.phases, new.phases)},
    )
    return Union(definition, marks.states, marks.dos, marks.ways, before)


def _missing(old: Mapping[str, One], new: Mapping[str, One]) -> dict[str, One]:
    return {name: one for name, one in old.items() if name not in new}


def _track(old: Track | None, new: Track | None, marks: _Marks) -> Track:
    base = new or old
    assert base is not None, "a track of the union is in one of the versions"
    befores = old.states if old is not None else {}
    afters = new.states if new is not None else {}
    order = _merged(list(befores), list(afters))
    states = {name: _state(befores.get(name), afters.get(name), marks) for name in order}
    return replace(base, states=states)


def _merged(old: list[str], new: list[str]) -> list[str]:
    """The new names, each removed one behind the one that it used to follow."""
    merged = list(new)
    for place, name in enumerate(old):
        if name not in merged:
            follows = merged.index(old[place - 1]) + 1 if place else 0
            merged.insert(follows, name)
    return merged


def _state(old: State | None, new: State | None, marks: _Marks) -> State:
    base = new or old
    assert base is not None, "a state of the union is in one of the versions"
    key = (base.track, base.name)
    marks.states[key] = _mark(old, new)
    dos = paired_dos(old.do if old is not None else (), new.do if new is not None else ())
    ways = _ways(paired_ways(old.next if old is not None else (), new.next if new is not None else ()))
    marks.dos[key] = tuple(_mark(before, after) for before, after in dos)
    for index, (mark, _) in enumerate(ways):
        marks.ways[(*key, index)] = mark
    either: Iterable[Do | None] = (after or before for before, after in dos)
    return replace(
        base,
        do=tuple(do for do in either if do is not None),
        next=tuple(replace(way, index=index) for index, (_, way) in enumerate(ways)),
    )


def _ways(
    pairs: Iterable[tuple[Transition | None, Transition | None]],
) -> list[tuple[Mark, Transition]]:
    """The newer ways, then the removed ones; one that leads elsewhere now is drawn to both places."""
    found: list[tuple[Mark, Transition]] = []
    gone: list[tuple[Mark, Transition]] = []
    for before, after in pairs:
        elsewhere = before is not None and after is not None and before.to != after.to
        if after is not None:
            found.append((Mark.ADDED if elsewhere or before is None else Mark.SAME, after))
        if before is not None and (after is None or elsewhere):
            gone.append((Mark.REMOVED, before))
    return found + gone


def _mark(old: object | None, new: object | None) -> Mark:
    if old is None:
        return Mark.ADDED
    return Mark.REMOVED if new is None else Mark.SAME


def _numbered(tracks: Mapping[str, Track], gone: Mapping[StateId, int]) -> dict[str, Track]:
    """The tracks; their removed states get the numbers after the last, so that no number means two steps."""
    every = [state for track in tracks.values() for state in track.states.values()]
    kept = [state.number for state in every if (state.track, state.name) not in gone]
    free = count(max(kept, default=0) + 1)
    return {
        name: replace(
            track,
            states={
                key: replace(state, number=next(free)) if (name, key) in gone else state
                for key, state in track.states.items()
            },
        )
        for name, track in tracks.items()
    }
