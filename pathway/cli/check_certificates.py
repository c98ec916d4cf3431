"""Writes what the proofs of `pathway check` rest on, for another solver: a file for each answer, a list."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.cli.check_report import counted
from pathway.cli.check_run import CheckedPathway
from pathway.language.calendar import format_duration
from pathway.language.definition import Claim, Definition
from pathway.language.problems import visible

if TYPE_CHECKING:  # the certificates bring the solver with them
    from pathway.check.proofs.certificates import Answers, Certificate

CLAIM = "claim"
CLAIMS, DECISIONS, LIST = "claims", "decisions", "certificates.txt"
HEAD = "; A certificate of `pathway check`"
BREAKING = {
    "overlap": "patient in {} of whom two ways out are open together",
    "gap": "patient in {} whom the ways out leave out (every way closed, all facts known)",
}
RECHECK = (
    "Each file is a question to which any SMT solver has to answer `unsat`: no patient is so. Ask one that",
    "`pathway check` does not use itself, cvc5 for example:",
    '    for file in */*.smt2; do cvc5 "$file"; done',
    "This certifies the answers, not that the right questions were asked of the definition. Where a part of",
    "a question is plainly false, no solver was needed, and there is no file.",
)


def write_certificates(directory: Path, checked: CheckedPathway, answers: Answers) -> None:
    """`claims/NAME-001.smt2` and `decisions/STATE-overlap-001.smt2` below a folder, and a list of them.

    Certificates of an earlier check are removed: nothing rests on them any more.
    """
    certificates = tuple(answers.certificates(checked.proofs))
    _clear(directory)
    for about, group in groupby(sorted(certificates, key=lambda one: one.about), lambda one: one.about):
        together = tuple(group)
        (directory / _stem(about)).parent.mkdir(parents=True, exist_ok=True)
        for one in together:
            text = "".join(f"; {line}\n" for line in _head(checked.definition, one, len(together)))
            file = directory / f"{_stem(about)}-{one.number:03}.smt2"
            file.write_text(f"{HEAD}\n{text}{one.smtlib}", "utf-8", newline="\n")
    directory.mkdir(parents=True, exist_ok=True)
    lines = _list(checked, certificates, answers)
    (directory / LIST).write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
    print(f"wrote {counted(len(certificates), 'certificate')} to {visible(str(directory))}", file=sys.stderr)


def _clear(directory: Path) -> None:
    for file in sorted((*directory.glob(f"{CLAIMS}/*.smt2"), *directory.glob(f"{DECISIONS}/*.smt2"))):
        if file.read_text("utf-8", errors="replace").startswith(HEAD):
            file.unlink()


def _stem(about: tuple[str, str]) -> str:
    kind, name = about
    return f"{CLAIMS}/{name}" if kind == CLAIM else f"{DECISIONS}/{name}-{kind}"


# --- what a file says of itself -----------------------------------------------------------------
def _head(definition: Definition, one: Certificate, of: int) -> Iterator[str]:
    yield from _of(definition)
    kind, name = one.about
    if kind == CLAIM:
        claim = definition.claims[name]
        yield _line(f"claim {name}: {claimed(claim)}{f' ({claim.place})' if claim.place else ''}")
        yield f"Answer {one.number} of {of} that its proof rests on."
        broken = "no patient is as the question says, so that the claim is not broken in this way"
    else:
        broken = f"there is no {BREAKING[kind].format(name)}"
        yield f"no {kind} in {name}: answer {one.number} of {of} that this rests on"
    yield f"unsat: {broken}."
    yield "sat: the proof is wrong. Do not use it, and report it."


def _of(definition: Definition) -> Iterator[str]:
    yield _line(f"pathway {definition.id} {definition.version}, digest {definition.digest}")
    if definition.stamp is not None:
        yield definition.stamp


def claimed(claim: Claim) -> str:
    """What a claim says, in one line."""
    guard = "" if claim.guard is None else claim.guard.text
    unless = ", unless overridden" if claim.unless_overridden else ""
    match claim.form:
        case "only":
            said = f"{claim.actions[0]} only when {guard}"
        case "before":
            said = " before ".join(claim.actions)
        case "within":
            said = f"{claim.actions[0]} within {format_duration(claim.limit or 0)} of {claim.actions[1]}"
        case form:
            said = f"{form} {guard}"
    return f"{said}{unless}"


def _line(text: str) -> str:
    """One line, whatever the text has in it."""
    return visible(" ".join(text.split()))


# --- the list -----------------------------------------------------------------------------------
def _list(checked: CheckedPathway, certificates: tuple[Certificate, ...], answers: Answers) -> Iterator[str]:
    yield from (*_of(checked.definition), "", *RECHECK)
    abouts = [one.about for one in certificates]
    yield from ("", "claims proved")
    for name in (one.claim for one in checked.proofs.proved):
        yield f"  {name}: {_rests((CLAIM, name), abouts, answers)}"
    yield from ("", "decisions proved")
    for about in dict.fromkeys(about for about in abouts if about[0] != CLAIM):
        yield f"  {about[1]}, no {about[0]}: {_rests(about, abouts, answers)}"


def _rests(about: tuple[str, str], abouts: list[tuple[str, str]], answers: Answers) -> str:
    plain = answers.plain(about)
    without = f", {plain} needed no solver" if plain else ""
    return f"{counted(abouts.count(about), 'certificate')}{without}"
