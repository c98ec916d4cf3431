"""Coverage told as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor
from typing import Any

from pathway.language.numbers import exact_text
from pathway.language.problems import visible
from pathway.language.verdict import Verdict
from pathway.replay.coverage.report import (
    ConditionTried,
    Coverage,
    GuardTried,
    Measure,
    way_titles,
)

LISTED = 20  # of each kind, in the text; the JSON names all
WHAT = {
    "states": "states reached",
    "transitions": "transitions taken",
    "guards": "verdicts of guards (TRUE, FALSE, UNKNOWN)",
    "conditions": "verdicts of conditions",
    "mcdc": "conditions that alone changed the outcome (MC/DC)",
    "unknown": "conditions that alone kept a guard UNKNOWN",
    "safeguards": "safeguards triggered",
    "boundaries": "values one step below, at and above thresholds",
}


def percent_text(measure: Measure) -> str:
    """With one decimal, rounded down: 100 only where everything is covered.

    >>> percent_text(Measure("states", 1999, 2000))
    '99.9'
    """
    return exact_text(Fraction(floor(measure.percent * 10), 10))


def coverage_lines(coverage: Coverage, listed: int = LISTED) -> list[str]:
    """The report as text; of each kind of gap at most `listed` are named."""
    count = "1 case" if coverage.cases == 1 else f"{coverage.cases} cases"
    definition = coverage.definition
    stamp = f" *** {definition.stamp} ***" if definition.stamp is not None else ""
    lines = [f"coverage of {definition.id} {definition.version}{stamp} by {count}: {visible(coverage.what)}"]
    for measure in coverage.measures:
        share = f"{measure.covered} of {measure.of}"
        lines.append(f"    {measure.name:<12}{share:>16}{percent_text(measure):>7} %  {WHAT[measure.name]}")
    if coverage.reached.strange:
        lines.append(f"    {coverage.reached.strange} moves go along no transition of this version")
    for title, gaps in _gaps(coverage):
        lines += _section(title, list(gaps), listed)
    return lines


def _section(title: str, gaps: list[str], listed: int) -> Iterator[str]:
    if gaps:
        yield f"{title}:"
        yield from (f"    {visible(gap)}" for gap in gaps[:listed])
    if len(gaps) > listed:
        yield f"    and {len(gaps) - listed} more (--json names all)"


def _gaps(coverage: Coverage) -> Iterator[tuple[str, Iterable[str]]]:
    titles = way_titles(coverage.definition)
    states, ways = coverage.reached.states.items(), coverage.reached.ways.items()
    yield "never reached", (".".join(state) for state, count in states if not count)
    yield "never taken", (titles[way] for way, count in ways if not count)
    yield "never triggered", (one.name for one in coverage.safeguards if not one.triggered)
    yield "guards without a verdict", (_guard_gap(one) for one in coverage.guards if one.never)
    yield (
        "conditions that never alone changed the outcome",
        (
            f"{_where(guard)}: `{one.text}`{_condition_gap(one)}"
            for guard in coverage.guards
            for one in guard.conditions
            if not one.is_shown
        ),
    )
    yield "thresholds not touched", _threshold_gaps(coverage)


def _where(guard: GuardTried) -> str:
    return f"{guard.kind} {guard.name}" + (f" ({guard.place})" if guard.place else "")


def _guard_gap(guard: GuardTried) -> str:
    never = ", ".join(verdict.value for verdict in guard.never)
    return f"{_where(guard)}: `{guard.text}` never {never}"


def _condition_gap(condition: ConditionTried) -> str:
    lacking = [one.value for one in (Verdict.TRUE, Verdict.FALSE) if one not in condition.decided]
    return f" never decided as {' or '.join(lacking)}" if lacking else " always with the same outcome"


def _threshold_gaps(coverage: Coverage) -> Iterator[str]:
    for guard in coverage.guards:
        for one in guard.thresholds:
            missing = [side for side, touched in one.sides.items() if not touched]
            if missing:
                yield f"{_where(guard)}: {one.amount} never {', '.join(missing)} {one.limit}"


# --- JSON ---------------------------------------------------------------------------------------
def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """The report as a document: every element, in the written order of the definition."""
    definition = coverage.definition
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "what": coverage.what,
        "cases": coverage.cases,
        "strange_moves": coverage.reached.strange,
        "measures": {one.name: _measure_json(one) for one in coverage.measures},
        "states": [
            {"track": track, "state": state, "cases": count}
            for (track, state), count in coverage.reached.states.items()
        ],
        "transitions": _transitions_json(coverage),
        "guards": [_guard_json(guard) for guard in coverage.guards],
        "safeguards": [
            {"safeguard": one.name, "triggered": one.triggered, "called_for": one.called_for}
            for one in coverage.safeguards
        ],
    }


def _measure_json(measure: Measure) -> dict[str, Any]:
    return {"covered": measure.covered, "of": measure.of, "percent": percent_text(measure)}


def _transitions_json(coverage: Coverage) -> list[dict[str, Any]]:
    tracks, ways = coverage.definition.tracks, coverage.reached.ways.items()
    return [
        {"track": way.track, "from": way.source, "to": way.to, "guard": way.when.text, "cases": count}
        for (track, state, index), count in ways
        for way in (tracks[track].states[state].next[index],)
    ]


def _guard_json(guard: GuardTried) -> dict[str, Any]:
    return {
        "kind": guard.kind,
        "name": guard.name,
        "guard": guard.text,
        "where": guard.place,
        "cases": {verdict.value: count for verdict, count in guard.cases.items()},
        "conditions": [_condition_json(one) for one in guard.conditions],
        "thresholds": [
            {"amount": one.amount, "limit": one.limit, "touched": dict(one.sides)} for one in guard.thresholds
        ],
    }


def _condition_json(condition: ConditionTried) -> dict[str, Any]:
    return {
        "condition": condition.text,
        "seen": [verdict.value for verdict in condition.wanted if verdict in condition.verdicts],
        "decided": [verdict.value for verdict in condition.wanted if verdict in condition.decided],
        "mcdc": condition.is_shown,
        "holds_up": condition.holds_up,
    }
