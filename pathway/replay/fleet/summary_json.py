"""Summaries as JSON: whole, to be added up later, and as the document that `pathway replay --json` shows.

Everything stands in a fixed order, so equal summaries are equal bytes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pathway.logs.foreign.finding import Notes
from pathway.replay.deadlines import Kept
from pathway.replay.fleet.summary import Example, Found, OfPathway, Stayed, Summary
from pathway.replay.report.findings import Kind
from pathway.replay.report.gathering import DeviationAt
from pathway.replay.report.stays import Place

Json = dict[str, Any]


# --- whole ----------------------------------------------------------------------------------------
def whole_json(summary: Summary) -> Json:
    """A summary with nothing left out."""
    return {
        **_counts(summary),
        "pathways": [
            {**_pathway(of), "stays": [_stayed(*row) for row in sorted(of.stays.items(), key=_place)]}
            for of in _in_order(summary)
        ],
        "heads": dict(sorted(summary.heads.items())),
    }


def summary_of(whole: Json) -> Summary:
    """The inverse of `whole_json`. Raises KeyError, TypeError and ValueError on anything else."""
    pathways = map(_of_pathway, whole["pathways"])
    return Summary(
        logs=int(whole["logs"]),
        events=int(whole["events"]),
        conforming=int(whole["conforming"]),
        pathways={of.key: of for of in pathways},
        unreadable={row["class"]: _found_of(row) for row in whole["unreadable"]},
        heads=Counter(whole["heads"]),
        rows=_rows_of(whole["rows"]),
    )


def _of_pathway(row: Json) -> OfPathway:
    return OfPathway(
        **{name: row[name] for name in ("pathway", "version", "digest", "title", "status", "stamp")},
        **{name: row[name] for name in ("logs", "conforming", "damaged")},
        followed=row["fitness"]["followed"],
        events=row["fitness"]["events"],
        deviations={_at_of(one): _found_of(one) for one in row["deviations"]},
        deadlines={one["action"]: _kept_of(one) for one in row["deadlines"]},
        overdue=Counter({one["action"]: one["overdue"] for one in row["deadlines"] if one["overdue"]}),
        stays={(one["track"], one["state"]): _stayed_of(one) for one in row["stays"]},
    )


def _rows_of(row: Json | None) -> Notes | None:
    if row is None:
        return None
    names = ("rows", "entered", "moved", "ignored", "other_lifecycle")
    return Notes(*(row[name] for name in names), never_filled=tuple(row["never_filled"]))


def _at_of(row: Json) -> DeviationAt:
    return DeviationAt(
        Kind(row["kind"]), row["class"], row["track"], row["state"], row["action"], row["guard"]
    )


def _found_of(row: Json) -> Found:
    return Found(row["times"], row["cases"], Example(**row["example"]))


def _kept_of(row: Json) -> Kept:
    return Kept(row["action"], row["met"], row["late"], row["never"])


def _stayed(place: Place, stayed: Stayed) -> Json:
    ended = {str(length): stayed.ended[length] for length in sorted(stayed.ended)}
    return {"track": place[0], "state": place[1], "ended": ended, "still": stayed.still}


def _stayed_of(row: Json) -> Stayed:
    return Stayed(Counter({int(length): count for length, count in row["ended"].items()}), row["still"])


# --- as shown -------------------------------------------------------------------------------------
def summary_json(summary: Summary) -> Json:
    """The document: keys and meanings are those of the report of a single call, findings as examples."""
    return {
        **_counts(summary),
        "divergent": summary.divergent,
        "copies": summary.copies,
        "pathways": [
            {
                **_pathway(of),
                "divergent": of.logs - of.conforming,
                "stays": [_stay(*row) for row in sorted(of.stays.items(), key=_place)],
            }
            for of in _in_order(summary)
        ],
    }


def _counts(summary: Summary) -> Json:
    return {
        "logs": summary.logs,
        "events": summary.events,
        "conforming": summary.conforming,
        "unreadable": [{"class": name, **_found(one)} for name, one in sorted(summary.unreadable.items())],
        "rows": None if summary.rows is None else _rows(summary.rows),
    }


def _rows(notes: Notes) -> Json:
    return {
        "rows": notes.rows,
        "entered": notes.entered,
        "moved": notes.moved,
        "ignored": dict(sorted(notes.ignored.items())),
        "other_lifecycle": dict(sorted(notes.other_lifecycle.items())),
        "never_filled": sorted(notes.never_filled),
    }


def _in_order(summary: Summary) -> list[OfPathway]:
    return [of for _, of in sorted(summary.pathways.items())]


def _pathway(of: OfPathway) -> Json:
    fitness = of.fitness
    return {
        "pathway": of.pathway,
        "version": of.version,
        "digest": of.digest,
        "title": of.title,
        "status": of.status,
        "stamp": of.stamp,
        "logs": of.logs,
        "conforming": of.conforming,
        "damaged": of.damaged,
        "fitness": {"followed": fitness.followed, "events": fitness.events, "share": fitness.share},
        "deviations": [{**_at(at), **_found(found)} for at, found in deviations_of(of)],
        "deadlines": [_kept(kept, of.overdue[name]) for name, kept in sorted(of.deadlines.items())],
    }


def deviations_of(of: OfPathway) -> list[tuple[DeviationAt, Found]]:
    """What was found, the most frequent first."""
    return sorted(of.deviations.items(), key=lambda row: (-row[1].times, _rank(row[0])))


def _rank(at: DeviationAt) -> tuple[str, ...]:
    return at.kind.value, at.class_, *(one or "" for one in (at.track, at.state, at.action, at.guard))


def _at(at: DeviationAt) -> Json:
    return {
        "kind": at.kind.value,
        "class": at.class_,
        "track": at.track,
        "state": at.state,
        "action": at.action,
        "guard": at.guard,
    }


def _found(found: Found) -> Json:
    one = found.example
    example = {
        "case": one.case,
        "seq": one.seq,
        "expected": one.expected,
        "logged": one.logged,
        "why": one.why,
    }
    return {"times": found.times, "cases": found.cases, "example": example}


def _kept(kept: Kept, overdue: int) -> Json:
    counts = {"met": kept.met, "late": kept.late, "never": kept.never, "overdue": overdue}
    return {"action": kept.action, **counts}


def _stay(place: Place, stayed: Stayed) -> Json:
    return {
        "track": place[0],
        "state": place[1],
        "count": stayed.ended.total(),
        "min": stayed.at_share(0),
        "median": stayed.at_share(5),
        "p90": stayed.at_share(9),
        "max": stayed.at_share(10),
        "still": stayed.still,
    }


def _place(row: tuple[Place, Stayed]) -> Place:
    return row[0]
