"""`pathway simulate`: a cohort of simulated cases of any size, to try replay, coverage and screens on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.loading import add_layers, compiled_for
from pathway.cli.main import FINE
from pathway.language.definition import Definition

MOST_CASES = 999_999_999
MOST_FILES = 99_999


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = (
        "The same pathway, cases, seed and missing percent give the same bytes, however many files and "
        "workers; the cases of a smaller cohort are the first ones of a larger. No case is a patient: "
        "every log says so in its case id, its label and its recorder."
    )
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("--cases", metavar="N", type=int, required=True, help="how many cases")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="another number, other cases (1)")
    parser.add_argument(
        "-o", "--output", metavar="PLACE", required=True, help="a file, or a folder for several files"
    )
    parser.add_argument("--files", metavar="K", type=int, help="spread over so many files in a new folder")
    parser.add_argument(
        "--missing", metavar="PERCENT", type=int, default=10,
        help="of the facts of a case so many are never asked or stay unknown (10)",
    )  # fmt: skip
    parser.add_argument("--workers", metavar="W", type=int, default=1, help="processes that simulate (1)")
    add_layers(parser)


def run(options: argparse.Namespace) -> int:
    """Simulate the cohort; its status goes to standard error."""
    _refuse(options)
    from pathway.simulating.cohort import Cohort, write_cohort

    compiled = compiled_for(options.pathway, options.layers)
    definition = compiled.definition
    files = _files(options, definition)
    off = frozenset(definition.layers) - compiled.layers
    print(_status(definition), file=sys.stderr)
    cohort = Cohort(_whole(options, definition, off), options.cases, options.seed, options.missing, off)
    written = write_cohort(cohort, files, options.workers)
    print(f"wrote {written.cases} simulated cases, {written.events} events, {_places(written.files)}")
    return FINE


def _status(definition: Definition) -> str:
    stamp = f"  *** {definition.stamp} ***" if definition.stamp is not None else ""
    return f"{definition.title}  {definition.version}{stamp}"


def _whole(options: argparse.Namespace, definition: Definition, off: frozenset[str]) -> Definition:
    """The definition with all its layers, from which each process compiles what is wanted."""
    if not off:
        return definition
    from pathway.cli.loading import load

    return load(options.pathway)


def _refuse(options: argparse.Namespace) -> None:
    """Numbers out of bounds. Raises UsageError."""
    bounds = {
        "cases": (1, MOST_CASES),
        "files": (1, MOST_FILES),
        "missing": (0, 100),
        "workers": (1, 1000),
    }
    for name, (low, high) in bounds.items():
        given = getattr(options, name)
        if given is not None and not low <= given <= high:
            raise UsageError(f"--{name}: {given} is not possible. Give a number from {low} to {high}.")


def _files(options: argparse.Namespace, definition: Definition) -> tuple[Path, ...]:
    """The files to write. Raises UsageError where they would mix with others, or the place is not there."""
    from pathway.simulating.cohort import ENDING, cohort_files

    place = Path(options.output)
    if options.files is None and not place.is_dir():
        if not place.parent.is_dir():
            raise UsageError(f"-o: there is no folder {place.parent}. Make it, or name another file.")
        return (place,)
    if place.is_file():
        raise UsageError(f"-o: {place} is a file. With --files name a folder.")
    if place.is_dir() and any(place.glob(f"*{ENDING}")):
        raise UsageError(f"-o: {place} holds logs already, which would mix. Name an empty or a new folder.")
    place.mkdir(parents=True, exist_ok=True)
    return cohort_files(place, definition.id, options.files or 1)


def _places(files: tuple[Path, ...]) -> str:
    return str(files[0]) if len(files) == 1 else f"{len(files)} files in {files[0].parent}"
