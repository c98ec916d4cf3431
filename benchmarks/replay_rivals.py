"""The same log through other programs: a `transitions` machine per event, and pm4py's token-based replay.

The machines see no hash, order, safeguard, deadline or reason: what they do is less than a replay.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from time import perf_counter
from typing import Any

from pyarrow.parquet import ParquetFile

from benchmarks.replay_guards import Guards
from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.language.values import kept_value
from pathway.replay.bulk import codes
from pathway.replay.bulk.reading import BulkFile
from pathway.replay.bulk.rows import CODE, LIST, NUMBER, TEXT, TRUTH
from pathway.replay.bulk.vocabulary import Vocabulary

FACT, DONE, DECLINED, OTHER = range(4)
Entry = tuple[int, str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Case = tuple[str, Sequence[ev.Event]]
logging.getLogger("transitions").setLevel(logging.ERROR)


@dataclass
class Known:
    """What the hand-written way keeps of a case: values, deeds, where tracks stand. No log, no reasons.

    `told`, `done` and `entered` hold the number of the event that last did so.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    declined: dict[str, int] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    entered: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Marker:
    state: str


class Machines:
    """A shared machine a track, triggered once an event; its guards are Python functions."""

    def __init__(self, definition: Definition) -> None:
        self._starts = {name: track.start for name, track in definition.tracks.items()}
        guards = Guards(definition)
        self._machines = {name: guards.machine(name) for name in definition.tracks}

    def follow(self, entries: Iterable[Entry]) -> int:
        """Follow one case; how many events it has."""
        known, count = Known(states=dict(self._starts)), 0
        markers = [
            (name, Marker(self._starts[name]), machine.events["event"])
            for name, machine in self._machines.items()
        ]
        for kind, name, value in entries:
            count += 1
            if kind == FACT:
                known.facts[name], known.told[name] = value, count
            elif kind == DONE:
                known.done[name] = count
            elif kind == DECLINED:
                known.declined[name] = count
            for track, marker, event in markers:
                if event.trigger(marker, known=known):
                    known.states[track], known.entered[track] = marker.state, count
        return count


def parsed_before(compiled: CompiledPathway, cases: Iterable[Case]) -> float:
    """Events a second where every value is a Python value already, so that only the machines are timed."""
    definition = compiled.definition
    machines = Machines(definition)
    entries = [[_entry(definition, event) for event in events] for _, events in cases]
    start = perf_counter()
    return sum(map(machines.follow, entries)) / (perf_counter() - start)


def from_parquet(compiled: CompiledPathway, log: Path) -> float:
    """Events a second from a file as bulk replay reads: its columns, as Python values, to the machines."""
    machines, names = Machines(compiled.definition), BulkFile(log).vocabulary
    start, count = perf_counter(), 0
    for group in ParquetFile(log).iter_batches(columns=["case", "kind", "what", "value"]):
        columns = [group.column(name).to_pylist() for name in ("case", "kind", "what", "value")]
        for _, rows in groupby(zip(*columns, strict=True), key=itemgetter(0)):
            count += machines.follow(_read(names, rows))
    return count / (perf_counter() - start)


def _read(names: Vocabulary, rows: Iterable[tuple[str, int, int, int]]) -> Iterator[Entry]:
    """The entries of rows; instants and dates stay numbers."""
    for _, kind, what, value in rows:
        if kind == codes.RECORDED:
            yield FACT, names.facts[what].name, _value(names, what, value)
        elif kind == codes.RETRACTED:
            yield FACT, names.facts[what].name, None
        elif kind in (codes.DONE, codes.DECLINED):
            yield DONE if kind == codes.DONE else DECLINED, names.actions[what], None
        else:
            yield OTHER, "", None


def _value(names: Vocabulary, what: int, value: int) -> Any:
    fact = names.facts[what]
    if fact.kind == TRUTH:
        return value == 1
    if fact.kind == NUMBER:
        return value / fact.scale
    return names.words.word(value) if fact.kind in (CODE, LIST, TEXT) else value


def _entry(definition: Definition, event: ev.Event) -> Entry:
    if isinstance(event, ev.FactRecorded):
        value = kept_value(definition.facts[event.fact], event.value, UTC)
        return FACT, event.fact, float(value) if isinstance(value, Fraction) else value
    if isinstance(event, ev.FactRetracted):
        return FACT, event.fact, None
    if isinstance(event, ev.ActionDone):
        return DONE, event.action, None
    return (DECLINED, event.action, None) if isinstance(event, ev.ActionDeclined) else (OTHER, "", None)


def token_replay_a_second(cases: Sequence[Case]) -> float:
    """Events a second of pm4py's token-based replay on a net that it discovered from these cases."""
    import pandas as pd  # pyright: ignore[reportMissingImports]
    import pm4py  # pyright: ignore[reportMissingImports]

    rows = [
        (case, activity(event), EPOCH + timedelta(seconds=event.at), place)
        for case, events in cases
        for place, event in enumerate(events)
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "time", "place"])
    log = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="time")
    net, first, last = pm4py.discover_petri_net_inductive(log, noise_threshold=0.2)
    start = perf_counter()
    pm4py.conformance_diagnostics_token_based_replay(log, net, first, last)
    return len(rows) / (perf_counter() - start)


def activity(event: ev.Event) -> str:
    """An event as process mining sees it: a name."""
    match event:
        case ev.TransitionTaken(track=track, to=to):
            return f"{track} -> {to}"
        case ev.FactRecorded(fact=fact) | ev.FactRetracted(fact=fact):
            return fact
        case ev.ActionDone(action=action) | ev.ActionDeclined(action=action):
            return f"{event.type} {action}"
        case _:
            return event.type
