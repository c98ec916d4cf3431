"""What can be entered that a guard may turn on: facts, unknown ones first, then deeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pathway.engine.case import Case
from pathway.engine.readings import Readings
from pathway.language import expression as ex
from pathway.language.calendar import local_date
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.expression import Kind
from pathway.supposing.candidates import candidates
from pathway.supposing.comparisons import Comparisons, Written, expressions_below
from pathway.supposing.trying import Lever, Setting


class Levers:
    """The levers of guards and the values worth supposing, each worked out once for a present situation."""

    def __init__(self, case: Case, guards: Iterable[Guard]) -> None:
        self.case = case
        self.definition: Definition = case.compiled.definition
        self._order = {name: place for place, name in enumerate(self.definition.facts)}
        self._written = Written(self.definition, guards)
        self._compared: dict[str, Comparisons] = {}
        self._settings: dict[Lever, tuple[Setting, ...]] = {}
        self._of: dict[int, tuple[Lever, ...]] = {}

    def of(self, guard: Guard) -> tuple[Lever, ...]:
        """The levers that the guard may turn on, the guards behind the tracks it reads included."""
        found = self._of.get(id(guard))
        if found is None:
            behind = guards_behind(self.case, guard.tracks)
            found = self._of[id(guard)] = tuple(self._levers([guard, *behind]))
        return found

    def _levers(self, guards: list[Guard]) -> list[Lever]:
        names = {name for guard in guards for name in guard.facts}
        readings, facts = self.case.readings, self.definition.facts

        def rank(name: str) -> tuple[bool, bool, int]:
            return readings.fact(name).value is not None, facts[name].is_derived, self._order[name]

        unknown_first = sorted((name for name in names if may_change(facts[name], readings)), key=rank)
        deeds = [
            Lever("done" if isinstance(node, ex.Done) else "declined", node.action)
            for expression in expressions_below(self.definition, guards)
            for node in ex.walk(expression)
            if isinstance(node, (ex.Done, ex.Declined))
        ]
        return [*(Lever("fact", name) for name in unknown_first), *dict.fromkeys(deeds)]

    def compared(self, fact: str) -> Comparisons:
        """What all the guards compare the fact with."""
        found = self._compared.get(fact)
        if found is None:
            found = self._compared[fact] = self._written.comparisons(self.definition.facts[fact])
        return found

    def settings(self, lever: Lever) -> tuple[Setting, ...]:
        """What may be supposed of a lever; numbers and times in ascending order."""
        found = self._settings.get(lever)
        if found is None:
            found = self._settings[lever] = tuple(self._supposed(lever))
        return found

    def _supposed(self, lever: Lever) -> Iterator[Setting]:
        if lever.kind != "fact":
            yield Setting(lever)
            return
        fact = self.definition.facts[lever.name]
        for typed in candidates(fact, self.compared(lever.name), self.case.readings):
            yield Setting(lever, typed)


def guards_behind(case: Case, tracks: Iterable[str]) -> list[Guard]:
    """The guards that can move these tracks by themselves from where they stand, however far."""
    found: list[Guard] = []
    waiting = [(track, case.memory.stands[track].state) for track in sorted(tracks)]
    seen = set(waiting)
    while waiting:
        track, state = waiting.pop(0)
        for way in case.compiled.state(track, state).next:
            found.append(way.when)
            others = [(other, case.memory.stands[other].state) for other in sorted(way.when.tracks)]
            reached = [*([(track, way.to)] if way.auto else []), *others]
            waiting += [place for place in dict.fromkeys(reached) if place not in seen]
            seen |= set(reached)
    return found


def may_change(fact: Fact, readings: Readings) -> bool:
    """Whether another value of a fact is a change and not a contradiction.

    What has happened is corrected and not changed: the known time of it is no lever. Nor is a value that
    follows from others, nor a text.
    """
    value = readings.fact(fact.name).value
    if not fact.recordable or fact.type.kind is Kind.TEXT:
        return False
    if value is None:
        return True
    if fact.is_derived and readings.valid_record(fact.name) is None:
        return False
    if type(value) is date:
        return value > local_date(readings.now, readings.zone)
    return fact.type.kind is not Kind.INSTANT
