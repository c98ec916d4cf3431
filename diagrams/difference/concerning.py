"""Which differences concern which element of the chart: each is told there by its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pathway.comparing.both import Both
from pathway.comparing.difference import Difference, Kind, Weight
from pathway.language.definition import Action, Definition, Do, Guard, State, Transition
from pathway.language.expression import Expression
from pathway.language.typed import facts_named

Numbered = tuple[tuple[str, Difference], ...]


def numbered(found: Sequence[Difference]) -> Numbered:
    """The differences with the numbers of the table: `D1`, `D2`."""
    return tuple((f"D{number}", one) for number, one in enumerate(found, start=1))


@dataclass(slots=True)
class Concerns:
    """The numbered differences of two versions, by what they concern.

    A change of a fact concerns whatever reads it, also by way of facts that are computed from it.
    """

    both: Both
    found: Numbered
    _resting: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def state(self, state: State) -> Iterator[tuple[str, Difference]]:
        """Those of a state itself, of the facts it asks for, and of the notices beside it."""
        here = ("tracks", state.track, state.name)
        for number, one in self.found:
            beside = one.path[0] == "notices" and (state.track, state.name) in self._states(one.path[1])
            if one.path == here or beside or (_is_fact(one) and one.path[1] in state.asks):
                yield number, one

    def action(self, do: Do, state: State) -> Iterator[tuple[str, Difference]]:
        """Those of an action as a state calls for it: its own, and those of what guards and qualifies it."""
        called, action = ("tracks", state.track, state.name, "do", do.action), self._action(do.action)
        read = frozenset(_read_by(do, action, self.both.new))
        for number, one in self.found:
            own = one.path == called or one.path[:2] == ("actions", do.action)
            if own or do.action in self._actions(one) or self._reaches(one, read):
                yield number, one

    def no_longer_called(self, do: Do, state: State) -> Iterator[tuple[str, Difference]]:
        """That a state no longer calls for an action."""
        called = ("tracks", state.track, state.name, "do", do.action)
        yield from (pair for pair in self.found if pair[1].path == called and pair[1].kind is Kind.REMOVED)

    def way(self, way: Transition) -> Iterator[tuple[str, Difference]]:
        """Those of a transition, and of the facts that its condition reads."""
        here, read = ("tracks", way.track, way.source, "next", way.to), frozenset(way.when.reads)
        for number, one in self.found:
            own = one.path == here and one.kind is not Kind.REMOVED
            if own or self._reaches(one, read):
                yield number, one

    def gone(self, way: Transition) -> Iterator[tuple[str, Difference]]:
        """Why a transition of the older version is no longer there: left out, or led elsewhere."""
        here = ("tracks", way.track, way.source, "next")
        for number, one in self.found:
            removed = one.kind is Kind.REMOVED and one.path == (*here, way.to)
            if removed or (one.path[:4] == here and one.what == "target" and one.old == way.to):
                yield number, one

    def _reaches(self, one: Difference, read: frozenset[str]) -> bool:
        """Whether it is a change of a fact on which one of these facts rests."""
        if not _is_fact(one):
            return False
        name = one.path[1]
        if name not in self._resting:
            self._resting[name] = _resting_on(name, self.both.new)
        return bool(read & self._resting[name])

    def _action(self, name: str) -> Action:
        versions = (self.both.new, self.both.old)
        return next(one.actions[name] for one in versions if name in one.actions)

    def _states(self, notice: str) -> tuple[tuple[str, str], ...]:
        versions = (self.both.old.notices.get(notice), self.both.new.notices.get(notice))
        return tuple(state for one in versions if one is not None for state in one.states)

    def _actions(self, one: Difference) -> tuple[str, ...]:
        """The actions that a changed safeguard or notice is about, in either version."""
        found: list[str] = []
        for version in (self.both.old, self.both.new):
            if one.path[0] == "safeguards" and one.path[1] in version.safeguards:
                found += version.safeguards[one.path[1]].actions
            if one.path[0] == "notices" and one.path[1] in version.notices:
                found += version.notices[one.path[1]].about
        return tuple(found)


def _is_fact(one: Difference) -> bool:
    """Whether it can change what a fact says. (One that is new or gone shows where it is read.)"""
    return one.path[0] == "facts" and one.weight is Weight.CLINICAL and len(one.path) == 2


def _read_by(do: Do, action: Action, definition: Definition) -> Iterator[str]:
    """The facts on which it depends whether, how much and by when an action is to be done."""
    guards = [do.when, do.until, action.evidence, *(dose.when for dose in action.doses)]
    guards += [one.when for one in definition.safeguards.values() if action.name in one.actions]
    yield from _named(guards)
    yield from (dose.times for dose in action.doses if dose.times is not None)
    if do.of is not None:
        yield do.of


def _named(guards: Iterable[Guard | None]) -> Iterator[str]:
    yield from (fact for guard in guards if guard is not None for fact in guard.reads)


def _resting_on(name: str, definition: Definition) -> frozenset[str]:
    """The fact and all that are computed from it, however far."""
    read = {fact.name: _formula_reads(definition, fact.name) for fact in definition.facts.values()}
    found, fresh = {name}, {name}
    while fresh:
        fresh = {fact for fact, named in read.items() if fact not in found and named & fresh}
        found |= fresh
    return frozenset(found)


def _formula_reads(definition: Definition, name: str) -> frozenset[str]:
    formula = definition.facts[name].formula
    if formula is None:
        return frozenset()
    values: list[Expression | None] = [formula.otherwise, *(row.value for row in formula.rows)]
    values += [row.when.expression for row in formula.rows]
    return frozenset(facts_named([value for value in values if value is not None]))
