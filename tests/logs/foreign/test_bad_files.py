"""Damaged and hostile files are told row by row, and the good cases in them are still read."""

from __future__ import annotations

import gzip
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.logs.foreign.finding import CUT_OFF, UNREADABLE_ROW
from pathway.logs.foreign.mapping import LogMapping, read_mapping
from pathway.logs.foreign.reading import ForeignLog, read_foreign
from pathway.logs.problems import LogError
from tests.logs.foreign.conftest import COLUMNS, WARD_MAP, Ward, csv_text, row, ward_definition

EIGHT, NINE = "2026-03-01T08:00:00", "2026-03-01T09:00:00"
FOLDER: dict[str, Path] = {}
GOOD = "A,Arrival,2026-03-01T08:00:00,,,,,,,,\n"
HEAD = ",".join(COLUMNS) + "\n"


@cache
def ward_mapping() -> LogMapping:
    return read_mapping(WARD_MAP, ward_definition())


def found(log: ForeignLog) -> list[tuple[str | None, int, str]]:
    """Case, line and class of everything that is told."""
    every = [*log.findings, *(finding for case in log.cases for finding in case.findings)]
    return [(one.case, one.row, one.class_) for one in every]


def whole(log: ForeignLog) -> list[str]:
    return [case.id for case in log.cases if not case.set_aside]


@pytest.mark.parametrize(
    ("bad", "case"),
    [
        ("B,Arrival\n", "B"),
        ("B,Arrival,2026-03-01T08:00:00,,,,,,,,,more\n", "B"),
        ('B,"Arrival"x,2026-03-01T08:00:00,,,,,,,,\n', "B"),
        ('"B"x,Arrival,2026-03-01T08:00:00,,,,,,,,\n', None),
        ("B,Arrival,2026-03-01T08:00:00,J\xf6rg,,,,,,,\n", "B"),
        ("B,Arrival,yesterday,,,,,,,,\n", "B"),
        ("B,Arrival,2026-10-25T02:30:00,,,,,,,,\n", "B"),
        (",Arrival,2026-03-01T08:00:00,,,,,,,,\n", None),
        ("B,Arrival," + "x" * 200_000 + ",,,,,,,,\n", "B"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_are_read(
    ward: Ward, bad: str, case: str | None
) -> None:
    log = ward.read((HEAD + GOOD + bad + GOOD.replace("A,", "C,")).encode("latin-1"))
    assert found(log) == [(case, 3, UNREADABLE_ROW)]
    assert whole(log) == ["A", "C"]


def test_a_line_that_is_too_long_is_one_row_and_the_next_ones_keep_their_numbers(ward: Ward) -> None:
    log = ward.read(HEAD + f"B,{'x' * (3 << 20)}\n" + GOOD)
    assert (found(log), whole(log)) == ([("B", 2, UNREADABLE_ROW)], ["A"])
    assert log.cases[1].timeline.entries[0].place.line == 3


def test_a_bad_row_whose_case_stands_in_quotation_marks_sets_that_case_aside(ward: Ward) -> None:
    log = ward.read(HEAD + GOOD + '"A","Antibiotic"x,2026-03-01T09:00:00,,,,,,,,\n')
    assert (found(log), whole(log)) == ([("A", 3, UNREADABLE_ROW)], [])


def test_a_file_of_another_alphabet_is_told_with_what_to_do(ward: Ward) -> None:
    with pytest.raises(LogError, match="Save the file as UTF-8"):
        ward.read((HEAD + GOOD).encode("utf-16"))
    with pytest.raises(LogError, match="a carriage return alone"):
        ward.read((HEAD + GOOD).replace("\n", "\r"))


def test_a_quotation_mark_that_nobody_closes_swallows_no_row_of_another_case(ward: Ward) -> None:
    rows = HEAD + GOOD + 'B,"Arrival,2026-03-01T08:00:00,,,,,,,,\n' + GOOD.replace("A,", "C,") * 3
    log = ward.read(rows)
    assert found(log)[:2] == [("B", 3, UNREADABLE_ROW), ("C", 5, "repeated row")]
    assert whole(log) == ["A", "C"]


def test_a_row_that_swallowed_another_gives_it_back(ward: Ward) -> None:
    rows = HEAD + 'B,"Arrival,2026-03-01T08:00:00,,,,,,,,\n' + 'C,"",Arrival,2026-03-01T08:00:00\n' + GOOD
    log = ward.read(rows)
    assert found(log) == [("B", 2, UNREADABLE_ROW), ("C", 3, UNREADABLE_ROW)]
    assert whole(log) == ["A"]


def test_what_a_log_says_is_repeated_briefly_and_acts_on_no_terminal(ward: Ward) -> None:
    rows = [row("A", "\x1b[2J" + "x" * 90_000, EIGHT), row("A", "Culture", "\x1b" * 90_000)]
    told = [text for one in ward.read(rows).cases[0].findings for text in (one.logged, one.why)]
    assert all(len(text) < 600 and text.isprintable() for text in told)


@given(st.binary(max_size=300))
def test_no_bytes_bring_the_readers_down(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    mapping = ward_mapping()
    for name, head in (
        ("log.csv", (HEAD + GOOD).encode()),
        ("log.xes", b"<log><trace>"),
        ("log.csv.gz", b""),
    ):
        file = FOLDER.setdefault(name, tmp_path_factory.mktemp("noise") / name)
        file.write_bytes(head + noise)
        with suppress(LogError):
            read_foreign(file, mapping)


def test_a_cell_may_hold_separators_quotes_and_lines(ward: Ward) -> None:
    log = ward.read([row('a;"b"\nc', "Arrival", EIGHT), row("D", "Arrival", NINE)])
    assert whole(log) == ['a;"b"\nc', "D"]
    assert [case.timeline.entries[0].place.line for case in log.cases] == [2, 4]


def test_a_packed_file_that_was_cut_off_is_told_with_the_case_that_it_cuts(
    ward: Ward, tmp_path: Path
) -> None:
    lines = csv_text([row(f"P{number}", "Arrival", EIGHT) for number in range(5000)])
    file = tmp_path / "log.csv.gz"
    file.write_bytes(gzip.compress(lines.encode())[:-4000])
    log = read_foreign(file, ward.mapping)
    [finding] = [finding for case in log.cases for finding in case.findings if finding.class_ == CUT_OFF]
    assert finding.case == log.cases[-1].id
    assert "ends in the middle" in finding.why
    assert whole(log) == [case.id for case in log.cases[:-1]]
    assert len(log.cases) > 100


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no line of names"),
        (HEAD.replace("what", "activity"), "no column `what`"),
        (HEAD.replace("when", "wen"), "Did you mean `wen`"),
        (HEAD.replace(",", ";"), "separator: ';'"),
        (HEAD.replace("crp", "who"), "`who` stands twice"),
        ('patient,"what', "line of names is not written as CSV"),
    ],
)
def test_a_file_without_the_columns_is_refused_with_the_way_to_mend_it(
    ward: Ward, content: str, told: str
) -> None:
    with pytest.raises(LogError, match=r"log\.csv") as caught:
        ward.read(content)
    assert told in str(caught.value)


def test_a_byte_order_mark_and_an_encoding_are_read(ward: Ward) -> None:
    assert whole(ward.read("\ufeff" + HEAD + GOOD)) == ["A"]
    mapping = ward.mapped(case="case: patient\ncsv: {encoding: windows-1252}")
    log = ward.read((HEAD + GOOD.replace("A,", "J\xf6rg \x80,")).encode("latin-1"), mapping)
    assert whole(log) == ["J\xf6rg \u20ac"]


def test_a_file_of_no_known_format_and_one_that_is_not_there_are_told(ward: Ward, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no known format"):
        read_foreign(tmp_path / "log.xlsx", ward.mapping)
    for name in ("none.csv", "none.xes", "none.parquet"):
        with pytest.raises(LogError, match="no such file"):
            read_foreign(tmp_path / name, ward.mapping)
