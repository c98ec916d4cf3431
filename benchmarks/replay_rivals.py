"""The same log through other programs: a `transitions` machine per event, and pm4py's token-based replay."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from transitions import Machine

from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.language import expression as ex
from pathway.language.definition import Definition, Transition
from pathway.language.values import kept_value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Case = tuple[str, Sequence[ev.Event]]
logging.getLogger("transitions").setLevel(logging.ERROR)


@dataclass
class Known:
    """What the hand-written way keeps of a case: values, deeds, where tracks stand. No log, no reasons."""

    facts: dict[str, Any] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    states: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Marker:
    state: str


def transitions_a_second(compiled: CompiledPathway, cases: Iterable[Case]) -> float:
    """Events a second: a shared machine a track, triggered once an event, its guards as Python functions."""
    definition = compiled.definition
    machines = {name: _machine(definition, name) for name in definition.tracks}
    values = _values(definition, cases)
    start, count = perf_counter(), 0
    for events in values:
        known = Known()
        markers = {name: Marker(track.start) for name, track in definition.tracks.items()}
        for kind, name, value in events:
            if kind == "fact":
                known.facts[name] = value
            elif kind == "done":
                known.done.add(name)
            elif kind == "declined":
                known.declined.add(name)
            for track, machine in machines.items():
                machine.events["event"].trigger(markers[track], known=known)
                known.states[track] = markers[track].state
            count += 1
    return count / (perf_counter() - start)


def _values(definition: Definition, cases: Iterable[Case]) -> list[list[tuple[str, str, Any]]]:
    """Entries ready to use, so that only the machines are timed."""
    return [[_entry(definition, event) for event in events] for _, events in cases]


def _entry(definition: Definition, event: ev.Event) -> tuple[str, str, Any]:
    if isinstance(event, ev.FactRecorded):
        return "fact", event.fact, kept_value(definition.facts[event.fact], event.value, UTC)
    if isinstance(event, ev.FactRetracted):
        return "fact", event.fact, None
    if isinstance(event, ev.ActionDone):
        return "done", event.action, None
    return ("declined", event.action, None) if isinstance(event, ev.ActionDeclined) else ("", "", None)


def _machine(definition: Definition, name: str) -> Machine:
    track = definition.tracks[name]
    rows = [
        {
            "trigger": "event",
            "source": way.source,
            "dest": way.to,
            "conditions": [_condition(definition, way)],
        }
        for state in track.states.values()
        for way in state.next
    ]
    machine = Machine(
        model=None,
        states=list(track.states),
        transitions=rows,
        initial=track.start,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=True,
    )
    return machine


def _condition(definition: Definition, way: Transition) -> Callable[[Any], bool]:
    assert way.when.expression is not None
    source = _python(definition, way.when.expression)
    guard = eval(f"lambda k: ({source}) is True", {})
    return lambda event: guard(event.kwargs["known"])


def _python(definition: Definition, node: ex.Expression) -> str:
    """A guard as Python with None for unknown, as one would write it by hand."""
    match node:
        case ex.Literal(value=value):
            return repr(value)
        case ex.FactRef(name=name):
            return _fact(definition, name)
        case ex.And(items=items) | ex.Or(items=items):
            word = " and " if isinstance(node, ex.And) else " or "
            return "(" + word.join(_python(definition, item) for item in items) + ")"
        case ex.Not(operand=operand):
            return f"(({_python(definition, operand)}) is False)"
        case ex.Known(operand=operand, expected=expected):
            return f"(({_python(definition, operand)}) {'is not' if expected else 'is'} None)"
        case ex.Compare(operator=sign, left=left, right=right):
            left_text, right_text = _python(definition, left), _python(definition, right)
            return f"({left_text} {'==' if sign == '=' else sign} {right_text})"
        case ex.Done(action=action):
            return f"({action!r} in k.done)"
        case ex.Declined(action=action):
            return f"({action!r} in k.declined)"
        case ex.InState(track=track, state=state):
            return f"(k.states.get({track!r}) == {state!r})"
        case _:
            raise NotImplementedError(type(node).__name__)


def _fact(definition: Definition, name: str) -> str:
    formula = definition.facts[name].formula
    if formula is None:
        return f"k.facts.get({name!r})"
    found = "None" if formula.otherwise is None else _python(definition, formula.otherwise)
    for row in reversed(formula.rows):
        assert row.when.expression is not None
        value = "None" if row.value is None else _python(definition, row.value)
        found = f"({value} if {_python(definition, row.when.expression)} is True else {found})"
    return found


def token_replay_a_second(cases: Sequence[Case]) -> float:
    """Events a second of pm4py's token-based replay on a net that it discovered from these cases."""
    import pandas as pd  # pyright: ignore[reportMissingImports]
    import pm4py  # pyright: ignore[reportMissingImports]

    rows = [
        (case, activity(event), EPOCH + timedelta(seconds=event.at), place)
        for case, events in cases
        for place, event in enumerate(events)
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "time", "place"])
    log = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="time")
    net, first, last = pm4py.discover_petri_net_inductive(log, noise_threshold=0.2)
    start = perf_counter()
    pm4py.conformance_diagnostics_token_based_replay(log, net, first, last)
    return len(rows) / (perf_counter() - start)


def activity(event: ev.Event) -> str:
    """An event as process mining sees it: a name."""
    match event:
        case ev.TransitionTaken(track=track, to=to):
            return f"{track} -> {to}"
        case ev.FactRecorded(fact=fact) | ev.FactRetracted(fact=fact):
            return fact
        case ev.ActionDone(action=action) | ev.ActionDeclined(action=action):
            return f"{event.type} {action}"
        case _:
            return event.type
