"""The tracks of a pathway as SCXML, so that other tools can read and step the same states.

What the document carries, and what it does not, stands in a comment at its head (`_LACKING`). Its conditions
rest on `diagrams.written.three_valued`: a fact that is not known is `null` and chooses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree as Tree

from diagrams.text import inert
from diagrams.written.three_valued import DataModel, Pair, Told, both
from diagrams.written.title_block import title_block
from pathway.language.definition import Definition, State, Track, Transition

SCXML = "http://www.w3.org/2005/07/scxml"
WIDTH = 100
WORDS = "urn:clinical-pathway:words"
_STEPPED = (
    "How this document is stepped. The host keeps the case and hands in what is known of it: an event "
    "fact.NAME carries the present value of a fact as data.value (null while UNKNOWN; numbers in the unit "
    "named beside the fact, codes as text); an event told.N carries the verdict of a condition that is "
    "computed outside (true, false, or null). Conditions are read at two kinds of event only: settle is one "
    "round, in which every track makes at most one move; it is sent again, with facts and verdicts handed in "
    "anew, until nothing moves. take.TRACK.STATE is the clinician taking a way that is offered. A way is "
    "taken when its condition is TRUE and those of all other ways of its state are FALSE (at a choice: when "
    "it is TRUE); UNKNOWN never chooses."
)
_LACKING = (
    "NOT in this document, and needed for patients: actions, doses, schedules and deadlines; safeguards and "
    "notices; how long a fact stays valid; derived facts, times and calendars, which the host computes; who "
    "recorded what, and why; undoing and overriding; taking a side of a conflict (two TRUE ways: no move)."
)


def scxml_of(definition: Definition) -> str:
    """The SCXML text of a definition: one region for each track, all of them beside each other."""
    Tree.register_namespace("", SCXML)
    Tree.register_namespace("words", WORDS)
    document = _Document(definition)
    root = document.root()
    Tree.indent(root)
    return Tree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def data_model(definition: Definition) -> DataModel:
    """What the document asks its host for: facts by their names, and conditions to be told."""
    document = _Document(definition)
    document.root()
    return document.data


def state_id(track: str, state: str) -> str:
    """The id of a state in the document; names hold no dot, so that no two ids are the same."""
    return f"{track}.{state}"


class _Document:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        tracks = definition.tracks.values()
        states: Mapping[str, Mapping[str, str]] = {
            track.name: {name: state_id(track.name, name) for name in track.states} for track in tracks
        }
        self.data = DataModel(definition.facts, states)

    def root(self) -> Tree.Element:
        root = _element("scxml", version="1.0", datamodel="ecmascript", initial="pathway")
        head = title_block(self._definition)
        root.append(_comment(*head.lines))
        root.append(_comment(*wrap(_STEPPED, WIDTH), *wrap(_LACKING, WIDTH)))
        regions = [self._track(track) for track in self._definition.tracks.values()]
        root.append(self._datamodel())
        pathway = _element("parallel", {"title": head.title, "status": head.status}, id="pathway")
        pathway.extend(self._handing_in())
        pathway.extend(regions)
        root.append(pathway)
        return root

    # --- data -----------------------------------------------------------------------------------------
    def _datamodel(self) -> Tree.Element:
        """Nothing has a value at first."""
        data = _element("datamodel")
        data.extend(self._fact(fact, name) for fact, name in self.data.read.items())
        data.extend(self._told(told) for told in self.data.told.values())
        return data

    def _fact(self, fact: str, name: str) -> Tree.Element:
        found = self._definition.facts[fact]
        unit = {} if found.unit is None else {"unit": found.unit.text}
        derived = {"derived": "true"} if found.is_derived else {}
        return _element("data", {"says": found.label, "type": found.written_type, **unit, **derived}, id=name)

    def _told(self, told: Told) -> Tree.Element:
        track = {} if told.track is None else {"since-entry-of": told.track}
        return _element("data", {"says": told.condition.text, **track}, id=told.name)

    def _handing_in(self) -> Iterator[Tree.Element]:
        events = {f"fact.{fact}": name for fact, name in self.data.read.items()}
        events |= {told.name.replace("_", "."): told.name for told in self.data.told.values()}
        for event, name in events.items():
            way = _element("transition", event=event)
            way.append(_element("assign", location=name, expr="_event.data.value"))
            yield way

    # --- states ---------------------------------------------------------------------------------------
    def _track(self, track: Track) -> Tree.Element:
        start = state_id(track.name, track.start)
        region = _element("state", {"title": track.title}, id=f"track.{track.name}", initial=start)
        region.extend(self._state(state) for state in track.states.values())
        return region

    def _state(self, state: State) -> Tree.Element:
        words = {"number": str(state.number), "title": state.title, "kind": state.kind}
        found = _element("state", words, id=state_id(state.track, state.name))
        pairs = [self._pair(way) for way in state.next]
        found.extend(self._way(way, state, self._condition(way, state, pairs)) for way in state.next)
        return found

    def _pair(self, way: Transition) -> Pair | None:
        expression = way.when.expression
        return None if expression is None else self.data.pair(expression, way.track)

    def _condition(self, way: Transition, state: State, pairs: list[Pair | None]) -> str:
        """TRUE, and every other way FALSE; `otherwise` is the second half alone."""
        own = pairs[way.index]
        others = [pair.false for place, pair in enumerate(pairs) if pair is not None and place != way.index]
        if state.choice and own is not None:
            return own.true
        return both([*([own.true] if own is not None else []), *dict.fromkeys(others)] or ["true"])

    def _way(self, way: Transition, state: State, condition: str) -> Tree.Element:
        automatic = way.auto and not state.choice
        return _element(
            "transition",
            {"guard": way.when.english if not way.when.is_otherwise else way.when.text},
            event="settle" if automatic else f"take.{way.track}.{way.to}",
            cond=condition,
            target=state_id(way.track, way.to),
        )


def _element(tag: str, words: Mapping[str, str] | None = None, **attributes: str) -> Tree.Element:
    """An element of SCXML, with words for people as attributes of another namespace."""
    said = {f"{{{WORDS}}}{name}": inert(text) for name, text in (words or {}).items()}
    return Tree.Element(f"{{{SCXML}}}{tag}", {**attributes, **said})


def _comment(*lines: str) -> Tree.Element[Any]:
    """A comment; two hyphens would end it, so they are set apart."""
    text = "\n  ".join(("", *lines)) + "\n  "
    return Tree.Comment(re.sub(r"-(?=-)", "- ", text))
