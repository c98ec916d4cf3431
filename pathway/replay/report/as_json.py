"""The report as the JSON document of `pathway replay --json` (keys are only ever added to it)."""

from __future__ import annotations

from typing import Any

from pathway.language.verdict import FactUse
from pathway.logs.foreign.finding import Notes
from pathway.replay.deadlines import Kept
from pathway.replay.report.findings import Finding, GuardRead, Kind
from pathway.replay.report.gathering import Deviation, OfPathway, Report
from pathway.replay.report.stays import Stay


def report_json(report: Report) -> dict[str, Any]:
    """The whole report; logs that cannot be read count as divergent."""
    conforming = sum(one.conforms for one in report.replayed)
    findings = list(report.findings)
    return {
        "logs": len(report.replayed),
        "events": sum(one.events for one in report.replayed),
        "conforming": conforming,
        "divergent": len(report.replayed) - conforming,
        "divergences": [finding_json(one) for one in findings if one.kind is Kind.DIVERGENCE],
        "deadlines": [_kept_json(kept) for kept in report.kept],
        "departures": [finding_json(one) for one in findings if one.kind is Kind.DEPARTURE],
        "remarks": [finding_json(one) for one in findings if one.kind is Kind.REMARK],
        "rows": [_rows_json(log, notes) for log, notes in report.notes],
        "pathways": [_pathway_json(of) for of in report.pathways.values()],
    }


def _rows_json(log: str, notes: Notes) -> dict[str, Any]:
    """What became of the rows of a foreign log."""
    return {
        "log": log,
        "rows": notes.rows,
        "entered": notes.entered,
        "moved": notes.moved,
        "ignored": dict(sorted(notes.ignored.items())),
        "other_lifecycle": dict(sorted(notes.other_lifecycle.items())),
        "never_filled": list(notes.never_filled),
    }


def finding_json(one: Finding) -> dict[str, Any]:
    """One divergence or departure."""
    spot = one.spot
    return {
        "log": one.origin.log,
        "seq": one.seq,
        "expected": one.expected,
        "logged": one.logged,
        "class": one.class_,
        "why": one.why,
        "case": one.origin.case,
        "line": one.line,
        "track": spot.track,
        "state": spot.state,
        "action": spot.action,
        "guard": None if spot.guard is None else guard_json(spot.guard),
        "late": one.late,
    }


def guard_json(guard: GuardRead) -> dict[str, Any]:
    """A guard with the values that it read; `name` is that of a safeguard."""
    return {
        "name": guard.name,
        "text": guard.text,
        "value": guard.verdict,
        "needs": list(guard.needs),
        "values": [_use_json(use) for use in guard.uses],
    }


def _use_json(use: FactUse) -> dict[str, Any]:
    return {"fact": use.fact, "value": use.value, "unit": use.unit, "seq": use.seq, "why": use.why}


def _pathway_json(of: OfPathway) -> dict[str, Any]:
    definition, fitness = of.definition, of.fitness
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "stamp": definition.stamp,
        "logs": of.logs,
        "conforming": of.conforming,
        "divergent": of.logs - of.conforming,
        "damaged": of.damaged,
        "fitness": {"followed": fitness.followed, "events": fitness.events, "share": fitness.share},
        "deviations": [_deviation_json(one) for one in of.deviations],
        "deadlines": [_kept_json(kept) for kept in of.tally.kept],
        "stays": [_stay_json(stay) for stay in of.stays],
    }


def _deviation_json(one: Deviation) -> dict[str, Any]:
    at, example = one.at, one.example
    return {
        "kind": at.kind.value,
        "class": at.class_,
        "track": at.track,
        "state": at.state,
        "action": at.action,
        "guard": at.guard,
        "times": one.times,
        "cases": one.cases,
        "example": {"log": example.origin.log, "case": example.origin.case, "seq": example.seq},
    }


def _kept_json(kept: Kept) -> dict[str, Any]:
    return {"action": kept.action, "met": kept.met, "late": kept.late, "never": kept.never}


def _stay_json(stay: Stay) -> dict[str, Any]:
    return {
        "track": stay.track,
        "state": stay.state,
        "count": stay.count,
        "min": stay.least,
        "median": stay.median,
        "p90": stay.p90,
        "max": stay.most,
        "still": stay.still,
    }
