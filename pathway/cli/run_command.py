"""`pathway run`: step a timeline of facts without a screen."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pathway.cli.loading import add_layers, compiled_for, existing, load
from pathway.cli.main import FINDING, FINE
from pathway.cli.run_layers import layers_of
from pathway.cli.step_json import pathway_json, step_json
from pathway.cli.step_text import banner, step_lines
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import Ran, step_timeline
from pathway.engine.timeline import Timeline, read_timeline


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
    compiled = _compiled(options, timeline)
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
        print("\n".join(_head(compiled, timeline.case)))
        shown: set[str] = set()
        for one in ran:
            print("\n".join(step_lines(one.step, compiled.definition, shown)))
    refused = [refusal for one in ran for refusal in one.step.refused]
    for refusal in refused:
        print(f"refused: {refusal.what}: {refusal.why}", file=sys.stderr)
    return FINDING if refused else FINE


def _compiled(options: argparse.Namespace, timeline: Timeline) -> CompiledPathway:
    """The pathway with the layers of `--layers`, which goes before those that the case file names."""
    if options.layers is not None:
        return compiled_for(options.pathway, options.layers)
    definition = load(options.pathway)
    return compile_pathway(definition, frozenset(definition.layers) - layers_of(timeline, definition))


def _head(compiled: CompiledPathway, case: str) -> list[str]:
    """The banner, which also says what is switched off."""
    *lines, gap = banner(compiled.definition, case)
    off = [name for name in compiled.definition.layers if name not in compiled.layers]
    told = f"layers switched off: {', '.join(off)}; only their safety warnings stay"
    return [*lines, *([told] if off else []), gap]


def _write_log(path: Path, last: Ran) -> None:
    from pathway.logs.jsonl import write_log
    from pathway.store.session import header_of

    write_log(path, header_of(last.case.compiled, last.case.id), last.case.events)
