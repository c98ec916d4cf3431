"""What the document says of a pathway, in the words it uses for it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.document.conftest import EVERYTHING, FLAGSHIP, flat, page_rows, printed, rows_of


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return page_rows(printed(str(EVERYTHING)).page)


def test_the_text_fits_a_terminal_of_eighty_columns_but_for_addresses() -> None:
    for name in (str(EVERYTHING), FLAGSHIP):
        wide = [line for line in printed(name).text.splitlines() if len(line) > 80]
        assert all(line.split() == [line.strip()] and "://" in line for line in wide), wide


def test_the_stamp_stands_on_top_and_with_every_chapter_of_the_text() -> None:
    pathway = printed(str(EVERYTHING))
    stamps = pathway.text.splitlines().count("*** DRAFT: not approved for clinical use ***")
    assert stamps == len(pathway.document.chapters) + 2


def test_a_figure_is_not_parted_from_its_unit_by_the_end_of_a_line() -> None:
    lines = printed(FLAGSHIP).text.splitlines()
    unit = re.compile(r" *(mg|g|kg|h|d|wk|mo|min|mL|mmol|x10)(?![a-z])")
    parted = [pair for pair in pairwise(lines) if pair[0][-1:].isdigit() and unit.match(pair[1])]
    assert parted == []


def test_durations_stand_as_they_were_written_and_not_as_they_were_computed(said: dict[str, str]) -> None:
    assert "valid for 48 h" in said["fact-platelet_count"]
    assert "valid for 2 wk" in said["fact-glucose"]
    assert "valid for 90 d" in said["fact-weight_kg"]
    assert "within 90 min of started, soon from 25 min before" in said["state-care-work"]
    assert "is done within 96 h of started" in said["claim-in_time"]


def test_a_dose_is_given_whole(said: dict[str, str]) -> None:
    assert "dose 100.0 mg/kg/d × weight kg, at most 4.50 g/d, given in mg/d, IV" in said["action-drug"]
    assert "IV, divided every 24 h or every 720 min" in said["action-drug"]
    assert "Not below 28 d" in said["action-drug"]
    assert "2 in every 1 wk, for 4 wk" in said["action-drug"]
    assert "1 in every 1 mo, until reviewed" in said["action-drug"]


def test_a_safeguard_says_what_it_does_when_true_and_when_unknown(said: dict[str, str]) -> None:
    assert "block when platelet count below 40 x10^9/L written: platelet_count < 40" in said["safeguard-low"]
    assert "while UNKNOWN: held, and the missing facts are asked for" in said["safeguard-low"]
    assert "override: specialist of grade 8" in said["safeguard-low"]
    assert "while UNKNOWN: not held; warned, and the missing facts are asked for" in said["safeguard-added"]
    assert "while UNKNOWN: not held; the missing facts are asked for" in said["safeguard-added_kept"]
    assert "no override" in said["safeguard-added_kept"]
    assert "no override" not in said["safeguard-added"]


def test_what_is_written_as_a_flag_is_said_in_words(said: dict[str, str]) -> None:
    assert "or any other" in said["fact-cause"]
    assert "any code" in said["fact-drugs"]
    assert "may be recorded too" in said["fact-is_child"]
    assert "a course: stays recommended" in said["action-drug"]
    assert "NOT AN ORDER shown with its dose" in said["action-never_ordered"]
    assert "the clinician chooses" in said["state-care-first"]
    assert "only a deed since this state was entered counts" in said["state-care-work"]
    assert "→ [3] Over, taken automatically" in said["state-care-work"]
    assert "→ [1] First of 5 states, confirmed by the clinician" in said["state-care-work"]
    assert "SAFETY stays when its layer is switched off" in said["safeguard-added_kept"]
    assert "unless overridden" in said["claim-only_then"]


def test_what_is_no_order_is_shown_and_not_called_for(said: dict[str, str]) -> None:
    text = flat(printed(str(EVERYTHING)).text)
    for state, words in (("state-care-work", said["state-care-work"]), ("the text", text)):
        assert "shows, not as an order: Never ordered" in words, state
        assert "calls for Never ordered" not in words, state
        assert "!! N4 grave (while episodes above 8): Not from 21 sources" in words, state
        assert "calls for Drug, within 3 wk" in words, state
    assert "N5 slight" not in said["state-care-work"]


def test_a_figure_that_is_no_order_is_what_the_source_prints(said: dict[str, str]) -> None:
    row = said["action-never_ordered"]
    assert "the source prints: 51 mg/d, given in mg/d" in row
    assert "dose 51" not in row
    assert "!! N4 grave (while episodes above 8): Not from 21 sources" in row
    assert "shown, not as an order, by [2] Work" in row
    assert "<strong>51 mg/d</strong>" not in printed(str(EVERYTHING)).page
    assert "<strong>100.0 mg/kg/d</strong>" in printed(str(EVERYTHING)).page


def test_a_computed_fact_is_told_row_by_row(said: dict[str, str]) -> None:
    row = said["fact-yield_pct"]
    assert "row 1: 73% written: 73 % when time since started at most 4 h" in row
    assert "row 3: has no value: No drug for 21 days when no drugs" in row
    assert row.index("row 3") < row.index("otherwise 0.25% written: 0.250 %")


def test_every_source_is_named_with_its_layer_and_grade(said: dict[str, str]) -> None:
    assert "sources: article S1; supplement A1 grade 2" in said["fact-platelet_count"]
    assert said["source-A1"].startswith("A1 (supplement)")
    assert "sources: supplement A1 grade 2; ours U1" in said["state-care-work"]


def test_a_known_problem_stands_with_what_answers_it_and_what_acts_on_the_answer(
    said: dict[str, str],
) -> None:
    row = said["problem-S1"]
    assert "Vague about 13 h (A1)." in row
    assert "supplement A1 grade 2: Answers S1 with 14 h." in row
    assert "supplement A2 grade 3: Another answer to S1 of 15 mg" in row
    assert "G2 added" in row
    assert "N2 kept" in row
    assert "no item of another layer names it" in said["problem-A2"]


def test_every_source_with_a_problem_is_in_the_chapter_of_problems() -> None:
    pathway = printed(FLAGSHIP)
    flawed = {name for name, one in pathway.definition.sources.items() if one.problem}
    shown = {
        anchor.removeprefix("problem-")
        for anchor in rows_of(pathway.document)
        if anchor.startswith("problem-")
    }
    assert flawed
    assert shown == flawed


def test_what_is_set_aside_is_listed_with_its_reason_and_marked_at_the_source(said: dict[str, str]) -> None:
    assert "It says <b>nothing</b>." in said["set-aside-S0"]
    assert "set aside: It says <b>nothing</b>." in said["source-S0"]
    assert "It says <b>nothing</b>." in flat(printed(str(EVERYTHING)).text)


def test_safeguards_and_notices_have_the_numbers_of_the_charts() -> None:
    from diagrams.from_definition import chart_of

    pathway = printed(FLAGSHIP)
    tables = [table for table in chart_of(pathway.definition).tables if table.id.startswith("safeguards")]
    charted = {row[1]: row[0] for table in tables for row in table.rows}
    rows = rows_of(pathway.document)
    assert charted
    for name, number in charted.items():
        assert rows[f"safeguard-{name}"].cells[0][0].text == f"{number} {name}"


def test_only_rows_of_safety_stay_when_a_layer_is_switched_off() -> None:
    definition = printed(FLAGSHIP).definition
    rows = rows_of(printed(FLAGSHIP).document)
    kept = {anchor for anchor, row in rows.items() if row.kept}
    expected = {f"safeguard-{name}" for name, one in definition.safeguards.items() if one.safety}
    expected |= {f"notice-{name}" for name, one in definition.notices.items() if one.safety}
    assert kept == expected
    assert all(row.layer is None for anchor, row in rows.items() if anchor.startswith("state-"))
