"""The one way doses are written: amount and unit unbroken, no trailing zero, no abbreviation that kills.

Rules of the NHS Common User Interface for medication lines and of the ISMP list of error-prone notation: a
space before the unit, a leading zero, no trailing zero, commas from 1,000, micrograms and units in full,
rates in words.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

NO_BREAK = "\N{NO-BREAK SPACE}"
PRINTED = "the source prints:"
_SMALLER = {"kg": "g", "g": "mg", "mg": "ug", "ug": "ng", "L": "mL"}
_IN_FULL = {
    "ug": "micrograms", "mcg": "micrograms", "ng": "nanograms", "pg": "picograms", "uL": "microlitres",
    "umol": "micromoles", "um": "micrometres", "uSv": "microsieverts", "ueq": "microequivalents",
    "ukat": "microkatals", "U": "units", "kU": "thousand units", "mU": "milliunits",
    "[IU]": "international units", "k[IU]": "thousand international units",
    "m[IU]": "milli-international units", "u[IU]": "micro-international units",
    "d": "day", "h": "hour", "wk": "week", "mo": "month", "a": "year", "min": "minute", "m2": "m²",
    "10*9": "10^9", "mm[Hg]": "mmHg", "cm[H2O]": "cmH2O", "mm[H2O]": "mmH2O", "Cel": "°C", "%": "%", "1": "",
}  # fmt: skip
_TIMES = {"d", "h", "wk", "mo", "a", "min", "s"}
_INTERVALS = {
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "min": "minute",
    "a": "year",
    "s": "second",
}


def amount_text(amount: str | Decimal) -> str:
    """A number as it may stand before a unit: `4,000`, `0.5`, `15`. Floats and non-numbers are refused.

    >>> amount_text("4000.0"), amount_text(".50")
    ('4,000', '0.5')
    """
    if not isinstance(amount, str | Decimal):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a dose is exact decimal text, not {type(amount).__name__}")
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{amount!r} is not an amount")
    whole, _, part = f"{abs(number):f}".partition(".")
    part = part.rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{int(whole):,}" + (f".{part}" if part else "")


def unit_text(unit: str) -> str:
    """A UCUM unit in words that cannot be misread: `mg per day`, `micrograms per hour`, `mmol/L`.

    >>> unit_text("mg/kg/d"), unit_text("ug/h"), unit_text("mg/dL")
    ('mg/kg per day', 'micrograms per hour', 'mg/dL')
    """
    if re.fullmatch(r"\{.*\}", unit):
        return ""
    head, *rates = re.sub(r"\{[^}]*\}", "", unit).split("/")
    text = " ".join(_IN_FULL.get(part, part.replace("*", "^")) for part in head.split("."))
    for rate in rates:
        text += (
            f" per {_IN_FULL[rate]}"
            if rate in _TIMES and rate in _IN_FULL
            else f"/{_IN_FULL.get(rate, rate)}"
        )
    return text.strip()


def strength(amount: str, unit: str) -> str:
    """Amount and unit, unbroken: `4,000 mg per day`; below 1 in a smaller unit, `500 mg` not `0.5 g`."""
    number, unit = _without_small_decimals(Decimal(amount), unit)
    return unbroken(f"{amount_text(number)} {unit_text(unit)}".strip())


def quantity_text(text: str) -> str:
    """A written quantity such as `4 g/d` in the same form; text that is none stays as it is."""
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(\S+)\s*", text)
    return strength(found[1], found[2]) if found else text


def basis_text(basis: str) -> str:
    """How an amount came about, each quantity in the same form: `100 mg/kg per day x 45 kg`.

    >>> basis_text("2000 mg/d, at most 4 g/d").replace("\N{NO-BREAK SPACE}", " ")
    '2,000 mg per day, at most 4 g per day'
    """
    parts = re.split(r"( x |, at most )", basis)
    return "".join(quantity_text(part) for part in parts)


def interval_text(every: str) -> str:
    """`12 h` as `every 12 hours`, `1 d` as `every day`, `1 h 30 min` as `every 1 hour 30 minutes`."""
    found = re.findall(r"(\d+)\s*([a-z]+)", every)
    if not re.fullmatch(r"\s*(\d+\s*[a-z]+\s*)+", every) or any(unit not in _INTERVALS for _, unit in found):
        return f"every {every}"
    parts = [(int(count), _INTERVALS[unit]) for count, unit in found]
    if len(parts) == 1 and parts[0][0] == 1:
        return f"every {parts[0][1]}"
    return "every " + " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts)


def unbroken(text: str) -> str:
    """The text so that no line break can fall inside it, as between a dose and its unit."""
    return text.replace(" ", NO_BREAK)


def _without_small_decimals(number: Decimal, unit: str) -> tuple[Decimal, str]:
    head, slash, rest = unit.partition("/")
    while number and abs(number) < 1 and head in _SMALLER:
        number, head = number * 1000, _SMALLER[head]
    return number, head + slash + rest
