"""Faults of tables: a derived fact that is UNKNOWN although everything it is computed from is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.seeding.bench import Bench, Candidate, state_path
from benchmarks.seeding.fault import Edit, Expected
from benchmarks.seeding.guard_text import BETWEEN, comparisons, numeric
from benchmarks.seeding.patients import FIRST
from benchmarks.seeding.showing import Tried, combinations, told
from pathway.engine.batch import FactEntry
from pathway.engine.supposing import supposed
from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact

STRICT = {">=": ">", "<=": "<"}
HOLE = "hole in a table"


def table_candidates(bench: Bench) -> Iterator[Candidate]:
    """Boundaries opened and rows taken out, in tables that ways out of states read."""
    for fact in bench.definition.facts.values():
        states = list(_readers(bench.definition, fact.name))
        if fact.formula is None or not fact.formula.rows or not states:
            continue
        elements = (("facts", fact.name), *(state_path(track, state) for track, state in states))
        expected = Expected(frozenset({"gap"}), elements)
        for index in range(len(fact.formula.rows)):
            yield from _row(bench, fact, index, expected)


def _row(bench: Bench, fact: Fact, index: int, expected: Expected) -> Iterator[Candidate]:
    path = ("facts", fact.name, "cases", index)
    guard = bench.text((*path, "when"))
    edits: list[tuple[Edit, str]] = [(Edit(path, None, removes=True), "taken out")]
    for comparison in comparisons(guard):
        if comparison.operator in STRICT and numeric(bench.definition, comparison.name) is not None:
            new = comparison.with_(STRICT[comparison.operator])
            edits.append((Edit((*path, "when"), new), new))
    for found in BETWEEN.finditer(guard):
        new = guard.replace(found[0], f"{found[1]} > {found[2]} and {found[1]} <= {found[3]}")
        edits.append((Edit((*path, "when"), new), new))
    for edit, after in edits:
        yield Candidate(HOLE, edit, guard, after, _shown(fact.name, edit, expected))


def _shown(name: str, edit: Edit, expected: Expected) -> Callable[[Bench], tuple[str, Expected] | None]:
    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        why = None if tried is None else _undecided(tried, name)
        return None if why is None else (why, expected)

    return show


def _undecided(tried: Tried, name: str) -> str | None:
    """Known values of all that a table rests on for which it says nothing."""
    fact = tried.definition.facts[name]
    assert fact.formula is not None
    for facts in combinations(tried.definition, fact.formula.facts, FIRST):
        entries = tuple(FactEntry(key, value) for key, value in facts.items())
        reading = supposed(tried.compiled, entries, FIRST).fact(name)
        if reading.value is None and not reading.needs:
            return f"{name} is UNKNOWN with {told(facts)}, and nothing is asked for"
    return None


def _readers(definition: Definition, name: str) -> Iterator[tuple[str, str]]:
    """The states with a way that reads a fact, itself or through other derived facts."""
    through = {name}
    grown = True
    while grown:
        more = {
            fact.name
            for fact in definition.facts.values()
            if fact.formula is not None and fact.name not in through and _mentions(fact, through)
        }
        grown = bool(more)
        through |= more
    for track in definition.tracks.values():
        for state in track.states.values():
            if any(through & set(way.when.reads) for way in state.next):
                yield track.name, state.name


def _mentions(fact: Fact, names: set[str]) -> bool:
    formula = fact.formula
    assert formula is not None
    parts = [row.value for row in formula.rows] + [formula.otherwise]
    named = {
        node.name
        for part in parts
        if part is not None
        for node in ex.walk(part)
        if isinstance(node, ex.FactRef)
    }
    return bool(names & (named | {read for row in formula.rows for read in row.when.reads}))
