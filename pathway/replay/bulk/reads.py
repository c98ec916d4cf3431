"""What a guard reads, followed down through derived facts and evidence: for when it must be judged again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pathway.language import expression as ex
from pathway.language.definition import Definition, Guard

_CROSSING = (ex.Kind.NUMBER, ex.Kind.DATE, ex.Kind.INSTANT)


@dataclass(slots=True)
class Reads:
    """Facts, deeds and tracks read; `crossings` are the comparisons that time alone can change."""

    facts: set[str] = field(default_factory=set[str])
    deeds: set[str] = field(default_factory=set[str])
    tracks: set[str] = field(default_factory=set[str])
    crossings: list[ex.Compare] = field(default_factory=list[ex.Compare])
    clock: bool = False


def reads_of(definition: Definition, guards: Iterable[Guard]) -> Reads:
    """All that these guards read."""
    follower = _Follower(definition)
    for guard in guards:
        if guard.expression is not None:
            follower.follow(guard.expression)
    return follower.found


def moves_with_time(definition: Definition, reads: Reads) -> bool:
    """Whether a verdict can change while nothing is entered: by the clock, or as a fact expires."""
    return reads.clock or any(definition.facts[name].valid_for is not None for name in reads.facts)


class _Follower:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self.found = Reads()

    def follow(self, expression: ex.Expression) -> None:
        for node in ex.walk(expression):
            self._node(node)

    def _node(self, node: ex.Expression) -> None:
        found = self.found
        match node:
            case ex.FactRef(name=name):
                self._fact(name)
            case ex.Recorded(fact=fact):
                found.facts.add(fact)
            case ex.Done(action=action):
                self._deed(action)
            case ex.Declined(action=action):
                found.deeds.add(action)
            case ex.InState(track=track):
                found.tracks.add(track)
            case ex.Clock() | ex.Since():
                found.clock = True
            case ex.Compare():
                found.crossings += _inequalities(node)
            case ex.Between(operand=operand, low=low, high=high):
                found.crossings.append(ex.Compare(node.type, node.span, node.text, ">=", operand, low))
                found.crossings.append(ex.Compare(node.type, node.span, node.text, "<=", operand, high))
            case _:
                pass

    def _fact(self, name: str) -> None:
        if name in self.found.facts:
            return
        self.found.facts.add(name)
        formula = self._definition.facts[name].formula
        for row in () if formula is None else formula.rows:
            if row.when.expression is not None:
                self.follow(row.when.expression)
            if row.value is not None:
                self.follow(row.value)
        if formula is not None and formula.otherwise is not None:
            self.follow(formula.otherwise)

    def _deed(self, action: str) -> None:
        if action in self.found.deeds:
            return
        self.found.deeds.add(action)
        evidence = self._definition.actions[action].evidence
        if evidence is not None and evidence.expression is not None:
            self.follow(evidence.expression)


def _inequalities(node: ex.Compare) -> list[ex.Compare]:
    if node.left.type.kind not in _CROSSING:
        return []
    if node.operator not in ("=", "!="):
        return [node]
    return [ex.Compare(node.type, node.span, node.text, sign, node.left, node.right) for sign in ("<", "<=")]
