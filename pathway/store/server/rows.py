"""The rows of a store on a server within one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from pathway.store.rows import Course, Step
from pathway.store.server.address import Address
from pathway.store.server.schema import CONSTRAINTS, COURSE, DEFINITION, LINE, REFUSAL, SCHEMA, STEP, triggers
from pathway.store.server.troubles import READ, told

_COURSE = (COURSE.c.number, COURSE.c.case_id, COURSE.c.ordinal)
_TRIGGERS = text(
    "SELECT tgname, relname, tgenabled = 'A' AND prosrc = :refusal AS is_ours FROM pg_catalog.pg_trigger "
    "JOIN pg_catalog.pg_class ON pg_class.oid = tgrelid JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid "
    "WHERE relnamespace = to_regnamespace(:schema) AND NOT tgisinternal"
)
_CONSTRAINTS = text(
    "SELECT relname, contype FROM pg_catalog.pg_constraint "
    "JOIN pg_catalog.pg_class ON pg_class.oid = conrelid "
    "WHERE relnamespace = to_regnamespace(:schema) AND convalidated"
)


class ServerRows:
    """Rows within a transaction; `doing` says in messages what it is for."""

    def __init__(self, connection: Connection, address: Address, doing: str) -> None:
        self._connection = connection
        self._address = address
        self._doing = doing

    def course(self, case_id: str) -> Course | None:
        asked = select(*_COURSE).where(COURSE.c.case_id == case_id).order_by(COURSE.c.ordinal.desc()).limit(1)
        return next(iter(self._courses(asked)), None)

    def courses(self, case_id: str) -> Sequence[Course]:
        return self._courses(select(*_COURSE).where(COURSE.c.case_id == case_id).order_by(COURSE.c.ordinal))

    def all_courses(self) -> Sequence[Course]:
        return self._courses(select(*_COURSE).order_by(COURSE.c.number))

    def last_step(self, course: int | None = None) -> Step | None:
        asked = select(STEP).order_by(STEP.c.number.desc()).limit(1)
        return self._step(asked if course is None else asked.where(STEP.c.course == course))

    def step(self, number: int) -> Step | None:
        return self._step(select(STEP).where(STEP.c.number == number))

    def lines(self, course: int, first: int, last: int) -> Sequence[str]:
        asked = select(LINE.c.line).where(LINE.c.course == course, LINE.c.seq.between(first, last))
        return [row[0] for row in self._rows(asked.order_by(LINE.c.seq))]

    def entries(self) -> Sequence[tuple[Course, Step]]:
        later, other = STEP.alias(), COURSE.alias()
        last = select(func.max(later.c.number)).where(later.c.course == COURSE.c.number).scalar_subquery()
        latest = select(func.max(other.c.ordinal)).where(other.c.case_id == COURSE.c.case_id)
        asked = select(*_COURSE, STEP).join_from(COURSE, STEP, STEP.c.number == last)
        asked = asked.where(COURSE.c.ordinal == latest.scalar_subquery()).order_by(COURSE.c.case_id)
        return [(Course(*row[:3]), Step(*row[3:])) for row in self._rows(asked)]

    def steps(self) -> Iterator[tuple[Course | None, Step]]:
        asked = select(*_COURSE, STEP).select_from(STEP)
        asked = asked.outerjoin(COURSE, COURSE.c.number == STEP.c.course).order_by(STEP.c.number)
        for row in self._rows(asked):
            yield None if row[0] is None else Course(*row[:3]), Step(*row[3:])

    def courses_of_lines(self) -> Sequence[int]:
        return [row[0] for row in self._rows(select(LINE.c.course).distinct())]

    def damage(self) -> Sequence[str]:
        """Missing keys and triggers: without them rows could be changed or doubled."""
        asked = self._rows(_TRIGGERS.bindparams(refusal=REFUSAL, schema=SCHEMA))
        found = {name: table for name, table, is_ours in asked if is_ours}
        found_keys = set(self._rows(_CONSTRAINTS.bindparams(schema=SCHEMA)))
        lost = [name for name, table in triggers().items() if found.get(name) != table]
        others = sorted({name for name, _, _ in asked} - triggers().keys())
        return [
            *(f"The trigger {name} is missing, changed or switched off" for name in lost),
            *(f"The trigger {name} is not one of a case store" for name in others),
            *(f"The table {table} lacks a key" for table, _ in sorted(CONSTRAINTS - found_keys)),
        ]

    def definition(self, digest: str) -> str | None:
        found = self._rows(select(DEFINITION.c.text).where(DEFINITION.c.digest == digest))
        return found[0][0] if found else None

    def digests(self) -> Sequence[str]:
        return [row[0] for row in self._rows(select(DEFINITION.c.digest).order_by(DEFINITION.c.digest))]

    def add_course(self, case_id: str, ordinal: int) -> Course:
        # Not of a sequence: its numbers would have gaps, and it would be one more thing to have rights on.
        last = self._rows(select(func.coalesce(func.max(COURSE.c.number), 0)))[0][0]
        fresh = Course(last + 1, case_id, ordinal)
        self._add(insert(COURSE), {"number": fresh.number, "case_id": case_id, "ordinal": ordinal})
        return fresh

    def add_lines(self, course: int, first: int, lines: Sequence[str]) -> None:
        if lines:
            rows = [{"course": course, "seq": seq, "line": line} for seq, line in enumerate(lines, first)]
            self._add(insert(LINE), *rows)

    def add_step(self, step: Step) -> None:
        self._add(insert(STEP), {column.name: getattr(step, column.name) for column in STEP.columns})

    def add_definition(self, digest: str, text: str) -> None:
        if self.definition(digest) is None:
            self._add(insert(DEFINITION), {"digest": digest, "text": text})

    def _courses(self, asked: Executable) -> list[Course]:
        return [Course(*row) for row in self._rows(asked)]

    def _step(self, asked: Executable) -> Step | None:
        found = self._rows(asked)
        return Step(*found[0]) if found else None

    def _rows(self, asked: Executable) -> list[tuple[Any, ...]]:
        with told(self._doing, self._address):
            try:
                return [tuple(row) for row in self._connection.execute(asked)]
            except DBAPIError as error:
                # What cannot be read keeps nobody from reading the rest; what cannot be written does.
                if self._doing == READ and not error.connection_invalidated:
                    self._connection.rollback()
                raise

    def _add(self, what: Executable, *rows: Mapping[str, object]) -> None:
        with told(self._doing, self._address):
            self._connection.execute(what, list(rows))
