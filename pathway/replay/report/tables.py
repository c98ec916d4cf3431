"""Cases out of tables: logs of other programs through a mapping, and our own as CSV, XES or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.timeline import TimelineEntry
from pathway.logs.chain import Log
from pathway.logs.foreign import finding as told
from pathway.logs.foreign.mapping import LogMapping
from pathway.logs.foreign.own import read_own_with_lines
from pathway.logs.foreign.reading import ForeignCase, ForeignLog, read_foreign
from pathway.logs.foreign.replaying import replay_foreign
from pathway.logs.foreign.times import LONGEST
from pathway.logs.problems import LogError
from pathway.replay.divergence import MISTYPED, OTHER_VERSION, TAMPERED, TRUNCATED, UNREADABLE, WRONG_ORDER
from pathway.replay.report.cases import Damage, FoundCase
from pathway.replay.report.findings import Finding, Kind, Origin

MEND = "Mend the row, or say in the mapping what it means."
NEW_COPY = "Take the file from a copy, or write it again."
NO_ROWS = "It holds no row of any case", "Name another file, or write it again with its rows."
_REMARKS = (told.REPEATED_ROW, told.EMPTY_CASE)


@dataclass(frozen=True, slots=True)
class ForeignRows:
    """The rows of one case: those that became entries, and what is told of the others."""

    entries: tuple[TimelineEntry, ...]
    findings: tuple[Finding, ...]

    @property
    def read(self) -> int:
        """How many rows were read; those that the mapping ignores are not."""
        return len(self.entries) + len(self.findings)

    def row_of(self, event: ev.Event, action: str | None) -> int:
        """The row that an event came from, that of its action if there is one; else the last before it."""
        at = event.done_at if isinstance(event, ev.ActionDone) else event.at
        before = [one for one in self.entries if one.batch.at <= at] or list(self.entries[:1])
        exact = [one for one in before if one.batch.at == at and _does(one, action)]
        return (exact or before)[-1].place.line


def _does(entry: TimelineEntry, action: str | None) -> bool:
    return any(deed.action == action for deed in entry.batch.done)


# --- foreign logs -----------------------------------------------------------------------------------
def foreign_cases(path: Path, mapping: LogMapping, compiled: CompiledPathway) -> Iterator[FoundCase]:
    """The cases of a log of another program, stepped; rows of no case are damaged cases of their own."""
    try:
        log = read_foreign(path, mapping)
    except LogError as error:
        yield FoundCase(Origin(str(path)), None, Damage(UNREADABLE, 0, error))
        return
    found = _cases(path, log, compiled)
    yield from (replace(one, notes=log.notes) for one in islice(found, 1))
    yield from found


def _cases(path: Path, log: ForeignLog, compiled: CompiledPathway) -> Iterator[FoundCase]:
    if not log.cases and not log.findings:
        yield _empty(path)
    for one in log.findings:
        yield FoundCase(Origin(str(path), one.row), None, _set_aside(path, one))
    for number, case in enumerate(log.cases, 1):
        found = _foreign(path, case, compiled)
        yield FoundCase(found.origin, found.log, found.damage, number, len(log.cases), found.rows)


def _empty(path: Path) -> FoundCase:
    """A file without a row is told, not passed: nothing was replayed."""
    why, fix = NO_ROWS
    return FoundCase(
        Origin(str(path)), None, Damage(UNREADABLE, 0, LogError("This log is empty", why, fix, path=path))
    )


def _foreign(path: Path, case: ForeignCase, compiled: CompiledPathway) -> FoundCase:
    played = replay_foreign(case, compiled)
    entries = case.timeline.entries
    rows = [*(one.place.line for one in entries), *(one.row for one in played.findings)]
    origin = Origin(str(path), min(rows, default=1), case.id)
    wrong = next((one for one in played.findings if one.sets_aside), None)
    log = Log(played.header, played.events, "", 0)
    if wrong is not None:
        return FoundCase(origin, log, _set_aside(path, wrong))
    findings = tuple(_finding(origin, one) for one in played.findings)
    return FoundCase(origin, log, rows=ForeignRows(entries, findings))


def _finding(origin: Origin, one: told.Finding) -> Finding:
    kind = Kind.REMARK if one.class_ in _REMARKS else Kind.DIVERGENCE
    return Finding(kind, origin, 0, one.class_, one.expected, one.logged, one.why, row=one.row)


def _set_aside(path: Path, one: told.Finding) -> Damage:
    """What is told of a case of which a row is missing: without it the case would be told wrongly."""
    whose = "of no case" if one.case is None else f"its case {one.case[:LONGEST]} is set aside"
    said = f" ({one.logged})" if one.class_ == told.REFUSED_ROW else ""
    what = f"{one.class_[:1].upper()}{one.class_[1:]}{said}, {whose}"
    fix = NEW_COPY if one.class_ == told.CUT_OFF else MEND
    return Damage(one.class_, 0, LogError(what, one.why, fix, path=path, line=one.row))


# --- our own logs -----------------------------------------------------------------------------------
def table_cases(path: Path) -> Iterator[FoundCase]:
    """The cases of a file that this program wrote as a table."""
    try:
        line = 0
        for line, found in read_own_with_lines(path):
            yield _own(path, found, line)
        if line == 0:
            yield _empty(path)
    except LogError as error:
        yield FoundCase(Origin(str(path)), None, Damage(UNREADABLE, 0, error))


def _own(path: Path, found: Log | LogError, line: int) -> FoundCase:
    if isinstance(found, LogError):
        damage = Damage(_class_of(found), 0, found)
        return FoundCase(Origin(str(path), found.line or 1), None, damage)
    return FoundCase(Origin(str(path), line, found.header.case, 0), found)


def _class_of(error: LogError) -> str:
    what, why = error.what, error.why
    classes = (
        (TAMPERED, what.startswith("The chain")),
        (WRONG_ORDER, " stands where " in what or " follows " in what),
        (TRUNCATED, "ends in the middle" in why),
        (UNREADABLE, what.startswith("This row")),
        (OTHER_VERSION, what.startswith("The log has")),
    )
    return next((class_ for class_, is_so in classes if is_so), MISTYPED)
