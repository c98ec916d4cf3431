"""Supposed facts: what a guard would say of a patient of whom only this is known."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import read_batch
from pathway.engine.events import CaseOpened, FactRecorded
from pathway.engine.memory import Memory
from pathway.engine.readings import Readings
from pathway.language.calendar import parse_zone


def supposed(
    compiled: CompiledPathway, facts: Iterable[FactEntry], at: int, timezone: str = "UTC"
) -> Readings:
    """A snapshot in which just these facts are known; nothing has moved. Raises EntryError."""
    memory = Memory(compiled.definition)
    memory.apply(CaseOpened(seq=1, at=at, recorded_at=at, by="supposed", batch=1, timezone=timezone))
    readings = Readings(compiled, memory, at, parse_zone(timezone))
    for seq, item in enumerate(read_batch(Batch(at, "supposed", at, facts=tuple(facts)), readings).facts, 2):
        memory.apply(
            FactRecorded(
                seq=seq,
                at=item.at,
                recorded_at=at,
                by="supposed",
                batch=2,
                fact=item.fact.name,
                value=item.value.text,
                unit=item.value.unit,
                entered=item.value.entered,
            )
        )
    return Readings(compiled, memory, at, parse_zone(timezone))
