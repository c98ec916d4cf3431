"""Events as rows of whole numbers and back: what the columns cannot say stands beside them as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date
from fractions import Fraction
from typing import Any

from pathway.engine import events as ev
from pathway.language.calendar import format_instant, parse_date, parse_instant
from pathway.language.numbers import exact_text, parse_exact
from pathway.language.problems import visible
from pathway.logs.problems import RESTORE, LogError
from pathway.logs.wire import CAUSES, STANDINGS, canonical, event_from_object, event_object, parsed
from pathway.replay.bulk import codes
from pathway.replay.bulk.scales import EPOCH_DAY
from pathway.replay.bulk.vocabulary import FactName, Vocabulary

TRUTH, NUMBER, CODE, LIST, DATE, INSTANT, TEXT = range(7)
MASK = 0xFFFF
HALF = 1 << 31


@dataclass(frozen=True, slots=True)
class Row:
    """One event. `rest` is the whole event as JSON, where the other columns do not say all of it."""

    seq: int
    batch: int
    kind: int
    what: int
    how: int
    at: int
    written: int
    value: int
    link: int
    basis: tuple[int, ...]
    by: str
    entered: str | None
    rest: str | None


@dataclass(frozen=True, slots=True)
class _Said:
    """The part of a row that depends on the kind of event."""

    what: int = 0
    value: int = 0
    link: int = 0
    how: int = 0
    basis: tuple[int, ...] = ()
    entered: str | None = None


class _NotSayableError(Exception):
    """The columns have no place for this."""


def row_of(event: ev.Event, vocabulary: Vocabulary, header: int) -> Row:
    """The row of an event of a case with this header."""
    try:
        said, kind = _said(event, vocabulary, header), codes.KIND_NAMES.index(event.type)
    except (_NotSayableError, ValueError, KeyError):
        said, kind = _Said(), codes.OTHER
    row = _row(event, kind, said, None)
    if not _fits(row) or abs(event.recorded_at - event.at) >= HALF:
        row = _row(event, codes.OTHER, _Said(), None)
    if _told(row, vocabulary) == event:
        return row
    if row.kind == codes.RECORDED and _differs(event, row, vocabulary):
        row = _row(event, codes.OTHER, _Said(), None)
    return replace(row, rest=canonical(event_object(event)).decode())


def _told(row: Row, vocabulary: Vocabulary) -> ev.Event | None:
    """What a row says without its text."""
    try:
        return event_of(row, vocabulary)
    except (LogError, LookupError, ValueError):
        return None


def _differs(event: ev.Event, row: Row, vocabulary: Vocabulary) -> bool:
    """Whether the value of a recorded fact, as the columns have it, is another than the logged one."""
    told = _told(row, vocabulary)
    if not isinstance(told, ev.FactRecorded) or not isinstance(event, ev.FactRecorded):
        return True
    return (told.value, told.unit, told.corrects) != (event.value, event.unit, event.corrects)


def _row(event: ev.Event, kind: int, said: _Said, rest: str | None) -> Row:
    late = event.recorded_at - event.at
    return Row(
        event.seq, event.batch, kind, said.what, said.how, event.at, late if abs(late) < HALF else 0,
        said.value, said.link, said.basis, event.by, said.entered, rest,
    )  # fmt: skip


def _fits(row: Row) -> bool:
    small = (row.seq, row.batch, row.link, *row.basis)
    return all(0 <= number < HALF for number in small) and all(
        abs(one) < codes.MOST for one in (row.at, row.value)
    )


def event_of(row: Row, vocabulary: Vocabulary) -> ev.Event:
    """The event of a row. Raises LogError, LookupError or ValueError on a row that says none."""
    if row.rest is not None:
        return event_from_object(parsed(row.rest.encode()))
    reader = _READERS.get(row.kind)
    if reader is None or min(row.what, row.how) < 0 or (row.kind != codes.RECORDED and row.value < 0):
        raise LogError(
            f"A row of kind {row.kind} says no event", "It has no text beside its numbers", RESTORE
        )
    return reader(row, vocabulary)


# --- from events ----------------------------------------------------------------------------------
def _said(event: ev.Event, names: Vocabulary, header: int) -> _Said:
    match event:
        case ev.FactRecorded():
            return _said_fact(event, names)
        case ev.FactRetracted(fact=fact, reason=reason):
            return _Said(_fact_number(names, fact), ev.RETRACTION_REASONS.index(reason))
        case ev.TransitionTaken():
            return _said_move(event, names)
        case ev.ActionDone(action=action, done_at=done_at, via=via, judged=judged):
            return _Said(names.actions.index(action), done_at, via or 0, STANDINGS.index(judged))
        case ev.ActionDeclined(action=action, judged=judged):
            return _Said(names.actions.index(action), 0, 0, STANDINGS.index(judged))
        case ev.CaseOpened(timezone=zone):
            if zone not in names.zones:
                names.zones.append(zone)
            return _Said(header, names.zones.index(zone))
        case ev.TimePassed(to=to):
            return _Said(0, to)
        case ev.Undone(undone=undone):
            return _Said(0, undone)
        case _:
            return _Said()


def _fact_number(names: Vocabulary, fact: str) -> int:
    for number, known in enumerate(names.facts):
        if known.name == fact:
            return number
    raise _NotSayableError


def _said_fact(event: ev.FactRecorded, names: Vocabulary) -> _Said:
    number = _fact_number(names, event.fact)
    fact = names.facts[number]
    if event.unit != (fact.unit if fact.kind == NUMBER else None):
        raise _NotSayableError
    value = _value_number(fact, event.value, names)
    entered = None if event.entered == _plain(event.value) else event.entered
    return _Said(number, value, event.corrects or 0, entered=entered)


def _plain(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "|".join(value) or "[]"


def _value_number(fact: FactName, value: str | tuple[str, ...], names: Vocabulary) -> int:
    """The number that a logged value is kept as."""
    if isinstance(value, tuple) or fact.kind in (CODE, LIST, TEXT):
        if isinstance(value, tuple) is not (fact.kind == LIST):
            raise _NotSayableError
        number = names.words.known(value)
        if number is None:
            raise _NotSayableError
        return number
    if fact.kind == NUMBER:
        steps = parse_exact(value) * fact.scale
        if steps.denominator != 1:
            raise _NotSayableError
        return int(steps)
    if fact.kind == DATE:
        return parse_date(value).toordinal() - EPOCH_DAY
    return parse_instant(value, UTC) if fact.kind == INSTANT else ("false", "true").index(value)


def _said_move(event: ev.TransitionTaken, names: Vocabulary) -> _Said:
    for number, (track, states) in enumerate(names.tracks):
        if track == event.track:
            source, to = states.index(event.source), states.index(event.to)
            guard = len(names.guards) if event.guard == "override" else names.guards.index(event.guard)
            value = guard << 32 | source << 16 | to
            return _Said(number, value, event.round, CAUSES.index(event.cause), event.basis)
    raise _NotSayableError


# --- to events ------------------------------------------------------------------------------------
def _line(row: Row) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "recorded_at": row.at + row.written,
        "by": row.by,
        "batch": row.batch,
    }


def _recorded(row: Row, names: Vocabulary) -> ev.Event:
    fact = names.facts[row.what]
    value = _value_text(fact, row.value, names)
    entered = _plain(value) if row.entered is None else row.entered
    unit = fact.unit if fact.kind == NUMBER else None
    return ev.FactRecorded(
        **_line(row), fact=fact.name, value=value, unit=unit, entered=entered, corrects=row.link or None
    )


def _value_text(fact: FactName, number: int, names: Vocabulary) -> str | tuple[str, ...]:
    if fact.kind in (CODE, LIST, TEXT):
        return _word(names, number)
    if fact.kind == NUMBER:
        return exact_text(Fraction(number, fact.scale))
    if fact.kind == DATE:
        return date.fromordinal(number + EPOCH_DAY).isoformat()
    if fact.kind == INSTANT:
        return format_instant(number, UTC)
    if number not in (0, 1):
        raise LogError(f"{visible(fact.name)} is kept as {number}", "Yes is 1 and no is 0", RESTORE)
    return "true" if number else "false"


def _word(names: Vocabulary, number: int) -> str | tuple[str, ...]:
    if number < 0:
        raise LookupError(number)
    return names.words.word(number)


def _retracted(row: Row, names: Vocabulary) -> ev.Event:
    reason = ev.RETRACTION_REASONS[row.value]
    return ev.FactRetracted(**_line(row), fact=names.facts[row.what].name, reason=reason)


def _moved(row: Row, names: Vocabulary) -> ev.Event:
    track, states = names.tracks[row.what]
    return ev.TransitionTaken(
        **_line(row),
        track=track,
        source=states[row.value >> 16 & MASK],
        to=states[row.value & MASK],
        cause=CAUSES[row.how],
        guard=(*names.guards, "override")[row.value >> 32],
        basis=row.basis,
        round=row.link,
    )


def _done(row: Row, names: Vocabulary) -> ev.Event:
    action, judged = names.actions[row.what], STANDINGS[row.how]
    return ev.ActionDone(**_line(row), action=action, judged=judged, done_at=row.value, via=row.link or None)


def _opened(row: Row, names: Vocabulary) -> ev.Event:
    return ev.CaseOpened(**_line(row), timezone=names.zones[row.value])


def _passed(row: Row, names: Vocabulary) -> ev.Event:
    return ev.TimePassed(**_line(row), to=row.value)


def _undone(row: Row, names: Vocabulary) -> ev.Event:
    return ev.Undone(**_line(row), undone=row.value)


_READERS: dict[int, Callable[[Row, Vocabulary], ev.Event]] = {
    codes.RECORDED: _recorded,
    codes.RETRACTED: _retracted,
    codes.TAKEN: _moved,
    codes.DONE: _done,
    codes.OPENED: _opened,
    codes.PASSED: _passed,
    codes.UNDONE: _undone,
}
