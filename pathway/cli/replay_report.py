"""The report of `pathway replay`: text or JSON on standard output, a table and a page into files."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import UsageError
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.replay_json import json_text
from pathway.cli.replay_reading import logs_of, take_case
from pathway.language.problems import visible
from pathway.logs.durable import replace_file
from pathway.replay.report.as_json import report_json
from pathway.replay.report.counting import counted
from pathway.replay.report.gathering import Report
from pathway.replay.report.text import SHOWN, report_lines


def report(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Replay the logs: 0 all conform, 1 one diverges, 2 one cannot be read or its chain is broken."""
    _refuse(options)
    logs = logs_of(options)
    pathways, found = logs.pathways(), Report(keeps_courses=options.html is not None)
    with watching(clock, None) as watch:
        for case in logs.cases(watch):
            take_case(found, case, pathways)
    for line in _faults(found):
        print(line, file=sys.stderr)
    _print(found, pathways, options)
    _write_files(found, options)
    return exit_code(found, options.strict)


def _faults(found: Report) -> Iterator[str]:
    """What could not be replayed, each with its class; of very many the first."""
    faults = [f"{one.fault} [{one.findings[0].class_}]" for one in found.replayed if one.fault is not None]
    yield from faults[:SHOWN]
    if len(faults) > SHOWN:
        yield f"{counted(len(faults) - SHOWN, 'more case')} not replayed: told by --json and --csv"


def exit_code(found: Report, strict: bool) -> int:
    """2 for what cannot be read, 1 for a divergence; with `strict` for a departure, too."""
    if any(one.fault is not None for one in found.replayed):
        return BAD_INPUT
    conforms = all(one.conforms and not (strict and one.departures) for one in found.replayed)
    return FINE if conforms else FINDING


def _refuse(options: argparse.Namespace) -> None:
    """What cannot be written is said before a long replay, not after it. Raises UsageError."""
    for name in ("csv", "html"):
        given = getattr(options, name)
        if given is not None and (Path(given).is_dir() or not Path(given).parent.is_dir()):
            raise UsageError(f"--{name}: {given} cannot be written. Name a file in a folder that is there.")


def _print(found: Report, pathways: PathwaysOfLogs, options: argparse.Namespace) -> None:
    if options.json:
        print(json_text(report_json(found)))
    else:
        for line in report_lines(found, pathways.stamps):
            print(line)


def _write_files(found: Report, options: argparse.Namespace) -> None:
    """The files that are asked for; what draws and writes them is loaded only then."""
    if options.csv is not None:
        from pathway.replay.report.as_csv import report_csv

        write(options.csv, report_csv(found))
    if options.html is not None:
        from pathway.cli.replay_page import report_page

        write(options.html, report_page(found, options.engine))


def write(name: str, text: str) -> None:
    """A file with its new content, replaced in one step."""
    replace_file(Path(name), text.encode("utf-8"))
    print(f"wrote {visible(str(name))}", file=sys.stderr)
