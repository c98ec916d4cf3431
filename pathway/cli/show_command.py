"""`pathway show`: a pathway as a document that a clinician can read and hold against its source."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pathway.cli.loading import load
from pathway.cli.main import FINE
from pathway.cli.pathway_text import definition_lines
from pathway.language.definition import Action, Definition, Fact, Safeguard, State, Track, Transition
from pathway.language.problems import visible


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("--json", action="store_true", help="the same as one JSON document")


def run(options: argparse.Namespace) -> int:
    """Print the pathway."""
    definition = load(options.pathway)
    if options.json:
        print(json.dumps(_document(definition), indent=1, ensure_ascii=False))
    else:
        print("\n".join(visible(line) for line in definition_lines(definition)))
    return FINE


def _document(definition: Definition) -> dict[str, Any]:
    return {
        "pathway": definition.id,
        "version": definition.version,
        "digest": definition.digest,
        "status": definition.status,
        "stamp": definition.stamp,
        "title": definition.title,
        "layers": dict(definition.layers),
        "phases": dict(definition.phases),
        "tracks": {name: _track(track) for name, track in definition.tracks.items()},
        "actions": {name: _action(action) for name, action in definition.actions.items()},
        "safeguards": {name: _safeguard(item) for name, item in definition.safeguards.items()},
        "facts": {name: _fact(fact) for name, fact in definition.facts.items()},
        "sources": {name: {"text": one.text, "layer": one.layer} for name, one in definition.sources.items()},
    }


def _track(track: Track) -> dict[str, Any]:
    states = [_state(state) for state in track.states.values()]
    return {"title": track.title, "start": track.start, "states": states}


def _action(action: Action) -> dict[str, Any]:
    return {"title": action.title, "type": action.type, "cites": action.cites}


def _safeguard(item: Safeguard) -> dict[str, Any]:
    return {
        "actions": item.actions,
        "effect": item.effect,
        "when": item.when.text,
        "english": item.when.english,
        "cites": item.cites,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "ask": fact.ask,
        "type": fact.written_type,
        "unit": fact.unit.text if fact.unit is not None else None,
        "derived": fact.is_derived,
        "cites": fact.cites,
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "state": state.name,
        "number": state.number,
        "title": state.title,
        "phase": state.phase,
        "kind": state.kind,
        "cites": state.cites,
        "asks": state.asks,
        "do": [do.action for do in state.do],
        "next": [_way(way) for way in state.next],
    }


def _way(way: Transition) -> dict[str, Any]:
    guard = {"when": way.when.text, "english": way.when.english}
    return {"to": way.to, **guard, "auto": way.auto, "cites": way.cites}
