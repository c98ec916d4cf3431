"""What the guards and formulas of a pathway compare its facts with: where values have to lie to matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language.definition import Definition, Formula, Guard
from pathway.language.expression import Expression
from pathway.language.units import Unit

SECONDS, MONTHS = (("s", 1),), (("mo", 1),)


@dataclass(slots=True)
class Compared:
    """What one fact is compared with, in written order: amounts with their units (base), and texts."""

    amounts: dict[tuple[Fraction, Unit | None], None] = field(
        default_factory=dict[tuple[Fraction, Unit | None], None]
    )
    texts: dict[str, None] = field(default_factory=dict[str, None])

    def note(self, node: Expression) -> None:
        """Take in what one node compares with."""
        match node:
            case ex.Literal(value=Fraction() as amount):
                self.amounts[amount, node.type.unit] = None
            case ex.Literal(value=str() as text):
                self.texts[text] = None
            case ex.OneOf(values=texts) | ex.Includes(values=texts):
                self.texts.update(dict.fromkeys(texts))
            case _:
                pass

    @property
    def seconds(self) -> tuple[int, ...]:
        """The lengths of time among the amounts."""
        return tuple(
            int(amount) for amount, unit in self.amounts if unit is not None and unit.dims == SECONDS
        )

    @property
    def months(self) -> tuple[int, ...]:
        """The calendar months among the amounts."""
        return tuple(int(amount) for amount, unit in self.amounts if unit is not None and unit.dims == MONTHS)


def compared_facts(definition: Definition) -> Mapping[str, Compared]:
    """For each recorded fact what the guards and formulas that rest on it compare with."""
    found: dict[str, Compared] = {}
    for expression, rests_on in _read(definition):
        nodes = ex.walk(expression)
        for name in sorted(rests_on | _named(nodes, definition)):
            compared = found.setdefault(name, Compared())
            for node in nodes:
                compared.note(node)
    return found


def _named(nodes: list[Expression], definition: Definition) -> frozenset[str]:
    """The facts that nodes name, with those from which named facts are computed."""
    names = {node.name for node in nodes if isinstance(node, ex.FactRef)}
    formulas = (definition.facts[name].formula for name in names)
    return frozenset(names).union(*(formula.facts for formula in formulas if formula is not None))


def _read(item: object) -> Iterator[tuple[Expression, frozenset[str]]]:
    """Every expression anywhere in a definition, with the recorded facts that it is known to rest on."""
    if isinstance(item, Guard):
        if item.expression is not None:
            yield item.expression, item.facts
    elif isinstance(item, Formula):
        yield from _read((item.rows, item.otherwise))
    elif isinstance(item, ex.Node):
        yield item, frozenset()  # pyright: ignore[reportReturnType]
    else:
        for part in _parts(item):
            yield from _read(part)


def _parts(item: object) -> Iterator[object]:
    if isinstance(item, Mapping):
        yield from item.values()
    elif isinstance(item, tuple):
        yield from item
    elif is_dataclass(item) and not isinstance(item, type):
        yield from (getattr(item, one.name) for one in fields(item))
