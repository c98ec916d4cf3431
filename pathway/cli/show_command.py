"""`pathway show`: a pathway as a document that a clinician can read and hold against its source."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pathway.cli.loading import load
from pathway.cli.main import FINE
from pathway.cli.pathway_text import definition_lines
from pathway.language.definition import Definition, State
from pathway.language.problems import visible


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("--json", action="store_true", help="names, titles, guards and cites as one JSON document")


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
        "tracks": {
            name: {"title": track.title, "start": track.start, "states": [_state(one) for one in track.states.values()]}
            for name, track in definition.tracks.items()
        },
        "actions": {name: {"title": one.title, "type": one.type, "cites": one.cites}
                    for name, one in definition.actions.items()},
        "safeguards": {name: {"actions": one.actions, "effect": one.effect, "when": one.when.text,
                              "english": one.when.english, "cites": one.cites}
                       for name, one in definition.safeguards.items()},
        "facts": {name: {"ask": one.ask, "type": one.written_type, "unit": one.unit.text if one.unit else None,
                         "derived": one.is_derived, "cites": one.cites}
                  for name, one in definition.facts.items()},
        "sources": {name: {"text": one.text, "layer": one.layer} for name, one in definition.sources.items()},
    }  # fmt: skip


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
        "next": [
            {"to": way.to, "when": way.when.text, "english": way.when.english, "auto": way.auto, "cites": way.cites}
            for way in state.next
        ],
    }
