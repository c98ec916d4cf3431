"""A whole foreign log: its rows by case, in order of time, with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from pathway.engine.timeline import Timeline, TimelineEntry
from pathway.language.problems import visible
from pathway.logs.foreign.finding import (
    CUT_OFF,
    EMPTY_CASE,
    REPEATED_ROW,
    UNREADABLE_ROW,
    Finding,
    Notes,
)
from pathway.logs.foreign.mapping import LogMapping
from pathway.logs.foreign.rows import Columns, Row, Unread, rows_of
from pathway.logs.foreign.times import LONGEST
from pathway.logs.foreign.translating import Translator
from pathway.logs.problems import LogError

MOST_UNREAD = 10_000  # rows; where these are most of a file, it is no log of its mapping


@dataclass(frozen=True, slots=True)
class ForeignCase:
    """A case of a foreign log, ready to be stepped; `findings` are its rows that are not in the timeline."""

    timeline: Timeline
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        return self.timeline.case

    @property
    def set_aside(self) -> bool:
        """Whether a row is missing without which the case would be told wrongly, or nothing is left of it."""
        return not self.timeline.entries or any(finding.sets_aside for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ForeignLog:
    """The cases of a log in the order of their first rows; `findings` are those of no case."""

    cases: tuple[ForeignCase, ...]
    findings: tuple[Finding, ...]
    notes: Notes


def read_foreign(path: Path, mapping: LogMapping) -> ForeignLog:
    """Read a log of another program (.csv, .xes, each also .gz; .parquet), held in memory as a whole.

    Rows of a case are put in order of time; where times are equal the order of the file stands. Bad rows are
    told and the other cases read. Raises LogError for a file that cannot be read at all.
    """
    gathering = _Gathering(path, mapping)
    for row in rows_of(path, Columns(mapping.needed, mapping.case), mapping.csv):
        gathering.take(row)
    return gathering.log()


@dataclass(slots=True)
class _Case:
    """What has been read of one case; `row` is its first."""

    row: int
    entries: list[TimelineEntry] = field(default_factory=list[TimelineEntry])
    findings: list[Finding] = field(default_factory=list[Finding])
    seen: set[bytes] = field(default_factory=set[bytes])


class _Gathering:
    """Sorts rows into their cases."""

    def __init__(self, path: Path, mapping: LogMapping) -> None:
        self.path = path
        self.mapping = mapping
        self.translator = Translator(path, mapping)
        self.cases: dict[str, _Case] = {}
        self.findings: list[Finding] = []
        self.last: str | None = None
        self.rows = 0
        self.unread = 0

    def take(self, row: Row | Unread) -> None:
        """Put a row where it belongs."""
        if isinstance(row, Unread):
            self._count_unread(row.line, row.why)
            self._unread(row)
            return
        self.rows += 1
        name = row.cells[self.mapping.case]
        if not name.strip():
            self.findings.append(
                Finding(None, row.line, UNREADABLE_ROW, "a case", "none", f"`{self.mapping.case}` is empty")
            )
            return
        self.last = name
        self._into(self.cases.setdefault(name, _Case(row.line)), row)

    def _into(self, case: _Case, row: Row) -> None:
        found = self.translator.entry(row)
        if found is None:
            return
        if isinstance(found, Finding):
            if found.class_ == UNREADABLE_ROW:
                self._count_unread(found.row, found.why)
            case.findings.append(found)
        elif _repeats(case, row):
            why = "every cell is that of an earlier row of this case; it was entered once"
            activity = visible(row.cells[self.mapping.activity][:LONGEST])
            case.findings.append(
                Finding(row.cells[self.mapping.case], row.line, REPEATED_ROW, "each row once", activity, why)
            )
        else:
            case.entries.append(found)

    def _count_unread(self, line: int, why: str) -> None:
        """Raises LogError where most of the file is nothing that the mapping describes."""
        self.unread += 1
        if self.unread > MOST_UNREAD and 2 * self.unread > self.rows:
            told = f"{self.unread} of its rows cannot be read, most of those so far; the last: {why}"
            raise LogError(
                "This is no log of this mapping", told, "Check the mapping.", path=self.path, line=line
            )

    def _unread(self, row: Unread) -> None:
        self.rows += not row.rest
        case = row.case if row.case is not None and row.case.strip() else None
        if row.rest and case is None:
            case = self.last
        if row.rest:
            why = f"{row.why}. What stood behind is lost, of this case and maybe of others"
            found = Finding(case, row.line, CUT_OFF, "a whole file", "a part of one", why)
        else:
            found = Finding(case, row.line, UNREADABLE_ROW, "a row that can be read", "another", row.why)
        if case is None:
            self.findings.append(found)
        else:
            self.cases.setdefault(case, _Case(row.line)).findings.append(found)

    def log(self) -> ForeignLog:
        """All that was read."""
        cases = tuple(self._case(name, case) for name, case in self.cases.items())
        return ForeignLog(cases, tuple(self.findings), self._notes())

    def _notes(self) -> Notes:
        entries = [case.entries for case in self.cases.values()]
        mapped = (column.name for column in self.mapping.columns)
        return Notes(
            rows=self.rows,
            entered=sum(map(len, entries)),
            moved=sum(sum(_moved(one)) for one in entries),
            ignored=self.translator.ignored,
            other_lifecycle=self.translator.other_lifecycle,
            never_filled=tuple(name for name in mapped if name not in self.translator.filled),
        )

    def _case(self, name: str, case: _Case) -> ForeignCase:
        entries = case.entries
        # A stable sort: where times are equal, the order of the file stands.
        timeline = Timeline(
            pathway=self.mapping.definition.id,
            case=name,
            label=None,
            timezone=self.mapping.time.zone_name,
            entries=tuple(sorted(entries, key=lambda entry: entry.batch.at)),
            name=self.path.as_posix(),
        )
        findings = case.findings
        if not entries and not findings:
            why = "no row of it says anything to this pathway"
            findings = [Finding(name, case.row, EMPTY_CASE, "a case with an entry", "none", why)]
        return ForeignCase(timeline, tuple(findings))


def _moved(entries: list[TimelineEntry]) -> Iterator[bool]:
    """For each entry but the first, whether it lies before the one above it."""
    return (later.batch.at < earlier.batch.at for earlier, later in pairwise(entries))


def _repeats(case: _Case, row: Row) -> bool:
    """Whether a row with the very same cells came before in its case."""
    mark = blake2b("\x1f".join(row.whole).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    known = mark in case.seen
    case.seen.add(mark)
    return known
