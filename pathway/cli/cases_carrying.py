"""`pathway cases export`, `import`, `key` and `replay`: cases out of the store and into it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from pathway.cli.faults import UsageError
from pathway.cli.main import FINDING, FINE, main
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.pseudonymising import key_of, write_new_key
from pathway.language.problems import visible
from pathway.logs.chain import Log
from pathway.logs.jsonl import write_log
from pathway.store.carrying import REFUSED, Taken, carry_in, carry_out, log_files, write
from pathway.store.tabled import TabledStore


def export(store: TabledStore, options: argparse.Namespace) -> int:
    """Write one case or all of them; 0, or a fault."""
    if options.all is not None:
        _refuse_both(options)
        count = carry_out(store, Path(options.all), _change(store, options))
        print(f"wrote {count} logs to {visible(options.all)}", file=sys.stderr)
        return FINE
    if options.case is None or options.file is None:
        raise UsageError("Name a case and a file: pathway cases export ID FILE; or --all FOLDER.")
    change = _change(store, options)
    logs = store.courses(options.case)
    logs = logs if change is None else [change(log) for log in logs]
    if options.fhir:
        _write_bundle(store, logs, Path(options.file), change is not None)
    else:
        write_log(Path(options.file), logs[-1].header, logs[-1].events)
        if len(logs) > 1:
            earlier = "The case was moved: this is its last log. --all exports the earlier ones too."
            print(earlier, file=sys.stderr)
    print(f"wrote {visible(options.file)}", file=sys.stderr)
    return FINE


def key(store: TabledStore, options: argparse.Namespace) -> int:
    """Make a key for pseudonyms."""
    write_new_key(Path(options.file), options)
    return FINE


def take(store: TabledStore, options: argparse.Namespace) -> int:
    """Take logs in; 1 where one was not taken."""
    files = log_files([Path(name) for name in options.logs])
    if not files:
        raise UsageError(f"There is no log (.jsonl) in {', '.join(options.logs)}.")
    found: list[Taken] = []
    for one in carry_in(store, files):
        found.append(one)
        if not options.json:
            print(_line(one), flush=True)
    if options.json:
        print(json.dumps({"logs": [asdict(one) for one in found]}, indent=1, ensure_ascii=False))
    return FINDING if any(one.what == REFUSED for one in found) else FINE


def replay(store: TabledStore, options: argparse.Namespace) -> int:
    """What `pathway replay` does, with a case of the store for its log."""
    with TemporaryDirectory(prefix="pathway-replay-") as folder:
        file = Path(folder) / "case.jsonl"
        file.write_bytes(store.lines(options.case))
        return main(["replay", str(file), *options.rest])


def _change(store: TabledStore, options: argparse.Namespace) -> Callable[[Log], Log] | None:
    """How logs are pseudonymised; None where they are not."""
    secret = key_of(options)
    if secret is None:
        return None
    from pathway.pseudonyms.copies import Copies, what_was_replaced

    print(what_was_replaced(options.keep_text), file=sys.stderr)
    return Copies(secret, PathwaysOfLogs(kept=store.definition).definition_of, keep_text=options.keep_text)


def _write_bundle(store: TabledStore, logs: list[Log], file: Path, pseudonymised: bool) -> None:
    from pathway.audit.bundle import fhir_json

    pathways = PathwaysOfLogs(kept=store.definition)
    known = [found for log in logs if (found := pathways.definition_of(log)) is not None]
    write(file, fhir_json(logs, known, pseudonymised=pseudonymised).encode())


def _refuse_both(options: argparse.Namespace) -> None:
    if options.case is not None:
        raise UsageError("--all exports every case. Leave the case and the file out.")
    if options.fhir:
        raise UsageError("--fhir exports one case at a time. Name it: pathway cases export ID FILE --fhir.")


def _line(one: Taken) -> str:
    case = "" if one.case is None else f"{visible(one.case)}: "
    events = f" ({one.events} events)" if one.events else ""
    why = "" if one.why is None else f". {visible(one.why)}"
    return f"{visible(one.file)}: {case}{one.what}{events}{why}"
