"""`pathway replay`: re-run logs; each conforms, or its first divergence is told with the reason."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable

from pathway.cli.faults import UsageError
from pathway.cli.pseudonymising import add_pseudonymise
from pathway.cli.replay_outputs import refuse_outputs

# What can be asked for instead of the report, and the options that belong to each.
WORK = ("against", "screen", "coverage", "minimise", "freeze", "bulk", "export")
TOGETHER = ({"against", "screen"}, {"minimise", "freeze"}, {"bulk", "export"})
BELONGING: dict[str, set[str]] = {
    "report": {"json", "csv", "html", "strict"},
    "against": {"json"},
    "screen": {"json"},
    "coverage": {"json", "fail_under"},
    "minimise": {"output", "case"},
    "freeze": {"output", "case"},
    "export": {"pseudonym", "keep_text"},
    "bulk": {"json", "cores", "workers", "results", "on", "scheduler"},
    "fleet": {"json", "strict", "workers", "results", "on", "scheduler"},
}
# Which module does each, and by which function: it alone is loaded.
CARRIED_OUT = {
    "report": ("replay_report", "report"),
    "against": ("replay_against", "against"),
    "screen": ("replay_screen", "on_screen"),
    "coverage": ("replay_coverage", "coverage"),
    "minimise": ("replay_tests", "write_test"),
    "freeze": ("replay_tests", "write_test"),
    "bulk": ("replay_bulk", "bulk"),
    "export": ("replay_export", "export"),
    "fleet": ("replay_fleet", "fleet"),
}
FLEET = ("workers", "results", "on", "scheduler")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = (
        "Exit codes: 0 all logs conform, none would go elsewhere, coverage is reached; 1 a finding; "
        "2 a log cannot be read or was tampered with."
    )
    parser.add_argument(
        "logs", metavar="LOG", nargs="+",
        help="a log (.jsonl; also .csv, .xes, .parquet), a file of several logs, or a folder of them",
    )  # fmt: skip
    parser.add_argument("--pathway", metavar="PATHWAY", help="default: the bundled one that the log names")
    parser.add_argument(
        "--map", metavar="FILE",
        help="how to read logs of another program (CSV, XES, Parquet): what its activities and columns mean",
    )  # fmt: skip
    _report(parser)
    _versions(parser)
    _coverage(parser)
    _tests(parser)
    add_pseudonymise(parser)
    _fleet(parser)


def _report(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("report")
    group.add_argument("--json", action="store_true", help="one JSON document on standard output")
    group.add_argument("--csv", metavar="FILE", help="also write a table: a row for every finding")
    group.add_argument(
        "--html", metavar="FILE", help="also write one page with the tables and the flow drawn on the chart"
    )
    group.add_argument(
        "--strict", action="store_true",
        help="a missed deadline or a safeguard not kept, too, makes the exit code 1",
    )  # fmt: skip
    group.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto",
        help="who lays out the chart of --html: the installed dot, or Graphviz as WebAssembly",
    )  # fmt: skip


def _versions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("another version, or a screen")
    group.add_argument(
        "--against", metavar="NEW",
        help="which cases would go elsewhere on this version, by the guard that causes it; with --screen: "
        "the same entries on it, side by side",
    )  # fmt: skip
    group.add_argument("--screen", action="store_true", help="go through one log event by event, read only")


def _coverage(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("coverage")
    group.add_argument(
        "--coverage", action="store_true",
        help="what the logs tried: states, transitions, guards and their conditions, safeguards, thresholds",
    )  # fmt: skip
    group.add_argument(
        "--fail-under", metavar="PERCENT",
        help="exit code 1 where a measure is under it: 80, or mcdc=60,states=100",
    )  # fmt: skip


def _tests(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files out of logs")
    group.add_argument(
        "--minimise", action="store_true", help="shrink a diverging log to the few events that still diverge"
    )
    group.add_argument(
        "--freeze", action="store_true",
        help="turn a log into a case file for `pathway test`; with --minimise the shrunk one",
    )  # fmt: skip
    group.add_argument(
        "--export", metavar="FILE", help="write the logs into one file that ends in .xes, .csv or .parquet"
    )
    group.add_argument(
        "--case", metavar="ID", help="of --minimise and --freeze, where there is more than one case"
    )
    group.add_argument(
        "-o", "--output", metavar="FILE", help="of --minimise and --freeze; default: standard output"
    )


def _fleet(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("many files")
    group.add_argument(
        "--workers", metavar="N", type=int, help="replay by so many processes, a file at a time"
    )
    group.add_argument(
        "--results", metavar="FOLDER",
        help="keep the result of each file there: a run that was interrupted goes on where it was",
    )  # fmt: skip
    group.add_argument(
        "--bulk", action="store_true",
        help="millions of events a second: logs in columns (.parquet), as --bulk --export FILE writes them",
    )  # fmt: skip
    group.add_argument(
        "--cores", metavar="N", type=int,
        help="of --bulk; default: all of this machine; by --workers or --on 1 of each process",
    )  # fmt: skip
    group.add_argument("--on", choices=("dask",), help="replay on a cluster of Dask (the extra `dask`)")
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="of the cluster; default: one here, with --workers processes"
    )


def run(options: argparse.Namespace) -> int:
    """Hand over to what was asked for: each loads what it alone needs."""
    work = _asked_for(options)
    refuse_outputs(options)
    module, function = CARRIED_OUT[work]
    carry_out: Callable[[argparse.Namespace], int] = getattr(
        importlib.import_module(f"pathway.cli.{module}"), function
    )
    return carry_out(options)


def _asked_for(options: argparse.Namespace) -> str:
    """What is to be done. Raises UsageError for two things at a time, and for options of another."""
    given = [name for name in WORK if getattr(options, name)]
    if len(given) > 1 and set(given) not in TOGETHER:
        named = " and ".join(f"--{name}" for name in given)
        raise UsageError(f"{named} are different things. Ask for one of them, then for the other.")
    usual = "fleet" if any(getattr(options, name) is not None for name in FLEET) else "report"
    work = "screen" if "screen" in given else given[0] if given else usual
    for other in sorted(set[str]().union(*BELONGING.values()) - BELONGING[work]):
        if getattr(options, other):
            owners = " or ".join(_named(name) for name, theirs in BELONGING.items() if other in theirs)
            option = other.replace("_", "-")
            raise UsageError(f"--{option} belongs to {owners}, not to {_named(work)}. Leave one of both out.")
    return work


def _named(work: str) -> str:
    return {"report": "the report", "fleet": "a replay of many files"}.get(work, f"--{work}")
