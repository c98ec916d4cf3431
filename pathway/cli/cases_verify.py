"""`pathway cases verify` and `checkpoint`: is every case still what was recorded?"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from pathway.cli.faults import UsageError, explain
from pathway.cli.loading import load
from pathway.cli.main import FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.language.problems import DefinitionError, visible
from pathway.replay.conformance import conformance
from pathway.store.carrying import head_of_store, read_checkpoint, write_checkpoint
from pathway.store.heads import Noted
from pathway.store.port import StoreError
from pathway.store.tabled import TabledStore
from pathway.store.verifying import StoreFinding
from pathway.store.verifying import verify as findings_of


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying one case."""

    case: str
    good: bool
    text: str


def verify(store: TabledStore, options: argparse.Namespace) -> int:
    """Check store, chains and heads, and replay: 1 where anything is not as it was recorded."""
    findings = _findings(store, options)
    wanted = [options.case] if options.case is not None else [one.case for one in store.entries()]
    named = load(options.pathway) if options.pathway is not None else None
    pathways = PathwaysOfLogs(named, store.definition)
    found = [_verified(store, case, pathways) for case in wanted]
    if options.json:
        told = {"store": [asdict(one) for one in findings], "cases": [asdict(one) for one in found]}
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        print("\n".join([*_store_lines(store, findings), *_case_lines(found)]))
    return FINE if not findings and all(one.good for one in found) else FINDING


def checkpoint(store: TabledStore, options: argparse.Namespace) -> int:
    """Write the head of the store."""
    head = head_of_store(store)
    if head is None:
        raise UsageError(f"{store.place} holds no case yet, so that there is no head to write.")
    write_checkpoint(Path(options.file), head)
    name = visible(options.file)
    print(
        f"wrote {name}: the store's head after {head.step} steps. Keep it where those who can change "
        f"the store cannot; check by: pathway cases verify --against {name}",
        file=sys.stderr,
    )
    return FINE


def _findings(store: TabledStore, options: argparse.Namespace) -> list[StoreFinding]:
    """What is wrong with the store, held against all heads that are known elsewhere."""
    noted: list[Noted] = [] if store.heads is None else store.heads.noted()
    if options.against is not None:
        noted.append(read_checkpoint(Path(options.against)))
    found = findings_of(store.tables, noted)
    return [one for one in found if options.case is None or one.case in (None, options.case)]


def _store_lines(store: TabledStore, findings: list[StoreFinding]) -> list[str]:
    if findings:
        return [f"{_about(one)}: {visible(one.text)}" for one in findings]
    head = head_of_store(store)
    return [] if head is None else [f"the store: {head.step} steps, whole and unchanged"]


def _about(finding: StoreFinding) -> str:
    return "the store" if finding.case is None else visible(finding.case)


def _case_lines(found: list[Verified]) -> list[str]:
    return [f"{visible(one.case)}: {one.text}" for one in found] or ["none"]


def _verified(store: TabledStore, case: str, pathways: PathwaysOfLogs) -> Verified:
    if not store.exists(case):
        raise UsageError(f"There is no case {case!r} in {store.place}. `pathway cases` lists them.")
    try:
        logs = store.courses(case)
    except StoreError as error:
        return Verified(case, False, f"DAMAGED: {error}")
    events = sum(len(log.events) for log in logs)
    for log in logs:
        try:
            compiled = pathways.of(log.header)
        except (UsageError, DefinitionError) as fault:
            return Verified(case, True, f"chain whole ({events} events), not replayed: {explain(fault)}")
        found = conformance(log, compiled).divergence
        if found is not None:
            return Verified(case, False, f"DIVERGES at event {found.seq}: {found.class_}: {found.why}")
    return Verified(case, True, f"chain whole, conforms ({events} events)")
