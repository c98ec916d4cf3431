"""Exact decimal numbers: read from plain text, written without loss, never by way of a binary float."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

from pathway.language.characters import LONGEST_REPEATED, briefly

FEWEST_DECIMALS = 4
MOST_DIGITS = 30
_MOST_EXACT = 4000  # Python itself refuses to read whole numbers much longer than this.

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_QUOTIENT = re.compile(r"-?[0-9]+/[0-9]*[1-9][0-9]*")


def parse_decimal(text: str) -> Fraction:
    """Read a plain decimal such as `40`, `1.4` or `-0.5`, exactly.

    Raises ValueError with the way to write it for `.5`, `5.`, `1e3`, `+3`, `1,000`, `NaN`, blanks and
    more than 30 digits.
    """
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{briefly(text)} is not a plain number: {_mending(text)}")
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        raise ValueError(f"a number may have at most {MOST_DIGITS} digits: {text[:40]}...")
    return Fraction(text)


def _mending(text: str) -> str:
    """What to do about a text that is not a plain decimal; nobody slips in a text of many hundred letters."""
    if len(text) > LONGEST_REPEATED:
        return "write digits, such as 40 or 1.4"
    reasons = (
        (r"\s*", "a number is missing"),
        (r"-?\.[0-9]+", f"write a zero before the point, {text.replace('.', '0.')}"),
        (r"-?[0-9]+\.", f"leave out the point at the end, {text[:-1]}"),
        (r"\+.*", f"leave out the plus sign, {text[1:]}"),
        (r"(?i)[+-]?(nan|inf|infinity)", "a value that is not known is written `unknown`"),
        (r"(?i)[+-]?[0-9.]+e[+-]?[0-9]+", "write all digits instead of an exponent"),
        (
            r"-?[0-9]{1,3},[0-9]{3}",
            f"write {text.replace(',', '')} or {text.replace(',', '.')}, whichever is meant",
        ),
        (r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", f"leave out the commas, {text.replace(',', '')}"),
        (r"-?[0-9]+,[0-9]+", f"write a point for the decimals, {text.replace(',', '.')}"),
        (r"[0-9 ]*\s[0-9. ]*|.*\s", "leave out the blanks"),
        (r"[\u2212\u2013].*", "write the minus sign as -"),
    )
    fitting = (fix for pattern, fix in reasons if re.fullmatch(pattern, text))
    return next(fitting, "write digits, such as 40 or 1.4")


def _terminates(denominator: int) -> bool:
    """Whether a fraction in lowest terms with this denominator has finitely many decimals."""
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def _decimals(denominator: int) -> int:
    """How many decimals a terminating fraction with this denominator needs."""
    places = 0
    while 10**places % denominator:
        places += 1
    return places


def _pointed(whole: int, places: int) -> str:
    """`whole / 10**places` in digits, without trailing zeros after the point."""
    digits = str(abs(whole)).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}" if places else digits
    text = text.rstrip("0").rstrip(".") if places else text
    return f"-{text}" if whole < 0 else text


def format_number(value: Fraction, *, at_most: bool = False) -> str:
    """Text for people: the exact decimal if there is one, else rounded half to even, or with `at_most` down.

    Rounding keeps six significant digits and four decimals, so that a second still shows in hours.

    >>> format_number(Fraction(1, 8)), format_number(Fraction(-2, 3)), format_number(Fraction(821401, 3600))
    ('0.125', '-0.666667', '228.1669')
    """
    if _terminates(value.denominator):
        return exact_text(value)
    places = FEWEST_DECIMALS
    while abs(value) * 10**places < 10**5:
        places += 1
    shifted = value * 10**places
    return _pointed(floor(shifted) if at_most else round(shifted), places)


def exact_text(value: Fraction) -> str:
    """Text without loss: the exact decimal if there is one, else `p/q` in lowest terms."""
    if not _terminates(value.denominator):
        return f"{value.numerator}/{value.denominator}"
    places = _decimals(value.denominator)
    return _pointed(value.numerator * 10**places // value.denominator, places)


def parse_exact(text: str) -> Fraction:
    """Read what `exact_text` wrote: a plain decimal or `p/q`; ValueError for anything else."""
    if len(text) > _MOST_EXACT or not (_PLAIN.fullmatch(text) or _QUOTIENT.fullmatch(text)):
        raise ValueError(f"{briefly(text)} is not exact: write a plain decimal or a quotient such as 2/3")
    return Fraction(text)
