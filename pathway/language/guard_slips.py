"""What people write instead of a guard, and what they should write: the advice in error messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pathway.language.numbers import parse_decimal
from pathway.language.unit_slips import advice

SPELLINGS = {
    "==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not",
    "≤": "<=", "≥": ">=", "≠": "!=", "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "×": "*", "÷": "/",
    "−": "-", "–": "-",
}  # fmt: skip
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
CONNECTIVES = ("and", "or", "implies", "not")

_FOUND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*|\.[0-9]+|[<>=!&|]+|.", re.DOTALL)
_PREVIOUS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[<>=!&|]+|\S)\s*$")

Advice = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class _Slip:
    """The text up to where reading stopped, the word found there and the one before it."""

    text: str
    start: int
    found: str
    previous: str

    @property
    def before(self) -> str:
        return self.text[: self.start]

    @property
    def after(self) -> str:
        return self.text[self.start :]

    def here(self, what: str, fix: str) -> Advice:
        return self.start, self.start + len(self.found), what, fix


def slip_at(text: str, start: int) -> Advice:
    """What is wrong where reading a guard stopped: start and end of the place, what, and the fix."""
    found = _FOUND.match(text, start)
    previous = _PREVIOUS.search(text[:start])
    slip = _Slip(text, start, found.group() if found else "", previous[1] if previous else "")
    advised = (rule(slip) for rule in _RULES)
    return next(
        (one for one in advised if one is not None), slip.here(f"`{slip.found}` does not fit here", _FITS)
    )


_FITS = "Join conditions by `and` or `or`; write codes bare, as in etiology = tb."


def unfinished(text: str) -> tuple[str, str]:
    """What a guard lacks that ends too early, and what to add."""
    if not text.strip():
        return "this guard is empty", "Write a condition, such as platelet_count < 40, or true."
    missing = text.count("(") - text.count(")")
    if missing > 0:
        fix = "Close the open parenthesis." if missing == 1 else f"Close the {missing} open parentheses."
        return "the guard ends too early", fix
    return "the guard ends too early", "Something has to follow the last word."


def _misspelt(slip: _Slip) -> Advice | None:
    """`==`, `=>`, `&&`, `AND`: the whole run of signs, also where its first sign could be read."""
    run = re.search(r"[<>=!&|]*$", slip.before)
    begin = run.start() if run and slip.found[:1] in "<>=!&|" else slip.start
    whole = slip.text[begin : slip.start + len(slip.found)]
    if whole in SPELLINGS:
        return begin, begin + len(whole), f"`{whole}` is not known here", f"Write `{SPELLINGS[whole]}`."
    if re.fullmatch(r"[<>=!&|]+", whole) and whole not in OPERATORS:
        return (
            begin,
            begin + len(whole),
            f"`{whole}` is not known here",
            f"Write one of {' '.join(OPERATORS)}.",
        )
    return None


def _after_is(slip: _Slip) -> Advice | None:
    if slip.previous != "is":
        return None
    negated = re.match(r"not\s+(known|unknown)\b", slip.after)
    if negated:
        other = "unknown" if negated[1] == "known" else "known"
        return slip.here("`is not` is not known here", f"Write is {other}.")
    return slip.here(f"`is` cannot be followed by `{slip.found}`",
                     "Write = to compare, or: is known, is unknown, is empty, is one of (a, b).")  # fmt: skip


def _borrowed(slip: _Slip) -> Advice | None:
    """Words and signs of other languages."""
    if slip.found == "in":
        return slip.here("`in` reads where a track is", "Write in(track.state), or CODE is one of (a, b).")
    if slip.previous == "if":
        return slip.here("`if` is not known here", "Write CONDITION implies CONDITION.")
    if slip.found == '"':
        return slip.here("this quotation mark is never closed", 'Close it: "text".')
    if slip.found == "'":
        return slip.here(
            "single quotes are not known here", 'Write codes bare, as in etiology = tb, and texts "so".'
        )
    if slip.found == "." and re.search(r"[A-Za-z_]\w*$", slip.before):
        return slip.here("a name has no parts", "A point stands only inside a number and in in(track.state).")
    return None


def _foreign(slip: _Slip) -> Advice | None:
    """A sign that no guard holds: control characters, marks, digits and blanks of other scripts."""
    if slip.found.isascii() and slip.found.isprintable():
        return None
    sign = slip.found if slip.found.isprintable() else ascii(slip.found).strip("'")
    return slip.here(f"`{sign}` does not belong in a guard", "Write plain letters, digits and signs.")


def _number(slip: _Slip) -> Advice | None:
    """`.5`, `5.`, `1e3`, `1,000`, `4h`."""
    if slip.found == "," and re.search(r"[0-9]$", slip.before) and re.match(r",[0-9]", slip.after):
        return slip.here("a number holds no commas", "Leave it out, or write a point for the decimals.")
    glued = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z%\[].*)", slip.found)
    if glued and not re.fullmatch(r"[eE][0-9]+", glued[2]) and not re.search(r"[0-9]\s+$", slip.before):
        return slip.here(
            f"`{slip.found}` is not a plain number", f"Write a blank before a unit: {glued[1]} {glued[2]}."
        )
    if not re.match(r"[0-9.]", slip.found) or re.search(r"[0-9]\s+$", slip.before):
        return None
    try:
        parse_decimal(slip.found)
    except ValueError as error:
        fix = str(error).rpartition(": ")[2]
        return slip.here(f"`{slip.found}` is not a plain number", f"{fix[:1].upper()}{fix[1:]}.")
    return None


def _unit(slip: _Slip) -> Advice | None:
    """What stands after a number and is no unit."""
    if slip.found in CONNECTIVES or not re.search(r"[0-9]\s*$", slip.before):
        return None
    unit = re.match(r"[A-Za-z0-9\[{/%°µμ][^\s()<>=,]*", slip.after)
    if unit is None:
        return None
    fix = advice(unit.group())
    end = slip.start + unit.end()
    return (
        slip.start,
        end,
        f"`{unit.group()}` is not a unit that is known here",
        f"{fix[:1].upper()}{fix[1:]}.",
    )


def _missing(slip: _Slip) -> Advice | None:
    """Something is missing before or after a connective, an operator or a parenthesis."""
    joins = (
        slip.found in (*CONNECTIVES[:3], ")", ",") or slip.found in OPERATORS or slip.found in ("+", "*", "/")
    )
    hungry = slip.previous in (*CONNECTIVES, "(", ",", "+", "-", "*", "/") or slip.previous in OPERATORS
    if not slip.previous and joins:
        return slip.here(
            f"something is missing before `{slip.found}`", "Write what stands before it, or leave it out."
        )
    if hungry and joins:
        what = f"something is missing between `{slip.previous}` and `{slip.found}`"
        return slip.here(what, "Write what is meant, or leave one of them out.")
    if slip.previous in CONNECTIVES[:3] and re.match(
        r"[A-Za-z_]", slip.found
    ):  # it was read as a name, since nothing stands before it
        begin = slip.before.rstrip().rfind(slip.previous)
        end = begin + len(slip.previous)
        return (
            begin,
            end,
            f"something is missing before `{slip.previous}`",
            "Write what stands before it, or leave it out.",
        )
    return None


def _mixed(slip: _Slip) -> Advice | None:
    other = {"and": "or", "or": "and"}.get(slip.found)
    if other is not None and re.search(rf"\b{other}\b", slip.before):
        return slip.here(
            "`and` and `or` are mixed without parentheses", "Write (a and b) or c, or a and (b or c)."
        )
    if slip.found == "implies":
        return slip.here(
            "`implies` cannot be chained", "Write a implies (b implies c), or (a and b) implies c."
        )
    if slip.found in OPERATORS:
        return slip.here(
            "comparisons cannot be chained",
            "Write x between LOW and HIGH, or two comparisons joined by `and`.",
        )
    return None


def _unbalanced(slip: _Slip) -> Advice | None:
    if slip.found == ")" and slip.before.count("(") <= slip.before.count(")"):
        return slip.here("this parenthesis closes nothing", "Leave it out, or open it before.")
    return None


_RULES: tuple[Callable[[_Slip], Advice | None], ...] = (
    _misspelt, _after_is, _borrowed, _number, _unit, _foreign, _missing, _mixed, _unbalanced,
)  # fmt: skip
