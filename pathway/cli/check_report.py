"""What `pathway check` says, as text: proofs, findings with their counter-examples, and a verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from pathway.check.allowing import Allowed
from pathway.check.findings import ERROR, INFO, WARNING, Finding, Undecided
from pathway.check.reading import states_of
from pathway.check.witness import Witness
from pathway.cli.check_missing import missing_lines
from pathway.cli.check_otherwise import otherwise_line
from pathway.cli.check_run import CheckedPathway
from pathway.cli.faults import sentence
from pathway.engine.batch import Batch
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.problems import Place, visible

HEADINGS = {ERROR: "errors", WARNING: "warnings", INFO: "notes"}
WORDS = {ERROR: "error", WARNING: "warning", INFO: "note"}
NOT_PROOFS = ("uncited", "never-called", "never-read", "unused-allow")  # found without running a case
STEPPED = "To step through these cases: `--witnesses DIR` writes them as files for `pathway run`."
INDENT = "    "
NARROWEST = 40
PARTS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))

Files = Mapping[Finding, Path]


def report_lines(
    checked: CheckedPathway, files: Files, width: int | None = None, missing: bool = False
) -> Iterator[str]:
    """One pathway. `files` are the counter-examples written; long lines are folded to a width, if any.

    With `missing`, it says of every fact what happens if it never arrives.
    """
    yield from _head(checked, width)
    for severity, heading in HEADINGS.items():
        found = [finding for finding in checked.findings if finding.severity == severity]
        if found:
            yield from ("", heading)
        for finding in found:
            yield from _finding(checked, finding, files.get(finding), width)
    if any(finding.witness is not None and finding not in files for finding in checked.findings):
        yield from ("", *_folded(STEPPED, width))
    if checked.undecided:
        yield from ("", "not decided")
    for one in checked.undecided:
        yield from _undecided(one, width)
    if checked.allowed:
        yield from ("", "allowed")
    for one in checked.allowed:
        yield from _placed(_allowed(one), one.finding.place, width)
    yield from _otherwise(checked, width)
    yield from ("", *missing_lines(checked.definition, width)) if missing else ()
    yield from ("", verdict(checked), "")


# --- the head -----------------------------------------------------------------------------------
def _head(checked: CheckedPathway, width: int | None) -> Iterator[str]:
    definition, told = checked.definition, checked.coverage.encoded
    states = sum(1 for _ in states_of(definition))
    size = f"{counted(len(definition.tracks), 'track')}, {counted(states, 'state')}"
    parts = f"({told.cited} cited, {told.set_aside} set aside)"
    covered = f"{told.accounted_for} of {counted(told.statements, 'statement')} accounted for {parts}"
    yield from _folded(f"{definition.id} {definition.version}: {size}, {covered}", width)
    if definition.stamp is not None:
        yield f"*** {definition.stamp} ***"
    yield _claims(checked)
    if checked.is_fine(strict=False) and all(one.code in NOT_PROOFS for one in checked.findings):
        yield from _folded(_proved(checked, states), width)


def _claims(checked: CheckedPathway) -> str:
    if not checked.definition.claims:
        return "no claims stated"
    count = checked.claims
    line = f"{counted(count.proved, 'claim')} proved, {count.refuted} refuted, {count.undecided} not decided"
    return f"{line}, {count.vacuous} never put to the test" if count.vacuous else line


def _proved(checked: CheckedPathway, states: int) -> str:
    """What it means that nothing was found."""
    ways = sum(len(state.next) for state in states_of(checked.definition))
    besides = ", apart from what is allowed below" if checked.allowed else ""
    proofs = checked.proofs
    how = f"{counted(proofs.cases_run, 'case')} run, {counted(proofs.questions, 'question')} asked"
    reached = (
        f"some case comes to each of {counted(states, 'state')} and takes each of {counted(ways, 'way')}"
    )
    sound = (
        "no decision has a gap or an overlap, no guard is dead, "
        "no state waits for a fact without a deadline, no dose is out of bounds"
    )
    return f"proved{besides}: with every layer switched on, {reached}; {sound} ({how})"


def verdict(checked: CheckedPathway) -> str:
    """`no open finding, nothing undecided`, or how many there are."""
    severities = [finding.severity for finding in checked.findings]
    found = [counted(severities.count(one), WORDS[one]) for one in HEADINGS if one in severities]
    # A claim that nothing was said of is as open as one that was given up.
    left = len(checked.undecided) or checked.claims.undecided
    undecided = f"{left} not decided" if left else "nothing undecided"
    return ", ".join([*(found or ["no open finding"]), undecided])


def counted(count: int, what: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


# --- findings -----------------------------------------------------------------------------------
def _finding(
    checked: CheckedPathway, finding: Finding, file: Path | None, width: int | None
) -> Iterator[str]:
    yield from _placed(finding.render(), finding.place, width)
    if finding.witness is not None:
        yield from witness_lines(finding.witness, width)
    if file is not None:
        yield f"{INDENT}replay: pathway run {_quoted(checked.name)} {_quoted(str(file))}"


def _undecided(one: Undecided, width: int | None) -> Iterator[str]:
    yield from _placed(one.render(), one.place, width)


def _otherwise(checked: CheckedPathway, width: int | None) -> Iterator[str]:
    """How much falls to `otherwise`: remarks, not findings."""
    yield from ("", "what falls to otherwise") if checked.proofs.otherwise else ()
    for one in checked.proofs.otherwise:
        yield from _placed(otherwise_line(one), one.place, width)


def _allowed(one: Allowed) -> str:
    """Where a finding is allowed, and why; what was found is said by its code alone."""
    where = f"{one.finding.place}: " if one.finding.place is not None else ""
    return visible(f"{where}allowed: {sentence(one.allow.reason)} [{one.finding.code}]")


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


# --- counter-examples ---------------------------------------------------------------------------
def witness_lines(witness: Witness, width: int | None = None) -> Iterator[str]:
    """A case, one entry a line: when it opens, then the time since, and what is entered; then how it ends."""
    times = [_when(batch, witness) for batch in witness.entries]
    column = max(map(len, times), default=0)
    for number, (time, batch) in enumerate(zip(times, witness.entries, strict=True)):
        said = _entered(batch) or ("time passes" if number else "the case opens")
        yield from _folded(visible(said), width, f"{INDENT}{time:<{column}}  ", " " * (column + 6))
    yield from _folded(visible(f"ends: {sentence(witness.ends)}"), width, INDENT, 2 * INDENT)


def _when(batch: Batch, witness: Witness) -> str:
    first = witness.entries[0]
    if batch is not first:
        return f"+{elapsed(batch.at - first.at)}"
    local = format_instant(batch.at, parse_zone(witness.timezone))
    return f"{local[:10]} {local[11:19].removesuffix(':00')} {witness.timezone}"


def elapsed(seconds: int) -> str:
    """Seconds as people say them.

    >>> elapsed(93600), elapsed(300), elapsed(0)
    ('1 d 2 h', '5 min', '0 s')
    """
    said: list[str] = []
    for unit, length in PARTS:
        count, seconds = divmod(seconds, length)
        said += [f"{count} {unit}"] if count else []
    return " ".join(said) or "0 s"


def _entered(batch: Batch) -> str:
    """What an entry records; nothing where it only lets time pass."""
    facts = [f"{entry.fact} = {_value(entry.entered)}" for entry in batch.facts]
    facts += [f"{entry.fact} = unknown" for entry in batch.retracted]
    deeds = {
        "done": [one.action for one in batch.done],
        "declined": [f"{one.action} ({one.reason})" for one in batch.declined],
        "overridden": [f"{one.action or one.track} ({one.reason})" for one in batch.overrides],
        "take": [f"{one.track} to {one.to}" for one in batch.take],
    }
    said = [", ".join(facts)] if facts else []
    return "; ".join([*said, *(f"{word}: {', '.join(named)}" for word, named in deeds.items() if named)])


def _value(entered: str | tuple[str, ...]) -> str:
    return entered if isinstance(entered, str) else f"[{', '.join(entered)}]"


# --- width --------------------------------------------------------------------------------------
def _placed(line: str, place: Place | None, width: int | None) -> list[str]:
    """A line with the place at its head in one piece, so that terminals can make a link of it."""
    head = visible(str(place)) if place is not None else ""
    return _folded(line.removeprefix(head), width, head, INDENT)


def _folded(text: str, width: int | None, first: str = "", after: str = INDENT) -> list[str]:
    """The text behind `first`; what is longer than the width goes on below, behind `after`."""
    if width is None:
        return [f"{first}{text}"]
    return textwrap.wrap(
        text, max(width, NARROWEST), initial_indent=first, subsequent_indent=after,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
