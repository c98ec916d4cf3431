"""Logs replayed case by case with the single-case engine, and summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.language.problems import DefinitionError, Fault
from pathway.logs.chain import Header
from pathway.replay.divergence import OTHER_PATHWAY, UNREADABLE
from pathway.replay.fleet.summary import HEAD, Example, Found, OfPathway, Stayed, Summary, add_found
from pathway.replay.fleet.summary_json import summary_of, whole_json
from pathway.replay.fleet.work import Replaying
from pathway.replay.report.cases import Damage, FoundCase
from pathway.replay.report.findings import Finding, Kind
from pathway.replay.report.gathering import DeviationAt, Replayed, Report

CompiledOf = Callable[[Header], CompiledPathway]


def case_by_case(of_file: Callable[[Path], Summary]) -> Replaying[Summary]:
    """Replaying files with the single-case engine; `of_file` mostly reads one and hands it to `summed_up`."""
    return Replaying(of_file, Summary, _logs, whole_json, summary_of)


def _logs(summary: Summary) -> int:
    return summary.logs


def summed_up(cases: Iterable[FoundCase], compiled_of: CompiledOf) -> Summary:
    """What cases amount to. `compiled_of` finds the pathway of a log, or raises Fault."""
    summary = Summary()
    for found in cases:
        _take(summary, found, compiled_of)
    return summary


def _take(summary: Summary, found: FoundCase, compiled_of: CompiledOf) -> None:
    log = found.log
    summary.logs += 1
    summary.add_rows(found.notes)
    try:
        compiled = None if log is None else compiled_of(log.header)
    except Fault as fault:
        class_ = UNREADABLE if isinstance(fault, DefinitionError) else OTHER_PATHWAY
        _refuse(summary, class_, Example(found.origin.case, 0, "a known pathway", "another one", str(fault)))
        return
    if found.damage is not None:
        _take_damaged(summary, found, found.damage, compiled)
    elif log is not None and compiled is not None:
        report = Report(keeps_courses=True)
        if found.rows is None:
            summary.heads[log.head[:HEAD]] += 1
            replayed = report.take(found.origin, log.events, compiled, log.header, log.head)
        else:
            replayed = report.take_rows(found.origin, log.events, compiled, found.rows)
        _count(summary, replayed, report, compiled.definition)


def _take_damaged(
    summary: Summary, found: FoundCase, damage: Damage, compiled: CompiledPathway | None
) -> None:
    why = f"{damage.fault.what}. {damage.fault.why}."  # without the line, which another file would change
    line = "no such log" if damage.fault.line is None else f"broken at event {damage.seq}"
    example = Example(found.origin.case, damage.seq, "an unbroken chain", line, why)
    if compiled is None:
        _refuse(summary, damage.class_, example)
        return
    of = summary.of(OfPathway.of(compiled.definition))
    of.logs += 1
    of.damaged += 1
    at = DeviationAt(Kind.DIVERGENCE, damage.class_, None, None, None, None)
    of.found(at, Found(1, 1, example))


def _refuse(summary: Summary, class_: str, example: Example) -> None:
    add_found(summary.unreadable, {class_: Found(1, 1, example)})


def _count(summary: Summary, replayed: Replayed, report: Report, definition: Definition) -> None:
    summary.events += replayed.events
    summary.conforming += replayed.conforms
    [told] = report.pathways.values()
    of = OfPathway.of(definition)
    of.logs, of.conforming = told.logs, told.conforming
    of.followed, of.events = told.followed, told.events
    of.deadlines = {kept.action: kept for kept in told.tally.kept}
    of.overdue = told.overdue
    for course in told.courses or ():
        _add_stays(of, definition, course)
    for at in dict.fromkeys(map(DeviationAt.of, replayed.findings)):
        here = [_example(one) for one in replayed.findings if DeviationAt.of(one) == at]
        of.found(at, Found(len(here), 1, min(here)))
    summary.of(OfPathway.of(definition)).add(of)


def _example(one: Finding) -> Example:
    return Example(one.origin.case, one.seq, one.expected, one.logged, one.why)


def _add_stays(of: OfPathway, definition: Definition, course: Sequence[ev.Event]) -> None:
    """How long one case stayed where; `course` are its opening and its moves."""
    opened, *moves = course
    standing = {track.name: (track.start, opened.at) for track in definition.tracks.values()}
    for move in moves:
        if isinstance(move, ev.TransitionTaken):
            _, since = standing[move.track]
            of.stays.setdefault((move.track, move.source), Stayed()).ended[move.at - since] += 1
            standing[move.track] = (move.to, move.at)
    for track, (state, _) in standing.items():
        of.stays.setdefault((track, state), Stayed()).still += 1
