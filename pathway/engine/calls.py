"""Which actions are called for, how they stand, by when they are due (rules 18, 20 to 23)."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.memory import Call, Deed
from pathway.engine.readings import Readings
from pathway.engine.view import SafeguardView
from pathway.language.definition import Safeguard
from pathway.language.verdict import Reason, Verdict

TRUE, UNKNOWN = Verdict.TRUE, Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something called for is due, from when it counts as soon, or which facts would say."""

    due: int | None
    soon: int | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """An action's live calls, and the needs of calls that cannot be judged yet."""

    calls: tuple[Call, ...]
    asked_by: tuple[Call, ...]
    needs: tuple[str, ...]


def called(action: str, readings: Readings) -> Called:
    """The calls for an action that are live now, those that wait for a fact, and what they need."""
    live: list[Call] = []
    waiting: list[Call] = []
    needs: dict[str, None] = {}
    for call in calls_of(action, readings):
        if satisfied(call, readings):
            continue
        verdict, missing = _wanted(call, readings)
        if verdict is TRUE:
            live.append(call)
        elif verdict is UNKNOWN:
            waiting.append(call)
            needs.update(dict.fromkeys(missing))
    return Called(tuple(live), tuple(waiting), tuple(needs))


def calls_of(action: str, readings: Readings) -> list[Call]:
    """Every call for an action so far, in the order in which its states were first entered."""
    return readings.memory.calls.get(action, [])


def satisfied(call: Call, readings: Readings) -> bool:
    """Whether a call was answered by a deed, or declined since it was made (rule 20)."""
    action = call.do.action
    if readings.memory.refused(call):
        return True
    if readings.compiled.definition.actions[action].course and not call.do.again:
        return False
    return readings.done(action, call.seq if call.do.again else 0)


def _wanted(call: Call, readings: Readings) -> tuple[Verdict, tuple[str, ...]]:
    if call.do.until is not None and readings.reason(call.do.until, call.seq).verdict is TRUE:
        return Verdict.FALSE, ()
    if call.do.when is None:
        return TRUE, ()
    reason = readings.reason(call.do.when, call.seq)
    return reason.verdict, reason.needs


def deadline(call: Call, readings: Readings) -> Deadline:
    """When a call is due: from entering its state, or from a fact; UNKNOWN facts give no due time."""
    within = call.do.within
    if within is None:
        return Deadline(None, None)
    start: int = call.at
    if call.do.of is not None:
        reading = readings.fact(call.do.of)
        if not isinstance(reading.value, int):
            return Deadline(None, None, reading.needs)
        start = reading.value
    soon = call.do.soon if call.do.soon is not None else within // 4
    return Deadline(start + within, start + within - soon)


def pending(calls: tuple[Call, ...], readings: Readings) -> tuple[Call, ...]:
    """The calls still to be answered: all that are live, but for courses that have been started."""
    return tuple(call for call in calls if call.do.again or not readings.done(call.do.action, 0))


def earliest(calls: tuple[Call, ...], readings: Readings) -> Deadline:
    """The deadline that comes first; without any due time, what would give one."""
    found = [deadline(call, readings) for call in calls]
    needs = tuple(dict.fromkeys(need for one in found for need in one.needs))
    due = [one for one in found if one.due is not None]
    first = min(due, key=lambda one: (one.due or 0, one.soon or 0)) if due else Deadline(None, None)
    return Deadline(first.due, first.soon, needs)


def urgency(limit: Deadline, now: int) -> str | None:
    """`ok`, `soon` (the last quarter unless declared) or `late` (after due); None without a due time."""
    if limit.due is None or limit.soon is None:
        return None
    if now > limit.due:
        return "late"
    return "soon" if now >= limit.soon else "ok"


def deed_deadline(action: str, deed: Deed, readings: Readings) -> int | None:
    """The due time that a deed answered: of calls open then, or counted from a fact."""
    earlier = [other for other in readings.memory.deeds.get(action, ()) if other.seq < deed.seq]
    due: list[int] = []
    for call in calls_of(action, readings):
        answered = any(other.seq > call.seq or not call.do.again for other in earlier)
        counts = call.seq < deed.seq or call.do.of is not None
        limit = _due_for(call, deed, readings)
        if counts and not answered and limit is not None and _applies(call, readings):
            due.append(limit)
    return min(due, default=None)


def _due_for(call: Call, deed: Deed, readings: Readings) -> int | None:
    """The due time as it stood when the deed was recorded: what is recorded later does not make it met."""
    if call.do.of is None or call.do.within is None:
        return deadline(call, readings).due
    rows = [row for row in readings.memory.records.get(call.do.of, ()) if row.replaced_by is None]
    by_then = [row for row in rows if row.seq < deed.seq]
    start = max(by_then, key=lambda row: (row.at, row.seq)).value if by_then else None
    if not isinstance(start, int):
        return deadline(call, readings).due
    return start + call.do.within


def _applies(call: Call, readings: Readings) -> bool:
    return call.do.when is None or readings.reason(call.do.when, call.seq).verdict is TRUE


# --- safeguards ---------------------------------------------------------------------------------
def standing_of(safeguard: Safeguard, action: str, readings: Readings) -> tuple[str, Reason]:
    """How a safeguard stands to an action: blocks, holds, warns, asks, clear or lifted."""
    reason = readings.reason(safeguard.when)
    if reason.verdict is TRUE:
        word = "blocks" if safeguard.effect == "block" else "warns"
    elif reason.verdict is UNKNOWN:
        word = {"hold": "holds", "warn": "warns", "ask": "asks"}[safeguard.unknown]
    else:
        word = "clear"
    if word in ("blocks", "holds") and readings.lifted(safeguard, action):
        word = "lifted"
    return word, reason


def safeguard_views(action: str, readings: Readings) -> tuple[SafeguardView, ...]:
    """Every safeguard of an action with its standing and reason."""
    views: list[SafeguardView] = []
    for safeguard in readings.compiled.safeguards[action]:
        word, reason = standing_of(safeguard, action, readings)
        views.append(
            SafeguardView(
                safeguard=safeguard.name,
                effect=safeguard.effect,
                standing=word,
                reason=reason,
                override=safeguard.override,
                text=safeguard.text,
                cites=safeguard.cites,
                layer=safeguard.layer,
                severity=safeguard.severity,
            )
        )
    return tuple(views)


def cleared(action: str, readings: Readings) -> str:
    """`recommended` where no safeguard stands, else `held` or `blocked`; block beats hold (rule 21)."""
    words = {
        standing_of(safeguard, action, readings)[0] for safeguard in readings.compiled.safeguards[action]
    }
    if "blocks" in words:
        return "blocked"
    return "held" if "holds" in words else "recommended"
