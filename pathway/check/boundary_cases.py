"""Test cases at the boundaries of a definition: every transition, safeguard, threshold and unknown fact.

They say what the pathway does, not what it should do: a person has to read each before it counts as a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pathway.check.boundaries.drafts import BoundaryCase, Draft, Drafts, WithoutCase
from pathway.check.boundaries.files import Written, write_cases
from pathway.check.boundaries.holders import Holder, Holders
from pathway.check.boundaries.safeguards import Safeguards
from pathway.check.boundaries.thresholds import Thresholds, thresholds
from pathway.check.boundaries.transitions import Transitions
from pathway.check.boundaries.unknowns import Unknowns
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.seeking import Seeker

__all__ = ["BoundaryCase", "Progress", "WithoutCase", "Written", "boundary_cases", "write_cases"]

Progress = Callable[[int, int], None]  # how many boundaries have been looked at, of how many


def _quiet(done: int, of: int) -> None:
    """Nobody looks on."""


def boundary_cases(
    explorer: Explorer, seeker: Seeker, progress: Progress = _quiet
) -> Iterator[BoundaryCase | WithoutCase]:
    """A case for each transition, safeguard, threshold and unknown fact, or why there is none.

    The explorer has explored. Both go on finding cases while this runs, so that the same definition gives
    the same cases where they start out the same. Raises OutOfTimeError.
    """
    drafts = Drafts.of(explorer, seeker)
    holders = Holders(explorer.ways)
    transitions, safeguards = Transitions(drafts), Safeguards(drafts, holders)
    unknowns = Unknowns(drafts, holders)
    beside = [holder for holder in holders.all() if any(thresholds(holder))]
    of = transitions.count() + safeguards.count() + len(beside) + len(unknowns.facts())
    steps = _steps(transitions, safeguards, Thresholds(drafts), beside, unknowns)
    for done, drafted in enumerate(steps, 1):
        yield from drafted
        progress(min(done, of), of)


def _steps(
    transitions: Transitions,
    safeguards: Safeguards,
    limits: Thresholds,
    beside: list[Holder],
    unknowns: Unknowns,
) -> Iterator[list[Draft]]:
    for draft in transitions.all():
        yield [draft]
    for draft in safeguards.all():
        yield [draft]
    for holder in beside:
        yield list(limits.of(holder))
    for draft in unknowns.all():
        yield [draft]
