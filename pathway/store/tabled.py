"""A store of cases over the rows of a database: the same rules whichever database it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from pathway.engine.events import CaseOpened, Event
from pathway.language.digest import is_written_as
from pathway.logs.chain import Header, Log
from pathway.logs.problems import LogError
from pathway.logs.reading import read_lines
from pathway.store.adding import begin, damaged, go_on
from pathway.store.heads import Heads
from pathway.store.port import CaseEntry, CaseHead, Conflict, StoredCase, StoreError
from pathway.store.rows import BEFORE_ALL, Course, Reading, Step, Tables


class TabledStore:
    """A `Store`. With `heads`, every step is noted there once it is on the disk."""

    def __init__(self, tables: Tables, heads: Heads | None = None) -> None:
        self.tables = tables
        self.heads = heads

    @property
    def place(self) -> str:
        return self.tables.place

    @property
    def caution(self) -> str | None:
        """What has to be known of entries that are kept all the same."""
        return None if self.heads is None else self.heads.caution

    def create(self, header: Header, events: Iterable[Event], definition: str | None = None) -> str:
        """Begin a case; returns the head hash. Raises Conflict if there is one of this id, StoreError."""
        case_id = _checked_id(header.case)
        with self.tables.writing() as rows:
            if rows.course(case_id) is not None:
                what, why = f"There is already a case {case_id!r}", f"It is kept in {self.place}"
                raise Conflict(what, why, "Continue that case, or choose another id.")
            step = begin(rows, rows.add_course(case_id, 1), header, events, definition)
            first = _first_seal(rows)
        return self._kept(step, first)

    def append(self, case_id: str, events: Iterable[Event], expected_seq: int) -> str:
        """Add events after the `expected_seq` known ones, all or none; returns the head hash.

        Raises Conflict when there are more than that by now, StoreError for anything else.
        """
        with self.tables.writing() as rows:
            course, last = self._found(rows, case_id)
            step = go_on(rows, course, last, events, expected_seq)
            first = _first_seal(rows)
        return self._kept(step, first)

    def move(
        self,
        case_id: str,
        last: Iterable[Event],
        expected_seq: int,
        header: Header,
        events: Iterable[Event],
        definition: str | None = None,
    ) -> str:
        """End the log of a case by `last` and begin its next one, on another version, all or none.

        Returns the head hash of the new log. Raises as `append` does.
        """
        with self.tables.writing() as rows:
            course, before = self._found(rows, case_id)
            end = tuple(last)
            ended = go_on(rows, course, before, end, expected_seq) if end else before
            fresh = rows.add_course(case_id, course.ordinal + 1)
            step = begin(rows, fresh, header, events, definition)
            first = _first_seal(rows)
        self._kept(ended, first)
        return self._kept(step, first)

    def load(self, case_id: str) -> Log:
        """The whole log, checked; of a case that was moved, the last one. Raises StoreError."""
        with self.tables.reading() as rows:
            course, last = self._found(rows, case_id)
            lines = rows.lines(course.number, 0, last.last_seq)
        return self._checked(course, last, lines)

    def courses(self, case_id: str) -> list[Log]:
        """All logs of a case, checked: one, and one more for each time it was moved. Raises StoreError."""
        with self.tables.reading() as rows:
            self._found(rows, case_id)
            found = [(course, _last_of(rows, course)) for course in rows.courses(case_id)]
            texts = [rows.lines(course.number, 0, last.last_seq) for course, last in found]
        return [self._checked(*one, lines) for one, lines in zip(found, texts, strict=True)]

    def lines(self, case_id: str) -> bytes:
        """The log of `load` byte for byte, unchecked. Raises StoreError."""
        with self.tables.reading() as rows:
            course, last = self._found(rows, case_id)
            return _joined(rows.lines(course.number, 0, last.last_seq))

    def cases(self) -> list[StoredCase]:
        """All cases, by id; a damaged one is listed with its problem. Raises StoreError."""
        with self.tables.reading() as rows:
            return [self._listed(rows, *one) for one in rows.entries()]

    def entries(self) -> list[CaseEntry]:
        """All cases, by id, no log read. Raises StoreError."""
        with self.tables.reading() as rows:
            found = rows.entries()
        return [CaseEntry(course.case, last.recorded_at, last.number) for course, last in found]

    def head_of(self, case_id: str) -> CaseHead:
        """How the log begins, checked; the rest is not looked at. Raises StoreError."""
        with self.tables.reading() as rows:
            course, _ = self._found(rows, case_id)
            lines = rows.lines(course.number, 0, 1)
        log = self._read(course, lines)
        opened = log.events[0] if log.events else None
        return CaseHead(log.header, opened.label if isinstance(opened, CaseOpened) else None)

    def length(self, case_id: str) -> int:
        """How many events the case has by now. Raises StoreError."""
        with self.tables.reading() as rows:
            return self._found(rows, case_id)[1].last_seq

    def exists(self, case_id: str) -> bool:
        """Whether there is a case of this id, damaged or not. Raises StoreError."""
        with self.tables.reading() as rows:
            return rows.course(_checked_id(case_id)) is not None

    def definition(self, digest: str) -> str | None:
        """The text of a definition that a case was begun on, as given to `create`. Raises StoreError."""
        with self.tables.reading() as rows:
            text = rows.definition(digest)
        if text is not None and not is_written_as(text, digest):
            what = f"The kept definition {digest[:12]} cannot be used"
            why = f"Its text in {self.place} was changed after it was kept"
            raise StoreError(what, why, "Take the store from a backup, or give the definition's own file.")
        return text

    def _found(self, rows: Reading, case_id: str) -> tuple[Course, Step]:
        course = rows.course(_checked_id(case_id))
        if course is None:
            why = f"The store {self.place} has none of this id"
            raise StoreError(f"There is no case {case_id!r}", why, "Check the id, or open a new case.")
        return course, _last_of(rows, course)

    def _kept(self, step: Step, first: str) -> str:
        if self.heads is not None:
            self.heads.note(step, first)
        return step.head

    def _listed(self, rows: Reading, course: Course, last: Step) -> StoredCase:
        try:
            lines = rows.lines(course.number, 0, last.last_seq)
            log = read_lines(Path(self.place), BytesIO(_joined(lines))).log
        except (LogError, StoreError) as error:
            return StoredCase(course.case, problem=str(error))
        problem = str(log.problem) if log.problem is not None else _misfit(course, last, log)
        return _summary(course.case, log, problem)

    def _checked(self, course: Course, last: Step, lines: Sequence[str]) -> Log:
        log = self._read(course, lines)
        misfit = _misfit(course, last, log)
        if misfit is not None:
            raise damaged(
                course.case, misfit, "Take the store from a backup; `pathway cases verify` says more."
            )
        return log

    def _read(self, course: Course, lines: Sequence[str]) -> Log:
        try:
            log = read_lines(Path(self.place), BytesIO(_joined(lines))).log
            if log.problem is not None:
                raise log.problem
        except LogError as error:
            raise damaged(course.case, f"{error.place}{error.what}. {error.why}", error.fix) from error
        return log


def _last_of(rows: Reading, course: Course) -> Step:
    last = rows.last_step(course.number)
    if last is None:
        why = "The store has none of the steps that recorded it: rows were removed"
        raise damaged(course.case, why, "Take the store from a backup; `pathway cases verify` says more.")
    return last


def _first_seal(rows: Reading) -> str:
    first = rows.step(1)
    return first.seal if first is not None else BEFORE_ALL


def _joined(lines: Sequence[str]) -> bytes:
    return b"".join(line.encode() + b"\n" for line in lines)


def _misfit(course: Course, last: Step, log: Log) -> str | None:
    """What a log whose chain is whole has that its last step does not, or the other way round."""
    if log.header.case != course.case:
        return f"Its log is that of the case {log.header.case!r}"
    if log.head != last.head or len(log.events) != last.last_seq:
        return f"Its log has {len(log.events)} events where {last.last_seq} were recorded, or other ones"
    return None


def _summary(case_id: str, log: Log, problem: str | None) -> StoredCase:
    header, opened = log.header, log.events[0] if log.events else None
    return StoredCase(
        case=case_id,
        pathway=header.pathway,
        version=header.version,
        digest=header.digest,
        label=opened.label if isinstance(opened, CaseOpened) else None,
        events=len(log.events),
        last_at=log.last_at,
        closed=log.closed,
        problem=problem,
    )


def _checked_id(case_id: str) -> str:
    if case_id == "":
        raise StoreError("A case needs an id", "The given id is empty", "Give it one.")
    if "\0" in case_id or any("\ud800" <= sign <= "\udfff" for sign in case_id):
        why = "It holds a NUL or half of a character pair (a lone surrogate), which is not text"
        raise StoreError(f"{case_id!r} cannot be a case id", why, "Choose another id.")
    return case_id
