"""`pathway run`: step a timeline of facts without a screen."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pathway.cli.loading import Ran, add_layers, compiled_for, existing, step_timeline
from pathway.cli.main import FINDING, FINE
from pathway.cli.step_json import pathway_json, step_json
from pathway.cli.step_text import banner, step_lines
from pathway.engine.timeline import read_timeline


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("timeline", metavar="TIMELINE", help="YAML or JSON: facts and deeds in order of time")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--write-log", metavar="FILE", help="keep the run's log")
    add_layers(parser)


def run(options: argparse.Namespace) -> int:
    """Step the timeline; 1 when something in it was refused."""
    timeline = read_timeline(existing(options.timeline))
    compiled = compiled_for(options.pathway, options.layers)
    ran = list(step_timeline(compiled, timeline))
    if options.write_log is not None and ran:
        _write_log(Path(options.write_log), ran[-1])
    if options.json:
        head = pathway_json(compiled.definition)
        document = {
            **head,
            "case": timeline.case,
            "steps": [step_json(one.step, compiled.definition) for one in ran],
        }
        print(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        print("\n".join(banner(compiled.definition, timeline.case)))
        shown: set[str] = set()
        for one in ran:
            print("\n".join(step_lines(one.step, compiled.definition, shown)))
    refused = [refusal for one in ran for refusal in one.step.refused]
    for refusal in refused:
        print(f"refused: {refusal.what}: {refusal.why}", file=sys.stderr)
    return FINDING if refused else FINE


def _write_log(path: Path, last: Ran) -> None:
    from pathway.logs.jsonl import write_log
    from pathway.store.session import header_of

    write_log(path, header_of(last.case.compiled, last.case.id), last.case.events)
