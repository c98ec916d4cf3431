"""Numbers: read only when they are plain, written without loss."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pathway.language.numbers import exact_text, format_number, parse_decimal, parse_exact

decimals = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=6).map(Fraction)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40", 40),
        ("1.10", Fraction(11, 10)),
        ("-0.5", Fraction(-1, 2)),
        ("0", 0),
        ("-0", 0),
        ("010", 10),
        ("5.0", 5),
    ],
)
def test_a_plain_decimal_means_what_it_says(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


def test_a_tenth_is_a_tenth_and_not_the_nearest_binary_number() -> None:
    assert parse_decimal("0.1") + parse_decimal("0.2") == parse_decimal("0.3")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (".5", "write a zero before the point, 0.5"),
        ("-.5", "-0.5"),
        ("5.", "leave out the point at the end, 5"),
        ("1e3", "instead of an exponent"),
        ("1.5E-3", "instead of an exponent"),
        ("+3", "leave out the plus sign, 3"),
        ("NaN", "unknown"),
        ("-inf", "unknown"),
        ("", "missing"),
        ("  ", "missing"),
        (" 5", "blanks"),
        ("5\n", "blanks"),
        ("1 000", "blanks"),
        ("1,000", "1000 or 1.000, whichever is meant"),
        ("1,000,000", "leave out the commas, 1000000"),
        ("1,5", "1.5"),
        ("\u22123", "minus sign"),
        ("1_000", "write digits"),
        ("0x10", "write digits"),
        ("1/3", "write digits"),
        ("\u0663", "write digits"),
        ("--1", "write digits"),
        ("five", "write digits"),
    ],
)
def test_anything_else_is_refused_with_the_way_to_write_it(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number") as refusal:
        parse_decimal(text)
    assert advice in str(refusal.value)


@pytest.mark.parametrize("text", ["1" * 31, "0." + "1" * 30, "-" + "9" * 5000])
def test_more_than_thirty_digits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at most 30 digits"):
        parse_decimal(text)


def test_thirty_digits_are_read_exactly() -> None:
    assert parse_decimal("0." + "3" * 29) == Fraction(int("3" * 29), 10**29)


@given(st.text(max_size=10))
def test_any_text_is_a_number_or_is_refused_in_words(text: str) -> None:
    try:
        value = parse_decimal(text)
    except ValueError as error:
        assert "number" in str(error)  # noqa: PT017 - either outcome is right, a crash is not
    else:
        assert value == Fraction(Decimal(text))


@given(decimals)
def test_a_decimal_survives_writing_and_reading(value: Fraction) -> None:
    assert parse_decimal(exact_text(value)) == value
    assert format_number(value) == exact_text(value)


@given(st.fractions())
def test_every_value_survives_its_exact_text(value: Fraction) -> None:
    assert parse_exact(exact_text(value)) == value


@given(st.fractions())
def test_text_has_no_exponent_no_trailing_zero_and_a_leading_zero(value: Fraction) -> None:
    for text in (format_number(value), exact_text(value)):
        assert set(text) <= set("-0123456789./")
        assert not text.startswith((".", "-."))
        assert text not in ("-0", "")
        assert "." not in text or not text.endswith(("0", "."))


@given(st.fractions())
def test_an_endless_decimal_is_rounded_half_to_even_at_six_digits_and_four_decimals(value: Fraction) -> None:
    assume("/" in exact_text(value))
    whole_digits = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    context = Context(prec=max(6, whole_digits + 4), rounding=ROUND_HALF_EVEN)
    assert Fraction(format_number(value)) == Fraction(context.divide(value.numerator, value.denominator))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(-2, 3), "-0.666667"),
        (Fraction(2 * 10**8, 3), "66666666.6667"),
        (Fraction(1, 300000), "0.00000333333"),
        (Fraction(9999999, 7000000), "1.42857"),
        (Fraction(2999999999, 3000), "999999.9997"),
        (Fraction(1000), "1000"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction(123456789), "123456789"),
    ],
)
def test_people_read_short_numbers(value: Fraction, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(2, 3), "2/3"), (Fraction(-5, 6), "-5/6"), (Fraction(3, 4), "0.75")]
)
def test_an_exact_text_is_a_decimal_where_there_is_one(value: Fraction, text: str) -> None:
    assert exact_text(value) == text


@pytest.mark.parametrize(
    "text", ["", "1/0", "1/00", "1/", "/3", "1/-3", "1 /3", "1e3", ".5", "1.5/3", "1" * 4001, "2/3\n"]
)
def test_an_exact_text_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not exact"):
        parse_exact(text)
