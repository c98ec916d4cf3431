"""What HL7 FHIR 4.0.1 asks of an audit trail beyond the shape of its elements, checked strictly.

The shape is left to a validator's own models. Codes are those of the value sets that the specification names
for AuditEvent, Provenance and Bundle, as far as an export uses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from fhir.resources.R4B.bundle import Bundle

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
OURS = "urn:pathway:event"
DISPLAYS = {
    (DICOM, "110110"): "Patient Record",
    (DICOM, "110150"): "Application",
    (f"{TERMINOLOGY}/audit-entity-type", "2"): "System Object",
    (f"{TERMINOLOGY}/object-role", "4"): "Domain Resource",
    (f"{TERMINOLOGY}/object-role", "5"): "Master file",
    (f"{TERMINOLOGY}/provenance-participant-type", "author"): "Author",
    (f"{TERMINOLOGY}/provenance-participant-type", "assembler"): "Assembler",
    (f"{TERMINOLOGY}/v3-DataOperation", "CREATE"): "create",
    (f"{TERMINOLOGY}/v3-ObservationValue", "PSEUDED"): "pseudonymized",
}
REQUIRED = {
    "AuditEvent": {"type", "recorded", "agent", "source"},
    "Provenance": {"target", "recorded", "agent"},
}
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
INSTANT = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
STRING = re.compile(r"[ \r\n\t\S\u00a0\u2003]+")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u202a-\u202e\u2028\u2029]")

Json = dict[str, Any]


def problems_of(bundle: Json) -> list[str]:
    """What in a bundle is not R4; raises where the validator's models refuse its shape."""
    Bundle.model_validate(bundle)
    found = list(_problems(bundle))
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    found += [f"fullUrl {url} stands twice" for url in set(urls) if urls.count(url) > 1]
    found += [
        f"{one['reference']} leads nowhere"
        for resource in resources(bundle, "Provenance")
        for one in resource["target"]
        if one["reference"] not in urls
    ]
    found += [
        f"{entry['fullUrl']} is not the urn of {entry['resource']['id']}"
        for entry in bundle["entry"]
        if entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}"
    ]
    return found


def resources(bundle: Json, kind: str) -> list[Json]:
    found = [entry["resource"] for entry in bundle.get("entry", ())]
    return [one for one in found if one["resourceType"] == kind]


def _problems(part: object, name: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        element = cast("Json", part)
        yield from _of_element(element, name)
        for key, value in element.items():
            yield from _problems(value, key)
        if not element:
            yield f"{name} is empty"
    elif isinstance(part, list):
        items = cast("list[object]", part)
        yield from (problem for item in items for problem in _problems(item, name))
        if not items:
            yield f"{name} is an empty list"
    elif isinstance(part, str):
        yield from _of_text(part, name)


def _of_element(element: Json, name: str) -> Iterator[str]:
    missing = REQUIRED.get(element.get("resourceType", ""), set()) - element.keys()
    yield from (f"{element['resourceType']} lacks {one}" for one in missing)
    if "code" in element and element["system"] != OURS:
        expected = DISPLAYS.get((element["system"], element["code"]))
        if element.get("display") != expected or expected is None:
            yield f"{name}: {element} is no code of its value set"
    if "detail" in element and any(("valueString" in one) is False for one in element["detail"]):
        yield f"{name}: a detail has no value"
    if name == "agent" and "requestor" not in element and "role" not in element and "type" not in element:
        yield "an agent neither says whether it asked nor what it did"


def _of_text(text: str, name: str) -> Iterator[str]:
    if name == "id" and not ID.fullmatch(text):
        yield f"{text!r} is no id"
    if name in ("recorded", "start", "end") and not INSTANT.fullmatch(text):
        yield f"{name}: {text!r} is no instant with its zone"
    if name == "outcome" and text not in ("0", "4", "8", "12"):
        yield f"{text!r} is no outcome"
    if name == "action" and text not in tuple("CRUDE"):
        yield f"{text!r} is no action"
    if CONTROL.search(text) or not STRING.fullmatch(text):
        yield f"{name}: {text!r} is no string of FHIR"
