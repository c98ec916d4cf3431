"""`pathway cases`: list, export, verify and hand over the cases that are kept in the store."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathway.cli.faults import UsageError, explain
from pathway.cli.main import FINDING, FINE
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.problems import DefinitionError, visible
from pathway.store.folder import CaseStore
from pathway.store.port import StoredCase, StoreError

if TYPE_CHECKING:
    from pathway.cli.pathway_of_log import PathwaysOfLogs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    _common(parser, first=True)
    parser.set_defaults(work=_list)
    tasks = parser.add_subparsers(metavar="TASK", parser_class=argparse.ArgumentParser)
    export = tasks.add_parser("export", help="write the log of a case to a file")
    export.add_argument("case", metavar="ID")
    export.add_argument("file", metavar="FILE")
    export.set_defaults(work=_export)
    verify = tasks.add_parser("verify", help="check the chain of every log, or of one, and replay it")
    verify.add_argument("case", metavar="ID", nargs="?")
    verify.add_argument("--pathway", metavar="PATHWAY", help="default: the bundled one that the log names")
    verify.set_defaults(work=_verify)
    handover = tasks.add_parser("handover", help="the hand-over of a case: how it stands, and what is due")
    _handover_arguments(handover)
    for task in (export, verify):
        _common(task, first=False)


def _common(parser: argparse.ArgumentParser, first: bool) -> None:
    """Options that may stand before or after the task."""
    missing = None if first else argparse.SUPPRESS
    parser.add_argument("--store", metavar="FOLDER", default=missing, help="default: your own data folder")
    parser.add_argument("--json", action="store_true", default=False if first else argparse.SUPPRESS)


def _handover_arguments(parser: argparse.ArgumentParser) -> None:
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
    parser.add_argument("--pathway", metavar="PATHWAY", help="default: the bundled one that the log names")
    parser.add_argument(
        "--pseudonym", metavar="KEY_FILE",
        help="no label, and for the id a short name that only this key leads back to; texts stay as typed",
    )  # fmt: skip
    parser.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto", help="who lays out the charts of --html"
    )
    parser.add_argument(
        "--store", metavar="FOLDER", default=argparse.SUPPRESS, help="default: your own data folder"
    )
    parser.set_defaults(work=_handover)


def run(options: argparse.Namespace) -> int:
    """List, export, verify or hand over."""
    store = CaseStore(Path(options.store) if options.store is not None else None)
    code: int = options.work(store, options)
    return code


def _list(store: CaseStore, options: argparse.Namespace) -> int:
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


def _export(store: CaseStore, options: argparse.Namespace) -> int:
    from pathway.logs.jsonl import write_log

    log = store.load(options.case)
    write_log(Path(options.file), log.header, log.events)
    print(f"wrote {options.file}", file=sys.stderr)
    return FINE


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying one case."""

    case: str
    good: bool
    text: str


def _verify(store: CaseStore, options: argparse.Namespace) -> int:
    """Check the chains and replay: 1 where a log is damaged or does not follow from its facts."""
    from pathway.cli.loading import load
    from pathway.cli.pathway_of_log import PathwaysOfLogs

    wanted = [options.case] if options.case is not None else [one.case for one in store.cases()]
    pathways = PathwaysOfLogs(load(options.pathway) if options.pathway is not None else None)
    found = [_verified(store, case, pathways) for case in wanted]
    if options.json:
        print(json.dumps({"cases": [asdict(one) for one in found]}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(f"{visible(one.case)}: {one.text}" for one in found) or "none")
    return FINE if all(one.good for one in found) else FINDING


def _verified(store: CaseStore, case: str, pathways: PathwaysOfLogs) -> Verified:
    from pathway.replay.conformance import conformance

    if not store.exists(case):
        raise UsageError(f"There is no case {case!r} in {store.root}. `pathway cases` lists them.")
    try:
        log = store.load(case)
    except StoreError as error:
        return Verified(case, False, f"DAMAGED: {error}")
    try:
        compiled = pathways.of(log.header)
    except (UsageError, DefinitionError) as fault:
        return Verified(case, True, f"chain whole ({len(log.events)} events), not replayed: {explain(fault)}")
    divergence = conformance(log, compiled).divergence
    if divergence is None:
        return Verified(case, True, f"chain whole, conforms ({len(log.events)} events)")
    return Verified(case, False, f"DIVERGES at event {divergence.seq}: {divergence.class_}: {divergence.why}")


def _handover(store: CaseStore, options: argparse.Namespace) -> int:
    """Write the hand-over. What it rests on, and the drawing, are loaded only for it."""
    from pathway.cli.handover import write_handover

    if options.json:
        raise UsageError("--json: a hand-over is Markdown or HTML. `pathway cases export` writes the log.")
    if not store.exists(options.case):
        raise UsageError(f"There is no case {options.case!r} in {store.root}. `pathway cases` lists them.")
    write_handover(store.load(options.case), options)
    return FINE
