"""The report as text: what was found in which log, and the figures of each pathway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pathway.language.calendar import format_duration
from pathway.language.problems import visible
from pathway.replay.deadlines import Kept
from pathway.replay.report.counting import counted
from pathway.replay.report.findings import Finding, Kind
from pathway.replay.report.gathering import Deviation, DeviationAt, OfPathway, Replayed, Report
from pathway.replay.report.passed_over import passed_over_lines
from pathway.replay.report.stays import Stay

NAMED = 20  # so many logs are named each; of more only those with a finding that is told
SHOWN, EXAMPLES = 20, 3  # findings of one kind at one place that are told in full: of few logs, of many
KINDS = 40  # rows of the table of deviations; --json has all
LONGEST = 600  # characters of a text of a log that are repeated


def report_lines(report: Report, stamps: Sequence[str]) -> Iterator[str]:
    """The report; `stamps` say title, version and status of each pathway."""
    yield from map(visible, stamps)
    readable = [one for one in report.replayed if one.fault is None]
    if not readable:
        return
    telling = _Telling(report)
    for one in readable:
        yield from telling.lines(one)
    if telling.left_out:
        more = counted(telling.left_out, "more finding")
        yield f"{more} of the same kinds: counted below, told in full by --json and --csv"
    yield from _summary(report)
    yield from passed_over_lines(report.notes)


@dataclass(slots=True)
class _Telling:
    """Which findings are told in full: of many logs a few examples of each kind."""

    report: Report
    left_out: int = 0
    _told: Counter[DeviationAt] = field(default_factory=Counter[DeviationAt])

    def lines(self, one: Replayed) -> Iterator[str]:
        """One log with its findings."""
        names_all = len(self.report.replayed) <= NAMED
        first = () if one.divergence is None else (one.divergence,)
        told = [found for found in (*first, *one.departures) if self._wants(found, names_all)]
        if names_all or told:
            yield _of_log(one, one.origin.log in self.report.of_several)
        for finding in told:
            departs = finding.kind is Kind.DEPARTURE
            if departs:
                yield f"    departs at {finding.where}: {finding.class_}"
            yield from (f"    {line}" if departs else line for line in _told(finding))

    def _wants(self, found: Finding, names_all: bool) -> bool:
        at = DeviationAt.of(found)
        self._told[at] += 1
        is_told = self._told[at] <= (SHOWN if names_all else EXAMPLES)
        self.left_out += not is_told
        return is_told


def _of_log(one: Replayed, is_of_several: bool) -> str:
    name = _brief(one.origin.named if is_of_several else one.origin.words)
    divergence = one.divergence
    if divergence is None:
        return f"{name}: conforms ({counted(one.events, 'event')})"
    return f"{name}: DIVERGES at {divergence.where}: {divergence.class_}"


def _told(one: Finding) -> Iterator[str]:
    yield f"    expected  {_brief(one.expected)}"
    yield f"    logged    {_brief(one.logged)}"
    yield f"    why       {_brief(one.why)}"


def _brief(text: str) -> str:
    """A text without what a terminal acts on, and not longer than somebody reads."""
    more = "" if len(text) <= LONGEST else f"… ({len(text)} characters)"
    return visible(text[:LONGEST]) + more


def _summary(report: Report) -> Iterator[str]:
    conforming = sum(one.conforms for one in report.replayed)
    logs, events = len(report.replayed), sum(one.events for one in report.replayed)
    yield ""
    yield (
        f"{counted(logs, 'log')}, {counted(events, 'event')}: "
        f"{conforming} conforming, {logs - conforming} divergent"
    )
    several = len(report.pathways) > 1
    for of in report.pathways.values():
        yield from _of_pathway(of, several, report.of_several)


def _of_pathway(of: OfPathway, several: bool, of_several: frozenset[str]) -> Iterator[str]:
    fitness = of.fitness
    if several:
        definition = of.definition
        yield ""
        yield visible(
            f"{definition.id} {definition.version}: {counted(of.logs, 'log')}, {of.conforming} conforming"
        )
    if fitness.share is not None:
        yield f"fitness: {fitness.share} ({fitness.followed} of {counted(fitness.events, 'event')} follow)"
    deviations = [_deviation_words(one, of_several) for one in of.deviations]
    more = [f"and {len(deviations) - KINDS} more kinds, which --json has"] if len(deviations) > KINDS else []
    yield from _headed("deviations:", [*deviations[:KINDS], *more])
    yield from _headed("deadlines:", (_kept_words(one, of.overdue[one.action]) for one in of.tally.kept))
    yield from _headed("time in state:", map(_stay_words, of.stays))


def _headed(heading: str, rows: Iterable[str]) -> Iterator[str]:
    told = [f"    {_brief(row)}" for row in rows]
    return iter([heading, *told] if told else [])


def _deviation_words(one: Deviation, of_several: frozenset[str]) -> str:
    times = "once" if one.times == 1 else f"{one.times} times"
    why = f" ({one.example.why})" if one.at.kind is Kind.REMARK else ""
    origin = one.example.origin
    such = origin.named if origin.log in of_several else origin.words
    return f"{times} in {counted(one.cases, 'case')}: {place_words(one.at)}{why}; such as {such}"


def _kept_words(one: Kept, overdue: int) -> str:
    """Of what was never done, only what was due before its log ended is a deviation."""
    ended = f" ({overdue} overdue when the log ended, {one.never - overdue} not due yet)" if one.never else ""
    return f"{one.action}: {one.met} met, {one.late} late, {one.never} never{ended}"


def place_words(at: DeviationAt) -> str:
    """Where something was found: its class, the state, the guard or action."""
    state = f" at {at.track}.{at.state}" if at.state is not None else ""
    guard = f", `{at.guard}`" if at.guard is not None else ""
    return f"{at.class_}{state}{f', {at.action}' if at.action else ''}{guard}"


def _stay_words(stay: Stay) -> str:
    still = f"; {stay.still} still there" if stay.still else ""
    if None in (stay.least, stay.median, stay.p90, stay.most):
        return f"{stay.track}.{stay.state}: no stay ended{still}"
    figures = zip(
        ("min", "median", "p90", "max"), (stay.least, stay.median, stay.p90, stay.most), strict=True
    )
    words = ", ".join(f"{name} {format_duration(value or 0)}" for name, value in figures)
    return f"{stay.track}.{stay.state}: {counted(stay.count, 'stay')}, {words}{still}"
