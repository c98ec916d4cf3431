"""The document as one JSON value: the whole definition as written, and each element as it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.document.reading import Reading
from pathway.document.sources import Citations
from pathway.language.definition import (
    Action,
    Claim,
    Definition,
    Do,
    Fact,
    Guard,
    Notice,
    Safeguard,
    State,
    Transition,
)
from pathway.language.gather import Gathered
from pathway.language.written import Do as WrittenDo

Json = dict[str, Any]


def json_of(definition: Definition, gathered: Gathered, set_aside: Mapping[str, str] | None = None) -> Json:
    """The document for programs. `written` is the merged definition, every scalar as its author put it."""
    reading = Reading(definition, gathered.pathway)
    tracks = definition.tracks.items()
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "stamp": definition.stamp,
        "title": definition.title,
        "review": definition.review,
        "disclaimer": definition.disclaimer,
        "layers": dict(definition.layers),
        "grades": {str(grade): meaning for grade, meaning in definition.grades.items()},
        "phases": dict(definition.phases),
        "tracks": {
            name: {
                "title": track.title,
                "start": track.start,
                "states": [_state(state, reading) for state in track.states.values()],
            }
            for name, track in tracks
        },
        "actions": {name: _action(one, reading) for name, one in definition.actions.items()},
        "safeguards": {name: _safeguard(one, reading) for name, one in definition.safeguards.items()},
        "notices": {name: _notice(one, reading) for name, one in definition.notices.items()},
        "facts": {name: _fact(one, reading) for name, one in definition.facts.items()},
        "claims": {name: _claim(one) for name, one in definition.claims.items()},
        "sources": _sources(reading),
        "set_aside": dict(set_aside or {}),
        "written": gathered.data,
    }


def _guard(guard: Guard | None) -> Json | None:
    return None if guard is None else {"when": guard.text, "english": guard.english}


def _state(state: State, reading: Reading) -> Json:
    said = reading.written.tracks[state.track].states[state.name]
    return {
        "state": state.name,
        "number": state.number,
        "title": state.title,
        "phase": state.phase,
        "kind": state.kind,
        "text": state.text,
        "choice": state.choice,
        "cites": state.cites,
        "asks": state.asks,
        "do": [do.action for do in state.do],
        "calls": [_call(do, spoken, reading) for do, spoken in zip(state.do, said.do, strict=True)],
        "next": [_way(way) for way in state.next],
    }


def _call(do: Do, said: WrittenDo, reading: Reading) -> Json:
    return {
        "action": do.action,
        "orderable": reading.definition.actions[do.action].orderable,
        "when": _guard(do.when),
        "until": _guard(do.until),
        "within": said.within,
        "of": do.of,
        "soon": said.soon,
        "again": do.again,
        "text": do.text,
        "cites": do.cites,
    }


def _way(way: Transition) -> Json:
    guard = {"when": way.when.text, "english": way.when.english}
    return {"to": way.to, **guard, "auto": way.auto, "text": way.text, "cites": way.cites}


def _action(action: Action, reading: Reading) -> Json:
    said = reading.written.actions[action.name]
    doses = zip(action.doses, said.dose, strict=True)
    return {
        "title": action.title,
        "type": action.type,
        "layer": action.layer,
        "cites": action.cites,
        "text": action.text,
        "course": action.course,
        "orderable": action.orderable,
        "doses": [
            {**written.model_dump(exclude_none=True), "when": _guard(dose.when)} for dose, written in doses
        ],
        "schedule": said.schedule.model_dump(by_alias=True) if said.schedule is not None else None,
        "records": [
            {"fact": deed.fact, "value": deed.value, "when": _guard(deed.when)} for deed in action.records
        ],
        "evidence": _guard(action.evidence),
        "takes": said.takes,
    }


def _safeguard(item: Safeguard, reading: Reading) -> Json:
    return {
        "number": reading.safeguard_numbers[item.name],
        "actions": item.actions,
        "effect": item.effect,
        "when": item.when.text,
        "english": item.when.english,
        "unknown": item.unknown,
        "override": item.override,
        "severity": item.severity,
        "text": item.text,
        "layer": item.layer,
        "safety": item.safety,
        "cites": item.cites,
    }


def _notice(notice: Notice, reading: Reading) -> Json:
    return {
        "number": reading.notice_numbers[notice.name],
        "severity": notice.severity,
        "text": notice.text,
        "when": _guard(notice.when),
        "about": notice.about,
        "states": [f"{track}.{state}" for track, state in notice.states],
        "layer": notice.layer,
        "safety": notice.safety,
        "cites": notice.cites,
    }


def _fact(fact: Fact, reading: Reading) -> Json:
    said = reading.written.facts[fact.name]
    return {
        "ask": fact.ask,
        "label": fact.label,
        "type": fact.written_type,
        "of": said.of,
        "unit": said.unit,
        "range": said.range,
        "step": said.step,
        "also": _also(fact, reading),
        "values": dict(fact.values),
        "open": said.open,
        "code": dict(fact.code),
        "valid_for": said.valid_for,
        "derived": fact.is_derived,
        "recordable": fact.recordable,
        "computed": _computed(fact, reading),
        "unknown": fact.unknown,
        "layer": fact.layer,
        "cites": fact.cites,
    }


def _also(fact: Fact, reading: Reading) -> Json:
    also = reading.written.facts[fact.name].also
    return {unit: None for unit in also} if isinstance(also, list) else _factors(also)


def _factors(also: Mapping[str, Any]) -> Json:
    return {unit: {"factor": one.factor, "cites": one.cites} for unit, one in also.items()}


def _computed(fact: Fact, reading: Reading) -> list[Json] | None:
    """The rows of a formula as they are tried; the last, without a guard, is what holds otherwise."""
    if fact.formula is None:
        return None
    said = reading.written.facts[fact.name]
    rows: list[Json] = [
        {
            **{"when": row.when.text, "english": row.when.english, "value": written.value},
            **{"not_applicable": row.reason, "cites": row.cites},
        }
        for row, written in zip(fact.formula.rows, said.cases or (), strict=True)
    ]
    last = said.formula if said.formula is not None else said.otherwise
    if fact.formula.otherwise is not None:
        rows.append({"when": None, "english": reading.value(fact.formula.otherwise), "value": last})
    return rows


def _claim(claim: Claim) -> Json:
    return {
        "form": claim.form,
        "actions": claim.actions,
        "guard": _guard(claim.guard),
        "unless_overridden": claim.unless_overridden,
        "layer": claim.layer,
        "cites": claim.cites,
    }


def _sources(reading: Reading) -> Json:
    citations = Citations(reading)
    return {
        name: {
            "text": one.text,
            "layer": one.layer,
            "grade": one.grade,
            "ref": one.ref,
            "problem": one.problem,
            "answered_by": citations.answers(one) if one.problem else (),
            "cited_by": [span.target for span in citations.of(name)],
        }
        for name, one in reading.definition.sources.items()
    }
