"""Many logs replayed one after the other, and what they amount to for each pathway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import FoldError
from pathway.language.definition import Definition
from pathway.logs.chain import Header
from pathway.logs.foreign.finding import Notes
from pathway.replay.conformance import Followed, followed, other_version
from pathway.replay.deadlines import Kept, Tally
from pathway.replay.divergence import DUPLICATED, Divergence
from pathway.replay.report.cases import Rows
from pathway.replay.report.departures import departures, told
from pathway.replay.report.findings import Finding, Kind, Origin, Spot
from pathway.replay.report.placing import spot_of
from pathway.replay.report.stays import Stay, Stays


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one log. `fault` says why it could not be replayed at all.

    `events` are those of the log, of a foreign one its rows; the first `followed` of them follow.
    """

    origin: Origin
    events: int
    followed: int
    findings: tuple[Finding, ...]
    pathway: Definition | None
    fault: str | None = None

    @property
    def conforms(self) -> bool:
        return self.divergence is None

    @property
    def divergence(self) -> Finding | None:
        return next((one for one in self.findings if one.kind is Kind.DIVERGENCE), None)

    @property
    def departures(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.kind is Kind.DEPARTURE)


@dataclass(frozen=True, slots=True)
class Fitness:
    """How far logs follow their pathway: of all their `events`, how many stand before a first divergence.

    The events of a conforming log all do; of a diverging one those before the line that is named; of one
    that was written on another version or pathway none. In a foreign log a row is an event, and those that
    the pathway does not know do not follow. Logs that are damaged, or that were given twice, are left out of
    both numbers. 1 means that every log conforms.
    """

    followed: int
    events: int

    @property
    def share(self) -> str | None:
        """The share to four decimals, rounded down, so that only all is 1.0000; None of no events.

        >>> Fitness(29999, 30000).share
        '0.9999'
        """
        if not self.events:
            return None
        whole, rest = divmod(self.followed * 10_000 // self.events, 10_000)
        return f"{whole}.{rest:04d}"


@dataclass(frozen=True, slots=True)
class DeviationAt:
    """A kind of finding at one place of a pathway: by class, state, and guard or action."""

    kind: Kind
    class_: str
    track: str | None
    state: str | None
    action: str | None
    guard: str | None

    @classmethod
    def of(cls, one: Finding) -> DeviationAt:
        spot, guard = one.spot, one.spot.guard
        text = None if guard is None else guard.text if guard.name is None else f"{guard.name}: {guard.text}"
        return cls(one.kind, one.class_, spot.track, spot.state, spot.action, text)


@dataclass(slots=True)
class Deviation:
    """How often something was found at one place, in how many cases, and where first."""

    at: DeviationAt
    times: int
    cases: int
    example: Finding


@dataclass(slots=True)
class OfPathway:
    """All logs of one version of one pathway, gathered one by one.

    Deadlines and stays are as the logs tell them, diverging ones too, where their events amount to a case.
    `overdue` counts by action what was due and never done although the log goes on beyond it. With
    `courses`, the moves of every such case are kept, to draw the flow of them all.
    """

    definition: Definition
    logs: int = 0
    conforming: int = 0
    damaged: int = 0
    told: int = 0
    followed: int = 0
    events: int = 0
    tally: Tally = field(default_factory=Tally)
    overdue: Counter[str] = field(default_factory=Counter[str])
    courses: list[tuple[ev.Event, ...]] | None = None
    _stays: Stays = field(default_factory=Stays)
    _deviations: dict[DeviationAt, Deviation] = field(default_factory=dict[DeviationAt, Deviation])

    @property
    def fitness(self) -> Fitness:
        return Fitness(self.followed, self.events)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """The deviations, the most frequent first."""
        return tuple(sorted(self._deviations.values(), key=_rank))

    @property
    def stays(self) -> Iterator[Stay]:
        """The stays in every state that a case has been in, in the order of the definition."""
        for track in self.definition.tracks.values():
            for state in track.states:
                stay = self._stays.of(track.name, state)
                if stay.count or stay.still:
                    yield stay

    def take(self, compiled: CompiledPathway, origin: Origin, events: Sequence[ev.Event]) -> list[Finding]:
        """Take in what a log tells; its departures. A log that amounts to no case has none."""
        try:
            case = told(origin, compiled, events)
        except FoldError:
            return []
        self.told += 1
        self.tally.add(compiled, events)
        self._stays.add(case.readings.memory)
        if self.courses is not None:
            moving = (one for one in case.events if isinstance(one, ev.CaseOpened | ev.TransitionTaken))
            self.courses.append(tuple(moving))
        found = list(departures(case))
        acts = (one.spot.action for one in found if one.late is not None)
        self.overdue.update(
            act for act in acts if act is not None and not case.readings.memory.deeds.get(act)
        )
        return found

    def count(self, replayed: Replayed, is_damaged: bool) -> None:
        """Count one log with its findings."""
        self.logs += 1
        self.conforming += replayed.conforms
        self.damaged += is_damaged
        if not is_damaged:
            self.events += replayed.events
            self.followed += replayed.followed
        for at in dict.fromkeys(map(DeviationAt.of, replayed.findings)):
            here = [one for one in replayed.findings if DeviationAt.of(one) == at]
            known = self._deviations.setdefault(at, Deviation(at, 0, 0, here[0]))
            known.times += len(here)
            known.cases += 1


@dataclass(slots=True)
class Report:
    """The logs of one call, replayed one after the other. `keeps_courses` for drawing their flow.

    `notes` say of each foreign log, by its name, what of its rows was passed over.
    """

    keeps_courses: bool = False
    replayed: list[Replayed] = field(default_factory=list[Replayed])
    pathways: dict[tuple[str, str], OfPathway] = field(default_factory=dict[tuple[str, str], OfPathway])
    notes: list[tuple[str, Notes]] = field(default_factory=list[tuple[str, Notes]])
    _heads: dict[str, Origin] = field(default_factory=dict[str, Origin])

    def take(
        self,
        origin: Origin,
        events: Sequence[ev.Event],
        compiled: CompiledPathway,
        header: Header | None = None,
        head: str | None = None,
    ) -> Replayed:
        """Replay one log; `header` says of which pathway it is, `head` is its last hash, if it has them."""
        of = self._of(compiled)
        before = None if head is None else self._heads.setdefault(head, origin)
        count = len(events)
        if before is not None and before is not origin:
            return self._taken(of, Replayed(origin, count, 0, (_twice(origin, before),), of.definition), True)
        other = None if header is None else other_version(header, compiled)
        if other is not None:
            found = (_finding(origin, other, Spot()),)
            return self._taken(of, Replayed(origin, count, 0, found, of.definition))
        diverged = tuple(_diverged(origin, followed(events, compiled), events))
        follow = max(diverged[0].seq - 1, 0) if diverged else count
        findings = (*diverged, *of.take(compiled, origin, events))
        return self._taken(of, Replayed(origin, count, follow, findings, of.definition))

    def take_rows(
        self, origin: Origin, events: Sequence[ev.Event], compiled: CompiledPathway, rows: Rows
    ) -> Replayed:
        """Take in a case of a foreign log, whose events the engine derived from its rows: these follow."""
        of = self._of(compiled)
        departed = (
            replace(one, row=rows.row_of(events[one.seq - 1], one.spot.action))
            for one in (of.take(compiled, origin, events) if events else ())
        )
        strange = sum(one.kind is Kind.DIVERGENCE for one in rows.findings)
        found = (*rows.findings, *departed)
        return self._taken(of, Replayed(origin, rows.read, rows.read - strange, found, of.definition))

    def refuse(
        self, origin: Origin, why: Divergence, fault: str, compiled: CompiledPathway | None = None
    ) -> Replayed:
        """Count a log that cannot be replayed: it is damaged, or its pathway is not there."""
        of = None if compiled is None else self._of(compiled)
        definition = None if of is None else of.definition
        return self._taken(
            of, Replayed(origin, 0, 0, (_finding(origin, why, Spot()),), definition, fault), True
        )

    @property
    def of_several(self) -> frozenset[str]:
        """The logs that hold more than one case, or one that is not where the log begins."""
        times = Counter(one.origin.log for one in self.replayed)
        first = {one.origin.log for one in self.replayed if one.origin.line != 1}
        return frozenset({log for log, count in times.items() if count > 1} | first)

    @property
    def findings(self) -> Iterator[Finding]:
        return (finding for one in self.replayed for finding in one.findings)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The deadlines of all pathways together, by action."""
        sums: dict[str, Kept] = {}
        for kept in (kept for of in self.pathways.values() for kept in of.tally.kept):
            so_far = sums.get(kept.action, Kept(kept.action, 0, 0, 0))
            sums[kept.action] = Kept(
                kept.action, so_far.met + kept.met, so_far.late + kept.late, so_far.never + kept.never
            )
        return tuple(sums[name] for name in sorted(sums))

    def _of(self, compiled: CompiledPathway) -> OfPathway:
        definition = compiled.definition
        key = (definition.id, definition.digest)
        if key not in self.pathways:
            self.pathways[key] = OfPathway(definition, courses=[] if self.keeps_courses else None)
        return self.pathways[key]

    def _taken(self, of: OfPathway | None, one: Replayed, is_damaged: bool = False) -> Replayed:
        if of is not None:
            of.count(one, is_damaged)
        self.replayed.append(one)
        return one


def _diverged(origin: Origin, found: Followed, events: Sequence[ev.Event]) -> Iterator[Finding]:
    divergence = found.outcome.divergence
    if divergence is not None:
        yield _finding(origin, divergence, spot_of(found, events))


def _finding(origin: Origin, one: Divergence, spot: Spot) -> Finding:
    return Finding(Kind.DIVERGENCE, origin, one.seq, one.class_, one.expected, one.logged, one.why, spot)


def _twice(origin: Origin, before: Origin) -> Finding:
    why = f"the same log was read from {before.words} already; it is counted once"
    twice = Divergence(0, DUPLICATED, "every case once", f"the case {origin.case} again", why)
    return _finding(origin, twice, Spot())


def _rank(one: Deviation) -> tuple[object, ...]:
    at = one.at
    return (
        -one.times,
        at.kind.value,
        at.class_,
        *(text or "" for text in (at.track, at.state, at.action, at.guard)),
    )
