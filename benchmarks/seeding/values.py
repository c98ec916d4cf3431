"""Values worth trying for a fact: what its guards compare it with, one step beside that, and its ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from pathway.check.reading import guards_of
from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.expression import Kind

Entered = str | tuple[str, ...]
FINE = Fraction(1, 100)  # stands for the step of a fact that has none
DAYS = (0, 1, 30, 185, 260, 280, 400)
HOURS = (0, 1, 6, 12, 47, 48, 72)


def thresholds(definition: Definition) -> dict[str, tuple[Fraction, ...]]:
    """For each recordable fact, the numbers in base units that guards resting on it mention."""
    found: dict[str, dict[Fraction, None]] = {}
    for guard in guards_of(definition):
        numbers = _numbers(guard)
        for name in guard.facts:
            found.setdefault(name, {}).update(dict.fromkeys(numbers))
    return {name: tuple(numbers) for name, numbers in found.items()}


def _numbers(guard: Guard) -> list[Fraction]:
    nodes = ex.walk(guard.expression) if guard.expression is not None else ()
    return [node.value for node in nodes if isinstance(node, ex.Literal) and isinstance(node.value, Fraction)]


def values_of(fact: Fact, numbers: tuple[Fraction, ...], now: int) -> list[Entered]:
    """The values to try at an instant, as they are entered."""
    match fact.type.kind:
        case Kind.BOOLEAN:
            return ["true", "false"]
        case Kind.CODE:
            return list(fact.type.codes) or ["something"]
        case Kind.LIST:
            return [(), *((code,) for code in fact.type.codes)]
        case Kind.NUMBER:
            return [plain(number) for number in _amounts(fact, numbers)]
        case Kind.DATE:
            return [(_day(now) - timedelta(days=days)).isoformat() for days in DAYS]
        case Kind.INSTANT:
            return [_instant(now - hours * 3600) for hours in HOURS]
        case _:
            return ["text"]


def _day(now: int) -> date:
    return datetime.fromtimestamp(now, UTC).date()


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _amounts(fact: Fact, numbers: tuple[Fraction, ...]) -> list[Fraction]:
    """In the declared unit: thresholds and one step beside them, the ends, on the step and in the range."""
    step = fact.step or (Fraction(1) if fact.type.natural else FINE)
    near = [fact.unit.from_base(number) if fact.unit is not None else number for number in numbers]
    tried = dict.fromkeys(one + change for one in near for change in (0, -step, step))
    ends = [end for end in (fact.low, fact.high) if end is not None]
    amounts = [one for one in dict.fromkeys([*tried, *ends]) if _admitted(fact, one)]
    return sorted(amounts) or [Fraction(1)]


def _admitted(fact: Fact, amount: Fraction) -> bool:
    low, high, step = fact.low, fact.high, fact.step
    if (low is not None and amount < low) or (high is not None and amount > high):
        return False
    return step is None or ((amount - (low or 0)) / step).denominator == 1


def plain(number: Fraction) -> str:
    """An exact decimal; what has no end in decimals is rounded to six places."""
    if number.denominator == 1:
        return str(number.numerator)
    text = f"{round(number * 10**6):+08d}"
    whole, rest = text[1:-6] or "0", text[-6:].rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
