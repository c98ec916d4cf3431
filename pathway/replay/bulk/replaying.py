"""Replaying bulk logs: row groups stream through the kernel, what it hands over is replayed singly.

Memory does not grow with the file: a few row groups are held at a time. A case that reaches over the end of
its row group is put together and followed by itself, so that results do not depend on how a file is cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pathway.engine.compiled import CompiledPathway
from pathway.replay.bulk import arrays, codes
from pathway.replay.bulk.codes import CONFORMS, REASONS
from pathway.replay.bulk.reading import BulkFile, Room, Stretch, case_starts, rows_from
from pathway.replay.bulk.results import BulkResult
from pathway.replay.bulk.scales import NotInBulkError
from pathway.replay.bulk.schema import SCHEMA, ArrowTable, pa
from pathway.replay.bulk.singly import replay_singly
from pathway.replay.bulk.tables import BulkPathway, bulk_pathway
from pathway.replay.bulk.texts import texts_of
from pathway.replay.bulk.walking import follow
from pathway.replay.conformance import other_version

WORDS = ("met", "late", "never")
OTHER_NAMES = "its file was written for another version of the pathway"
# A row of each column that opens no case: the kernel is called with it where it only has to be at hand.
_NO_EVENT: dict[str, list[object]] = {
    field.name: [[] if field.name == "basis" else "" if field.type == pa.string() else codes.OTHER]
    for field in SCHEMA
}


@dataclass(frozen=True, slots=True)
class _Open:
    """A case whose end is not in sight yet: its rows so far."""

    stretch: Stretch
    table: ArrowTable


@dataclass(frozen=True, slots=True)
class _Part:
    """A row group: its first and last case, which may go on elsewhere, and what came of those between."""

    head: _Open
    tail: _Open | None
    result: BulkResult
    handed: tuple[tuple[Stretch, str], ...]


def replay_bulk(
    paths: Iterable[Path],
    compiled: CompiledPathway,
    cores: int = 1,
    progress: Callable[[int], None] | None = None,
) -> BulkResult:
    """Replay bulk logs, one file after the other. Raises LogError for a file that is none.

    `progress` is told the number of events that were dealt with so far.
    """
    return replay_ready(paths, made_ready(compiled), cores, progress)


def replay_ready(
    paths: Iterable[Path], ready: Ready, cores: int = 1, progress: Callable[[int], None] | None = None
) -> BulkResult:
    """The same for a pathway that was made ready once, for many calls."""
    result = BulkResult()
    for path in paths:
        _Replaying(BulkFile(path), ready, result, progress).run(cores)
    return result


@dataclass(frozen=True, slots=True)
class Ready:
    """A pathway with its tables, or why it cannot be put in tables."""

    compiled: CompiledPathway
    tables: BulkPathway | None
    why: str = ""


def made_ready(compiled: CompiledPathway) -> Ready:
    """Build the tables of a pathway, and have the kernel at hand: compiled, or read from the disk."""
    try:
        pathway = bulk_pathway(compiled)
    except NotInBulkError as error:
        return Ready(compiled, None, f"the pathway cannot be put in tables: {error}")
    table, room = pa.table(_NO_EVENT, schema=SCHEMA), Room()
    texts = texts_of(pathway.tests, pathway.words, ())
    starts = np.array([0, 1], np.int64)
    tables, out = pathway.tables, arrays.outcomes(pathway.tables, 1)
    follow(tables, texts, room.registers(tables, 1), rows_from(table, room), starts, out)
    return Ready(compiled, pathway)


class _Replaying:
    """One file on its way through the kernel."""

    def __init__(
        self,
        file: BulkFile,
        ready: Ready,
        result: BulkResult,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.file, self.compiled, self.result, self._progress = file, ready.compiled, result, progress
        self._open: _Open | None = None
        self._room = Room()
        self._why, self._pathway = self._tables(ready)
        names = file.vocabulary
        if self._pathway is not None:
            ours = [other_version(header, self.compiled) is None for header in names.headers]
            self._texts = texts_of(self._pathway.tests, names.words.all, names.zones, ours)
            self._states = [f"{track}.{state}" for track, states in names.tracks for state in states]

    def _tables(self, ready: Ready) -> tuple[str, BulkPathway | None]:
        """The tables of the pathway, where they fit the names in the file."""
        pathway, names = ready.tables, self.file.vocabulary
        if pathway is None:
            return ready.why, None
        fits = names.digest == self.compiled.definition.digest
        fits = fits and names.words.all[: len(pathway.words)] == pathway.words
        return ("", pathway) if fits else (OTHER_NAMES, None)

    def run(self, cores: int) -> None:
        """Every row group in turn, several at a time."""
        for part in self._parts(cores):
            self._continue(part.head)
            if part.tail is not None:
                self._finish()
                self._open = part.tail
            self.result.add(part.result)
            for stretch, why in part.handed:
                self._singly(stretch, why)
            if self._progress is not None:
                self._progress(self.result.events)
        self._finish()

    def _parts(self, cores: int) -> Iterator[_Part]:
        if cores <= 1:
            yield from (self._part(group) for group in range(self.file.groups))
            return
        waiting: deque[Future[_Part]] = deque()
        with ThreadPoolExecutor(cores) as pool:
            for group in range(self.file.groups):
                waiting.append(pool.submit(self._part, group))
                if len(waiting) > cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _part(self, group: int) -> _Part:
        """Follow the cases that lie within a row group."""
        table = self.file.followed(group)
        starts, ids = case_starts(table)
        result, handed = BulkResult(), list[tuple[Stretch, str]]()
        cases = len(starts) - 1
        if cases > 2:
            self._follow(table, starts[1:-1], ids, group, result, handed)
        head = self._cut(table, starts, ids, group, 0)
        tail = self._cut(table, starts, ids, group, cases - 1) if cases > 1 else None
        return _Part(head, tail, result, tuple(handed))

    def _cut(self, table: ArrowTable, starts: Any, ids: Any, group: int, case: int) -> _Open:
        first, count = int(starts[case]), int(starts[case + 1] - starts[case])
        stretch = Stretch(ids[first].as_py(), group, first, count)
        # A copy of its own: a slice would keep the whole row group.
        return _Open(stretch, pa.concat_tables([table.slice(first, count).take(list(range(count)))]))

    def _follow(
        self,
        table: ArrowTable,
        starts: Any,
        ids: Any,
        group: int,
        result: BulkResult,
        handed: list[tuple[Stretch, str]],
    ) -> None:
        lengths = np.diff(starts)
        if self._pathway is None:
            status = np.full(len(lengths), -1, np.int64)
        else:
            status = self._status(table, starts, int(lengths.max()), result)
        fine = status == CONFORMS
        result.cases += int(fine.sum())
        result.conforming += int(fine.sum())
        result.events += int(lengths[fine].sum())
        for case in np.flatnonzero(~fine):
            first, count = int(starts[case]), int(lengths[case])
            stretch = Stretch(ids[first].as_py(), group, first, count)
            handed.append((stretch, REASONS.get(int(status[case]), self._why)))

    def _status(self, table: ArrowTable, starts: Any, longest: int, result: BulkResult) -> Any:
        """Run the kernel over cases of a table."""
        assert self._pathway is not None
        tables = self._pathway.tables
        out = arrays.outcomes(tables, len(starts) - 1)
        room = self._room
        follow(tables, self._texts, room.registers(tables, longest), rows_from(table, room), starts, out)
        result.moves += int(out.moves[0])
        for state, count in zip(self._states, out.final, strict=True):
            if count:
                result.final[state] += int(count)
        for action, counts in zip(self.file.vocabulary.actions, out.kept, strict=True):
            for word, count in zip(WORDS, counts, strict=True):
                if count:
                    result.kept[action, word] += int(count)
        return out.status

    def _continue(self, head: _Open) -> None:
        """The first case of a row group goes on with the last one of the group before, if it is the same."""
        before = self._open
        if before is not None and before.stretch.case == head.stretch.case:
            stretch = replace(before.stretch, count=before.stretch.count + head.stretch.count)
            self._open = _Open(stretch, pa.concat_tables([before.table, head.table]))
            return
        self._finish()
        self._open = head

    def _finish(self) -> None:
        """Follow the case whose end has come in sight."""
        if self._open is None:
            return
        case, result, handed = self._open, BulkResult(), list[tuple[Stretch, str]]()
        self._open = None
        starts, ids = case_starts(case.table)
        self._follow(case.table, starts, ids, case.stretch.group, result, handed)
        self.result.add(result)
        for _, why in handed:
            self._singly(case.stretch, why)

    def _singly(self, stretch: Stretch, why: str) -> None:
        self.result.singly[why] += 1
        rows = self.file.rows_of(stretch)
        replay_singly(stretch.case, rows, self.file.vocabulary, self.compiled, self.result)
