"""Guards of a pathway written by hand for `transitions`: Python functions, None for what is unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from transitions import Machine

from pathway.language import expression as ex
from pathway.language.definition import Definition, Transition


def minus(later: Any, earlier: Any) -> Any:
    """A difference, unless one side is not known."""
    return None if later is None or earlier is None else later - earlier


class Guards:
    """The guards of one pathway; each formula is a function of its own."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._functions: dict[str, Any] = {"minus": minus}

    def machine(self, name: str) -> Machine:
        """The machine of a track: one trigger, a transition for each way out of a state."""
        track = self._definition.tracks[name]
        ways = [way for state in track.states.values() for way in state.next]
        return Machine(
            model=None,
            states=list(track.states),
            transitions=[
                {
                    "trigger": "event",
                    "source": way.source,
                    "dest": way.to,
                    "conditions": [self._condition(way)],
                }
                for way in ways
            ],
            initial=track.start,
            auto_transitions=False,
            send_event=True,
            ignore_invalid_triggers=True,
        )

    def _condition(self, way: Transition) -> Callable[[Any], bool]:
        assert way.when.expression is not None
        source = self._python(way.when.expression, way.track)
        guard = eval(f"lambda k: ({source}) is True", self._functions)
        return lambda event: guard(event.kwargs["known"])

    def _python(self, node: ex.Expression, track: str) -> str:
        def told(child: ex.Expression) -> str:
            return self._python(child, track)

        match node:
            case ex.Literal(value=value):
                return _written(value)
            case ex.FactRef(name=name):
                return self._fact(name, track)
            case ex.And(items=items) | ex.Or(items=items):
                word = " and " if isinstance(node, ex.And) else " or "
                return "(" + word.join(map(told, items)) + ")"
            case ex.Not(operand=operand):
                return f"(({told(operand)}) is False)"
            case ex.Compare(operator=sign, left=left, right=right):
                return _compared(sign, told(left), told(right))
            case ex.Interval(later=later, earlier=earlier):
                return f"minus({told(later)}, {told(earlier)})"
            case _:
                return self._atom(node, track)

    def _atom(self, node: ex.Expression, track: str) -> str:
        since = f"k.entered.get({track!r}, 0)"
        match node:
            case ex.Known(operand=operand, expected=expected):
                return f"(({self._python(operand, track)}) {'is not' if expected else 'is'} None)"
            case ex.OneOf(operand=operand, values=values):
                return f"({self._python(operand, track)} in {values!r})"
            case ex.Includes(operand=operand, values=values):
                listed = self._python(operand, track)
                return "(" + " or ".join(f"{value!r} in ({listed} or ())" for value in values) + ")"
            case ex.Empty(operand=operand):
                return f"({self._python(operand, track)} == ())"
            case ex.Done(action=action, since_entry=is_since):
                return f"(k.done.get({action!r}, 0) > {since})" if is_since else f"({action!r} in k.done)"
            case ex.Declined(action=action, since_entry=is_since):
                return (
                    f"(k.declined.get({action!r}, 0) > {since})"
                    if is_since
                    else f"({action!r} in k.declined)"
                )
            case ex.Recorded(fact=fact, since_entry=is_since):
                return f"(k.told.get({fact!r}, 0) > {since})" if is_since else f"({fact!r} in k.told)"
            case ex.InState(track=other, state=state):
                return f"(k.states[{other!r}] == {state!r})"
            case _:
                raise NotImplementedError(type(node).__name__)

    def _fact(self, name: str, track: str) -> str:
        formula = self._definition.facts[name].formula
        if formula is None:
            return f"k.facts.get({name!r})"
        if name not in self._functions:
            found = "None" if formula.otherwise is None else self._python(formula.otherwise, track)
            for row in reversed(formula.rows):
                assert row.when.expression is not None
                value = "None" if row.value is None else self._python(row.value, track)
                found = f"({value} if {self._python(row.when.expression, track)} is True else {found})"
            self._functions[name] = eval(f"lambda k: {found}", self._functions)
        return f"{name}(k)"


def _written(value: ex.Value) -> str:
    """A constant: numbers as floats, which Python compares fastest."""
    if isinstance(value, Fraction):
        return repr(float(value))
    return str(value.toordinal()) if isinstance(value, date) else repr(value)


def _compared(sign: str, left: str, right: str) -> str:
    if sign in ("=", "!="):
        return f"({left} {'==' if sign == '=' else sign} {right})"
    return f"((left := {left}) is not None and (right := {right}) is not None and left {sign} right)"
