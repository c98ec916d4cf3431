"""What guards compare each fact with, derived facts followed down to what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, Guard, State
from pathway.language.expression import Expression, Kind
from pathway.language.units import Unit, parse_unit, same_dimension

SECOND, MONTH = parse_unit("s"), parse_unit("mo")
_MOVING = (ex.Arithmetic, ex.Extreme, ex.Shift, ex.Interval, ex.Since, ex.DateOf)


@dataclass(frozen=True, slots=True)
class Comparisons:
    """How guards read one fact.

    `numbers` in the fact's declared unit; `seconds` and `months` are lengths of time that an instant or a
    date is compared with. `direct`: it is compared with written values only, so that nothing but passing
    one of them can change a verdict. `anew`: a guard asks whether it was recorded since a state was entered.
    """

    codes: tuple[str, ...] = ()
    numbers: tuple[Fraction, ...] = ()
    dates: tuple[date, ...] = ()
    seconds: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    direct: bool = True
    anew: bool = False


def guards_of_state(state: State) -> Iterator[Guard]:
    """The guards of a state: its ways out and the conditions of what it calls for."""
    yield from (way.when for way in state.next)
    for do in state.do:
        yield from (guard for guard in (do.when, do.until) if guard is not None)


def all_guards(definition: Definition) -> Iterator[Guard]:
    """Every guard that what is shown or done can rest on; claims are not among them."""
    for track in definition.tracks.values():
        for state in track.states.values():
            yield from guards_of_state(state)
    yield from (safeguard.when for safeguard in definition.safeguards.values())
    yield from (notice.when for notice in definition.notices.values() if notice.when is not None)
    for action in definition.actions.values():
        yield from (dose.when for dose in action.doses if dose.when is not None)
        yield from (deed.when for deed in action.records if deed.when is not None)
        yield from (action.evidence,) if action.evidence is not None else ()


def expressions_below(definition: Definition, guards: Iterable[Guard]) -> tuple[Expression, ...]:
    """The guards' own expressions and those of all derived facts and evidence below them, each once."""
    waiting = [guard.expression for guard in guards if guard.expression is not None]
    found: list[Expression] = []
    seen: set[tuple[str, str]] = set()
    while waiting:
        expression = waiting.pop(0)
        found.append(expression)
        for node in ex.walk(expression):
            below = _below(definition, node)
            if below is not None and below[0] not in seen:
                seen.add(below[0])
                waiting += below[1]
    return tuple(found)


def _below(definition: Definition, node: Expression) -> tuple[tuple[str, str], list[Expression]] | None:
    if isinstance(node, ex.FactRef):
        return ("fact", node.name), _formula_parts(definition.facts[node.name])
    if isinstance(node, ex.Done):
        evidence = definition.actions[node.action].evidence
        parts = [] if evidence is None or evidence.expression is None else [evidence.expression]
        return ("deed", node.action), parts
    return None


def _formula_parts(fact: Fact) -> list[Expression]:
    formula = fact.formula
    if formula is None:
        return []
    rows = [part for row in formula.rows for part in (row.when.expression, row.value)]
    return [part for part in (*rows, formula.otherwise) if part is not None]


class Written:
    """The expressions of guards, sorted once by the facts that they name."""

    def __init__(self, definition: Definition, guards: Iterable[Guard]) -> None:
        self._derived = [fact for fact in definition.facts.values() if fact.formula is not None]
        self._naming: dict[str, list[tuple[Expression, list[Expression]]]] = {}
        for expression in expressions_below(definition, guards):
            nodes = ex.walk(expression)
            for name in dict.fromkeys(name for node in nodes for name in _named(node)):
                self._naming.setdefault(name, []).append((expression, nodes))

    def comparisons(self, fact: Fact) -> Comparisons:
        """What the expressions compare the fact with."""
        nodes = [node for _, below in self._naming.get(fact.name, ()) for node in below]
        direct = self._is_direct(fact.name)
        calculated = not direct or fact.type.kind in (Kind.DATE, Kind.INSTANT)
        # By way of a calculation or of time, any written amount of its kind may be the one that counts.
        return _comparisons(fact, nodes, self._amounts(fact) if calculated else None, direct)

    def _is_direct(self, name: str) -> bool:
        """Whether a fact, or the time since it, is only ever compared with written values."""
        naming = self._naming.get(name, ())
        return all(_is_direct(name, one, nodes) and self._is_age_direct(name, one) for one, nodes in naming)

    def _is_age_direct(self, name: str, expression: Expression) -> bool:
        """Where a fact is computed as the time since this one, whether that is compared directly."""
        if not _is_age(name, expression):
            return True
        computed = [one.name for one in self._derived if one.formula and one.formula.otherwise is expression]
        return bool(computed) and all(self._is_direct(one) for one in computed)

    def _amounts(self, fact: Fact) -> list[ex.Literal]:
        """What stands beside the fact and all that is computed from it: each may be what counts."""
        above = [one.name for one in self._derived if one.formula and fact.name in one.formula.facts]
        naming = [pair for name in (fact.name, *above) for pair in self._naming.get(name, ())]
        return [node for _, nodes in naming for node in nodes if isinstance(node, ex.Literal)]


def _named(node: Expression) -> tuple[str, ...]:
    if isinstance(node, ex.FactRef):
        return (node.name,)
    return (node.fact,) if isinstance(node, ex.Recorded) else ()


def _comparisons(
    fact: Fact, nodes: list[Expression], all_literals: list[ex.Literal] | None, direct: bool
) -> Comparisons:
    beside = [literal for node in nodes for literal in _literals_beside(fact.name, node)]
    literals = beside if all_literals is None else all_literals
    members = [node for node in nodes if isinstance(node, (ex.OneOf, ex.Includes))]
    named = [node.values for node in members if _reads(fact, node)]
    codes = [one.value for one in beside if isinstance(one.value, str)]
    return Comparisons(
        codes=tuple(dict.fromkeys([*codes, *(value for values in named for value in values)])),
        numbers=_numbers(literals, fact.unit) if fact.type.kind is Kind.NUMBER else (),
        dates=tuple(dict.fromkeys(one.value for one in literals if type(one.value) is date)),
        seconds=tuple(int(one) for one in _numbers(literals, SECOND)),
        months=tuple(int(one) for one in _numbers(literals, MONTH)),
        direct=direct,
        anew=any(isinstance(node, ex.Recorded) and node.fact == fact.name for node in nodes),
    )


def _numbers(literals: Iterable[ex.Literal], unit: Unit | None) -> tuple[Fraction, ...]:
    found: dict[Fraction, None] = {}
    for one in literals:
        if not isinstance(one.value, Fraction):
            continue
        if unit is None or one.type.unit is None:
            found[one.value] = None
        elif same_dimension(one.type.unit, unit):
            found[unit.from_base(one.value)] = None
    return tuple(found)


def _reads(fact: Fact, node: ex.OneOf | ex.Includes) -> bool:
    return isinstance(node.operand, ex.FactRef) and node.operand.name == fact.name


def _literals_beside(name: str, node: Expression) -> Iterator[ex.Literal]:
    """The written values that a condition sets the fact itself against."""
    if not isinstance(node, (ex.Compare, ex.Between)):
        return
    sides = ex.children(node)
    if any(isinstance(side, ex.FactRef) and side.name == name for side in sides):
        yield from (side for side in sides if isinstance(side, ex.Literal))


def _is_direct(name: str, expression: Expression, nodes: list[Expression]) -> bool:
    """Whether an expression reads the fact, if at all, only as a condition on it, or on its age, alone."""
    if _is_ref(name, expression):
        return expression.type.kind is Kind.BOOLEAN
    return all(_is_condition(name, node) for node in nodes if not _is_age(name, node))


def _is_condition(name: str, node: Expression) -> bool:
    below = ex.children(node)
    others = [child for child in below if not (_is_ref(name, child) or _is_age(name, child))]
    if len(others) == len(below):
        return True
    compared = isinstance(node, (ex.Compare, ex.Between))
    return not isinstance(node, _MOVING) and not (
        compared and not all(isinstance(child, ex.Literal) for child in others)
    )


def _is_age(name: str, node: Expression) -> bool:
    return isinstance(node, ex.Since) and _is_ref(name, node.moment)


def _is_ref(name: str, node: Expression) -> bool:
    return isinstance(node, ex.FactRef) and node.name == name
