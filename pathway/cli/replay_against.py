"""`pathway replay LOGS --against NEW`: which cases would go elsewhere on another version, and why."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import UsageError, explain
from pathway.cli.loading import load
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.replay_json import json_text
from pathway.cli.replay_reading import logs_of
from pathway.engine.compiled import CompiledPathway
from pathway.language.problems import DefinitionError, visible
from pathway.logs.chain import Header
from pathway.replay.report.cases import FoundCase
from pathway.replay.versions.comparing import Comparison
from pathway.replay.versions.telling import comparison_json, comparison_lines


def against(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Compare: 0 every case goes the same way, 1 one does not, 2 a log cannot be read."""
    _refuse(options)
    new = load(options.against)
    logs = logs_of(options)
    comparing = _Comparing(Comparison(new), PathwaysOfLogs(new), logs.pathways())
    with watching(clock, None) as watch:
        for found in logs.cases(watch):
            comparing.take(found)
    if options.json:
        print(json_text(comparison_json(comparing.comparison)))
    else:
        for line in comparison_lines(comparing.comparison):
            print(line)
    return comparing.exit_code


def _refuse(options: argparse.Namespace) -> None:
    given = [f"--{name}" for name in ("csv", "html", "strict") if getattr(options, name)]
    if given:
        raise UsageError(
            f"{' and '.join(given)}: part of the report, not of --against. Leave one of both out."
        )


@dataclass(slots=True)
class _Comparing:
    """The comparison, and the versions that it needs of each log."""

    comparison: Comparison
    new: PathwaysOfLogs
    old: PathwaysOfLogs
    has_fault: bool = False

    @property
    def exit_code(self) -> int:
        if self.has_fault:
            return BAD_INPUT
        return FINE if self.comparison.is_fine else FINDING

    def take(self, found: FoundCase) -> None:
        """Compare one case; one that is damaged is told, and the others go on."""
        log, damage = found.log, found.damage
        if log is None or damage is not None:
            fault = "it has no log" if damage is None else explain(damage.fault)
            self.has_fault = True
            self.comparison.left_out.append((found.origin, fault))
            print(fault, file=sys.stderr)
            return
        header, new = log.header, self.comparison.new
        if header.pathway != new.id:
            why = f"this log is of the pathway {visible(header.pathway)}, not of {new.id}"
            self.comparison.left_out.append((found.origin, why))
            return
        self.comparison.take(
            found.origin, log.events, self._old(header), self.new.of(header), log.head or None
        )

    def _old(self, header: Header) -> CompiledPathway | None:
        """The very version that a log was written on, if it is at hand: it only adds to what can be told."""
        try:
            old = self.old.of(header)
        except (DefinitionError, UsageError):
            return None
        return old if old.definition.digest == header.digest else None
