"""Three-valued verdicts and the evidence behind them: each atom with value, unit, when and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """Strong Kleene truth. Only TRUE ever opens anything."""

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNKNOWN = "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("a Verdict has no truth value: compare it with Verdict.TRUE")


@dataclass(frozen=True, slots=True)
class FactUse:
    """A fact as an atom read it: value as text with unit, when it was true, who recorded it.

    `at` is in seconds since 1970 UTC; `seq` the log line. Derived facts have neither.
    `value` is None while UNKNOWN and `why` then says why.
    """

    fact: str
    value: str | None
    unit: str | None = None
    at: int | None = None
    by: str | None = None
    seq: int | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition of a guard, as written, with its verdict and what it read."""

    text: str
    verdict: Verdict
    uses: tuple[FactUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a guard is TRUE, FALSE or UNKNOWN. `needs` are the facts that could still settle it."""

    text: str
    english: str
    verdict: Verdict
    atoms: tuple[Atom, ...] = ()
    needs: tuple[str, ...] = ()
    basis: tuple[int, ...] = ()
