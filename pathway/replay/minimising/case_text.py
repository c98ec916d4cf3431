"""A case file as text: entries and expectations as a vignette writes them, read back as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

import yaml

from pathway.engine.batch import Batch, FactEntry, OverrideEntry
from pathway.language.calendar import format_instant
from pathway.language.problems import visible
from pathway.vignettes.present import Present

SHOWN = ("taken", "recommended", "held", "blocked", "done")


def case_text(head: Mapping[str, Any], timeline: list[dict[str, Any]], remarks: Iterable[str]) -> str:
    """The file. Remarks stand above it as comments, whatever they hold."""
    lines = [f"# {' '.join(visible(remark).split())}\n" for remark in remarks]
    document = {**head, "timeline": timeline}
    return "".join(lines) + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def entry_of(batch: Batch, zone: tzinfo) -> dict[str, Any]:
    """What a batch enters, with the reasons that entries need.

    Who entered it, and notes, are left out: they change nothing, and may name people.
    """
    found: dict[str, Any] = {"at": format_instant(batch.at, zone)}
    facts: dict[str, Any] = {entry.fact: _value(entry, zone) for entry in batch.facts}
    facts |= {entry.fact: {"unknown": entry.reason} for entry in batch.retracted}
    parts: dict[str, Any] = {
        "undo": "true" if batch.undo else None,
        "facts": facts,
        "done": {
            one.action: format_instant(batch.at if one.at is None else one.at, zone) for one in batch.done
        },
        "declined": {entry.action: entry.reason for entry in batch.declined},
        "override": {entry.action or entry.track: _override(entry) for entry in batch.overrides},
        "take": {entry.track: entry.to for entry in batch.take},
        "close": batch.close,
    }
    return found | {key: value for key, value in parts.items() if value}


def _value(entry: FactEntry, zone: tzinfo) -> Any:
    entered: Any = list(entry.entered) if isinstance(entry.entered, tuple) else entry.entered
    beside: dict[str, Any] = {}
    if entry.at is not None:
        beside["at"] = format_instant(entry.at, zone)
    if entry.corrects:
        beside["correct"] = "true"
    return {"value": entered, **beside} if beside else entered


def _override(entry: OverrideEntry) -> dict[str, str]:
    found = {"reason": entry.reason, "code": entry.code}
    return found if entry.to is None else {**found, "to": entry.to}


def expectation_of(now: Present) -> dict[str, Any]:
    """Where the tracks stand, what was taken, how each action stands, and by when it is due: all of it."""
    found: dict[str, Any] = {"states": {name: view.state for name, view in now.tracks.items()}}
    due = {
        view.action: format_instant(view.due, now.zone)
        for view in now.step.view.actions
        if view.called and view.due is not None
    }
    if due:
        found["due"] = due
    return found | {"only": {key: [one.name for one in now.shown(key)] for key in SHOWN}}
