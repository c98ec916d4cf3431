"""`pathway demo`: the bundled demonstration case, stepped to its end, and the flowchart of its pathway."""

from __future__ import annotations

import argparse
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.loading import definition_cache
from pathway.cli.main import FINE
from pathway.cli.step_text import banner, step_lines
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import find_pathway

FLAGSHIP = "spinal-leptomeningeal-infection"
CASE = Path("cases") / "demo.yaml"
PICTURE = "demo-flowchart.svg"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    engines = ("auto", "dot", "wasm")
    parser.add_argument("--engine", choices=engines, default="auto", help="who lays the flowchart out")


def run(options: argparse.Namespace) -> int:
    """Step the case, then draw; needs no terminal."""
    main_file = find_pathway(FLAGSHIP)
    case_file = main_file.parent / CASE
    if not case_file.is_file():
        raise UsageError(f"{case_file}: the demonstration case is missing. Install clinical-pathway again.")
    definition = definition_cache().definition(main_file)
    timeline = read_timeline(case_file)
    print("\n".join(banner(definition, timeline.case)))
    shown: set[str] = set()
    for ran in step_timeline(compile_pathway(definition), timeline):
        print("\n".join(step_lines(ran.step, definition, shown)), flush=True)
    # Only now: whoever watches the steps should not wait for the drawing program to load.
    from diagrams.draw import draw

    written = draw(definition, Path.cwd() / PICTURE, options.engine)
    print(f"The flowchart is in {written[0]}")
    print(f"Step a case yourself: pathway step {FLAGSHIP}")
    return FINE
