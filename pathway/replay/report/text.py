"""The report as text: what was found in which log, and the figures of each pathway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pathway.language.calendar import format_duration
from pathway.language.problems import visible
from pathway.replay.report.findings import Finding
from pathway.replay.report.gathering import Deviation, DeviationAt, OfPathway, Replayed, Report
from pathway.replay.report.stays import Stay

NAMED = 20  # so many logs are named each; of more only those with a finding
SHOWN = 20  # departures that are told in full; all are in the files


def report_lines(report: Report, stamps: Sequence[str]) -> Iterator[str]:
    """The report; `stamps` say title, version and status of each pathway."""
    yield from map(visible, stamps)
    readable = [one for one in report.replayed if one.fault is None]
    names_all = len(report.replayed) <= NAMED
    left = SHOWN
    for one in readable:
        told = one.departures[:left]
        if names_all or told or not one.conforms:
            yield from _of_log(one)
        for departure in told:
            yield from _departure(departure)
        left -= len(told)
    more = sum(len(one.departures) for one in readable) - (SHOWN - left)
    if more:
        yield f"{counted(more, 'more departure')}: counted below, told in full by --json and --csv"
    if readable:
        yield from _summary(report)


def _of_log(one: Replayed) -> Iterator[str]:
    name = visible(_name(one.origin.words, one.origin.line, one.origin.case))
    divergence = one.divergence
    if divergence is None:
        yield f"{name}: conforms ({counted(one.events, 'event')})"
        return
    yield visible(f"{name}: DIVERGES at {divergence.where}: {divergence.class_}")
    yield from _told(divergence)


def _told(one: Finding) -> Iterator[str]:
    yield f"    expected  {visible(one.expected)}"
    yield f"    logged    {visible(one.logged)}"
    yield f"    why       {visible(one.why)}"


def _name(words: str, line: int, case: str) -> str:
    return words if line == 1 else f"{words} (case {case})"


def _departure(one: Finding) -> Iterator[str]:
    yield f"    departs at {one.where}: {one.class_}"
    yield from (f"    {line}" for line in _told(one))


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
        yield from _of_pathway(of, several)


def _of_pathway(of: OfPathway, several: bool) -> Iterator[str]:
    fitness = of.fitness
    if several:
        definition = of.definition
        yield ""
        yield visible(
            f"{definition.id} {definition.version}: {counted(of.logs, 'log')}, {of.conforming} conforming"
        )
    if fitness.share is not None:
        yield f"fitness: {fitness.share} ({fitness.followed} of {counted(fitness.events, 'event')} follow)"
    yield from _headed("deviations:", map(_deviation_words, of.deviations))
    kept = (f"{one.action}: {one.met} met, {one.late} late, {one.never} never" for one in of.tally.kept)
    yield from _headed("deadlines:", kept)
    yield from _headed("time in state:", map(_stay_words, of.stays))


def _headed(heading: str, rows: Iterable[str]) -> Iterator[str]:
    told = [f"    {visible(row)}" for row in rows]
    return iter([heading, *told] if told else [])


def _deviation_words(one: Deviation) -> str:
    times = "once" if one.times == 1 else f"{one.times} times"
    return (
        f"{times} in {counted(one.cases, 'case')}: {place_words(one.at)}; such as {one.example.origin.words}"
    )


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


def counted(number: int, what: str) -> str:
    """`1 log`, `2 logs`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
