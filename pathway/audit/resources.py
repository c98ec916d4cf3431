"""One AuditEvent for each line of a log, one Provenance for each recorded step."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.audit import codes
from pathway.audit.codes import Json
from pathway.audit.trail import Line, Setting
from pathway.audit.values import details, full_url, identified, instant, resource_id
from pathway.engine import events as ev
from pathway.engine.moving import SYSTEM
from pathway.logs.wire import event_object

_PROGRAM = identified(codes.PROGRAM, "clinical-pathway", "clinical-pathway")
_TOLD_ELSEWHERE = ("type", "by", "recorded_at")


def audit_event(line: Line, setting: Setting) -> Json:
    """The AuditEvent of a line: `recorded` is when it was written down, `period` when it was true."""
    event = line.event
    when = instant(_true_at(event), setting.zone)
    return {
        "resourceType": "AuditEvent",
        "id": resource_id("AuditEvent", line.hash),
        "type": codes.RECORD,
        "subtype": codes.subtypes(event),
        "action": codes.action_code(event),
        "period": {"start": when, "end": when},
        "recorded": instant(event.recorded_at, setting.zone),
        "outcome": codes.SUCCESS,
        "agent": [_agent(event.by)],
        "source": {"observer": _PROGRAM},
        "entity": [setting.case, _line(line), setting.pathway],
    }


def provenance(step: Sequence[Line], about: Sequence[Json], setting: Setting) -> Json:
    """The Provenance of a recorded step, whose AuditEvents are `about`.

    It holds no signature: the hash chain says whether a line was changed. Its entities are the version of the
    pathway that was followed, and the log up to the step by the hash of its last line.
    """
    last = step[-1]
    return {
        "resourceType": "Provenance",
        "id": resource_id("Provenance", last.hash),
        "target": [{"reference": full_url(one)} for one in about],
        "recorded": instant(last.event.recorded_at, setting.zone),
        "activity": {"coding": [codes.CREATE]},
        "agent": [_author(by) for by in dict.fromkeys(line.event.by for line in step)],
        "entity": [
            {"role": "source", "what": setting.pathway["what"]},
            {"role": "revision", "what": identified(codes.LINE, step[0].before)},
        ],
    }


def _true_at(event: ev.Event) -> int:
    match event:
        case ev.ActionDone():
            return event.done_at
        case ev.TimePassed():
            return event.to
        case _:
            return event.at


def _agent(by: str) -> Json:
    """Who did it. What the pathway does by itself nobody requested."""
    if by == SYSTEM:
        return {"type": {"coding": [codes.APPLICATION]}, "who": _PROGRAM, "requestor": False}
    return {"who": identified(codes.PERSON, by), "requestor": True}


def _author(by: str) -> Json:
    if by == SYSTEM:
        return {"type": {"coding": [codes.ASSEMBLER]}, "who": _PROGRAM}
    return {"type": {"coding": [codes.AUTHOR]}, "who": identified(codes.PERSON, by)}


def _line(line: Line) -> Json:
    """The line itself, all its fields by their names in the log, and its place in the chain."""
    written = event_object(line.event)
    told = {name: value for name, value in written.items() if name not in _TOLD_ELSEWHERE}
    return {
        "what": identified(codes.LINE, line.hash),
        "type": codes.SYSTEM_OBJECT,
        "detail": details({**told, "prev": line.before, "hash": line.hash}),
    }
