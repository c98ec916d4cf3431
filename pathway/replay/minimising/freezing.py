"""Freezing a log: its entries as a case file, with what the pathway shows at each of them as expectations.

What is expected is what the pathway says, not what a diverging log says: the file passes, and fails once the
pathway shows anything else. It is a test of change; whether it is right a person has to read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pathway.engine.case import Case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.events import CaseOpened, Event, TransitionTaken
from pathway.engine.playing import Ran, play_timeline
from pathway.engine.timeline import Timeline, TimelineEntry
from pathway.language.definition import Definition
from pathway.language.problems import DefinitionError, Place
from pathway.logs.chain import Log
from pathway.logs.problems import LogError, disk_error
from pathway.replay.conformance import conformance
from pathway.replay.divergence import move_words
from pathway.replay.minimising.case_text import case_text, entry_of, expectation_of
from pathway.replay.minimising.entering import Entering
from pathway.vignettes.bench import Bench
from pathway.vignettes.present import Present
from pathway.vignettes.vignette import miss_line

READ_IT = "Frozen from a log: it says what the pathway does. It is a test once a person has read it."
NO_SOURCE = (
    "Nothing that this case reached cites a source, so it is only run: a case with expectations cites."
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A case file. `remarks` say in what it is not as the log was; they stand above it as comments."""

    text: str
    remarks: tuple[str, ...]


def freeze(log: Log, compiled: CompiledPathway) -> Frozen:
    """A log as a case file of the pathway. Raises LogError where it cannot be entered."""
    opened = log.events[0] if log.events else None
    if not isinstance(opened, CaseOpened):
        raise LogError("This log opens no case", "It has no entries", "Name a log that begins with one.")
    entering = Entering(compiled)
    try:
        entering.enter(log.header.case, log.events)
    except EntryError as error:
        raise _not_frozen(str(error)) from None
    case, rows = _played(_timeline(log, opened.timezone, entering), compiled)
    remarks = (*_divergence(log, compiled), *entering.remarks, *_other_moves(log.events, case))
    head, cites = _head(log, case), _cites(case)
    if cites:
        head["cites"] = cites
    else:
        remarks = (*remarks, NO_SOURCE)
        rows = [{key: value for key, value in row.items() if key != "expect"} for row in rows]
    return Frozen(case_text(head, rows, (READ_IT, *remarks)), remarks)


def _timeline(log: Log, timezone: str, entering: Entering) -> Timeline:
    place = Place(log.header.case, 1, 1)
    entries = tuple(TimelineEntry(batch, place, {}) for batch in entering.entries)
    return Timeline(None, log.header.case, None, timezone, entries, log.header.case)


def _played(timeline: Timeline, compiled: CompiledPathway) -> tuple[Case, list[dict[str, Any]]]:
    """The case at its end, and each entry with what its step shows."""
    rows: list[dict[str, Any]] = []
    case: Case | None = None
    for step in play_timeline(compiled, timeline):
        if not isinstance(step, Ran):
            raise _not_frozen(f"an entry is not accepted a second time: {step.error}")
        case = step.case
        expect = expectation_of(Present(step.step, case))
        rows.append({**entry_of(step.entry.batch, case.zone), "expect": expect})
    assert case is not None, "a log that opens a case has an entry"
    return case, rows


def _head(log: Log, case: Case) -> dict[str, Any]:
    definition, without = case.compiled.definition, log.header.without_layers
    head: dict[str, Any] = {"pathway": definition.id, "case": log.header.case}
    if case.timezone != "UTC":
        head["timezone"] = case.timezone
    if without:
        head["layers"] = [name for name in definition.layers if name not in without]
    moved = {move.track: move.to for move in case.memory.path}
    ends = ", ".join(f"{track}.{state}" for track, state in moved.items())
    head["title"] = f"Frozen from a log: ends in {ends}" if ends else "Frozen from a log: nothing moves"
    return head


def _cites(case: Case) -> list[str]:
    """The sources of the states that the case came to, of the ways there, and of what these call for."""
    definition = case.compiled.definition
    found: dict[str, None] = {}
    for track, stand in case.memory.stands.items():
        been = [*(case.memory.states_been_in(track)), stand.state]
        for state in (definition.tracks[track].states[name] for name in sorted(set(been))):
            calls = [cite for do in state.do for cite in (*do.cites, *definition.actions[do.action].cites)]
            found.update(dict.fromkeys([*state.cites, *calls]))
            found.update(dict.fromkeys(cite for way in state.next for cite in way.cites))
    return [cite for cite in definition.sources if cite in found]


# --- in what the file is not as the log was -----------------------------------------------------
def _divergence(log: Log, compiled: CompiledPathway) -> Iterator[str]:
    found = conformance(log, compiled).divergence
    if found is not None:
        said = f"expected {found.expected}; logged {found.logged}; because {found.why}"
        yield f"The log diverges at event {found.seq} ({found.class_}): {said}"


def _other_moves(events: Iterable[Event], case: Case) -> Iterator[str]:
    logged, played = _moves(events), _moves(case.events)
    for number, (one, other) in enumerate(zip_longest(logged, played, fillvalue="none"), 1):
        if one != other:
            yield f"Move {number} of the log is {one}; played as a case it is {other}"
            return


def _moves(events: Iterable[Event]) -> list[str]:
    moves = (event for event in events if isinstance(event, TransitionTaken))
    return [move_words(move.track, move.source, move.to) for move in moves]


def _not_frozen(why: str) -> LogError:
    return LogError("This log cannot be frozen", why, "Shrink it first, or take those entries out.")


# --- writing ------------------------------------------------------------------------------------
def write_case(path: Path, frozen: Frozen, definition: Definition) -> None:
    """Write a case file that is read back and holds; no file that is there is replaced. Raises LogError."""
    if path.exists():
        what, why = "There is already a file of this name", "A case that somebody has read is not replaced"
        raise LogError(what, why, "Name another file.", path=path)
    fresh = path.with_name(f".{path.stem}.{os.getpid()}.yaml")
    try:
        fresh.write_text(frozen.text, "utf-8")
        wrong = _wrong(fresh, definition)
        if wrong is not None:
            raise LogError("This log cannot be frozen", wrong, "Shrink it first.", path=path)
        os.replace(fresh, path)
    except OSError as error:
        raise disk_error("cannot be frozen", path, error) from error
    finally:
        fresh.unlink(missing_ok=True)


def _wrong(file: Path, definition: Definition) -> str | None:
    """What does not hold when the file is read and run as a case."""
    bench = Bench(definition)
    try:
        verdicts = bench.judge(bench.read(file))
    except DefinitionError as fault:
        return str(fault)
    said = [problem.render() for problem in verdicts.problems]
    said += [miss_line(miss, verdicts.vignette) for miss in verdicts.misses]
    return said[0] if said else None
