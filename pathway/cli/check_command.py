"""`pathway check`: load definitions, say all that is wrong with them, and what their shape gives away."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from pathway.check.findings import ERROR, Finding
from pathway.check.lint import coverage, lint
from pathway.check.reading import states_of
from pathway.cli.loading import load
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.language.definition import Definition
from pathway.language.problems import DefinitionError

NOT_PROVED = "not proved, for this version types and keeps claims but has no prover yet"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathways", metavar="PATHWAY", nargs="+", help="a name, a file or a folder")
    parser.add_argument("--json", action="store_true", help="one JSON document, a list for several pathways")


def run(options: argparse.Namespace) -> int:
    """Check: 0 nothing grave, 1 a finding of severity error, 2 a definition that cannot be loaded."""
    documents: list[dict[str, Any]] = []
    exit_code = FINE
    for name in options.pathways:
        try:
            definition = load(name)
        except DefinitionError as fault:
            print(fault, file=sys.stderr)
            exit_code = BAD_INPUT
            continue
        findings = lint(definition)
        documents.append(_document(definition, findings))
        if any(finding.severity == ERROR for finding in findings):
            exit_code = max(exit_code, FINDING)
        if not options.json:
            print("\n".join(_lines(definition, findings)))
    if options.json and documents:
        whole = documents[0] if len(options.pathways) == 1 else documents
        print(json.dumps(whole, indent=1, ensure_ascii=False))
    return exit_code


def _document(definition: Definition, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "proved": [],
        "findings": [_finding_json(finding) for finding in findings],
        "undecided": [{"claim": claim.name, "why": NOT_PROVED} for claim in definition.claims.values()],
        "coverage": asdict(coverage(definition)),
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    place = finding.place
    where: dict[str, Any] = {"state": finding.state}
    if place is not None:
        where = {"file": place.file, "line": place.line, "column": place.column, **where}
    text = f"{finding.text}. {finding.fix}."
    spin = finding.witness
    witness = None if spin is None else {"facts": dict(spin.facts), "done": list(spin.deeds)}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": where,
        "text": text,
        "witness": witness,
    }


def _lines(definition: Definition, findings: tuple[Finding, ...]) -> list[str]:
    counted = coverage(definition)
    size = f"{len(definition.tracks)} tracks, {sum(1 for _ in states_of(definition))} states"
    cited = f"{counted.cited} of {counted.statements} statements cited"
    head = f"{definition.id} {definition.version}: {size}, {cited}"
    stamp = [f"*** {definition.stamp} ***"] if definition.stamp is not None else []
    claims = len(definition.claims)
    stamp += [f"{claims} claim{'s' if claims > 1 else ''} stated: {NOT_PROVED}"] if claims else []
    found = [finding.render() for finding in findings] or ["no findings"]
    return [head, *stamp, *found, ""]
