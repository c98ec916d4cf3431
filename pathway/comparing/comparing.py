"""Every difference between two versions of a pathway."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.comparing.acting import actions_compared
from pathway.comparing.both import Both
from pathway.comparing.difference import Difference, Spot, weightiest_first
from pathway.comparing.facts import facts_compared
from pathway.comparing.guarding import notices_compared, safeguards_compared
from pathway.comparing.heading import claims_compared, heading_compared, sources_compared
from pathway.comparing.tracks import tracks_compared
from pathway.language.definition import Definition


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """What differs between two versions, in clinical words, the weightiest first; nothing where all is equal.

    Every part counts: how it was written, in which file and in which order of ids, does not. An id that was
    renamed is told once, and is then the same id for all else. Turned round, what was added is removed.
    """
    return compared(Both.of(old, new))


def compared(both: Both) -> tuple[Difference, ...]:
    """The same for two versions side by side."""
    return weightiest_first(_all(both))


def _all(both: Both) -> Iterator[Difference]:
    yield from _renamed(both)
    yield from tracks_compared(both)
    yield from actions_compared(both)
    yield from safeguards_compared(both)
    yield from notices_compared(both)
    yield from facts_compared(both)
    yield from claims_compared(both)
    yield from sources_compared(both)
    yield from heading_compared(both)


def _renamed(both: Both) -> Iterator[Difference]:
    for section, ids in both.renames.ids.items():
        what = section.removesuffix("s")
        for old, new in ids.items():
            yield Spot((section, new), f"{what} {new}", new).renamed(what, old, new)
    for (track, old), new in both.renames.states.items():
        name = both.renames.of("tracks", track)
        title = both.new.tracks[name].states[new].title
        spot = Spot(("tracks", name, new), f"{name}: {title} ({new})", new)
        yield spot.renamed("step", old, new)
