"""Where a case stands in every state of its pathway: here, been, open, waiting, possible, or closed now.

Closed now is said only of a state that no move can reach while the facts stay as they are recorded. What
may come by itself is left open: facts that are not known, deeds to come, the clock, moves of other tracks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import Enum

from pathway.engine.view import FactView, TransitionView, View
from pathway.language import expression as ex
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition, Fact, State, Transition
from pathway.language.evaluate import (
    FactReading,
    all_of,
    any_of,
    at_least,
    judge,
    negated,
    truth,
    value_of,
)  # fmt: skip
from pathway.language.expression import Expression, Kind, Value
from pathway.language.values import kept_value, read_value
from pathway.language.verdict import Verdict

StateId = tuple[str, str]

# What may change although no fact is recorded anew.
MOVING = (ex.Clock, ex.Since, ex.Done, ex.Declined, ex.Recorded, ex.InState, ex.Known)


class Standing(Enum):
    """What a state is to the case now; the value is the word for it."""

    HERE = "here"
    OPEN = "open now"
    WAITS = "waits"
    BEEN = "been"
    POSSIBLE = "possible"
    CLOSED = "closed now"


@dataclass(frozen=True, slots=True)
class StateStanding:
    """How a state stands. `needs` are the facts that a way there waits for.

    `closed_by` are the ways there whose guard is FALSE now; a closed state without any is one that no way
    leads to from where the track stands. `been` says whether the case was in it before.
    """

    standing: Standing
    been: bool = False
    needs: tuple[str, ...] = ()
    closed_by: tuple[Transition, ...] = ()


def standings(definition: Definition, view: View) -> dict[StateId, StateStanding]:
    """How every state stands, in the order of the definition."""
    here = {(track.track, track.state) for track in view.tracks}
    been = {(step.track, state) for step in view.path for state in (step.source, step.to)}
    reached = reachable(definition, view)
    ways = _ways_from_here(view)
    found: dict[StateId, StateStanding] = {}
    for track in definition.tracks.values():
        for name in track.states:
            key = (track.name, name)
            if key in here:
                found[key] = StateStanding(Standing.HERE)
            else:
                found[key] = _standing(definition, key, ways.get(key, ()), key in been, reached)
    return found


def _standing(
    definition: Definition,
    key: StateId,
    ways: tuple[TransitionView, ...],
    been: bool,
    reached: Foresight,
) -> StateStanding:
    if any(way.standing in ("open", "conflict") for way in ways):
        return StateStanding(Standing.OPEN, been)
    waiting = [way for way in ways if way.standing == "waiting"]
    if waiting:
        needs = dict.fromkeys(need for way in waiting for need in way.needs)
        return StateStanding(Standing.WAITS, been, tuple(needs))
    if key in reached.states:
        return StateStanding(Standing.BEEN if been else Standing.POSSIBLE, been)
    closed = tuple(way for way in _ways_into(definition, key) if (way.track, way.source) in reached.states)
    return StateStanding(Standing.BEEN if been else Standing.CLOSED, been, (), closed)


def _ways_from_here(view: View) -> dict[StateId, tuple[TransitionView, ...]]:
    found: dict[StateId, tuple[TransitionView, ...]] = {}
    for track in view.tracks:
        for way in track.transitions:
            key = (track.track, way.to)
            found[key] = (*found.get(key, ()), way)
    return found


def _ways_into(definition: Definition, key: StateId) -> list[Transition]:
    states = definition.tracks[key[0]].states.values()
    return [way for state in states for way in state.next if way.to == key[1]]


# --- what can still come ----------------------------------------------------------------------------
def reachable(definition: Definition, view: View) -> Foresight:
    """The states that moves can still lead to while every recorded fact stays as it is.

    Grown from where the tracks stand: a way counts unless its guard is FALSE whatever may come by itself,
    and `in(track.state)` is FALSE only of states that were not reached either. So a move out of the result
    would need a guard that is TRUE in truth and FALSE here, which Kleene logic rules out.
    """
    foresight = Foresight(definition, view)
    while foresight.grow():
        pass
    return foresight


class Foresight:
    """The guards' Snapshot in which what may still come is UNKNOWN."""

    def __init__(self, definition: Definition, view: View) -> None:
        self._definition = definition
        self._zone = parse_zone(view.timezone)
        self._known = {fact.fact: fact for fact in view.facts}
        self._done = {deed.action for deed in view.done}
        self._declined = {one.action for one in view.declined}
        self._to_come = _facts_of_deeds_to_come(definition, self._done)
        self._read: dict[str, FactReading] = {}
        self._base: dict[str, FactReading] = {}
        self.stands = {track.track: track.state for track in view.tracks}
        self.states = {(track.track, track.state) for track in view.tracks}

    def grow(self) -> bool:
        """Add every state one way further on; whether there was any."""
        self._read = dict(self._base)
        new = {
            (track, way.to)
            for track, name in self.states
            for way in self._definition.tracks[track].states[name].next
            if (track, way.to) not in self.states and self.may_open(way)
        }
        self.states |= new
        return bool(new)

    def may_open(self, way: Transition) -> bool:
        """Whether the guard of a way is not FALSE for good, as long as the facts stay as they are."""
        state = self._definition.tracks[way.track].states[way.source]
        return self._verdict_of_way(way, state) is not Verdict.FALSE

    def _verdict_of_way(self, way: Transition, state: State) -> Verdict:
        if way.when.expression is not None:
            return self.verdict(way.when.expression)
        siblings = (other.when.expression for other in state.next)
        return all_of(negated(self.verdict(one)) for one in siblings if one is not None)

    def verdict(self, node: Expression) -> Verdict:
        """The verdict that stays whatever comes by itself; else UNKNOWN."""
        match node:
            case ex.And(items=items):
                return all_of(self.verdict(item) for item in items)
            case ex.Or(items=items):
                return any_of(self.verdict(item) for item in items)
            case ex.AtLeast(count=count, items=items):
                return at_least(count, [self.verdict(item) for item in items])
            case ex.Not(operand=operand):
                return negated(self.verdict(operand))
            case ex.Implies(premise=premise, conclusion=conclusion):
                return any_of((negated(self.verdict(premise)), self.verdict(conclusion)))
            case _:
                return self._atom(node)

    def _atom(self, node: Expression) -> Verdict:
        match node:
            case ex.Done(action=action, since_entry=False):
                return Verdict.TRUE if action in self._done else Verdict.UNKNOWN
            case ex.Declined(action=action, since_entry=False):
                return Verdict.TRUE if action in self._declined else Verdict.UNKNOWN
            case ex.InState(track=track, state=state):
                return self._in_state(track, state)
            case ex.Known(operand=operand, expected=expected):
                is_known = self.fact(operand.name).value is not None
                return truth(expected) if is_known else Verdict.UNKNOWN
            case _:
                is_moving = any(isinstance(part, MOVING) for part in ex.walk(node))
                return Verdict.UNKNOWN if is_moving else judge(node, self).verdict

    def _in_state(self, track: str, state: str) -> Verdict:
        if (track, state) not in self.states:
            return Verdict.FALSE
        stays = [name for at, name in self.states if at == track] == [state]
        return Verdict.TRUE if stays else Verdict.UNKNOWN

    # --- Snapshot: what `judge` reads of an atom without anything moving in it ------------------------
    @property
    def now(self) -> int:
        raise AssertionError("the clock is left open")

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def done(self, action: str, since: int) -> bool:
        raise AssertionError("deeds are left open")

    def declined(self, action: str, since: int) -> bool:
        raise AssertionError("deeds are left open")

    def recorded(self, fact: str, since: int) -> bool:
        raise AssertionError("records are left open")

    def in_state(self, track: str, state: str) -> bool:
        raise AssertionError("moves are left open")

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        return ()

    def fact(self, name: str) -> FactReading:
        """The value that a fact keeps as long as nothing is recorded anew; else UNKNOWN."""
        if name not in self._read:
            fact = self._definition.facts[name]
            self._read[name] = FactReading(self._value(fact), ())
            if fact.formula is None or not fact.formula.tracks:
                self._base[name] = self._read[name]
        return self._read[name]

    def _value(self, fact: Fact) -> Value | None:
        if fact.name in self._to_come:
            return None
        known = self._known.get(fact.name)
        if known is not None and not known.derived:
            return value_in_view(fact, known, self._zone)
        return self._computed(fact) if fact.formula is not None else None

    def _computed(self, fact: Fact) -> Value | None:
        """The formula's value (rule 6), UNKNOWN where anything it rests on may still come."""
        assert fact.formula is not None
        for row in fact.formula.rows:
            assert row.when.expression is not None
            verdict = self.verdict(row.when.expression)
            if verdict is not Verdict.FALSE:
                return self._worth(row.value) if verdict is Verdict.TRUE else None
        return self._worth(fact.formula.otherwise)

    def _worth(self, value: Expression | None) -> Value | None:
        if value is None:
            return None
        if value.type.kind is Kind.BOOLEAN:
            verdict = self.verdict(value)
            return None if verdict is Verdict.UNKNOWN else verdict is Verdict.TRUE
        is_moving = any(isinstance(part, MOVING) for part in ex.walk(value))
        return None if is_moving else value_of(value, self, 0).value


def _facts_of_deeds_to_come(definition: Definition, done: set[str]) -> frozenset[str]:
    """The facts that an action not yet done will record: a result that is pending is not a result."""
    return frozenset(
        deed.fact
        for name, action in definition.actions.items()
        if name not in done
        for deed in action.records
    )


def value_in_view(fact: Fact, known: FactView, zone: tzinfo = UTC) -> Value | None:
    """The exact value of a recorded fact that a view shows as text; None where the text is not exact."""
    try:
        if fact.type.kind is Kind.NUMBER:
            return read_value(fact, known.entered, zone).value if known.entered else None
        return kept_value(fact, known.value, zone)
    except ValueError:
        return None


def standing_words(stand: StateStanding, names: Mapping[str, str], most: int = 3) -> str:
    """The standing in words: `waits for INR and 2 more`, `closed now, FALSE: INR above 1.4`."""
    words = stand.standing.value
    if stand.standing is Standing.CLOSED:
        false = " / ".join(dict.fromkeys(way.when.english or way.when.text for way in stand.closed_by))
        return f"{words}, FALSE: {false}" if false else f"{words}, no way leads there from here"
    if stand.needs:
        named = [names.get(need, need) for need in stand.needs[:most]]
        more = len(stand.needs) - len(named)
        words += f" for {', '.join(named)}" + (f" and {more} more" if more else "")
    is_again = stand.been and stand.standing not in (Standing.BEEN, Standing.HERE)
    return f"{words}; been" if is_again else words
