"""The typed tree of a guard or formula: what every reader (evaluation, English, proofs) walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from pathway.language.units import Unit


class Kind(Enum):
    """What sort of value an expression has."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    CODE = "code"
    LIST = "list"
    DATE = "date"
    INSTANT = "dateTime"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ValueType:
    """Kind of value with its unit (numbers) or codes (code and list facts).

    `natural` is true when a bare number may be read in `unit`, as beside a fact that declares it.
    `factors` are the units of another dimension that a fact admits: one of each is so many of `unit`.
    """

    kind: Kind
    unit: Unit | None = None
    natural: bool = False
    codes: tuple[str, ...] = ()
    open: bool = False
    element: Kind = Kind.CODE
    factors: tuple[tuple[Unit, Fraction], ...] = ()


# Numbers are Fractions in base units, instants whole seconds since 1970 UTC, lists are tuples.
Value: TypeAlias = bool | Fraction | str | date | int | tuple["str | date | Fraction", ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Where an expression stands in its guard: character offsets, end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all expressions: its type and its place in the guard's text."""

    type: ValueType
    span: Span = field(compare=False)
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written in the guard; numbers already in base units."""

    value: Value


@dataclass(frozen=True, slots=True)
class FactRef(Node):
    """The current value of a fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+ - * /` on numbers; UNKNOWN operands give UNKNOWN, as does division by zero (rule 7)."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    """`min(...)` or `max(...)` of numbers, dates or instants."""

    operator: str
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Shift(Node):
    """A date plus or minus calendar steps, or an instant plus or minus elapsed seconds (rule 9)."""

    operator: str
    moment: Expression
    amount: Expression


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """Difference of two instants (elapsed seconds) or two dates (calendar days)."""

    later: Expression
    earlier: Expression


@dataclass(frozen=True, slots=True)
class Clock(Node):
    """`now` or `today`."""

    operator: str


@dataclass(frozen=True, slots=True)
class Since(Node):
    """`time since T` (seconds), `days since D`, `months since D` (calendar), by the case clock."""

    operator: str
    moment: Expression


@dataclass(frozen=True, slots=True)
class DateOf(Node):
    """The local date of an instant in the case's time zone."""

    moment: Expression


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`= != < <= > >=`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Between(Node):
    """Both ends included."""

    operand: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`x is one of (a, b)` on codes."""

    operand: Expression
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known(Node):
    """`x is known` / `x is unknown`: reads the record itself, always TRUE or FALSE."""

    operand: FactRef
    expected: bool


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """`list includes a`, `list includes any of (a, b)`: TRUE if one of the values is in the list."""

    operand: Expression
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """`list is empty`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Done(Node):
    """`done(A)`: since the case's start, or since entering the present state."""

    action: str
    since_entry: bool


@dataclass(frozen=True, slots=True)
class Declined(Node):
    """`declined(A)`: since the case's start, or since entering the present state."""

    action: str
    since_entry: bool = False


@dataclass(frozen=True, slots=True)
class Recorded(Node):
    """`FACT recorded`: with a value, ever or since entering the present state, whatever became of it."""

    fact: str
    since_entry: bool = True


@dataclass(frozen=True, slots=True)
class InState(Node):
    """`in(track.state)`, read on the snapshot."""

    track: str
    state: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class And(Node):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Implies(Node):
    premise: Expression
    conclusion: Expression


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """`at least K of (a, b, c)`."""

    count: int
    items: tuple[Expression, ...]


Expression: TypeAlias = (
    Literal | FactRef | Arithmetic | Extreme | Shift | Interval | Clock | Since | DateOf
    | Compare | Between | OneOf | Known | Includes | Empty | Done | Declined | Recorded | InState
    | Not | And | Or | Implies | AtLeast
)  # fmt: skip

VALUES: tuple[type[Node], ...] = (
    Literal,
    FactRef,
    Arithmetic,
    Extreme,
    Shift,
    Interval,
    Clock,
    Since,
    DateOf,
)
ATOMS: tuple[type[Node], ...] = (
    Compare, Between, OneOf, Known, Includes, Empty, Done, Declined, Recorded, InState,
)  # fmt: skip
CONNECTIVES: tuple[type[Node], ...] = (Not, And, Or, Implies, AtLeast)
NODES = VALUES + ATOMS + CONNECTIVES


def children(node: Expression) -> tuple[Expression, ...]:
    """The direct subexpressions, in written order."""
    match node:
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Extreme(items=items) | And(items=items) | Or(items=items) | AtLeast(items=items):
            return items
        case Shift(moment=moment, amount=amount):
            return (moment, amount)
        case Interval(later=later, earlier=earlier):
            return (later, earlier)
        case Since(moment=moment) | DateOf(moment=moment):
            return (moment,)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case OneOf(operand=operand) | Known(operand=operand) | Includes(operand=operand):
            return (operand,)
        case Empty(operand=operand) | Not(operand=operand):
            return (operand,)
        case Implies(premise=premise, conclusion=conclusion):
            return (premise, conclusion)
        case _:
            return ()


def walk(node: Expression) -> list[Expression]:
    """The expression and all below it, in written order."""
    found = [node]
    for child in children(node):
        found.extend(walk(child))
    return found
