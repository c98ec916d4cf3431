"""The words of a row in the list of cases, and their order."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.support import NOON, a_view, late_antibiotic, workup
from tui.cases.rows import cells, columns_of, count_words, detail_lines, due_words, in_order, narrowed
from tui.cases.standing import stands_words
from tui.session import ListedCase, Standing

STANDING = Standing(("2 Workup",), "UTC", NOON + 60, "Lumbar puncture", "soon", warnings=3, grave=1)
ROW = ListedCase(
    "f",
    "v-1",
    NOON,
    label="bed 7",
    pathway="demo",
    version="1.0.0",
    stamp="DRAFT: not approved for clinical use",
    standing=STANDING,
    has_head=True,
    is_read=True,
)


def test_warnings_that_nobody_acknowledged_are_counted() -> None:
    assert cells(ROW, NOON, columns_of(80))[5] == "3"
    told = " ".join(line.text for line in detail_lines(ROW, NOON, lambda id: id))
    assert "3 not acknowledged, 1 of them high" in told


def test_a_due_time_is_soon_until_its_very_second_and_late_after_it() -> None:
    assert due_words(ROW, NOON) == "soon, 1 min left"
    assert due_words(ROW, NOON + 60) == "soon, due now"
    assert due_words(ROW, NOON + 61) == "LATE by less than 1 min"


def test_nothing_is_due_in_a_closed_case_and_what_was_not_read_is_not_said_to_be_in_time() -> None:
    assert due_words(replace(ROW, closed=True), NOON + 999) == "nothing due"
    unread = replace(ROW, standing=None, is_read=False)
    assert due_words(unread, NOON) == "not read yet"
    assert due_words(replace(unread, is_read=True), NOON) == "not known"


def test_while_cases_are_unread_the_count_says_that_a_late_one_may_come_up() -> None:
    unread = replace(ROW, key="g", standing=None, is_read=False)
    assert "1 read so far, a LATE one may still come up" in count_words([ROW, unread], 2, 200, NOON)
    assert count_words([ROW], 1, 200, NOON) == "1 case, 0 LATE"
    assert count_words([ROW], 1, 200, NOON + 61) == "1 case, 1 LATE"


def test_every_word_that_is_typed_has_to_be_in_the_row() -> None:
    other = replace(ROW, key="g", case="v-2", label="[/b] [red]x")
    assert narrowed([ROW, other], "WORKUP bed", NOON) == [ROW]
    assert narrowed([ROW, other], "[/b]", NOON) == [other]
    assert narrowed([ROW, other], "open", NOON) == [ROW, other]


def test_every_cell_fits_its_column_and_the_row_its_window() -> None:
    long = replace(ROW, case="v" * 99, label="界" * 99, pathway="p" * 99)
    for width in (80, 160):
        columns = columns_of(width)
        assert sum(columns.widths) + len(columns.widths) < width
        assert all(
            len(cell) <= room for cell, room in zip(cells(long, NOON, columns), columns.widths, strict=True)
        )
        assert "@1.0.0" in cells(long, NOON, columns_of(80))[2]


def test_of_two_late_cases_the_one_that_was_due_first_is_on_top() -> None:
    later = replace(ROW, key="g", standing=replace(STANDING, due=NOON - 5))
    sooner = replace(ROW, key="h", standing=replace(STANDING, due=NOON - 50))
    assert in_order([ROW, later, sooner], NOON) == [sooner, later, ROW]


def test_where_nothing_is_to_be_done_a_case_stands_where_its_first_track_ended() -> None:
    """An action track that was left at its last deed does not hide how the case has ended."""
    care = replace(workup(), state_title="Follow-up ended", number=14, kind="enquiry", transitions=())
    given = replace(workup(), track="emergency", state_title="First dose given", number=15, transitions=())
    ended = a_view(tracks=(care, given), actions=())
    assert stands_words(ended) == ("14 Follow-up ended", "15 First dose given")
    busy = replace(ended, actions=(late_antibiotic(),))
    assert stands_words(busy) == ("15 First dose given", "14 Follow-up ended")
    assert stands_words(replace(busy, closed=True))[0] == "14 Follow-up ended"
