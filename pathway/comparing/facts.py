"""Facts compared: type, unit, range, step, shelf life, question, and how a derived one comes about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathway.comparing.both import Both
from pathway.comparing.citing import in_layer, sourced
from pathway.comparing.conditions import condition, differing, told_apart
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.essence import essence
from pathway.comparing.figures import number, spelled
from pathway.comparing.pairing import by_id, is_reordered, paired, whatever
from pathway.comparing.wording import worded
from pathway.language.definition import OTHERWISE, Admitted, Fact, Formula, FormulaRow
from pathway.language.expression import Expression
from pathway.language.numbers import exact_text
from pathway.language.units import Unit


def facts_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the facts of both versions."""
    for name, old, new in by_id(both.old.facts, both.new.facts):
        spot = Spot(("facts", name), f"fact {name}", both.fact(name))
        if old is None and new is not None:
            yield spot.came("fact", _fact_words(new, both))
        elif new is None and old is not None:
            yield spot.went("fact", _fact_words(old, both))
        elif old is not None and new is not None and old != new:
            yield from _fact(spot, old, new, both)


def _fact_words(fact: Fact, both: Both) -> str:
    unit = f" in {fact.unit.text}" if fact.unit is not None else ""
    codes = f" ({', '.join(fact.type.codes)})" if fact.type.codes else ""
    how = (
        f'asked as "{fact.ask}"'
        if fact.formula is None
        else f"computed as {formula_words(fact.formula, both)}"
    )
    return f"{fact.written_type}{unit}{codes}, {how}"


def _fact(spot: Spot, old: Fact, new: Fact, both: Both) -> Iterator[Difference]:
    yield from spot.value("type", old.written_type, new.written_type)
    yield from _type(spot, old, new)
    yield from spot.value("range", _range(old), _range(new))
    yield from spot.value("step", number(old.step, old.unit), number(new.step, new.unit))
    yield from spot.value("shelf life", spelled(old.valid_for), spelled(new.valid_for))
    yield from _admitted(spot, old.also, new.also)
    yield from spot.flag(
        "recordable", old.recordable, new.recordable, "can be recorded", "can only be computed"
    )
    yield from _formula(spot, old.formula, new.formula, both)
    yield from spot.value("shown while undecided", old.unknown, new.unknown)
    if _own_question(old) or _own_question(new):
        yield from worded(spot, "question", old.ask, new.ask)
    yield from worded(spot, "label", old.label, new.label)
    for code in new.type.codes:
        if code in old.type.codes:
            yield from worded(spot, f"words of {code}", old.values.get(code), new.values.get(code))
    yield from spot.value("codes elsewhere", _pairs(old.code), _pairs(new.code), Weight.CONTENT)
    yield from in_layer(spot, old, new)


def _type(spot: Spot, old: Fact, new: Fact) -> Iterator[Difference]:
    """The unit, the codes, and what a list holds."""
    yield from spot.value("unit", _unit(old.unit), _unit(new.unit))
    yield from spot.value("element of the list", old.type.element.value, new.type.element.value)
    befores, afters = old.type.codes, new.type.codes
    yield from (spot.added("code", code) for code in afters if code not in befores)
    yield from (spot.removed("code", code) for code in befores if code not in afters)
    yield from spot.flag(
        "open", old.type.open, new.type.open, "further codes are admitted", "no further codes"
    )


def _own_question(fact: Fact) -> bool:
    """Whether it is asked for by more than its label."""
    return fact.ask[1:] != fact.label[1:]


def _unit(unit: Unit | None) -> str | None:
    return None if unit is None else unit.text


def _range(fact: Fact) -> str | None:
    if fact.low is None and fact.high is None:
        return None
    ends = [number(end, None) or "without a bound" for end in (fact.low, fact.high)]
    unit = f" {fact.unit.text}" if fact.unit is not None and fact.unit.text != "1" else ""
    return f"{' to '.join(ends)}{unit}"


def _admitted(spot: Spot, old: Mapping[str, Admitted], new: Mapping[str, Admitted]) -> Iterator[Difference]:
    for name, before, after in by_id(old, new):
        then, now = (None if one is None else _conversion(name, one) for one in (before, after))
        yield from spot.value("further unit", then, now)


def _conversion(name: str, one: Admitted) -> str:
    return name if one.factor is None else f"{name} (times {exact_text(one.factor)})"


def _pairs(codes: Mapping[str, str]) -> str | None:
    return ", ".join(f"{system} {code}" for system, code in sorted(codes.items())) or None


# --- formulas -----------------------------------------------------------------------------------
def formula_words(formula: Formula, both: Both) -> str:
    """A formula, row by row in the order in which the rows are tried."""
    rows = [_row_words(row, both) for row in formula.rows]
    if formula.otherwise is not None:
        last = both.spoken(formula.otherwise)
        rows.append(f"{OTHERWISE} {last}" if rows else last)
    return "; ".join(rows)


def _row_words(row: FormulaRow, both: Both) -> str:
    return f"{_value(row, both)} when {both.guard(row.when)}"


def _value(row: FormulaRow, both: Both) -> str:
    return f"no value ({row.reason})" if row.value is None else both.spoken(row.value)


def _formula(spot: Spot, old: Formula | None, new: Formula | None, both: Both) -> Iterator[Difference]:
    if old is None or new is None:
        then, now = (None if one is None else formula_words(one, both) for one in (old, new))
        yield from spot.value("formula", then, now)
        return
    yield from _rows(spot, old.rows, new.rows, both)
    head = f"{spot.head}, {OTHERWISE}" if new.rows else f"{spot.head}, computed"
    yield from _outcome(spot.headed(head), old.otherwise, new.otherwise, both)


def _rows(
    spot: Spot, old: tuple[FormulaRow, ...], new: tuple[FormulaRow, ...], both: Both
) -> Iterator[Difference]:
    """Rows have no ids: equal ones belong together, then those of equal conditions, then of equal values."""
    pairs = paired(
        old,
        new,
        essence,
        lambda row: essence(row.when),
        lambda row: essence((row.value, row.reason)),
        whatever,
    )
    for before, after in pairs:
        if before is None and after is not None:
            yield spot.added("case", _row_words(after, both))
        elif after is None and before is not None:
            yield spot.removed("case", _row_words(before, both))
        elif before is not None and after is not None:
            yield from _row(spot.headed(f"{spot.head}: {_value(after, both)}"), before, after, both)
    if is_reordered(old, new, pairs):
        then, now = ("; ".join(_row_words(row, both) for row in rows) for rows in (old, new))
        yield from spot.value("order of cases", then, now)


def _row(spot: Spot, old: FormulaRow, new: FormulaRow, both: Both) -> Iterator[Difference]:
    yield from condition(spot, "when", old.when, new.when, both)
    told = spot.headed(f"{spot.head} when {both.guard(new.when)}")
    if old.value is None and new.value is None:
        yield from worded(told, "reason", old.reason, new.reason)
    else:
        yield from _outcome(told, old.value, new.value, both)
    yield from sourced(told, old.cites, new.cites)


def _outcome(spot: Spot, old: Expression | None, new: Expression | None, both: Both) -> Iterator[Difference]:
    """The value that a formula gives; None where the fact does not apply."""
    if old is None or new is None:
        then, now = ("no value" if value is None else both.spoken(value) for value in (old, new))
        yield from spot.value("value", then, now, lead="")
        return
    for clause in differing(old, new, both):
        yield spot.says("value", clause.words, *told_apart(old, new, both), clause.weight)
