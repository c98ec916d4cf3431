"""A row of a foreign log as an entry of its case, as the mapping says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry
from pathway.engine.timeline import TimelineEntry
from pathway.language.problems import Place, nearest, visible
from pathway.logs.foreign.finding import UNKNOWN_ACTIVITY, UNREADABLE_ROW, Finding
from pathway.logs.foreign.mapping import LogMapping
from pathway.logs.foreign.rows import Row
from pathway.logs.foreign.times import LONGEST
from pathway.logs.foreign.written import Activity

NOBODY = "log"  # where no column says who


class Translator:
    """Translates the rows of one file, and keeps what is to be told of it."""

    def __init__(self, path: Path, mapping: LogMapping) -> None:
        self.file = path.as_posix()
        self.mapping = mapping
        self.ignored: Counter[str] = Counter()
        self.other_lifecycle: Counter[str] = Counter()
        self.filled: set[str] = set()

    def entry(self, row: Row) -> TimelineEntry | Finding | None:
        """The entry of a row, what is wrong with it, or None where it says nothing to this pathway."""
        name = row.cells[self.mapping.activity]
        if self._passed_over(row, name):
            return None
        activity = self.mapping.activities.get(name)
        if activity is None:
            return self._unknown(row, name)
        try:
            at = self.mapping.time.instant(self._time(row))
            facts = tuple(self._facts(row, name, activity, at))
        except ValueError as error:
            return self._finding(
                row, UNREADABLE_ROW, "a row that can be read", visible(name[:LONGEST]), str(error)
            )
        return TimelineEntry(self._batch(row, activity, at, facts), Place(self.file, row.line, 1), {})

    def _passed_over(self, row: Row, name: str) -> bool:
        mapping = self.mapping
        if name in mapping.ignored:
            self.ignored[name] += 1
            return True
        if mapping.lifecycle is not None and row.cells[mapping.lifecycle] not in mapping.kept:
            self.other_lifecycle[name] += 1
            return True
        return False

    def _unknown(self, row: Row, name: str) -> Finding:
        known = (*self.mapping.activities, *self.mapping.ignored)
        near = nearest(name, known)
        why = f"did you mean `{near}`?" if near else "say under `activities` what it means, or `ignore` it"
        return self._finding(
            row, UNKNOWN_ACTIVITY, "an activity of the mapping", visible(name[:LONGEST]) or "none", why
        )

    def _finding(self, row: Row, class_: str, expected: str, logged: str, why: str) -> Finding:
        return Finding(row.cells[self.mapping.case], row.line, class_, expected, logged, why)

    def _facts(self, row: Row, name: str, activity: Activity, at: int) -> Iterator[FactEntry]:
        """Raises ValueError that names the column."""
        time = self.mapping.time.entered(at)
        yield from (FactEntry(fact, time) for fact in activity.time)
        yield from (FactEntry(fact, value) for fact, value in activity.facts.items())
        for column in self.mapping.columns:
            text = row.cells[column.name].strip()
            if not text or text in self.mapping.empty:
                continue
            self.filled.add(column.name)
            if not column.speaks_on(name):
                continue
            try:
                yield FactEntry(column.fact.name, column.entered(text))
            except ValueError as error:
                raise ValueError(f"column {column.name}: {error}") from None

    def _time(self, row: Row) -> str:
        return " ".join(row.cells[column].strip() for column in self.mapping.time.columns)

    def _batch(self, row: Row, activity: Activity, at: int, facts: tuple[FactEntry, ...]) -> Batch:
        by = row.cells[self.mapping.by].strip() if self.mapping.by is not None else ""
        return Batch(
            at=at,
            by=by or NOBODY,
            recorded_at=at,
            facts=facts,
            done=tuple(DeedEntry(action) for action in activity.done),
            declined=tuple(DeclineEntry(action, activity.reason or "") for action in activity.declined),
        )
