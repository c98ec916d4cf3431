"""Faults of decisions: holes, overlaps, missing rows, guards that are never or always true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from benchmarks.seeding.bench import Bench, Candidate, constructed, state_path, ways_path
from benchmarks.seeding.fault import Edit, Expected, Path, expect
from benchmarks.seeding.guard_text import (
    BETWEEN,
    EQUALS,
    Comparison,
    comparisons,
    conjunctive,
    impossible,
    moved,
    numeric,
)
from benchmarks.seeding.showing import shows_gap, shows_overlap
from benchmarks.seeding.tables import table_candidates
from pathway.language.definition import Fact, State

STRICT = {">=": ">", "<=": "<"}
LOOSE = {">": ">=", "<": "<="}


def decision_faults(bench: Bench) -> Iterator[Candidate]:
    """Every candidate of these kinds."""
    for state in bench.states:
        yield from _boundaries(bench, state)
        yield from _missing(bench, state)
        yield from _dead_ways(bench, state)
    yield from _dead_elsewhere(bench)
    yield from table_candidates(bench)


def shown_gap(state: State, edit: Edit) -> Callable[[Bench], tuple[str, Expected] | None]:
    """A gap at a state, as the engine shows it."""

    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        why = None if tried is None else shows_gap(tried, (state.track, state.name))
        return None if why is None else (why, expect("gap", state_path(state.track, state.name)))

    return show


def shown_overlap(state: State, edit: Edit) -> Callable[[Bench], tuple[str, Expected] | None]:
    """An overlap at a state, as the engine shows it."""

    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        why = None if tried is None else shows_overlap(tried, (state.track, state.name))
        return None if why is None else (why, expect("overlap", state_path(state.track, state.name)))

    return show


def numbers_of(bench: Bench, guard: str) -> Iterator[tuple[Comparison, Fact]]:
    """The comparisons of a guard whose fact holds a number."""
    for comparison in comparisons(guard):
        fact = numeric(bench.definition, comparison.name)
        if fact is not None:
            yield comparison, fact


# --- holes and overlaps -------------------------------------------------------------------------
def _boundaries(bench: Bench, state: State) -> Iterator[Candidate]:
    if state.choice:
        return
    for index in range(len(state.next)):
        path = ways_path(state, index, "when")
        guard = bench.text(path)
        for comparison, fact in numbers_of(bench, guard):
            yield from _moved_boundary(state, path, comparison, fact)
        for found in BETWEEN.finditer(guard):
            for kind, step in (("hole", 1), ("overlap", -1)):
                low = f"{found[1]} between {int(Fraction(found[2])) + step} and {found[3]}"
                yield _one(kind, state, path, guard, guard.replace(found[0], low), found[0], low)


def _moved_boundary(state: State, path: Path, comparison: Comparison, fact: Fact) -> Iterator[Candidate]:
    operator, guard = comparison.operator, comparison.guard
    if operator in STRICT:
        yield _one("hole", state, path, guard, comparison.with_(STRICT[operator]))
    else:
        yield _one("overlap", state, path, guard, comparison.with_(LOOSE[operator]))
    inward = 1 if operator.startswith(">") else -1
    for kind, steps in (("hole", 2 * inward), ("overlap", -2 * inward)):
        yield _one(kind, state, path, guard, moved(comparison, fact, steps))


def _one(
    kind: str, state: State, path: Path, guard: str, new: str, before: str = "", after: str = ""
) -> Candidate:
    edit = Edit(path, new)
    show = shown_gap(state, edit) if kind == "hole" else shown_overlap(state, edit)
    return Candidate(kind, edit, before or guard, after or new, show)


# --- rows that are missing ----------------------------------------------------------------------
def _missing(bench: Bench, state: State) -> Iterator[Candidate]:
    others = any(way.when.is_otherwise for way in state.next)
    if state.kind != "decision" or (len(state.next) < 3 and not others):
        return
    for index, way in enumerate(state.next):
        edit = Edit(ways_path(state, index), None, removes=True)
        kind = "missing otherwise" if way.when.is_otherwise else "missing row"
        yield Candidate(kind, edit, f"{way.when.text} -> {way.to}", "taken out", shown_gap(state, edit))


# --- guards that are never true -----------------------------------------------------------------
def _dead_ways(bench: Bench, state: State) -> Iterator[Candidate]:
    for index in range(len(state.next)):
        path = ways_path(state, index, "when")
        here = state_path(state.track, state.name)
        yield from _dead(bench, path, expect("dead-guard", here))
    for index, do in enumerate(state.do):
        if do.when is not None:
            path = (*state_path(state.track, state.name), "do", index, "when")
            yield from _dead(bench, path, expect("dead-guard", path[:-1], path[:-3]))


def _dead_elsewhere(bench: Bench) -> Iterator[Candidate]:
    definition = bench.definition
    for name in definition.safeguards:
        yield from _dead(bench, ("safeguards", name, "when"), expect("dead-guard", ("safeguards", name)))
    for name in definition.notices:
        yield from _dead(bench, ("notices", name, "when"), expect("dead-guard", ("notices", name)))
    for name, action in definition.actions.items():
        for index in range(len(action.doses) if len(action.doses) > 1 else 0):
            path = ("actions", name, "dose", index, "when")
            yield from _dead(bench, path, expect("dead-guard", ("actions", name)))
    for name, fact in definition.facts.items():
        for index in range(len(fact.formula.rows) if fact.formula is not None else 0):
            path = ("facts", name, "cases", index, "when")
            yield from _dead(bench, path, expect("dead-guard", ("facts", name)))


def _dead(bench: Bench, path: Path, expected: Expected) -> Iterator[Candidate]:
    guard = bench.text(path)
    if not guard or not conjunctive(guard):
        return
    for comparison, fact in numbers_of(bench, guard):
        new = impossible(comparison, fact)
        if new is not None and new != guard:
            why = f"{fact.name} lies in {fact.low} to {fact.high}, and the guard needs it beyond"
            yield Candidate("dead guard", Edit(path, new), guard, new, constructed(why, expected))
    for found in EQUALS.finditer(guard):
        codes = bench.definition.facts[found[1]].type.codes if found[1] in bench.definition.facts else ()
        others = [code for code in codes if code != found[3]]
        if found[2] == "=" and others:
            new = guard.replace(found[0], f"{found[0]} and {found[1]} = {others[0]}")
            why = f"{found[1]} has one value at a time"
            yield Candidate("dead guard", Edit(path, new), guard, new, constructed(why, expected))
