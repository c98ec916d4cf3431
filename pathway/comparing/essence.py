"""What a part of a definition says, without how it was written: equal essences mean equal content.

Left out are places, box numbers, ids of its own, and what follows from the rest. The parts of an `and` or
`or` have no order, brackets that change nothing do not count, and `40 > x` is `x < 40`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pathway.language import definition as d
from pathway.language import expression as ex
from pathway.language.english import MIRRORED
from pathway.language.expression import Expression, Kind

# Beside what dataclasses themselves do not compare. An element's own id is what it may be renamed from.
NOT_CONTENT: Mapping[type[Any], frozenset[str]] = {
    d.Formula: frozenset({"facts", "deeds", "tracks", "reads_clock", "drift"}),
    d.Fact: frozenset({"name"}),
    d.Action: frozenset({"name"}),
    d.Safeguard: frozenset({"name"}),
    d.Notice: frozenset({"name"}),
    d.Claim: frozenset({"name"}),
    d.Source: frozenset({"id"}),
    d.Track: frozenset({"name"}),
    d.State: frozenset({"name", "track", "number"}),
    d.Transition: frozenset({"track", "source", "index"}),
}


class Mask(Enum):
    """What two conditions may differ in and still be one condition with other figures."""

    NOTHING = 0
    NUMBERS = 1
    OPERATORS = 2


def essence(part: Any) -> Hashable:
    """The content of any part, to be compared for equality."""
    if isinstance(part, d.Guard):
        return d.OTHERWISE if part.expression is None else tree(part.expression)
    if isinstance(part, ex.Node):
        return tree(part)  # pyright: ignore[reportArgumentType] - every node is one of the expressions
    if isinstance(part, Mapping):
        return tuple(sorted((str(key), essence(value)) for key, value in _items(part)))
    if isinstance(part, tuple):
        return tuple(essence(one) for one in _members(part))
    if is_dataclass(part) and not isinstance(part, type):
        left_out = NOT_CONTENT.get(type(part), frozenset())
        kept = (field.name for field in fields(part) if field.compare and field.name not in left_out)
        return (type(part).__name__, *((name, essence(getattr(part, name))) for name in kept))
    return part


def _items(part: Any) -> list[tuple[Any, Any]]:
    return list(part.items())


def _members(part: Any) -> tuple[Any, ...]:
    return part


def tree(node: Expression, mask: Mask = Mask.NOTHING) -> Hashable:
    """The content of an expression; what is masked is not looked at."""
    node = plain(node)
    match node:
        case ex.And() | ex.Or():
            return type(node).__name__, _unordered(joined(type(node), node), mask)
        case ex.AtLeast(count=count, items=items):
            return "AtLeast", _figure(count, mask), _unordered(items, mask)
        case ex.Literal(value=value):
            bare = isinstance(value, bool) or mask is Mask.NOTHING
            return "Literal", value if bare else node.type.kind.value
        case ex.Compare(operator=operator, left=left, right=right):
            return "Compare", _operator(operator, mask), tree(left, mask), tree(right, mask)
        case ex.OneOf(operand=operand, values=values) | ex.Includes(operand=operand, values=values):
            return type(node).__name__, tree(operand, mask), _figure(tuple(sorted(values)), mask)
        case ex.Known(operand=operand, expected=expected):
            return "Known", tree(operand, mask), _operator(expected, mask)
        case _:
            return _of_any_other(node, mask)


def _of_any_other(node: Expression, mask: Mask) -> Hashable:
    """The node's own words, then its parts in written order."""
    names = (field.name for field in fields(node) if field.name not in ("type", "span", "text"))
    own = ((name, getattr(node, name)) for name in names)
    words = tuple((name, _word(name, value, mask)) for name, value in own if _is_word(value))
    return type(node).__name__, words, tuple(tree(child, mask) for child in ex.children(node))


def _is_word(value: object) -> bool:
    return isinstance(value, (str, bool))


def _word(name: str, value: Hashable, mask: Mask) -> Hashable:
    return _operator(value, mask) if name in ("operator", "since_entry") else value


def _figure(value: Hashable, mask: Mask) -> Hashable:
    return value if mask is Mask.NOTHING else "#"


def _operator(value: Hashable, mask: Mask) -> Hashable:
    return "~" if mask is Mask.OPERATORS else value


def _unordered(items: tuple[Expression, ...], mask: Mask) -> Hashable:
    return tuple(sorted((tree(item, mask) for item in items), key=repr))


def joined(kind: type[ex.And | ex.Or], node: Expression) -> tuple[Expression, ...]:
    """The parts of an `and` (or `or`) and of those inside it; any other node is the only part."""
    if not isinstance(node, kind):
        return (node,)
    return tuple(part for item in node.items for part in joined(kind, item))


def plain(node: Expression) -> Expression:
    """`x < 40` for `40 > x`, `x` for `x = true`, `not x` for `x = false`."""
    if not isinstance(node, ex.Compare):
        return node
    left, operator, right = node.left, node.operator, node.right
    if isinstance(left, ex.Literal) and not isinstance(right, ex.Literal):
        left, operator, right = right, MIRRORED[operator], left
    if left.type.kind is Kind.BOOLEAN and isinstance(right, ex.Literal):
        yes = (right.value is True) is (operator == "=")
        return plain(left) if yes else ex.Not(node.type, node.span, node.text, left)
    return ex.Compare(node.type, node.span, node.text, operator, left, right)
