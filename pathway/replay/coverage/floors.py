"""The least coverage that is asked for: one figure that no measure may be under, or one for each by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pathway.language.numbers import exact_text, parse_decimal
from pathway.language.problems import nearest, visible
from pathway.replay.coverage.report import MEASURES, Coverage, Measure
from pathway.replay.coverage.telling import percent_text


@dataclass(frozen=True, slots=True)
class Floors:
    """Percentages, exact: `every` for the measures that have none of their own; None asks nothing of them."""

    every: Fraction | None = None
    single: Mapping[str, Fraction] = field(default_factory=dict[str, Fraction])

    def of(self, measure: str) -> Fraction | None:
        """What is asked of a measure."""
        return self.single.get(measure, self.every)


def floors(text: str) -> Floors:
    """Read `80`, `mcdc=60,states=100`, or both: `80,mcdc=60`. Raises ValueError with the way to write it.

    >>> floors("80,mcdc=62.5").of("mcdc")
    Fraction(125, 2)
    """
    every: Fraction | None = None
    single: dict[str, Fraction] = {}
    for part in text.split(","):
        name, named, number = part.strip().rpartition("=")
        if not named and every is None:
            every = _percent(number)
        elif name in MEASURES and name not in single:
            single[name] = _percent(number)
        else:
            raise ValueError(_wrong(name if named else number, single))
    return Floors(every, single)


def _wrong(name: str, single: Mapping[str, Fraction]) -> str:
    if name in single:
        return f"`{name}` has two floors. Give it one"
    close = nearest(name, MEASURES)
    fix = f"Did you mean `{close}`?" if close else f"There are: {', '.join(MEASURES)}"
    return f"`{visible(name)}` is no measure. Write 80, or mcdc=60,states=100. {fix}"


def _percent(text: str) -> Fraction:
    try:
        number = parse_decimal(text.strip().removesuffix("%").strip())
    except ValueError as error:
        raise ValueError(f"a floor is a percentage such as 80: {error}") from None
    if not 0 <= number <= 100:
        raise ValueError(f"a floor lies from 0 to 100, not at {visible(text)}")
    return number


def shortfalls(coverage: Coverage, wanted: Floors) -> tuple[str, ...]:
    """Every measure that is under its floor, in words; none where all are reached."""
    return tuple(
        f"{measure.name}: {measure.covered} of {measure.of} ({percent_text(measure)} %), under {floor_text} %"
        for measure in coverage.measures
        if (floor_text := _under(measure, wanted)) is not None
    )


def _under(measure: Measure, wanted: Floors) -> str | None:
    floor = wanted.of(measure.name)
    return None if floor is None or measure.percent >= floor else exact_text(floor)
