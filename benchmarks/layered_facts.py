"""Facts of generated pathways, and decisions over them that are complete and exclusive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from random import Random

from pathway.language.numbers import exact_text

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fact:
    """A fact as decisions read it: a number has a `step`, a code its `codes`, yes or no neither.

    `rests_on` are the recorded facts; off `grid` there are values between the steps.
    """

    name: str
    line: str
    rests_on: frozenset[str]
    codes: tuple[str, ...] = ()
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    step: Fraction = Fraction(0)
    grid: bool = True

    def split(self, draw: Random, most: int) -> list[str]:
        """Two, or up to `most`, conditions of which exactly one is TRUE for every value."""
        if self.step:
            return self._bands(draw, most)
        if self.codes:
            return self._groups(draw, most)
        return [self.name, f"not {self.name}"]

    def _bands(self, draw: Random, most: int) -> list[str]:
        steps = int((self.high - self.low) / self.step)
        if most > 2 and steps > 4 and draw.random() < 0.4:
            first, second = sorted(draw.sample(range(1, steps), 2))
            middle = f"({self.name} >= {self._at(first)} and {self.name} < {self._at(second)})"
            if self.grid and draw.random() < 0.5:
                middle = f"{self.name} between {self._at(first)} and {self._at(second - 1)}"
            return [f"{self.name} < {self._at(first)}", middle, f"{self.name} >= {self._at(second)}"]
        at = draw.randint(1, steps - 1)
        below = [f"< {self._at(at)}", f"<= {self._at(at - 1)}"] if self.grid else [f"< {self._at(at)}"]
        return [f"{self.name} {draw.choice(below)}", f"{self.name} >= {self._at(at)}"]

    def _at(self, steps: int) -> str:
        return exact_text(self.low + steps * self.step)

    def _groups(self, draw: Random, most: int) -> list[str]:
        codes = draw.sample(self.codes, len(self.codes))
        cuts = sorted(draw.sample(range(1, len(codes)), draw.randint(1, min(most, len(codes)) - 1)))
        groups = [codes[a:b] for a, b in zip([0, *cuts], [*cuts, len(codes)], strict=True)]
        return [
            f"{self.name} = {group[0]}" if len(group) == 1 else f"{self.name} is one of ({', '.join(group)})"
            for group in groups
        ]


def recorded_fact(number: int, cite: str) -> Fact:
    """A fact that is recorded: scores, yes or no, laboratory values, codes, a scale in tens."""
    name = f"f{number}"
    keys = f"cites: [{cite}]" + (", valid_for: 24 h" if number % 6 == 5 else "")
    own = frozenset({name})
    numbers = {
        0: ("integer", "", 0, 30, Fraction(1)),
        2: ("quantity", "unit: mg/dL, ", 1, 400, Fraction(1)),
        4: ("quantity", "unit: mmol/L, ", 0, 20, Fraction(1, 2)),
        6: ("integer", "", 0, 100, Fraction(10)),
    }
    if number % 8 in numbers:
        kind, unit, low, high, step = numbers[number % 8]
        shape = f"type: {kind}, {unit}range: [{low}, {high}], step: {exact_text(step)}"
        return Fact(name, f"{{{shape}, {keys}}}", own, (), Fraction(low), Fraction(high), step)
    if number % 8 in (3, 7):
        codes = tuple(f"c{number}_{letter}" for letter in "abcdef"[: 3 + number // 8 % 4])
        return Fact(name, f"{{type: code, values: [{', '.join(codes)}], {keys}}}", own, codes)
    return Fact(name, f"{{type: boolean, {keys}}}", own)


def derived_fact(number: int, recorded: Sequence[Fact], draw: Random, cite: str) -> Fact:
    """A fact with a formula: yes or no, a code by cases, a sum, a ratio."""
    name, kind = f"d{number}", number % 4
    amounts = [fact for fact in recorded if "mg/dL" in fact.line]
    one, two = draw.sample(amounts if kind > 1 else list(recorded), 2)
    rests_on, cites = one.rests_on | two.rests_on, f"cites: [{cite}]"
    if kind == 0:
        first, second = one.split(draw, 2)[0], two.split(draw, 2)[1]
        formula = f"{first} {draw.choice(('and', 'or'))} {second}"
        return Fact(name, f'{{type: boolean, formula: "{formula}", {cites}}}', rests_on)
    if kind == 1:
        codes = (f"{name}_low", f"{name}_mid", f"{name}_high")
        guards = (one.split(draw, 2)[0], two.split(draw, 2)[0])
        rows = [f'{{when: "{guard}", value: {code}}}' for guard, code in zip(guards, codes, strict=False)]
        shape = f"values: [{', '.join(codes)}], cases: [{', '.join(rows)}], otherwise: {codes[2]}"
        return Fact(name, f"{{type: code, {shape}, {cites}}}", rests_on, codes)
    sum_of = (f"unit: mg/dL, formula: {one.name} + {two.name}", Fraction(800), Fraction(10))
    ratio_of = (f'unit: "1", formula: {one.name} / {two.name}', Fraction(4), Fraction(1, 10))
    formula, high, step = sum_of if kind == 2 else ratio_of
    line = f"{{type: quantity, {formula}, {cites}}}"
    return Fact(name, line, rests_on, (), Fraction(0), high, step, grid=False)


class Deck:
    """Facts to read, each once before any comes again."""

    def __init__(self, facts: Sequence[Fact], draw: Random) -> None:
        self._facts, self._draw = facts, draw
        self._cards: list[Fact] = []

    def one(self, avoid: frozenset[str]) -> Fact:
        """The next fact that rests on none of `avoid`."""
        found = next((fact for fact in self._cards if not fact.rests_on & avoid), None)
        if found is None:
            self._cards += self._draw.sample(self._facts, len(self._facts))
            found = next(fact for fact in self._cards if not fact.rests_on & avoid)
        self._cards.remove(found)
        return found

    def several(
        self, number: int, first_avoids: frozenset[str], avoid: frozenset[str] = NOTHING
    ) -> list[Fact]:
        """Facts that share no recorded fact; the first keeps off `first_avoids`, the others off `avoid`."""
        facts = [self.one(first_avoids)]
        while len(facts) < number:
            facts.append(self.one(avoid.union(*(fact.rests_on for fact in facts))))
        return facts


# --- decisions ----------------------------------------------------------------------------------
Tree = list[tuple[str, "int | Tree"]]


def tree(facts: Sequence[Fact], ways: int, draw: Random) -> list[str]:
    """The guards of the ways out of a decision: leaves of nested conditions, dealt out in turn."""
    turn = count()

    def grown(rest: Sequence[Fact]) -> Tree:
        parts = rest[0].split(draw, 3)
        deeper = set(draw.sample(range(len(parts)), draw.randint(1, len(parts)))) if rest[1:] else set[int]()
        return [
            (part, grown(rest[1:]) if index in deeper else next(turn) % ways)
            for index, part in enumerate(parts)
        ]

    whole = grown(facts)
    return [_guard(whole, way) for way in range(ways)]


def _guard(node: Tree, way: int) -> str:
    """When this way is taken below a node; empty where it never is."""
    parts: list[str] = []
    for condition, child in node:
        inner = "" if isinstance(child, int) else _guard(child, way)
        if child == way:
            parts.append(condition)
        elif inner:
            parts.append(f"{condition} and " + (f"({inner})" if " or " in inner else inner))
    if len(parts) < 2:
        return "".join(parts)
    return " or ".join(f"({part})" if " and " in part else part for part in parts)
