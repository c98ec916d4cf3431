"""`pathway draw`: the flowchart of a pathway as a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diagrams.draw import SUFFIXES, draw
from diagrams.excerpt import excerpt
from pathway.cli.loading import load
from pathway.cli.main import FINE


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("--track", metavar="TRACK", nargs="+", help="only these tracks, marked as an excerpt")
    endings = ", ".join(SUFFIXES)
    parser.add_argument("-o", "--output", metavar="FILE", help=f"ends in {endings}; default: ID.svg here")
    parser.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto",
        help="who lays it out: the installed dot, or Graphviz as WebAssembly; auto takes dot where it is",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Draw, and say on standard error what was written."""
    definition = load(options.pathway)
    if options.track:
        definition = excerpt(definition, options.track)
    output = Path(options.output) if options.output is not None else Path(f"{definition.id}.svg")
    for file in draw(definition, output, options.engine):
        print(f"wrote {file}", file=sys.stderr)
    if definition.stamp is not None:
        print(definition.stamp, file=sys.stderr)
    return FINE
