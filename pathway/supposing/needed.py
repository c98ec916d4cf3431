"""A change in full: each fact with its present value and the value needed, as near as the engine allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathway.engine.batch import Batch
from pathway.engine.readings import Readings
from pathway.language.calendar import local_date
from pathway.language.definition import Fact
from pathway.language.expression import Kind
from pathway.language.numbers import exact_text, parse_exact
from pathway.language.values import read_value
from pathway.supposing.candidates import ORDERED, Typed, present_text, step_of
from pathway.supposing.levers import Levers
from pathway.supposing.subjects import Subject, Target, is_met
from pathway.supposing.trying import Lever, Setting, Settings, Trial, Trials, batch_of


@dataclass(frozen=True, slots=True)
class FactNeeded:
    """A fact and the value that helps, as typed in the declared `unit`; `present` is None while unknown.

    `bound`: at_least or at_most `value`; any value; `anew` (the same value recorded again); `such_as`: it
    counts by way of a calculation or of time, and other values do as well; or `value`: this one does, and so
    do `others`. `present` and `value` are tuples for lists.
    """

    fact: str
    present: Typed | None
    value: Typed
    bound: str
    unit: str | None = None
    others: tuple[Typed, ...] = ()


@dataclass(frozen=True, slots=True)
class DeedNeeded:
    """An action that has to be recorded as done, or as declined."""

    action: str
    declined: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Entered together, these open the subject: now, or from `from_at` on (seconds since 1970 UTC).

    Without facts and deeds only time stands against it.
    """

    facts: tuple[FactNeeded, ...]
    deeds: tuple[DeedNeeded, ...]
    from_at: int | None = None

    @property
    def known(self) -> int:
        """How many of the facts are known, with another value."""
        return sum(fact.present is not None for fact in self.facts)

    def batch(self, at: int, by: str, recorded_at: int) -> Batch:
        """The change as one entry, for a fork: it is supposed and nobody has observed it."""
        facts = [Setting(Lever("fact", one.fact), one.value) for one in self.facts]
        kinds = {True: "declined", False: "done"}
        deeds = [Setting(Lever(kinds[one.declined], one.action)) for one in self.deeds]
        return batch_of((*facts, *deeds), at, by, recorded_at)


@dataclass(frozen=True, slots=True)
class Opening:
    """Settings that were seen to open a target: at once, or when time had passed to `from_at`."""

    target: Target
    settings: Settings
    from_at: int | None


def change_of(opening: Opening, subject: Subject, trials: Trials, levers: Levers) -> Change:
    """The opening with each value as near to the present one as still opens it."""
    settings, facts = opening.settings, list[FactNeeded]()
    for place, setting in enumerate(settings):
        if setting.lever.kind == "fact":
            others = _Others(Opening(opening.target, settings, opening.from_at), subject, trials, place)
            found = _needed(setting, others, levers)
            facts.append(found)
            settings = others.with_value(found.value)
    deeds = [one.lever for one in settings if one.lever.kind != "fact"]
    done = (DeedNeeded(lever.name, lever.kind == "declined") for lever in deeds)
    return Change(tuple(facts), tuple(done), opening.from_at)


@dataclass(frozen=True, slots=True)
class _Others:
    """The rest of an opening, held while one of its values is turned."""

    opening: Opening
    subject: Subject
    trials: Trials
    place: int

    def with_value(self, typed: Typed) -> Settings:
        settings = list(self.opening.settings)
        settings[self.place] = Setting(settings[self.place].lever, typed)
        return tuple(settings)

    def opens(self, typed: Typed) -> bool:
        """Whether this value opens the target as well; what cannot be tried any more counts as no."""
        trial: Trial | None = self.trials.enter(self.with_value(typed))
        if trial is not None and self.opening.from_at is not None:
            trial = self.trials.at(trial, self.opening.from_at)
        return trial is not None and is_met(self.opening.target, self.subject, trial)


def _needed(setting: Setting, others: _Others, levers: Levers) -> FactNeeded:
    fact, readings = levers.definition.facts[setting.lever.name], levers.case.readings
    present = present_text(fact, readings)
    given = [one.entered for one in levers.settings(setting.lever)]
    unit = None if fact.unit is None or fact.unit.text == "1" else fact.unit.text
    if present is not None and present in given and (setting.entered == present or others.opens(present)):
        return FactNeeded(fact.name, present, present, "anew", unit)
    tried = [typed for typed in given if typed != present]
    verdicts = [one == setting.entered or others.opens(one) for one in tried]
    direct = levers.compared(fact.name).direct and not others.trials.spent
    if all(verdicts) and direct and present is None and len(tried) > 1:
        return FactNeeded(fact.name, None, setting.entered, "any", unit)
    if fact.type.kind not in ORDERED:
        rest = tuple(one for one in _works(tried, verdicts) if one != setting.entered)
        return FactNeeded(fact.name, present, setting.entered, "value", unit, rest)
    if direct:
        tried, verdicts = _with_present(fact, present, tried, verdicts, readings)
        value, bound = _bounded(fact, setting.entered, tried, verdicts, readings)
        return FactNeeded(fact.name, present, value, bound, unit)
    near = min(_works(tried, verdicts), key=lambda typed: _distance(fact, typed, readings))
    return FactNeeded(fact.name, present, _closest(fact, near, tried, verdicts, others), "such_as", unit)


def _distance(fact: Fact, typed: Typed, readings: Readings) -> Fraction:
    """How far a value lies from the present one, or a time from now."""
    size, present = _size(fact, typed, readings), present_text(fact, readings)
    if present is not None:
        return abs(size - _size(fact, present, readings))
    today = local_date(readings.now, readings.zone).toordinal()
    starts = {Kind.DATE: Fraction(today), Kind.INSTANT: Fraction(readings.now)}
    return abs(size - starts.get(fact.type.kind, size))


def _works(tried: Sequence[Typed], verdicts: Sequence[bool]) -> list[Typed]:
    return [one for one, works in zip(tried, verdicts, strict=True) if works]


def _with_present(
    fact: Fact, present: Typed | None, tried: Sequence[Typed], verdicts: Sequence[bool], readings: Readings
) -> tuple[list[Typed], list[bool]]:
    """The tried values with the present one at its place: as it stands, it does not open the target."""
    known = [] if present is None else [(present, False)]
    pairs = [*zip(tried, verdicts, strict=True), *known]
    pairs.sort(key=lambda pair: _size(fact, pair[0], readings))
    return [typed for typed, _ in pairs], [works for _, works in pairs]


def _size(fact: Fact, typed: Typed, readings: Readings) -> Fraction:
    """A number, or a time as days or seconds, to put values in order."""
    value = read_value(fact, typed, readings.zone).value
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(0)


def _bounded(
    fact: Fact, found: Typed, tried: Sequence[Typed], verdicts: Sequence[bool], readings: Readings
) -> tuple[Typed, str]:
    """The end of the working values nearest to those that do not work, and which side of it works.

    The tried values ascend and lie on both sides of all that the fact is compared with: if it is compared
    directly, every value between two of them does as its neighbours do.
    """
    first, last = verdicts.index(True), len(verdicts) - 1 - verdicts[::-1].index(True)
    if not all(verdicts[first : last + 1]):
        return found, "value"
    if last == len(verdicts) - 1 and first > 0:
        return tried[first], "at_least"
    if first == 0 and last < len(verdicts) - 1:
        return tried[last], "at_most"
    present = readings.fact(fact.name).value
    low = read_value(fact, tried[first], readings.zone).value
    above = isinstance(present, Fraction) and isinstance(low, Fraction) and present > low
    return tried[last if above else first], "value"


def _closest(
    fact: Fact, value: Typed, tried: Sequence[Typed], verdicts: Sequence[bool], others: _Others
) -> Typed:
    """Where a number counts by way of a calculation: the step at which it opens, between yes and no."""
    at = tried.index(value)
    beside = [place for place in (at - 1, at + 1) if 0 <= place < len(tried) and not verdicts[place]]
    if fact.type.kind is not Kind.NUMBER or not beside or not isinstance(value, str):
        return value
    shut = tried[beside[0]]
    step = step_of(fact)
    opens, closed = parse_exact(value) / step, parse_exact(str(shut)) / step
    while abs(opens - closed) > 1 and not others.trials.spent:
        middle = Fraction((opens + closed) // 2)
        opens, closed = (middle, closed) if others.opens(exact_text(middle * step)) else (opens, middle)
    return exact_text(opens * step)
