"""`pathway draw`: the flowchart of a pathway as a file, as pages to print, as text, or live in a browser."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from diagrams.draw import SUFFIXES, draw, saved
from diagrams.excerpt import excerpt
from pathway.cli.faults import UsageError
from pathway.cli.loading import load
from pathway.cli.main import FINE
from pathway.language.collecting import garbage_put_off
from pathway.language.definition import Definition
from pathway.language.problems import visible

PDF = ".pdf"
TEXTS = (".md", ".txt", ".mmd", ".scxml")
OVERLAYS = {
    "standing": "with --log: mark what can still come for the case, and what is ruled out now",
    "coverage": "mark what the cases beside the pathway reach, or those of --log, with counts",
    "flow": "with --log: mark how many cases went where, and after how long",
    "findings": "mark what `pathway check` finds, at its place",
}
# Each draws something else; only an overlay and its logs belong together.
ALONE = ("watch", "against", "tables", "pages", "phase", "log", *OVERLAYS)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    parser.add_argument("--track", metavar="TRACK", nargs="+", help="only these tracks, marked as an excerpt")
    endings = ", ".join((*SUFFIXES, PDF, *TEXTS))
    parser.add_argument("-o", "--output", metavar="FILE", help=f"ends in {endings}; default: ID.svg here")
    parser.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto",
        help="who lays it out: the installed dot, or Graphviz as WebAssembly; auto takes dot where it is",
    )  # fmt: skip
    parser.add_argument(
        "--watch", action="store_true",
        help="show it in a browser on this computer, drawn anew whenever a file is saved; ctrl+c stops",
    )  # fmt: skip
    parser.add_argument("--against", metavar="OLD", help="what differs from this older version, in one chart")
    parser.add_argument(
        "--tables", action="store_true",
        help="the decision tables instead of the chart: FILE ends in .md, .html or .csv; default: ID.md here",
    )  # fmt: skip
    parser.add_argument("--log", metavar="FILE", nargs="+", help="mark the path of the case in this log")
    parser.add_argument("--name-case", action="store_true", help="with --log: write the id of the case on it")
    for name, what in OVERLAYS.items():
        parser.add_argument(f"--{name}", action="store_true", help=what)
    parser.add_argument(
        "--pages", action="store_true", help="an overview and the sheets of every phase, none in small type"
    )
    parser.add_argument("--phase", metavar="PHASE", help="the sheets of this phase alone")
    parser.add_argument("--paper", choices=("A4", "A3"), help="what pages are cut for; default: A4")
    parser.add_argument("--printed", metavar="DATE", help="the day in the footer, YYYY-MM-DD; default: today")


def run(options: argparse.Namespace) -> int:
    """Draw, and say on standard error what was written; or show it as it is being written."""
    asked = _asked_for(options)
    if asked == "watch":
        return _watch(options)
    definition = load(options.pathway)
    if options.track:
        definition = excerpt(definition, options.track)
    output = Path(options.output or _usual_name(definition, asked))
    for file in _files(definition, output, asked, options):
        print(f"wrote {visible(str(file))}", file=sys.stderr)
    if definition.stamp is not None:
        print(definition.stamp, file=sys.stderr)
    return FINE


def _asked_for(options: argparse.Namespace) -> str:
    """What is to be drawn: one of ALONE, or the chart itself. Raises UsageError for two at a time."""
    given = [name for name in ALONE if getattr(options, name) not in (None, False)]
    if "log" in given and len(given) > 1:
        given.remove("log")
    if len(given) > 1 or (options.log and given[0] not in ("log", *OVERLAYS)):
        named = " and ".join(f"--{name}" for name in dict.fromkeys((*given, *(["log"] * bool(options.log)))))
        raise UsageError(f"{named} draw different things. Ask for one of them, then for the other.")
    asked = given[0] if given else "chart"
    if asked == "chart" and Path(options.output or "").suffix.lower() == PDF:
        asked = "pdf"
    if asked not in ("pages", "phase", "pdf") and (options.paper or options.printed):
        raise UsageError("--paper and --printed are for pages: add --pages or --phase, or ask for a .pdf.")
    return asked


def _usual_name(definition: Definition, asked: str) -> str:
    return f"{definition.id}{ {'against': '-differences.svg', 'tables': '.md'}.get(asked, '.svg') }"


def _watch(options: argparse.Namespace) -> int:
    """The live preview; its server is loaded only for it."""
    if options.output or options.track:
        why = "it shows the whole pathway in a browser and writes no file"
        raise UsageError(f"--watch: {why}. Leave -o and --track out.")
    from pathway.cli.draw_watch import watch

    return watch(options.pathway, options.engine)


def _files(definition: Definition, output: Path, asked: str, options: argparse.Namespace) -> list[Path]:
    """Each way to draw loads what it alone needs."""
    if asked in ("pages", "phase", "pdf"):
        from diagrams.pages.files import Printing, draw_pages

        printing = Printing(_day(options.printed), options.paper or "A4", options.pages, options.phase)
        return draw_pages(definition, output, printing, options.engine)
    if asked == "against":
        return _against(definition, output, options)
    if asked == "tables" or (asked == "chart" and output.suffix.lower() in TEXTS):
        from diagrams.written.writers import written

        return [saved(output, written(definition, output.suffix, options.tables).encode())]
    if asked == "chart" and output.suffix.lower() not in SUFFIXES:
        endings = ", ".join((*SUFFIXES, PDF, *TEXTS))
        raise UsageError(f"Cannot draw {output.name!r}: end the file's name with {endings}.")
    if asked == "chart":
        with garbage_put_off():
            return draw(definition, output, options.engine)
    return _marked(definition, output, options)


def _against(definition: Definition, output: Path, options: argparse.Namespace) -> list[Path]:
    """One chart of this version and an older one; of both only the tracks that were asked for."""
    from diagrams.difference.picture import draw_difference

    old = load(options.against)
    if options.track:
        old = excerpt(old, [track for track in options.track if track in old.tracks])
    return draw_difference(old, definition, output, options.engine)


def _marked(definition: Definition, output: Path, options: argparse.Namespace) -> list[Path]:
    """The chart with an overlay; drawing the plain one needs neither logs nor checks."""
    if output.suffix.lower() not in (".svg", ".png"):
        raise UsageError(
            "Overlays are drawn on the whole chart, as .svg or .png; --track gives a smaller one."
        )
    from pathway.cli.draw_overlays import overlay_asked_for

    return draw(definition, output, options.engine, overlay_asked_for(options, load(options.pathway)))


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--printed: {text!r} is no day. Write it as 2026-11-22.") from None
