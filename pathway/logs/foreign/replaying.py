"""A foreign case stepped by the single-case engine: deeds and facts are the log's, all else is derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine.batch import Batch
from pathway.engine.case import open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.events import Event
from pathway.engine.playing import CONFIRM
from pathway.engine.timeline import Timeline
from pathway.logs.chain import Header
from pathway.logs.foreign.finding import REFUSED_ROW, Finding
from pathway.logs.foreign.reading import ForeignCase


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """The log that a foreign case comes to on this pathway; no events where it was set aside."""

    header: Header
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


def replay_foreign(case: ForeignCase, compiled: CompiledPathway) -> PlayedCase:
    """Step a foreign case, confirmed transitions taken as the clinician would.

    The first row that the engine refuses sets the case aside, and is told.
    """
    header = _header(case.id, compiled)
    if case.set_aside:
        return PlayedCase(header, (), case.findings)
    played = _played(case.timeline, compiled)
    if isinstance(played, Finding):
        return PlayedCase(header, (), (*case.findings, played))
    return PlayedCase(header, tuple(played), case.findings)


def _played(timeline: Timeline, compiled: CompiledPathway) -> Sequence[Event] | Finding:
    entry = timeline.entries[0]
    first = entry.batch
    try:
        case, _ = open_case(compiled, timeline.case, first.at, first.by, first.recorded_at, timeline.timezone)
        for entry in timeline.entries:
            case.enter(entry.batch, CONFIRM)
    except EntryError as error:
        why = "; ".join(problem.text for problem in error.problems)
        expected, logged = "a row that can be entered", _told(entry.batch)
        return Finding(timeline.case, entry.place.line, REFUSED_ROW, expected, logged, why)
    return case.events


def _told(batch: Batch) -> str:
    """What an entry says, in the names of the pathway."""
    deeds = (*(entry.action for entry in batch.done), *(entry.action for entry in batch.declined))
    return ", ".join((*deeds, *(entry.fact for entry in batch.facts)))


def _header(case: str, compiled: CompiledPathway) -> Header:
    definition = compiled.definition
    return Header(
        pathway=definition.id,
        version=definition.version,
        digest=definition.digest,
        case=case,
        without_layers=tuple(sorted(definition.layers.keys() - compiled.layers)),
    )
