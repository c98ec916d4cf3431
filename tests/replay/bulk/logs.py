"""Random logs of random pathways, what a forger does to them, and what the single-case engine says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from pathway.engine import events as ev
from pathway.engine.batch import Batch
from pathway.engine.compiled import CompiledPathway
from pathway.logs.chain import Header
from pathway.replay.bulk.results import BulkResult, Diverged
from pathway.replay.bulk.singly import count_deadlines, count_states
from pathway.replay.conformance import conformance_of_events
from tests.engine.rich_ward import batches, committed, opened

ZONES = ("UTC", "Europe/Berlin", "+05:45")


def header_of(compiled: CompiledPathway, case: str) -> Header:
    definition = compiled.definition
    return Header(pathway=definition.id, version=definition.version, digest=definition.digest, case=case)


@st.composite
def logs(draw: st.DrawFn, ward: int, most: int = 6) -> list[ev.Event]:
    """The events of a random case on a ward; [] where it cannot even be opened."""
    zone = draw(st.sampled_from(ZONES))
    case = opened(ward, zone)
    if case is None:
        return []
    plain = draw(st.booleans())
    confirm = draw(st.sampled_from([None, "timeline"]))
    for _ in range(draw(st.integers(1, most))):
        batch = draw(batches(case.now, zone))
        if plain:
            batch = without_second_thoughts(batch)
        if draw(st.integers(0, 3)) == 0:
            batch = replace(batch, recorded_at=batch.at + draw(st.sampled_from([60, 100_000])))
        committed(case, batch, confirm)
    return list(case.events)


def without_second_thoughts(batch: Batch) -> Batch:
    """The batch without what the kernel leaves to the single-case engine."""
    facts = tuple(replace(entry, corrects=False) for entry in batch.facts)
    return replace(batch, undo=False, overrides=(), facts=facts)


@st.composite
def forged(draw: st.DrawFn, events: Sequence[ev.Event]) -> list[ev.Event]:
    """The log with one thing changed, its lines numbered anew."""
    place = draw(st.integers(0, len(events) - 1))
    one, found = events[place], list(events)
    how = draw(st.sampled_from(["change", "change", "change", "drop", "double", "swap"]))
    if how == "drop":
        del found[place]
    elif how == "double":
        found.insert(place, one)
    elif how == "swap" and place + 1 < len(found):
        found[place], found[place + 1] = found[place + 1], found[place]
    else:
        found[place] = draw(changed(one, len(events)))
    if draw(st.booleans()) or how != "drop":
        found = [replace(event, seq=seq) for seq, event in enumerate(found, 1)]
    return found


@st.composite
def changed(draw: st.DrawFn, event: ev.Event, lines: int) -> ev.Event:
    """The event with another value in one field."""
    minutes = st.sampled_from([-3600, -60, -1, 1, 60, 3600])
    fields: dict[str, Any] = {
        "at": minutes.map(lambda by: event.at + by),
        "recorded_at": minutes.map(lambda by: event.recorded_at + by),
        "batch": st.sampled_from([event.batch - 1, event.batch + 1]),
    }
    standings, lines_ = st.sampled_from(["recommended", "held", "blocked"]), st.integers(1, lines)
    match event:
        case ev.TransitionTaken():
            fields |= {
                "basis": st.lists(lines_, max_size=4, unique=True).map(lambda found: tuple(sorted(found))),
                "to": st.sampled_from(["ward", "gate", "home", "alarm", "over", "late", "intake", "calm"]),
                "cause": st.sampled_from(["auto", "clinician", "timeline"]),
                "round": st.integers(1, 3),
                "guard": st.sampled_from(["sepsis", "otherwise", "true", "done(lp)"]),
            }
        case ev.ActionDone():
            fields |= {
                "judged": standings,
                "done_at": minutes.map(lambda by: event.done_at + by),
                "via": st.none() | lines_,
                "action": st.sampled_from(["lp", "mri", "abx", "flow"]),
            }
        case ev.ActionDeclined():
            fields |= {"judged": standings, "action": st.sampled_from(["lp", "abx"])}
        case ev.FactRecorded():
            values = [
                "true",
                "false",
                "10",
                "39.5",
                "tb",
                "bacterial",
                "done",
                "0.1",
                "2026-03-28T07:00:00+00:00",
            ]
            fields |= {"value": st.sampled_from(values), "unit": st.sampled_from(["mL", None])}
        case ev.TimePassed():
            fields |= {"to": minutes.map(lambda by: event.to + by)}
        case _:
            pass
    name = draw(st.sampled_from(sorted(fields)))
    return replace(event, **{name: draw(fields[name])})


def told_singly(compiled: CompiledPathway, cases: Sequence[tuple[str, list[ev.Event]]]) -> BulkResult:
    """What the single-case engine says of these cases."""
    result = BulkResult()
    for case, events in cases:
        outcome = conformance_of_events(events, compiled)
        result.cases += 1
        result.events += len(events)
        if outcome.divergence is None:
            result.conforming += 1
            count_states(compiled, events, result)
        else:
            result.diverges(Diverged.of(case, outcome.divergence))
        count_deadlines(compiled, events, result)
    return result
