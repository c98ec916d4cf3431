"""Exact amounts as vignettes write them: a number, or a quotient, with a unit of measure."""

from __future__ import annotations

import re
from fractions import Fraction

from pathway.language.definition import Fact
from pathway.language.numbers import exact_text, format_number, parse_decimal, parse_exact
from pathway.language.problems import visible
from pathway.language.units import Unit, UnitError, parse_unit, same_dimension
from pathway.vignettes.vignette import Amount

NUMBER_AND_UNIT = re.compile(r"([-+]?[0-9.,/]+) *([^ ].*)?")
LONGEST = 200


def read_amount(text: str, like: Unit) -> Amount:
    """Read `4000 mg/d` or `3170/3 mg` as an amount of the kind of `like`. Raises ValueError."""
    number, unit_text = _parts(text)
    if unit_text is None:
        raise ValueError(f"`{visible(text)}` has no unit. Write {visible(text)} {like.text}")
    unit = _unit(unit_text)
    if not same_dimension(unit, like):
        raise ValueError(f"`{unit.text}` does not measure what {like.text} measures. Write it in {like.text}")
    return Amount(unit.to_base(number), unit, text)


def read_number(fact: Fact, text: str) -> Fraction:
    """Read a value of a number fact, its unit optional, in base units. Raises ValueError."""
    number, unit_text = _parts(text)
    declared = fact.unit
    if unit_text is None:
        return number if declared is None else declared.to_base(number)
    unit = _unit(unit_text)
    if declared is None:
        raise ValueError(f"{fact.name} is a plain number. Leave out `{visible(unit_text)}`")
    if same_dimension(unit, declared):
        return unit.to_base(number)
    admitted = fact.also.get(unit_text)
    if admitted is None or admitted.factor is None:
        raise ValueError(f"{fact.name} is measured in {declared.text}, not in `{visible(unit_text)}`")
    return declared.to_base(number * admitted.factor)


def amount_words(base: Fraction, unit: Unit | None) -> str:
    """An amount for people, with the exact quotient where the decimals do not end."""
    number = base if unit is None else unit.from_base(base)
    shown, exact = format_number(number), exact_text(number)
    label = "" if unit is None or unit.text == "1" else f" {unit.text}"
    return f"{shown}{label}" if shown == exact else f"{shown}{label} (exactly {exact}{label})"


def _parts(text: str) -> tuple[Fraction, str | None]:
    found = NUMBER_AND_UNIT.fullmatch(" ".join(text.split())) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError(f"`{visible(text[:LONGEST])}` is no amount. Write a number and its unit: 4000 mg/d")
    number = parse_exact(found[1]) if "/" in found[1] else parse_decimal(found[1])
    return number, found[2]


def _unit(text: str) -> Unit:
    try:
        return parse_unit(text)
    except UnitError as error:
        raise ValueError(str(error)) from None
