"""`pathway replay --screen`: one log, gone through event by event, read only."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.loading import load
from pathway.cli.main import FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.engine.compiled import CompiledPathway
from pathway.logs.chain import Header
from pathway.logs.jsonl import read_log


def on_screen(options: argparse.Namespace) -> int:
    """Show one log; whether it conforms is told on the screen, and leaving it is always 0."""
    if len(options.logs) != 1 or options.json:
        raise UsageError("--screen shows one log, without --json. Give one LOG.")
    if options.map is not None:
        raise UsageError("--screen shows logs of this program. Leave --map out to have the report.")
    # Imported here: the other ways of replaying need no screen.
    from tui.replaying.app import run_replay
    from tui.replaying.recording import recording_of
    from tui.settings import read_settings

    path = Path(options.logs[0])
    log = read_log(path, repair=True)
    compiled = _pathway_of(path, log.header, options.pathway)
    against = None if options.against is None else PathwaysOfLogs(load(options.against)).of(log.header)
    if not _has_screen():
        raise UsageError(
            "--screen needs a terminal on both ends, and not a dumb one. Without it the log is told as text."
        )
    run_replay(recording_of(log, compiled, against), _steady_clock, read_settings(os.environ))
    return FINE


def _pathway_of(path: Path, header: Header, named: str | None) -> CompiledPathway:
    """The pathway to show a log with. Raises UsageError, DefinitionError."""
    try:
        return PathwaysOfLogs(load(named) if named is not None else None).of(header)
    except UsageError as fault:
        raise UsageError(f"{path}: {fault} Give it as: --pathway FILE.") from None


def _has_screen() -> bool:
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return is_terminal and os.environ.get("TERM", "") not in ("", "dumb")


def _steady_clock() -> int:
    """Milliseconds of a clock that is never set back, to pace the playing alone."""
    return time.monotonic_ns() // 1_000_000
