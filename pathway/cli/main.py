"""Reads the command line and hands over to one command; turns every expected fault into one clear message."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from pathway.cli.signs import inert_output, let_read

FINE, FINDING, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "step": "step a case in the terminal (--plain: line by line)",
    "run": "step a timeline of facts without a screen",
    "eval": "evaluate a guard over given facts, with its reasons",
    "check": "prove what definitions promise, or show the patient for whom it fails",
    "test": "run the cases beside a definition: does it show what they expect?",
    "draw": "draw the flowchart",
    "diff": "what differs between two versions of a pathway, in clinical words",
    "replay": "re-run logs: conforms, or the first divergence and why",
    "simulate": "simulated cases of any number, to try replay on",
    "cases": "list, export and verify stored cases",
    "list": "the pathways that are there",
    "show": "a pathway as a readable document",
    "schema": "the JSON Schema of pathway files, for editors",
    "demo": "step the bundled demo case to its end and draw its pathway",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. 0 fine, 1 a finding, 2 bad input, 130 interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    let_read(sys.stdout, sys.stderr)
    try:
        with inert_output():
            return _dispatch(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE


def _dispatch(arguments: list[str]) -> int:
    parser = _parser()
    name = next((word for word in arguments if not word.startswith("-")), None)
    if name in COMMANDS and arguments[0] == name:
        # Looking for pydantic plugins costs a tenth of a short command, and none is used here.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
        module = importlib.import_module(f"pathway.cli.{name}_command")
        module.arguments(parser.subcommands[name])
        options = parser.parse_args(arguments)
        let_read(sys.stdout, exact=getattr(options, "json", name == "schema"))
        return _guarded(lambda: module.run(options))
    parser.parse_args(arguments)
    parser.print_help()
    return FINE if not arguments else BAD_INPUT


def _guarded(command: Callable[[], int]) -> int:
    from pathway.cli.faults import EXPECTED, explain

    try:
        return command()
    except BrokenPipeError:
        raise
    except EXPECTED as fault:
        print(explain(fault), file=sys.stderr)
        return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    """Knows its subcommands' parsers, whose arguments are filled in only when one is used."""

    subcommands: dict[str, argparse.ArgumentParser]


def _parser() -> _Parser:
    parser = _Parser(
        prog="pathway",
        description="Executable clinical pathways: step a case, check a guideline, draw it, replay its logs.",
        epilog="`pathway COMMAND --help` tells more. "
        "Exit codes: 0 fine, 1 a finding, 2 bad input, 130 interrupted.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=argparse.ArgumentParser)
    parser.subcommands = {name: commands.add_parser(name, help=words) for name, words in COMMANDS.items()}
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"pathway {version('clinical-pathway')}")
        except PackageNotFoundError:
            print("pathway (not installed)")
        parser.exit(FINE)
