"""A replayed data set as text: the figures of each pathway, where to look, and what could not be replayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathway.language.calendar import format_duration
from pathway.language.problems import visible
from pathway.replay.deadlines import Kept
from pathway.replay.fleet.fleet import Fleet
from pathway.replay.fleet.summary import Found, OfPathway, Stayed, Summary
from pathway.replay.fleet.summary_json import deviations_of
from pathway.replay.report.counting import counted
from pathway.replay.report.passed_over import passed_over_lines
from pathway.replay.report.stays import Place
from pathway.replay.report.text import place_words

SHOWN = 20  # files and deviations; all are in the JSON document


def summary_lines(summary: Summary) -> Iterator[str]:
    """What the logs amount to; every pathway with its status."""
    pathways = [of for _, of in sorted(summary.pathways.items())]
    yield from (_status(of) for of in pathways)
    yield (
        f"{counted(summary.logs, 'log')}, {counted(summary.events, 'event')}: "
        f"{summary.conforming} conforming, {summary.divergent} divergent"
    )
    if summary.copies:
        yield f"{counted(summary.copies, 'log')} met more than once, and counted each time"
    if summary.rows is not None:
        yield from passed_over_lines([("all files", summary.rows)])
    for class_, found in sorted(summary.unreadable.items()):
        yield visible(f"not replayed: {_found(class_, found)}")
    for of in pathways:
        yield from _of_pathway(of)


def files_lines(fleet: Fleet[Any]) -> Iterator[str]:
    """Which files were replayed, which to look into, and which could not be replayed."""
    earlier = f", {fleet.resumed} of them by an earlier run" if fleet.resumed else ""
    yield ""
    yield f"{counted(len(fleet.files), 'file')} replayed{earlier}"
    divergent = [
        f"{one.file}: {one.divergent} of {counted(one.logs, 'log')}" for one in fleet.files if one.divergent
    ]
    yield from _headed("files to look into, with pathway replay FILE:", divergent)
    yield from _headed("files not replayed:", [f"{one.file}: {one.why}" for one in fleet.failed])


def _status(of: OfPathway) -> str:
    stamp = f"  *** {of.stamp} ***" if of.stamp is not None else ""
    return visible(f"{of.title}  {of.version}{stamp}")


def _of_pathway(of: OfPathway) -> Iterator[str]:
    yield ""
    yield visible(f"{of.pathway} {of.version}: {counted(of.logs, 'log')}, {of.conforming} conforming")
    fitness = of.fitness
    if fitness.share is not None:
        yield f"fitness: {fitness.share} ({fitness.followed} of {counted(fitness.events, 'event')} follow)"
    yield from _headed("deviations:", [_found(place_words(at), found) for at, found in deviations_of(of)])
    kept = [_kept(one, of.overdue[name]) for name, one in sorted(of.deadlines.items())]
    yield from _headed("deadlines:", kept)
    stays = [_stay(place, stayed) for place, stayed in sorted(of.stays.items(), key=lambda row: row[0])]
    yield from _headed("time in state:", stays, len(stays))


def _kept(one: Kept, overdue: int) -> str:
    ended = f" ({overdue} overdue when the log ended, {one.never - overdue} not due yet)" if one.never else ""
    return f"{one.action}: {one.met} met, {one.late} late, {one.never} never{ended}"


def _found(where: str, found: Found) -> str:
    times = "once" if found.times == 1 else f"{found.times} times"
    example = found.example
    such = f"such as {example.case or 'a case without a name'}, event {example.seq}: {example.why}"
    return f"{times} in {counted(found.cases, 'case')}: {where}; {such}"


def _stay(place: Place, stayed: Stayed) -> str:
    name, still = ".".join(place), f"; {stayed.still} still there" if stayed.still else ""
    shares = zip(("min", "median", "p90", "max"), map(stayed.at_share, (0, 5, 9, 10)), strict=True)
    figures = [f"{word} {format_duration(length)}" for word, length in shares if length is not None]
    if not figures:
        return f"{name}: no stay ended{still}"
    return f"{name}: {counted(stayed.ended.total(), 'stay')}, {', '.join(figures)}{still}"


def _headed(heading: str, rows: list[str], most: int = SHOWN) -> Iterator[str]:
    if rows:
        yield heading
        yield from (f"    {visible(row)}" for row in rows[:most])
    if len(rows) > most:
        yield f"    and {len(rows) - most} more, in the JSON document"
