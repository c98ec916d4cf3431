"""A compiled pathway, shared by all its cases: one flat machine per track, and who reads what."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from transitions import EventData, Machine

from pathway.language.definition import Definition, Guard, Notice, Safeguard, State, Transition
from pathway.language.verdict import Verdict

logging.getLogger("transitions").setLevel(logging.ERROR)

CLOCK = ("clock", "")
Signal = tuple[str, str]


@dataclass(eq=False, slots=True)
class Token:
    """The marker a machine moves: where one track of one case stands."""

    state: str


class MachineError(Exception):
    """The executor did not do what the verdicts said: a defect of the program, never of the input."""


def permitted(event: EventData) -> bool:
    """The condition of every machine transition: the verdict was given before any trigger."""
    return event.kwargs["verdict"] is Verdict.TRUE


def trigger_of(transition: Transition) -> str:
    """The name of a transition inside its machine."""
    return f"{transition.source}#{transition.index}"


@dataclass(eq=False, slots=True)
class CompiledPathway:
    """Shared by all cases of a definition; holds no case state.

    `readers` maps what can change (a fact, a deed, a track, the clock) to the guards, by identity,
    that read it; `derived` does so for derived facts, `concerned` for actions, `guiding` for tracks.
    `lasting` are the facts with a shelf life.
    """

    definition: Definition
    machines: Mapping[str, Machine]
    safeguards: Mapping[str, tuple[Safeguard, ...]]
    notices: tuple[Notice, ...]
    readers: Mapping[Signal, frozenset[int]]
    derived: Mapping[Signal, frozenset[str]]
    concerned: Mapping[Signal, frozenset[str]]
    guiding: Mapping[Signal, frozenset[str]]
    lasting: tuple[str, ...]
    clocked: tuple[Guard, ...]
    transition_guards: frozenset[int]
    deed_facts: Mapping[str, tuple[str, ...]]
    layers: frozenset[str] = frozenset()

    def state(self, track: str, state: str) -> State:
        return self.definition.tracks[track].states[state]

    def fire(self, transition: Transition, verdict: Verdict) -> str:
        """Let the track's machine take a transition on a given verdict; the state it ends in."""
        token = Token(transition.source)
        machine = self.machines[transition.track]
        machine.events[trigger_of(transition)].trigger(token, verdict=verdict)
        if token.state != transition.to:
            raise MachineError(f"{transition.track}: {transition.source} -> {transition.to} was not taken")
        return token.state
