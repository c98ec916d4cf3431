"""Cases that the kernel hands over, each replayed and explained by the single-case engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import CaseOpened, Event, TransitionTaken
from pathway.engine.memory import fold
from pathway.logs.chain import Header
from pathway.logs.problems import LogError
from pathway.replay.bulk.codes import OPENED
from pathway.replay.bulk.results import BulkResult, Diverged
from pathway.replay.bulk.rows import Row, event_of
from pathway.replay.bulk.vocabulary import Vocabulary
from pathway.replay.conformance import conformance_of_events, other_version
from pathway.replay.deadlines import Tally
from pathway.replay.divergence import UNREADABLE, WRONG_ORDER, Conformance, Divergence


def replay_singly(
    case: str, rows: Sequence[Row], names: Vocabulary, compiled: CompiledPathway, result: BulkResult
) -> None:
    """Replay one case and add what came of it."""
    result.cases += 1
    result.events += len(rows)
    outcome, events = _outcome(case, rows, names, compiled)
    if outcome.divergence is None:
        result.conforming += 1
        count_states(compiled, events, result)
    else:
        result.diverges(Diverged.of(case, outcome.divergence))
    if outcome.divergence is None or (outcome.divergence.seq > 0 and events):
        count_deadlines(compiled, events, result)


def _outcome(
    case: str, rows: Sequence[Row], names: Vocabulary, compiled: CompiledPathway
) -> tuple[Conformance, list[Event]]:
    events: list[Event] = []
    for number, row in enumerate(rows, 1):
        try:
            events.append(event_of(row, names))
        except (LogError, LookupError, ValueError, OverflowError) as error:
            why = f"Row {number} of this case says no event ({error})"
            return _diverged(rows, Divergence(number, UNREADABLE, "an event", "none", why)), []
        if isinstance(events[-1], CaseOpened) and number > 1:
            why = (
                "a case is opened once: two logs of one case stand one behind the other, or a line is doubled"
            )
            found = Divergence(number, WRONG_ORDER, "no further case_opened", "case_opened", why)
            return _diverged(rows, found), []
        if row.seq != number:
            why = "lines are numbered without gaps: some were lost, moved, added or doubled"
            found = Divergence(number, WRONG_ORDER, f"line {number}", f"line {row.seq}", why)
            return _diverged(rows, found), []
    header = _header(case, rows, names)
    other = None if header is None else other_version(header, compiled)
    if other is not None:
        return _diverged(rows, other), events
    return conformance_of_events(events, compiled), events


def _diverged(rows: Sequence[Row], found: Divergence) -> Conformance:
    return Conformance(False, len(rows), found)


def _header(case: str, rows: Sequence[Row], names: Vocabulary) -> Header | None:
    first = rows[0]
    if first.kind != OPENED or not 0 <= first.what < len(names.headers):
        return None
    return replace(names.headers[first.what], case=case)


def count_states(compiled: CompiledPathway, events: Sequence[Event], result: BulkResult) -> None:
    result.moves += sum(isinstance(event, TransitionTaken) for event in events)
    for track, stand in fold(compiled.definition, events).stands.items():
        result.final[f"{track}.{stand.state}"] += 1


def count_deadlines(compiled: CompiledPathway, events: Sequence[Event], result: BulkResult) -> None:
    if not isinstance(events[0], CaseOpened):
        return
    tally = Tally()
    tally.add(compiled, events)
    for kept in tally.kept:
        for word, count in (("met", kept.met), ("late", kept.late), ("never", kept.never)):
            if count:
                result.kept[kept.action, word] += count
