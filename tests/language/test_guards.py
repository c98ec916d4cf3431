"""What each operator of the guard language means in all three values; numbers and times are exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from pathway.language.ask import asked
from pathway.language.evaluate import value_of
from pathway.language.numbers import exact_text
from pathway.language.verdict import Verdict
from tests.language.guard_strategies import Known, lab, patient, ruling

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
ORDER = (T, U, F)
TYPED = {T: "true", F: "false"}


def given(**verdicts: Verdict) -> dict[str, str]:
    """Boolean facts with these values; UNKNOWN is not recorded."""
    return {name: TYPED[verdict] for name, verdict in verdicts.items() if verdict is not U}


def verdict(text: str, **known: str) -> Verdict:
    return ruling(text, known).verdict


def value(text: str, **known: str) -> str | None:
    """The exact value of a number, in its unit."""
    node = asked(lab().definition, text)
    found = value_of(node, patient(known), 0).value
    assert node.type.unit is not None
    return exact_text(node.type.unit.from_base(found)) if isinstance(found, Fraction) else None


# --- strong Kleene tables -------------------------------------------------------------------------
TABLES = {
    #            TT TU TF  UT UU UF  FT FU FF
    "and":      (T, U, F,  U, U, F,  F, F, F),
    "or":       (T, T, T,  T, U, U,  T, U, F),
    "implies":  (T, U, F,  T, U, U,  T, T, T),
    "=":        (T, U, F,  U, U, U,  F, U, T),
    "!=":       (F, U, T,  U, U, U,  T, U, F),
}  # fmt: skip


@pytest.mark.parametrize("operator", TABLES)
def test_the_strong_kleene_table_of(operator: str) -> None:
    found = [
        ruling(f"suspected {operator} fever", given(suspected=left, fever=right)).verdict
        for left, right in product(ORDER, ORDER)
    ]
    assert tuple(found) == TABLES[operator]


def test_the_strong_kleene_table_of_not() -> None:
    assert [ruling("not suspected", given(suspected=one)).verdict for one in ORDER] == [F, U, T]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_is_settled_once_no_unknown_can_change_it(count: int) -> None:
    for one, two, three in product(ORDER, ORDER, ORDER):
        known = given(suspected=one, fever=two, is_worried=three)
        if three is U and "suspected" in known:  # the formula of is_worried would decide
            known |= {"kps": "0"} if one is T else {}
            three = T if one is T else F
        row = (one, two, three)
        expected = T if row.count(T) >= count else F if row.count(T) + row.count(U) < count else U
        assert ruling(f"at least {count} of (suspected, fever, is_worried)", known).verdict is expected


def test_and_or_and_implies_are_what_they_are_by_de_morgan() -> None:
    for left, right in product(ORDER, ORDER):
        known = given(suspected=left, fever=right)
        for one, other in (
            ("not (suspected and fever)", "not suspected or not fever"),
            ("not (suspected or fever)", "not suspected and not fever"),
            ("suspected implies fever", "not suspected or fever"),
            ("at least 1 of (suspected, fever)", "suspected or fever"),
            ("at least 2 of (suspected, fever)", "suspected and fever"),
        ):
            assert ruling(one, known).verdict is ruling(other, known).verdict


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [("<", T, F, F), ("<=", T, T, F), ("=", F, T, F), ("!=", T, F, T), (">=", F, T, T), (">", F, F, T)],
)
def test_a_comparison_is_unknown_when_either_side_is(
    operator: str, below: Verdict, equal: Verdict, above: Verdict
) -> None:
    guard = f"csf_glucose {operator} serum_glucose"
    assert verdict(guard, csf_glucose="49", serum_glucose="50") is below
    assert verdict(guard, csf_glucose="50", serum_glucose="50") is equal
    assert verdict(guard, csf_glucose="51", serum_glucose="50") is above
    assert verdict(guard, csf_glucose="50") is U
    assert verdict(guard, serum_glucose="50") is U
    assert verdict(guard) is U


def test_even_a_fact_compared_with_itself_is_unknown_while_it_is() -> None:
    assert verdict("kps = kps") is U
    assert verdict("0 * kps = 0") is U
    assert verdict("suspected or not suspected") is U


@pytest.mark.parametrize(
    ("kps", "expected"), [("50", F), ("60", T), ("70", T), ("80", T), ("90", F), (None, U)]
)
def test_between_includes_both_ends(kps: str | None, expected: Verdict) -> None:
    known = {} if kps is None else {"kps": kps}
    assert ruling("kps between 60 and 80", known).verdict is expected


def test_between_is_false_as_soon_as_one_known_bound_excludes() -> None:
    assert verdict("csf_glucose between 50 and serum_glucose", csf_glucose="40") is F
    assert verdict("csf_glucose between 30 and serum_glucose", csf_glucose="40") is U
    assert verdict("csf_glucose between serum_glucose and 30", csf_glucose="40") is F


@pytest.mark.parametrize(("etiology", "expected"), [("tb", T), ("fungal", T), ("bacterial", F), (None, U)])
def test_is_one_of(etiology: str | None, expected: Verdict) -> None:
    known = {} if etiology is None else {"etiology": etiology}
    assert ruling("etiology is one of (tb, fungal)", known).verdict is expected
    assert ruling("etiology = tb or etiology = fungal", known).verdict is expected


@pytest.mark.parametrize(
    ("drugs", "includes", "any_of", "empty"),
    [("[]", F, F, T), ("rifampin", T, T, F), ("isoniazid", F, T, F), ("other", F, F, F), (None, U, U, U)],
)
def test_lists(drugs: str | None, includes: Verdict, any_of: Verdict, empty: Verdict) -> None:
    known = {} if drugs is None else {"drugs": drugs}
    assert ruling("drugs includes rifampin", known).verdict is includes
    assert ruling("drugs includes any of (rifampin, isoniazid)", known).verdict is any_of
    assert ruling("drugs is empty", known).verdict is empty


def test_is_known_and_is_unknown_read_the_record() -> None:
    assert verdict("kps is known") is F
    assert verdict("kps is unknown") is T
    assert verdict("kps is known", kps="70") is T
    assert verdict("ratio is known", csf_glucose="45") is F
    assert verdict("ratio is known", csf_glucose="45", serum_glucose="90") is T


def test_deeds_and_states_are_two_valued() -> None:
    assert ruling("done(mri)", {}).verdict is F
    assert ruling("done(mri)", {}, frozenset({"done mri"})).verdict is T
    assert ruling("declined(mri)", {}, frozenset({"done mri"})).verdict is F
    assert ruling("done(mri)", {}, frozenset({"declined mri"})).verdict is F
    assert ruling("in(care.intake)", {}).verdict is T
    assert ruling("in(care.workup)", {}).verdict is F


# --- arithmetic -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3", "1"),
        ("1 / 3", "1/3"),
        ("2 - 3 - 4", "-5"),
        ("12 / 2 / 3", "2"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("-2 * -3", "6"),
        ("- (2 - 5)", "3"),
        ("min(3, 1, 2)", "1"),
        ("max(3, 1, 2)", "3"),
        ("kps * 2 - 1", "139"),
        ("csf_glucose / serum_glucose", "0.5"),
    ],
)
def test_arithmetic_is_exact(text: str, result: str) -> None:
    assert value(text, kps="70", csf_glucose="45", serum_glucose="90") == result


@pytest.mark.parametrize(
    "text", ["kps + 1", "1 - kps", "0 * kps", "kps / kps", "min(kps, 0)", "max(1, kps)", "-kps"]
)
def test_an_unknown_operand_makes_the_result_unknown(text: str) -> None:
    assert value(text) is None
    assert ruling(f"{text} = 0", {}).needs == ("kps",)


def test_division_by_zero_is_unknown_and_names_the_divisor() -> None:
    found = ruling("csf_glucose / serum_glucose < 0.5", {"csf_glucose": "45", "serum_glucose": "0"})
    assert found.verdict is U
    assert found.needs == ("serum_glucose",)
    assert "serum_glucose is 0, and nothing can be divided by it" in {use.why for use in found.atoms[0].uses}


def test_division_by_zero_in_a_derived_fact_names_the_divisor_too() -> None:
    found = ruling("ratio < 0.5", {"csf_glucose": "45", "serum_glucose": "0"})
    assert found.verdict is U
    assert "serum_glucose" in found.needs


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("temperature >= 100.4 [degF]", {"temperature": "38"}, T),
        ("temperature > 100.4 [degF]", {"temperature": "38"}, F),
        ("temperature = 38", {"temperature": "100.4 [degF]"}, T),
        ("temperature > -5", {"temperature": "-4.9"}, T),
        ("temperature > -5 Cel", {"temperature": "-5"}, F),
        ("temperature > -(5 Cel)", {"temperature": "-4"}, T),
        ("temperature = 23 [degF]", {"temperature": "-5"}, T),
        ("csf_glucose > 5 mmol/L", {"csf_glucose": "90.078"}, F),
        ("csf_glucose >= 5 mmol/L", {"csf_glucose": "90.078"}, T),
        ("5 mmol/L < csf_glucose", {"csf_glucose": "90.079"}, T),
        ("csf_glucose = 5000 umol/L", {"csf_glucose": "5 mmol/L"}, T),
        ("csf_glucose between 2.5 mmol/L and 5 mmol/L", {"csf_glucose": "45.039"}, T),
        ("csf_glucose = 0.45 g/L", {"csf_glucose": "45"}, T),
        ("platelets < 40", {"platelets": "39.9"}, T),
        ("platelets < 40000 /uL", {"platelets": "40"}, F),
        ("platelets >= 40 10*3/uL", {"platelets": "40"}, T),
        ("0.1 + 0.2 = 0.3", {}, T),
        ("1 / 3 * 3 = 1", {}, T),
        ("yield_pct = 73", {"lmwh_time": "2026-03-01T06:00"}, T),
    ],
)
def test_units_convert_exactly(text: str, known: Known, expected: Verdict) -> None:
    assert ruling(text, known).verdict is expected


# --- time -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("time since lmwh_time <= 4 h", {"lmwh_time": "2026-03-01T06:00"}, T),
        ("time since lmwh_time < 4 h", {"lmwh_time": "2026-03-01T06:00"}, F),
        ("time since lmwh_time > 24 h", {"lmwh_time": "2026-02-28T09:59:59"}, T),
        ("now >= lmwh_time + 4 h", {"lmwh_time": "2026-03-01T06:00"}, T),
        ("lp_time - lmwh_time = 30 min", {"lmwh_time": "2026-03-01T05:30", "lp_time": "2026-03-01T06:00"}, T),
        ("months since start >= 12", {"start": "2025-03-01"}, T),
        ("months since start >= 12", {"start": "2025-03-02"}, F),
        ("today >= start + 12 mo", {"start": "2025-03-01"}, T),
        ("today >= start + 12 mo", {"start": "2025-03-02"}, F),
        ("start + 1 mo = stop", {"start": "2026-01-31", "stop": "2026-02-28"}, T),
        ("start + 1 a = stop", {"start": "2024-02-29", "stop": "2025-02-28"}, T),
        ("stop - start = 1 d", {"start": "2026-02-28", "stop": "2026-03-01"}, T),
        ("days since start = 1", {"start": "2026-02-28"}, T),
        ("today = date of lmwh_time", {"lmwh_time": "2026-02-28T23:30:00+00:00"}, T),
        ("today = date of lmwh_time", {"lmwh_time": "2026-02-28T22:30:00+00:00"}, F),
    ],
)
def test_time_is_exact_to_the_second_and_the_calendar_day(text: str, known: Known, expected: Verdict) -> None:
    assert ruling(text, known).verdict is expected


@pytest.mark.parametrize(
    "text",
    [
        "start + 99999999999 d > stop",
        "date of (lmwh_time + 99999999999 h) > stop",
        "start + 9999999 mo > stop",
        "lmwh_time - 99999999999 h < lp_time",
    ],
)
def test_a_moment_beyond_the_calendar_is_unknown_with_the_reason(text: str) -> None:
    found = ruling(
        text,
        {"start": "2026-01-01", "stop": "2026-01-01", "lmwh_time": "2026-01-01", "lp_time": "2026-01-01"},
    )
    assert found.verdict is U
    assert any("outside the calendar" in (use.why or "") for use in found.atoms[0].uses)


# --- explanation ----------------------------------------------------------------------------------
def test_every_atom_is_explained_whatever_the_others_say() -> None:
    found = ruling("suspected and (fever or kps > 60)", {"suspected": "false", "kps": "70"})
    assert [(atom.text, atom.verdict) for atom in found.atoms] == [
        ("suspected", F),
        ("fever", U),
        ("kps > 60", T),
    ]
    assert found.verdict is F
    assert found.needs == ()


def test_needs_are_the_unknown_facts_under_unsettled_parts_each_once() -> None:
    guard = "(suspected or fever) and (suspected or kps > 60) and (fever implies fever)"
    assert ruling(guard, {"kps": "70"}).needs == ("suspected", "fever")
    assert ruling(guard, {"fever": "true"}).needs == ("suspected", "kps")


def test_an_unknown_case_of_a_formula_asks_only_for_what_decides_first() -> None:
    assert ruling("gate = safe", {}).needs == ("platelets",)
    assert ruling("gate = safe", {"platelets": "10"}).needs == ("fever",)
    assert ruling("gate = safe", {"platelets": "10", "fever": "false"}).needs == ()


def test_order_of_writing_changes_no_answer() -> None:
    for left, right in product(ORDER, ORDER):
        known = given(suspected=left, fever=right)
        assert ruling("suspected and fever", known).verdict is ruling("fever and suspected", known).verdict
        assert ruling("suspected or fever", known).verdict is ruling("fever or suspected", known).verdict
