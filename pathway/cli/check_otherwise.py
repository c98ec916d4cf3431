"""How much falls to `otherwise`, as `pathway check` says it: a line a state, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pathway.language.problems import visible

if TYPE_CHECKING:  # the solver comes with it
    from pathway.check.proofs.otherwise import Example, OtherwiseShare

LISTS = ("done", "declined", "recorded")


def otherwise_json(one: OtherwiseShare) -> dict[str, Any]:
    """One state: the share as a fraction and in per cent, and a patient; None where it is not known."""
    return {
        "state": one.state,
        "share": None if one.share is None else str(one.share),
        "percent": None if one.share is None else percent(one.share, one.exact),
        "exact": one.exact,
        "example": None if one.example is None else _example(one.example),
        "why": one.why,
    }


def _example(one: Example) -> dict[str, Any]:
    facts = {name: list(text) if isinstance(text, tuple) else text for name, text in one.facts}
    said = {what: list(getattr(one, what)) for what in LISTS if getattr(one, what)}
    states = {"states": dict(one.states)} if one.states else {}
    return {"facts": facts, **said, **states}


def otherwise_line(one: OtherwiseShare) -> str:
    """`FILE:LINE: note: otherwise takes 12.5 % of the patients of care.sorting, for instance kps 40.`"""
    where = f"{one.place}: " if one.place is not None else ""
    if one.share is None:
        text = f"how many of the patients of {one.state} fall to otherwise is not known: {one.why}"
        return visible(f"{where}note: {text}.")
    instance = [] if one.example is None else list(_decisive(one.example))
    shown = f", for instance {', '.join(instance)}" if instance else ""
    return visible(
        f"{where}note: otherwise takes {percent(one.share, one.exact)} of the patients of {one.state}{shown}."
    )


def _decisive(one: Example) -> Iterator[str]:
    """What makes it fall to `otherwise`, whatever else is so."""
    facts, states = dict(one.facts), dict(one.states)
    for what, name in one.decisive:
        if what == "fact":
            value = facts[name]
            yield f"{name} {value}" if isinstance(value, str) else f"{name} [{', '.join(value)}]"
        elif what == "state":
            yield f"{name} in {states[name]}"
        else:
            yield f"{name} {'' if name in getattr(one, what) else 'not '}{what}"


def percent(share: Fraction, exact: bool) -> str:
    """A share in per cent with one decimal; none or all only where that is exactly so.

    >>> percent(Fraction(1, 8), True), percent(Fraction(1, 3), False), percent(Fraction(1, 3000), True)
    ('12.5 %', 'about 33.3 %', 'less than 0.1 %')
    """
    about = "" if exact else "about "
    if exact and share in (0, 1):
        return f"{100 * share} %"
    tenths = (share * 1000 + Fraction(1, 2)) // 1
    if tenths in (0, 1000):
        return f"less than {about}0.1 %" if tenths == 0 else f"more than {about}99.9 %"
    return f"{about}{tenths // 10}.{tenths % 10} %"
