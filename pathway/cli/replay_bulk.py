"""`pathway replay FILES --bulk`: logs in columns, here or by many; --export puts logs into columns."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import UsageError
from pathway.cli.loading import definition_cache, existing
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.replay_export import Exporting
from pathway.cli.replay_fleet import giving_out, workers_of
from pathway.cli.replay_reading import logs_of
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import Event
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.logs.chain import Header
from pathway.logs.problems import LogError
from pathway.replay.fleet.fleet import Fleet, replay_files
from pathway.replay.fleet.identity import identity_of
from pathway.replay.fleet.places import files_of, local_copy
from pathway.replay.fleet.results import Results
from pathway.replay.fleet.telling import files_lines
from pathway.replay.report.counting import counted

if TYPE_CHECKING:
    from pathway.replay.bulk.reading import BulkFile
    from pathway.replay.bulk.results import BulkResult

ENDING = ".parquet"
FLEET = ("workers", "results", "on", "scheduler")
SHOWN = 20


def bulk(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Replay: 0 all conform, 1 one diverges. Write: 0 all are in the file, 2 a log could not be read."""
    _extras()
    by_many = [f"--{name}" for name in FLEET if getattr(options, name) is not None]
    if options.export is None:
        return _replay_files(options, clock) if by_many else _replay(options, clock)
    if by_many:
        raise UsageError(f"{by_many[0]} is for replaying, not for --export. Leave one of both out.")
    return _write(options, clock)


def _extras() -> None:
    """Raises UsageError where the libraries of the bulk engine are missing."""
    try:
        import pathway.replay.bulk.replaying  # pyright: ignore[reportUnusedImport]
        import pathway.replay.bulk.writing  # noqa: F401 # pyright: ignore[reportUnusedImport]
    except ModuleNotFoundError as error:
        why = f"--bulk needs {error.name}, which is not installed"
        raise UsageError(f"{why}. Install it: pip install 'clinical-pathway[bulk]'.") from None


# --- replaying ------------------------------------------------------------------------------------
def _replay(options: argparse.Namespace, clock: Clock) -> int:
    from pathway.replay.bulk.reading import BulkFile
    from pathway.replay.bulk.replaying import replay_bulk

    keep_memory()
    cores, paths = _cores(options.cores), list(_paths(options.logs))
    files = [BulkFile(path) for path in paths]
    compiled = _pathway_of(files, options.pathway)
    _say_that_it_compiles()
    total = max(sum(file.events for file in files), 1)
    with watching(clock, None) as watch:
        result = replay_bulk(
            paths,
            compiled,
            cores,
            lambda done: watch.progress("replaying", min(done * 100 // total, 100)),
        )
    if options.json:
        _print_json(result, compiled, {})
    else:
        print("\n".join(_lines(result, compiled)))
    return FINDING if result.divergent else FINE


def keep_memory() -> None:
    """Let Arrow keep the memory that it has: giving pages back halts all threads, again and again."""
    from pathway.replay.bulk.schema import pa

    pa.set_memory_pool(pa.system_memory_pool())


def _replay_files(options: argparse.Namespace, clock: Clock) -> int:
    """A file at a time by processes or a cluster; 2 where one cannot be read, the others being told."""
    from pathway.replay.bulk.replaying import made_ready
    from pathway.replay.fleet.in_bulk import in_bulk

    workers, files = workers_of(options), files_of(options.logs, (ENDING,))
    compiled = PathwaysOfLogs(_definition(options.pathway)).of(_first_header(files))
    cores = 1 if options.cores is None else _cores(options.cores)
    _say_that_it_compiles()
    made_ready(compiled)  # so that one process compiles, and all others read it from the disk
    results = None if options.results is None else Results(options.results, _identity(compiled))
    with watching(clock, None) as watch:
        found = replay_files(
            files,
            in_bulk(compiled, cores),
            results,
            giving_out(options, workers),
            lambda done, of: watch.progress("replaying", done * 100 // max(of, 1)),
        )
    if options.json:
        _print_json(found.sum, compiled, _failed_json(found))
    else:
        print("\n".join([*_lines(found.sum, compiled), *files_lines(found)]))
    return BAD_INPUT if found.failed else FINDING if found.sum.divergent else FINE


def _print_json(result: BulkResult, compiled: CompiledPathway, more: dict[str, object]) -> None:
    """One document, the same bytes by whomever, and in whatever files, the cases were replayed."""
    document = {**result.as_object(), "pathways": [_named(compiled)], **more}
    print(json.dumps(document, indent=1, ensure_ascii=False))


def _failed_json(found: Fleet[BulkResult]) -> dict[str, object]:
    failed = [{"file": one.file, "why": one.why} for one in found.failed]
    return {"failed_files": failed} if failed else {}


def _first_header(files: Sequence[str]) -> Header:
    """The header of the first case in the first file that can be read. Raises LogError, UsageError."""
    from pathway.replay.bulk.reading import BulkFile

    faults: list[LogError] = []
    for file in files:
        try:
            with local_copy(file) as path:
                headers = BulkFile(path).vocabulary.headers
        except LogError as fault:
            faults.append(fault)
            continue
        if headers:
            return headers[0]
    if faults:
        raise faults[0]
    raise UsageError(f"{visible(files[0])} holds no case. Write a file of cases with --export.")


def _identity(compiled: CompiledPathway) -> str:
    """What tells this replay from others."""
    without = sorted(compiled.definition.layers.keys() - compiled.layers)
    return identity_of(" ".join(["bulk", *without]), [compiled.definition.digest])


def _paths(names: Sequence[str]) -> Iterator[Path]:
    """The files that are meant; a folder stands for those in it. Raises UsageError."""
    for name in names:
        given = existing(name)
        found = sorted(given.glob(f"*{ENDING}")) if given.is_dir() else [given]
        if not found:
            raise UsageError(
                f"{visible(name)} holds no {ENDING} file. Write one: --bulk --export FILE{ENDING}."
            )
        yield from found


def _pathway_of(files: Sequence[BulkFile], named: str | None) -> CompiledPathway:
    """The pathway of the files; cases of another one are told as such. Raises UsageError."""
    header = next((header for file in files for header in file.vocabulary.headers), None)
    if header is None:
        raise UsageError(f"{visible(str(files[0].path))} holds no case. Write a file of cases with --export.")
    return PathwaysOfLogs(_definition(named)).of(header)


def _definition(named: str | None) -> Definition | None:
    return None if named is None else definition_cache().definition(find_pathway(named))


def _cores(asked: int | None) -> int:
    most = os.cpu_count() or 1
    if asked is not None and not 1 <= asked <= 10 * most:
        raise UsageError(f"--cores: {asked} is not possible. This machine has {most}.")
    return most if asked is None else asked


def _say_that_it_compiles() -> None:
    from pathway.replay.bulk.kernels import INTERPRETED, kernel_folder

    if not INTERPRETED and not kernel_folder().exists():
        print("Compiling the bulk engine, once for this version: a minute or two.", file=sys.stderr)


def _named(compiled: CompiledPathway) -> dict[str, str | None]:
    of = compiled.definition
    return {"pathway": of.id, "version": of.version, "status": of.status, "stamp": of.stamp}


def _lines(result: BulkResult, compiled: CompiledPathway) -> Iterator[str]:
    definition = compiled.definition
    stamp = f"  *** {definition.stamp} ***" if definition.stamp is not None else ""
    yield f"{definition.title}  {definition.version}{stamp}"
    for one in result.divergences[:SHOWN]:
        yield visible(f"case {one.case}, event {one.seq}: {one.class_}")
        yield visible(f"    expected  {one.expected}")
        yield visible(f"    logged    {one.logged}")
        yield visible(f"    why       {one.why}")
    if result.divergent > SHOWN:
        yield f"{result.divergent - SHOWN} more divergences: the first 1,000 stand in --json"
    yield (
        f"{counted(result.cases, 'log')}, {counted(result.events, 'event')}: "
        f"{result.conforming} conforming, {result.divergent} divergent"
    )
    yield from (f"    {class_}: {number}" for class_, number in sorted(result.classes.items()))
    yield "deadlines:"
    for action in sorted({action for action, _ in result.kept}):
        yield f"    {action}: " + ", ".join(
            f"{result.kept[action, word]} {word}" for word in ("met", "late", "never")
        )
    if result.singly:
        yield "replayed one by one, since the bulk engine leaves these to the other:"
        yield from (f"    {counted(number, 'case')}: {why}" for why, number in sorted(result.singly.items()))


# --- writing --------------------------------------------------------------------------------------
def _write(options: argparse.Namespace, clock: Clock) -> int:
    from pathway.replay.bulk.tables import bulk_pathway
    from pathway.replay.bulk.writing import write_bulk

    target = Path(options.export)
    if target.suffix != ENDING:
        raise UsageError(f"--export: {visible(options.export)} with --bulk has to end in {ENDING}.")
    logs, exporting = logs_of(options), Exporting()
    with watching(clock, None) as watch:
        good = exporting.good(logs.cases(watch))
        first = next(good, None)
        if first is None:
            raise UsageError("No log could be read, so nothing was written. See what is said of each above.")
        pathway = bulk_pathway(logs.pathways().of(first[0]))
        beside = target.with_name(f".{target.name}.new")
        try:
            write_bulk(beside, pathway, _counting(chain([first], good), exporting))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    words = f"{counted(exporting.cases, 'case')}, {counted(exporting.events, 'event')}"
    print(f"wrote {visible(options.export)}: {words}", file=sys.stderr)
    return BAD_INPUT if exporting.has_fault else FINE


def _counting(
    cases: Iterable[tuple[Header, Sequence[Event]]], exporting: Exporting
) -> Iterator[tuple[Header, Sequence[Event]]]:
    for header, events in cases:
        exporting.events += len(events)
        yield header, events
