"""Asking the checker about a fault, and whether what it found is the fault."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.seeding.editing import edited, lines_of, written
from benchmarks.seeding.fault import Expected, Fault, Path
from benchmarks.seeding.originals import original, path_of
from pathway.check.allowing import read_allows, silence
from pathway.check.findings import Finding
from pathway.check.proving import prove
from pathway.language.load import definition_from_text, load_definition

ALARMS = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker said of a fault: whether it was found, and all its findings in short."""

    fault: Fault
    found: bool
    said: tuple[str, ...]


def judged(fault: Fault) -> Verdict:
    """Run the checker on the pathway with the fault in it."""
    text = written(edited(original(fault.original), fault.edit))
    proofs = prove(definition_from_text(text))
    found = any(meant(finding, fault.expected, text) for finding in proofs.findings)
    said = [short(finding) for finding in proofs.findings]
    said += [
        f"proved: {one.claim}" for one in proofs.proved if ("claims", one.claim) in fault.expected.elements
    ]
    return Verdict(fault, found, (*said, *(f"undecided: {one.render()}" for one in proofs.undecided)))


def meant(finding: Finding, expected: Expected, text: str) -> bool:
    """Whether a finding has an expected code and stands at an expected element."""
    if finding.code not in expected.codes:
        return False
    return any(_stands_at(finding, path, text) for path in expected.elements)


def _stands_at(finding: Finding, path: Path, text: str) -> bool:
    if path[:1] == ("tracks",) and finding.state == f"{path[1]}.{path[3]}" and len(path) == 4:
        return True
    lines = lines_of(text, path)
    return lines is not None and finding.place is not None and lines[0] <= finding.place.line <= lines[1]


def short(finding: Finding) -> str:
    """The finding in one line."""
    where = finding.state or (finding.place and str(finding.place)) or ""
    return f"{finding.severity} {finding.code} {where}: {finding.text}"


def alarms(name: str) -> tuple[str, ...]:
    """Errors and warnings about an original, its comments `# allow:` heard; and what could not be decided."""
    definition = load_definition(path_of(name))
    proofs = prove(definition)
    heard = silence(proofs.findings, read_allows(definition.files)).findings
    loud = [short(finding) for finding in heard if finding.severity in ALARMS]
    return (*loud, *(f"undecided: {one.render()}" for one in proofs.undecided))
