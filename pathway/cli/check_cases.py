"""Runs `pathway check --write-cases`: a test case at every boundary of a definition."""

from __future__ import annotations

import sys
from pathlib import Path

from pathway.check.boundary_cases import BoundaryCase, WithoutCase, boundary_cases, write_cases
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle, OutOfTimeError
from pathway.check.proofs.seeking import Seeker
from pathway.cli.check_report import counted
from pathway.cli.check_watch import Watch
from pathway.engine.compiling import assemble
from pathway.language.definition import Definition

TOLD = ("written", "unchanged", "kept", "left_over")
WORDS = {
    "written": "written",
    "unchanged": "unchanged",
    "kept": "kept, for a person has changed them",
    "left_over": "left over from before",
}


def write_boundary_cases(directory: Path, definition: Definition, watch: Watch) -> bool:
    """Write the cases below a folder; False where the time was used up before all were found.

    It sets out from nothing, so that the same definition gives the same cases whatever else was asked.
    """
    explorer = Explorer.of(assemble(definition), Oracle(watch.out_of_time))
    found: list[BoundaryCase | WithoutCase] = []
    try:
        for _ in explorer.explore():
            pass
        found.extend(boundary_cases(explorer, Seeker(explorer), watch.cases))
    except OutOfTimeError:
        text = "no test cases were written: the time given with --timeout was used up. Give more, or none"
        print(f"{definition.id}: {text}.", file=sys.stderr)
        return False
    written = write_cases(directory, [one for one in found if isinstance(one, BoundaryCase)])
    told = {kind: len(getattr(written, kind)) for kind in TOLD}
    counts = ", ".join(f"{count} {WORDS[kind]}" for kind, count in told.items() if count)
    print(f"test cases in {directory}: {counts or 'none'}", file=sys.stderr)
    without = [one for one in found if isinstance(one, WithoutCase)]
    if without:
        print(f"not written: {counted(len(without), 'test case')}", file=sys.stderr)
    for one in without:
        print(f"  {one.render()}", file=sys.stderr)
    return True
