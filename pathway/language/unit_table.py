"""The table of units that medicine needs, with exact sizes, and the notation that joins them.

Notation and factors follow the Unified Code for Units of Measure (https://ucum.org). Three things are
stricter here: `mol`, `eq`, `osm` and `[IU]` are dimensions and not plain numbers; `mo` and `a` are calendar
steps without a length in seconds; an annotation such as `{INR}` counts as part of the unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Dimensions = tuple[tuple[str, int], ...]
Terms = tuple[tuple[str, int], ...]  # simple unit, signed exponent


class UnitError(ValueError):
    """A unit that is not known, or two units that do not measure the same thing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: a value in base units is `value * factor + offset`.

    `text` is the UCUM text; `dims` the base dimensions with their exponents, sorted by name;
    `offset` differs from zero only for temperatures read from a scale (`Cel`, `[degF]`).
    """

    text: str
    dims: Dimensions
    factor: Fraction
    offset: Fraction = Fraction(0)

    @property
    def is_affine(self) -> bool:
        """Whether zero on this scale is not zero of the quantity (0 Cel is 273.15 K)."""
        return self.offset != 0

    def to_base(self, value: Fraction) -> Fraction:
        """The value in base units, exactly."""
        return value * self.factor + self.offset

    def from_base(self, value: Fraction) -> Fraction:
        """The value in this unit of a value in base units, exactly."""
        return (value - self.offset) / self.factor


_PREFIXES = {
    "": 0, "G": 9, "M": 6, "k": 3, "h": 2, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15,
}  # fmt: skip

_PRESSURE = "g m-1 s-2"
_ENERGY = "g m2 s-2"

# Symbol; the prefixes in medical use ("-" is the bare symbol); size in base units; base dimensions.
_TABLE: tuple[tuple[str, str, str, str], ...] = (
    ("g", "- k m u n p", "1", "g"),
    ("[lb_av]", "-", "453.59237", "g"),
    ("[oz_av]", "-", "28.349523125", "g"),
    ("m", "- k d c m u n", "1", "m"),
    ("[in_i]", "-", "0.0254", "m"),
    ("[ft_i]", "-", "0.3048", "m"),
    ("L", "- d c m u n p f", "0.001", "m3"),
    ("s", "- m", "1", "s"),
    ("min", "-", "60", "s"),
    ("h", "-", "3600", "s"),
    ("d", "-", "86400", "s"),
    ("wk", "-", "604800", "s"),
    ("mo", "-", "1", "mo"),
    ("a", "-", "12", "mo"),
    ("mol", "- m u n p f", "1", "mol"),
    ("K", "-", "1", "K"),
    ("Cel", "-", "1", "K"),
    ("[degF]", "-", "5/9", "K"),
    ("Gy", "- c m", "1", "Gy"),
    ("Sv", "- m u", "1", "Sv"),
    ("Bq", "- k M G", "1", "Bq"),
    ("Pa", "- h k", "1000", _PRESSURE),
    ("mm[Hg]", "-", "133322", _PRESSURE),
    ("cm[H2O]", "-", "98066.5", _PRESSURE),
    ("mm[H2O]", "-", "9806.65", _PRESSURE),
    ("J", "- k", "1000", _ENERGY),
    ("kcal", "-", "4184000", _ENERGY),
    ("kat", "u n", "1", "mol s-1"),
    ("U", "- k m", "1/60000000", "mol s-1"),
    ("[IU]", "- k m u", "1", "[IU]"),
    ("eq", "- m u", "1", "eq"),
    ("osm", "- m", "1", "osm"),
    ("[pH]", "-", "1", "[pH]"),
    ("[CFU]", "-", "1", "[CFU]"),
    ("[HPF]", "-", "1", "[HPF]"),
    ("[LPF]", "-", "1", "[LPF]"),
    ("deg", "-", "1", "deg"),
    ("%", "-", "0.01", ""),
)
_OFFSETS = {"Cel": Fraction("273.15"), "[degF]": Fraction("459.67") * Fraction(5, 9)}


def _dimensions(text: str) -> Dimensions:
    """Read `g m-1 s-2`; an exponent is the number after the last letter or bracket."""
    found = (re.fullmatch(r"(.*?[A-Za-z\]])(-?\d*)", word) for word in text.split())
    return tuple(sorted((match[1], int(match[2] or 1)) for match in found if match))


def _atoms() -> dict[str, Unit]:
    atoms: dict[str, Unit] = {}
    for symbol, prefixes, size, dims in _TABLE:
        for prefix in prefixes.replace("-", "").split(" "):
            text = prefix + symbol
            factor = Fraction(size) * Fraction(10) ** _PREFIXES[prefix]
            atoms[text] = Unit(text, _dimensions(dims), factor, _OFFSETS.get(text, Fraction(0)))
    return atoms


UNITS: Mapping[str, Unit] = _atoms()
"""Every simple unit by its symbol; compounds are read by `units.parse_unit`."""

_NOTE = r"\{[A-Za-z0-9_.+%-]+\}"
_SYMBOL = "|".join(re.escape(symbol) for symbol in sorted(UNITS, key=len, reverse=True))
_TEN = r"10[*^]-?[1-9][0-9]?"
_PART = rf"(?:{_TEN}|(?:{_SYMBOL})[2-9]?(?:{_NOTE})?|{_NOTE})"

UNIT_PATTERN: str = (
    rf"/?{_PART}(?:/{_PART}|\.(?:{_SYMBOL})(?:-[1-9]|1)|\.{_PART})*"
    r"(?![A-Za-z0-9_\[{%.])(?!\s*\()"
)
"""Regular expression of one whole unit as it stands after a number in a guard.

It holds no `1` (a plain number has no unit there) and ends where the unit ends: `4 mg/weight_kg` is `mg`
divided by a fact, `6 /min(a, b)` has no unit, and `5 days` has none either.
"""

_COMPONENT = re.compile(rf"(?:(?P<symbol>{_SYMBOL})(?P<power>-?[1-9][0-9]?)?)?(?P<note>{_NOTE})?")
_PIECES = re.compile(r"[./]|(?:\{[^{}]*\}|\[[^\[\]]*\]|[^./{}\[\]])+|.")


def pieces_of(text: str) -> list[tuple[str, str]]:
    """Split into (operator, component); `/uL` begins with an operator, `mg` with none."""
    words: list[str] = _PIECES.findall(text)
    if words and words[0] not in "./":
        words.insert(0, "")
    if len(words) % 2 or any(op not in ("", ".", "/") for op in words[::2]) or words[:1] == ["."]:
        raise UnitError(f"{text!r} is not a unit: join simple units with . or /, as in mg/kg/d")
    return list(zip(words[::2], words[1::2], strict=True))


def component_terms(text: str) -> Terms | None:
    """The terms of one component such as `mg`, `m2`, `10*9`, `g{creat}` or `{score}`; None if unknown."""
    if text == "1":
        return ()
    if re.fullmatch(_TEN, text):
        return (("10*", int(text[3:])),)
    match = _COMPONENT.fullmatch(text)
    if not match or not text:
        return None
    terms = ((match["symbol"], int(match["power"] or 1)), (match["note"], 1))
    return tuple((name, power) for name, power in terms if name)


def terms_of(text: str) -> Terms:
    """Simple units with signed exponents in the order of the text; `10*9` counts as `10*` to the ninth.

    Raises UnitError naming the piece that is not a unit.
    """
    if not text:
        raise UnitError("a unit is missing")
    found: list[tuple[str, int]] = []
    for operator, piece in pieces_of(text):
        terms = component_terms(piece)
        if terms is None:
            raise UnitError(f"{piece!r} is not a unit known here")
        found += [(name, -power if operator == "/" else power) for name, power in terms]
    return tuple(found)
