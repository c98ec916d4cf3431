"""What people write instead of a UCUM unit, and what they should write: the advice in error messages."""

from __future__ import annotations

from difflib import get_close_matches

from pathway.language.unit_table import UNITS, UnitError, component_terms, pieces_of, terms_of

WHOLE_SLIPS = {
    "10e9/L": "10*9/L", "10E9/L": "10*9/L", "1e9/L": "10*9/L", "G/L": "10*9/L", "109/L": "10*9/L",
    "10e3/uL": "10*3/uL", "10E3/uL": "10*3/uL", "10e12/L": "10*12/L", "10E12/L": "10*12/L", "T/L": "10*12/L",
    "M/uL": "10*6/uL", "mg%": "mg/dL", "g%": "g/dL", "bpm": "/min", "beats/min": "/min",
    "breaths/min": "/min", "mL/min/1.73m2": "mL/min/{1.73_m2}", "mL/min/1.73_m2": "mL/min/{1.73_m2}",
    "ratio": "1", "none": "1", "cells/uL": "{cells}/uL", "cells/mm3": "{cells}/uL",
    "copies/mL": "{copies}/mL", "K/uL": "10*3/uL", "K/L": "10*3/L",
}  # fmt: skip

PIECE_SLIPS = {
    "mcg": "ug", "mcL": "uL", "[ug]": "ug", "gm": "g", "gms": "g", "gram": "g", "grams": "g", "Mg": "mg",
    "MG": "mg", "KG": "kg", "Kg": "kg", "kilogram": "kg", "kilograms": "kg", "milligram": "mg",
    "milligrams": "mg", "microgram": "ug", "micrograms": "ug", "l": "L", "lt": "L", "litre": "L",
    "liter": "L", "litres": "L", "liters": "L", "cc": "mL", "cmm": "mm3", "cumm": "mm3", "mmHg": "mm[Hg]",
    "torr": "mm[Hg]", "cmH2O": "cm[H2O]", "cmH20": "cm[H2O]", "mmH2O": "mm[H2O]", "sec": "s", "secs": "s",
    "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h",
    "hour": "h", "hours": "h", "H": "h", "day": "d", "days": "d", "D": "d", "24h": "d", "week": "wk",
    "weeks": "wk", "w": "wk", "month": "mo", "months": "mo", "mon": "mo", "mth": "mo", "year": "a",
    "years": "a", "yr": "a", "yrs": "a", "y": "a", "IU": "[IU]", "iu": "[IU]", "[iU]": "[IU]",
    "m[iU]": "m[IU]", "mIU": "m[IU]", "uIU": "u[IU]", "kIU": "k[IU]", "unit": "[IU]", "units": "[IU]",
    "mEq": "meq", "Eq": "eq", "mOsm": "mosm", "Osm": "osm", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L",
    "C": "Cel", "degC": "Cel", "celsius": "Cel", "F": "[degF]", "degF": "[degF]", "fahrenheit": "[degF]",
    "INR": "{INR}", "inr": "{INR}", "score": "{score}", "points": "{score}", "pH": "[pH]", "percent": "%",
    "pct": "%", "lb": "[lb_av]", "lbs": "[lb_av]", "oz": "[oz_av]", "in": "[in_i]", "inch": "[in_i]",
    "inches": "[in_i]", "ft": "[ft_i]", "feet": "[ft_i]", "cal": "kcal", "Kcal": "kcal", "CFU": "[CFU]",
    "cfu": "[CFU]", "HPF": "[HPF]", "hpf": "[HPF]", "LPF": "[LPF]", "gray": "Gy", "rad": "cGy",
    "degree": "deg", "degrees": "deg",
}  # fmt: skip

_SIGNS = str.maketrans(
    {"\u00b5": "u", "\u03bc": "u", "\u00b2": "2", "\u00b3": "3", "\u2079": "*9", "\u00d7": "x"}
    | {"\u00b7": ".", "\u00b0": "", "^": "*"}
)


def _plain(text: str) -> str:
    """Without blanks, superscripts, micro signs, multiplication signs and the word `per`."""
    plain = text.strip().translate(_SIGNS).replace(" per ", "/").replace(" ", "")
    plain = plain.removeprefix("x").replace("**", "*")
    return plain if plain.startswith("10*") else plain.replace("*", "")


def _known(component: str) -> str:
    """The component meant: itself, a known slip, another spelling by case, or the nearest symbol."""
    if component_terms(component) is not None:
        return component
    slip = PIECE_SLIPS.get(component) or PIECE_SLIPS.get(component.lower())
    if slip is not None:
        return slip
    by_case = {symbol.lower(): symbol for symbol in UNITS}
    near = get_close_matches(component.lower(), by_case, n=1, cutoff=0.6)
    return by_case[near[0]] if near else component


def meant(text: str) -> str | None:
    """The unit that a wrong text most likely means, or None."""
    plain = _plain(text)
    if plain in WHOLE_SLIPS:
        return WHOLE_SLIPS[plain]
    try:
        guess = "".join(operator + _known(piece) for operator, piece in pieces_of(plain))
        terms_of(guess)
    except UnitError:
        return None
    return guess if guess != text else None


def advice(text: str) -> str:
    """What to write instead of a text that is not a unit."""
    guess = meant(text)
    if guess is None:
        return "write a UCUM unit such as mg/dL, 10*9/L, mm[Hg], h, {score}, or 1 for a plain number"
    if "Mg" in text:
        return f"Mg would be a tonne; write {guess}"
    return f"write {guess}"
