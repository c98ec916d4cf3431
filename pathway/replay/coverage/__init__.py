"""What logged cases tried of a pathway: states, transitions, guards, conditions, safeguards, thresholds."""

from pathway.replay.coverage.floors import Floors, floors, shortfalls
from pathway.replay.coverage.places import Reached, reached
from pathway.replay.coverage.report import Coverage
from pathway.replay.coverage.tally import CoverageTally
from pathway.replay.coverage.telling import coverage_json, coverage_lines

__all__ = [
    "Coverage",
    "CoverageTally",
    "Floors",
    "Reached",
    "coverage_json",
    "coverage_lines",
    "floors",
    "reached",
    "shortfalls",
]
