"""The rows of a store's file within one transaction."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from pathway.store.embedded.asking import Row, run, run_many
from pathway.store.embedded.schema import DESCRIBED, described
from pathway.store.embedded.troubles import FROM_BACKUP, told
from pathway.store.port import StoreError
from pathway.store.rows import Course, Step

_STEP = "step.number, course, last_seq, batch, clock, recorded_at, head, seal"
_COURSE = "course.number, case_id, ordinal"


class SqliteRows:
    """Rows within a transaction. `added` is the last step added; `damaged` if something was unreadable."""

    # Marked below: what is put into the text of a query are our own column names; values go by parameter.

    def __init__(self, connection: apsw.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file
        self.added: Step | None = None
        self.damaged = False

    def course(self, case_id: str) -> Course | None:
        sql = f"SELECT {_COURSE} FROM course WHERE case_id = ? ORDER BY ordinal DESC LIMIT 1"  # nosec B608
        row = self._one(sql, case_id)
        return None if row is None else self._course(row)

    def courses(self, case_id: str) -> Sequence[Course]:
        sql = f"SELECT {_COURSE} FROM course WHERE case_id = ? ORDER BY ordinal"  # nosec B608
        return [self._course(row) for row in self._rows(sql, case_id)]

    def all_courses(self) -> Sequence[Course]:
        sql = f"SELECT {_COURSE} FROM course ORDER BY number"  # nosec B608
        return [self._course(row) for row in self._rows(sql)]

    def last_step(self, course: int | None = None) -> Step | None:
        which = "" if course is None else "WHERE course = ?"
        given = () if course is None else (course,)
        row = self._one(f"SELECT {_STEP} FROM step {which} ORDER BY number DESC LIMIT 1", *given)  # nosec B608
        return None if row is None else self._step(row)

    def step(self, number: int) -> Step | None:
        row = self._one(f"SELECT {_STEP} FROM step WHERE number = ?", number)  # nosec B608
        return None if row is None else self._step(row)

    def lines(self, course: int, first: int, last: int) -> Sequence[str]:
        sql = "SELECT line FROM line WHERE course = ? AND seq BETWEEN ? AND ? ORDER BY seq"
        return self._texts(sql, course, first, last)

    def entries(self) -> Sequence[tuple[Course, Step]]:
        sql = f"""
            SELECT {_COURSE}, {_STEP} FROM course JOIN step ON step.number =
                (SELECT max(number) FROM step WHERE course = course.number)
            WHERE ordinal = (SELECT max(ordinal) FROM course AS other WHERE other.case_id = course.case_id)
            ORDER BY case_id"""  # nosec B608
        return [(self._course(row[:3]), self._step(row[3:])) for row in self._rows(sql)]

    def steps(self) -> Iterator[tuple[Course | None, Step]]:
        sql = f"SELECT {_COURSE}, {_STEP} FROM step LEFT JOIN course ON course.number = course ORDER BY 4"  # nosec B608
        for row in self._rows(sql):
            yield (None if row[0] is None else self._course(row[:3])), self._step(row[3:])

    def courses_of_lines(self) -> Sequence[int]:
        found = [row[0] for row in self._rows("SELECT DISTINCT course FROM line")]
        if not all(type(number) is int for number in found):
            raise self._damaged()
        return found

    def damage(self) -> Sequence[str]:
        found = [row[0] for row in self._rows("PRAGMA integrity_check")]
        told = [str(text).strip() for text in found if text != "ok"]
        if frozenset(self._rows(DESCRIBED)) != described():
            told.append("Its tables, or the triggers that refuse changes, are not those of a store")
        return told

    def definition(self, digest: str) -> str | None:
        return next(iter(self._texts("SELECT text FROM definition WHERE digest = ?", digest)), None)

    def digests(self) -> Sequence[str]:
        return self._texts("SELECT digest FROM definition ORDER BY digest")

    def add_course(self, case_id: str, ordinal: int) -> Course:
        self._add("INSERT INTO course (case_id, ordinal) VALUES (?, ?)", (case_id, ordinal))
        return Course(self._connection.last_insert_rowid(), case_id, ordinal)

    def add_lines(self, course: int, first: int, lines: Sequence[str]) -> None:
        rows = [(course, seq, line) for seq, line in enumerate(lines, first)]
        with self._told("cannot be written: nothing was recorded"):
            run_many(self._connection, "INSERT INTO line (course, seq, line) VALUES (?, ?, ?)", rows)

    def add_step(self, step: Step) -> None:
        told = (step.number, step.course, step.last_seq, step.batch, step.clock)
        row = (*told, step.recorded_at, step.head, step.seal)
        self._add("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.added = step

    def add_definition(self, digest: str, text: str) -> None:
        if self.definition(digest) is None:
            self._add("INSERT INTO definition VALUES (?, ?)", (digest, text))

    def _one(self, sql: str, *given: object) -> Row | None:
        return next(iter(self._rows(sql, *given)), None)

    def _rows(self, sql: str, *given: object) -> list[Row]:
        with self._told("cannot be read"):
            return list(run(self._connection, sql, given))

    def _texts(self, sql: str, *given: object) -> list[str]:
        found = [row[0] for row in self._rows(sql, *given)]
        if not all(isinstance(text, str) for text in found):
            raise self._damaged()
        return found

    def _add(self, sql: str, given: Sequence[object]) -> None:
        with self._told("cannot be written: nothing was recorded"):
            run(self._connection, sql, given)

    @contextmanager
    def _told(self, doing: str) -> Generator[None]:
        with told(doing, self._file):
            try:
                yield
            except apsw.CorruptError:
                self.damaged = True
                raise

    def _course(self, row: Row) -> Course:
        if [type(value) for value in row] != [int, str, int]:
            raise self._damaged()
        return Course(*row)

    def _step(self, row: Row) -> Step:
        *numbers, clock, recorded_at, head, seal = row
        numbers += [recorded_at] if clock is None else [clock, recorded_at]
        if not (all(type(one) is int for one in numbers) and isinstance(head, str) and isinstance(seal, str)):
            raise self._damaged()
        return Step(*row)

    def _damaged(self) -> StoreError:
        why = "Reason: a row of it is not of the kind that is kept there"
        return StoreError(f"The store {self._file} cannot be read", why, FROM_BACKUP)


class NoRows:
    """What is seen where nothing was ever kept."""

    def course(self, case_id: str) -> Course | None:
        return None

    def courses(self, case_id: str) -> Sequence[Course]:
        return ()

    def all_courses(self) -> Sequence[Course]:
        return ()

    def last_step(self, course: int | None = None) -> Step | None:
        return None

    def step(self, number: int) -> Step | None:
        return None

    def lines(self, course: int, first: int, last: int) -> Sequence[str]:
        return ()

    def entries(self) -> Sequence[tuple[Course, Step]]:
        return ()

    def steps(self) -> Iterator[tuple[Course | None, Step]]:
        return iter(())

    def courses_of_lines(self) -> Sequence[int]:
        return ()

    def damage(self) -> Sequence[str]:
        return ()

    def definition(self, digest: str) -> str | None:
        return None

    def digests(self) -> Sequence[str]:
        return ()
