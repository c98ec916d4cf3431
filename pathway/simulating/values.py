"""Values of facts as staff would enter them: within the declared range, on the step, often at a threshold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from fractions import Fraction

from pathway.language.calendar import add_months, format_instant, local_date
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text
from pathway.simulating.chance import Chance
from pathway.simulating.thresholds import Compared, compared_facts

Entered = str | tuple[str, ...]
NEAR = 50  # percent of the values that lie at a threshold or one step beside it
FINE, WIDE = Fraction(1, 100), 100  # where a fact declares no step, no range
MINUTE, DAY = 60, 86400
OLDEST = 3 * DAY  # of times that no guard measures
LONG_AGO = 400  # days, of dates that no guard measures
TEXT = "simulated"


class Values:
    """Draws values for the facts of a definition."""

    def __init__(self, definition: Definition) -> None:
        compared = compared_facts(definition)
        self._facts = definition.facts
        self._compared = {name: compared.get(name, Compared()) for name in definition.facts}
        self._near = {name: tuple(_near(fact, self._compared[name])) for name, fact in self._facts.items()}

    def draw(self, name: str, at: int, zone: tzinfo, chance: Chance) -> Entered:
        """A value of a fact as it would be typed at an instant."""
        fact = self._facts[name]
        match fact.type.kind:
            case Kind.BOOLEAN:
                return chance.of(("true", "false"))
            case Kind.CODE:
                return chance.of(self._codes(fact))
            case Kind.LIST:
                return self._members(fact, at, zone, chance)
            case Kind.NUMBER:
                return self._number(fact, chance)
            case Kind.DATE:
                return self._day(fact, local_date(at, zone), chance).isoformat()
            case Kind.INSTANT:
                return format_instant(at - self._age(fact, chance), zone)
            case Kind.TEXT:
                return TEXT

    # --- codes and lists ------------------------------------------------------------------------
    def _codes(self, fact: Fact) -> tuple[str, ...]:
        """The declared codes; of an open fact those that guards name, too."""
        if fact.type.codes and not fact.type.open:
            return fact.type.codes
        return tuple(dict.fromkeys((*fact.type.codes, *self._compared[fact.name].texts))) or (TEXT,)

    def _members(self, fact: Fact, at: int, zone: tzinfo, chance: Chance) -> tuple[str, ...]:
        if chance.percent(30):
            return ()
        if fact.type.element is Kind.DATE:
            days = {local_date(at, zone) - timedelta(days=chance.below(LONG_AGO)) for _ in range(3)}
            return tuple(day.isoformat() for day in sorted(days))
        if fact.type.element is Kind.NUMBER:
            return tuple(str(number) for number in sorted({chance.below(10) for _ in range(3)}))
        codes = self._codes(fact)
        return tuple(dict.fromkeys(chance.of(codes) for _ in range(1 + chance.below(3))))

    # --- numbers --------------------------------------------------------------------------------
    def _number(self, fact: Fact, chance: Chance) -> str:
        near = self._near[fact.name]
        if near and chance.percent(NEAR):
            return chance.of(near)
        low = fact.low or Fraction(0)
        high = fact.high if fact.high is not None else low + WIDE
        step = fact.step or FINE
        first = -(-low // step) * step  # the first value on the step
        return exact_text(first + chance.below((high - first) // step + 1) * step)

    # --- times ----------------------------------------------------------------------------------
    def _age(self, fact: Fact, chance: Chance) -> int:
        """How many seconds ago: at a length of time that a guard measures, or any time before."""
        lengths = self._compared[fact.name].seconds
        if lengths and chance.percent(NEAR):
            return max(chance.of(lengths) + chance.of((-1, 0, 1)), 0)
        longest = min(max((OLDEST, *(2 * one for one in lengths))), LONG_AGO * DAY)
        return chance.below(1 + chance.below(longest // MINUTE)) * MINUTE  # rather the nearer ones

    def _day(self, fact: Fact, today: date, chance: Chance) -> date:
        compared = self._compared[fact.name]
        beside = timedelta(days=chance.of((-1, 0, 0, 1)))
        if compared.months and chance.percent(NEAR):
            return add_months(today, -chance.of(compared.months)) + beside
        days = [seconds // DAY for seconds in compared.seconds]
        if days and chance.percent(NEAR):
            return today - timedelta(days=chance.of(days)) + beside
        return today - timedelta(days=chance.below(1 + chance.below(LONG_AGO)))


def _near(fact: Fact, compared: Compared) -> Iterator[str]:
    """The numbers that a fact is compared with, and those one step beside, as far as they can be entered."""
    if fact.type.kind is not Kind.NUMBER:
        return
    step = fact.step or FINE
    dims = fact.unit.dims if fact.unit is not None else ()
    for amount, unit in compared.amounts:
        if unit is not None and unit.dims != dims:
            continue
        limit = fact.unit.from_base(amount) if fact.unit is not None else amount
        middle = limit if fact.step is None else limit // step * step
        for value in (middle - step, middle, middle + step):
            text = exact_text(value)
            if _is_in_range(fact, value) and "/" not in text:
                yield text


def _is_in_range(fact: Fact, value: Fraction) -> bool:
    return (fact.low is None or value >= fact.low) and (fact.high is None or value <= fact.high)
