"""Patients for whom a row of an action's doses applies: the least that has to be known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product

from pathway.check.doses.factors import Entries, inputs, nodes_below, thresholds, typed_values
from pathway.engine.batch import FactEntry
from pathway.engine.circles import NOON
from pathway.engine.compiling import assemble
from pathway.engine.doses import applicable
from pathway.engine.entries import EntryError
from pathway.engine.memory import Deed
from pathway.engine.readings import Readings
from pathway.engine.supposing import supposed
from pathway.language import expression as ex
from pathway.language.definition import Action, Definition, Guard
from pathway.language.verdict import Verdict

TRIES = 500
SEQ = 10**6  # a line of the log after all facts
CHANGING = (ex.Known, ex.Done, ex.Declined, ex.Recorded, ex.InState)  # may turn from FALSE to TRUE


@dataclass(frozen=True, slots=True)
class DoseCase:
    """What is known of a patient, as typed, what was done, and how the engine reads it.

    `certain` is False where the row is only taken to apply: its condition rests on tracks, the clock or
    several deeds, or too many combinations of values would have to be tried.
    """

    facts: Entries
    deeds: tuple[str, ...]
    readings: Readings
    certain: bool


class DoseCases:
    """Finds patients on one pathway."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._compiled = assemble(definition)
        self._helpful: dict[tuple[str, int], Entries] = {}

    def case(self, action: Action, row: int, known: Entries) -> DoseCase | None:
        """A patient with these facts for whom this row applies; None where there is none."""
        readings = self._reads(known)
        guards = [dose.when for dose in action.doses[: row + 1] if dose.when is not None]
        if readings is None or self._ruled_out(action.doses[row].when, readings):
            return None
        deeds = tuple(sorted(frozenset[str]().union(*(guard.deeds for guard in guards))))
        tries = 0
        for further in self._further(action, row, known, guards):
            tries += 1
            for done in dict.fromkeys(((), deeds)):
                found = self._reads((*known, *further), done)
                if found is not None and _applies(action, row, found):
                    self._helpful[action.name, row] = further
                    return DoseCase((*known, *further), done, found, certain=True)
        open_still = tries >= TRIES or len(deeds) > 1 or any(_beyond_facts(guard) for guard in guards)
        return DoseCase(known, (), readings, certain=False) if open_still else None

    def _ruled_out(self, guard: Guard | None, readings: Readings) -> bool:
        """Whether a condition is FALSE already and stays so, whatever else becomes known."""
        if guard is None or readings.reason(guard).verdict is not Verdict.FALSE:
            return False
        return not any(isinstance(node, CHANGING) for node in nodes_below(self.definition, [guard]))

    def _further(self, action: Action, row: int, known: Entries, guards: list[Guard]) -> Iterator[Entries]:
        """What else to know, what helped before first, then few facts before many."""
        told = {name for name, _ in known}
        names = [
            name
            for name in inputs(
                self.definition, dict.fromkeys(name for guard in guards for name in guard.reads)
            )
            if name not in told
        ]
        before = self._helpful.get((action.name, row), ())
        if before and {name for name, _ in before} <= set(names):
            yield before
        yield from islice(self._combinations(names, guards), TRIES)

    def _combinations(self, names: list[str], guards: list[Guard]) -> Iterator[Entries]:
        facts = [self.definition.facts[name] for name in names]
        values = {fact.name: typed_values(fact, thresholds(self.definition, fact, guards)) for fact in facts}
        for count in range(len(names) + 1):
            for chosen in combinations(names, count):
                for picked in product(*(values[name] for name in chosen)):
                    yield tuple(zip(chosen, picked, strict=True))

    def _reads(self, known: Entries, done: tuple[str, ...] = ()) -> Readings | None:
        try:
            readings = supposed(self._compiled, [FactEntry(name, text) for name, text in known], NOON)
        except EntryError:  # no user can enter these together
            return None
        for name in done:
            readings.memory.deeds[name] = [Deed(SEQ, 1, NOON, "recommended", "check", SEQ)]
        return readings


def _beyond_facts(guard: Guard) -> bool:
    """Whether a condition also rests on what is not supposed here: tracks, the clock, what was declined."""
    nodes = ex.walk(guard.expression) if guard.expression is not None else ()
    unsupposed = any(isinstance(node, (ex.Declined, ex.Recorded)) for node in nodes)
    return bool(guard.tracks) or guard.reads_clock or guard.reads_entry or unsupposed


def _applies(action: Action, row: int, readings: Readings) -> bool:
    dose, needs = applicable(action, readings)
    return dose is action.doses[row] and not needs
