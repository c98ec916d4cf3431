"""Pathways and runs to replay, and what a forger does to a log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pathway.engine.case import Case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.load import load_definition

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Play:
    """A pathway and how a test steps cases on it."""

    compiled: CompiledPathway
    folder: Path

    def case(self, timeline: str) -> Case:
        """The case after the entries of a timeline, as `pathway run` steps it."""
        file = self.folder / "timeline.yaml"
        file.write_text(f"case: T-1\ntimeline:\n{timeline}", "utf-8")
        last = [ran.case for ran in step_timeline(self.compiled, read_timeline(file))]
        return last[-1]

    def events(self, timeline: str) -> list[Event]:
        return list(self.case(timeline).events)


def play(name: str, folder: Path) -> Play:
    return Play(compile_pathway(load_definition(HERE / f"{name}.yaml")), folder)


def numbered(events: Iterable[Event]) -> list[Event]:
    """Events with their numbers made gapless again, as a forger would leave them."""
    return [replace(event, seq=seq) for seq, event in enumerate(events, 1)]


def with_field(events: Iterable[Event], seq: int, **fields: Any) -> list[Event]:
    """The events with other fields in one of them."""
    return [replace(event, **fields) if event.seq == seq else event for event in events]


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
