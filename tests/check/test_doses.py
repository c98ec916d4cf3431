"""Every dose that a definition can compute is above zero, within its cap, in one unit, and shown exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.check.doses.cases import DoseCases
from pathway.check.doses.factors import bounds_of, typed_numbers
from pathway.check.doses.faults import DoseFault, dose_faults, flaws
from pathway.check.findings import ERROR, WARNING
from pathway.engine.batch import FactEntry
from pathway.engine.circles import NOON
from pathway.engine.compiling import assemble
from pathway.engine.doses import applicable, dose_view, view_of_row
from pathway.engine.supposing import supposed
from pathway.engine.view import DoseView
from pathway.language.definition import Action, Definition, Period
from pathway.language.load import definition_from_text, load_definition
from pathway.language.numbers import exact_text, format_number
from pathway.language.problems import DefinitionError

DEFINITIONS = Path(__file__).parents[2] / "definitions"
FLAGSHIP = load_definition(DEFINITIONS / "spinal_leptomeningeal_infection")
SEPSIS = load_definition(DEFINITIONS / "sepsis_first_hours")

WARD = """
pathway: ward
version: 1.0.0
title: Ward
status: draft
facts:
  go: {type: boolean}
  child: {type: boolean, recordable: true, formula: age < 18 a}
  age: {type: quantity, unit: a, range: [0, 130], step: 0.01}
  weight: {type: quantity, unit: kg, WEIGHT}
FACTS
actions:
  drug: {title: Drug, type: medication, dose: DOSE}
tracks:
  care:
    start: here
    states:
      here: {kind: enquiry, do: [{action: drug}], next: [{to: gone, when: go}]}
      gone: {kind: end}
"""
RANGE = "range: [0.5, 300], step: 0.1, also: [g, '[lb_av]']"


def ward(dose: str, weight: str = RANGE, facts: str = "", schedule: str = "") -> Definition:
    dosed = f"{dose}, schedule: {{periods: [{schedule}]}}" if schedule else dose
    text = WARD.replace("DOSE", dosed).replace("WEIGHT", weight).replace("FACTS", facts)
    return definition_from_text(text)


def faults(dose: str, weight: str = RANGE, facts: str = "", schedule: str = "") -> list[DoseFault]:
    return list(dose_faults(ward(dose, weight, facts, schedule)))


def shown(definition: Definition, entries: tuple[tuple[str, str], ...]) -> DoseView:
    """What the engine shows of the drug's dose for a patient of whom just this is known."""
    readings = supposed(assemble(definition), [FactEntry(name, text) for name, text in entries], NOON)
    view = dose_view(definition.actions["drug"], readings, "recommended")
    assert view is not None
    return view


# --- the bundled pathways -----------------------------------------------------------------------
@pytest.mark.parametrize("definition", [FLAGSHIP, SEPSIS], ids=["flagship", "sepsis"])
def test_the_doses_of_the_bundled_pathways_have_no_fault(definition: Definition) -> None:
    assert dose_faults(definition) == ()


def test_every_row_of_the_flagship_is_looked_at_with_patients_it_applies_to() -> None:
    cases = DoseCases(FLAGSHIP)
    rows = [(action, row) for action in FLAGSHIP.actions.values() for row in range(len(action.doses))]
    assert len(rows) > 8
    for action, row in rows:
        times = action.doses[row].times
        case = cases.case(action, row, ((times, "60"),) if times is not None else ())
        assert case is not None
        assert case.certain
        assert applicable(action, case.readings) == (action.doses[row], ())


@pytest.mark.parametrize("low", ["0", "-1"])
def test_a_flagship_that_admits_a_weight_of_zero_is_found_out(low: str) -> None:
    weight = replace(FLAGSHIP.facts["weight_kg"], low=Fraction(low))
    found = dose_faults(replace(FLAGSHIP, facts={**FLAGSHIP.facts, "weight_kg": weight}))
    assert {fault.action for fault in found} == {
        action.name for action in FLAGSHIP.actions.values() if any(dose.times for dose in action.doses)
    }
    child = next(fault for fault in found if fault.action == "ceftriaxone_child")
    assert child.facts == (("weight_kg", low), ("is_child", "true"))


# --- zero, negative, unbounded ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("weight", "facts", "amount"),
    [
        ("range: [0, 300], step: 0.1", (("weight", "0"),), "0"),
        ("range: [0, 300]", (("weight", "0"),), "0"),
        ("range: [-2, 300], step: 0.5", (("weight", "-2"),), "-20"),
        ("range: [-0.3, 300], step: 0.5", (("weight", "0"),), "0"),
    ],
)
def test_a_dose_of_zero_or_less_is_found_with_its_weight(
    weight: str, facts: tuple[tuple[str, str], ...], amount: str
) -> None:
    dose = "{amount: 10 mg/kg, times: weight, unit: mg}"
    [found] = faults(dose, weight)
    assert (found.action, found.row, found.severity, found.facts) == ("drug", 1, ERROR, facts)
    assert found.text == f"drug: the dose is {amount} mg, which is not more than zero"
    assert found.place is not None
    assert shown(ward(dose, weight), found.facts).amount == amount


def test_a_range_that_begins_off_its_step_is_searched_from_the_first_value_on_it() -> None:
    assert faults("{amount: 10 mg/kg, times: weight, unit: mg}", "range: [0.3, 300], step: 0.5") == []


def test_a_condition_that_leaves_zero_out_clears_the_dose() -> None:
    row = "{amount: 10 mg/kg, times: weight, unit: mg, when: CONDITION}"
    weight = "range: [0, 300], step: 0.1"
    assert faults(row.replace("CONDITION", "weight > 0 kg"), weight) == []
    assert faults(row.replace("CONDITION", "child and weight >= 0.5 kg"), weight) == []
    [found] = faults(row.replace("CONDITION", "child and weight >= 0 kg"), weight)
    assert found.facts == (("weight", "0"), ("child", "true"))


def test_an_earlier_row_that_takes_the_light_patients_clears_the_later_one() -> None:
    rows = "[{amount: 5 mg, unit: mg, when: weight < 1 kg}, {amount: 10 mg/kg, times: weight, unit: mg}]"
    assert faults(rows, "range: [0, 300], step: 0.1") == []
    [found] = faults(rows.replace("< 1 kg", "> 1 kg"), "range: [0, 300], step: 0.1")
    assert (found.row, found.facts) == (2, (("weight", "0"),))


@pytest.mark.parametrize(
    ("condition", "deeds", "certain"),
    [("done(drug)", ("drug",), True), ("in(care.gone)", (), False), ("days since born > 3", (), True)],
)
def test_a_condition_on_deeds_or_tracks_says_what_was_done_or_that_it_is_not_certain(
    condition: str, deeds: tuple[str, ...], certain: bool
) -> None:
    dose = f"{{amount: 10 mg/kg, times: weight, unit: mg, when: {condition} and weight < 9 kg}}"
    born = "  born: {type: date}"
    [found] = faults(dose, "range: [0, 300], step: 0.1", born)
    assert found.facts[0] == ("weight", "0")
    assert (found.deeds, found.certain) == (deeds, certain)
    assert found.severity == (ERROR if certain else WARNING)
    assert faults(dose, "range: [0.1, 300], step: 0.1", born) == []


@pytest.mark.parametrize("condition", ["done(drug)", "in(care.gone)", "days since born > 3", "born is known"])
def test_a_condition_that_leaves_zero_out_clears_the_dose_whatever_else_it_asks(condition: str) -> None:
    dose = f"{{amount: 10 mg/kg, times: weight, unit: mg, when: {condition} and weight > 0 kg}}"
    errors = [fault for fault in faults(dose, "range: [0, 300], step: 0.1", "  born: {type: date}")]
    assert [fault.severity for fault in errors if fault.severity == ERROR] == []


def test_a_row_that_applies_to_nobody_is_left_to_other_findings() -> None:
    assert faults("{amount: 10 mg/kg, times: weight, unit: mg, when: age > 130 a}", "range: [0, 9]") == []


def test_a_dose_from_a_fact_without_a_range_is_unbounded() -> None:
    found = faults("{amount: 10 mg/kg, times: weight, unit: mg}", "step: 0.1")
    assert [fault.severity for fault in found] == [ERROR, ERROR]
    assert found[0].facts == (("weight", "0"),)
    assert found[1].text == "drug: weight has no range, so nothing bounds the dose"


# --- derived factors ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("formula", "facts"),
    [
        ("formula: weight / 2", None),
        ("formula: 'max(weight - 5 kg, 1 kg)'", None),
        ("cases: [{when: child, value: weight}], otherwise: 'min(weight, 60 kg)'", None),
        ("formula: weight - 5 kg", (("weight", "0.5"),)),
        ("cases: [{when: child, value: weight - 0.5 kg}], otherwise: weight", ("0.5", "true")),
    ],
)
def test_a_derived_factor_is_followed_to_what_it_rests_on(
    formula: str, facts: tuple[object, ...] | None
) -> None:
    dosing = f"  dosing: {{type: quantity, unit: kg, {formula}}}"
    dose = "{amount: 10 mg/kg, times: dosing, unit: mg}"
    found = faults(dose, "range: [0.5, 300], step: 0.1", dosing)
    assert len(found) == (facts is not None)
    for fault in found:
        assert fault.severity == ERROR
        assert {*(facts or ())} <= {*fault.facts, *(text for _, text in fault.facts)}
        assert Fraction(shown(ward(dose, facts=dosing), fault.facts).amount or 1) <= 0


def test_a_derived_factor_that_is_not_shown_to_be_positive_is_a_warning() -> None:
    cases = "cases: [{when: done(drug), value: weight - 5 kg}], otherwise: weight"
    dosing = f"  dosing: {{type: quantity, unit: kg, {cases}}}"
    [found] = faults("{amount: 10 mg/kg, times: dosing, unit: mg}", facts=dosing)
    assert (found.severity, found.facts) == (WARNING, ())


def test_a_derived_factor_over_a_fact_without_a_range_is_unbounded() -> None:
    other = "  other: {type: quantity, unit: kg}\n"
    dosing = f"{other}  dosing: {{type: quantity, unit: kg, formula: weight + other}}"
    found = faults("{amount: 10 mg/kg, times: dosing, unit: mg}", facts=dosing)
    assert "drug: dosing has no range, so nothing bounds the dose" in [fault.text for fault in found]


def test_bounds_of_a_formula_hold_its_values() -> None:
    facts = "  bounded: {type: quantity, unit: kg, formula: 'min(weight * 2, 50 kg) - weight / 4'}"
    definition = ward("{amount: 1 mg, unit: mg}", facts=facts)
    assert bounds_of(definition, definition.facts["bounded"]) == (1000 - 75000, 50000 - 125)


# --- caps ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cap", "words"),
    [
        ("3001 mg", ["drug: the cap of 3001 mg is never reached; the most is 3000 mg"]),
        ("3000 mg", []),
        ("2999 mg", []),
        ("6 mg", []),
        ("5 mg", ["drug: the cap of 5 mg is always reached, so 10 mg/kg is never what is given"]),
        ("0.001 g", ["drug: the cap of 0.001 g is always reached, so 10 mg/kg is never what is given"]),
    ],
)
def test_a_cap_that_is_never_or_always_reached_is_a_warning(cap: str, words: list[str]) -> None:
    found = faults(f"{{amount: 10 mg/kg, times: weight, cap: {cap}, unit: mg}}")
    assert [fault.text for fault in found] == words
    assert [fault.severity for fault in found] == [WARNING] * len(words)


def test_the_cap_is_judged_within_the_condition_of_its_row() -> None:
    row = "{amount: 10 mg/kg, times: weight, cap: 1000 mg, unit: mg, when: weight < WEIGHED kg}"
    [found] = faults(row.replace("WEIGHED", "100"))
    assert "never reached; the most is 999.999" in found.text
    assert faults(row.replace("WEIGHED", "100.1")) == []


@pytest.mark.parametrize(("amount", "words"), [("5 mg", "never"), ("9 mg", "always"), ("7 mg", "always")])
def test_a_cap_on_a_flat_dose_does_nothing_or_all(amount: str, words: str) -> None:
    [found] = faults(f"{{amount: {amount}, cap: 7 mg, unit: mg}}")
    assert f"is {words} reached" in found.text
    assert (found.severity, found.facts) == (WARNING, ())


def test_a_cap_on_a_derived_factor_is_judged_by_its_bounds() -> None:
    dose = "{amount: 10 mg/kg, times: dosing, cap: CAP mg, unit: mg}"
    half = "  dosing: {type: quantity, unit: kg, formula: weight / 2}"
    assert faults(dose.replace("CAP", "1500"), facts=half) == []
    [never] = faults(dose.replace("CAP", "1501"), facts=half)
    [always] = faults(dose.replace("CAP", "2"), facts=half)
    assert "never reached" in never.text
    assert "always reached" in always.text


def test_the_value_where_the_cap_begins_is_among_those_looked_at_in_every_unit() -> None:
    fact = ward("{amount: 1 mg, unit: mg}").facts["weight"]
    texts = typed_numbers(fact, [Fraction(40)])
    assert {"0.5", "0.6", "299.9", "300", "39.9", "40", "40.1", "500 g", "300000 g", "40000 g"} <= set(texts)
    assert "0.4" not in texts
    assert "300.1" not in texts
    pounds = [Fraction(text.split()[0]) * Fraction("0.45359237") for text in texts if "lb" in text]
    assert all(Fraction("0.5") <= weight <= 300 for weight in pounds)
    assert min(abs(weight - 40) for weight in pounds) < Fraction(1, 10**6)


# --- what is shown ------------------------------------------------------------------------------
def test_an_amount_without_finitely_many_decimals_is_shown_rounded() -> None:
    dose = "{amount: 100 mg/d, unit: mg/h}"
    [found] = faults(dose)
    assert (found.severity, found.text) == (WARNING, "drug: the dose shows as 4.16667 mg/h, which is rounded")
    assert shown(ward(dose), ()).amount == "4.16667"


def test_a_capped_dose_is_never_shown_above_its_cap() -> None:
    dose = "{amount: 100 mg/kg/d, times: weight, cap: 100 mg/d, unit: mg/h}"
    assert [fault for fault in faults(dose) if fault.severity == ERROR] == []
    assert shown(ward(dose), (("weight", "40"),)).amount == "4.16666"


@pytest.mark.parametrize(
    ("dose", "severity", "words"),
    [
        ("{amount: 2 g/d, unit: mg/d, divided: [{every: 24 h}, {every: 12 h}]}", None, ""),
        ("{amount: 3 g/d, unit: mg/d, divided: [{every: 8 h}]}", None, ""),
        (
            "{amount: 100 mg/d, unit: mg/d, divided: [{every: 8 h}]}",
            WARNING,
            "3 times 33.3333 mg, every 8 h, show as 99.9999 a day, not 100",
        ),
        (
            "{amount: 10 mg/kg/d, times: weight, cap: 2000 mg/d, unit: mg/d, divided: [{every: 8 h}]}",
            WARNING,
            "3 times 1.66666 mg, every 8 h, show as 4.99998 a day, not 5",
        ),
    ],
)
def test_the_parts_of_a_day_add_up_as_shown(dose: str, severity: str | None, words: str) -> None:
    found = [fault for fault in faults(dose) if severity == fault.severity or severity is None]
    assert [fault.text for fault in found] == ([f"drug: {words}"] if severity is not None else [])


def test_the_parts_of_a_capped_day_never_add_up_to_more() -> None:
    dose = "{amount: 10 mg/kg/d, times: weight, cap: 2000 mg/d, unit: mg/d, divided: [{every: 8 h}]}"
    [part] = shown(ward(dose), (("weight", "250"),)).divided
    assert part.amount == "666.6666"


def test_a_computed_dose_that_breaks_its_promise_is_a_flaw() -> None:
    """The engine keeps these promises; a view that breaks one is made by hand."""
    dose_text = "{amount: 10 mg/kg/d, times: weight, cap: 400 mg/d, unit: mg/d, divided: [{every: 6 h}]}"
    definition = ward(dose_text)
    action = definition.actions["drug"]
    dose = action.doses[0]
    readings = supposed(assemble(definition), [FactEntry("weight", "40")], NOON)
    view = view_of_row(action, dose, readings, "recommended")
    assert list(flaws(dose, Fraction(400), view)) == []
    [over] = flaws(dose, Fraction(401), replace(view, amount="400"))
    [zero] = flaws(dose, Fraction(1, 10**9), replace(view, amount="0"))
    [odd] = flaws(replace(dose, divided=(25200,)), Fraction(400), view)
    assert "more than its cap" in over.text
    assert "not more than zero" in zero.text
    assert odd.text == "a day does not divide into 7 h"


@given(st.fractions(min_value=Fraction(1, 10**12), max_value=10**6))
def test_a_positive_amount_never_shows_as_zero_and_keeps_six_digits(amount: Fraction) -> None:
    printed = Fraction(format_number(amount))
    assert printed > 0
    assert abs(printed - amount) <= amount / 10**5


# --- rows ---------------------------------------------------------------------------------------
def test_rows_behind_one_for_everybody_never_apply() -> None:
    row = "{amount: 5 mg, unit: mg}"
    found = faults(f"[{{amount: 4 mg, unit: mg, when: child}}, {row}, {row}, {row}]")
    assert [(fault.row, fault.severity) for fault in found] == [(3, ERROR), (4, ERROR)]
    assert found[0].text == "drug: row 3 never applies, because row 2 is for everybody"


def test_a_dose_keeps_its_unit_over_all_rows() -> None:
    [found] = faults("[{amount: 4 mg, unit: mg, when: child}, {amount: 1 g, unit: g}]")
    assert found.text == "drug: the dose changes unit, from mg to g"
    assert found.row == 2


# --- schedules ----------------------------------------------------------------------------------
WEEKS = "{times: 2, per: 1 wk, for: 4 wk}, {times: 1, per: 1 wk, for: 4 wk}, {times: 1, per: 1 mo}"


def test_a_schedule_whose_totals_are_those_of_its_doses_has_no_fault() -> None:
    assert faults("{amount: 15 mg, unit: mg}", schedule=WEEKS) == []


WEEK = 604800
MONTHLY = Period(1, None, 1, 24 * WEEK, "1 in every 1 mo for 24 wk")


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([MONTHLY], "has months and a fixed length"),
        ([MONTHLY, Period(1, WEEK, None, None, "1 in every 1 wk")], "has months and a fixed length"),
        ([], "has no period"),
        ([Period(1, 0, None, None, "1 in every 0 d")], "does not hold a whole number of windows"),
    ],
)
def test_periods_that_cannot_be_counted_are_found(periods: list[Period], words: str) -> None:
    [found] = dose_faults(with_periods(ward("{amount: 15 mg, unit: mg}", schedule=WEEKS), *periods))
    assert words in found.text
    assert (found.row, found.severity) == (0, ERROR)


def with_periods(definition: Definition, *periods: Period) -> Definition:
    """The definition with other periods, also such as loading refuses."""
    drug: Action = definition.actions["drug"]
    assert drug.schedule is not None
    drug = replace(drug, schedule=replace(drug.schedule, periods=periods))
    return replace(definition, actions={"drug": drug})


def test_periods_that_loading_refuses_are_found_here_too() -> None:
    definition = ward("{amount: 15 mg, unit: mg}", schedule=WEEKS)
    open_end, odd = Period(1, WEEK, None, None, "1 in every 1 wk"), Period(1, WEEK, None, WEEK + 1, "odd")
    [early] = dose_faults(with_periods(definition, open_end, open_end))
    [uneven] = dose_faults(with_periods(definition, odd))
    assert "open-ended and not the last" in early.text
    assert "does not hold a whole number of windows" in uneven.text


def test_a_schedule_of_a_dose_per_day_adds_up_to_nothing() -> None:
    [found] = faults("{amount: 15 mg/d, unit: mg/d}", schedule=WEEKS)
    assert "a dose in mg/d is a rate" in found.text


def test_a_total_that_is_not_the_sum_of_its_doses_as_shown_is_a_warning() -> None:
    found = faults("{amount: 2 g, unit: '[oz_av]'}", schedule=WEEKS)
    assert [(fault.row, fault.severity) for fault in found] == [(1, WARNING), (0, WARNING)]


# --- what loading refuses already ---------------------------------------------------------------
@pytest.mark.parametrize(
    "dose",
    [
        "{amount: 0 mg, unit: mg}",
        "{amount: -5 mg, unit: mg}",
        "{amount: 5 mg, cap: 0 g, unit: mg}",
        "{amount: 5 mg, cap: 1 mL, unit: mg}",
        "{amount: 5 mg, cap: 3 mg/d, unit: mg}",
        "{amount: 5 mg/kg/d, times: weight, unit: mg}",
        "{amount: 5 mg/kg/d, unit: mg/d}",
        "{amount: 5 mg/kg, times: child, unit: mg}",
        "{amount: 5, unit: mg}",
        "{amount: 5 mg/d, unit: mg/d, divided: [{every: 7 h}]}",
        "{amount: 5 mg/d, unit: mg/d, divided: [{every: 48 h}]}",
        "{amount: 120 mg/d, unit: mg/h, divided: [{every: 8 h}]}",
    ],
)
def test_loading_refuses_a_dose_of_the_wrong_sign_unit_or_division(dose: str) -> None:
    with pytest.raises(DefinitionError):
        ward(dose)


@pytest.mark.parametrize(
    "schedule",
    [
        "{times: 1, per: 1 wk}, {times: 1, per: 1 wk}",
        "{times: 1, per: 2 wk, for: 3 wk}",
        "{times: 0, per: 1 wk}",
        "{times: 1, per: 1 mo, for: 6 mo}",
    ],
)
def test_loading_refuses_periods_that_do_not_add_up(schedule: str) -> None:
    with pytest.raises(DefinitionError):
        ward("{amount: 15 mg, unit: mg}", schedule=schedule)


# --- one dose in every unit of entry ------------------------------------------------------------
SAME = ward(
    "{amount: 12.5 mg/kg/d, times: weight, cap: 2 g/d, unit: mg/d, divided: [{every: 12 h}]}",
    "range: [0.3, 400], also: [g, '[lb_av]']",
)


def figures(view: DoseView) -> tuple[object, ...]:
    return view.amount, view.unit, view.capped, view.divided


@given(st.integers(min_value=662, max_value=400000), st.sampled_from(["g", "[lb_av]"]))
def test_a_weight_gives_the_same_dose_in_every_unit_it_is_entered_in(thousandths: int, unit: str) -> None:
    entered = Fraction(thousandths, 1000)
    kilograms = entered * (Fraction("0.45359237") if unit == "[lb_av]" else 1)
    in_kg = shown(SAME, (("weight", exact_text(kilograms)),))
    in_other = shown(SAME, (("weight", f"{exact_text(entered if unit != 'g' else entered * 1000)} {unit}"),))
    assert figures(in_kg) == figures(in_other)


@given(st.integers(min_value=300, max_value=400000))
def test_the_flagship_doses_a_child_the_same_in_grams_and_kilograms(grams: int) -> None:
    compiled = assemble(FLAGSHIP)
    action = FLAGSHIP.actions["ceftriaxone_child"]
    views = [
        dose_view(
            action,
            supposed(compiled, [FactEntry("weight_kg", text), FactEntry("is_child", "true")], NOON),
            "held",
        )
        for text in (exact_text(Fraction(grams, 1000)), f"{grams} g")
    ]
    assert views[0] is not None
    assert views[1] is not None
    assert figures(views[0]) == figures(views[1])
    assert Fraction(views[0].amount or 0) == min(Fraction(grams, 10), 4000)
