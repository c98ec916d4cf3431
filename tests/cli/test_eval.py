"""`pathway eval`: the three-valued tables, values, reasons and needs, as the command line shows them."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, in_a_process
from tests.language.guard_strategies import LAB

T, U, F = "TRUE", "UNKNOWN", "FALSE"
ORDER = (T, U, F)
WRITTEN = {T: "true", F: "false", U: "unknown"}


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB, "utf-8")
    return file


@pytest.fixture
def evaluated(pathway: Command, lab: Path) -> Any:
    """The JSON document of a guard over facts."""

    def run(guard: str, facts: str = "", at: str = "2026-03-01T10:00") -> dict[str, Any]:
        outcome = pathway("eval", lab, guard, "--facts", facts, "--at", at, "--json")
        assert (outcome.returncode, outcome.stderr) == (0, "")
        return json.loads(outcome.stdout)

    return run


TABLES = {
    #            TT TU TF  UT UU UF  FT FU FF
    "and":      (T, U, F,  U, U, F,  F, F, F),
    "or":       (T, T, T,  T, U, U,  T, U, F),
    "implies":  (T, U, F,  T, U, U,  T, T, T),
    "=":        (T, U, F,  U, U, U,  F, U, T),
    "!=":       (F, U, T,  U, U, U,  T, U, F),
}  # fmt: skip


@pytest.mark.parametrize("operator", TABLES)
def test_the_strong_kleene_table_of(operator: str, evaluated: Any) -> None:
    found = [
        evaluated(f"suspected {operator} fever", f"suspected={WRITTEN[left]},fever={WRITTEN[right]}")["value"]
        for left, right in product(ORDER, ORDER)
    ]
    assert tuple(found) == TABLES[operator]


def test_the_strong_kleene_table_of_not(evaluated: Any) -> None:
    assert [evaluated("not fever", f"fever={WRITTEN[one]}")["value"] for one in ORDER] == [F, U, T]


@pytest.mark.parametrize(
    ("guard", "facts", "value"),
    [
        ("platelets < 40", "platelets=39.9", T),
        ("platelets < 40", "platelets=40", F),
        ("platelets < 40", "", U),
        ("platelets < 40", "platelets=unknown", U),
        ("kps >= 70", "kps=70", T),
        ("kps between 60 and 80", "kps=80", T),
        ("kps between 60 and 80", "", U),
        ("etiology is one of (tb, fungal)", "etiology=tb", T),
        ("etiology is one of (tb, fungal)", "etiology=bacterial", F),
        ("etiology is one of (tb, fungal)", "", U),
        ("drugs includes isoniazid", "drugs=rifampin|isoniazid", T),
        ("drugs includes isoniazid", "drugs=[]", F),
        ("drugs is empty", "drugs=[]", T),
        ("drugs is empty", "", U),
        ("kps is known", "", F),
        ("kps is unknown", "kps=unknown", T),
        ("at least 2 of (suspected, fever, kps > 60)", "suspected=yes,kps=70", T),
        ("at least 2 of (suspected, fever, kps > 60)", "suspected=no", U),
        ("at least 2 of (suspected, fever, kps > 60)", "suspected=no,kps=60", F),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=45,serum_glucose=90.1", T),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=45,serum_glucose=90", F),
        ("csf_glucose / serum_glucose < 0.5", "csf_glucose=45,serum_glucose=0", U),
        ("csf_glucose >= 5 mmol/L", "csf_glucose=5 mmol/L", T),
        ("temperature >= 100.4 [degF]", "temperature=38", T),
        ("temperature < -4", "temperature=-5", T),
        ("0.1 + 0.2 = 0.3", "", T),
        ("1 / 3 * 3 = 1", "", T),
        ("time since lmwh_time <= 4 h", "lmwh_time=2026-03-01T06:00", T),
        ("time since lmwh_time <= 4 h", "lmwh_time=2026-03-01T05:59:59", F),
        ("done(mri)", "", F),
        ("in(care.intake)", "", T),
        ("true", "", T),
    ],
)
def test_a_guard_has_the_value(guard: str, facts: str, value: str, evaluated: Any) -> None:
    assert evaluated(guard, facts)["value"] == value


@pytest.mark.parametrize(
    ("expression", "facts", "value", "unit"),
    [
        ("0.1 + 0.2", "", "0.3", "1"),
        ("1 / 3 * 3", "", "1", "1"),
        ("ratio", "csf_glucose=45,serum_glucose=90", "0.5", "1"),
        ("csf_glucose", "csf_glucose=5 mmol/L", "90.078", "mg/dL"),
        ("csf_glucose", "csf_glucose=unknown", "UNKNOWN", None),
        ("hours_since_lmwh", "lmwh_time=2026-03-01T06:00", "4", "h"),
        ("yield_pct", "lmwh_time=2026-03-01T06:00", "73", "%"),
        ("yield_pct", "lmwh_time=2026-03-01T05:59:59", "11", "%"),
        ("temperature", "temperature=100.4 [degF]", "38", "Cel"),
        ("lmwh_time + 12 h", "lmwh_time=2026-03-01T06:00", "2026-03-01T18:00:00+00:00", None),
        ("start + 12 mo", "start=2024-02-29", "2025-02-28", None),
        ("today", "", "2026-03-01", None),
        ("etiology", "etiology=tb", "tb", None),
        ("gate", "platelets=40", "safe", None),
        ("drugs", "drugs=rifampin|other", ["rifampin", "other"], None),
        ("1 / 0", "", "UNKNOWN", None),
        ("start + 99999999 d", "start=2024-02-29", "UNKNOWN", None),
    ],
)
def test_an_expression_has_the_exact_value(
    expression: str, facts: str, value: str | list[str], unit: str | None, evaluated: Any
) -> None:
    document = evaluated(expression, facts)
    assert document["value"] == value
    assert document.get("unit") == unit


def test_needs_and_atoms_explain_the_answer(evaluated: Any) -> None:
    document = evaluated("suspected and (platelets < 40 or kps > 60)", "platelets=210")
    assert document["value"] == U
    assert document["needs"] == ["suspected", "kps"]
    assert [(atom["text"], atom["value"]) for atom in document["atoms"]] == [
        ("suspected", U), ("platelets < 40", F), ("kps > 60", U),
    ]  # fmt: skip
    assert (
        document["english"]
        == "infection suspected and (platelets below 40 x10^9/L or Karnofsky score above 60)"
    )


def test_a_settled_answer_needs_nothing(evaluated: Any) -> None:
    assert evaluated("suspected and fever", "suspected=false")["needs"] == []


def test_the_clock_is_what_at_says_in_its_time_zone(pathway: Command, lab: Path) -> None:
    spoken = pathway("eval", lab, "today", "--at", "2026-03-01T00:30", "--timezone", "Asia/Tokyo", "--json")
    assert json.loads(spoken.stdout)["value"] == "2026-03-01"
    spoken = pathway(
        "eval", lab, "today", "--at", "2026-03-01T00:30+00:00", "--timezone", "America/New_York", "--json"
    )
    assert json.loads(spoken.stdout)["value"] == "2026-02-28"


def test_facts_may_come_from_a_file(pathway: Command, lab: Path, tmp_path: Path) -> None:
    for name, text in (("facts.yaml", "kps: 70\ndrugs: [rifampin]\nnote: on\n"),
                       ("facts.json", '{"kps": 70, "drugs": ["rifampin"], "note": "on"}')):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
        guard = 'kps = 70 and drugs includes rifampin and note = "on"'
        outcome = pathway("eval", lab, guard, "--facts-file", tmp_path / name, "--json")
        assert json.loads(outcome.stdout)["value"] == T


def test_without_json_the_answer_is_readable(pathway: Command, lab: Path) -> None:
    outcome = pathway("eval", lab, "suspected and kps > 60", "--facts", "kps=70")
    assert outcome.stdout.splitlines()[0] == "UNKNOWN   infection suspected and Karnofsky score above 60"
    assert "could still be changed by: suspected" in outcome.stdout
    assert "kps > 60   (kps = 70)" in outcome.stdout


@pytest.mark.parametrize(
    ("guard", "column", "words"),
    [("platelets < 40 mg/dL", 13, "do not compare"), ("kps", 0, ""), ("suspected < fever", 1, "no meaning"),
     ("platelet < 40", 1, "Did you mean `platelets`?")],
)  # fmt: skip
def test_a_type_or_unit_error_is_bad_input(
    guard: str, column: int, words: str, pathway: Command, lab: Path
) -> None:
    outcome = pathway("eval", lab, guard)
    if not column:  # a number has a value and is no error
        assert outcome.returncode == 0
        return
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    assert f"guard:1:{column}: " in outcome.stderr
    assert words in outcome.stderr


def test_a_process_of_its_own_says_the_same(lab: Path) -> None:
    done = in_a_process("eval", lab, "suspected implies platelets >= 40", "--facts", "suspected=no", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["value"] == T
    assert done.stderr == b""
