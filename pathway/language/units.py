"""Units of measure in UCUM notation: reading, exact conversion, products and quotients, readable text.

Notation and factors follow the Unified Code for Units of Measure (https://ucum.org). Three things are
stricter here: `mol`, `eq`, `osm` and `[IU]` are dimensions and not plain numbers; `mo` and `a` are calendar
steps without a length in seconds; an annotation such as `{INR}` counts as part of the unit.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from pathway.language.unit_table import UNIT_PATTERN, UNITS, Terms, Unit, UnitError, terms_of

__all__ = [
    "UNITS", "UNIT_PATTERN", "Unit", "UnitError", "convert", "display", "divide", "multiply", "parse_unit",
    "same_dimension",
]  # fmt: skip


def _size(name: str) -> Unit:
    if name == "10*":
        return Unit(name, (), Fraction(10))
    return UNITS.get(name) or Unit(name, ((name, 1),), Fraction(1))


def _compose(text: str, terms: Terms) -> Unit:
    """The unit with these terms; a thermometer scale must stand alone."""
    sizes = [(_size(name), power) for name, power in terms]
    if [power for _, power in sizes] == [1] and sizes[0][0].is_affine:
        return sizes[0][0]
    factor, dims = Fraction(1), dict[str, int]()
    for unit, power in sizes:
        if unit.is_affine:
            raise UnitError(f"{unit.text} in {text} stands alone; for a difference write K")
        factor *= unit.factor**power
        for base, exponent in unit.dims:
            dims[base] = dims.get(base, 0) + exponent * power
    return Unit(text, tuple(sorted((base, power) for base, power in dims.items() if power)), factor)


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit:
    """Read a UCUM unit such as `mg/dL`, `10*9/L`, `/uL`, `mL/min/{1.73_m2}`, `{INR}`, `%` or `1`.

    Raises UnitError with the nearest known unit for anything else, also for what UCUM would read as
    something nobody means (`K/uL` is kelvin per microlitre, `Mg` a tonne).

    >>> parse_unit("mg/dL").factor
    Fraction(10, 1)
    """
    try:
        terms = terms_of(text)
    except UnitError as error:
        from pathway.language.unit_slips import advice

        raise UnitError(f"{error}; {advice(text)}") from None
    if ("K", 1) in terms and any(power < 0 and dict(_size(name).dims).get("m") for name, power in terms):
        raise UnitError(f"K in {text!r} is kelvin; for thousands write 10*3, as in 10*3/uL")
    return _compose(text, terms)


def same_dimension(a: Unit, b: Unit) -> bool:
    """Whether values in the two units measure the same thing and can be compared."""
    return a.dims == b.dims


def convert(value: Fraction, from_unit: Unit, to_unit: Unit) -> Fraction:
    """The same quantity in another unit, exactly; UnitError if they do not measure the same thing.

    >>> convert(Fraction("100.4"), parse_unit("[degF]"), parse_unit("Cel"))
    Fraction(38, 1)
    """
    if not same_dimension(from_unit, to_unit):
        reason = _clash(dict(from_unit.dims), dict(to_unit.dims))
        raise UnitError(f"{from_unit.text} cannot be converted to {to_unit.text}: {reason}")
    return to_unit.from_base(from_unit.to_base(value))


def _clash(a: dict[str, int], b: dict[str, int]) -> str:
    """Why two units differ in kind, in the words of the likeliest mistake."""
    differing = {base for base in a | b if a.get(base) != b.get(base)}
    if any(base.startswith("{") for base in differing):
        return "an annotation in braces is part of the unit and must be the same"
    if differing == {"g", "mol"}:
        return "mass to substance needs the molar mass; declare the factor with the fact, under `also`"
    if differing == {"mo", "s"}:
        return (
            "months and years are calendar steps without a fixed length; write d or wk, or count from a date"
        )
    if differing == {"m", "s"}:
        return "m is metre; minutes are min"
    if differing == {"[IU]", "mol"}:
        return "U is enzyme activity (umol/min); international units are [IU]"
    return "they do not measure the same thing"


def multiply(a: Unit, b: Unit) -> Unit:
    """The unit of a product; UnitError for thermometer scales."""
    return _product(a, b, 1)


def divide(a: Unit, b: Unit) -> Unit:
    """The unit of a quotient; UnitError for thermometer scales.

    >>> divide(parse_unit("mg/d"), parse_unit("mg")).text
    '/d'
    """
    return _product(a, b, -1)


def _product(a: Unit, b: Unit, sign: int) -> Unit:
    if a.is_affine or b.is_affine:
        scale = a if a.is_affine else b
        raise UnitError(f"a temperature in {scale.text} cannot be multiplied or divided; use K")
    powers: dict[str, int] = {}
    for name, power in (*terms_of(a.text), *((name, sign * power) for name, power in terms_of(b.text))):
        powers[name] = powers.get(name, 0) + power
    terms = tuple((name, power) for name, power in powers.items() if power)
    return _compose(_written(terms), terms)


def _written(terms: Terms) -> str:
    """UCUM text of merged terms: numerators joined by dots, then each denominator after a slash."""
    tens = [f"10*{power}" for name, power in terms if name == "10*"]
    others = [(name, power) for name, power in terms if name != "10*"]
    above = tens + [text for name, power in others if power > 0 for text in _raised(name, power)]
    below = ["/" + text for name, power in others if power < 0 for text in _raised(name, -power)]
    return "".join([".".join(above), *below]) or "1"


def _raised(name: str, power: int) -> list[str]:
    """`m2`; an annotation takes no exponent and is repeated."""
    if name.startswith("{"):
        return [name] * power
    return [name if power == 1 else f"{name}{power}"]


# Words where the symbol is easily misread, after the ISMP list of error-prone abbreviations.
_WORDS = {
    "ug": "microgram", "ng": "nanogram", "mm[Hg]": "mmHg", "cm[H2O]": "cmH2O", "mm[H2O]": "mmH2O",
    "Cel": "deg C", "[degF]": "deg F", "[lb_av]": "lb", "[oz_av]": "oz", "[in_i]": "in", "[ft_i]": "ft",
    "[CFU]": "CFU", "[HPF]": "HPF", "[LPF]": "LPF", "[pH]": "pH", "meq": "mEq", "ueq": "uEq", "eq": "Eq",
    "mosm": "mOsm", "osm": "Osm", "kat": "kat",
}  # fmt: skip
_COUNTED = {
    "d": "day", "wk": "week", "mo": "month", "a": "year", "[IU]": "unit", "m[IU]": "milliunit",
    "u[IU]": "microunit", "k[IU]": "thousand unit",
}  # fmt: skip


def display(unit: Unit, value: Fraction | None = None) -> str:
    """ASCII text of a unit for people; empty for plain numbers, scores, INR and pH.

    With a value, words of one are singular (`1 day`, `2 days`).

    >>> display(parse_unit("mg/kg/d")), display(parse_unit("10*9/L")), display(parse_unit("mo"))
    ('mg/kg/day', 'x10^9/L', 'months')
    """
    terms = terms_of(unit.text)
    if len(terms) == 1 and (terms[0][0].startswith("{") or terms[0][0] == "[pH]") and terms[0][1] > 0:
        return ""
    above = [_word(name, power, value == 1) for name, power in terms if power > 0 or name == "10*"]
    below = ["/" + _word(name, -power, True) for name, power in terms if power < 0 and name != "10*"]
    return " ".join(above) + "".join(below)


def _word(name: str, power: int, one: bool) -> str:
    """One simple unit in words; `one` asks for the singular."""
    if name == "10*":
        return f"x10^{power}"
    if name in _COUNTED:
        word = _COUNTED[name] + ("" if one else "s")
    else:
        word = _WORDS.get(name, name.strip("{}").replace("_", " "))
    return word if power == 1 else f"{word}{power}"
