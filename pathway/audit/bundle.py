"""The audit trail of a case as a FHIR R4 Bundle: who did what, when, on which version of the pathway."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from pathway.audit.codes import HEAD, PSEUDONYMISED, Json
from pathway.audit.resources import audit_event, provenance
from pathway.audit.trail import setting_of, steps
from pathway.audit.values import full_url, resource_id
from pathway.language.definition import Definition
from pathway.logs.chain import Log


def fhir_json(
    logs: Sequence[Log], definitions: Iterable[Definition] = (), *, pseudonymised: bool = False
) -> str:
    """`fhir_bundle` as JSON text, ended by a line feed. The same logs always give the same text."""
    bundle = fhir_bundle(logs, definitions, pseudonymised=pseudonymised)
    return json.dumps(bundle, indent=1, ensure_ascii=False) + "\n"


def fhir_bundle(
    logs: Sequence[Log], definitions: Iterable[Definition] = (), *, pseudonymised: bool = False
) -> Json:
    """A collection of one AuditEvent for each line of a case and one Provenance for each recorded step.

    `logs` are those of one case in order: one, or several where the case was moved to another version. The
    bundle's identifier is the head of the last, which the chain is checked against. With the definition of a
    log among `definitions` its title and status are told. A log told under pseudonyms is labelled so.
    Raises LogError for a damaged log: a trail that ends early would not show it.
    """
    damaged = next((log.problem for log in logs if log.problem is not None), None)
    if damaged is not None:
        raise damaged
    by_digest = {definition.digest: definition for definition in definitions}
    head = logs[-1].head
    entries = [entry for log in logs for entry in _entries(log, by_digest)]
    return {
        "resourceType": "Bundle",
        "id": resource_id("Bundle", head),
        **({"meta": {"security": [PSEUDONYMISED]}} if pseudonymised else {}),
        "identifier": {"system": HEAD, "value": head},
        "type": "collection",
        **({"entry": entries} if entries else {}),
    }


def _entries(log: Log, definitions: dict[str, Definition]) -> Iterator[Json]:
    setting = setting_of(log, definitions)
    for step in steps(log):
        events = [audit_event(line, setting) for line in step]
        for resource in (*events, provenance(step, events, setting)):
            yield {"fullUrl": full_url(resource), "resource": resource}
