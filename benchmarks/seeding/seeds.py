"""All faults of an original: every candidate of every kind that is shown to be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.seeding.bench import Bench, Candidate
from benchmarks.seeding.decisions import decision_faults
from benchmarks.seeding.doses import dose_candidates
from benchmarks.seeding.fault import Fault
from benchmarks.seeding.flow import flow_faults
from benchmarks.seeding.originals import BUNDLED
from benchmarks.seeding.safety import safety_faults

HOLES = ("hole", "missing row", "missing otherwise", "hole in a table")
OVERLAPS, DEAD_GUARDS = ("overlap",), ("dead guard",)
SAFEGUARDS = ("removed safeguard", "weakened safeguard", "swapped operator", "shifted threshold")
ALL_FOUND = (*HOLES, *OVERLAPS, *DEAD_GUARDS, *SAFEGUARDS)  # none of these may be missed
MOST = 6  # of one kind in one original; more of them would say the same
MOST_BUNDLED, TRIES = 3, 4  # in a pathway of the package, which takes longer
COSTLY = (
    "wrong target",
    "wrong deed",
    "wrong state read",
    "dropped condition",
    "automatic circle",
    "mutual wait",
)


def candidates(bench: Bench) -> Iterator[Candidate]:
    """Every candidate, each once; nothing is run yet."""
    seen: set[str] = set()
    for generator in (decision_faults, safety_faults, flow_faults, dose_candidates):
        for candidate in generator(bench):
            name = candidate.id(bench)
            if name not in seen:
                seen.add(name)
                yield candidate


def faults(bench: Bench, kinds: frozenset[str] | None = None) -> Iterator[Fault]:
    """The faults of an original, at most so many of a kind; the order is that of the pathway."""
    bundled = bench.original.name in BUNDLED
    most = MOST_BUNDLED if bundled else MOST
    shown, tries = Counter[str](), Counter[str]()
    for candidate in candidates(bench):
        kind = candidate.kind
        if (kinds is not None and kind not in kinds) or shown[kind] >= _most(kind, most, bundled):
            continue
        if bundled and (kind in COSTLY or tries[kind] >= TRIES):
            continue
        tries[kind] += 1
        fault = candidate.fault(bench)
        if fault is not None:
            shown[kind] += 1
            yield fault


def _most(kind: str, most: int, bundled: bool) -> int:
    """What may not be missed is tried without a limit in the small originals."""
    return 1_000 if kind in ALL_FOUND and not bundled else most
