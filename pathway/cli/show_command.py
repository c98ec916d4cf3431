"""`pathway show`: a pathway as a document that a clinician can read and hold against its source."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pathway.check.coverage_file import coverage_path, read_coverage
from pathway.cli.faults import UsageError
from pathway.cli.main import FINE
from pathway.document.as_json import json_of
from pathway.document.document import document_of
from pathway.document.text import document_lines
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.gather import Gathered, gather
from pathway.language.load import load_definition
from pathway.language.problems import visible

STDOUT = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY", help="a bundled pathway's name, a file or a folder")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--html", metavar="FILE", help="one HTML file that needs nothing else; - is standard output"
    )
    form.add_argument("--json", action="store_true", help="the same as one JSON document")
    form.add_argument("--screen", action="store_true", help="browse it on a full screen, with search")
    parser.add_argument(
        "--engine", choices=("auto", "dot", "wasm"), default="auto",
        help="who lays out the charts of --html: the installed dot, or Graphviz as WebAssembly",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print the pathway, or write it as a page."""
    main = find_pathway(options.pathway)
    if options.screen:
        return _browse(load_definition(main))
    definition, gathered = load_definition(main), gather(main)
    set_aside = _set_aside(main)
    if options.json:
        print(json.dumps(json_of(definition, gathered, set_aside), indent=1, ensure_ascii=False))
    elif options.html is not None:
        _write_page(definition, gathered, set_aside, options)
    else:
        document = document_of(definition, gathered.pathway, set_aside=set_aside)
        print("\n".join(document_lines(document)))
    return FINE


def _browse(definition: Definition) -> int:
    """The browser; a screen is loaded only for it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "") in ("", "dumb"):
        why = "there is no full screen here: it needs a terminal on both ends"
        raise UsageError(f"--screen: {why}. Leave it out to print the same, line by line.")
    from tui.browsing.app import run_browser
    from tui.settings import read_settings

    run_browser(definition, read_settings(os.environ))
    return FINE


def _set_aside(main: Path) -> Mapping[str, str]:
    """The statements that the pathway leaves out on purpose, with the reasons in `coverage.yaml`."""
    path = coverage_path(main)
    coverage = read_coverage(path) if path is not None else None
    return {} if coverage is None else {name: one.reason for name, one in coverage.set_aside.items()}


def _write_page(
    definition: Definition, gathered: Gathered, set_aside: Mapping[str, str], options: argparse.Namespace
) -> None:
    """The page with its charts. Drawing and the template are loaded only for it."""
    from pathway.cli.show_charts import charts_of
    from pathway.document.html import page_of

    charts = charts_of(definition, options.engine)
    page = page_of(document_of(definition, gathered.pathway, charts, set_aside))
    if options.html == STDOUT:
        # Bytes: the page says of itself that it is UTF-8, whatever this terminal speaks.
        sys.stdout.flush()
        sys.stdout.buffer.write(page.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    _save(Path(options.html), page.encode("utf-8"))
    print(f"wrote {visible(options.html)}", file=sys.stderr)
    if definition.stamp is not None:
        print(definition.stamp, file=sys.stderr)


def _save(file: Path, content: bytes) -> None:
    """Replace the file in one step: nobody ever opens half a document."""
    if file.is_dir() or not file.name:
        raise UsageError(f"--html: {file} is a folder. Name a file in it, such as {file / 'pathway.html'}.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"--html: cannot write {file}: {error.strerror}. Choose another place.") from None
