"""The texts of a column as values of a fact: codes by name, numbers brought exactly into the fact's unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pathway.language.characters import briefly
from pathway.language.definition import Fact
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text, parse_decimal
from pathway.language.values import read_value
from pathway.logs.foreign.times import TimeReading

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scale:
    """A number of one unit in another: `factor` times it, plus `offset`."""

    factor: Fraction
    offset: Fraction = Fraction(0)

    def of(self, text: str) -> str:
        """The number in the other unit, as exact text. Raises ValueError."""
        return exact_text(parse_decimal(text) * self.factor + self.offset)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How one column is read. `on` is None where it speaks on the rows of every activity.

    `unit` is written behind a number that is entered as it stands; `scale` brings one of a unit that the
    fact does not admit into the declared unit.
    """

    name: str
    fact: Fact
    time: TimeReading
    on: frozenset[str] | None = None
    values: Mapping[str, str] | None = None
    split: str | None = None
    unit: str = ""
    scale: Scale | None = None
    comma: bool = False

    def speaks_on(self, activity: str) -> bool:
        """Whether the column is read on a row of this activity."""
        return self.on is None or activity in self.on

    def entered(self, text: str) -> str | tuple[str, ...]:
        """The value as the engine takes it, tried beforehand. Raises ValueError."""
        parts = [text] if self.split is None else [part.strip() for part in text.split(self.split)]
        meant = [self._meant(part) for part in parts]
        if meant == [UNKNOWN]:
            return UNKNOWN
        value = meant[0] if self.split is None else tuple(meant)
        read_value(self.fact, value, self.time.zone)
        return value

    def _meant(self, text: str) -> str:
        kind = self.fact.type.kind
        if self.values and text in self.values:
            return self.values[text]
        if text == UNKNOWN:
            return UNKNOWN
        if kind is Kind.NUMBER:
            return self._number(text)
        if self.values:
            raise ValueError(f"{briefly(text)} is not among its `values`. Say there what it means")
        return self.time.entered(self.time.instant(text)) if kind is Kind.INSTANT else text

    def _number(self, text: str) -> str:
        if self.comma:
            if "." in text:
                raise ValueError(
                    f"{briefly(text)} has a point, and `decimal` says that this log writes a comma"
                )
            text = text.replace(",", ".")
        if self.scale is not None:
            return self.scale.of(text)
        return f"{text} {self.unit}" if self.unit else text
