"""Random entries for any pathway: values at and beside its thresholds, deeds, refusals, choices, time."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from benchmarks.seeding.originals import path_of, small_names
from benchmarks.seeding.values import Entered, thresholds, values_of
from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import assemble
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.language.load import load_definition

START = 1_772_352_000  # 1 March 2026, 08:00 UTC
HOUR = 3600
PAUSES = (0, 1, 300, HOUR, 4 * HOUR, 12 * HOUR, 25 * HOUR, 40 * 24 * HOUR)
SEPSIS, FLAGSHIP = "sepsis-first-hours", "spinal-leptomeningeal-infection"
SMALL = small_names()

# What brings a patient of the flagship beyond its gates.
BUNDLES: tuple[dict[str, Entered], ...] = (
    {"leptomeningitis_suspected": "true", "platelet_count": "210", "inr": "1.0"},
    {"etiology": "tb", "therapy_start_date": "2025-01-14", "signs_symptoms_resolved": "true"},
    {"etiology": "malignant", "kps": "50", "rt_benefit_exceeds_toxicity": "true"},
    {"bacterial_meningitis_suspected": "true", "age_days": "10", "calcium_iv_concurrent": "false"},
)


@cache
def compiled_of(name: str) -> CompiledPathway:
    """An original, compiled."""
    return assemble(load_definition(path_of(name)))


@cache
def values(name: str) -> dict[str, tuple[Entered, ...]]:
    """What may be entered for each fact of an original, at its start."""
    definition = compiled_of(name).definition
    numbers = thresholds(definition)
    return {
        fact.name: tuple(values_of(fact, numbers.get(fact.name, ()), START))
        for fact in definition.facts.values()
        if fact.recordable
    }


@st.composite
def entries(draw: st.DrawFn, name: str, at: int, overrides: bool = True) -> Batch:
    """One entry on an original."""
    definition, known = compiled_of(name).definition, values(name)
    many = draw(st.sampled_from((2, 4, len(known))))
    names = draw(st.lists(st.sampled_from(sorted(known)), max_size=many, unique=True))
    facts: dict[str, Entered] = {one: draw(st.sampled_from(known[one])) for one in names}
    if name == FLAGSHIP and draw(st.booleans()):
        facts |= draw(st.sampled_from(BUNDLES))
    rare = st.sampled_from((False, False, False, True))
    left = sorted(known.keys() - facts.keys())
    actions = st.sampled_from(sorted(definition.actions))
    states = st.sampled_from(
        [(track.name, one) for track in definition.tracks.values() for one in track.states]
    )
    return Batch(
        at,
        "test",
        at,
        facts=tuple(FactEntry(one, value) for one, value in facts.items()),
        retracted=(Retraction(draw(st.sampled_from(left))),) if left and draw(rare) else (),
        done=tuple(DeedEntry(draw(actions)) for _ in range(draw(st.sampled_from((0, 0, 1))))),
        declined=(DeclineEntry(draw(actions), "no"),) if draw(rare) else (),
        overrides=(OverrideEntry("advice", action=draw(actions)),) if overrides and draw(rare) else (),
        take=(TakeEntry(*draw(states)),) if draw(rare) else (),
    )


@st.composite
def walks(draw: st.DrawFn, name: str, longest: int = 6, overrides: bool = True) -> tuple[Batch, ...]:
    """Entries one after the other, as anybody might make them: some are refused."""
    at, found = START, list[Batch]()
    for _ in range(draw(st.integers(1, longest))):
        at += draw(st.sampled_from(PAUSES))
        found.append(draw(entries(name, at, overrides)))
    return tuple(found)


def opened(name: str) -> Case:
    """A new case on an original."""
    return open_case(compiled_of(name), "case", START, "test", START)[0]


def entered(case: Case, batch: Batch) -> Case | None:
    """A fork that goes on with an entry, as the prover goes on; None where it is refused."""
    fork = case.fork()
    try:
        fork.enter(batch, CONFIRM)
    except EntryError:
        return None
    return fork
