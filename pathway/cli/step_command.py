"""`pathway step`: step a case in the terminal; it is kept in the store and taken up again by its id."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from pathway.cli.cases_command import case_lines
from pathway.cli.faults import UsageError
from pathway.cli.kept_case import KeptCase
from pathway.cli.list_command import list_lines, listed_pathways
from pathway.cli.loading import add_layers, compiled_for, load
from pathway.cli.main import FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.store.folder import CaseStore
from pathway.store.session import Session


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", nargs="?", help="a name, a file or a folder")
    parser.add_argument("--case", metavar="ID", help="taken up where it exists, else opened under this id")
    parser.add_argument(
        "--store", metavar="FOLDER", help="where cases are kept; default: your own data folder"
    )
    parser.add_argument("--by", metavar="NAME", help="who enters; default: your login name")
    parser.add_argument(
        "--timezone", default="UTC", help="of a new case, such as Europe/Berlin; default: UTC"
    )
    parser.add_argument("--label", help="a few words to know a new case by")
    parser.add_argument("--plain", action="store_true", help="line by line, for screen readers and pipes")
    add_layers(parser)


def run(options: argparse.Namespace) -> int:
    """Step the case until the user leaves. Without a pathway and a case, say which there are."""
    store = CaseStore(Path(options.store) if options.store is not None else None)
    if options.pathway is None and options.case is None:
        return _what_is_there(store)
    by = options.by or _login_name()
    session = _taken_up(store, options) or _opened(store, options, by)
    case = KeptCase(session, wall_clock)
    if options.plain or not _has_screen():
        from tui.plain import run_plain

        return run_plain(case, wall_clock, by, sys.stdin, sys.stdout)
    from tui.app import run_app

    run_app(case, wall_clock, by)
    return FINE


def wall_clock() -> int:
    """The present time, in whole seconds since 1970 UTC."""
    return int(time.time())


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("This machine does not tell who you are. Say who enters: --by NAME.") from None


def _has_screen() -> bool:
    """Whether a full screen can be shown: a terminal on both ends, and not a dumb one."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _what_is_there(store: CaseStore) -> int:
    print("\n".join(["pathways:", *list_lines(listed_pathways()), ""]))
    print("\n".join(["stored cases:", *case_lines(store.cases())]))
    print("\nOpen a case: pathway step PATHWAY --case ID. Take one up: pathway step --case ID.")
    return FINE


def _taken_up(store: CaseStore, options: argparse.Namespace) -> Session | None:
    """The stored case of the given id, on the pathway it was begun on; None where there is none."""
    if options.case is None or not store.exists(options.case):
        return None
    header = store.load(options.case).header
    name: str | None = options.pathway
    if name is not None and options.layers is not None:
        return Session.resume(store, options.case, compiled_for(name, options.layers))
    named = load(name) if name is not None else None
    return Session.resume(store, options.case, PathwaysOfLogs(named).of(header))


def _opened(store: CaseStore, options: argparse.Namespace, by: str) -> Session:
    now = wall_clock()
    if options.pathway is None:
        raise UsageError(f"There is no case {options.case!r} in {store.root}. Name its pathway to open it.")
    compiled = compiled_for(options.pathway, options.layers)
    case_id = options.case or f"{compiled.definition.id}-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
    session, _ = Session.open_new(
        store,
        compiled,
        case_id,
        at=now,
        by=by,
        recorded_at=now,
        timezone=options.timezone,
        label=options.label,
    )
    print(f"opened the case {case_id} in {store.root}", file=sys.stderr)
    return session
