"""A comparison of versions as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathway.language.calendar import format_instant, parse_zone
from pathway.language.problems import visible
from pathway.replay.report.as_csv import use_words
from pathway.replay.report.as_json import guard_json
from pathway.replay.report.counting import counted
from pathway.replay.report.findings import GuardRead, Origin
from pathway.replay.versions.comparing import Comparison, Example, Fork, Group, NotTaken, Standing
from pathway.replay.versions.routes import Apart

LISTED = 20  # logs that could not be compared; --json names all


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison: the new version with its status, the groups with examples, what is not taken."""
    new = comparison.new
    stamp = f"  *** {new.stamp} ***" if new.stamp is not None else ""
    yield visible(f"against {new.id} {new.version}, digest {new.digest[:12]}{stamp}")
    for group in comparison.groups:
        yield ""
        yield from map(visible, _of_group(group))
    if comparison.standings:
        yield ""
        yield "actions that stand otherwise while the case goes the same way:"
        for one in comparison.standings:
            yield from (f"    {visible(line)}" for line in _of_standing(one))
    if comparison.refused:
        yield ""
        yield "entries that this version does not take:"
        yield from (f"    {visible(_not_taken(one))}" for one in comparison.refused)
    yield ""
    apart = comparison.cases - comparison.same
    yield f"{counted(comparison.cases, 'case')}: {comparison.same} go the same way, {apart} would not"
    yield from (f"    not compared: {visible(_left_out(*one))}" for one in comparison.left_out[:LISTED])
    if len(comparison.left_out) > LISTED:
        yield f"    not compared: {len(comparison.left_out) - LISTED} more, which --json names"


def _left_out(origin: Origin, why: str) -> str:
    return why if why.startswith(origin.log) else f"{origin.named}: {why}"


def _of_group(group: Group) -> Iterator[str]:
    fork = group.fork
    yield f"{counted(group.cases, 'case')} at {fork.track}.{fork.state}: {_fork_words(fork)}"
    yield f"    guard     to {fork.guard_to}: {_guard_words(fork)}"
    for example in group.examples:
        yield from _example(example)


def _fork_words(fork: Fork) -> str:
    if fork.was is not None and fork.was == fork.now:
        return f"to {fork.now}, at another time"
    was = "stayed" if fork.was is None else f"went to {fork.was}"
    now = "stays" if fork.now is None else f"goes to {fork.now}"
    later = " for a time" if fork.apart is Apart.ANOTHER_TIME else ""
    return f"{was}, now {now}{later}"


def _guard_words(fork: Fork) -> str:
    was, now = fork.guard_was, fork.guard_now
    if was == now:
        return f"`{now}` as before; what it reads differs" if now is not None else "in neither version"
    old = "no such way before" if was is None else f"was `{was}`"
    return f"{old}, {'there is none now' if now is None else f'now `{now}`'}"


def _example(one: Example) -> Iterator[str]:
    yield f"    such as   {_where(one.origin)}, event {one.seq}, {format_instant(one.at, parse_zone())}"
    was, now = _read(one.cause.was), _read(one.cause.now)
    yield f"              was {was}" + (", now the same" if was == now else f"; now {now}")


def _read(guard: GuardRead | None) -> str:
    """A verdict with the values it rests on."""
    if guard is None:
        return "no such way"
    values = f" ({', '.join(map(use_words, guard.uses))})" if guard.uses else ""
    return f"{guard.verdict}{values}"


def _of_standing(one: Standing) -> Iterator[str]:
    change, where = one.change, _where(one.origin)
    yield f"{counted(one.cases, 'case')}: {change.action} was {change.was}, now {change.now}"
    if one.example.guard is not None:
        yield f"    by        {change.safeguard}: `{change.guard}` is {_read(one.example.guard)}"
    yield f"    such as   {where}, event {one.example.seq}, {format_instant(one.example.at, parse_zone())}"


def _where(origin: Origin) -> str:
    return origin.named


def _not_taken(one: NotTaken) -> str:
    return f"{counted(one.cases, 'case')}: {one.what}: {one.why}; such as {one.example.words}"


# --- JSON -----------------------------------------------------------------------------------------
def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as one JSON document."""
    new = comparison.new
    return {
        "against": {
            "pathway": new.id, "version": new.version, "digest": new.digest, "status": new.status,
            "stamp": new.stamp,
        },
        "cases": comparison.cases,
        "same": comparison.same,
        "apart": comparison.cases - comparison.same,
        "groups": [_group_json(group) for group in comparison.groups],
        "standings": [_standing_json(one) for one in comparison.standings],
        "refused": [_refused_json(one) for one in comparison.refused],
        "not_compared": [
            {"log": origin.log, "line": origin.line, "case": origin.case, "why": why}
            for origin, why in comparison.left_out
        ],
    }  # fmt: skip


def _group_json(group: Group) -> dict[str, Any]:
    fork = group.fork
    return {
        "apart": fork.apart.value,
        "track": fork.track,
        "state": fork.state,
        "was": fork.was,
        "now": fork.now,
        "guard": {"to": fork.guard_to, "was": fork.guard_was, "now": fork.guard_now},
        "cases": group.cases,
        "examples": [_example_json(one) for one in group.examples],
    }


def _example_json(one: Example) -> dict[str, Any]:
    was, now = one.cause.was, one.cause.now
    return {
        "log": one.origin.log,
        "line": one.origin.line,
        "case": one.origin.case,
        "seq": one.seq,
        "at": format_instant(one.at, parse_zone()),
        "was": None if was is None else guard_json(was),
        "now": None if now is None else guard_json(now),
    }


def _standing_json(one: Standing) -> dict[str, Any]:
    guard = one.example.guard
    return {
        "action": one.change.action,
        "was": one.change.was,
        "now": one.change.now,
        "guard": None if guard is None else guard_json(guard),
        "cases": one.cases,
        "example": {
            "log": one.origin.log, "line": one.origin.line, "case": one.origin.case, "seq": one.example.seq,
        },
    }  # fmt: skip


def _refused_json(one: NotTaken) -> dict[str, Any]:
    return {
        "what": one.what, "why": one.why, "cases": one.cases,
        "example": {"log": one.example.log, "line": one.example.line, "case": one.example.case},
    }  # fmt: skip
