"""Values as people type them: read exactly, refused clearly, kept so that reading again gives the same."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.language.calendar import parse_zone
from pathway.language.definition import Fact
from pathway.language.values import ValueRefused, kept_text, kept_value, read_value, shown
from tests.language.guard_strategies import VALUES, ZONE, lab

FACTS = lab().definition.facts


def fact(name: str) -> Fact:
    return FACTS[name]


def refused(name: str, typed: str | tuple[str, ...]) -> str:
    with pytest.raises(ValueRefused) as caught:
        read_value(fact(name), typed, ZONE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("suspected", "yes", "true"),
        ("suspected", "Off", "false"),
        ("platelets", "39.9", "39.9"),
        ("platelets", " 39.90 ", "39.9"),
        ("platelets", "40 10*9/L", "40"),
        ("kps", "70", "70"),
        ("csf_glucose", "5 mmol/L", "90.078"),
        ("csf_glucose", "45 mg/dL", "45"),
        ("temperature", "100.4 [degF]", "38"),
        ("temperature", "-5", "-5"),
        ("etiology", "tb", "tb"),
        ("start", "2026-02-28", "2026-02-28"),
        ("lmwh_time", "2026-03-01T08:00", "2026-03-01T07:00:00+00:00"),
        ("lmwh_time", "2026-03-01T08:00+05:30", "2026-03-01T02:30:00+00:00"),
        ("lmwh_time", "2026-03-01", "2026-02-28T23:00:00+00:00"),
        ("note", " seen by the team ", "seen by the team"),
        ("drugs", "rifampin|isoniazid", ("rifampin", "isoniazid")),
        ("drugs", ("rifampin", "new_drug"), ("rifampin", "new_drug")),
        ("drugs", "[]", ()),
        ("drugs", (), ()),
    ],
)
def test_a_value_is_read_and_kept_exactly(
    name: str, typed: str | tuple[str, ...], kept: str | tuple[str, ...]
) -> None:
    entered = read_value(fact(name), typed, ZONE)
    assert entered.text == kept
    assert kept_value(fact(name), entered.text, UTC) == entered.value


def test_what_was_typed_is_kept_beside_what_it_means() -> None:
    entered = read_value(fact("csf_glucose"), "5 mmol/L", ZONE)
    assert (entered.entered, entered.text, entered.unit) == ("5 mmol/L", "90.078", "mg/dL")


WRONG = [
    ("suspected", "maybe", "takes yes or no"),
    ("suspected", "1", "takes yes or no"),
    ("platelets", "forty", "takes a number in 10*9/L"),
    ("platelets", "40 mg/dL", "is not entered in `mg/dL`. It takes 10*9/L"),
    ("platelets", "40 10e9/L", "write 10*9/L"),
    ("platelets", "-1", "outside 0 to 3000 10*9/L"),
    ("platelets", "3000.1", "outside 0 to 3000"),
    ("platelets", "40.05", "not on its step. It is given in steps of 0.1 10*9/L"),
    ("platelets", "1,000", "1000 or 1.000"),
    ("platelets", "40,5", "a point for the decimals"),
    ("platelets", "1e2", "Write all digits"),
    ("platelets", "1e999", "Write all digits"),
    ("platelets", "NaN", "takes a number"),
    ("platelets", "inf", "takes a number"),
    ("platelets", "-Infinity", "takes a number"),
    ("platelets", "٤٠", "takes a number"),
    ("platelets", "+40", "leave out the plus sign"),
    ("platelets", ".5", "a zero before the point"),
    ("platelets", "9" * 31, "at most 30 digits"),
    ("platelets", "9" * 1_000_000, "more than 200"),
    ("platelets", "5" + " " * 1_000_000 + "x", "more than 200"),
    ("platelets", "", "has no value"),
    ("platelets", "   ", "has no value"),
    ("platelets", ("40", "41"), "takes one value"),
    ("csf_glucose", "5 mmol", "It takes mg/dL or mmol/L"),
    ("csf_glucose", "0.45 g/L", "It takes mg/dL or mmol/L"),
    ("temperature", "38 C", "write Cel"),
    ("temperature", "38 K", "is not entered in `K`"),
    ("kps", "75", "steps of 10"),
    ("kps", "7.5", "steps of 10"),
    ("etiology", "TB", "Did you mean `tb`?"),
    ("etiology", "viral", "It takes: tb, bacterial, fungal, unknown"),
    ("drugs", "Rifampin", "Did you mean `rifampin`?"),
    ("drugs", "something new", "lower-case words"),
    ("drugs", "rifampin|rifampin", "names something twice"),
    ("drugs", "", "[] for none"),
    ("drugs", "rifampin|", "has no code ``"),
    ("drugs", "rifampin|unknown", "stands alone"),
    ("start", "2026-02-30", "not a day of the calendar"),
    ("start", "26-02-28", "year-month-day"),
    ("start", "2026-02-28T08:00", "is not a date"),
    ("start", "0001-01-01", "outside the years"),
    ("lmwh_time", "2026-03-29T02:30", "does not exist"),
    ("lmwh_time", "2026-10-25T02:30", "shown twice"),
    ("lmwh_time", "2026-03-01 08:00", "write a T"),
    ("lmwh_time", "2026-03-01T08:00:00.5", "whole seconds"),
    ("lmwh_time", "2026-03-01T24:00", "ends at 23:59:59"),
    ("lmwh_time", "yesterday", "is not a time"),
    ("note", "a\u202eb", "\\u202e"),
    ("note", "a\x1b[31m", "invisible character"),
    ("note", "x" * 2001, "more than 2000"),
]


@pytest.mark.parametrize(("name", "typed", "words"), WRONG, ids=[f"{n} {str(t)[:20]!a}" for n, t, _ in WRONG])
def test_a_value_that_a_fact_cannot_hold_is_refused_with_the_way_to_write_it(
    name: str, typed: str | tuple[str, ...], words: str
) -> None:
    message = refused(name, typed)
    assert message.startswith(name)
    assert words in message
    assert message.isprintable()


def test_a_value_on_the_edge_of_its_range_is_read() -> None:
    for typed in ("0", "3000"):
        assert read_value(fact("platelets"), typed, ZONE).value == Fraction(typed) * 10**12


def test_a_converted_value_may_lie_off_the_step_but_not_out_of_range() -> None:
    assert read_value(fact("csf_glucose"), "0.1 mmol/L", ZONE).text == "1.80156"
    assert "outside 0 to 1000" in refused("csf_glucose", "60 mmol/L")


@pytest.mark.parametrize("name", [name for name in VALUES if name in FACTS])
def test_what_is_kept_reads_as_the_same_value(name: str) -> None:
    for typed in VALUES[name]:
        entered = read_value(fact(name), typed, ZONE)
        again = read_value(fact(name), entered.text, parse_zone("UTC"))
        assert (again.value, again.text) == (entered.value, entered.text)
        assert shown(fact(name), entered.value, ZONE)[0] != ""


@given(
    st.fractions(min_value=0, max_value=3000, max_denominator=10).filter(lambda f: 10 % f.denominator == 0)
)
def test_every_value_of_the_range_on_its_step_is_read_and_kept_without_loss(number: Fraction) -> None:
    platelets = fact("platelets")
    base = platelets.unit.to_base(number) if platelets.unit is not None else number
    assert read_value(platelets, kept_text(platelets, base), ZONE).value == base


@given(st.sampled_from(sorted(FACTS)), st.text(max_size=40))
def test_any_text_is_read_or_refused(name: str, typed: str) -> None:
    try:
        entered = read_value(fact(name), typed, ZONE)
    except ValueRefused as error:
        said = str(error)
    else:
        said = name
        assert kept_value(fact(name), entered.text, UTC) == entered.value
    assert said.startswith(name)
