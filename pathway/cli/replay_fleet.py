"""`pathway replay FOLDER --workers N`, `--on dask`: a data set of many files, by processes or a cluster."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pathway.cli.check_watch import Clock, Watch, watching
from pathway.cli.faults import UsageError
from pathway.cli.loading import definition_cache
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.replay_reading import TABLES, Logs, logs_of
from pathway.language.bundled import bundled_pathways
from pathway.replay.fleet.case_by_case import case_by_case, summed_up
from pathway.replay.fleet.fleet import Fleet, GivingOut, files_json, processes, replay_files
from pathway.replay.fleet.identity import identity_of
from pathway.replay.fleet.places import files_of
from pathway.replay.fleet.results import Results
from pathway.replay.fleet.summary import Summary
from pathway.replay.fleet.summary_json import summary_json
from pathway.replay.fleet.telling import files_lines, summary_lines
from pathway.replay.report.cases import ENDING
from pathway.replay.report.findings import Kind

MOST_WORKERS = 1000


def fleet(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Replay a data set: 0 all logs conform, 1 one diverges, 2 a log or file cannot be read."""
    workers = workers_of(options)
    logs = logs_of(options)
    files = files_of(options.logs, (ENDING,) if logs.mapping is None else TABLES)
    results = None if options.results is None else Results(options.results, _identity(options, logs))
    with watching(clock, None) as watch:
        found = replay_files(
            files,
            case_by_case(_File(logs)),
            results,
            giving_out(options, workers),
            lambda done, of: watch.progress("replaying", done * 100 // max(of, 1)),
        )
    if options.json:
        print(json.dumps({**summary_json(found.sum), **files_json(found)}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(_lines(found)))
    return _exit_code(found, options.strict)


@dataclass(slots=True)
class _File:
    """Replays one file; each process loads and compiles the pathways of its logs once."""

    logs: Logs
    pathways: PathwaysOfLogs | None = None

    def __call__(self, file: Path) -> Summary:
        pathways = self.pathways = self.pathways or self.logs.pathways()
        nobody_watches = Watch(lambda: 0)
        return summed_up(replace(self.logs, names=[str(file)]).cases(nobody_watches), pathways.of)

    def __reduce__(self) -> tuple[type[_File], tuple[Logs]]:
        return _File, (self.logs,)


def _lines(found: Fleet[Summary]) -> Iterator[str]:
    yield from summary_lines(found.sum)
    yield from files_lines(found)


def _exit_code(found: Fleet[Summary], strict: bool) -> int:
    total = found.sum
    if found.failed or total.cannot_be_read:
        return BAD_INPUT
    departs = any(at.kind is Kind.DEPARTURE for of in total.pathways.values() for at in of.deviations)
    return FINDING if total.divergent or (strict and departs) else FINE


# --- who replays ----------------------------------------------------------------------------------
def workers_of(options: argparse.Namespace) -> int:
    """How many processes. Raises UsageError for what does not go together."""
    workers = 1 if options.workers is None else options.workers
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"--workers: {workers} is not possible. Give a number from 1 to {MOST_WORKERS}.")
    if options.scheduler is not None and options.on is None:
        raise UsageError("--scheduler is that of a Dask cluster. Add --on dask.")
    if options.scheduler is not None and options.workers is not None:
        raise UsageError("--workers is for processes here; a cluster has its own. Leave one of both out.")
    return workers


def giving_out(options: argparse.Namespace, workers: int) -> GivingOut:
    """To whom files are given: processes here, or a cluster."""
    if options.on is None:
        return processes(workers)
    from pathway.replay.fleet.on_dask import by_dask

    return by_dask(options.scheduler, workers)


def _identity(options: argparse.Namespace, logs: Logs) -> str:
    """What tells this replay from others; without a named pathway any bundled one may be meant."""
    named = [logs.named] if logs.named is not None else map(definition_cache().definition, bundled_pathways())
    mapping = None if options.map is None else Path(options.map).read_bytes()
    return identity_of("case by case", [definition.digest for definition in named], mapping)
