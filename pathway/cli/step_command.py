"""`pathway step`: step a case in the terminal; it is kept in the store and taken up again by its id.

Without a pathway and a case a full screen lists all cases; a pipe gets the list as text.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from pathway.cli.cases_command import case_lines
from pathway.cli.faults import UsageError
from pathway.cli.kept_case import KeptCase, case_id_for
from pathway.cli.list_command import list_lines, listed_pathways
from pathway.cli.local_zone import UNTOLD, local_zone
from pathway.cli.main import FINE
from pathway.cli.recorder import recorder, settings_to_record
from pathway.language.problems import visible
from pathway.store.places import open_store
from pathway.store.port import Store
from pathway.store.session import Session

if TYPE_CHECKING:
    from pathway.cli.case_desk import CaseDesk
    from tui.settings import Settings

IN_A_TAB = "TEXTUAL_DRIVER"  # set by the server of `--web` for each of its tabs
UNTOLD_ZONE = (
    "this machine does not tell its time zone; give another one with --timezone, or in settings.toml"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", nargs="?", help="a name, a file or a folder")
    parser.add_argument("--case", metavar="ID", help="taken up where it exists, else opened under this id")
    parser.add_argument(
        "--store", metavar="STORE", help="where cases are kept: a folder, a file, a server; default: your own"
    )
    parser.add_argument(
        "--by", metavar="NAME", help="who enters; default: `by` of settings.toml, else your login name"
    )
    parser.add_argument(
        "--timezone",
        metavar="ZONE",
        help="of a new case, as Europe/Berlin; default: `timezone` of settings.toml, else this machine's",
    )
    parser.add_argument("--label", help="a few words to know a new case by")
    parser.add_argument("--plain", action="store_true", help="line by line, for screen readers and pipes")
    parser.add_argument("--ascii", action="store_true", help="borders and signs of the screens in ASCII only")
    parser.add_argument("--web", action="store_true", help="in a browser on this computer, for teaching")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="of --web; default: a free one")
    # As other commands have it; importing theirs would read in all that loads a definition.
    parser.add_argument(
        "--layers", metavar="LAYER,...", help="only these layers, such as article; safety warnings stay"
    )


def run(options: argparse.Namespace) -> int:
    """Step the case until the user leaves. Without a pathway and a case, show which there are."""
    store = open_store(options.store)
    on_screen = _has_screen() and not options.plain
    is_home = options.pathway is None and options.case is None
    if is_home and options.web:
        raise UsageError("--web serves one case. Name it: pathway step PATHWAY --case ID --web.")
    if is_home and not on_screen:
        return _what_is_there(store)
    settings = settings_to_record(options.ascii)
    by = recorder(options.by, settings)
    options.timezone = options.timezone or settings.timezone
    if is_home:
        return _home(store, options, by, settings)
    case = _taken_up(store, options, by) or _opened(store, options, by)
    if options.web:
        from pathway.cli.step_web import serve

        return serve(case.definition, case.case_id, options.store, by, options)
    if not on_screen:
        from tui.plain import run_plain

        print("".join(f"{notice}\n" for notice in settings.notices), end="", file=sys.stderr)
        return run_plain(case, wall_clock, by, sys.stdin, sys.stdout)
    from pathway.cli.saving import saver
    from tui.app import run_app

    # A tab of a browser is shown on another machine than the one that would write the files.
    save = None if IN_A_TAB in os.environ else saver(case.definition)
    run_app(case, wall_clock, by, settings, save)
    return FINE


def wall_clock() -> int:
    """The present time, in whole seconds since 1970 UTC."""
    return int(time.time())


def _has_screen() -> bool:
    """Whether a full screen can be shown: a browser tab, or a terminal on both ends that is not dumb."""
    if IN_A_TAB in os.environ:
        return True
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _what_is_there(store: Store) -> int:
    print("\n".join(["pathways:", *list_lines(listed_pathways()), ""]))
    print("\n".join(["stored cases:", *case_lines(store.cases())]))
    print("\nOpen a case: pathway step PATHWAY --case ID. Take one up: pathway step --case ID.")
    return FINE


def _home(store: Store, options: argparse.Namespace, by: str, settings: Settings) -> int:
    """The list of all cases on a full screen, until the user leaves."""
    from pathway.cli.saving import saver
    from tui.cases.app import run_cases

    run_cases(_desk(store, options, by), wall_clock, by, settings, saver)
    return FINE


def _desk(store: Store, options: argparse.Namespace, by: str) -> CaseDesk:
    from pathway.cli.case_desk import CaseDesk

    return CaseDesk(store, wall_clock, by, _zone(options))


def _zone(options: argparse.Namespace) -> str:
    """The time zone of a new case: the one asked for or set, else this machine's, else UTC."""
    return options.timezone or local_zone() or UNTOLD


def _taken_up(store: Store, options: argparse.Namespace, by: str) -> KeptCase | None:
    """The stored case of the given id, on the pathway it was begun on; None where there is none."""
    if options.case is None or not store.exists(options.case):
        return None
    if options.pathway is None:
        return _as_begun(_desk(store, options, by), options.case)
    from pathway.cli.loading import compiled_for, load
    from pathway.cli.pathway_of_log import PathwaysOfLogs

    log = store.load(options.case)
    if options.layers is not None:
        compiled = compiled_for(options.pathway, options.layers)
    else:
        compiled = PathwaysOfLogs(load(options.pathway)).of(log.header)
    return KeptCase(Session.resume(store, options.case, compiled, log), wall_clock)


def _as_begun(desk: CaseDesk, case_id: str) -> KeptCase:
    """The case on the version it was begun on; says so where that is not the installed one."""
    from tui.session import DeskError

    try:
        case = desk.taken_up(case_id)
    except DeskError as error:
        raise UsageError(str(error)) from None
    if case.remark is not None:
        print(f"{visible(case_id)}: {case.remark}", file=sys.stderr)
    return case


def _opened(store: Store, options: argparse.Namespace, by: str) -> KeptCase:
    if options.pathway is None:
        raise UsageError(f"There is no case {options.case!r} in {store.place}. Name its pathway to open it.")
    from pathway.cli.loading import compiled_for

    compiled = compiled_for(options.pathway, options.layers)
    label = _label(options)
    now = wall_clock()
    zone = _zone(options)
    case_id = options.case or case_id_for(compiled.definition.id, now)
    session, _ = Session.open_new(
        store, compiled, case_id, at=now, by=by, recorded_at=now, timezone=zone, label=label
    )
    untold = f" ({UNTOLD_ZONE})" if options.timezone is None and local_zone() is None else ""
    print(f"opened the case {case_id} in {store.place}, time zone {zone}{untold}", file=sys.stderr)
    return KeptCase(session, wall_clock)


def _label(options: argparse.Namespace) -> str | None:
    """The second identifier of a new case: as given, else asked for in a terminal; it may be left empty."""
    given: str | None = options.label
    if given is not None or options.case is not None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return given
    try:
        return (
            input(
                "Label, a second identifier beside the case id, such as a bed (may be left empty): "
            ).strip()
            or None
        )
    except EOFError:
        raise UsageError("No case was opened: the label was not answered. Enter leaves it empty.") from None
