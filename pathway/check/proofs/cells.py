"""The values of a fact, split where guards can tell them apart, and how much of all values each part is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, pairwise, product
from random import Random
from typing import Protocol

from pathway.language.definition import Fact
from pathway.language.expression import Kind, Value

FINE = 10**6  # parts of a range without steps, where values are drawn; and the grain of drawing
GRAIN = 100  # a value shown beside a limit lies within this part of its cell


@dataclass(frozen=True, slots=True)
class Cell:
    """Values that no guard tells apart: their share of all, and those at the two ends."""

    weight: Fraction
    low: Value
    high: Value


class Dial(Protocol):
    """All values of one thing that guards read; the weights of its cells add up to 1."""

    @property
    def size(self) -> int:
        """How many cells there are; 0 where they cannot be counted."""
        ...

    def cells(self) -> Iterable[Cell]:
        """The cells, numbers in rising order."""
        ...

    def draw(self, random: Random) -> Cell:
        """The cell of a value, each value as likely as any other."""
        ...

    def beside(self, cell: Cell) -> Iterator[tuple[Value, Value]]:
        """For a number: values of a cell that lie at an end of it, with the value next to them outside."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Cells that are written down one by one."""

    parts: tuple[Cell, ...]
    _ends: tuple[int, ...] = field(init=False, compare=False)  # where each ends, in grains of drawing

    def __post_init__(self) -> None:
        ends = accumulate(part.weight for part in self.parts)
        object.__setattr__(self, "_ends", tuple(-(-end * FINE // 1) for end in ends))

    @property
    def size(self) -> int:
        return len(self.parts)

    def cells(self) -> tuple[Cell, ...]:
        return self.parts

    def draw(self, random: Random) -> Cell:
        return self.parts[bisect_right(self._ends, random.randrange(FINE))]

    def beside(self, cell: Cell) -> Iterator[tuple[Value, Value]]:
        if not isinstance(cell.low, Fraction):
            return
        at = self.parts.index(cell)
        yield from ((cell.low, one.high) for one in self.parts[:at][-1:])
        yield from ((cell.high, one.low) for one in self.parts[at + 1 :][:1])


@dataclass(frozen=True, slots=True)
class Scale:
    """A number of which every value may matter: from `first` on, in `steps` steps of a `size`, base units."""

    first: Fraction
    step: Fraction
    steps: int
    countable: bool

    @property
    def size(self) -> int:
        return self.steps if self.countable else 0

    def cells(self) -> Iterator[Cell]:
        for count in range(self.steps):
            value = self.first + count * self.step
            yield Cell(Fraction(1, self.steps), value, value)

    def draw(self, random: Random) -> Cell:
        value = self.first + random.randrange(self.steps) * self.step
        return Cell(Fraction(1, self.steps), value, value)

    def beside(self, cell: Cell) -> Iterator[tuple[Value, Value]]:
        assert isinstance(cell.low, Fraction)
        last = self.first + (self.steps - 1) * self.step
        for value in (cell.low - self.step, cell.low + self.step):
            if self.first <= value <= last:
                yield cell.low, value


@dataclass(frozen=True, slots=True)
class Subsets:
    """A list: each of the `named` members is in it or not; of `others` that no guard names, some or none."""

    named: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def size(self) -> int:
        return 2 ** len(self.named) * (2 if self.others else 1)

    def cells(self) -> Iterator[Cell]:
        none, one = Fraction(1, 2 ** len(self.others)), Fraction(1, 2 ** len(self.named))
        rest = [((), none), *([(self.others[:1], 1 - none)] if self.others else [])]
        for chosen in product((False, True), repeat=len(self.named)):
            members = _members(self.named, chosen)
            yield from (Cell(one * weight, (*members, *more), (*members, *more)) for more, weight in rest)

    def draw(self, random: Random) -> Cell:
        everything = (*self.named, *self.others)
        value = _members(everything, tuple(random.randrange(2) == 1 for _ in everything))
        return Cell(Fraction(1, 2 ** len(everything)), value, value)

    def beside(self, cell: Cell) -> Iterator[tuple[Value, Value]]:
        return iter(())


def _members(names: tuple[str, ...], chosen: tuple[bool, ...]) -> tuple[str, ...]:
    return tuple(name for name, is_in in zip(names, chosen, strict=True) if is_in)


def evenly(values: Sequence[Value]) -> Parts:
    """Values that each weigh the same."""
    return Parts(tuple(Cell(Fraction(1, len(values)), value, value) for value in values))


def dial_of(fact: Fact, limits: Iterable[Value], crossed: bool) -> Dial | None:
    """The values of a recorded fact, or None where nothing declared says which there are.

    `limits` are what guards compare it with, numbers in base units; when `crossed`, it is also reckoned with
    or compared with other facts, so that every value may matter.
    """
    named = dict.fromkeys(str(limit) for limit in limits)
    match fact.type.kind:
        case Kind.BOOLEAN:
            return evenly((False, True))
        case Kind.CODE:
            return _codes(fact, named, crossed)
        case Kind.LIST if fact.type.element is Kind.CODE:
            known = dict.fromkeys((*fact.type.codes, *named))
            others = [code for code in known if code not in named]
            return Subsets(tuple(named), (*others, *_another(fact)))
        case Kind.NUMBER if fact.low is not None and fact.high is not None:
            return _scale(fact) if crossed else _between(fact, limits)
        case _:
            return None


def _another(fact: Fact) -> tuple[str, ...]:
    """A code that no list names, where such are admitted."""
    closed = fact.type.codes and not fact.type.open
    return () if closed else ("another",)


def _codes(fact: Fact, named: Iterable[str], crossed: bool) -> Parts:
    everything = (*dict.fromkeys((*fact.type.codes, *(named if fact.type.open else ()))), *_another(fact))
    apart = everything if crossed else [code for code in everything if code in named]
    rest = [code for code in everything if code not in apart]
    each = Fraction(1, len(everything))
    return Parts(
        (
            *(Cell(each, code, code) for code in apart),
            *([Cell(len(rest) * each, rest[0], rest[0])] if rest else []),
        )
    )


# --- numbers ------------------------------------------------------------------------------------
def _ends(fact: Fact) -> tuple[Fraction, Fraction]:
    assert fact.low is not None
    assert fact.high is not None
    return fact.low, fact.high


def _is_stepped(fact: Fact) -> bool:
    """A fact that other units are admitted for is not held to its step."""
    return fact.step is not None and not fact.also


def _base(fact: Fact, value: Fraction) -> Fraction:
    return value if fact.unit is None else fact.unit.to_base(value)


def _scale(fact: Fact) -> Scale:
    low, high = _ends(fact)
    step = fact.step if fact.step is not None and _is_stepped(fact) else (high - low) / FINE or Fraction(1)
    first = -(-low // step) if _is_stepped(fact) else low / step
    steps = int((high / step - first) // 1) + 1
    start = _base(fact, first * step)
    return Scale(start, _base(fact, first * step + step) - start, steps, _is_stepped(fact))


def _between(fact: Fact, limits: Iterable[Value]) -> Parts:
    """The parts below, at and above each limit."""
    low, high = _ends(fact)
    declared = (
        limit if fact.unit is None else fact.unit.from_base(limit)
        for limit in limits
        if isinstance(limit, Fraction)
    )
    marks = sorted({limit for limit in declared if low <= limit <= high})
    if fact.step is not None and _is_stepped(fact):
        parts = list(_in_steps(low, high, fact.step, marks))
    else:
        parts = list(_in_lengths(low, high, marks))
    return Parts(tuple(Cell(weight, _base(fact, start), _base(fact, end)) for weight, start, end in parts))


Part = tuple[Fraction, Fraction, Fraction]  # weight, lowest and highest value, in the declared unit


def _in_steps(low: Fraction, high: Fraction, step: Fraction, marks: list[Fraction]) -> Iterator[Part]:
    first, last = -(-low // step), high // step
    total = Fraction(last - first + 1)
    for mark in marks:
        below = -(-mark // step) - 1
        if first <= below:
            yield (below - first + 1) / total, first * step, below * step
            first = below + 1
        if first * step == mark:
            yield 1 / total, mark, mark
            first += 1
    if first <= last:
        yield (last - first + 1) / total, first * step, last * step


def _in_lengths(low: Fraction, high: Fraction, marks: list[Fraction]) -> Iterator[Part]:
    """Without steps one value alone weighs nothing; the ends shown of what lies between are round numbers."""
    if low == high:
        yield Fraction(1), low, low
        return
    total, bounds = high - low, sorted({low, *marks, high})
    for start, end in pairwise(bounds):
        grain = _round((end - start) / GRAIN)
        yield Fraction(0), start, start
        yield (end - start) / total, (start // grain + 1) * grain, (-(-end // grain) - 1) * grain
    yield Fraction(0), high, high


def _round(most: Fraction) -> Fraction:
    """The greatest power of ten that is no more."""
    grain = Fraction(1)
    while grain > most:
        grain /= 10
    while grain * 10 <= most:
        grain *= 10
    return grain
