"""`pathway replay LOG --minimise` and `--freeze`: a test out of a log."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import UsageError, explain
from pathway.cli.main import BAD_INPUT, FINE
from pathway.cli.replay_reading import Logs, logs_of
from pathway.cli.replay_report import write
from pathway.engine.compiled import CompiledPathway
from pathway.language.problems import visible
from pathway.logs.chain import Log, log_lines
from pathway.replay.minimising import Minimised, freeze, minimise, write_case
from pathway.replay.report.cases import FoundCase


def write_test(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Shrink a log, freeze it, or both: 0 it is written, 2 it cannot be done. Raises LogError."""
    logs = logs_of(options)
    found = _one(logs, options.case, clock)
    if found.log is None or found.damage is not None:
        print("no log" if found.damage is None else explain(found.damage.fault), file=sys.stderr)
        return BAD_INPUT
    log, compiled = found.log, logs.pathways().of(found.log.header)
    if options.minimise:
        log = _shrunk(log, compiled)
    if options.freeze:
        _write_frozen(log, compiled, options.output)
    elif options.output is not None:
        write(options.output, _lines(log))
    else:
        print(_lines(log), end="")
    return FINE


def _one(logs: Logs, case: str | None, clock: Clock) -> FoundCase:
    """The case that is meant. Raises UsageError where that is none, or more than one."""
    with watching(clock, None) as watch:
        found = [one for one in logs.cases(watch) if case is None or one.origin.case == case]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"--case: these logs hold no case {visible(case or '')}. Check the id.")
    if case is not None:
        logs_of_it = ", ".join(visible(one.origin.words) for one in found[:3])
        raise UsageError(
            f"--case: {len(found)} logs are of {visible(case)} ({logs_of_it}, ...). Name one alone."
        )
    names = ", ".join(visible(one.origin.case) for one in found[:3])
    raise UsageError(f"This is done with one case, and these are {len(found)} ({names}, ...). Add --case ID.")


def _shrunk(log: Log, compiled: CompiledPathway) -> Log:
    found = minimise(log, compiled)
    for line in _told(found):
        print(visible(line), file=sys.stderr)
    return Log(found.header, found.events, "", 0)


def _told(found: Minimised) -> list[str]:
    one = found.divergence
    tries = "1 try" if found.tries == 1 else f"{found.tries} tries"
    smaller = "" if found.is_minimal else "; there may be a smaller one"
    return [
        f"{len(found.events)} of {found.before} events still diverge, after {tries}{smaller}",
        f"at event {one.seq}: {one.class_}: expected {one.expected}; logged {one.logged}; {one.why}",
    ]


def _write_frozen(log: Log, compiled: CompiledPathway, output: str | None) -> None:
    """The case file; one that is written has been read back, and holds."""
    frozen = freeze(log, compiled)
    for remark in frozen.remarks:
        print(visible(remark), file=sys.stderr)
    if output is None:
        print(frozen.text, end="")
        return
    write_case(Path(output), frozen, compiled.definition)
    print(f"wrote {visible(str(output))}", file=sys.stderr)


def _lines(log: Log) -> str:
    return b"".join(log_lines(log.header, log.events)).decode()
