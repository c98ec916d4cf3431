"""A run names layer and grade of what is added to the encoded source, and orders nothing that is no order."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PATHWAY = """\
pathway: layered
version: 1.0.0
title: Layered
status: draft
layers: {article: What the article says, supplement: What others say, ours: Our own}
sources:
  S1: {text: Give it, from: article}
  A1: {text: A doubt without a grade, from: supplement}
  C1: {text: Seen second-hand, from: supplement, grade: "2"}
  C2: {text: Seen itself, from: supplement, grade: "1"}
  U1: {text: Our reading, from: ours}
facts:
  ill: {ask: "Ill?", type: boolean}
  weight_kg: {ask: Weight, type: quantity, unit: kg, range: [1, 300], step: 0.1}
actions:
  drug: {title: Drug, type: medication, dose: {amount: 5 mg/d, unit: mg/d, cites: [S1, A1]}, cites: [S1]}
  printed: {title: Printed drug, type: medication, orderable: false, cites: [S1],
            dose: {amount: 2000 mg/d, unit: mg/d, route: IV, cites: [S1]}}
  other: {title: Other drug, type: medication, orderable: false, cites: [C1],
          dose: {amount: 15 mg/kg/d, times: weight_kg, unit: mg/d, cites: [C1, C2, U1]}}
  banned: {title: Banned, type: medication, cites: [S1]}
  waiting: {title: Waiting, type: medication, cites: [S1]}
safeguards:
  never: {action: banned, when: ill, effect: block, text: Not now, cites: [C2]}
  weigh: {action: waiting, when: weight_kg < 3 kg, effect: block, text: Too light, cites: [C1]}
notices:
  one: {text: One grade, severity: medium, about: [drug], cites: [C1]}
  two: {text: Two grades, severity: medium, about: [drug], cites: [C2, A1]}
  both: {text: Two layers, severity: low, about: [drug], cites: [C2, S1]}
  none: {text: No grade, severity: low, about: [drug], cites: [A1]}
  own: {text: The article itself, severity: low, about: [drug], cites: [S1]}
  half: {text: Half of it, severity: high, about: [printed], cites: [C1, C2]}
tracks:
  care:
    start: ward
    states:
      ward:
        kind: action
        asks: [ill, weight_kg]
        do: [{action: drug}, {action: printed}, {action: other}, {action: banned}, {action: waiting}]
        next: [{to: home, when: not ill, cites: [S1, U1]}]
      home: {kind: end}
"""
TIMELINE = """\
pathway: layered
case: L-1
timeline:
  - {at: 2026-03-01T08:00, facts: {ill: true}}
  - {at: 2026-03-01T09:00, facts: {weight_kg: 70}}
  - {at: 2026-03-01T10:00, facts: {ill: false}}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    pathway, timeline = tmp_path / "layered.yaml", tmp_path / "timeline.yaml"
    pathway.write_text(PATHWAY, "utf-8")
    timeline.write_text(TIMELINE, "utf-8")
    return pathway, timeline


@pytest.fixture
def text(pathway: Command, files: tuple[Path, Path]) -> str:
    outcome = pathway("run", *files)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


@pytest.fixture
def steps(pathway: Command, files: tuple[Path, Path]) -> list[dict[str, Any]]:
    outcome = pathway("run", *files, "--json")
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)["steps"]


@pytest.mark.parametrize(
    "line",
    [
        "!  One grade [supplement, grade 2: C1]",
        "!  Two grades [supplement: C2 grade 1, A1]",
        "-  Two layers [supplement, grade 1: C2; article: S1]",
        "-  No grade [supplement: A1]",
        "-  The article itself [S1]",
        "BLOCKED      Banned: Not now [supplement, grade 1: C2]",
        "HELD         Waiting: needs weight_kg [supplement, grade 2: C1]",
        "DOSE 5 mg per day [S1; supplement: A1]",
        "care: ward -> home [S1; ours: U1]",
    ],
)
def test_what_the_encoded_source_does_not_say_names_its_layer_and_grade(line: str, text: str) -> None:
    assert line in [shown.strip() for shown in text.splitlines()]


def test_a_figure_that_is_no_order_is_what_its_source_prints(text: str) -> None:
    first, second, _ = text.split("== ")[1:]
    assert "NOT AN ORDER Printed drug" in first
    assert "the source prints: 2,000 mg per day, IV [S1]" in first
    assert "NOT AN ORDER Other drug [supplement, grade 2: C1]" in first
    assert re.search(r"the source prints: 15 mg/kg per day \[.*\n +not computed: needs weight_kg\n", first)
    words = "the source prints: 15 mg/kg per day x 70 kg [supplement: C1 grade 2, C2 grade 1; ours: U1]"
    assert re.search(rf"{re.escape(words)}\n +for this patient 1,050 mg per day\n", second)
    assert "DOSE 2,000" not in text
    assert "DOSE 1,050" not in text


def test_no_unit_of_a_dose_is_printed_as_the_file_writes_it(text: str) -> None:
    assert "mg/d" not in text
    assert "mg/kg/d" not in text


def test_each_warning_has_the_weakest_grade_of_its_layer(steps: list[dict[str, Any]]) -> None:
    grades = {warning["id"]: (warning["layer"], warning["grade"]) for warning in steps[0]["warnings"]}
    assert grades == {
        "half": ("supplement", 2),
        "one": ("supplement", 2),
        "two": ("supplement", 1),
        "both": ("supplement", 1),
        "none": ("supplement", None),
        "own": ("article", None),
    }


def test_other_doses_and_what_blocks_have_layer_and_grade(steps: list[dict[str, Any]]) -> None:
    other = steps[1]["other_doses"]["other"]
    assert (other["amount"], other["layer"], other["grade"]) == ("1050", "supplement", 2)
    assert set(steps[1]["doses"]) == {"drug", "printed"}
    (blocked,) = steps[0]["blocked"]
    assert (blocked["layer"], blocked["grade"]) == ("supplement", 1)
