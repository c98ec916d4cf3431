"""`pathway cases`: the cases that are kept: listed, checked, carried out and in, moved, handed over."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from pathway.cli.main import FINE
from pathway.cli.pseudonymising import add_pseudonymise
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.problems import visible
from pathway.store.places import open_store
from pathway.store.port import Store, StoredCase

Work = Callable[[Any, argparse.Namespace], int]
STORE = "a folder, a file or postgresql://USER@HOST/DATABASE; default: $PATHWAY_STORE, else your own"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    _common(parser, first=True)
    parser.set_defaults(work=_list)
    tasks = parser.add_subparsers(metavar="TASK", parser_class=argparse.ArgumentParser)
    for declare in (_checking, _carrying, _moving, _handing_over, _serving):
        declare(_Tasks(tasks))


class _Tasks:
    """Tasks of the command; each is carried out by a function of a module of its own, loaded only then."""

    def __init__(self, parsers: Any) -> None:
        self._parsers = parsers

    def add(self, name: str, module: str, function: str, help: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._parsers.add_parser(name, help=help, description=help)
        parser.set_defaults(work=_loaded(module, function))
        _common(parser, first=False)
        return parser


def _loaded(module: str, function: str) -> Work:
    def work(store: Any, options: argparse.Namespace) -> int:
        found: Work = getattr(importlib.import_module(f"pathway.cli.{module}"), function)
        return found(store, options)

    return work


def _common(parser: argparse.ArgumentParser, first: bool) -> None:
    """Options that may stand before or after the task."""
    parser.add_argument("--store", metavar="STORE", default=None if first else argparse.SUPPRESS, help=STORE)
    parser.add_argument("--json", action="store_true", default=False if first else argparse.SUPPRESS)


def _checking(tasks: _Tasks) -> None:
    verify = tasks.add("verify", "cases_verify", "verify", "check the store and every log, and replay them")
    verify.add_argument("case", metavar="ID", nargs="?", help="this case alone")
    verify.add_argument("--pathway", metavar="PATHWAY", help="default: the text kept with the case")
    verify.add_argument("--against", metavar="FILE", help="a checkpoint: nothing before it may be missing")
    checkpoint = tasks.add(
        "checkpoint", "cases_verify", "checkpoint", "write the store's head, to be kept somewhere else"
    )
    checkpoint.add_argument("file", metavar="FILE")
    replay = tasks.add("replay", "cases_carrying", "replay", "`pathway replay` of one case, with its options")
    replay.add_argument("case", metavar="ID")
    replay.add_argument("rest", metavar="OPTION", nargs=argparse.REMAINDER)


def _carrying(tasks: _Tasks) -> None:
    export = tasks.add("export", "cases_carrying", "export", "write one case or all cases to files")
    export.add_argument("case", metavar="ID", nargs="?")
    export.add_argument("file", metavar="FILE", nargs="?", help="with --all: an empty or new folder")
    export.add_argument("--all", metavar="FOLDER", help="all cases, their definitions and the store's head")
    export.add_argument(
        "--fhir", action="store_true", help="as a FHIR R4 Bundle of AuditEvent and Provenance"
    )
    add_pseudonymise(export)
    key = tasks.add("key", "cases_carrying", "key", "make a key for --pseudonymise")
    key.add_argument("file", metavar="FILE")
    take = tasks.add("import", "cases_carrying", "take", "take logs into the store; none is overwritten")
    take.add_argument("logs", metavar="LOG", nargs="+", help="a log, or a folder of them")
    backup = tasks.add("backup", "cases_saving", "backup", "copy the store while others go on using it")
    backup.add_argument("file", metavar="FILE", help="a new file, which can be used as a store")
    rescue = tasks.add("rescue", "cases_saving", "rescue", "save what can be read of a damaged store")
    rescue.add_argument("folder", metavar="FOLDER", help="an empty or new folder")


def _moving(tasks: _Tasks) -> None:
    move = tasks.add("move", "cases_move", "move", "move a case to another version of its pathway")
    move.add_argument("case", metavar="ID")
    move.add_argument("--to", metavar="PATHWAY", help="default: the installed version")
    move.add_argument(
        "--by", metavar="NAME", help="who moves it; default: `by` of settings.toml, else your login name"
    )
    move.add_argument("--yes", action="store_true", help="move it; else only what would change is shown")


def _handing_over(tasks: _Tasks) -> None:
    parser = tasks.add(
        "handover", "cases_handover", "hand_over", "the hand-over of a case: how it stands, and what is due"
    )
    parser.add_argument("case", metavar="ID")
    parser.add_argument(
        "--markdown", metavar="FILE", help="as Markdown; - is standard output, and the default without --html"
    )
    parser.add_argument("--html", metavar="FILE", help="as one page that needs nothing else; - as above")
    parser.add_argument(
        "--at", metavar="TIME", help="in the case's time zone, not before its last entry; default: now"
    )
    parser.add_argument(
        "--by", metavar="NAME", help="who hands over; default: `by` of settings.toml, else your login name"
    )
    parser.add_argument("--pathway", metavar="PATHWAY", help="default: the text kept with the case")
    add_pseudonymise(parser)
    parser.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto", help="who lays out the charts of --html"
    )


def _serving(tasks: _Tasks) -> None:
    setup = tasks.add(
        "server-setup", "cases_server", "set_up", "make a PostgreSQL database ready, as its administrator"
    )
    setup.add_argument("url", metavar="URL", help="postgresql://ADMINISTRATOR@HOST/DATABASE")
    setup.add_argument("--writer", metavar="ROLE", help="may read and add, and nothing else")
    setup.add_argument("--reader", metavar="ROLE", help="may read, and nothing else")


def run(options: argparse.Namespace) -> int:
    """Carry out the task; without one, list the cases."""
    work: Work = options.work
    return work(open_store(options.store), options)


def _list(store: Store, options: argparse.Namespace) -> int:
    found = store.cases()
    if options.json:
        print(json.dumps({"cases": [_case_json(one) for one in found]}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(case_lines(found)))
    return FINE


def case_lines(found: Sequence[StoredCase]) -> list[str]:
    """The stored cases as text, one a line."""
    return [_case_line(one) for one in found] or ["none"]


def _case_line(one: StoredCase) -> str:
    if one.problem is not None:
        return f"{visible(one.case)}  DAMAGED: {visible(one.problem)}"
    label = f"  {visible(one.label)}" if one.label else ""
    closed = ", closed" if one.closed else ""
    what = f"{one.pathway} {one.version}, {one.events} events, last {_time(one)}"
    return f"{visible(one.case)}  {what}{closed}{label}"


def _time(one: StoredCase) -> str | None:
    return None if one.last_at is None else format_instant(one.last_at, parse_zone())


def _case_json(one: StoredCase) -> dict[str, Any]:
    return {**asdict(one), "last_at": _time(one)}
