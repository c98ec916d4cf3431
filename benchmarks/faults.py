"""Seeded faults: single faults put into correct pathways, each shown to be one, and whether `check` finds it.

Run `python benchmarks/faults.py`. `--original NAME` and `--kind KIND` choose, `--sample 60 --seed 1` draws,
`--list` only lists the faults with the reason why each is one. Exit code 1 when a hole, an overlap, a dead
guard or a broken safeguard is missed, or when something is found in an original.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.seeding.bench import Bench
from benchmarks.seeding.fault import Fault
from benchmarks.seeding.originals import names
from benchmarks.seeding.seeds import ALL_FOUND, faults

WORKERS = 2
Tick = Callable[[str, int, int], None]
Result = TypeVar("Result")


def seeded(name: str, kinds: frozenset[str] | None = None) -> list[Fault]:
    """All faults of an original; with `kinds`, those of them."""
    return list(faults(Bench.of(name), kinds))


def judge(fault: Fault) -> tuple[Fault, bool, tuple[str, ...]]:
    """A fault, whether it is found, and what was said instead."""
    from benchmarks.seeding.judging import judged

    verdict = judged(fault)
    return fault, verdict.found, verdict.said


def alarm(name: str) -> tuple[str, tuple[str, ...]]:
    """What is found in an original."""
    from benchmarks.seeding.judging import alarms

    return name, alarms(name)


def drawn(everything: list[Fault], sample: int | None, seed: int) -> list[Fault]:
    """A draw in which one kind after the other gives a fault, so that all are there."""
    chosen = list(everything)
    if sample is None or sample >= len(chosen):
        return chosen
    draw = random.Random(seed)
    draw.shuffle(chosen)
    by_kind: dict[str, list[Fault]] = {}
    for fault in chosen:
        by_kind.setdefault(fault.kind, []).append(fault)
    taken: list[Fault] = []
    while len(taken) < sample:
        for some in by_kind.values():
            if some and len(taken) < sample:
                taken.append(some.pop())
    return sorted(taken, key=lambda fault: (fault.original, fault.kind, fault.id))


# --- figures ------------------------------------------------------------------------------------
def table(results: list[tuple[Fault, bool, tuple[str, ...]]]) -> Iterator[str]:
    """A line a kind: injected, found, missed."""
    yield f"{'kind':30} {'injected':>8} {'found':>6} {'missed':>7}"
    for kind in dict.fromkeys(fault.kind for fault, _, _ in results):
        yield row(kind, [found for fault, found, _ in results if fault.kind == kind])
    yield row("together", [found for _, found, _ in results])


def row(words: str, found: list[bool]) -> str:
    """How many of some faults are found."""
    return f"{words:30} {len(found):8} {sum(found):6} {len(found) - sum(found):7}"


def missed(results: list[tuple[Fault, bool, tuple[str, ...]]]) -> Iterator[str]:
    """Every fault that was not found: what it is, what was expected, why it is one, and what was said."""
    for fault, found, said in results:
        if not found:
            yield f"missed: {fault.id}"
            yield f"    expected {fault.expected.words}; {fault.why}"
            yield from (f"    said: {line}" for line in said or ("nothing",))


# --- running ------------------------------------------------------------------------------------
@contextmanager
def progress() -> Generator[Tick, None, None]:
    """A bar where stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tick(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        yield tick


def counted(results: Iterable[Result], what: str, of: int, tick: Tick) -> list[Result]:
    """The results, each told as it comes."""
    found: list[Result] = []
    for one in results:
        found.append(one)
        tick(what, len(found), of)
    return found


def chosen_names(wanted: list[str]) -> tuple[str, ...]:
    """The originals to look at. Exits where a name is not known."""
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        sys.exit(f"There is no original {unknown[0]}. There are: {', '.join(names())}")
    return tuple(wanted) or names()


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--original", action="append", default=[], help="only this original; may be given again"
    )
    parser.add_argument("--kind", action="append", default=[], help="only this kind; may be given again")
    parser.add_argument("--sample", type=int, help="so many faults, of every kind some")
    parser.add_argument("--seed", type=int, default=0, help="draws another sample")
    parser.add_argument("--list", action="store_true", help="list the faults, and run no proof")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Seed, prove, and print what was found and what was missed."""
    options = options_of(arguments)
    wanted = chosen_names(options.original)
    kinds = frozenset(options.kind) or None
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool, progress() as tick:
        per_original = counted(pool.imap(partial(seeded, kinds=kinds), wanted), "seeding", len(wanted), tick)
        everything = [fault for some in per_original for fault in some]
        chosen = drawn(everything, options.sample, options.seed)
        if options.list:
            print("\n".join(f"{fault.id}\n    {fault.expected.words}; {fault.why}" for fault in chosen))
            return 0
        results = counted(pool.imap(judge, chosen, chunksize=4), "faults", len(chosen), tick)
        clean = counted(pool.imap(alarm, wanted), "originals", len(wanted), tick)
    print("\n".join([*table(results), *missed(results)]))
    false_alarms = [f"false alarm: {name}: {said}" for name, found in clean for said in found]
    print("\n".join([*false_alarms, f"{len(false_alarms)} findings in {len(wanted)} originals"]))
    print(f"{(time.perf_counter() - begun) / 60:.1f} min on {WORKERS} processes")
    lost = [fault for fault, found, _ in results if not found and fault.kind in ALL_FOUND]
    return 1 if lost or false_alarms else 0


if __name__ == "__main__":
    sys.exit(main())
