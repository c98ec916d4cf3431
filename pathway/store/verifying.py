"""Whether a store still is what was recorded in it: every line, every step, and what was noted elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from pathway.language.digest import is_written_as
from pathway.logs.problems import LogError
from pathway.logs.reading import read_lines
from pathway.store.heads import Noted
from pathway.store.port import StoreError
from pathway.store.rows import BEFORE_ALL, Course, Reading, Step, Tables

Row = TypeVar("Row")
MOST = 1_000_000_000  # lines of a course: all


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """Something in a store that was not recorded there, or is there no more.

    `case` is the id of the case it concerns; None where it concerns the store.
    """

    what: str
    why: str
    case: str | None = None

    @property
    def text(self) -> str:
        return f"{self.what}. {self.why}."


def verify(tables: Tables, noted: Sequence[Noted] = ()) -> list[StoreFinding]:
    """Everything that does not fit; nothing for a sound store.

    Held against each other: the file's own structure, the chain of each log, the seals over all steps, the
    last line of each log and its last step, the digests of kept definitions, and the heads `noted` outside
    (which alone can show that the end is missing). Raises StoreError only where the store cannot be reached.
    """
    findings: list[StoreFinding] = []
    try:
        with tables.reading() as rows:
            damage = _read(findings, "The file", lambda: list(rows.damage()))
            findings += [StoreFinding("The store is damaged", text) for text in damage]
            steps = _read(findings, "The steps", lambda: list(rows.steps()))
            findings += _seals(steps)
            findings += _against(noted, {step.number: step.seal for _, step in steps})
            courses = _read(findings, "The cases", lambda: list(rows.all_courses()))
            lasts = {step.course: step for _, step in steps}
            for course in courses:
                findings += _course(rows, course, lasts.get(course.number))
            findings += _read(findings, "The lines", lambda: list(_strays(rows, courses)))
            findings += _read(findings, "The definitions", lambda: list(_definitions(rows)))
    except StoreError as error:
        findings.append(StoreFinding(error.what, error.why))
    return findings


def _read(findings: list[StoreFinding], what: str, read: Callable[[], list[Row]]) -> list[Row]:
    try:
        return read()
    except StoreError as error:
        findings.append(StoreFinding(f"{what} cannot be read", error.why))
        return []


def _seals(steps: Iterable[tuple[Course | None, Step]]) -> Generator[StoreFinding]:
    """Steps that are missing, or are not as they were recorded."""
    expected, before = 1, BEFORE_ALL
    for course, step in steps:
        if step.number != expected:
            what = (
                f"Step {expected} is missing" if step.number > expected else f"Step {step.number} is no step"
            )
            yield StoreFinding(what, f"The next one is step {step.number}: steps are numbered without a gap")
        elif course is None:
            yield StoreFinding(f"Step {step.number} is of no case", f"There is no course {step.course}")
        elif step.sealed(course, before).seal != step.seal:
            why = "Its seal does not fit what it says and the step before it"
            yield StoreFinding(f"Step {step.number} was changed, or the one before it", why, course.case)
        expected, before = step.number + 1, step.seal


def _against(noted: Iterable[Noted], seals: dict[int, str]) -> Generator[StoreFinding]:
    """What was noted outside and the store has no more."""
    for one in noted:
        if seals.get(1) != one.store:
            why = f"One of {one.step} steps was noted for this place, and this one did not begin as it did"
            yield StoreFinding("Another store is in its place", why)
        elif one.step not in seals:
            why = f"Step {one.step} was recorded, and the last one here is {max(seals)}"
            yield StoreFinding("The end of the store is missing", why)
        elif seals[one.step] != one.seal:
            why = "Its seal is another one than was noted when it was recorded"
            yield StoreFinding(f"Step {one.step} is not the one that was recorded", why)


def _course(rows: Reading, course: Course, last: Step | None) -> Generator[StoreFinding]:
    """One log: its chain, its case, and its last step."""
    if last is None:
        yield StoreFinding("A case has no steps", "The steps that recorded it were removed", course.case)
        return
    try:
        lines = rows.lines(course.number, 0, MOST)
        log = read_lines(Path("its log"), BytesIO(b"".join(line.encode() + b"\n" for line in lines))).log
        if log.problem is not None:
            raise log.problem
    except (LogError, StoreError) as error:
        place = error.place if isinstance(error, LogError) else ""
        yield StoreFinding(f"{place}{error.what}", error.why, course.case)
        return
    if log.header.case != course.case:
        yield StoreFinding("A log is of another case", f"It is that of {log.header.case!r}", course.case)
    if (len(log.events), log.head) != (last.last_seq, last.head):
        why = f"Its log has {len(log.events)} events where {last.last_seq} were recorded, or other ones"
        yield StoreFinding("A log is not the one that was recorded", why, course.case)


def _strays(rows: Reading, courses: Sequence[Course]) -> Generator[StoreFinding]:
    """Courses out of order, and lines that belong to none."""
    ordinals: dict[str, int] = {}
    for course in courses:
        expected = ordinals.get(course.case, 0) + 1
        ordinals[course.case] = course.ordinal
        if course.ordinal != expected:
            yield StoreFinding("A log of a case is missing", f"Number {expected} is not there", course.case)
    strays = sorted(set(rows.courses_of_lines()) - {course.number for course in courses})
    if strays:
        yield StoreFinding("Lines belong to no case", f"They are of the courses {strays}")


def _definitions(rows: Reading) -> Generator[StoreFinding]:
    for digest in rows.digests():
        text = rows.definition(digest)
        if text is None or not is_written_as(text, digest):
            yield StoreFinding(
                f"The kept definition {digest[:12]} was changed", "Its text has another digest"
            )
