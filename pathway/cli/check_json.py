"""What `pathway check` says, as a JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pathway.check.allowing import Allowed
from pathway.check.findings import Finding, Undecided
from pathway.cli.check_missing import missing_json
from pathway.cli.check_otherwise import otherwise_json
from pathway.cli.check_run import CheckedPathway
from pathway.language.problems import Place

Json = dict[str, Any]


def check_json(checked: CheckedPathway) -> Json:
    """One pathway; cases are timelines as `pathway run` reads them."""
    definition, proofs = checked.definition, checked.proofs
    layers = {layer: asdict(tally) for layer, tally in checked.coverage.layers.items()}
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "proved": [
            {"claim": one.claim, "tested_by": None if one.trigger is None else one.trigger.as_json()}
            for one in proofs.proved
        ],
        "findings": [_finding(one) for one in checked.findings],
        "allowed": [_allowed(one) for one in checked.allowed],
        "undecided": [_undecided(one, checked) for one in checked.undecided],
        "coverage": {**asdict(checked.coverage.encoded), "layers": layers},
        "claims": asdict(checked.claims),
        "missing": missing_json(definition),
        "otherwise": [otherwise_json(one) for one in proofs.otherwise],
        "cases_run": proofs.cases_run,
        "questions": proofs.questions,
    }


def _finding(finding: Finding) -> Json:
    witness = finding.witness
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": _where(finding.place, finding.state),
        "text": f"{finding.text}. {finding.fix}.",
        "witness": None if witness is None else witness.as_json(),
        "ends": None if witness is None else witness.ends,
    }


def _allowed(one: Allowed) -> Json:
    return {**_finding(one.finding), "reason": one.allow.reason, "allow": _where(one.allow.place)}


def _undecided(one: Undecided, checked: CheckedPathway) -> Json:
    claim = checked.claim_at(one.place)
    return {
        "code": one.code,
        "claim": None if claim is None else claim.name,
        "about": one.about,
        "why": one.why,
        "where": _where(one.place, one.state),
    }


def _where(place: Place | None, state: str | None = None) -> Json:
    if place is None:
        return {"state": state}
    return {"file": place.file, "line": place.line, "column": place.column, "state": state}
