"""Bulk replay beside the alternatives, in one run: `python -m benchmarks.replay [--events N] [--big]`.

Prints how many events a second each manages on the same log, and the ratios. Reading alone with polars is the
limit; `transitions` and pm4py are given a part of the log, as the whole would take them hours.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.replay_cohort import simulated, write_base, write_repeated
from benchmarks.replay_rivals import token_replay_a_second, transitions_a_second
from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.replay.bulk.reading import BulkFile
from pathway.replay.bulk.replaying import replay_bulk
from pathway.replay.conformance import conformance_of_events

PATHWAY = Path(__file__).parent.parent / "definitions" / "sepsis_first_hours" / "pathway.yaml"
CASES, PART, ROUNDS = 400, 60, 3
READ = """
import sys, time, polars
for _ in range(3):
    start = time.perf_counter()
    rows = polars.read_parquet(sys.argv[1], columns=sys.argv[2].split(","))
    print(len(rows) / (time.perf_counter() - start))
"""
PEAK = """
import sys, resource
from pathlib import Path
from benchmarks.replay import sepsis
from pathway.replay.bulk.replaying import replay_bulk
result = replay_bulk([Path(sys.argv[1])], sepsis())
print(result.events, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def sepsis() -> CompiledPathway:
    return compile_pathway(load_definition(PATHWAY))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000_000, help="length of the log")
    parser.add_argument("--big", action="store_true", help="memory at 1, 10 and 50 million events as well")
    parser.add_argument("--all", action="store_true", help="with undone entries, corrections and overrides")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        measure(Path(folder), options.events, options.all)
        if options.big:
            memory(Path(folder))
    return 0


def measure(folder: Path, events: int, everything: bool) -> None:
    compiled = sepsis()
    cases = simulated(compiled, CASES)
    if not everything:
        cases = [(header, log) for header, log in cases if not has_second_thoughts(log)]
    print(f"{len(cases)} different simulated cases, repeated at other times")
    base, log = folder / "base.parquet", folder / "log.parquet"
    write_base(base, compiled, cases)
    count = write_repeated(log, compiled, base, events)
    print(f"log: {count:,} events, {log.stat().st_size / count:.1f} bytes an event")
    replay_bulk([base], compiled)  # the kernel is compiled or read from the disk
    one, two = best(lambda: speed(log, compiled, 1)), best(lambda: speed(log, compiled, 2))
    whole, same = read_speed(log, ""), read_speed(log, ",".join(followed()))
    part = [(header.case, events) for header, events in cases[:PART]]
    start = perf_counter()
    for _, each in part:
        conformance_of_events(each, compiled)
    single = sum(len(each) for _, each in part) / (perf_counter() - start)
    machines = best(lambda: transitions_a_second(compiled, part))
    tokens = token_replay_a_second(part)
    rows = (
        ("this engine, 1 core", one),
        ("this engine, 2 cores", two),
        ("single-case engine", single),
        ("polars reads the file, 1 thread", whole),
        ("polars reads the same columns, 1 thread", same),
        ("transitions.Machine, shared", machines),
        ("pm4py token-based replay", tokens),
    )
    for name, rate in rows:
        print(f"{name:42}{rate:14,.0f} events/s   1 core is {one / rate:10.2f} times")
    print(f"2 cores: {two / one:.2f} times one")


def has_second_thoughts(log: Sequence[ev.Event]) -> bool:
    """Whether a case holds what the kernel hands to the single-case engine."""
    return any(
        isinstance(event, ev.Undone | ev.Overridden)
        or (isinstance(event, ev.FactRecorded) and event.corrects is not None)
        for event in log
    )


def speed(log: Path, compiled: CompiledPathway, cores: int) -> float:
    start = perf_counter()
    result = replay_bulk([log], compiled, cores)
    assert result.conforming == result.cases
    return result.events / (perf_counter() - start)


def best(timed: Callable[[], float]) -> float:
    """The median of a few rounds."""
    return statistics.median(timed() for _ in range(ROUNDS))


def followed() -> Sequence[str]:
    from pathway.replay.bulk.schema import FOLLOWED

    return FOLLOWED


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
        write_repeated(log, sepsis(), folder / "base.parquet", millions * 1_000_000)
        told = subprocess.run(
            [sys.executable, "-c", PEAK, str(log)], capture_output=True, text=True, check=True
        ).stdout
        events, peak = told.split()
        print(f"memory: {int(events):>12,} events, at most {peak} MB")
        log.unlink()


if __name__ == "__main__":
    sys.exit(main())
