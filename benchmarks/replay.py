"""Bulk replay beside the alternatives, in one run: `python -m benchmarks.replay [--events N] [--big]`.

Prints how many events a second each manages on the same log, and the ratios. Reading alone with polars is the
limit; `transitions` and pm4py are given a part of the log, as the whole would take hours. Tables, machines
and nets are built before the clock starts. The bar of 100 times `transitions` is held against its loop over a
Parquet file, since bulk replay reads one too; the loop over ready values is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.replay_cohort import Cases, simulated, with_one_wrong, write_base, write_repeated
from benchmarks.replay_rivals import from_parquet, parsed_before, token_replay_a_second
from pathway.cli.replay_bulk import keep_memory
from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.replay.bulk.reading import BulkFile
from pathway.replay.bulk.replaying import Ready, made_ready, replay_bulk, replay_ready
from pathway.replay.bulk.schema import FOLLOWED
from pathway.replay.conformance import conformance_of_events

DEFINITIONS = Path(__file__).parent.parent / "definitions"
SEPSIS, FLAGSHIP = "sepsis_first_hours", "spinal_leptomeningeal_infection"
CASES, PART, ROUNDS = {SEPSIS: 400, FLAGSHIP: 240}, 60, 5
READ = """
import sys, time, polars
for _ in range(5):
    start = time.perf_counter()
    rows = polars.read_parquet(sys.argv[1], columns=sys.argv[2].split(","))
    print(len(rows) / (time.perf_counter() - start))
"""
PEAK = """
import sys, resource
from pathlib import Path
from benchmarks.replay import SEPSIS, compiled_of
from pathway.cli.replay_bulk import keep_memory
from pathway.replay.bulk.replaying import replay_bulk
keep_memory()
result = replay_bulk([Path(sys.argv[1])], compiled_of(SEPSIS))
print(result.events, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@dataclass(frozen=True)
class Subject:
    """What is replayed: simulated cases of a pathway, in `base` once, in `log` again and again."""

    ready: Ready
    cases: Cases
    base: Path
    log: Path


def compiled_of(name: str) -> CompiledPathway:
    return compile_pathway(load_definition(DEFINITIONS / name / "pathway.yaml"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000_000, help="length of the log")
    parser.add_argument(
        "--big",
        action="store_true",
        help="also memory at 1, 10 and 50 million events, and one wrong among 10",
    )
    parser.add_argument("--all", action="store_true", help="with undone entries, corrections and overrides")
    options = parser.parse_args()
    keep_memory()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for pathway in (SEPSIS, FLAGSHIP):
            subject = prepared(folder, pathway, options.events, options.all)
            measure(subject, in_full=pathway == SEPSIS)
            subject.log.unlink()
        if options.big:
            memory(folder)
            one_wrong(folder)
    return 0


def prepared(folder: Path, pathway: str, events: int, everything: bool) -> Subject:
    compiled = compiled_of(pathway)
    cases = simulated(compiled, CASES[pathway])
    if not everything:
        cases = [(header, log) for header, log in cases if not has_second_thoughts(log)]
    base, log = folder / f"{pathway}.parquet", folder / f"{pathway}-log.parquet"
    write_base(base, compiled, cases)
    count = write_repeated(log, compiled, base, events, at_other_times=pathway == SEPSIS)
    tracks, facts = len(compiled.definition.tracks), len(compiled.definition.facts)
    print(f"\n{pathway}: {tracks} tracks, {facts} facts; {len(cases)} different simulated cases, repeated")
    print(f"log: {count:,} events, {log.stat().st_size / count:.1f} bytes an event")
    start = perf_counter()
    ready = made_ready(compiled)
    replay_ready([base], ready)
    print(f"tables built, the kernel compiled or read from the disk: {perf_counter() - start:.1f} s")
    return Subject(ready, cases, base, log)


def measure(subject: Subject, in_full: bool) -> None:
    """Rates in events a second; those that share a round are measured in turns."""
    ready, compiled, log = subject.ready, subject.ready.compiled, subject.log
    part = [(header.case, events) for header, events in subject.cases[:PART]]
    rounds: dict[str, Callable[[], float]] = {
        "this engine, 1 core": lambda: speed(log, ready, 1),
        "this engine, 2 cores": lambda: speed(log, ready, 2),
        "transitions.Machine, shared, from such a Parquet file": lambda: from_parquet(compiled, subject.base),
        "transitions.Machine, shared, values parsed before": lambda: parsed_before(compiled, part),
    }
    if in_full:
        rounds |= {
            "polars reads the file, 1 thread": lambda: read_speed(log, ""),
            "polars reads the columns that are followed": lambda: read_speed(log, ",".join(FOLLOWED)),
        }
    rates = in_turns(rounds)
    if in_full:
        rates["single-case engine"] = [single(compiled, part)]
        rates["pm4py token-based replay"] = [token_replay_a_second(part)]
    one, two = rates["this engine, 1 core"], rates["this engine, 2 cores"]
    for name, found in rates.items():
        rate = statistics.median(found)
        print(f"{name:58}{rate:14,.0f} events/s   1 core is {times(one, found):10.2f} times")
    print(f"2 cores: {times(two, one):.2f} times one")


def in_turns(rounds: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Some rounds of each. All take turns, so that what else the machine does hits all of them."""
    found: dict[str, list[float]] = {name: [] for name in rounds}
    for _ in range(ROUNDS):
        for name, timed in rounds.items():
            found[name].append(timed())
    return found


def times(rates: Sequence[float], others: Sequence[float]) -> float:
    """How many times the others: the median over the rounds, each held against its own round."""
    if len(others) == 1:
        return statistics.median(rates) / others[0]
    return statistics.median(one / other for one, other in zip(rates, others, strict=True))


def has_second_thoughts(log: Sequence[ev.Event]) -> bool:
    """Whether a case holds what the kernel hands to the single-case engine."""
    return any(
        isinstance(event, ev.Undone | ev.Overridden)
        or (isinstance(event, ev.FactRecorded) and event.corrects is not None)
        for event in log
    )


def speed(log: Path, ready: Ready, cores: int) -> float:
    start = perf_counter()
    result = replay_ready([log], ready, cores)
    assert result.conforming == result.cases
    return result.events / (perf_counter() - start)


def single(compiled: CompiledPathway, part: Sequence[tuple[str, Sequence[ev.Event]]]) -> float:
    start = perf_counter()
    for _, each in part:
        conformance_of_events(each, compiled)
    return sum(len(each) for _, each in part) / (perf_counter() - start)


def read_speed(log: Path, columns: str) -> float:
    """polars on one thread, in a process of its own: its threads are set before it is imported."""
    names = columns or ",".join(BulkFile(log).metadata.schema.to_arrow_schema().names)
    script = [sys.executable, "-c", READ, str(log), names]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    told = subprocess.run(script, env=environment, capture_output=True, text=True, check=True).stdout
    return statistics.median(float(line) for line in told.split())


def memory(folder: Path) -> None:
    for millions in (1, 10, 50):
        log = folder / f"{millions}.parquet"
        write_repeated(log, compiled_of(SEPSIS), folder / f"{SEPSIS}.parquet", millions * 1_000_000)
        told = subprocess.run(
            [sys.executable, "-c", PEAK, str(log)], capture_output=True, text=True, check=True
        ).stdout
        events, peak = told.split()
        print(f"memory: {int(events):>12,} events, at most {peak} MB")
        log.unlink()


def one_wrong(folder: Path) -> None:
    """One wrong move in the last of the cases that hold ten million events."""
    compiled, log = compiled_of(SEPSIS), folder / "wrong.parquet"
    count = with_one_wrong(log, compiled, folder / f"{SEPSIS}.parquet", 10_000_000)
    start = perf_counter()
    [found] = replay_bulk([log], compiled).divergences
    print(f"one wrong move among {count:,} events, found and explained in {perf_counter() - start:.1f} s:")
    print(f"case {found.case}, event {found.seq}: {found.class_}. {found.why}")


if __name__ == "__main__":
    sys.exit(main())
