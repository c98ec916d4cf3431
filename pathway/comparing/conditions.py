"""Conditions compared by their trees: only the figures, only what was added or left out, or both in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from pathway.comparing.both import Both
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.essence import Mask, joined, plain, tree
from pathway.comparing.pairing import paired
from pathway.language import expression as ex
from pathway.language.definition import Guard
from pathway.language.expression import Expression
from pathway.language.numbers import exact_text

Connective: TypeAlias = type[ex.And | ex.Or]
SECONDS = (("s", 1),)
COME = {ex.And: "now also needs", ex.Or: "now also holds when"}
GONE = {ex.And: "no longer needs", ex.Or: "the alternative is left out:"}
INSTEAD = {ex.And: "now needs", ex.Or: "now holds when"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that differs between two conditions. `figure` is the pair that differs only in figures."""

    words: str
    weight: Weight = Weight.CLINICAL
    figure: tuple[Expression, Expression] | None = None


def condition(
    spot: Spot, what: str, old: Guard | None, new: Guard | None, both: Both
) -> Iterator[Difference]:
    """Everything that differs between two conditions of a part, either absent; `what` stands before them."""
    if old is None or new is None:
        then, now = (None if guard is None else f"{what} {both.guard(guard)}" for guard in (old, new))
        yield from spot.value("condition", then, now)
        return
    told = spot.headed(f"{spot.head}, {what}")
    for clause in clauses(old, new, both):
        yield told.says("condition", clause.words, *in_words(old, new, both), clause.weight)


def clauses(old: Guard, new: Guard, both: Both) -> list[Clause]:
    """What differs between two guards."""
    if old.expression is None or new.expression is None:
        told = both.guard(new), both.guard(old)
        return [] if old.expression is new.expression else [Clause("now {}, was {}".format(*told))]
    return differing(old.expression, new.expression, both)


def differing(old: Expression, new: Expression, both: Both) -> list[Clause]:
    """What differs between two conditions; the same in another order or unit is wording."""
    if tree(old) != tree(new):
        return _parts(plain(old), plain(new), both)
    then, now = both.spoken(old), both.spoken(new)
    if then == now:
        return []
    return [Clause(f"the same, written as {now}, was {then}", Weight.WORDING)]


def _parts(old: Expression, new: Expression, both: Both) -> list[Clause]:
    for kind in (ex.And, ex.Or):
        if isinstance(old, kind) or isinstance(new, kind):
            found = _joined(kind, old, new, both)
            if found:
                return found
    if tree(old, Mask.OPERATORS) == tree(new, Mask.OPERATORS):
        return [Clause(_figures(old, new, both), figure=(old, new))]
    return [_in_full(old, new, both)]


def _joined(kind: Connective, old: Expression, new: Expression, both: Both) -> list[Clause]:
    """What differs between the parts of two conjunctions (or disjunctions); nothing where none is shared."""
    pairs = paired(
        joined(kind, old),
        joined(kind, new),
        tree,
        lambda part: tree(part, Mask.NUMBERS),
        lambda part: tree(part, Mask.OPERATORS),
    )
    kept = [(a, b) for a, b in pairs if a is not None and b is not None]
    gone = [a for a, b in pairs if a is not None and b is None]
    come = [b for a, b in pairs if a is None and b is not None]
    if not kept:
        return []
    figures = [clause for a, b in kept if tree(a) != tree(b) for clause in _parts(plain(a), plain(b), both)]
    if len(gone) == len(come) == 1:
        return [*figures, *_instead(kind, gone[0], come[0], both)]
    added = [Clause(f"{COME[kind]} {both.spoken(part)}") for part in come]
    return [*figures, *added, *(Clause(f"{GONE[kind]} {both.spoken(part)}") for part in gone)]


def _instead(kind: Connective, old: Expression, new: Expression, both: Both) -> list[Clause]:
    """One part in place of another; of two that are themselves joined alike, what differs within them."""
    inner = next((k for k in (ex.And, ex.Or) if isinstance(old, k) and isinstance(new, k)), None)
    found = [] if inner is None else _joined(inner, old, new, both)
    if found:
        return [Clause(f"in ({both.spoken(old)}): {one.words}", one.weight) for one in found]
    then, now = told_apart(old, new, both)
    return [Clause(f"{INSTEAD[kind]} {now} in place of {then}")]


def _in_full(old: Expression, new: Expression, both: Both) -> Clause:
    then, now = told_apart(old, new, both)
    return Clause(f"now {now}, was {then}")


def in_words(old: Guard, new: Guard, both: Both) -> tuple[str, str]:
    """Two guards in English, told apart where they are not the same."""
    if old.expression is None or new.expression is None:
        return both.guard(old), both.guard(new)
    return told_apart(old.expression, new.expression, both)


def told_apart(old: Expression, new: Expression, both: Both) -> tuple[str, str]:
    """Both in English; where that sounds alike, with the exact figures, or as they are written."""
    then, now = both.spoken(old), both.spoken(new)
    if then != now or tree(old) == tree(new):
        return then, now
    exact = [_figures_of(one) for one in (old, new)]
    behind = exact if exact[0] != exact[1] else [old.text, new.text]
    return f"{then} (exactly: {behind[0]})", f"{now} (exactly: {behind[1]})"


def _figures_of(node: Expression) -> str:
    return ", ".join(_exact(one) for one in ex.walk(node) if isinstance(one, ex.Literal))


def _exact(node: ex.Literal) -> str:
    """A value to its last digit, spans of time in seconds: no rounding hides a difference."""
    if not isinstance(node.value, Fraction):
        return str(node.value)
    unit = node.type.unit
    if unit is None or unit.dims == SECONDS:
        return f"{exact_text(node.value)}{' s' if unit is not None else ''}"
    return f"{exact_text(unit.from_base(node.value))} {unit.text}"


def _figures(old: Expression, new: Expression, both: Both) -> str:
    """Two conditions that differ in figures or operators: the newer whole, of the older what is different."""
    then, now = told_apart(old, new, both)
    return f"{now}, was {_rest(old, new, then, both)}"


def _rest(old: Expression, new: Expression, then: str, both: Both) -> str:
    """The older one without what it has in common with the newer one."""
    if not isinstance(old, ex.Compare) or not isinstance(new, ex.Compare):
        return then
    if tree(old.left) != tree(new.left):
        return then
    common = both.spoken(old.left)
    if old.operator == new.operator:
        value = both.spoken(old.right)
        return value if then.endswith(f" {value}") else then
    return then.removeprefix(f"{common} ")


def bound(figure: tuple[Expression, Expression] | None, both: Both) -> tuple[str, str] | None:
    """What is measured and the bounds, `platelets` and `below 40, was 50`; None for other figures."""
    if figure is None:
        return None
    old, new = figure
    if not isinstance(old, ex.Compare) or not isinstance(new, ex.Compare) or tree(old.left) != tree(new.left):
        return None
    subject = both.spoken(new.left)
    words = _figures(old, new, both)
    return (subject, words.removeprefix(f"{subject} ")) if words.startswith(f"{subject} ") else None
