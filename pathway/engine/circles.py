"""Circles of automatic transitions: a pathway that can spin without a new event is refused (rule 16)."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from fractions import Fraction

from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import CaseOpened
from pathway.engine.memory import Deed, Memory, Record, Stand
from pathway.engine.readings import Readings
from pathway.engine.settling import firing
from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, Guard, Track, Transition
from pathway.language.expression import Kind, Value
from pathway.language.problems import DefinitionError, Problem
from pathway.language.values import shown

Circle = tuple[Transition, ...]
LONGEST, MOST = 6, 200
NOON = 1_772_366_400  # any instant: the facts are placed around it
STRIDE = 1_000_003  # a prime, so that the combinations tried are spread over all of them


@dataclass(frozen=True, slots=True)
class Spin:
    """A circle with facts and deeds under which every transition of it fires, again and again."""

    circle: Circle
    facts: tuple[tuple[str, str], ...]
    deeds: tuple[str, ...]

    @property
    def words(self) -> str:
        """The circle, and when it spins."""
        states = " -> ".join((*(way.source for way in self.circle), self.circle[0].source))
        held = [f"{name} = {value}" for name, value in self.facts] + [f"done({name})" for name in self.deeds]
        return f"{states}, with {', '.join(held) if held else 'nothing recorded'}"


def circles(track: Track) -> list[Circle]:
    """The automatic circles of a track, each once, from its first state in written order."""
    order = {name: index for index, name in enumerate(track.states)}
    found: list[Circle] = []

    def follow(path: Circle, start: str) -> None:
        here = path[-1].to if path else start
        for way in track.states[here].next:
            if not way.auto or order[way.to] < order[start] or len(found) >= MOST:
                continue
            if way.to == start:
                found.append((*path, way))
            elif len(path) + 1 < LONGEST and all(way.to != one.to for one in path):
                follow((*path, way), start)

    for name in track.states:
        follow((), name)
    return found


def refuse_spinning(compiled: CompiledPathway) -> None:
    """Refuse a pathway that spins before anything is recorded. Raises DefinitionError.

    Circles that spin only for some patients are found by `pathway check`, and refused when they happen.
    """
    problems: list[Problem] = []
    for track in compiled.definition.tracks.values():
        for circle in circles(track):
            spin = spinning(compiled, circle, 1)
            if spin is not None:
                place = track.states[circle[0].source].place
                text = f"automatic transitions go round in a circle: {spin.words}"
                problems.append(Problem(place, text, "Let a clinician confirm one of them", "auto-cycle"))
    if problems:
        raise DefinitionError(problems)


def spinning(compiled: CompiledPathway, circle: Circle, tries: int) -> Spin | None:
    """Facts under which a circle spins, or None where none of `tries` combinations of values does.

    The values tried are those at which the circle's guards can change: thresholds and one step beside them.
    """
    guards = [way.when for way in circle] + [
        sibling.when
        for way in circle
        for sibling in compiled.state(way.track, way.source).next
        if sibling.index != way.index
    ]
    definition = compiled.definition
    names = sorted(frozenset[str]().union(*(guard.facts for guard in guards)))
    deeds = sorted(frozenset[str]().union(*(guard.deeds for guard in guards)))
    numbers = list(_numbers(definition, guards))
    choices: list[list[Value | None]] = [_values(definition.facts[name], numbers) for name in names]
    done_or_not: list[Value | None] = [None, True]
    choices += [done_or_not for _ in deeds]
    for values in _combinations(choices, tries):
        known = dict(zip(names, values, strict=False))
        done = tuple(name for name, value in zip(deeds, values[len(names) :], strict=True) if value is True)
        if _spins(compiled, circle, known, done):
            return Spin(circle, tuple(_told(definition, known)), done)
    return None


def _combinations(choices: list[list[Value | None]], tries: int) -> Iterator[list[Value | None]]:
    """Up to `tries` combinations, the first of each choice first, spread evenly over all."""
    total = math.prod(len(choice) for choice in choices)
    for number in range(min(tries, total)):
        rest = number * STRIDE % total if total > tries else number
        combination: list[Value | None] = []
        for choice in choices:
            rest, index = divmod(rest, len(choice))
            combination.append(choice[index])
        yield combination


def _spins(
    compiled: CompiledPathway, circle: Circle, known: dict[str, Value | None], done: tuple[str, ...]
) -> bool:
    memory = Memory(compiled.definition)
    memory.apply(CaseOpened(seq=1, at=NOON, recorded_at=NOON, by="check", batch=1, timezone="UTC"))
    for name, value in known.items():
        if value is not None:
            memory.current[name] = Record(2, NOON, "check", value, "", None, "")
    for name in done:
        memory.deeds[name] = [Deed(3, 1, NOON, "recommended", "check", 3)]
    readings = Readings(compiled, memory, NOON, UTC)
    return all(_fires(way, memory, readings) for way in circle)


def _fires(way: Transition, memory: Memory, readings: Readings) -> bool:
    # Entered after every line of the log: going round again, nothing has been done or recorded since.
    memory.stands[way.track] = Stand(way.source, NOON, sys.maxsize)
    readings.forget([("track", way.track)])
    fired = firing(way.track, readings, automatic=True)
    return fired is not None and fired.transition is way


# --- values worth trying ------------------------------------------------------------------------
def _numbers(definition: Definition, guards: Iterable[Guard]) -> Iterator[Fraction]:
    """The numbers that the guards, and the formulas below them, compare with; in base units."""
    expressions = [guard.expression for guard in guards if guard.expression is not None]
    seen: set[str] = set()
    while expressions:
        for node in ex.walk(expressions.pop()):
            if isinstance(node, ex.Literal) and isinstance(node.value, Fraction):
                yield node.value
            formula = definition.facts[node.name].formula if isinstance(node, ex.FactRef) else None
            if isinstance(node, ex.FactRef) and formula is not None and node.name not in seen:
                seen.add(node.name)
                rows = [part for row in formula.rows for part in (row.when.expression, row.value)]
                expressions += [part for part in (*rows, formula.otherwise) if part is not None]


def _values(fact: Fact, numbers: list[Fraction]) -> list[Value | None]:
    kind = fact.type.kind
    if kind is Kind.BOOLEAN:
        return [None, True, False]
    if kind is Kind.CODE:
        return [None, *fact.type.codes]
    if kind is Kind.LIST:
        return [None, (), *((code,) for code in fact.type.codes)]
    if kind is Kind.INSTANT:
        return [None, *(NOON - int(number) for number in dict.fromkeys(numbers)), NOON]
    if kind is Kind.DATE:
        return [None, date(2026, 3, 1), date(2025, 3, 1)]
    if kind is Kind.NUMBER:
        return [None, *_amounts(fact, numbers)]
    return [None, "text"]


def _amounts(fact: Fact, numbers: list[Fraction]) -> list[Fraction]:
    """The thresholds and one step beside each, within the fact's range."""
    factor = fact.unit.factor if fact.unit is not None else Fraction(1)
    step = (fact.step or Fraction(1)) * factor
    near = dict.fromkeys(number + change for number in numbers for change in (0, step, -step))
    return [amount for amount in near if _in_range(fact, amount)]


def _in_range(fact: Fact, amount: Fraction) -> bool:
    declared = fact.unit.from_base(amount) if fact.unit is not None else amount
    return (fact.low is None or declared >= fact.low) and (fact.high is None or declared <= fact.high)


def _told(definition: Definition, known: dict[str, Value | None]) -> Iterator[tuple[str, str]]:
    for name, value in known.items():
        if value is not None:
            text, unit = shown(definition.facts[name], value, UTC)
            words = "[" + ", ".join(text) + "]" if isinstance(text, tuple) else text
            yield name, f"{words} {unit}" if unit is not None and unit != "1" else words
