"""What may turn a case another way: facts drawn until a way out of where the case stands is open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import Case
from pathway.engine.entries import EntryError, read_batch
from pathway.engine.memory import Record
from pathway.engine.readings import Readings
from pathway.language.definition import Transition
from pathway.language.verdict import Verdict
from pathway.simulating.chance import Chance

TRIES = 6  # sets of values tried for one way


def ways_out(case: Case) -> list[Transition]:
    """The ways out of where the case stands that rest on something that can be entered."""
    states = (case.compiled.state(track, stand.state) for track, stand in case.memory.stands.items())
    return [way for state in states for way in state.next if way.when.facts or way.when.deeds]


def facts_that_turn(
    case: Case, way: Transition, answer: Callable[[str], FactEntry | None], at: int
) -> tuple[list[FactEntry], bool]:
    """Answers to what a way rests on with which it is open, and True; else the last ones tried."""
    facts = case.compiled.definition.facts
    names = [name for name in sorted(way.when.facts) if facts[name].recordable]
    found: list[FactEntry] = []
    for _ in range(TRIES if names else 0):
        found = [entry for entry in map(answer, names) if entry is not None]
        if _opens(case, way, found, at):
            return found, True
    return found, False


def deed_that_turns(way: Transition, chance: Chance) -> str | None:
    """An action whose doing or refusal a way rests on."""
    deeds = sorted(way.when.deeds)
    return chance.of(deeds) if deeds else None


def _opens(case: Case, way: Transition, entries: Sequence[FactEntry], at: int) -> bool:
    now = Readings(case.compiled, case.memory, at, case.zone)
    try:
        read = read_batch(Batch(at, "", at, facts=tuple(entries)), now)
    except EntryError:
        return False
    current = dict(case.memory.current)
    for item in read.facts:
        value = item.value
        current[item.fact.name] = Record(
            sys.maxsize, item.at, "", value.value, value.text, value.unit, value.entered
        )
    then = Readings(case.compiled, replace(case.memory, current=current), at, case.zone)
    return then.reason(way.when).verdict is Verdict.TRUE
