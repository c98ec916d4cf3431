"""All that the guards of one state read, everything known: what can be turned, and what they then say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from pathway.check.proofs.cells import Dial, dial_of, evenly
from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, State
from pathway.language.evaluate import FactReading, any_of, derived, judge, merged, verdict_of
from pathway.language.expression import Expression, Kind, Value
from pathway.language.values import kept_text
from pathway.language.verdict import Verdict

Key = tuple[str, str]  # what is turned: fact, done, declined, recorded or state, and its name
NO, BEFORE, SINCE = "no", "before", "since"  # a deed not done, done before entering the state, or since
ENTRY = 1  # the log line of entering the state


@dataclass(slots=True)
class Space:
    """The named ways out of a state and everything they read.

    Each recordable fact is known, one with a formula too; a deed is done or not, and another track stands in
    any of its states. `first` has to be set before guards are judged: only two answers are known of it.
    `unbounded` is what nothing declared bounds, so that no share can be given.
    """

    definition: Definition
    state: State
    guards: tuple[Expression, ...] = ()
    dials: dict[Key, Dial] = field(default_factory=dict[Key, Dial])
    first: tuple[Key, ...] = ()
    unbounded: str | None = None
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])
    evidence: dict[str, Expression] = field(default_factory=dict[str, Expression])
    _limits: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    _crossed: set[str] = field(default_factory=set[str])
    _early: set[str] = field(default_factory=set[str])
    _said: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])

    @property
    def known(self) -> frozenset[str]:
        """The facts that the guards rest on, in whatever way."""
        return frozenset[str]().union(*(way.when.facts for way in self.state.next))

    @classmethod
    def of(cls, definition: Definition, state: State) -> Space:
        """What the ways out of a state read; `otherwise` reads what its siblings do."""
        found = cls(definition, state)
        named = [way.when.expression for way in state.next if way.when.expression is not None]
        found.guards = tuple(map(found._all_known, named))
        for guard in found.guards:
            found._read(guard)
        found._set_up()
        return found

    # --- everything is known --------------------------------------------------------------------
    def _all_known(self, node: Expression) -> Expression:
        """The condition as it is where every recordable fact is known."""
        match node:
            case ex.Known(operand=ex.FactRef(name=name), expected=expected):
                is_sure = self.definition.facts[name].recordable
                return ex.Literal(node.type, node.span, node.text, expected) if is_sure else node
            case ex.Recorded(since_entry=False):
                return ex.Literal(node.type, node.span, node.text, True)
            case ex.And(items=items) | ex.Or(items=items) | ex.AtLeast(items=items):
                return replace(node, items=tuple(map(self._all_known, items)))
            case ex.Not(operand=operand):
                return replace(node, operand=self._all_known(operand))
            case ex.Implies(premise=premise, conclusion=conclusion):
                return replace(node, premise=self._all_known(premise), conclusion=self._all_known(conclusion))
            case _:
                return node

    # --- what is read ---------------------------------------------------------------------------
    def _read(self, node: Expression) -> None:
        match node:
            case (
                ex.Compare(left=ex.FactRef(name=name), right=ex.Literal(value=value))
                | ex.Compare(left=ex.Literal(value=value), right=ex.FactRef(name=name))
            ):
                self._fact(name, (value,))
            case ex.Between(operand=ex.FactRef(name=name), low=ex.Literal(value=a), high=ex.Literal(value=b)):
                self._fact(name, (a, b))
            case (
                ex.OneOf(operand=ex.FactRef(name=name), values=values)
                | ex.Includes(operand=ex.FactRef(name=name), values=values)
            ):
                self._fact(name, values)
            case ex.Empty(operand=ex.FactRef(name=name)):
                self._fact(name, ())
            case ex.FactRef(name=name):
                self._fact(name, ())
                self._crossed.add(name)
            case _:
                self._read_other(node)

    def _read_other(self, node: Expression) -> None:
        match node:
            case ex.Known(operand=operand):
                self._fact(operand.name, ())
                formula = self.definition.facts[operand.name].formula
                self._early |= formula.facts if formula is not None else set()
            case ex.Done(action=action, since_entry=since):
                self._said.setdefault(("done", action), set()).add(SINCE if since else BEFORE)
                self._evidence(action, since)
            case ex.Declined(action=action, since_entry=since):
                self._said.setdefault(("declined", action), set()).add(SINCE if since else BEFORE)
            case ex.Recorded(fact=name):
                self._said.setdefault(("recorded", name), set()).add(SINCE)
            case ex.InState(track=track):
                self._said.setdefault(("state", track), set())
            case ex.Clock() | ex.Since():
                self.unbounded = self.unbounded or "the time that has passed"
            case _:
                pass
        for child in () if isinstance(node, ex.Known) else ex.children(node):
            self._read(child)

    def _fact(self, name: str, limits: Iterable[Value]) -> None:
        """A fact that is compared with limits; one that is never recorded is followed down."""
        fact = self.definition.facts[name]
        if fact.recordable:
            self._limits.setdefault(name, []).extend(limits)
        elif name not in self.facts and fact.formula is not None:
            rows = tuple(
                replace(row, when=replace(row.when, expression=self._all_known(row.when.expression)))
                for row in fact.formula.rows
                if row.when.expression is not None
            )
            self.facts[name] = replace(fact, formula=replace(fact.formula, rows=rows))
            parts = [part for row in rows for part in (row.when.expression, row.value)]
            for part in (*parts, fact.formula.otherwise):
                if part is not None:
                    self._read(part)

    def _evidence(self, action: str, since: bool) -> None:
        guard = self.definition.actions[action].evidence
        if not since and guard is not None and guard.expression is not None and action not in self.evidence:
            self.evidence[action] = self._all_known(guard.expression)
            self._early |= guard.facts
            self._read(self.evidence[action])

    # --- what can be turned ---------------------------------------------------------------------
    def _set_up(self) -> None:
        for key, levels in self._said.items():
            if key[0] != "state":
                self.dials[key] = evenly([NO, *(level for level in (BEFORE, SINCE) if level in levels)])
            elif key[1] != self.state.track:
                self.dials[key] = evenly(list(self.definition.tracks[key[1]].states))
        for name, value in self._told():
            if name in self._limits:
                self._early.add(name)
                self._limits[name] += [value] if value is not None else []
        early = self._early & self._limits.keys()
        self.first = (*self.dials, *(("fact", name) for name in self.definition.facts if name in early))
        for name in (name for name in self.definition.facts if name in self._limits):
            fact = self.definition.facts[name]
            crossed = name in self._crossed and fact.type.kind is not Kind.BOOLEAN
            dial = dial_of(fact, self._limits[name], crossed)
            if dial is None:
                self.unbounded = name
            else:
                self.dials["fact", name] = dial

    def _told(self) -> Iterator[tuple[str, str | None]]:
        """The facts that say by themselves that an action guards ask for was done, and by what value."""
        for what, action in self._said:
            if what == "done":
                rows = self.definition.actions[action].records
                yield from ((row.fact, row.value) for row in rows if row.when is None)

    def says_done(self, action: str, patient: Patient) -> bool:
        """Whether a fact of this patient says by itself that an action was done."""
        rows = (row for row in self.definition.actions[action].records if row.when is None)
        return any(
            row.fact in self.known if row.value is None else patient.typed(row.fact) == row.value
            for row in rows
        )


@dataclass(slots=True)
class Patient:
    """A snapshot in which some of what guards read is set, and the rest is not known yet."""

    space: Space
    values: Mapping[Key, Value]
    now: int = 0
    zone: tzinfo = UTC
    _facts: dict[str, FactReading] = field(default_factory=dict[str, FactReading])

    def taken(self) -> Verdict:
        """Whether a named way takes this patient: TRUE if any does, FALSE once all are FALSE."""
        return any_of(verdict_of(guard, self, ENTRY) for guard in self.space.guards)

    def needs(self) -> tuple[str, ...]:
        """The facts that the named ways that are UNKNOWN still wait for."""
        rulings = [judge(guard, self, ENTRY) for guard in self.space.guards]
        return merged(one.needs for one in rulings if one.verdict is Verdict.UNKNOWN)

    # --- what guards read -----------------------------------------------------------------------
    def fact(self, name: str) -> FactReading:
        if name not in self._facts:
            self._facts[name] = self._read(name)
        return self._facts[name]

    def _read(self, name: str) -> FactReading:
        if name in self.space.facts:
            found = derived(self.space.facts[name], self)
            return FactReading(found.value, (), found.needs)
        value = self.values.get(("fact", name))
        return FactReading(value, (), () if value is not None else (name,))

    def typed(self, fact: str) -> str | None:
        """The value that is set for a fact, as it is typed."""
        value = self.values.get(("fact", fact))
        return None if value is None else kept_text(self.space.definition.facts[fact], value)

    def done(self, action: str, since: int) -> bool:
        if self._said("done", action, since):
            return True
        evidence = self.space.evidence.get(action)
        shown = evidence is not None and verdict_of(evidence, self) is Verdict.TRUE
        return since == 0 and (shown or self.space.says_done(action, self))

    def declined(self, action: str, since: int) -> bool:
        return self._said("declined", action, since)

    def recorded(self, fact: str, since: int) -> bool:
        return self._said("recorded", fact, since)

    def _said(self, what: str, name: str, since: int) -> bool:
        value = self.values.get((what, name), NO)
        return value == SINCE or (since == 0 and value == BEFORE)

    def in_state(self, track: str, state: str) -> bool:
        here = self.space.state
        return state == (here.name if track == here.track else self.values.get(("state", track)))

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        return ()
