"""A counter-example as a case: what is entered when, as `pathway run` reads it, and what it ends in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from pathway.engine.batch import Batch
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.playing import CONFIRM
from pathway.language.calendar import format_instant, parse_zone

BY = "check"


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that shows a finding: entries in order, and what it ends in, in one sentence."""

    pathway: str
    entries: tuple[Batch, ...]
    ends: str
    timezone: str = "UTC"

    def as_json(self) -> dict[str, Any]:
        """The timeline mapping that `pathway run` reads."""
        timeline = [_entry(batch, self.timezone) for batch in self.entries]
        zone = {} if self.timezone == "UTC" else {"timezone": self.timezone}
        return {"pathway": self.pathway, "case": "counter-example", **zone, "timeline": timeline}

    def as_yaml(self) -> str:
        """The timeline as text."""
        return yaml.safe_dump(self.as_json(), sort_keys=False, allow_unicode=True, width=110)

    def play(self, compiled: CompiledPathway) -> Case:
        """The case, stepped by the engine to its end. Raises EntryError."""
        return play(compiled, self.entries, self.timezone)


def play(compiled: CompiledPathway, entries: Iterable[Batch], timezone: str = "UTC") -> Case:
    """Step entries through a pathway as a run would, confirmed transitions taken. Raises EntryError."""
    case: Case | None = None
    for batch in entries:
        if case is None:
            case, _ = open_case(compiled, "counter-example", batch.at, BY, batch.at, timezone)
        case.enter(batch, CONFIRM)
    assert case is not None, "a witness has entries"
    return case


def _entry(batch: Batch, timezone: str) -> dict[str, Any]:
    zone = parse_zone(timezone)
    found: dict[str, Any] = {"at": format_instant(batch.at, zone)}
    facts: dict[str, Any] = {
        entry.fact: list(entry.entered) if isinstance(entry.entered, tuple) else entry.entered
        for entry in batch.facts
    }
    facts.update({entry.fact: "unknown" for entry in batch.retracted})
    if facts:
        found["facts"] = facts
    if batch.done:
        found["done"] = [entry.action for entry in batch.done]
    if batch.declined:
        found["declined"] = {entry.action: entry.reason for entry in batch.declined}
    if batch.overrides:
        found["override"] = {entry.action: entry.reason for entry in batch.overrides}
    if batch.take:
        found["take"] = {entry.track: entry.to for entry in batch.take}
    return found
