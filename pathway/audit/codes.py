"""The codes of an audit trail: those of FHIR R4 and DICOM with their systems, and the project's own.

Sources: HL7 FHIR 4.0.1, AuditEvent and Provenance with their value sets; DICOM PS3.16, CID 400 and 402.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pathway.engine import events as ev

Json: TypeAlias = dict[str, Any]  # an element of FHIR as JSON

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

# The project's own systems: what an identifier or a code of an export names.
EVENT = "urn:pathway:event"  # what happened: the type of a log line, and its kind
CASE = "urn:pathway:case"  # a case by its id, or by its pseudonym
PERSON = "urn:pathway:person"  # who recorded, as the log names them
PROGRAM = "urn:pathway:program"
DIGEST = "urn:pathway:digest"  # one version of a pathway by the SHA-256 of its content
LINE = "urn:pathway:line-hash"  # a line of a log by the hash that seals it and all before it
HEAD = "urn:pathway:chain-head"  # the hash of the last line

SUCCESS = "0"  # http://hl7.org/fhir/audit-event-outcome: what a log holds was done

# http://hl7.org/fhir/audit-event-action: Create, Update what stands, Execute. Nothing is ever deleted.
_ACTIONS: dict[type[ev.Event], str] = {
    ev.TransitionTaken: "E",
    ev.TimePassed: "E",
    ev.FactRetracted: "U",
    ev.Undone: "U",
    ev.CaseClosed: "U",
}


def coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display}


RECORD = coding(_DICOM, "110110", "Patient Record")
APPLICATION = coding(_DICOM, "110150", "Application")
SYSTEM_OBJECT = coding(f"{_TERMINOLOGY}/audit-entity-type", "2", "System Object")
DOMAIN_RESOURCE = coding(f"{_TERMINOLOGY}/object-role", "4", "Domain Resource")
MASTER_FILE = coding(f"{_TERMINOLOGY}/object-role", "5", "Master file")
AUTHOR = coding(f"{_TERMINOLOGY}/provenance-participant-type", "author", "Author")
ASSEMBLER = coding(f"{_TERMINOLOGY}/provenance-participant-type", "assembler", "Assembler")
CREATE = coding(f"{_TERMINOLOGY}/v3-DataOperation", "CREATE", "create")
PSEUDONYMISED = coding(f"{_TERMINOLOGY}/v3-ObservationValue", "PSEUDED", "pseudonymized")


def action_code(event: ev.Event) -> str:
    """C, U or E of the FHIR code system audit-event-action."""
    if isinstance(event, ev.FactRecorded) and event.corrects is not None:
        return "U"
    return _ACTIONS.get(type(event), "C")


def subtypes(event: ev.Event) -> list[Json]:
    """What happened, in the project's own code system: the type of the line, then its kind if it has one."""
    kind = _kind(event)
    codes = [event.type] if kind is None else [event.type, f"{event.type}.{kind}"]
    return [coding(EVENT, code, code.replace("_", " ").replace(".", ": ")) for code in codes]


def _kind(event: ev.Event) -> str | None:
    match event:
        case ev.FactRecorded():
            return None if event.corrects is None else "correction"
        case ev.FactRetracted():
            return event.reason
        case ev.TransitionTaken():
            return event.cause
        case ev.ActionDone() | ev.ActionDeclined():
            return event.judged
        case ev.Overridden():
            return "safeguard" if event.action is not None else "return"
        case _:
            return None
