"""A vignette: a timeline with what each step shall show, read and checked, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pathway.engine.timeline import Timeline
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.expression import Value
from pathway.language.problems import Place, Problem, visible
from pathway.language.units import Unit

IS, NOT, ONLY = "", "not", "only"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written, exact: `value` in the unit's base units."""

    value: Fraction
    unit: Unit
    text: str


@dataclass(frozen=True, slots=True)
class ExpectedDose:
    """What a dose shall be; None is not compared. `divided` maps seconds between shares to amounts."""

    amount: Amount | None = None
    capped: bool | None = None
    route: str | None = None
    divided: Mapping[int, Amount] | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedSchedule:
    """Where a schedule shall stand: the period that runs (counted from 1), counts of doses, and a total."""

    period: int | None
    counts: Mapping[str, int]
    total: Amount | None


@dataclass(frozen=True, slots=True)
class ExpectedFact:
    """A value in base units; None for `unknown`. `shown`: it is the value shown while undecided."""

    value: Value | None
    shown: bool = False


# What an expectation compares with: names, one word, a number, or one of the above; None stands for `none`.
Expected = tuple[str, ...] | str | int | ExpectedDose | ExpectedSchedule | ExpectedFact | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that a step shall show: `key` and `name` as in `expect`, `text` the value as written.

    `mode` is IS, NOT or ONLY; with ONLY, `name` is empty and the value holds all names.
    """

    key: str
    name: str
    value: Expected
    place: Place
    text: str
    mode: str = IS

    @property
    def what(self) -> str:
        """What is expected, in the words of the file: `held lumbar_puncture`, `only held`."""
        return " ".join(word for word in (self.mode, self.key, self.name) if word)


@dataclass(frozen=True, slots=True)
class Vignette:
    """A case with what it shall show: `expected[i]` belongs to the i-th entry of the timeline.

    `without_layers` are the layers to switch off when its pathway is compiled.
    """

    timeline: Timeline
    title: str
    cites: tuple[str, ...]
    without_layers: frozenset[str]
    expected: tuple[tuple[Expectation, ...], ...]

    @property
    def case(self) -> str:
        return self.timeline.case

    @property
    def file(self) -> str:
        return self.timeline.name

    @property
    def expectations(self) -> int:
        """How many things it expects; 0 for a case that is only run."""
        return sum(len(of_entry) for of_entry in self.expected)


@dataclass(frozen=True, slots=True)
class Miss:
    """An expectation that does not hold: where it stands, when, what was expected, what came, and why."""

    place: Place
    at: int
    what: str
    expected: str
    came: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How a vignette was judged. `problems` are entries that could not be recorded, as bad input."""

    vignette: Vignette
    judged: int
    misses: tuple[Miss, ...]
    problems: tuple[Problem, ...]

    @property
    def hold(self) -> bool:
        """Whether every entry could be recorded and every expectation holds."""
        return not self.misses and not self.problems


def miss_line(miss: Miss, vignette: Vignette) -> str:
    """A miss on one line: file:line, case, title, time, what was expected, what came, and why."""
    time = format_instant(miss.at, parse_zone(vignette.timeline.timezone))
    who = f"{vignette.case}, {vignette.title}" if vignette.title else vignette.case
    said = f"expected {miss.expected}; came {miss.came}"
    words = f"{miss.place.file}:{miss.place.line}: {who}, at {time}: {miss.what}: {said}; because {miss.why}"
    return visible(" ".join(words.split()))
