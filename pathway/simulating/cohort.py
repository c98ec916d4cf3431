"""Writing a cohort into one file or several: the same bytes, one after the other, however many work at it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from pathway.engine.compiling import compile_pathway
from pathway.language.definition import Definition
from pathway.language.problems import Fault
from pathway.simulating.cases import Simulator

TOGETHER = 20  # cases that a process simulates at a time
AHEAD = 4  # such portions that wait for each process
ENDING = ".jsonl"
UNFINISHED = ".new"


class CohortError(Fault):
    """A cohort that cannot be simulated as it was asked for."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Which cases: `cases` of them, from the seed; `missing` percent of each one's facts nobody knows."""

    definition: Definition
    cases: int
    seed: int
    missing: int
    without_layers: frozenset[str] = frozenset()

    def simulator(self) -> Simulator:
        """What simulates its cases. Raises DefinitionError."""
        return Simulator(compile_pathway(self.definition, self.without_layers), self.seed, self.missing)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files in the order of their cases, the cases and their events."""

    files: tuple[Path, ...]
    cases: int
    events: int


def write_cohort(cohort: Cohort, files: Sequence[Path], workers: int = 1) -> Written:
    """Write the logs of a cohort, as evenly as can be over the files, each file replaced when it is whole.

    With more than one worker so many processes simulate. Raises OSError, DefinitionError and CohortError.
    """
    events = 0
    with _logs(cohort, workers) as logs:
        for file, count in zip(files, _shares(cohort.cases, len(files)), strict=True):
            with _replaced(file) as out:
                for _ in range(count):
                    log = next(logs)
                    out.write(log)
                    events += log.count(b"\n") - 1  # without its header
    return Written(tuple(files), cohort.cases, events)


def cohort_files(folder: Path, name: str, count: int) -> tuple[Path, ...]:
    """The names of the files in a folder, all as long, so that they sort in the order of their cases."""
    digits = len(str(count))
    return tuple(folder / f"{name}-{number:0{digits}d}{ENDING}" for number in range(1, count + 1))


def _shares(cases: int, files: int) -> Iterator[int]:
    return (cases * (number + 1) // files - cases * number // files for number in range(files))


@contextmanager
def _replaced(file: Path) -> Generator[BinaryIO]:
    """A file that gets its name only when it is whole; a device or pipe is written to directly."""
    if file.exists() and not file.is_file():
        with file.open("wb") as out:
            yield out
        return
    fresh = file.with_name(f".{file.name}{UNFINISHED}")
    with ExitStack() as failed:
        failed.callback(fresh.unlink, missing_ok=True)
        with fresh.open("wb") as out:
            yield out
        fresh.replace(file)
        failed.pop_all()


# --- who simulates ------------------------------------------------------------------------------------
@contextmanager
def _logs(cohort: Cohort, workers: int) -> Generator[Iterator[bytes]]:
    """The logs in the order of their cases."""
    if workers == 1:
        simulator = cohort.simulator()
        yield (simulator.log(number) for number in range(1, cohort.cases + 1))
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (cohort,))
    try:
        yield _in_order(pool, cohort.cases, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, cases: int, workers: int) -> Iterator[bytes]:
    waiting: deque[Future[list[bytes]]] = deque()
    for first in range(1, cases + 1, TOGETHER):
        waiting.append(pool.submit(_portion, first, min(first + TOGETHER, cases + 1)))
        if len(waiting) >= AHEAD * workers:
            yield from _portion_of(waiting.popleft())
    while waiting:
        yield from _portion_of(waiting.popleft())


def _portion_of(future: Future[list[bytes]]) -> list[bytes]:
    try:
        return future.result()
    except BrokenProcessPool:
        what = "A process that simulates was ended from outside, maybe for want of memory"
        raise CohortError(f"{what}. Its file was not written. Try again with --workers 1.") from None


_simulators: list[Simulator] = []  # the one of this process, made once


def _begin(cohort: Cohort) -> None:
    _simulators.append(cohort.simulator())


def _portion(first: int, end: int) -> list[bytes]:
    return [_simulators[-1].log(number) for number in range(first, end)]
