"""One vignette judges many pathways: a ward whose safeguard was weakened is found out by its case."""

from __future__ import annotations

import pytest

from pathway.engine.compiling import compile_pathway
from pathway.language.load import definition_from_text
from pathway.vignettes.judging import compile_for, judge
from tests.vignettes.ward import WARD, bench, story, vignette

CASE = story(
    "at: 2026-03-01T08:00, facts: {suspected: true, inr: 1}, expect: {held: {puncture: [platelet_count]}}",
    "at: 2026-03-01T09:00, facts: {platelet_count: 39.9}, expect: {blocked: {puncture: [S2]}}",
    "at: 2026-03-01T10:00, facts: {platelet_count: 40},"
    " expect: {recommended: [puncture], due: {puncture: 2026-03-01T12:00}}",
)
RULE = "when: platelet_count < 40, effect: block"


def caught(old: str, new: str, first_miss_only: bool = False) -> list[str]:
    """What the case finds wrong with the ward once `old` is rewritten to `new`."""
    assert WARD.count(old) == 1
    case = vignette(CASE)
    other = compile_for(definition_from_text(WARD.replace(old, new)), case)
    return [miss.what for miss in judge(other, case, first_miss_only).misses]


@pytest.mark.parametrize(
    ("new", "first"),
    [
        ("when: platelet_count <= 40, effect: block", "recommended puncture"),
        ("when: platelet_count < 39.9, effect: block", "blocked puncture"),
        ("when: platelet_count < 40, effect: warn", "held puncture"),
        ("when: platelet_count < 40, effect: block, unknown: ask", "held puncture"),
        ("when: platelet_count > 40, effect: block", "blocked puncture"),
    ],
)
def test_a_weakened_safeguard_is_found_out(new: str, first: str) -> None:
    assert caught(RULE, new)[0] == first


def test_a_deadline_that_moved_is_found_out() -> None:
    assert caught("{action: puncture, within: 4 h}", "{action: puncture, within: 5 h}") == ["due puncture"]


def test_a_case_says_nothing_of_what_it_is_not_about() -> None:
    assert caught("cap: 4 g/d", "cap: 5 g/d") == []


def test_only_the_first_miss_is_looked_for_where_that_is_enough() -> None:
    nowhere = ("{action: puncture, within: 4 h}", "{action: drip}")
    assert len(caught(*nowhere)) == 3
    assert len(caught(*nowhere, first_miss_only=True)) == 1


def test_a_name_that_the_other_pathway_lacks_is_a_miss_and_no_fault() -> None:
    (gone,) = [line for line in WARD.splitlines(keepends=True) if line.startswith("  warfarin:")]
    case = vignette(story(
        "at: 2026-03-01T08:00, facts: {suspected: true, drugs: [warfarin]}, expect: {warnings: [warfarin]}"
    ))  # fmt: skip
    other = compile_for(definition_from_text(WARD.replace(gone, "")), case)
    assert bench().judge(case).hold
    assert [miss.what for miss in judge(other, case).misses] == ["warnings warfarin"]


def test_a_pathway_with_other_layers_is_not_judged() -> None:
    case = vignette("layers: [article]\n" + CASE)
    with pytest.raises(ValueError, match="use compile_for"):
        judge(compile_pathway(bench().definition), case)


def test_judging_twice_gives_the_same() -> None:
    case = vignette(CASE)
    assert bench().judge(case) == bench().judge(case)
