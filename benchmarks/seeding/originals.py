"""The correct pathways that faults are put into."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from benchmarks.seeding.fault import Original
from pathway.engine.batch import Batch
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.gather import gather
from pathway.vignettes.finding import case_files

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_FOR_TESTING = ROOT / "tests" / "check" / "correct"
BUNDLED = ("sepsis-first-hours", "spinal-leptomeningeal-infection")


def small_names() -> tuple[str, ...]:
    """The pathways written for testing, by the names of their files."""
    return tuple(sorted(path.stem for path in WRITTEN_FOR_TESTING.glob("*.yaml")))


def names() -> tuple[str, ...]:
    """Every original: the pathways written for testing, then those of the package."""
    return (*small_names(), *BUNDLED)


def path_of(name: str) -> Path:
    """Where an original is kept."""
    return find_pathway(name) if name in BUNDLED else WRITTEN_FOR_TESTING / f"{name}.yaml"


@cache
def original(name: str) -> Original:
    """An original by its name. Raises DefinitionError where it does not load."""
    return Original(name, dict(gather(path_of(name)).data))


def case_stories(name: str) -> list[tuple[Batch, ...]]:
    """The cases kept beside a pathway of the package, as entries; those told in UTC, the short ones first."""
    timelines = [read_timeline(path) for path in case_files(path_of(name))]
    stories = [tuple(entry.batch for entry in one.entries) for one in timelines if one.timezone == "UTC"]
    return sorted(stories, key=len)
