"""Adding what was recorded at once to the rows of a store: its lines, and the step they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from pathway.engine.events import Event
from pathway.language.digest import is_written_as
from pathway.logs.chain import Chain, Header
from pathway.logs.problems import LogError
from pathway.store.port import Conflict, StoreError
from pathway.store.rows import BEFORE_ALL, Course, Step, Writing


def begin(
    rows: Writing, course: Course, header: Header, events: Iterable[Event], definition: str | None
) -> Step:
    """Add the first lines of a course, and the definition it is begun on where it is not kept yet."""
    if definition is not None and rows.definition(header.digest) is None:
        if not is_written_as(definition, header.digest):
            what = f"The case {course.case!r} cannot be begun"
            raise StoreError(what, "The given definition is not the one its header names", "Give that one.")
        rows.add_definition(header.digest, definition)
    return _added(rows, course, Chain.start(header), (), events, header_line=True)


def go_on(rows: Writing, course: Course, last: Step, events: Iterable[Event], expected_seq: int) -> Step:
    """Add lines after the `expected_seq` known ones. Raises Conflict if there are more by now."""
    _refuse_other_length(course.case, last.last_seq, expected_seq)
    line = rows.lines(course.number, last.last_seq, last.last_seq)
    if not line or f'"hash":"{last.head}"' not in line[0]:
        raise damaged(course.case, "Its last line is not the one that was recorded", "Take it from a backup.")
    before = Chain(last.head, b"", last.last_seq, last.batch, last.clock)
    return _added(rows, course, before, (last,), events, header_line=False)


def _added(
    rows: Writing,
    course: Course,
    before: Chain,
    earlier: Sequence[Step],
    events: Iterable[Event],
    *,
    header_line: bool,
) -> Step:
    """Add the lines and the step that they are."""
    given = tuple(events)
    links = list(_links(before, given))
    lines = [link.line for link in chain([before] if header_line else [], links)]
    rows.add_lines(
        course.number,
        0 if header_line else before.seq + 1,
        [line.removesuffix(b"\n").decode() for line in lines],
    )
    end, last = (links[-1] if links else before), rows.last_step()
    since = max((step.recorded_at for step in earlier), default=0)
    step = Step(
        number=1 if last is None else last.number + 1,
        course=course.number,
        last_seq=end.seq,
        batch=end.batch,
        clock=end.clock,
        recorded_at=max((event.recorded_at for event in given), default=since),
        head=end.head,
    ).sealed(course, BEFORE_ALL if last is None else last.seal)
    rows.add_step(step)
    return step


def _links(before: Chain, events: Iterable[Event]) -> Iterable[Chain]:
    link = before
    for event in events:
        try:
            link = link.then(event)
        except LogError as error:
            raise StoreError(f"Nothing was recorded: {error.what}", error.why, error.fix) from error
        yield link


def damaged(case_id: str, why: str, fix: str) -> StoreError:
    """What is said of a case whose rows do not fit each other."""
    return StoreError(f"The case {case_id!r} cannot be loaded", why, fix)


def _refuse_other_length(case_id: str, found: int, expected: int) -> None:
    what = f"Nothing was recorded in the case {case_id!r}"
    if found > expected:
        why = f"Its log has {found} events by now, not {expected}: someone else recorded in it"
        raise Conflict(what, why, "Look at what is new, then enter it again.")
    if found < expected:
        why = f"Its log has only {found} of the {expected} events known here: an older copy took its place"
        raise StoreError(what, why, "Find out who replaced the store.")
