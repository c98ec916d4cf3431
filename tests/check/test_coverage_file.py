"""`coverage.yaml` is read with every mistake placed, and rewritten without touching what is by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.check.coverage_file import coverage_from_text, coverage_path, read_coverage
from pathway.check.coverage_writing import HEAD, Matrix, rendered, rewritten, write_coverage
from pathway.language.problems import DefinitionError
from tests.check.deletions import gathered_from

MATRIX: Matrix = {"S1": ("facts.a", "facts.b"), "S2": ()}
WRITTEN = "statements:\n  S1: [facts.a, facts.b]\n  S2: []\n"
BY_HAND = """\
# ours, keep
set_aside:   # by hand
  S2: >-
    Thanks to the
    authors
  # S3 was here once
"""


def again(text: str, matrix: Matrix = MATRIX) -> str:
    return rewritten(text, coverage_from_text(text, "coverage.yaml"), matrix)


def refusal(text: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        coverage_from_text(text, "coverage.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "coverage.yaml:1:1", "This file is empty"),
        ("- S1\n", "coverage.yaml:1:1", "Write `set_aside:` and `statements:`"),
        ("set_asid: {S1: Thanks}\n", "coverage.yaml:1:1", "Did you mean `set_aside`?"),
        ("set_aside: [S1]\n", "coverage.yaml:1:12", "begin with a statement id"),
        ("set_aside:\n  S1:\n", "coverage.yaml:2:3", "`S1` is set aside without a reason"),
        ('set_aside:\n  S1: "  "\n', "coverage.yaml:2:3", "`S1` is set aside without a reason"),
        ("set_aside:\n  S1: '-'\n", "coverage.yaml:2:3", "`S1` is set aside without a reason"),
        ("set_aside:\n  S1: [Thanks]\n", "coverage.yaml:2:3", "`S1` is set aside without a reason"),
        ("statements: {S1: facts.a}\n", "coverage.yaml:1:18", "`statements.S1` is a list of elements"),
        ("statements: {S1: [[facts.a]]}\n", "coverage.yaml:1:19", "lists names of elements"),
        ("statements: {S1: [~]}\n", "coverage.yaml:1:19", "lists names of elements"),
        ("statements:\n  S1: [facts.a\n", "coverage.yaml:2:7", "is not closed"),
        ("statements:\n  S1: []\n  S1: []\n", "coverage.yaml:3:3", "S1"),
    ],
)
def test_what_is_wrong_with_it_is_said_with_its_place(text: str, where: str, words: str) -> None:
    said = refusal(text)
    assert said.startswith(where)
    assert words in said


def test_everything_wrong_is_said_at_once() -> None:
    assert "3 problems found." in refusal("asides: {}\nset_aside: {S1: }\nstatements: {S1: a}\n")


def test_keys_with_nothing_under_them_are_empty() -> None:
    read = coverage_from_text("set_aside:\n  # S1: not yet\nstatements:\n", "coverage.yaml")
    assert (read.set_aside, read.statements) == ({}, {})


def test_only_a_folder_keeps_one_beside_its_main_file(tmp_path: Path) -> None:
    assert coverage_path(tmp_path / "pathway.yaml") == tmp_path / "coverage.yaml"
    assert coverage_path(tmp_path / "mine.yaml") is None
    assert read_coverage(tmp_path / "coverage.yaml") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BY_HAND, BY_HAND + WRITTEN),
        (BY_HAND.rstrip("\n"), BY_HAND + WRITTEN),
        (f"{BY_HAND}\nstatements:\n  S9: [x]\n", f"{BY_HAND}\n{WRITTEN}"),
        (f"{BY_HAND}\nstatements:", f"{BY_HAND}\n{WRITTEN}"),
        (f"{BY_HAND}statements:\n  S9: [x,\n    y]\n\n# the end\n", f"{BY_HAND}{WRITTEN}\n# the end\n"),
        (f"statements: {{S9: [x]}}\n\n{BY_HAND}", f"{WRITTEN}\n{BY_HAND}"),
        (f"statements:\n  S9:\n  - x\n  # gone\n# kept\n{BY_HAND}", f"{WRITTEN}# kept\n{BY_HAND}"),
        (f"---\n{BY_HAND}statements:\n  S9: [x]\n", f"---\n{BY_HAND}{WRITTEN}"),
        (HEAD + "statements: {}\n", HEAD + WRITTEN),
        (f"{BY_HAND}{WRITTEN}".replace("\n", "\r\n"), f"{BY_HAND}{WRITTEN}".replace("\n", "\r\n")),
    ],
)
def test_rewriting_changes_the_matrix_and_nothing_else(before: str, after: str) -> None:
    assert again(before) == after
    assert again(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "{set_aside: {S2: Thanks}, statements: {S9: [x]}}\n",
        "{set_aside: {S2: Thanks},\n statements: {S9: [x]}}\n",
        " set_aside: {S2: Thanks}\n",
        "set_aside: {S2: Thanks}\n...\n",
        "statements: {S9: [&x Thanks]}\nset_aside: {S2: *x}\n",
    ],
)
def test_a_layout_that_cannot_be_rewritten_line_by_line_is_left_alone(text: str) -> None:
    assert coverage_from_text(text, "coverage.yaml").set_aside["S2"].reason == "Thanks"
    with pytest.raises(DefinitionError, match="cannot be rewritten in this layout"):
        again(text)


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,79}(\.[a-z][a-z0-9_]{0,79}){1,4}", fullmatch=True)
UNITS = st.sampled_from(
    ["facts.a.also.m[IU]/L", "facts.a.also.10*9/L", 'facts.a.also.{"x, y"}', "facts.a.also.%"]
)
IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,39}", fullmatch=True)
MATRICES = st.dictionaries(IDS, st.lists(NAMES | UNITS, max_size=12, unique=True).map(tuple), max_size=8)


@given(MATRICES)
@settings(max_examples=50)
def test_any_matrix_is_read_as_it_was_written_in_lines_of_readable_length(matrix: Matrix) -> None:
    text = rendered(matrix)
    read = coverage_from_text(text, "coverage.yaml").statements
    assert read is not None
    assert {source: set(row.elements) for source, row in read.items()} == {
        source: set(names) for source, names in matrix.items()
    }
    assert all(len(line) < 110 or len(line.split()) <= 2 for line in text.splitlines())
    assert rendered(dict(reversed(list(matrix.items())))) == text


@given(MATRICES, MATRICES)
@settings(max_examples=25)
def test_rewriting_twice_is_rewriting_once(first: Matrix, second: Matrix) -> None:
    assert again(again(BY_HAND, first), second) == BY_HAND + rendered(second)


def test_a_file_that_says_it_already_is_not_written(tmp_path: Path) -> None:
    empty = {"pathway": "a", "version": "1.0.0", "title": "A", "status": "draft", "tracks": {}}
    path = tmp_path / "coverage.yaml"
    assert write_coverage(path, gathered_from(empty))
    assert path.read_text("utf-8") == HEAD + "statements: {}\n"
    assert not write_coverage(path, gathered_from(empty))
    assert list(tmp_path.iterdir()) == [path]


def test_a_wrong_file_is_not_overwritten(tmp_path: Path) -> None:
    empty = {"pathway": "a", "version": "1.0.0", "title": "A", "status": "draft", "tracks": {}}
    path = tmp_path / "coverage.yaml"
    path.write_text("set_aside: {S1: }\n", "utf-8")
    with pytest.raises(DefinitionError):
        write_coverage(path, gathered_from(empty))
    assert path.read_text("utf-8") == "set_aside: {S1: }\n"
