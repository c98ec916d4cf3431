"""The report of coverage: what was reached and what never was, element by element, and eight measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pathway.language.definition import Definition
from pathway.language.verdict import Verdict
from pathway.replay.coverage.decisions import can_be_unknown, holds_up, is_shown
from pathway.replay.coverage.places import Reached, ways_of
from pathway.replay.coverage.seen import Seen
from pathway.replay.coverage.sites import Site

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
MEASURES = ("states", "transitions", "guards", "conditions", "mcdc", "unknown", "safeguards", "boundaries")


@dataclass(frozen=True, slots=True)
class Measure:
    """How many of a kind of thing were covered."""

    name: str
    covered: int
    of: int

    @property
    def percent(self) -> Fraction:
        """In percent; 100 where there is nothing to cover."""
        return Fraction(100 * self.covered, self.of) if self.of else Fraction(100)


@dataclass(frozen=True, slots=True)
class ConditionTried:
    """One condition of a guard: the verdicts it had, those in which it alone decided, and what that shows.

    `is_shown`: masking MC/DC. `holds_up`: alone kept the guard UNKNOWN; None where it cannot.
    """

    text: str
    verdicts: frozenset[Verdict]
    wanted: tuple[Verdict, ...]
    decided: frozenset[Verdict]
    is_shown: bool
    holds_up: bool | None


@dataclass(frozen=True, slots=True)
class ThresholdTouched:
    """One threshold of a guard: the sides that can be entered, and whether a case was there."""

    amount: str
    limit: str
    sides: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class GuardTried:
    """One guard: in how many cases it was each verdict, of those it can have. `place` is file:line."""

    kind: str
    name: str
    text: str
    place: str | None
    cases: Mapping[Verdict, int]
    conditions: tuple[ConditionTried, ...]
    thresholds: tuple[ThresholdTouched, ...]

    @property
    def never(self) -> tuple[Verdict, ...]:
        """The verdicts that it had in no case."""
        return tuple(verdict for verdict, count in self.cases.items() if count == 0)


@dataclass(frozen=True, slots=True)
class SafeguardTried:
    """In how many cases a safeguard was TRUE, and in how many of them while its action was called for."""

    name: str
    triggered: int
    called_for: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What `cases` cases tried of a pathway; everything is named, also what none reached.

    A target that no patient can reach counts as uncovered: `pathway check` tells which there are.
    """

    definition: Definition
    what: str
    reached: Reached
    guards: tuple[GuardTried, ...]
    safeguards: tuple[SafeguardTried, ...]

    @property
    def cases(self) -> int:
        return self.reached.cases

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures by name, in the order of MEASURES."""
        conditions = [one for guard in self.guards for one in guard.conditions]
        found: tuple[list[bool], ...] = (
            [count > 0 for count in self.reached.states.values()],
            [count > 0 for count in self.reached.ways.values()],
            [count > 0 for guard in self.guards for count in guard.cases.values()],
            [verdict in one.verdicts for one in conditions for verdict in one.wanted],
            [one.is_shown for one in conditions],
            [one.holds_up for one in conditions if one.holds_up is not None],
            [one.triggered > 0 for one in self.safeguards],
            [side for guard in self.guards for one in guard.thresholds for side in one.sides.values()],
        )
        return tuple(
            Measure(name, sum(targets), len(targets)) for name, targets in zip(MEASURES, found, strict=True)
        )


def coverage_from(definition: Definition, sites: tuple[Site, ...], seen: Seen, what: str) -> Coverage:
    """The report of what was seen."""
    safeguards = tuple(
        SafeguardTried(name, seen.triggered[name], seen.called_for[name]) for name in definition.safeguards
    )
    return Coverage(definition, what, seen.reached, tuple(_guard(site, seen) for site in sites), safeguards)


def _guard(site: Site, seen: Seen) -> GuardTried:
    counts = seen.verdicts.get(site.key, Counter())
    decision = site.decision
    is_open = any(decision.can_hold_up(index) for index in range(len(decision.conditions)))
    possible = (TRUE, FALSE, UNKNOWN) if is_open else (TRUE, FALSE)
    place = None if site.place is None else f"{site.place.file}:{site.place.line}"
    return GuardTried(
        site.kind,
        site.name,
        " ".join(site.text.split()),
        place,
        {verdict: counts[verdict] for verdict in possible},
        tuple(_conditions(site, seen)),
        tuple(_thresholds(site, seen)),
    )


def _conditions(site: Site, seen: Seen) -> Iterator[ConditionTried]:
    verdicts, effects = seen.conditions.get(site.key, ()), seen.effects.get(site.key, ())
    for index, condition in enumerate(site.decision.conditions):
        yield ConditionTried(
            " ".join(condition.text.split()),
            frozenset(verdict for number, verdict in verdicts if number == index),
            (TRUE, FALSE, UNKNOWN) if can_be_unknown(condition) else (TRUE, FALSE),
            frozenset(one[1] for one in effects if one[0] == index and one[1] is not UNKNOWN),
            is_shown(effects, index),
            holds_up(effects, index) if site.decision.can_hold_up(index) else None,
        )


def _thresholds(site: Site, seen: Seen) -> Iterator[ThresholdTouched]:
    touched = seen.sides.get(site.key, ())
    for index, threshold in enumerate(site.thresholds):
        amount, limit = threshold.words
        yield ThresholdTouched(amount, limit, {side: (index, side) in touched for side in threshold.sides})


def way_titles(definition: Definition) -> dict[tuple[str, str, int], str]:
    """Each transition in words: `care.intake to workup: platelet_count < 40`."""
    return {
        (way.track, way.source, way.index): f"{way.track}.{way.source} to {way.to}: {way.when.text}"
        for way in ways_of(definition)
    }
