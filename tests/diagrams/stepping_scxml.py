"""The SCXML of a pathway in a public interpreter, beside a case of the engine."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from typing import Any

from diagrams.written.scxml import data_model, scxml_of, state_id
from pathway.engine.case import Case
from pathway.language.definition import Definition
from pathway.language.evaluate import verdict_of
from pathway.language.verdict import Verdict

ANSWERS = {Verdict.TRUE: True, Verdict.FALSE: False, Verdict.UNKNOWN: None}


class Chart:
    """The SCXML of a definition in the interpreter, told what the engine knows, not what it decides."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.data = data_model(definition)
        statechart: Any = import_module("statemachine.io")
        self.machine = statechart.load(scxml_of(definition), format="scxml")()

    def states(self) -> dict[str, str]:
        inside = {state.id for state in self.machine.configuration}
        return {
            track.name: name
            for track in self.definition.tracks.values()
            for name in track.states
            if state_id(track.name, name) in inside
        }

    def hand_in(self, case: Case) -> None:
        for fact in self.data.read:
            value = case.readings.fact(fact).value
            unit = self.definition.facts[fact].unit
            if isinstance(value, Fraction):
                value = float(value if unit is None else unit.from_base(value))
            self.machine.send(f"fact.{fact}", value=value)
        for told in self.data.told.values():
            entry = 0 if told.track is None else case.memory.stands[told.track].entered_seq
            verdict = verdict_of(told.condition, case.readings, entry)
            self.machine.send(told.name.replace("_", "."), value=ANSWERS[verdict])

    def moved_by(self, event: str) -> dict[str, str]:
        """The tracks that an event moves, each with where to; a way to where one stands moves nothing."""
        before = self.states()
        self.machine.send(event)
        return {track: state for track, state in self.states().items() if before[track] != state}
