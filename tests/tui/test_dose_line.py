"""Doses as clinicians read them: nothing that has been misread on a ward may be written here."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.dose_words import dose_phrase
from pathway.language.amounts import amount_text, interval_text, quantity_text, strength, unit_text
from tests.tui.support import dose
from tui.dose_line import dose_lines
from tui.lines import wrapped

UNITS = st.sampled_from(["mg", "g", "ug", "mg/d", "g/d", "mg/kg/d", "[IU]", "U", "mL", "ug/h", "Gy", "mmol"])
AMOUNTS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("99999"), places=3)
ERROR_PRONE = (
    r"\d\.\d*0\b",
    r"(^|\s)\.\d",
    r"\d[a-zA-Z]",
    r"\bU\b",
    r"\bIU\b",
    r"\bmcg\b",
    r"\bug\b",
    r"\d\.(\s|$)",
)


@given(AMOUNTS, UNITS)
def test_no_error_prone_notation_is_ever_written(amount: Decimal, unit: str) -> None:
    shown = strength(str(amount), unit).replace("\N{NO-BREAK SPACE}", " ")
    assert not [pattern for pattern in ERROR_PRONE if re.search(pattern, shown)], shown


@given(AMOUNTS)
def test_the_amount_is_exact(amount: Decimal) -> None:
    assert Decimal(amount_text(amount).replace(",", "")) == amount


@given(AMOUNTS, st.sampled_from(["g", "mg"]))
def test_a_smaller_unit_keeps_the_quantity(amount: Decimal, unit: str) -> None:
    number, _, word = strength(str(amount), unit).replace("\N{NO-BREAK SPACE}", " ").partition(" ")
    size = {"g": 10**9, "mg": 10**6, "micrograms": 10**3, "nanograms": 1}
    assert Decimal(number.replace(",", "")) * size[word] == amount * size[unit]


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("4000", "mg/d", "4,000 mg per day"),
        ("4000.0", "mg/d", "4,000 mg per day"),
        ("0.5", "g", "500 mg"),
        ("0.25", "mg", "250 micrograms"),
        ("2.5", "mg", "2.5 mg"),
        ("15", "mg", "15 mg"),
        ("100", "mg/kg/d", "100 mg/kg per day"),
        ("5000", "[IU]", "5,000 international units"),
        ("1000000", "U", "1,000,000 units"),
    ],
)
def test_doses_read_as_on_a_medication_line(amount: str, unit: str, shown: str) -> None:
    assert strength(amount, unit).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_float_is_refused_as_a_dose() -> None:
    with pytest.raises(TypeError, match="exact decimal text"):
        amount_text(0.1)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "much", ""])
def test_what_is_no_number_is_refused_as_a_dose(amount: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        amount_text(amount)


def test_label_and_strength_are_never_torn_apart() -> None:
    for width in range(30, 100):
        first = wrapped(dose_lines(dose())[0], width)[0]
        assert first.plain.strip().startswith("DOSE 4,000 mg per day")


def test_a_dose_that_cannot_be_computed_says_what_it_needs_and_no_number() -> None:
    lines = dose_lines(dose(None, ("weight_kg",)), {"weight_kg": "Weight"})
    assert [line.plain.strip() for line in lines] == ["DOSE not computed: needs Weight"]
    assert dose_phrase(dose(None, ("weight_kg",))) == ""


def test_ceiling_division_basis_and_note_stand_beside_the_dose() -> None:
    text = "\n".join(line.plain for line in dose_lines(replace(dose(), note="Not in neonates with calcium")))
    for part in (
        "at the ceiling of 4 g per day",
        "given as 2,000 mg every 12 hours",
        "weight_kg 45 kg",
        "neonates",
    ):
        assert part in text


def test_intervals_and_quantities_are_in_words() -> None:
    assert (interval_text("12 h"), interval_text("1 d"), interval_text("q8h")) == (
        "every 12 hours",
        "every day",
        "every q8h",
    )
    assert quantity_text("as the label says") == "as the label says"
    assert unit_text("{INR}") == ""
