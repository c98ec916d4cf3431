"""The files that `pathway replay` writes: each a file of its own, and none of those that it reads."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.replay_reading import TABLES
from pathway.language.problems import visible

OUTPUTS = ("csv", "html", "export", "output")
READ = ("pathway", "map", "against")


def refuse_outputs(options: argparse.Namespace) -> None:
    """A log is a patient's record: no report takes its place. Raises UsageError, before anything is read."""
    taken: dict[Path, str] = {Path(name).resolve(): "is read" for name in _inputs(options)}
    endings = (".jsonl",) if options.map is None else TABLES
    for name in OUTPUTS:
        given = getattr(options, name)
        if given is None:
            continue
        path = Path(given).resolve()
        is_log = path.is_file() and path.name.lower().endswith(endings)
        why = (
            "is one of the logs" if is_log and not taken.keys().isdisjoint(path.parents) else taken.get(path)
        )
        if why is not None:
            raise UsageError(f"--{name}: {visible(given)} {why}, and would be replaced. Name another file.")
        taken[path] = f"is written by --{name}"


def _inputs(options: argparse.Namespace) -> Iterator[str]:
    """Everything that is read: the logs and folders of them, the definitions, the mapping."""
    if "" in options.logs:
        raise UsageError("A LOG without a name was given. Name a file or a folder; `.` is this one.")
    yield from options.logs
    yield from (given for name in READ if (given := getattr(options, name)) is not None)
