"""A step as JSON: the shape that scripts and tests rely on. Numbers of clinical meaning are decimal text."""

from __future__ import annotations

from typing import Any

from pathway.document.citing import is_added, weakest_grade
from pathway.engine.case import Step
from pathway.engine.view import ActionView, DeedView, DoseView, FactView, View
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.definition import Definition

Json = dict[str, Any]


def pathway_json(definition: Definition) -> Json:
    """The head of every JSON document about a pathway."""
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
    }


def step_json(step: Step, definition: Definition) -> Json:
    """One step of a run."""
    view = step.view
    called = [action for action in view.actions if action.called]
    return {
        "at": _time(view, step.at),
        "states": {track.track: track.state for track in view.tracks},
        "phases": {track.track: track.phase for track in view.tracks if track.phase is not None},
        "taken": [
            {
                "track": move.track,
                "from": move.source,
                "to": move.to,
                "cites": list(move.cites),
                "cause": move.cause,
            }
            for move in step.taken
        ],
        "open": _ways(view, "open"),
        "waiting": _ways(view, "waiting"),
        "conflicts": _conflicts(view),
        "refused": [{"what": refusal.what, "why": refusal.why} for refusal in step.refused],
        "recommended": [_recommended(action, view) for action in called if action.standing == "recommended"],
        "held": [_held(action) for action in called if action.standing == "held"],
        "blocked": [_blocked(action, definition) for action in view.actions if action.standing == "blocked"],
        "done": [_done(deed, view) for deed in view.done],
        "declined": [
            {"action": entry.action, "at": _time(view, entry.at), "reason": entry.reason}
            for entry in view.declined
        ],
        "warnings": [
            {
                "id": warning.id,
                "severity": warning.severity,
                "layer": warning.layer,
                "grade": weakest_grade(warning.cites, warning.layer, definition),
                "cites": list(warning.cites),
                "text": warning.text,
                **({"action": warning.action} if warning.action else {}),
            }
            for warning in view.warnings
        ],
        "doses": _doses(called, definition, encoded=True),
        "other_doses": _doses(called, definition, encoded=False),
        "schedules": {
            action.action: _schedule(action, view) for action in called if action.schedule is not None
        },
        "facts": {fact.fact: _fact(fact, definition) for fact in view.facts},
        "needs": [{"fact": need.fact, "for": list(need.needed_for)} for need in view.needs],
        "next_change_at": _time(view, view.next_change_at),
    }


def _time(view: View, instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant, parse_zone(view.timezone))


def _ways(view: View, standing: str) -> list[Json]:
    return [
        {"track": way.track, "to": way.to, "needs": list(way.needs), "cites": list(way.cites)}
        for track in view.tracks
        for way in track.transitions
        if way.standing == standing
    ]


def _conflicts(view: View) -> list[Json]:
    found = (
        (track, [way.to for way in track.transitions if way.standing == "conflict"]) for track in view.tracks
    )
    return [{"track": track.track, "state": track.state, "to": rivals} for track, rivals in found if rivals]


def _recommended(action: ActionView, view: View) -> Json:
    return {
        "action": action.action,
        "due": _time(view, action.due),
        "urgency": action.urgency or "ok",
        "outstanding": action.outstanding,
        "overridden": action.overridden,
        "text": action.text,
        "cites": list(action.cites),
    }


def _held(action: ActionView) -> Json:
    holding = [guard for guard in action.safeguards if guard.standing == "holds"]
    names = [guard.safeguard for guard in holding]
    needs = list(dict.fromkeys(need for guard in holding for need in guard.reason.needs))
    return {
        "action": action.action,
        "safeguards": names,
        "needs": needs,
        "outstanding": action.outstanding,
    }


def _blocked(action: ActionView, definition: Definition) -> Json:
    """A blocked action with the layer of the first safeguard that blocks it, and the weakest grade there."""
    against = [guard for guard in action.safeguards if guard.standing == "blocks"]
    layer, cites = against[0].layer, tuple(dict.fromkeys(cite for one in against for cite in one.cites))
    return {
        "action": action.action,
        "safeguards": [guard.safeguard for guard in against],
        "cites": list(cites),
        "layer": layer,
        "grade": weakest_grade(cites, layer, definition),
        "called": action.called,
    }


def _done(deed: DeedView, view: View) -> Json:
    return {
        "action": deed.action,
        "at": _time(view, deed.at),
        "due": _time(view, deed.due),
        "urgency": deed.urgency,
        "while": deed.judged,
    }


def _doses(called: list[ActionView], definition: Definition, encoded: bool) -> Json:
    """The doses of the encoded source, the first layer; or those of others, with layer and grade."""
    found: Json = {}
    for action in called:
        layer = definition.actions[action.action].layer
        if action.dose is None or is_added(layer, definition) is encoded:
            continue
        grade = weakest_grade(action.dose.cites, layer, definition)
        mark = {} if encoded else {"layer": layer, "grade": grade}
        found[action.action] = {**dose_json(action.dose), **mark}
    return found


def dose_json(dose: DoseView) -> Json:
    """A dose, or what it needs to be computed."""
    if dose.amount is None:
        return {"needs": list(dose.needs)}
    found: Json = {"amount": dose.amount, "unit": dose.unit}
    if dose.route is not None:
        found["route"] = dose.route
    found |= {
        "capped": dose.capped,
        "basis": dose.basis,
        "standing": dose.standing,
        "cites": list(dose.cites),
    }
    if dose.divided:
        found["divided"] = [
            {"amount": part.amount, "unit": part.unit, "every": part.every} for part in dose.divided
        ]
    if dose.note is not None:
        found["note"] = dose.note
    return found


def _schedule(action: ActionView, view: View) -> Json:
    schedule = action.schedule
    assert schedule is not None
    return {
        "period": schedule.period,
        "from": _time(view, schedule.window_from),
        "to": _time(view, schedule.window_to),
        "given": schedule.given,
        "planned": schedule.planned,
        "given_in_all": schedule.given_in_all,
        "planned_in_fixed_periods": schedule.planned_in_fixed_periods,
        "amount_in_fixed_periods": schedule.amount_in_fixed_periods,
        "open_ended": schedule.open_ended,
    }


def _fact(fact: FactView, definition: Definition) -> Json:
    value: Any = list(fact.value) if isinstance(fact.value, tuple) else fact.value
    if definition.facts[fact.fact].written_type == "boolean":
        value = fact.value == "true"
    return {"value": value, **({"unit": fact.unit} if fact.unit is not None else {})}
