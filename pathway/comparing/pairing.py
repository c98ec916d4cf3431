"""Members of two lists paired with each other, by what they have in common, the most first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

One = TypeVar("One")
Pair: TypeAlias = tuple[One | None, One | None]


def paired(
    old: Sequence[One], new: Sequence[One], *alike: Callable[[One], Hashable]
) -> list[tuple[One | None, One | None]]:
    """Each member of either list once: with its partner, or with None where it has none.

    Partners agree in the first of the given aspects, else in the second, and so on; of several that do, the
    first goes with the first. They come in the order of the new list, then those that only the old one has.
    Turning the lists round turns the pairs round.
    """
    partner: dict[int, int] = {}
    for aspect in alike:
        free_old = _by(aspect, old, set(partner.values()))
        for key, places in _by(aspect, new, partner.keys()).items():
            partner |= dict(zip(places, free_old.get(key, []), strict=False))
    taken = set(partner.values())
    pairs: list[tuple[One | None, One | None]] = [
        (old[partner[place]] if place in partner else None, one) for place, one in enumerate(new)
    ]
    return pairs + [(one, None) for place, one in enumerate(old) if place not in taken]


def _by(
    aspect: Callable[[One], Hashable], members: Sequence[One], taken: Iterable[int]
) -> dict[Hashable, list[int]]:
    """The places of the members still free, by what they are in one aspect."""
    gone, found = set(taken), dict[Hashable, list[int]]()
    for place, one in enumerate(members):
        if place not in gone:
            found.setdefault(aspect(one), []).append(place)
    return found


def whatever(_: object) -> Hashable:
    """The aspect in which all agree: what is left over goes together in order."""
    return None


def by_id(old: Mapping[str, One], new: Mapping[str, One]) -> list[tuple[str, One | None, One | None]]:
    """Each id of either version with what stands under it: those of the new version, then the removed."""
    names = [*new, *(name for name in old if name not in new)]
    return [(name, old.get(name), new.get(name)) for name in names]


def is_reordered(old: Sequence[One], new: Sequence[One], pairs: Sequence[Pair[One]]) -> bool:
    """Whether the members that both lists have follow each other in another order."""
    kept = [(before, after) for before, after in pairs if before is not None and after is not None]
    places = [next(place for place, one in enumerate(old) if one is before) for before, _ in kept]
    return places != sorted(places)
