"""A campaign: all chosen mutants of a pathway against all its vignettes, on several processes."""

from __future__ import annotations

import multiprocessing
import multiprocessing.pool
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from pathway.language.definition import Action, Definition, Fact, Notice, Safeguard
from pathway.vignettes.bench import bench_of
from pathway.vignettes.finding import case_files
from pathway.vignettes.mutants import Choice, Fate, Reached, Trial, Workshop
from pathway.vignettes.mutating import DELETION, Mutant
from pathway.vignettes.vignette import Vignette

MOST_AT_ONCE = 20  # mutants of one element that a process takes at a time

Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """A mutant and what became of it."""

    mutant: Mutant
    fate: Fate

    @property
    def survives(self) -> bool:
        return self.fate.killer is None and not self.fate.equivalent


@dataclass(frozen=True, slots=True)
class Campaign:
    """What became of the chosen mutants; `failing` are vignettes that fail on the definition itself.

    `ids` are those of all its mutants, chosen or not.
    """

    definition: Definition
    results: tuple[Result, ...]
    vignettes: int
    failing: tuple[str, ...]
    ids: frozenset[str]

    @property
    def killed(self) -> int:
        """How many make a vignette fail, or cannot even be compiled."""
        return sum(one.fate.killer is not None for one in self.results)

    @property
    def equivalent(self) -> tuple[Result, ...]:
        """The mutants that are proven to be no other pathway for any patient."""
        return tuple(one for one in self.results if one.fate.equivalent)

    @property
    def survivors(self) -> tuple[Result, ...]:
        """The mutants that no vignette tells from the original, though some patient may."""
        return tuple(one for one in self.results if one.survives)

    @property
    def unseen_deletions(self) -> tuple[Result, ...]:
        """Elements that no vignette misses: only `coverage.yaml` tells that one of them is gone."""
        return tuple(one for one in self.survivors if one.mutant.kind == DELETION)


def run_campaign(
    main_file: Path, choice: Choice | None = None, jobs: int = 1, tick: Tick | None = None
) -> Campaign:
    """Run the chosen mutants of a pathway through its vignettes, on so many processes.

    The results do not depend on `jobs`. A vignette that fails on the definition itself judges no mutant.
    `tick` hears what is counted, how many are done, and of how many. Raises DefinitionError where the
    definition or one of its vignettes cannot be read.
    """
    choice = choice or Choice()
    told: Tick = tick or (lambda what, done, of: None)
    workshop = Workshop(bench_of(main_file), case_files(main_file), choice)
    with _hands(main_file, choice, workshop, jobs if workshop.mutants else 1) as hands:
        reached: list[Reached] = []
        for one in hands.reached(range(len(workshop.vignettes))):
            reached.append(one)
            told("vignettes", len(reached), len(workshop.vignettes))
        fates: list[Fate] = []
        for some in hands.tried(_portions(workshop, reached)):
            fates += some
            told("mutants", len(fates), len(workshop.mutants))
    failing = [one for one, found in zip(workshop.vignettes, reached, strict=True) if not found.holds]
    return Campaign(
        definition=workshop.definition,
        results=tuple(Result(workshop.mutants[fate.mutant], fate) for fate in fates),
        vignettes=len(workshop.vignettes),
        failing=tuple(Path(vignette.file).stem for vignette in failing),
        ids=workshop.ids,
    )


# --- which vignettes first ----------------------------------------------------------------------
def _portions(workshop: Workshop, reached: Sequence[Reached]) -> Iterator[tuple[Trial, ...]]:
    """The trials, those of one element together."""
    mentions = [_mentions(vignette) for vignette in workshop.vignettes]
    for _, group in groupby(range(len(workshop.mutants)), lambda number: workshop.mutants[number].group):
        numbers = list(group)
        for start in range(0, len(numbers), MOST_AT_ONCE):
            yield tuple(
                Trial(number, _order(number, workshop, reached, mentions))
                for number in numbers[start : start + MOST_AT_ONCE]
            )


def _order(
    number: int, workshop: Workshop, reached: Sequence[Reached], mentions: Sequence[Counter[str]]
) -> tuple[int, ...]:
    """The vignettes that reach a mutant and hold: those that speak most of it first, then short ones."""
    named = _named(workshop.mutants[number])

    def rank(index: int) -> tuple[int, int, int]:
        said = sum(mentions[index][name] for name in named)
        return -said, len(workshop.vignettes[index].timeline.entries), index

    fit = (index for index, one in enumerate(reached) if one.holds and number in one.mutants)
    return tuple(sorted(fit, key=rank))


def _mentions(vignette: Vignette) -> Counter[str]:
    """How often the expectations of a vignette speak of each name."""
    found: Counter[str] = Counter()
    for expectation in (one for of_entry in vignette.expected for one in of_entry):
        found[expectation.name] += 1
        if isinstance(expectation.value, tuple):
            found.update(expectation.value)
        elif isinstance(expectation.value, str):
            found[f"{expectation.name}.{expectation.value}"] += 1
    return found


def _named(mutant: Mutant) -> frozenset[str]:
    """What a mutant belongs to, by the names that expectations use."""
    parts = mutant.element.split(".")
    whole = mutant.trail[-1][0]
    names = {mutant.name, *parts[2:3], *(".".join(parts[1:3]),)}
    if len(parts) > 4:
        names |= {parts[4], f"{mutant.name}.{parts[4]}"}
    if isinstance(whole, Safeguard):
        names |= set(whole.actions)
    if isinstance(whole, (Safeguard, Notice, Fact, Action)):
        names |= set(whole.cites)
    return frozenset(names)


# --- who does it --------------------------------------------------------------------------------
class Hands(Protocol):
    """Those who do the work of a campaign, in the order in which it is given."""

    def reached(self, vignettes: Iterable[int]) -> Iterator[Reached]: ...
    def tried(self, portions: Iterable[tuple[Trial, ...]]) -> Iterator[list[Fate]]: ...


@dataclass(frozen=True, slots=True)
class _Alone:
    workshop: Workshop

    def reached(self, vignettes: Iterable[int]) -> Iterator[Reached]:
        return map(self.workshop.reached, vignettes)

    def tried(self, portions: Iterable[tuple[Trial, ...]]) -> Iterator[list[Fate]]:
        return map(self.workshop.tried, portions)


@dataclass(frozen=True, slots=True)
class _Together:
    """Processes that each have a workshop of their own, set up from the same files."""

    pool: multiprocessing.pool.Pool

    def reached(self, vignettes: Iterable[int]) -> Iterator[Reached]:
        return self.pool.imap(_reached, vignettes)

    def tried(self, portions: Iterable[tuple[Trial, ...]]) -> Iterator[list[Fate]]:
        return self.pool.imap(_tried, portions)


@contextmanager
def _hands(main_file: Path, choice: Choice, workshop: Workshop, jobs: int) -> Generator[Hands, None, None]:
    if jobs <= 1:
        yield _Alone(workshop)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _set_up, (main_file, choice)) as pool:
        yield _Together(pool)


_here: list[Workshop] = []  # the workshop of this process, where it is one of several


def _set_up(main_file: Path, choice: Choice) -> None:
    _here[:] = [Workshop(bench_of(main_file), case_files(main_file), choice)]


def _reached(number: int) -> Reached:
    return _here[0].reached(number)


def _tried(portion: tuple[Trial, ...]) -> list[Fate]:
    return _here[0].tried(portion)
