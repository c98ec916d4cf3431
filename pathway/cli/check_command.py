"""`pathway check`: load definitions, say all that is wrong with them, and what their shape gives away."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pathway.check.coverage_file import COVERAGE_FILE, coverage_path, read_coverage
from pathway.check.coverage_writing import write_coverage
from pathway.check.covering import coverage, coverage_findings
from pathway.check.findings import ERROR, Coverage, Finding, gravest_first
from pathway.check.lint import lint
from pathway.check.reading import states_of
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.gather import MAIN_FILE, Gathered, gather
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError, Problem

NOT_PROVED = "not proved, for this version types and keeps claims but has no prover yet"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What there is to say about one definition."""

    definition: Definition
    coverage: Coverage
    findings: tuple[Finding, ...]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathways", metavar="PATHWAY", nargs="+", help="a name, a file or a folder")
    parser.add_argument("--json", action="store_true", help="one JSON document, a list for several pathways")
    parser.add_argument(
        "--write-coverage",
        action="store_true",
        help=f"first write the matrix of statements and elements into {COVERAGE_FILE}",
    )


def run(options: argparse.Namespace) -> int:
    """Check: 0 nothing grave, 1 a finding of severity error, 2 a definition that cannot be loaded."""
    documents: list[dict[str, Any]] = []
    exit_code = FINE
    for name in options.pathways:
        try:
            checked = _check(name, options.write_coverage)
        except DefinitionError as fault:
            print(fault, file=sys.stderr)
            exit_code = BAD_INPUT
            continue
        documents.append(_document(checked))
        if any(finding.severity == ERROR for finding in checked.findings):
            exit_code = max(exit_code, FINDING)
        if not options.json:
            print("\n".join(_lines(checked)))
    if options.json and documents:
        whole = documents[0] if len(options.pathways) == 1 else documents
        print(json.dumps(whole, indent=1, ensure_ascii=False))
    return exit_code


def _check(name: str, write: bool) -> _Checked:
    """Everything found in one definition. Raises DefinitionError where it or its coverage is wrong."""
    main = find_pathway(name)
    definition = load_definition(main)
    gathered, path = gather(main), coverage_path(main)
    if write:
        _write(main, path, gathered)
    kept = read_coverage(path) if path is not None else None
    findings = gravest_first((*lint(definition), *coverage_findings(gathered, kept)))
    return _Checked(definition, coverage(gathered, kept), findings)


def _write(main: Path, path: Path | None, gathered: Gathered) -> None:
    if path is None:
        text = f"{main} is a single file; {COVERAGE_FILE} stands beside the {MAIN_FILE} of a folder"
        raise DefinitionError([Problem(None, text, f"Move it into a folder of its own as {MAIN_FILE}")])
    written = "wrote" if write_coverage(path, gathered) else "nothing to change in"
    print(f"{written} {path}: {len(gathered.pathway.sources)} statements", file=sys.stderr)


def _document(checked: _Checked) -> dict[str, Any]:
    definition = checked.definition
    layers = {layer: asdict(tally) for layer, tally in checked.coverage.layers.items()}
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "proved": [],
        "findings": [_finding_json(finding) for finding in checked.findings],
        "undecided": [{"claim": claim.name, "why": NOT_PROVED} for claim in definition.claims.values()],
        "coverage": {**asdict(checked.coverage.encoded), "layers": layers},
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


def _lines(checked: _Checked) -> list[str]:
    definition, counted = checked.definition, checked.coverage.encoded
    size = f"{len(definition.tracks)} tracks, {sum(1 for _ in states_of(definition))} states"
    parts = f"({counted.cited} cited, {counted.set_aside} set aside)"
    covered = f"{counted.accounted_for} of {counted.statements} statements accounted for {parts}"
    head = f"{definition.id} {definition.version}: {size}, {covered}"
    stamp = [f"*** {definition.stamp} ***"] if definition.stamp is not None else []
    claims = len(definition.claims)
    stamp += [f"{claims} claim{'s' if claims > 1 else ''} stated: {NOT_PROVED}"] if claims else []
    found = [finding.render() for finding in checked.findings] or ["no findings"]
    return [head, *stamp, *found, ""]
