"""Checks a mapping against its pathway: names, kinds of facts, constants, units, and nothing said twice."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.language.numbers import parse_decimal
from pathway.language.refusals import DataPath
from pathway.language.units import UnitError, convert, parse_unit, same_dimension
from pathway.language.values import ValueRefused, read_value
from pathway.logs.foreign.cells import UNKNOWN, ColumnReading, Scale
from pathway.logs.foreign.sheet import Sheet
from pathway.logs.foreign.times import TimeReading, format_fault
from pathway.logs.foreign.written import Activity, Column, WrittenMapping


def time_of(written: WrittenMapping, sheet: Sheet) -> TimeReading:
    """How times are read; in UTC where the zone is none."""
    time = written.time
    zone = parse_zone()
    try:
        zone = parse_zone(time.timezone)
    except ValueError as error:
        sheet.refuse(("time", "timezone"), str(error), "Name the zone in which the hospital's clocks ran")
    fault = format_fault(time.format)
    if fault is not None:
        sheet.refuse(("time", "format"), f"`{time.format}` cannot be read", fault)
    return TimeReading(tuple(time.column), time.format, time.timezone, zone, time.fractions == "cut")


class Checking:
    """One mapping, held against one definition."""

    def __init__(
        self, written: WrittenMapping, definition: Definition, time: TimeReading, sheet: Sheet
    ) -> None:
        self.written = written
        self.definition = definition
        self.time = time
        self.sheet = sheet

    def columns(self) -> tuple[ColumnReading, ...]:
        """Check the whole mapping, and give what its columns mean."""
        if self.written.pathway != self.definition.id:
            text = f"This mapping is for `{self.written.pathway}`, not for `{self.definition.id}`"
            self.sheet.refuse(("pathway",), text, "Name the pathway that it is for")
        for name, activity in self.written.activities.items():
            self._activity(name, activity)
        if self.written.activity == self.written.case:
            self.sheet.refuse(("activity",), "The activity and the case are one column", "Name the other one")
        for index, name in enumerate(self.written.ignore):
            if name in self.written.activities:
                text = f"`{name}` is ignored, and said to mean something under `activities`"
                self.sheet.refuse(("ignore", index), text, "Keep one of the two")
        found = [self._column(name, column) for name, column in self.written.columns.items()]
        columns = tuple(column for column in found if column is not None)
        for name, activity in self.written.activities.items():
            self._refuse_twice(name, activity, columns)
        return columns

    def _fact(self, path: DataPath, name: str, *, key: bool = False) -> Fact | None:
        """A fact that can be recorded."""
        if not self.sheet.named(path, name, self.definition.facts, "fact", key=key):
            return None
        fact = self.definition.facts[name]
        if fact.recordable or fact.formula is None:
            return fact
        rests = ", ".join(sorted(fact.formula.facts))
        self.sheet.refuse(path, f"`{name}` is computed and cannot be recorded", f"Record {rests}", key=key)
        return None

    # --- activities -----------------------------------------------------------------------------
    def _activity(self, name: str, activity: Activity) -> None:
        path = ("activities", name)
        for key, names in (("done", activity.done), ("declined", activity.declined)):
            for index, action in enumerate(names):
                self.sheet.named((*path, key, index), action, self.definition.actions, "action")
        for index, fact_name in enumerate(activity.time):
            fact = self._fact((*path, "time", index), fact_name)
            if fact is not None and fact.type.kind is not Kind.INSTANT:
                text = f"`{fact_name}` does not hold a time"
                self.sheet.refuse((*path, "time", index), text, "Give its value under `facts`")
        for fact_name, value in activity.facts.items():
            fact = self._fact((*path, "facts", fact_name), fact_name, key=True)
            if fact is not None:
                self._constant((*path, "facts", fact_name), fact, value)

    def _constant(self, path: DataPath, fact: Fact, value: str) -> None:
        if value == UNKNOWN:
            return
        try:
            read_value(fact, value, self.time.zone)
        except ValueRefused as error:
            self.sheet.refuse(path, f"`{value}` is no value of `{fact.name}`", str(error))

    def _refuse_twice(self, name: str, activity: Activity, columns: tuple[ColumnReading, ...]) -> None:
        """One row gives a fact one value."""
        read = [column.fact.name for column in columns if column.speaks_on(name)]
        given = Counter((*activity.time, *activity.facts, *read))
        for fact in (fact for fact, times in given.items() if times > 1):
            text = f"A row of `{name}` gives `{fact}` more than once"
            self.sheet.refuse(("activities", name), text, "Say with `on` which column counts there", key=True)

    # --- columns --------------------------------------------------------------------------------
    def _column(self, name: str, column: Column) -> ColumnReading | None:
        path = ("columns", name)
        fact = self._fact((*path, "fact"), column.fact)
        for index, activity in enumerate(column.on):
            if activity not in self.written.activities:
                text = f"`{activity}` is no activity of this mapping"
                self.sheet.refuse((*path, "on", index), text, "Name one that stands under `activities`")
        if fact is None:
            return None
        for text, value in column.values.items():
            self._constant((*path, "values", text), fact, value)
        if column.split is not None and fact.type.kind is not Kind.LIST:
            self.sheet.refuse((*path, "split"), f"`{fact.name}` takes one value", "Leave `split` out")
        unit, scale = self._unit(path, column, fact)
        return ColumnReading(
            name=name,
            fact=fact,
            time=self.time,
            on=frozenset(column.on) or None,
            values=column.values,
            split=column.split,
            unit=unit,
            scale=scale,
            comma=self.written.decimal == ",",
        )

    def _unit(self, path: DataPath, column: Column, fact: Fact) -> tuple[str, Scale | None]:
        """The unit to write behind a number, or how to bring it into the declared one."""
        wrong = _misplaced(column, fact)
        if wrong is not None:
            self.sheet.refuse((*path, wrong), f"`{wrong}` has no use here", _USES[wrong])
            return "", None
        declared = fact.unit
        if column.unit is None or declared is None or column.unit == declared.text:
            return "", None
        if column.unit in fact.also:
            return column.unit, None
        try:
            return "", self._scale(column, fact)
        except UnitError as error:
            fix = f"`{fact.name}` is kept in {declared.text}; give `factor`, or the unit under `also` there"
            self.sheet.refuse((*path, "unit"), str(error), fix)
            return "", None

    def _scale(self, column: Column, fact: Fact) -> Scale:
        assert column.unit is not None
        assert fact.unit is not None
        unit = parse_unit(column.unit)
        factor = None if column.factor is None else _factor(column.factor)
        if factor is not None and not same_dimension(unit, fact.unit):
            return Scale(factor)
        offset = convert(Fraction(0), unit, fact.unit)
        return Scale(convert(Fraction(1), unit, fact.unit) - offset, offset)


def _factor(text: str) -> Fraction:
    """Raises UnitError for what is no number above 0."""
    try:
        factor = parse_decimal(text)
    except ValueError as error:
        raise UnitError(f"A factor is a plain number: {error}") from None
    if factor <= 0:
        raise UnitError(f"A factor is more than 0, and {text} is not")
    return factor


_USES = {
    "unit": "Only a quantity has a unit",
    "factor": "It belongs to a `unit` of another kind that the fact does not admit by itself",
}


def _misplaced(column: Column, fact: Fact) -> str | None:
    """A key that says nothing about this fact."""
    if column.unit is not None and fact.unit is None:
        return "unit"
    if column.factor is None:
        return None
    plain = column.unit is None or fact.unit is None or column.unit in (fact.unit.text, *fact.also)
    return "factor" if plain else None
