"""`pathway check`: everything that is proved or found about a definition, with a case for each finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathway.check.doses.faults import DoseFault, dose_faults
from pathway.check.findings import ERROR, Finding, Undecided, gravest_first
from pathway.check.lint import lint
from pathway.check.proofs.claims import Claims, Proved
from pathway.check.proofs.decisions import Decisions
from pathway.check.proofs.elements import Elements
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.known_cases import KnownCases
from pathway.check.proofs.oracle import Oracle, OutOfTimeError, Recorder
from pathway.check.proofs.otherwise import OtherwiseShare, otherwise_shares
from pathway.check.proofs.seeking import Seeker
from pathway.check.proofs.shapes import Shapes
from pathway.check.proofs.spinning import Spinning
from pathway.check.proofs.waiting import Waiting
from pathway.check.proofs.ways import key_of
from pathway.check.proofs.within import Within
from pathway.engine.compiling import assemble
from pathway.language.definition import Definition

OUT_OF_TIME = "The time given with --timeout was used up"
TIMEOUT = "timeout"
ROUNDS = 3  # with other patients each, as long as something is left undecided
SEED = 1
Progress = Callable[[str, int], None]
Found = Finding | Undecided | Proved
Step = Callable[[], Iterable[Found | None]]


@dataclass(slots=True)
class Proofs:
    """What is to be said about a definition. A finding without a case says what no case can do."""

    findings: tuple[Finding, ...]
    proved: tuple[Proved, ...]
    undecided: tuple[Undecided, ...]
    cases_run: int = 0
    questions: int = 0
    otherwise: tuple[OtherwiseShare, ...] = ()


@dataclass(slots=True)
class Prover:
    """Takes one step after the other; what is left when the time is used up is not decided."""

    definition: Definition
    out_of_time: Callable[[], bool]
    progress: Progress
    case_files: Sequence[Path] = ()
    recorder: Recorder | None = None
    seed: int = SEED
    explorer: Explorer = field(init=False)
    oracle: Oracle = field(init=False)

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.out_of_time, seed=self.seed, recorder=self.recorder)
        self.explorer = Explorer.of(assemble(self.definition), self.oracle)

    def prove(self) -> Proofs:
        """All findings, gravest first, then in the order of the definition.

        A case that shows something is found from the patients that the solver happens to propose. What is
        left undecided is looked for again with other patients, from all cases found so far.
        """
        found = self._round(self.explorer.explore)
        for seed in range(self.seed + 1, self.seed + ROUNDS):
            if not _undecided(found) or any(one.code == TIMEOUT for one in _undecided(found)):
                break
            self.oracle.begin_anew(seed)
            self.explorer.begin_anew()
            found = min(
                found, self._round(self.explorer.go_on, "again: "), key=lambda one: len(_undecided(one))
            )
        self.progress("", 100)
        return self._proofs([*lint(self.definition), *found, *dose_findings(self.definition)])

    def _round(self, exploring: Step, again: str = "") -> list[Found]:
        """What there is to be said after all steps."""
        explorer, seeker = self.explorer, Seeker(self.explorer)
        steps: list[tuple[str, Step]] = [
            ("running cases", exploring),
            ("ways that no case has taken", lambda: _seek(explorer, seeker, self.case_files)),
            ("reachable states", Shapes(explorer, seeker).findings),
            ("decisions", Decisions(explorer, seeker).findings),
            ("guards", Elements(explorer, seeker).findings),
            ("waiting", Waiting(explorer, seeker).findings),
            ("claims", Claims.of(explorer, seeker).answers),
            ("deadlines", Within.of(explorer, seeker).answers),
            ("circles", Spinning(explorer).findings),
        ]
        found: list[Found] = []
        for number, (name, step) in enumerate(steps):
            self.progress(f"{again}{name}", number * 100 // len(steps))
            try:
                found += [one for one in step() if one is not None]
            except OutOfTimeError:
                found.append(Undecided(TIMEOUT, f"the rest of: {name}", OUT_OF_TIME))
        return found

    def _proofs(self, found: list[Found]) -> Proofs:
        return Proofs(
            gravest_first(one for one in found if isinstance(one, Finding)),
            tuple(one for one in found if isinstance(one, Proved)),
            _undecided(found),
            self.explorer.entered,
            self.oracle.questions,
            otherwise_shares(self.definition, self.seed, self.out_of_time),
        )


def _undecided(found: list[Found]) -> tuple[Undecided, ...]:
    return tuple(one for one in found if isinstance(one, Undecided))


def prove(
    definition: Definition,
    out_of_time: Callable[[], bool] = lambda: False,
    progress: Progress = lambda name, percent: None,
    case_files: Sequence[Path] = (),
    recorder: Recorder | None = None,
    seed: int = SEED,
) -> Proofs:
    """Prove and refute all there is to a definition.

    `case_files` are the cases beside it, which may know ways to places that are hard to find otherwise.
    `out_of_time` is asked before every question to the solver; `progress` is told what is under way and how
    much of it all is done, in percent. `recorder` keeps the answers that proofs rest on. The `seed` decides
    which patients are proposed, and which are drawn where there are too many to count.
    """
    return Prover(definition, out_of_time, progress, case_files, recorder, seed).prove()


def _seek(explorer: Explorer, seeker: Seeker, case_files: Sequence[Path]) -> Iterator[None]:
    """Take the ways that need several tracks or entries: as cases beside the definition do, or by seeking."""
    known = KnownCases(explorer, case_files)
    for way in list(explorer.missing()):
        if key_of(way) not in explorer.taken and not known.take(way):
            seeker.take(way)
        yield from explorer.go_on()


def dose_findings(definition: Definition) -> Iterator[Finding]:
    """Doses that are wrong somewhere in the range of what they are computed from."""
    for fault in dose_faults(definition):
        yield Finding("dose", fault.severity, _dose_text(fault), fault.fix, fault.place)


def _dose_text(fault: DoseFault) -> str:
    values = ", ".join(f"{name} {value}" for name, value in fault.facts)
    row = f" (row {fault.row})" if fault.row > 1 else ""
    with_values = f", with {values}" if values and fault.severity == ERROR else ""
    return f"{fault.action}{row}: {fault.text}{with_values}"
