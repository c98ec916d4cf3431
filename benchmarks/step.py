"""Microseconds to record one fact and get the new explained view, flagship against generated pathways.

Run `python benchmarks/step.py`. Every figure is a median over many recordings in one process; the last
columns are ratios within this run, which is what to compare between machines.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.generated import generated_pathway
from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import Case, case_from_events, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.language.load import definition_from_text, load_definition
from pathway.language.numbers import exact_text

START = 1_772_352_000
ROUNDS = 5
FLAGSHIP = "spinal-leptomeningeal-infection"


@dataclass(frozen=True)
class Measured:
    """Microseconds: median and 95th percentile of one recording; of a fold of the whole log with its view."""

    name: str
    states: int
    facts: int
    median: float
    p95: float
    refold: float
    events: int


def values_of(fact: Fact) -> tuple[str, str] | None:
    """Two values to record in turn, or None where the benchmark has none."""
    if fact.type.kind is Kind.BOOLEAN:
        return "true", "false"
    if fact.type.kind is Kind.NUMBER and fact.low is not None and fact.high is not None:
        step = fact.step or Fraction(1)
        middle = (fact.low + fact.high) // 2 // step * step
        return exact_text(middle), exact_text(fact.low)
    if fact.type.kind is Kind.CODE and len(fact.type.codes) > 1:
        return fact.type.codes[0], fact.type.codes[1]
    return None


def measure(definition: Definition) -> Measured:
    """Record every fact of a pathway in turn, several times over."""
    compiled = compile_pathway(definition)
    timings: list[float] = []
    case, _ = open_case(compiled, "bench", START, "bench", START)
    for turn in range(ROUNDS):
        timings += _one_round(case, definition, turn)
    states = sum(len(track.states) for track in definition.tracks.values())
    return Measured(
        definition.id, states, len(definition.facts), statistics.median(timings),
        statistics.quantiles(timings, n=20)[-1], _refold(compiled, case), len(case.events),
    )  # fmt: skip


def _one_round(case: Case, definition: Definition, turn: int) -> list[float]:
    timings: list[float] = []
    for fact in definition.facts.values():
        values = values_of(fact) if fact.recordable else None
        if values is None:
            continue
        at = case.now + 60
        batch = Batch(at, "bench", at, facts=(FactEntry(fact.name, values[turn % 2]),))
        before = time.perf_counter_ns()
        case.commit(batch, confirm="timeline")
        timings.append((time.perf_counter_ns() - before) / 1000)
    return timings


def _refold(compiled: CompiledPathway, case: Case) -> float:
    before = time.perf_counter_ns()
    view = case_from_events(compiled, case.id, case.events).view
    spent = (time.perf_counter_ns() - before) / 1000
    if view != case.view:
        raise SystemExit("the incremental view differs from a full re-evaluation")
    return spent


def main() -> None:
    """Measure and print."""
    definitions = [load_definition(find_pathway(FLAGSHIP))]
    definitions += [definition_from_text(generated_pathway(states)) for states in (100, 400)]
    results = [measure(definition) for definition in definitions]
    head = f"{'pathway':<34}{'states':>7}{'facts':>7}{'us':>8}{'p95':>8}"
    print(head + f"{'x flagship':>12}{'refold us':>11}{'events':>8}")
    for one in results:
        ratio = one.median / results[0].median
        print(f"{one.name:<34}{one.states:>7}{one.facts:>7}{one.median:>8.0f}{one.p95:>8.0f}{ratio:>12.2f}"
              f"{one.refold:>11.0f}{one.events:>8}")  # fmt: skip


if __name__ == "__main__":
    main()
