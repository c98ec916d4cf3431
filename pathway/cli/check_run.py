"""Checks one pathway for `pathway check`: what is proved, found, allowed in its files, and left undecided."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.check.allowing import Allowed, read_allows, silence
from pathway.check.codes import CODES
from pathway.check.coverage_file import COVERAGE_FILE, coverage_path, read_coverage
from pathway.check.coverage_writing import write_coverage
from pathway.check.covering import coverage, coverage_findings
from pathway.check.findings import ERROR, WARNING, Coverage, Finding, Undecided
from pathway.cli.check_watch import Watch
from pathway.cli.loading import definition_cache
from pathway.language.bundled import find_pathway
from pathway.language.definition import Claim, Definition
from pathway.language.gather import MAIN_FILE, Gathered
from pathway.language.problems import DefinitionError, Place, Problem
from pathway.vignettes.finding import case_files

if TYPE_CHECKING:  # the prover brings the solver with it, and a definition that cannot be loaded needs none
    from pathway.check.proofs.oracle import Recorder
    from pathway.check.proving import Proofs

REFUTED, VACUOUS = "claim-refuted", "vacuous"


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """How the claims of a pathway stand. A claim that no case puts to the test is `vacuous`."""

    proved: int
    refuted: int
    vacuous: int
    undecided: int


@dataclass(frozen=True, slots=True)
class CheckedPathway:
    """All there is to say about one pathway, which the user called `name`.

    `findings` are open, the gravest first; `allowed` are those that a comment in the files silences.
    """

    name: str
    definition: Definition
    coverage: Coverage
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]
    proofs: Proofs

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        return self.proofs.undecided

    @property
    def claims(self) -> ClaimCount:
        """How many claims hold; what is neither proved nor refuted is undecided, whatever the reason."""
        everything = (*self.findings, *(one.finding for one in self.allowed))
        refuted = {one.place for one in everything if one.code == REFUTED}
        vacuous = {one.place for one in everything if one.code == VACUOUS} - refuted
        open_ = {one.place for one in self.undecided}
        proved = {one.claim for one in self.proofs.proved}
        claims = self.definition.claims.values()
        count = sum(c.name in proved and c.place not in refuted | vacuous | open_ for c in claims)
        no = sum(claim.place in refuted for claim in claims)
        empty = sum(claim.place in vacuous for claim in claims)
        return ClaimCount(count, no, empty, len(claims) - count - no - empty)

    def claim_at(self, place: Place | None) -> Claim | None:
        """The claim that a finding or an open question is about."""
        return next((one for one in self.definition.claims.values() if one.place == place), None)

    def is_fine(self, strict: bool) -> bool:
        """Whether nothing grave is open and everything is decided; when `strict`, a warning is grave too."""
        grave = (ERROR, WARNING) if strict else (ERROR,)
        decided = not self.undecided and not self.claims.undecided
        return decided and not any(finding.severity in grave for finding in self.findings)


def check_pathway(name: str, write: bool, watch: Watch, recorder: Recorder | None = None) -> CheckedPathway:
    """Everything found in one definition. Raises DefinitionError for it, its coverage or an allow.

    `recorder` is told the answers that proofs rest on.
    """
    main = find_pathway(name)
    definition, gathered = definition_cache().as_written(main)
    path = coverage_path(main)
    if write:
        _write(main, path, gathered)
    kept = read_coverage(path) if path is not None else None
    allows = read_allows(definition.files if kept is None else (*definition.files, str(path)))

    from pathway.check.proving import prove

    proofs = prove(definition, watch.out_of_time, watch.progress, case_files(main), recorder)
    findings = (*proofs.findings, *coverage_findings(gathered, kept))
    silenced = silence(findings, allows, _not_looked_for(proofs.undecided))
    covered = coverage(gathered, kept)
    return CheckedPathway(name, definition, covered, silenced.findings, silenced.allowed, proofs)


def _not_looked_for(undecided: tuple[Undecided, ...]) -> frozenset[str]:
    """The codes of findings that there may be beside those found."""
    codes = {one.code for one in undecided}
    if not codes <= CODES.keys():  # such as a time limit, which cuts off everything
        return frozenset(CODES)
    return frozenset(codes | {VACUOUS} if REFUTED in codes else codes)


def _write(main: Path, path: Path | None, gathered: Gathered) -> None:
    if path is None:
        text = f"{main} is a single file; {COVERAGE_FILE} stands beside the {MAIN_FILE} of a folder"
        raise DefinitionError([Problem(None, text, f"Move it into a folder of its own as {MAIN_FILE}")])
    written = "wrote" if write_coverage(path, gathered) else "nothing to change in"
    print(f"{written} {path}: {len(gathered.pathway.sources)} statements", file=sys.stderr)
