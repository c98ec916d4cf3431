"""Where care departed from the pathway although the log follows: safeguards not kept, deadlines missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathway.engine import calls
from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.memory import Deed, FoldError, Memory, effective
from pathway.engine.readings import Readings
from pathway.language.calendar import format_duration, format_instant, parse_zone
from pathway.replay.divergence import DEADLINE_MISSED, SAFEGUARD_VIOLATED, event_words, reason_words
from pathway.replay.report.findings import Finding, Kind, Origin, Spot
from pathway.replay.report.placing import of_action

NOT_KEPT = ("blocked", "held")


@dataclass(frozen=True, slots=True)
class Told:
    """A case as its log tells it: the events that count, and what they amount to at its end."""

    origin: Origin
    events: Sequence[ev.Event]
    readings: Readings


def told(origin: Origin, compiled: CompiledPathway, events: Sequence[ev.Event]) -> Told:
    """Fold a log. Raises FoldError where its events amount to no case."""
    counting = effective(events)
    memory = Memory(compiled.definition)
    for event in counting:
        memory.apply(event)
    if memory.opened is None:
        raise FoldError(1, "a case begins with case_opened")
    try:
        zone = parse_zone(memory.opened.timezone)
    except ValueError as error:
        raise FoldError(memory.opened.seq, str(error)) from None
    return Told(origin, counting, Readings(compiled, memory, max(one.at for one in events), zone))


def departures(case: Told) -> Iterator[Finding]:
    """The departures of one case, deeds in the order of the log and then what was never done.

    A deed while the action was blocked or held, without an override, violates its safeguards. A deadline is
    missed by a deed after it, or by none where the log goes on beyond it.
    """
    for event in case.events:
        if isinstance(event, ev.ActionDone):
            if event.judged in NOT_KEPT:
                yield _violated(event, case)
            yield from _late(event, case)
    for action in case.readings.compiled.definition.actions:
        yield from _never(action, case)


# --- safeguards -----------------------------------------------------------------------------------
def _violated(deed: ev.ActionDone, case: Told) -> Finding:
    readings = _as_judged(deed, case)
    against = [
        (one.name, *calls.standing_of(one, deed.action, readings))
        for one in readings.compiled.safeguards[deed.action]
    ]
    words = [
        f"{name} {word}: {reason_words(reason)}"
        for name, word, reason in against
        if word in ("blocks", "holds")
    ]
    why = "; ".join(words) or "it was so when the deed was first recorded"
    expected = f"{deed.action} not done while {deed.judged}, or an override"
    spot = of_action(deed.action, readings)
    return Finding(
        Kind.DEPARTURE, case.origin, deed.seq, SAFEGUARD_VIOLATED, expected, event_words(deed), why, spot
    )


def _as_judged(deed: ev.ActionDone, case: Told) -> Readings:
    """The case as it stood when the deed was judged: its batch's facts are in, the deed itself is not."""
    at, compiled = deed.done_at, case.readings.compiled
    memory = Memory(compiled.definition)
    for event in case.events:
        if event.batch > deed.batch:
            break
        if event.batch < deed.batch or _counts_beside(event, deed):
            memory.apply(event)
    return Readings(compiled, memory.as_of(at), at, case.readings.zone)


def _counts_beside(event: ev.Event, deed: ev.ActionDone) -> bool:
    """Whether an event of the deed's batch was known when the deed was judged."""
    if isinstance(event, ev.ActionDone):
        return event.action != deed.action and event.done_at <= deed.done_at
    is_lifting = isinstance(event, ev.Overridden) and event.action is not None
    return is_lifting or isinstance(event, ev.FactRecorded | ev.FactRetracted)


# --- deadlines ------------------------------------------------------------------------------------
def _late(event: ev.ActionDone, case: Told) -> Iterator[Finding]:
    deed = _deed_of(event, case.readings.memory)
    due = None if deed is None else calls.deed_deadline(event.action, deed, case.readings)
    if due is None or event.done_at <= due:
        return
    yield _missed(event.action, event.seq, due, event.done_at, "done", case)


def _deed_of(event: ev.ActionDone, memory: Memory) -> Deed | None:
    """The deed of a line, unless a later line took it back."""
    return next((deed for deed in memory.deeds.get(event.action, ()) if deed.seq == event.seq), None)


def _never(action: str, case: Told) -> Iterator[Finding]:
    readings = case.readings
    if readings.memory.deeds.get(action):
        return
    due = calls.earliest(calls.called(action, readings).calls, readings).due
    if due is not None and due < readings.now:
        yield _missed(action, case.events[-1].seq, due, readings.now, "not done by the end of the log,", case)


def _missed(action: str, seq: int, due: int, at: int, what: str, case: Told) -> Finding:
    zone = case.readings.zone
    limit, moment = format_instant(due, zone), format_instant(at, zone)
    late = format_duration(at - due)
    rows = calls.calls_of(action, case.readings)
    call = next(
        (one for one in rows if calls.deadline(one, case.readings).due == due), rows[-1] if rows else None
    )
    spot = Spot(action=action) if call is None else Spot(call.track, call.state, action)
    within = None if call is None else call.do.within
    allowed = "" if within is None else f", within {format_duration(within)}"
    why = f"{action} was due at {limit}{allowed}; {what} {late} after that"
    return Finding(
        Kind.DEPARTURE, case.origin, seq, DEADLINE_MISSED, f"{action} by {limit}", f"{what} {moment}", why,
        spot, at - due,
    )  # fmt: skip
