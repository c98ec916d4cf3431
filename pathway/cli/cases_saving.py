"""`pathway cases backup` and `rescue`: a copy of a sound store, and what is left of a damaged one."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.main import FINDING, FINE
from pathway.language.problems import visible
from pathway.store.embedded.tables import SqliteTables
from pathway.store.places import open_store
from pathway.store.saving import Saved, save
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify


def backup(store: TabledStore, options: argparse.Namespace) -> int:
    """Copy the store, and check the copy; 1 where what was copied is not sound."""
    tables, file = store.tables, Path(options.file)
    if not isinstance(tables, SqliteTables):
        raise UsageError(f"{store.place} is a server's: its own tools (pg_dump) copy it.")
    tables.backup(file)
    findings = verify(open_store(file, heads=False).tables)
    for one in findings:
        print(f"{visible(one.case or 'the store')}: {visible(one.text)}")
    name = visible(options.file)
    print(f"wrote {name}; it can be used as a store: --store {name}", file=sys.stderr)
    return FINDING if findings else FINE


def rescue(store: TabledStore, options: argparse.Namespace) -> int:
    """Save what can be read; 1 where anything is missing."""
    found = save(store, Path(options.folder))
    if options.json:
        print(json.dumps({"cases": [asdict(one) for one in found]}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(_line(one) for one in found) or "none")
        fix = f"Take them into a new store: pathway cases import {visible(options.folder)} --store NEW"
        print(fix, file=sys.stderr)
    return FINDING if any(one.why is not None for one in found) else FINE


def _line(one: Saved) -> str:
    of = "an unknown number of" if one.recorded is None else str(one.recorded)
    saved = f"{visible(one.case)}: {one.events} of {of} events saved"
    where = "" if one.file is None else f" to {one.file}"
    return f"{saved}{where}" + ("" if one.why is None else f". MISSING: {visible(one.why)}")
