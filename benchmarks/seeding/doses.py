"""Faults of doses: nothing or less than nothing, another unit, a cap that is always or never reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from benchmarks.seeding.bench import Bench, Candidate, constructed
from benchmarks.seeding.editing import at
from benchmarks.seeding.fault import Edit, Expected, Path, expect
from benchmarks.seeding.patients import FIRST
from benchmarks.seeding.showing import Tried, combinations, told
from pathway.engine.batch import FactEntry
from pathway.engine.doses import amount_of, applicable
from pathway.engine.supposing import supposed
from pathway.language.definition import Action, Dose

SLIPS = {"mg": "g", "g": "kg", "mg/d": "g/d", "g/d": "kg/d", "mg/kg": "g/kg", "mg/kg/d": "g/kg/d"}


def dose_candidates(bench: Bench) -> Iterator[Candidate]:
    """Every candidate of these kinds."""
    times: set[str] = {
        dose.times for action in bench.definition.actions.values() for dose in action.doses if dose.times
    }
    for name in sorted(times):
        yield from _ranges(bench, name)
    for action in bench.definition.actions.values():
        for index, dose in enumerate(action.doses):
            yield from _units(bench, action, index, dose)


def _ranges(bench: Bench, name: str) -> Iterator[Candidate]:
    """The factor of a dose may be zero, or less."""
    path: Path = ("facts", name, "range")
    written: Any = at(bench.original.data, path)
    if not written:
        return
    dosed = [
        action.name
        for action in bench.definition.actions.values()
        if any(d.times == name for d in action.doses)
    ]
    expected = expect("dose", *(("actions", action) for action in dosed))
    for low in ("0", "-10"):
        edit = Edit((*path, 0), low)
        yield Candidate("dose", edit, written[0], low, _not_positive(edit, dosed, expected))
    gone = Edit(path, None, removes=True)
    yield Candidate("dose", gone, str(written), "taken out", _not_positive(gone, dosed, expected))


def _not_positive(
    edit: Edit, actions: list[str], expected: Expected
) -> Callable[[Bench], tuple[str, Expected] | None]:
    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        for action in actions if tried is not None else ():
            assert tried is not None
            why = _nothing(tried, action, edit)
            if why is not None:
                return why, expected
        return None

    return show


def _nothing(tried: Tried, action: str, edit: Edit) -> str | None:
    found = tried.definition.actions[action]
    name = str(edit.path[1])
    rests = {name} | {leaf for dose in found.doses if dose.when is not None for leaf in dose.when.facts}
    for facts in combinations(tried.definition, rests, FIRST):
        facts = {**facts, name: "0"}
        entries = tuple(FactEntry(key, value) for key, value in facts.items())
        readings = supposed(tried.compiled, entries, FIRST)
        dose, _ = applicable(found, readings)
        amount = amount_of(dose, readings)[0] if dose is not None and dose.times == name else None
        if amount is not None and amount <= 0:
            return f"the engine computes {amount} for {action} with {told(facts)}"
    return None


def _units(bench: Bench, action: Action, index: int, dose: Dose) -> Iterator[Candidate]:
    path: Path = ("actions", action.name, "dose")
    if isinstance(at(bench.original.data, path), list):
        path = (*path, index)
    expected = expect("dose", ("actions", action.name))
    unit = bench.text((*path, "unit"))
    if len(action.doses) > 1 and unit in SLIPS:
        edit = Edit((*path, "unit"), SLIPS[unit])
        why = "two rows of one action show their doses in different units"
        yield Candidate("dose", edit, unit, SLIPS[unit], constructed(why, expected))
    for key in ("amount", "cap"):
        number, _, slipped = bench.text((*path, key)).partition(" ")
        if slipped in SLIPS and dose.cap is not None and dose.times is not None:
            new = f"{number} {SLIPS[slipped]}"
            why = _cap_idle(bench, dose, key)
            if why is not None:
                edit = Edit((*path, key), new)
                yield Candidate("unit slip", edit, f"{number} {slipped}", new, constructed(why, expected))


def _cap_idle(bench: Bench, dose: Dose, key: str) -> str | None:
    """Whether a factor of a thousand leaves a cap that is always, or never, reached."""
    fact = bench.definition.facts[dose.times or ""]
    if dose.cap is None or fact.low is None or fact.high is None or fact.unit is None:
        return None
    low, high = fact.unit.to_base(fact.low), fact.unit.to_base(fact.high)
    if key == "amount" and dose.amount * Fraction(1000) * low >= dose.cap:
        return "even the smallest weight then reaches the cap"
    if key == "cap" and dose.amount * high < dose.cap * 1000:
        return "not even the largest weight then reaches the cap"
    return None
