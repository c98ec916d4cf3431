"""`pathway replay LOGS --coverage`: what the logs tried of their pathway, and whether that is enough."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field, replace

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import UsageError, explain
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.replay_json import json_text
from pathway.cli.replay_reading import logs_of
from pathway.language.problems import DefinitionError, visible
from pathway.logs.chain import Log
from pathway.replay.conformance import conformance
from pathway.replay.coverage import (
    Coverage,
    CoverageTally,
    Floors,
    coverage_json,
    coverage_lines,
    floors,
    shortfalls,
)
from pathway.replay.report.cases import FoundCase


def coverage(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Count: 0 enough was tried, 1 a measure is under its floor, 2 a log cannot be read."""
    wanted = _floors(options.fail_under)
    logs = logs_of(options)
    covering = _Covering(logs.pathways())
    with watching(clock, None) as watch:
        for found in logs.cases(watch):
            covering.take(found)
    coverages = covering.coverages()
    _print(coverages, options.json)
    under = [f"{one.definition.id}: {text}" for one in coverages for text in shortfalls(one, wanted)]
    for text in (*covering.told, *under):
        print(visible(text), file=sys.stderr)
    if covering.has_fault:
        return BAD_INPUT
    return FINDING if under or not coverages else FINE


def _floors(text: str | None) -> Floors:
    try:
        return Floors() if text is None else floors(text)
    except ValueError as error:
        raise UsageError(f"--fail-under: {error}.") from None


def _print(coverages: list[Coverage], as_json: bool) -> None:
    if as_json:
        documents = [coverage_json(one) for one in coverages]
        print(json_text(documents[0] if len(documents) == 1 else documents))
        return
    for one in coverages:
        for line in coverage_lines(one):
            print(line)


@dataclass(slots=True)
class _Covering:
    """A tally for each pathway; `told` is said of logs that count only in part or not at all."""

    pathways: PathwaysOfLogs
    told: list[str] = field(default_factory=list[str])
    has_fault: bool = False
    _heads: set[str] = field(default_factory=set[str])
    _tallies: dict[str, CoverageTally] = field(default_factory=dict[str, CoverageTally])

    def take(self, found: FoundCase) -> None:
        """Count one case; what cannot be counted is told, and the others go on."""
        if found.log is None or found.damage is not None:
            self._fault("no log" if found.damage is None else explain(found.damage.fault))
            return
        try:
            self._count(found, found.log)
        except (DefinitionError, UsageError) as fault:
            self._fault(f"{found.origin.words}: {explain(fault)}")

    def coverages(self) -> list[Coverage]:
        """The coverage of each pathway."""
        return [tally.coverage("the logs that were given") for tally in self._tallies.values()]

    def _fault(self, text: str) -> None:
        self.has_fault = True
        self.told.append(text)

    def _count(self, found: FoundCase, log: Log) -> None:
        if log.head and log.head in self._heads:
            self.told.append(f"{found.origin.words}: the same log was read before; it is counted once")
            return
        self._heads.add(log.head)
        compiled = self.pathways.of(log.header)
        divergence = None if found.rows is not None else conformance(log, compiled).divergence
        if divergence is not None:
            part = "does not count" if divergence.seq == 0 else f"counts up to event {divergence.seq}"
            self.told.append(f"{found.origin.words}: {divergence.class_}; it {part}")
        if divergence is not None and divergence.seq == 0:
            return
        digest = compiled.definition.digest
        if digest not in self._tallies:
            whole = self.pathways.of(replace(log.header, without_layers=()))
            self._tallies[digest] = CoverageTally(whole.definition)
        self._tallies[digest].add(compiled, log.events, None if divergence is None else divergence.seq)
