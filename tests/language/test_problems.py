"""Problems are told with file, line, column, the source line and an underline that sits under it."""

from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.language.problems import DefinitionError, Place, Problem, nearest, visible


def rendered(excerpt: str, column: int, length: int = 1) -> tuple[str, str, str]:
    head, line, underline = (
        Problem(Place("a.yaml", 3, column, length, excerpt), "Wrong", "Mend it").render().split("\n")
    )
    return head, line, underline


def columns(text: str) -> int:
    """Columns of a terminal, told independently of the code under test for the characters used here."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text
    )


def test_a_problem_says_file_line_column_what_and_how_to_mend_it() -> None:
    head, line, underline = rendered("age: old", 6, 3)
    assert head == "a.yaml:3:6: Wrong. Mend it."
    assert line == "    age: old"
    assert underline == "         ^~~"


def test_a_question_keeps_its_question_mark() -> None:
    assert (
        Problem(None, "`agee` is no key", "Did you mean `age`?").render()
        == "`agee` is no key. Did you mean `age`?"
    )


def test_a_problem_without_a_line_to_show_is_one_line() -> None:
    assert Problem(Place("a.yaml", 1, 1), "This file is empty").render() == "a.yaml:1:1: This file is empty."


@pytest.mark.parametrize("before", ["\t", "  \t", "漢字: ", "é́: ", "a\u200bb: ", "\x1b[31m", "👩 ", "\t漢\t"])
def test_the_underline_sits_under_its_text_whatever_stands_before(before: str) -> None:
    _, line, underline = rendered(f"{before}HERE after", len(before) + 1, 4)
    assert underline.strip() == "^~~~"
    assert columns(line[: line.index("HERE")]) == underline.index("^")


def test_wide_characters_are_underlined_over_their_whole_width() -> None:
    assert rendered("k: 漢字", 4, 2)[2] == "       ^~~~"


def test_a_very_long_line_is_shown_around_the_place() -> None:
    excerpt = "x" * 5000 + "HERE" + "y" * 5000
    _, line, underline = rendered(excerpt, 5001, 4)
    assert len(line) < 130
    assert line.strip().startswith("…")
    assert line.endswith("…")
    assert line[underline.index("^") :].startswith("HERE")


def test_terminal_escapes_in_what_an_author_wrote_are_made_inert() -> None:
    place = Place("a\x1b]0;title\x07.yaml", 1, 1, 1, "k: \x1b[2J\u202etxt")
    told = Problem(place, "`\x1b[31mred\n\x9b` is no key", "Did you mean `\x00`?").render()
    assert all(character.isprintable() or character == "\n" for character in told)
    assert r"\x1b[31mred\x0a\x9b" in told
    assert r"\u202etxt" in told


def test_all_problems_are_told_at_once_in_the_order_of_the_files() -> None:
    late = Problem(Place("b.yaml", 1, 1), "third")
    second = Problem(Place("a.yaml", 10, 2), "second")
    first = Problem(Place("a.yaml", 9, 30), "first")
    nowhere = Problem(None, "last")
    error = DefinitionError([nowhere, late, second, first, first])
    assert [problem.text for problem in error.problems] == ["first", "second", "third", "last"]
    assert str(error).splitlines()[-1] == "4 problems found."
    assert str(DefinitionError([first])).endswith("1 problem found.")


def test_an_error_survives_the_way_from_a_worker_process() -> None:
    error = DefinitionError([Problem(Place("a.yaml", 1, 2, 3, "abc"), "Wrong")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("platelet_cuont", "platelet_count"),
        ("Platelet-Count", "platelet_count"),
        ("inrr", "inr"),
        ("zzz", None),
        ("", None),
        ("p" * 100_000, None),
    ],
)
def test_the_nearest_name_is_what_was_meant(name: str, meant: str | None) -> None:
    assert nearest(name, ["inr", "platelet_count", "etiology"]) == meant


def test_the_nearest_name_does_not_depend_on_the_order_of_the_names() -> None:
    names = ["aab", "aba", "baa"]
    assert nearest("aa", names) == nearest("aa", reversed(names))


@given(st.text(), st.integers(1, 60), st.integers(0, 60))
def test_any_source_line_is_told_in_three_inert_lines(excerpt: str, column: int, length: int) -> None:
    told = Problem(Place("a.yaml", 1, column, length, excerpt), "Wrong").render()
    assert told.count("\n") == (2 if excerpt.strip() else 0)
    assert all(c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs" for c in told)


@given(st.text())
def test_visible_text_holds_nothing_a_terminal_acts_on(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in visible(text))
