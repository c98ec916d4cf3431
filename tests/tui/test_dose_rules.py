"""The rules for writing a dose, over every unit and amount a pathway can have.

NHS Common User Interface, medication line; ISMP list of error-prone abbreviations and dose designations.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pathway.engine.dose_words import dose_phrase
from pathway.language.amounts import (
    amount_text,
    basis_text,
    interval_text,
    quantity_text,
    strength,
    unit_text,
)
from pathway.language.unit_table import UNITS
from tests.tui.cells import flagship
from tests.tui.support import dose
from tui.dose_line import dose_lines
from tui.lines import NO_BREAK, Line, all_wrapped

AMOUNTS = st.decimals(min_value=Decimal("0.000001"), max_value=Decimal(10**9), allow_nan=False, places=6)
HEADS = st.sampled_from(sorted(UNITS))
RATES = st.lists(
    st.sampled_from(["kg", "m2", "h", "d", "min", "wk", "L", "dL", "mL"]), max_size=2, unique=True
)
DOSE_UNITS = st.builds(lambda head, rates: "/".join([head, *rates]), HEADS, RATES)
FORBIDDEN = {
    "a trailing zero": r"\d\.\d*0(?!\d)",
    "a naked decimal point": r"(?<!\d)\.\d",
    "a point without decimals": r"\d\.(?!\d)",
    "no space before the unit": r"(?<![\w.,])\d[\d.,]*[a-zA-Zµ%\[]",
    "micrograms as a symbol": r"\bug\b|\bmcg\b|µ|μ",
    "units as a letter": r"\b[kmu]?U\b|IU",
    "nanograms or picograms as a symbol": r"\bng\b|\bpg\b",
    "a day, week, month or year as a letter": r"/(d|wk|mo|a|h)\b",
    "a number from 1,000 without commas": r"(?<![\d.,])\d{4,}",
}


def faults(shown: str) -> list[str]:
    """The rules that a written dose breaks, by name."""
    words = shown.replace(NO_BREAK, " ")
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, words)]


@pytest.mark.parametrize(
    "shown",
    [
        "5.0 mg",
        ".5 mg",
        "5. mg",
        "5mg",
        "5 ug",
        "5 mcg",
        "5 \N{MICRO SIGN}g",
        "5 U",
        "5 [IU]",
        "5 mU",
        "5 ng",
        "5 mg/d",
        "5000 mg",
        "1.50 mg",
    ],
)
def test_each_rule_would_be_noticed(shown: str) -> None:
    assert faults(shown)


@given(AMOUNTS, DOSE_UNITS)
@example(Decimal("0.5"), "ug/kg/min")
@example(Decimal("1000"), "k[IU]/d")
@example(Decimal("5.0"), "uL")
@example(Decimal("100000"), "10*6.[IU]")
def test_no_amount_in_any_unit_breaks_a_rule(amount: Decimal, unit: str) -> None:
    shown = strength(str(amount), unit)
    assert faults(shown) == [], shown


@given(AMOUNTS, DOSE_UNITS)
def test_an_amount_is_never_torn_from_its_unit(amount: Decimal, unit: str) -> None:
    given = replace(dose(str(amount)), amount=str(amount), unit=unit, divided=())
    whole = strength(str(amount), unit).replace(NO_BREAK, " ")
    for width in (76, 120):
        shown = [line.plain for line in all_wrapped(dose_lines(given), width)]
        assert any(f"DOSE {whole}" in line for line in shown)
        assert any(
            whole in line.plain for line in all_wrapped([Line(dose_phrase(given), "Do: a drug")], width)
        )


@given(AMOUNTS, DOSE_UNITS)
def test_how_a_dose_came_about_keeps_the_rules_too(amount: Decimal, unit: str) -> None:
    basis = f"{amount:f} {unit} x 72.50 kg, at most {amount:f} {unit}"
    assert faults(basis_text(basis)) == [], basis_text(basis)


def test_every_dose_of_the_flagship_keeps_the_rules() -> None:
    doses = [one for action in flagship().actions.values() for one in action.doses]
    assert len(doses) > 5
    for one in doses:
        for text in (one.amount_text, one.cap_text or "1 mg", f"1 {one.unit.text}"):
            assert faults(quantity_text(text)) == [], quantity_text(text)


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("0.5", "g", "500 mg"),
        ("0.05", "mg", "50 micrograms"),
        ("4000", "mg/d", "4,000 mg per day"),
        ("999", "mg", "999 mg"),
        ("1000", "mg", "1,000 mg"),
        ("0.25", "k[IU]", "0.25 thousand international units"),
        ("2", "10*6.[IU]", "2 10^6 international units"),
        ("40", "mg/m2", "40 mg/m²"),
    ],
)
def test_amounts_read_as_on_a_medication_line(amount: str, unit: str, shown: str) -> None:
    assert strength(amount, unit).replace(NO_BREAK, " ") == shown


@pytest.mark.parametrize(
    ("every", "shown"),
    [
        ("12 h", "every 12 hours"),
        ("1 h", "every hour"),
        ("1 h 30 min", "every 1 hour 30 minutes"),
        ("3 d", "every 3 days"),
        ("4 d 12 h", "every 4 days 12 hours"),
    ],
)
def test_intervals_are_in_words(every: str, shown: str) -> None:
    assert interval_text(every) == shown


@given(AMOUNTS)
def test_a_number_is_written_whole_and_read_back_the_same(amount: Decimal) -> None:
    assert Decimal(amount_text(amount).replace(",", "")) == amount


def test_units_that_kill_are_in_full() -> None:
    assert unit_text("ug/kg/h") == "micrograms/kg per hour"
    assert unit_text("[IU]/mL") == "international units/mL"
    assert unit_text("mU/L") == "milliunits/L"
