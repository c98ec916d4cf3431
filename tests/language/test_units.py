"""Units: sizes checked against the UCUM standard's own table, conversion exact, slips met with advice."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry

from pathway.language.unit_slips import PIECE_SLIPS, WHOLE_SLIPS, meant
from pathway.language.units import (
    UNIT_PATTERN,
    UNITS,
    Unit,
    UnitError,
    convert,
    display,
    divide,
    multiply,
    parse_unit,
    same_dimension,
)

COMPOUNDS = [
    "mg/dL",
    "g/L",
    "ug/mL",
    "mmol/L",
    "umol/L",
    "10*9/L",
    "10*3/uL",
    "10^9/L",
    "/uL",
    "{cells}/uL",
    "mg/kg/d",
    "g/d",
    "mg/d",
    "mL/min/{1.73_m2}",
    "mg/m2",
    "ug/kg/min",
    "mL/kg/h",
    "[IU]/L",
    "m[IU]/mL",
    "U/L",
    "kU/L",
    "ukat/L",
    "meq/L",
    "mosm/kg",
    "kg/m2",
    "g.m-2",
    "mg.h/L",
    "/min",
    "/d",
    "10*-3",
    "mg/g{creat}",
    "{INR}",
    "{score}",
    "{GCS_score}",
    "kcal/kg/d",
    "L/min",
    "nmol/h",
    "K/h",
    "mmol/mol",
    "%",
    "/[HPF]",
    "[CFU]/mL",
]
ALONE = ("Cel", "[degF]")
WHOLE = re.compile(UNIT_PATTERN)

numbers = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6)
simple_units = st.sampled_from(sorted(UNITS)).map(parse_unit)
units = st.sampled_from([*sorted(UNITS), *COMPOUNDS]).map(parse_unit)
scaled_units = units.filter(lambda unit: not unit.is_affine)

# --- the standard ---------------------------------------------------------------------------------

OWN_DIMENSIONS = {base for unit in UNITS.values() for base, _ in unit.dims}
STRICTER_THAN_UCUM = {"mo", "a"}
SCALES = {"Cel", "[degF]"}


@cache
def standard() -> tuple[dict[str, tuple[str, str]], dict[str, Fraction]]:
    """Value and unit of every UCUM unit, and every prefix, from the standard's XML."""
    root = ElementTree.fromstring((files("ucumvert") / "vendor" / "ucum-essence.xml").read_bytes())
    space = root.tag.removesuffix("root")
    values = {unit.get("Code", ""): unit.find(f"{space}value") for unit in root.iter(f"{space}unit")}
    found = {
        code: (value.get("value", ""), value.get("Unit", ""))
        for code, value in values.items()
        if value is not None
    }
    prefixes = {
        prefix.get("Code", ""): Fraction(value.get("value", ""))
        for prefix in root.iter(f"{space}prefix")
        for value in prefix.iter(f"{space}value")
    }
    return found, prefixes


def in_own_dimensions(text: str) -> tuple[Fraction, dict[str, int]]:
    """Expand a UCUM expression of the standard's table down to the dimensions used here."""
    factor, dims = Fraction(1), dict[str, int]()
    for sign, code in re.findall(r"([./]?)((?:\[[^\]]*\]|[^./\[])+)", text):
        size, inner, power = standard_power(code)
        power = -power if sign == "/" else power
        factor *= size**power
        for base, exponent in inner.items():
            dims[base] = dims.get(base, 0) + exponent * power
    return factor, {base: power for base, power in dims.items() if power}


def standard_power(code: str) -> tuple[Fraction, dict[str, int], int]:
    """Size, dimensions and exponent of `10*-2`, `16`, `dm3` or `[lb_av]`."""
    if code.startswith("10*"):
        return Fraction(10), {}, int(code[3:])
    if code.isdigit():
        return Fraction(code), {}, 1
    match = re.fullmatch(r"(.*?[^0-9+-])([+-]?\d+)?", code)
    assert match
    return *standard_size(match[1]), int(match[2] or 1)


def standard_size(code: str) -> tuple[Fraction, dict[str, int]]:
    if code in OWN_DIMENSIONS:
        return Fraction(1), {code: 1}
    values, prefixes = standard()
    if code in values:
        value, expression = values[code]
        factor, dims = in_own_dimensions(expression)
        return factor * Fraction(value), dims
    prefix = max(
        (p for p in prefixes if code.startswith(p) and code[len(p) :] in {*values, *OWN_DIMENSIONS}), key=len
    )
    factor, dims = standard_size(code[len(prefix) :])
    return prefixes[prefix] * factor, dims


@pytest.mark.parametrize("symbol", sorted(set(UNITS) - STRICTER_THAN_UCUM - SCALES))
def test_every_simple_unit_has_exactly_the_size_that_the_standard_prints(symbol: str) -> None:
    factor, dims = standard_size(symbol)
    assert (UNITS[symbol].factor, dict(UNITS[symbol].dims)) == (factor, dims)


# pint takes mm[Hg] as 133.322387415 Pa; UCUM prints 133.3220. pint reads months as 30.4375 days.
SAME_AS_PINT = [
    *(
        [
            "mg/dL",
            "g/L",
            "ug/mL",
            "kg/m3",
            "mmol/L",
            "umol/mL",
            "10*9/L",
            "10*3/uL",
            "/uL",
            "/L",
            "mg/kg/d",
            "ug/kg/min",
            "mL/kg/h",
            "L/g/s",
        ]
    ),
    *(
        [
            "U/L",
            "nkat/L",
            "ukat/mL",
            "kPa",
            "cm[H2O]",
            "hPa",
            "kcal/kg/d",
            "kJ/g/h",
            "g.m-2",
            "kg/m2",
            "mg.h/L",
            "ng.s/mL",
            "%",
            "10*-3",
            "wk",
            "min",
            "h",
            "d",
        ]
    ),
]


@cache
def pint_registry() -> PintUcumRegistry:
    return PintUcumRegistry()


@pytest.mark.parametrize(
    ("one", "other"),
    [(a, b) for a, b in combinations(SAME_AS_PINT, 2) if same_dimension(parse_unit(a), parse_unit(b))],
)
def test_compound_units_convert_as_pint_converts_them(one: str, other: str) -> None:
    exact = convert(Fraction(73, 10), parse_unit(one), parse_unit(other))
    floating = (7.3 * pint_registry().from_ucum(one)).to(pint_registry().from_ucum(other)).magnitude
    assert float(exact) == pytest.approx(floating, rel=1e-9)


@pytest.mark.parametrize(
    ("one", "other"), list(combinations(["mg/dL", "U/L", "mmol/L", "kPa", "g.m-2", "/uL", "h"], 2))
)
def test_units_that_pint_keeps_apart_are_kept_apart(one: str, other: str) -> None:
    registry = pint_registry()
    assert registry.from_ucum(one).dimensionality != registry.from_ucum(other).dimensionality
    assert not same_dimension(parse_unit(one), parse_unit(other))


# --- facts at the boundaries ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "same", "other"),
    [
        ("100.4", "[degF]", "38", "Cel"),
        ("98.6", "[degF]", "37", "Cel"),
        ("-40", "[degF]", "-40", "Cel"),
        ("0", "Cel", "273.15", "K"),
        ("40", "10*9/L", "40000", "/uL"),
        ("40", "10*9/L", "40", "10*3/uL"),
        ("150", "mg/dL", "1.5", "g/L"),
        ("25", "cm[H2O]", "250", "mm[H2O]"),
        ("1", "wk", "7", "d"),
        ("24", "h", "1", "d"),
        ("18", "a", "216", "mo"),
        ("73", "%", "0.73", "1"),
        ("1", "kPa", "1000", "Pa"),
        ("60", "U/L", "1", "ukat/L"),
        ("20", "mg/kg/h", "480", "mg/kg/d"),
        ("6", "[ft_i]", "72", "[in_i]"),
        ("5", "Gy", "500", "cGy"),
    ],
)
def test_a_value_in_another_unit_is_exactly_the_same_quantity(
    value: str, unit: str, same: str, other: str
) -> None:
    assert convert(Fraction(value), parse_unit(unit), parse_unit(other)) == Fraction(same)
    assert convert(Fraction(same), parse_unit(other), parse_unit(unit)) == Fraction(value)


@pytest.mark.parametrize("tenths", range(900, 1100))
def test_no_fahrenheit_threshold_slips_past_its_celsius_value(tenths: int) -> None:
    celsius = convert(Fraction(tenths, 10), parse_unit("[degF]"), parse_unit("Cel"))
    assert celsius == (Fraction(tenths, 10) - 32) * 5 / 9


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("mo", "d", "calendar steps"),
        ("a", "wk", "calendar steps"),
        ("mmol/L", "mg/dL", "molar mass"),
        ("{INR}", "1", "annotation"),
        ("{INR}", "{inr}", "annotation"),
        ("{score}", "{GCS_score}", "annotation"),
        ("mL/min/{1.73_m2}", "mL/min", "annotation"),
        ("{cells}/uL", "/uL", "annotation"),
        ("m", "min", "minutes are min"),
        ("[IU]/L", "U/L", r"\[IU\]"),
        ("mmol/L", "/L", "same thing"),
        ("meq/L", "mmol/L", "same thing"),
        ("Gy", "Sv", "same thing"),
    ],
)
def test_units_that_measure_different_things_do_not_convert(one: str, other: str, reason: str) -> None:
    with pytest.raises(UnitError, match=reason):
        convert(Fraction(1), parse_unit(one), parse_unit(other))


# --- laws -----------------------------------------------------------------------------------------


@given(numbers, units)
def test_a_value_returns_unchanged_from_base_units(value: Fraction, unit: Unit) -> None:
    assert unit.from_base(unit.to_base(value)) == value


@given(numbers, st.data())
def test_converting_by_way_of_a_third_unit_changes_nothing(value: Fraction, data: st.DataObject) -> None:
    first = data.draw(units)
    kin = st.sampled_from([u for u in map(parse_unit, [*UNITS, *COMPOUNDS]) if same_dimension(u, first)])
    second, third = data.draw(kin), data.draw(kin)
    assert convert(convert(value, first, second), second, third) == convert(value, first, third)
    assert convert(convert(value, first, second), second, first) == value


@given(numbers, numbers, st.data())
def test_conversion_keeps_the_order_of_two_values(
    one: Fraction, other: Fraction, data: st.DataObject
) -> None:
    unit = data.draw(units)
    kin = data.draw(
        st.sampled_from([u for u in map(parse_unit, [*UNITS, *COMPOUNDS]) if same_dimension(u, unit)])
    )
    assert (one < other) == (convert(one, unit, kin) < convert(other, unit, kin))


def alike(a: Unit, b: Unit) -> bool:
    return (a.dims, a.factor) == (b.dims, b.factor)


@given(scaled_units, scaled_units, scaled_units)
def test_products_of_units_are_commutative_and_associative(a: Unit, b: Unit, c: Unit) -> None:
    assert alike(multiply(a, b), multiply(b, a))
    assert alike(multiply(multiply(a, b), c), multiply(a, multiply(b, c)))


@given(scaled_units, scaled_units)
def test_a_quotient_times_its_divisor_is_the_dividend(a: Unit, b: Unit) -> None:
    assert alike(multiply(divide(a, b), b), a)
    assert divide(a, a).text == "1"


@given(scaled_units, scaled_units, st.booleans())
def test_the_text_of_a_computed_unit_reads_as_that_unit(a: Unit, b: Unit, quotient: bool) -> None:
    result = divide(a, b) if quotient else multiply(a, b)
    kelvin_per_volume = "K" in result.text
    assume(not kelvin_per_volume)
    assert alike(parse_unit(result.text), result)


@pytest.mark.parametrize(
    ("dividend", "divisor", "text"),
    [
        ("mg/d", "mg", "/d"),
        ("mg/dL", "mg/dL", "1"),
        ("mg", "mg/kg", "kg"),
        ("mmol/L", "mg/dL", "mmol.dL/L/mg"),
    ],
)
def test_quotients_cancel_what_they_share(dividend: str, divisor: str, text: str) -> None:
    assert divide(parse_unit(dividend), parse_unit(divisor)).text == text


def test_a_dose_per_weight_times_the_weight_is_a_dose() -> None:
    assert multiply(parse_unit("mg/kg/d"), parse_unit("kg")).text == "mg/d"


@pytest.mark.parametrize("scale", ALONE)
def test_a_thermometer_scale_is_neither_multiplied_nor_part_of_a_compound(scale: str) -> None:
    with pytest.raises(UnitError, match="multiplied or divided"):
        multiply(parse_unit(scale), parse_unit("mg"))
    with pytest.raises(UnitError, match="multiplied or divided"):
        divide(parse_unit("mg"), parse_unit(scale))
    with pytest.raises(UnitError, match="write K"):
        parse_unit(f"{scale}/h")


def test_only_thermometer_scales_are_affine() -> None:
    assert {symbol for symbol, unit in UNITS.items() if unit.is_affine} == set(ALONE)


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", COMPOUNDS)
def test_a_unit_keeps_the_text_it_was_written_in(text: str) -> None:
    assert parse_unit(text).text == text


def test_an_annotation_is_a_dimension_of_its_own() -> None:
    assert dict(parse_unit("mL/min/{1.73_m2}").dims) == {"m": 3, "s": -1, "{1.73_m2}": -1}
    assert dict(parse_unit("mg/g{creat}").dims) == {"{creat}": -1}


def test_units_after_a_slash_divide_one_by_one() -> None:
    assert alike(parse_unit("mg/kg/d"), divide(divide(parse_unit("mg"), parse_unit("kg")), parse_unit("d")))
    assert alike(parse_unit("mg/L.h"), multiply(parse_unit("mg/L"), parse_unit("h")))


@pytest.mark.parametrize(("slip", "right"), sorted({**WHOLE_SLIPS, **PIECE_SLIPS}.items()))
def test_a_common_slip_is_refused_with_the_right_spelling(slip: str, right: str) -> None:
    parse_unit(right)
    with pytest.raises(UnitError, match=r"write "):
        parse_unit(slip)
    assert meant(slip) == right


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("mcg/kg/min", "ug/kg/min"),
        ("mmol/l", "mmol/L"),
        ("x10^9/L", "10*9/L"),
        ("\u00d710\u2079/L", "10*9/L"),
        ("\u00b5g/mL", "ug/mL"),
        ("\u03bcmol/L", "umol/L"),
        ("\u00b0C", "Cel"),
        ("\u00b0F", "[degF]"),
        ("kg/m\u00b2", "kg/m2"),
        ("kg/m^2", "kg/m2"),
        ("mg / dL", "mg/dL"),
        ("mg per kg", "mg/kg"),
        ("mg/kg/day", "mg/kg/d"),
        ("mg/24h", "mg/d"),
        ("MMOL/L", "mmol/L"),
        ("mEq/L", "meq/L"),
        ("Ug", "ug"),
        ("mgg", "mg"),
    ],
)
def test_a_slip_inside_a_compound_is_mended(slip: str, right: str) -> None:
    with pytest.raises(UnitError, match=re.escape(f"write {right}")):
        parse_unit(slip)


def test_a_capital_m_is_explained_before_it_becomes_a_tonne() -> None:
    with pytest.raises(UnitError, match="tonne; write mg/dL"):
        parse_unit("Mg/dL")


@pytest.mark.parametrize("text", ["K/uL", "K/mm3", "K/L"])
def test_thousands_are_not_taken_for_kelvin(text: str) -> None:
    with pytest.raises(UnitError, match=r"kelvin; .* 10\*3"):
        parse_unit(text)


@pytest.mark.parametrize(
    "text", ["", " ", "/", "mg/", "mg//L", ".mg", "{", "{}", "{a b}", "[", "mg[", "10*", "10*0", "5", "m0"]
)
def test_what_is_no_unit_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UnitError, match="write "):
        parse_unit(text)


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_is_refused_in_words(text: str) -> None:
    try:
        assert parse_unit(text).factor > 0
    except UnitError as error:
        assert str(error)  # noqa: PT017 - either outcome is right, a crash is not


# --- in a guard -----------------------------------------------------------------------------------


@pytest.mark.parametrize("after", ["", " ", ")", " and x", ", b", "\nor y", " < t", "*2", "-x", "/weight_kg"])
def test_a_unit_in_a_guard_is_matched_whole(after: str) -> None:
    for text in (*UNITS, *COMPOUNDS):
        match = WHOLE.match(text + after)
        assert match, text
        assert match[0] == text


@pytest.mark.parametrize(
    "text",
    [
        *[
            "and",
            "or",
            "not",
            "implies",
            "between",
            "is",
            "one",
            "of",
            "known",
            "includes",
            "any",
            "since",
            "entry",
            "in",
            "at",
            "least",
            "true",
            "days",
            "months",
        ],
        *[
            "hours",
            "minutes",
            "date",
            "today",
            "now",
            "mcg",
            "mmHg",
            "Mg",
            "ml",
            "1",
            "mg_total",
            "age",
            "d_dimer",
            "/weight_kg",
            "/min(a,b)",
            "min(a,b)",
        ],
        *["%of", "{INR}and", "mm[Foo]", "mg%", "mg[x]", "mg{a"],
        "min (a, b)",
    ],
)
def test_words_facts_and_functions_are_not_taken_for_units(text: str) -> None:
    assert WHOLE.match(text) is None


@given(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True))
def test_a_name_is_a_unit_as_a_whole_or_not_at_all(name: str) -> None:
    match = WHOLE.match(name)
    assert match is None or alike(parse_unit(match[0]), parse_unit(name))


components = st.tuples(
    st.sampled_from(sorted(set(UNITS) - {*ALONE, "K"})),
    st.sampled_from(["", "2", "3"]),
    st.sampled_from(["", "", "{x}", "{1.73_m2}"]),
).map("".join)


@given(st.lists(components, min_size=1, max_size=4), st.lists(st.sampled_from("./"), min_size=4, max_size=4))
def test_whatever_compound_a_guard_admits_can_be_read(parts: list[str], signs: list[str]) -> None:
    text = parts[0] + "".join(sign + part for sign, part in zip(signs, parts[1:], strict=False))
    assert WHOLE.fullmatch(text)
    assert parse_unit(text).text == text


# --- for people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10*9/L", "x10^9/L"),
        ("h", "h"),
        ("mg/kg/d", "mg/kg/day"),
        ("mo", "months"),
        ("a", "years"),
        ("{INR}", ""),
        ("{score}", ""),
        ("[pH]", ""),
        ("1", ""),
        ("%", "%"),
        ("/uL", "/uL"),
        ("{cells}/uL", "cells/uL"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m2"),
        ("cm[H2O]", "cmH2O"),
        ("mm[Hg]", "mmHg"),
        ("ug/kg/min", "microgram/kg/min"),
        ("[IU]/L", "units/L"),
        ("meq/L", "mEq/L"),
        ("Cel", "deg C"),
        ("g.m-2", "g/m2"),
    ],
)
def test_people_read_a_unit_in_familiar_words(text: str, words: str) -> None:
    assert display(parse_unit(text)) == words


@pytest.mark.parametrize(("value", "words"), [(1, "month"), (2, "months"), (0, "months")])
def test_one_month_is_not_one_months(value: int, words: str) -> None:
    assert display(parse_unit("mo"), Fraction(value)) == words


@given(units)
def test_a_displayed_unit_is_plain_ascii_without_ucum_brackets(unit: Unit) -> None:
    words = display(unit)
    assert words.isascii()
    assert words == words.strip()
    assert not set(words) & set("[]{}*")


@given(simple_units, simple_units)
def test_no_two_simple_units_look_alike_on_screen(one: Unit, other: Unit) -> None:
    assume(one.text != other.text)
    assert display(one) != display(other)
